"""A simulated AliExpress: a store that lives (`world`) behind the real protocol (`platform`).

Nothing here leaves this machine. Only the command line and the tests use this room.

May know: every room but ui.
Begin at: launch.py (the four stores of `aexdash demo`).
"""
