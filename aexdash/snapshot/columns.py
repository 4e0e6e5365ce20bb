"""Columns of the snapshot as values of Python: the moments, which nearly every row has."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from aexdash.clock import from_text

when = lru_cache(maxsize=4096)(from_text)  # many rows share the moment of the run that showed them


def moment(text: str | None) -> datetime | None:
    """Read a moment that may be absent."""
    return when(text) if text else None
