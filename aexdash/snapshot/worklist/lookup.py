"""Finds the listings that imported rows may be about, by id or by SKU code, in every store."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from aexdash.model import Status
from aexdash.snapshot.readmodels import KnownListing

Key = TypeVar("Key", int, str)

LARGEST_ID = 2**63 - 1
"""The largest whole number that SQLite can store."""

BY_ID = """
SELECT p.product_id, st.key, p.product_id, l.title, p.status, st.watched
FROM json_each(:keys) AS id CROSS JOIN store AS st
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = st.id AND p.product_id = id.value AND p.ended_at IS NULL
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
ORDER BY st.watched DESC, st.id
"""

BY_SKU = """
SELECT code.value, st.key, l.product_id, l.title, p.status, st.watched
FROM store AS st CROSS JOIN listing AS l ON l.store_id = st.id CROSS JOIN json_each(l.sku_codes) AS code
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = st.id AND p.product_id = l.product_id AND p.ended_at IS NULL
WHERE code.value IN (SELECT value FROM json_each(:keys))
ORDER BY st.watched DESC, st.id, l.product_id
"""


def by_id(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, list[KnownListing]]:
    """Find listings by their product id; an id that no store has is left out."""
    return _by_key(connection, BY_ID, [one for one in ids if 0 <= one <= LARGEST_ID])


def by_sku(connection: sqlite3.Connection, codes: Iterable[str]) -> dict[str, list[KnownListing]]:
    """Find listings by SKU code, spelled exactly the same; a million listings take a few seconds."""
    return _by_key(connection, BY_SKU, list(codes))


def _by_key(connection: sqlite3.Connection, sql: str, keys: list[Key]) -> dict[Key, list[KnownListing]]:
    listings: dict[Key, list[KnownListing]] = defaultdict(list)
    for key, store, product_id, title, status, watched in connection.execute(sql, {"keys": json.dumps(keys)}):
        listings[key].append(KnownListing(store, product_id, title, Status(status), bool(watched)))
    return dict(listings)
