"""The listings that moved in a span, and those on sale or held beside them, each with what is known of it.

Of one that was rejected this is what it was then, as far as it was kept (`attempt`); of every other one what it was
when last read, because the snapshot keeps no earlier facts.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from aexdash.clock import to_text
from aexdash.snapshot.compared.changed_again import ChangedAgain, changed_again
from aexdash.snapshot.compared.expiring import ExpiringSoon, expiring
from aexdash.snapshot.compared.gone import Gone, left_sale
from aexdash.snapshot.compared.standing import Standings
from aexdash.snapshot.compared.unsold import UnsoldOfStore, unsold
from aexdash.snapshot.file import Opened
from aexdash.snapshot.sql import HELD_STATUSES, first_seen
from aexdash.snapshot.stores import STORES, Stores, keys_of

BRAND_ID = 2
"""The platform's id of the attribute with the brand (reference §4.8)."""


class What(StrEnum):
    """Which moves are looked at."""

    HELD = "held"  # became held: entered rejected or auditing from outside
    REJECTED = "rejected"  # became rejected, from audit too
    STRAIGHT = "rejected_straight"  # became held by entering rejected
    AUDITING = "auditing"  # became held by entering audit


MOVES = {
    What.HELD: f"status IN {HELD_STATUSES} AND coalesce(came_from, '') NOT IN {HELD_STATUSES}",
    What.REJECTED: "status = 'rejected'",
    What.STRAIGHT: f"status = 'rejected' AND coalesce(came_from, '') NOT IN {HELD_STATUSES}",
    What.AUDITING: f"status = 'auditing' AND coalesce(came_from, '') NOT IN {HELD_STATUSES}",
}

IN_SPAN = "store_id = :store AND listed = 1 AND started_at > :start AND started_at <= :end"

MOVED = f"""
SELECT product_id, max(id) FROM status_period INDEXED BY period_listed_started
WHERE {IN_SPAN} AND {{move}} AND NOT ({first_seen()})
GROUP BY product_id
"""  # noqa: S608

FIRST_SEEN = f"""
SELECT count(DISTINCT product_id) FROM status_period INDEXED BY period_listed_started
WHERE {IN_SPAN} AND {{move}} AND {first_seen()}
"""  # noqa: S608

SUBMITTED = f"""
SELECT DISTINCT product_id FROM status_period INDEXED BY period_listed_started
WHERE {IN_SPAN} AND status = 'auditing' AND NOT ({first_seen()})
"""  # noqa: S608

OPEN_OF = """
SELECT p.product_id, p.id FROM json_each(:ids) AS chosen
CROSS JOIN status_period AS p INDEXED BY period_open
    ON p.store_id = :store AND p.product_id = chosen.value AND p.ended_at IS NULL
"""

# What the list tells is in `l`; of a rejection that was kept, `a` has what it told then.
FACTS = f"""
    coalesce(a.listed ->> '$.title', l.title), coalesce(a.listed ->> '$.image_urls[0]', l.image_urls ->> '$[0]'),
    coalesce(a.listed ->> '$.price_min', l.price_min), coalesce(a.listed ->> '$.currency', l.currency),
    coalesce(a.listed ->> '$.category_id', d.category_id, l.category_id),
    coalesce(a.listed ->> '$.sku_codes[0]', l.sku_codes ->> '$[0]'), l.product_type, l.created_at,
    CASE WHEN a.period_id IS NULL OR a.modified_raw IS l.modified_raw THEN l.modified_at END,
    nullif(l.extra, '') ->> '$.src', nullif(l.extra, '') ->> '$.owner_member_id',
    nullif(l.extra, '') ->> '$.group_id', nullif(l.extra, '') ->> '$.freight_template_id',
    CASE WHEN coalesce(a.detail, d.read_at) IS NOT NULL THEN coalesce((
        SELECT one.value ->> '$.value' FROM json_each(coalesce(a.detail ->> '$.attributes', d.attributes)) AS one
        WHERE one.value ->> '$.name_id' = {BRAND_ID} LIMIT 1
    ), '') END,
    pic.width, pic.height, p.checked AND p.known = 2, p.codes
"""  # noqa: S608

BESIDE = """
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
"""

PICTURE = "LEFT JOIN picture AS pic ON pic.state = 'measured' AND pic.url = {url}"

OF_MOVED = f"""
SELECT p.product_id, p.status, p.attempt - (p.status = 'rejected'), {FACTS}
FROM json_each(:periods) AS chosen JOIN status_period AS p ON p.id = chosen.value {BESIDE}
LEFT JOIN attempt AS a ON a.period_id = p.id
{PICTURE.format(url="coalesce(a.listed ->> '$.image_urls[0]', l.image_urls ->> '$[0]')")}
"""  # noqa: S608

OF_OTHERS = f"""
SELECT p.product_id, p.status, p.attempt, {FACTS}
FROM status_period AS p INDEXED BY period_open_by_status {BESIDE}
LEFT JOIN attempt AS a ON false
{PICTURE.format(url="l.image_urls ->> '$[0]'")}
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN ('active', 'auditing', 'rejected')
    AND (p.status = 'active' OR p.started_at > :start)
"""  # noqa: S608

CATEGORIES = "SELECT category_id, name FROM category WHERE store_id = :store AND name <> ''"

FEED_ROWS = """
SELECT r.sku, f.name FROM feed_file AS f JOIN feed_row AS r ON r.file_id = f.id
WHERE f.store_id = :store AND r.rejected AND coalesce(f.dated_at, f.read_at) > :start
    AND coalesce(f.dated_at, f.read_at) <= :end
ORDER BY coalesce(f.dated_at, f.read_at), f.id
"""


