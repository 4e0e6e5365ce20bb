"""Conditions that many queries share, as SQL text.

SQLite uses a partial index, or an index on an expression, only for queries with the same text as the index. These
texts are those of the indexes, so they must not change.
"""

from __future__ import annotations

HELD_STATUSES = "('auditing', 'rejected')"
"""The statuses of held listings, for `status IN`."""


def first_seen(period: str = "") -> str:
    """Return the condition that a period had begun before its store was first read, so its beginning is not known.

    `period` is the alias of `status_period` in the query; empty: its columns have no prefix.
    """
    prefix = f"{period}." if period else ""
    return f"{prefix}came_from IS NULL AND {prefix}started_after IS NULL"
