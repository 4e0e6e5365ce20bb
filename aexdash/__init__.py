"""aexdash: a desk for the operations lead of an AliExpress store."""

__version__ = "0.1.0"
