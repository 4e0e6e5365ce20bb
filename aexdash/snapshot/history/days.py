"""The days of the stored books and values of a store: in which time zone they were cut.

Each store has a zone of its own, because its next run cuts its days anew where the workspace has another by then. Until
that run its stored days stand as they are, and who reads them asks here what they are days of.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, tzinfo
from functools import lru_cache

from aexdash.clock import day_of, from_text, zone_named

BOOKS_ZONE = "SELECT books_zone FROM store WHERE id = ?"


def zone_of_books(connection: sqlite3.Connection, store: int) -> tzinfo:
    """Return the time zone of the days by which the books and flows of a store are kept."""
    row = connection.execute(BOOKS_ZONE, [store]).fetchone()
    return zone_named(row[0]) if row else UTC


@lru_cache(maxsize=65536)  # the listings that one run moved have the same moment
def day_of_text(at: str, zone: str) -> str:
    """Return the day of a stored moment, as it is stored: `2026-03-09`."""
    return at[:10] if zone == "UTC" else day_of(from_text(at), zone_named(zone)).isoformat()


def with_days(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Let the statements of a connection use `local_day(moment, zone)`, and return it."""
    connection.create_function("local_day", 2, day_of_text, deterministic=True)
    return connection
