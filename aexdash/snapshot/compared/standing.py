"""Where listings stood at a moment, and a day before and after it: for setting them beside a list of somebody else."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from aexdash.clock import DAY, from_text, from_text_or_none, to_text
from aexdash.model import HELD, Status
from aexdash.snapshot.file import Opened
from aexdash.snapshot.history.counts import known_from
from aexdash.snapshot.history.readings import readings
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.stores import STORES, Stores, keys_of
from aexdash.statement import Reach

Key = tuple[str, int]
"""A listing: the key of its store, and its product id."""

IN_STATUS = """
SELECT product_id FROM status_period
WHERE store_id = :store AND status IN (SELECT value FROM json_each(:statuses))
    AND started_at <= :at AND (ended_at IS NULL OR ended_at > :at)
"""

STANDS = """
SELECT p.product_id, p.category_id, p.status, p.started_after, p.started_at, p.ended_at
FROM json_each(:ids) AS asked
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = :store AND p.product_id = asked.value AND p.ended_at IS NULL
WHERE p.started_at <= :end
UNION ALL  -- ended and open periods apart, because each has a partial index of its own
SELECT p.product_id, p.category_id, p.status, p.started_after, p.started_at, p.ended_at
FROM json_each(:ids) AS asked
CROSS JOIN status_period AS p INDEXED BY period_of_listing
    ON p.store_id = :store AND p.product_id = asked.value AND p.ended_at IS NOT NULL
WHERE p.started_at <= :end AND p.ended_at > :start
ORDER BY 1, 5
"""

COUNTS = """
SELECT status, as_of, listings FROM count_change WHERE store_id = :store AND as_of <= :end ORDER BY as_of
"""

HELD_READ = f"""
SELECT r.as_of FROM sync_run AS r
WHERE r.store_id = :store AND r.as_of {{side}} :at AND 2 = (
    SELECT count(*) FROM walk AS w WHERE w.run_id = r.id AND w.status IN {HELD_STATUSES} AND w.complete = 1
)
ORDER BY r.id {{order}} LIMIT 1
"""  # noqa: S608

STATUS_READ = """
SELECT r.as_of FROM walk AS w JOIN sync_run AS r ON r.id = w.run_id
WHERE w.store_id = :store AND w.status = :status AND w.complete = 1 AND r.as_of {side} :at
ORDER BY w.run_id {order} LIMIT 1
"""

UP_TO, AFTER = {"side": "<=", "order": "DESC"}, {"side": ">", "order": "ASC"}

TITLES = """
SELECT l.product_id, l.title FROM json_each(:ids) AS asked
CROSS JOIN listing AS l ON l.store_id = :store AND l.product_id = asked.value
"""

CATEGORIES = """
SELECT category_id, max(name) FROM category WHERE store_id = ? AND name <> '' GROUP BY category_id
"""

OF_VARIANTS = """
SELECT sku.value ->> '$.sku_id', st.key, d.product_id
FROM store AS st CROSS JOIN listing_detail AS d ON d.store_id = st.id CROSS JOIN json_each(d.skus) AS sku
WHERE sku.value ->> '$.sku_id' IN (SELECT value FROM json_each(:ids))
"""

VARIANTS = """
SELECT sum(json_array_length(d.skus)), sum(d.read_at IS NULL) FROM json_each(:ids) AS asked
LEFT JOIN listing_detail AS d ON d.store_id = :store AND d.product_id = asked.value
"""


class Stand(NamedTuple):
    """A time in one status, from `began` up to `ended` (None: it lasts), as readings saw it.

    `began_after` is the last moment at which the listing was known not to be there yet; None: nobody knows.
    """

    status: Status
    began_after: datetime | None
    began: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A listing around a moment: `at` is its status then (None: the snapshot had none), `stands` those of two days."""

    store: str
    product_id: int
    category_id: int | None
    at: Status | None
    stands: tuple[Stand, ...]


@dataclass(frozen=True, slots=True)
class StatusRead:
    """When one status of a store was last completely read by a moment, and when next after it; None: not.

    `first_read_at` is when the store was first completely read so that what is on sale is known, or what is held.
    """

    read_at: datetime | None
    read_again_at: datetime | None
    first_read_at: datetime | None = None

    def begun_after(self, start: datetime) -> datetime | None:
        """Return when it was first read, where that is after a moment: of what was before nobody knows anything."""
        first = self.first_read_at
        return first if first and first > start and self.read_at else None


