"""A desk for the operations lead of an AliExpress store: how many listings are held, why, and what to fix first."""

__version__ = "0.1.0"
