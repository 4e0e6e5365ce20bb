"""Conditions that many queries share, as SQL text.

Partial indexes and indexes on expressions are made with these very words: SQLite knows them again by their text.
"""

from __future__ import annotations

HELD_STATUSES = "('auditing', 'rejected')"
"""The statuses that are held, for `status IN`."""


def first_seen(period: str = "") -> str:
    """Write the condition that a period was there when its store was first read, so its beginning is not known.

    `period` is the name of the table in the query; without one its columns stand alone.
    """
    of = f"{period}." if period else ""
    return f"{of}came_from IS NULL AND {of}started_after IS NULL"
