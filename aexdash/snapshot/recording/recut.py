"""Cuts the days of a store's books anew, from its periods, where the workspace has another time zone than they have."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta, tzinfo

from aexdash.clock import day_of, from_text, zone_name
from aexdash.snapshot.history.days import with_days, zone_of_books
from aexdash.snapshot.recording.difference import STATUSES
from aexdash.snapshot.recording.recount import BOOKS, FLOWS

CUT_IN = "UPDATE store SET books_zone = :zone WHERE id = :store"

READ = "SELECT from_at, to_at FROM coverage WHERE store_id = ?"

OPEN_DAYS = """
INSERT INTO day_bridge (store_id, day, status, opening, entered, first_seen, left_count, closing)
SELECT :store, d.value, s.value, 0, 0, 0, 0, 0 FROM json_each(:days) AS d CROSS JOIN json_each(:statuses) AS s
"""

KEEP_BOOKS = f"INSERT OR REPLACE INTO day_bridge SELECT * FROM ({BOOKS}) WHERE store_id = :store"  # noqa: S608

KEEP_FLOWS = f"INSERT INTO day_flow SELECT * FROM ({FLOWS}) WHERE store_id = :store"  # noqa: S608


def recut(connection: sqlite3.Connection, store: int, zone: tzinfo) -> bool:
    """Cut the books and flows of a store by the days of a zone; return False where they are so already.

    The caller holds the transaction; a large store takes some seconds. Days on which it was read without a change have
    books too, of the days that its coverage names: their runs may have been deleted.
    """
    if zone_of_books(connection, store) == zone:
        return False
    bound = {"store": store, "zone": zone_name(zone), "statuses": STATUSES}
    connection.execute(CUT_IN, bound)
    for table in ("day_bridge", "day_flow"):
        connection.execute(f"DELETE FROM {table} WHERE store_id = ?", [store])  # noqa: S608
    connection.execute(OPEN_DAYS, {**bound, "days": json.dumps(sorted(set(_days_read(connection, store, zone))))})
    for statement in (KEEP_BOOKS, KEEP_FLOWS):
        with_days(connection).execute(statement, bound)
    return True


def _days_read(connection: sqlite3.Connection, store: int, zone: tzinfo) -> Iterator[str]:
    for begun, last in connection.execute(READ, [store]):
        first, until = day_of(from_text(begun), zone), day_of(from_text(last), zone)
        yield from ((first + timedelta(days=number)).isoformat() for number in range((until - first).days + 1))
