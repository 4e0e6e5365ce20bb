"""A simulated AliExpress: a store that lives (`world`) behind the real protocol (`platform`).

Nothing here leaves this machine. The command line and the tests know this room, nobody else does.

May know: every room but ui.
Begin at: launch.py (the four stores of `aexdash demo`).
"""