class Compared(NamedTuple):
    """A listing as it is compared; None is not known. Moments are UTC texts, prices the platform's texts.

    `earlier` counts its rejections before. `brand` is empty where the listing has none. `checked`: our checks ran on
    its detail; `codes` are the reasons and findings of its period, `|code@provenance|…|`. `moved`: it is one of those
    that the question is about. `submitted`: it was seen to enter audit in the span.
    """

    product_id: int
    status: str
    earlier: int
    title: str
    picture: str | None
    price: str | None
    currency: str | None
    category_id: int | None
    sku: str | None
    product_type: str | None
    created_at: str | None
    modified_at: str | None
    src: str | None
    member: str | None
    group: int | None
    freight: int | None
    brand: str | None
    width: int | None
    height: int | None
    checked: int
    codes: str
    store: str = ""
    moved: bool = False
    submitted: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """All that is compared for one question.

    `first_seen` listings were there when their store was first read, so nobody saw them move. `categories` are names by
    id, `feed` the file that last rejected a SKU in the span, by store and SKU; None: the stores have no such file.
    """

    rows: tuple[Compared, ...]
    first_seen: int
    categories: dict[int, str]
    feed: dict[tuple[str, str], str] | None


class Comparison:
    """Reads what is compared, of some stores. Every method raises what those of `Snapshot` do."""

    def __init__(self, opened: Opened, stores: Stores) -> None:
        self._opened, self._stores = opened, stores

    def moved(self, what: What, start: datetime, end: datetime) -> Side:
        """Read those that moved after `start` and up to `end`, and those that are on sale or came to be held since."""
        return self._read(what, start, end)

    def chosen(self, keys: Sequence[tuple[str, int]], start: datetime, end: datetime) -> Side:
        """Read listings given as (store key, product id) as they are now, and those on sale or held beside them."""
        return self._read(What.HELD, start, end, keys)

    def left_sale(self, start: datetime, end: datetime) -> list[Gone]:
        """List the listings that left sale after `start` and up to `end`, the latest of each store first."""
        with self._opened() as connection:
            stores = connection.execute(STORES, {"keys": keys_of(self._stores)}).fetchall()
            return [one for store, key, _ in stores for one in left_sale(connection, store, key, start, end)]

    def expiring(self, now: datetime, until: datetime) -> ExpiringSoon:
        """Return the listings on sale, as last read, that expire after `now` and up to `until`."""
        with self._opened() as connection:
            found = ExpiringSoon((), 0, 0, 0)
            for store, key, _ in connection.execute(STORES, {"keys": keys_of(self._stores)}).fetchall():
                found = found.and_of(expiring(connection, store, key, now, until))
            return found

    def unsold(self, now: datetime, days: int) -> list[UnsoldOfStore]:
        """Return what is on sale, as last read, and sold nothing in so many days, store by store."""
        with self._opened() as connection:
            stores = connection.execute(STORES, {"keys": keys_of(self._stores)}).fetchall()
            return [unsold(connection, store, key, now, days) for store, key, _ in stores]

    def changed_again(self, start: datetime, end: datetime) -> list[ChangedAgain]:
        """List what was approved after `start` and up to `end` and was changed again since, the latest first."""
        with self._opened() as connection:
            stores = connection.execute(STORES, {"keys": keys_of(self._stores)}).fetchall()
            found = [one for store, key, _ in stores for one in changed_again(connection, store, key, start, end)]
            return sorted(found, key=lambda one: (one.approved_by, one.store, one.product_id), reverse=True)

    def standings(self) -> Standings:
        """Return the queries on where listings stood at a moment."""
        return Standings(self._opened, self._stores)

    def _read(self, what: What, start: datetime, end: datetime, keys: Sequence[tuple[str, int]] | None = None) -> Side:
        rows: list[Compared] = []
        categories: dict[int, str] = {}
        feed: dict[tuple[str, str], str] = {}
        first = 0
        with self._opened() as connection:
            for store, key, _ in connection.execute(STORES, {"keys": keys_of(self._stores)}).fetchall():
                bound = {"store": store, "start": to_text(start), "end": to_text(end)}
                if keys is None:
                    moved = dict(connection.execute(MOVED.format(move=MOVES[what]), bound).fetchall())
                    first += connection.execute(FIRST_SEEN.format(move=MOVES[what]), bound).fetchone()[0]
                else:
                    ids = json.dumps([product_id for of, product_id in keys if of == key])
                    moved = dict(connection.execute(OPEN_OF, {"store": store, "ids": ids}).fetchall())
                rows += _of_store(connection, key, bound, moved, everybody=keys is not None)
                categories |= dict(connection.execute(CATEGORIES, bound).fetchall())
                feed |= {(key, sku): name for sku, name in connection.execute(FEED_ROWS, bound)}
        return Side(tuple(rows), first, categories, feed or None)


def _of_store(
    connection: sqlite3.Connection, key: str, bound: dict[str, object], moved: dict[int, int], *, everybody: bool
) -> Iterator[Compared]:
    """Yield those that moved, then the others. `everybody`: also those that are held since before the span."""
    submitted = {product_id for (product_id,) in connection.execute(SUBMITTED, bound)}
    for row in connection.execute(OF_MOVED, {"periods": json.dumps(list(moved.values()))}):
        yield Compared._make((*row, key, True, row[0] in submitted))
    of_others = connection.execute(OF_OTHERS, {**bound, **({"start": ""} if everybody else {})})
    for row in of_others:
        if row[0] not in moved:
            yield Compared._make((*row, key, False, row[0] in submitted))
