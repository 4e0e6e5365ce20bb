"""Which listings an imported row may mean: found by id or by SKU code, in every store."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from aexdash.model import Status
from aexdash.snapshot.readmodels import KnownListing

Asked = TypeVar("Asked", int, str)

LARGEST_ID = 2**63 - 1

BY_ID = """
SELECT p.product_id, st.key, p.product_id, l.title, p.status
FROM json_each(:asked) AS asked CROSS JOIN store AS st
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = st.id AND p.product_id = asked.value AND p.ended_at IS NULL
CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
ORDER BY st.watched DESC, st.id
"""

BY_SKU = """
SELECT code.value, st.key, l.product_id, l.title, p.status
FROM store AS st CROSS JOIN listing AS l ON l.store_id = st.id CROSS JOIN json_each(l.sku_codes) AS code
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = st.id AND p.product_id = l.product_id AND p.ended_at IS NULL
WHERE code.value IN (SELECT value FROM json_each(:asked))
ORDER BY st.watched DESC, st.id, l.product_id
"""


def by_id(connection: sqlite3.Connection, ids: Iterable[int]) -> dict[int, list[KnownListing]]:
    """Find listings by their product id; an id that no store has is left out."""
    return _found(connection, BY_ID, [one for one in ids if 0 <= one <= LARGEST_ID])


def by_sku(connection: sqlite3.Connection, codes: Iterable[str]) -> dict[str, list[KnownListing]]:
    """Find listings by a SKU code, written exactly so; a million listings take a few seconds."""
    return _found(connection, BY_SKU, list(codes))


def _found(connection: sqlite3.Connection, sql: str, asked: list[Asked]) -> dict[Asked, list[KnownListing]]:
    found: dict[Asked, list[KnownListing]] = defaultdict(list)
    for meant, store, product_id, title, status in connection.execute(sql, {"asked": json.dumps(asked)}):
        found[meant].append(KnownListing(store, product_id, title, Status(status)))
    return dict(found)
