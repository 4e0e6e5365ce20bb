"""What a snapshot remembers of a store for whoever calls AliExpress next: its seller, and a ban that runs."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from aexdash.clock import from_text
from aexdash.snapshot.file import reading
from aexdash.snapshot.stores import id_of, seller_of
from aexdash.storage.errors import StorageMissing

BAN = "SELECT banned_until, ban_text FROM store_state WHERE store_id = ?"


def last_ban(connection: sqlite3.Connection, store_id: int) -> tuple[datetime, str] | None:
    """Return the end (UTC) and the text of the last ban that a worker met; None when it met none."""
    row = connection.execute(BAN, [store_id]).fetchone()
    return (from_text(row[0]), row[1]) if row and row[0] else None


def running_ban(path: Path, key: str, now: datetime) -> tuple[datetime, str] | None:
    """Return the end (UTC) and the text of the ban of a store that runs now; None when there is none, or no snapshot.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    with suppress(StorageMissing), reading(path) as connection:
        store_id = id_of(connection, key)
        ban = last_ban(connection, store_id) if store_id is not None else None
        return ban if ban and ban[0] > now else None
    return None


def known_seller(path: Path, key: str) -> str | None:
    """Return the seller whose listings stand under a store's key; None without a snapshot or a reading.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    with suppress(StorageMissing), reading(path) as connection:
        store_id = id_of(connection, key)
        return seller_of(connection, store_id) if store_id is not None else None
    return None
