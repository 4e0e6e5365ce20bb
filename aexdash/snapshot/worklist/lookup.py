"""Finds the listings that imported rows may be about, by id or by SKU code, in every store."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from aexdash.model import Status
from aexdash.people.acting import rights
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

PERIODS_NOW = """
SELECT p.id
FROM json_each(:keys) AS asked CROSS JOIN store AS st ON st.key = asked.value ->> 0
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = st.id AND p.product_id = asked.value ->> 1 AND p.ended_at IS NULL
ORDER BY asked.key
"""

PERIODS_THEN = """
SELECT id FROM (  -- ended and open periods apart, because each has a partial index of its own
    SELECT asked.key, p.id
    FROM json_each(:keys) AS asked CROSS JOIN store AS st ON st.key = asked.value ->> 0
    CROSS JOIN status_period AS p INDEXED BY period_open
        ON p.store_id = st.id AND p.product_id = asked.value ->> 1 AND p.ended_at IS NULL
    WHERE p.started_at <= :as_of
    UNION ALL
    SELECT asked.key, p.id
    FROM json_each(:keys) AS asked CROSS JOIN store AS st ON st.key = asked.value ->> 0
    CROSS JOIN status_period AS p INDEXED BY period_of_listing
        ON p.store_id = st.id AND p.product_id = asked.value ->> 1 AND p.ended_at IS NOT NULL
    WHERE p.started_at <= :as_of AND p.ended_at > :as_of
)
ORDER BY key
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


def periods(connection: sqlite3.Connection, keys: Sequence[tuple[str, int]], bound: Mapping[str, object]) -> list[int]:
    """Find the periods in which listings are, or at `:as_of` were, by (store key, product id), in that order."""
    sql, held = PERIODS_THEN if "as_of" in bound else PERIODS_NOW, rights()
    seen = json.dumps([key for key in keys if held.sees(key[0])])
    return [period for (period,) in connection.execute(sql, {**bound, "keys": seen})]


def _by_key(connection: sqlite3.Connection, sql: str, keys: list[Key]) -> dict[Key, list[KnownListing]]:
    listings: dict[Key, list[KnownListing]] = defaultdict(list)
    held = rights()
    for key, store, product_id, title, status, watched in connection.execute(sql, {"keys": json.dumps(keys)}):
        if not held.sees(store):
            continue
        listings[key].append(KnownListing(store, product_id, title, Status(status), bool(watched)))
    return dict(listings)
