"""The stores that a query is about, and a store's id and key.

A key is the store's heading in aexdash.toml, an id its number in the snapshot.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection

from aexdash.people.acting import rights

Stores = str | Collection[str] | None
"""The key of a store, the keys of several, or None for all that are watched; an empty collection is no store."""

CHOSEN = "CASE WHEN :keys IS NULL THEN watched = 1 ELSE key IN (SELECT value FROM json_each(:keys)) END"
"""The condition on table `store` that selects `Stores`; `:keys` is bound to what `keys_of` returns."""

STORES = f"SELECT id, key, currency FROM store WHERE {CHOSEN} ORDER BY id"  # noqa: S608
"""Id, key and currency of the stores; `:keys` as above."""


KEEP_UNDER = """
UPDATE store SET key = :kept, title = title || ' (' || :kept || ')', watched = 0 WHERE key = :key
"""


def keys_of(stores: Stores) -> str | None:
    """Return the store keys as a JSON array for SQL; None stands for all that are watched.

    A store that whoever acts may not see is as one that there is not.
    """
    held = rights()
    if stores is None:
        return None if held.seen is None else json.dumps(sorted(held.seen))
    return json.dumps([key for key in ([stores] if isinstance(stores, str) else stores) if held.sees(key)])


def id_of(connection: sqlite3.Connection, key: str) -> int | None:
    """Return the id of a store; None where the snapshot has no store of this key that whoever acts may see."""
    if not rights().sees(key):
        return None
    row = connection.execute("SELECT id FROM store WHERE key = ?", [key]).fetchone()
    return int(row[0]) if row else None


def seller_of(connection: sqlite3.Connection, store_id: int) -> str | None:
    """Return the platform's id of the seller whose listings a store holds, None where no reading named it yet."""
    row = connection.execute("SELECT seller_id FROM store WHERE id = ?", [store_id]).fetchone()
    return str(row[0]) if row and row[0] else None


def key_of_seller(connection: sqlite3.Connection, seller_id: str) -> str | None:
    """Return the key of the store that holds a seller's listings; None where no reading has named that seller."""
    row = connection.execute("SELECT key FROM store WHERE seller_id = ? ORDER BY id", [seller_id]).fetchone()
    return str(row[0]) if row else None


def key_of(connection: sqlite3.Connection, store_id: int) -> str:
    """Return the key of a store of the snapshot."""
    return str(connection.execute("SELECT key FROM store WHERE id = ?", [store_id]).fetchone()[0])


def keep_under(connection: sqlite3.Connection, key: str, kept: str) -> None:
    """Give a store another key, under which it is kept for its history and no longer read; its listings stay its own.

    Call it in a transaction for writing, together with `bump_version`.
    """
    connection.execute(KEEP_UNDER, {"key": key, "kept": kept})