class Standings:
    """Reads where the listings of some stores stood at moments. Every method raises what those of `Snapshot` do."""

    def __init__(self, opened: Opened, stores: Stores) -> None:
        self._opened, self._stores = opened, stores

    def reach(self, at: datetime) -> Reach:
        """Return which stores were read at a moment."""
        with self._opened() as connection:
            return Reach(tuple(readings(connection, self._stores, at, at).values()), at)

    def reads(self, at: datetime, statuses: Iterable[Status]) -> dict[tuple[str, Status], StatusRead]:
        """Return when each status of each store was last read by a moment and next after it, by (store key, status).

        What is held is read at once, so both of its statuses have the moments at which both were.
        """
        with self._opened() as connection:
            return {
                (key, status): StatusRead(
                    read_at=_read(connection, store, status, at, UP_TO),
                    read_again_at=_read(connection, store, status, at, AFTER),
                    first_read_at=from_text_or_none(known.held if status in HELD else known.active),
                )
                for store, key in self._each(connection)
                for known in [known_from(connection, store)]
                for status in statuses
            }

    def members(self, at: datetime, statuses: Collection[Status]) -> list[Key]:
        """List the listings that were in one of some statuses at a moment."""
        bound = {"at": to_text(at), "statuses": json.dumps([status.value for status in statuses])}
        with self._opened() as connection:
            return [
                (key, product_id)
                for store, key in self._each(connection)
                for (product_id,) in connection.execute(IN_STATUS, {**bound, "store": store})
            ]

    def of(self, keys: Iterable[Key], at: datetime) -> dict[Key, Standing]:
        """Return where listings stood at a moment, and for a day before and after; those never seen are left out."""
        by_store = _by_store(keys)
        bound = {"start": to_text(at - DAY), "end": to_text(at + DAY)}
        found: dict[Key, Standing] = {}
        with self._opened() as connection:
            for store, key in self._each(connection):
                asked = {**bound, "store": store, "ids": json.dumps(by_store.get(key, []))}
                for standing in _standings(key, connection.execute(STANDS, asked), at):
                    found[key, standing.product_id] = standing
        return found

    def counts(self, at: datetime) -> dict[tuple[str, Status], list[tuple[datetime, int]]]:
        """Return how many listings were in each status of each store, and since when, up to a day after a moment.

        By (store key, status), the earliest first; one that was never counted is left out.
        """
        found: dict[tuple[str, Status], list[tuple[datetime, int]]] = defaultdict(list)
        with self._opened() as connection:
            for store, key in self._each(connection):
                for status, since, listings in connection.execute(COUNTS, {"store": store, "end": to_text(at + DAY)}):
                    found[key, Status(status)].append((from_text(since), listings))
        return dict(found)

    def titles(self, keys: Iterable[Key]) -> dict[Key, str]:
        """Return the titles of listings."""
        by_store = _by_store(keys)
        with self._opened() as connection:
            return {
                (key, product_id): title
                for store, key in self._each(connection)
                for product_id, title in connection.execute(
                    TITLES, {"store": store, "ids": json.dumps(by_store.get(key, []))}
                )
            }

    def categories(self) -> dict[int, str]:
        """Return the names of the categories of these stores that were read, by their numbers."""
        with self._opened() as connection:
            rows = (connection.execute(CATEGORIES, [store]).fetchall() for store, _ in self._each(connection))
            return {int(category): str(name) for found in rows for category, name in found}

    def of_variants(self, ids: Iterable[int]) -> dict[int, Key]:
        """Return the listing of each id that is one of a variant (a SKU id), in whichever store; others are left out.

        Only variants of listings whose details were read are known.
        """
        asked = [str(one) for one in ids]
        if not asked:
            return {}
        with self._opened() as connection:
            rows = connection.execute(OF_VARIANTS, {"ids": json.dumps(asked)})
            return {int(variant): (key, product_id) for variant, key, product_id in rows}

    def variants(self, keys: Iterable[Key]) -> int | None:
        """Count the variants of listings; None where the details of one were not read."""
        by_store, total = _by_store(keys), 0
        with self._opened() as connection:
            for store, key in self._each(connection):
                if ids := by_store.get(key):
                    known, unread = connection.execute(VARIANTS, {"store": store, "ids": json.dumps(ids)}).fetchone()
                    if unread or known is None:
                        return None
                    total += known
        return total

    def _each(self, connection: sqlite3.Connection) -> list[tuple[int, str]]:
        rows = connection.execute(STORES, {"keys": keys_of(self._stores)})
        return [(store, key) for store, key, _ in rows]


def _read(
    connection: sqlite3.Connection, store: int, status: Status, at: datetime, side: Mapping[str, str]
) -> datetime | None:
    sql = HELD_READ if status in HELD else STATUS_READ
    bound = {"store": store, "status": status.value, "at": to_text(at)}
    row = connection.execute(sql.format(**side), bound).fetchone()
    return from_text_or_none(row[0]) if row else None


def _standings(store: str, rows: Iterable[tuple[object, ...]], at: datetime) -> list[Standing]:
    """Put the rows of a store together, a standing a listing."""
    stands: dict[int, list[Stand]] = defaultdict(list)
    categories: dict[int, int | None] = {}
    for product_id, category, status, after, began, ended in rows:
        stand = Stand(Status(str(status)), _moment(after), from_text(str(began)), _moment(ended))
        stands[int(str(product_id))].append(stand)
        categories[int(str(product_id))] = None if category is None else int(str(category))
    return [
        Standing(store, product_id, categories[product_id], _status_at(told, at), tuple(told))
        for product_id, told in stands.items()
    ]


def _status_at(stands: Iterable[Stand], at: datetime) -> Status | None:
    then = (stand.status for stand in stands if stand.began <= at and (stand.ended is None or stand.ended > at))
    return next(then, None)


def _moment(text: object) -> datetime | None:
    return from_text_or_none(None if text is None else str(text))


def _by_store(keys: Iterable[Key]) -> dict[str, list[int]]:
    by_store: dict[str, list[int]] = defaultdict(list)
    for store, product_id in keys:
        by_store[store].append(product_id)
    return by_store
