"""A simulated AliExpress: a store that lives (`world`) behind the real protocol (`gateway`).

Nothing here leaves this machine.
"""
