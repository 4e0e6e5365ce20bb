"""Up to when each store was read. There ages end: time that passes without a reading makes nothing older.

A moment of the past has the last reading at or before it.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from aexdash.clock import from_text_or_none, to_text

FOREVER = "9999"
"""A text that sorts after every stored moment: the present as `:read_by`."""

READ_AT = "min(:read_by, max(to_at))"
"""The last moment at which everything held was read, of rows of `coverage` that began by `:read_by`."""

LAST_READ = f"SELECT {READ_AT} FROM coverage WHERE store_id = :store AND from_at <= :read_by"  # noqa: S608

OF_STORES = "FROM coverage WHERE from_at <= :read_by GROUP BY store_id"
"""The rest of a query of `READ_AT` for every store; one that was not read by then has no row."""


def bound(at: datetime | None) -> dict[str, object]:
    """Return the parameters of these queries for a moment (None: the present)."""
    return {"read_by": to_text(at) if at else FOREVER}


def last_read(connection: sqlite3.Connection, store: int, at: datetime | None) -> datetime | None:
    """Return when a store was last completely read, at or before a moment (None: the present); None: not by then."""
    return from_text_or_none(connection.execute(LAST_READ, {**bound(at), "store": store}).fetchone()[0])
