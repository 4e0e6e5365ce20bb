"""Reads moments from columns of the snapshot, with a cache."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from aexdash.clock import from_text

when = lru_cache(maxsize=4096)(from_text)
"""`from_text`, cached: many rows have the moment of the same run."""


def moment(text: str | None) -> datetime | None:
    """Read a moment that may be absent: None for null and for an empty text."""
    return when(text) if text else None
