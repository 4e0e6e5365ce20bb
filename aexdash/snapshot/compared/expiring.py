"""Listings on sale that expire soon, by the date that AliExpress' list tells (`ws_offline_date`, reference §3.1)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import from_text, to_text

OF_THIS_TIME = "(p.started_after IS NULL OR l.offline_at > p.started_at)"
"""Whether the date is of this time on sale. One from before it came on sale again is the end of an earlier time: lists
leave out what they do not tell, and the last date that was told is kept."""

ON_SALE = f"""
SELECT count(*), count(l.offline_at) FILTER (WHERE {OF_THIS_TIME}),
    count(*) FILTER (WHERE l.offline_at <= :now AND {OF_THIS_TIME})
FROM status_period AS p INDEXED BY period_open_by_status
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
WHERE p.store_id = :store AND p.status = 'active' AND p.ended_at IS NULL
"""  # noqa: S608 - the text is ours

SOON = """
SELECT p.product_id, l.title, l.offline_at, l.offline_raw
FROM status_period AS p INDEXED BY period_open_by_status
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
WHERE p.store_id = :store AND p.status = 'active' AND p.ended_at IS NULL
    AND l.offline_at > :now AND l.offline_at <= :until
ORDER BY l.offline_at, p.product_id
"""


@dataclass(frozen=True, slots=True)
class Expiring:
    """A listing on sale and when it expires; `raw` is the date as AliExpress wrote it."""

    store: str
    product_id: int
    title: str
    at: datetime
    raw: str


@dataclass(frozen=True, slots=True)
class ExpiringSoon:
    """Those on sale that expire soon, the earliest first; of `on_sale` the date of `dated` is known.

    `overdue` of these have a date that is over already, and are on sale all the same.
    """

    listings: tuple[Expiring, ...]
    on_sale: int
    dated: int
    overdue: int

    def and_of(self, other: ExpiringSoon) -> ExpiringSoon:
        """Return both together, the earliest first."""
        listings = sorted((*self.listings, *other.listings), key=lambda one: (one.at, one.store, one.product_id))
        counts = (self.on_sale + other.on_sale, self.dated + other.dated, self.overdue + other.overdue)
        return ExpiringSoon(tuple(listings), *counts)


def expiring(connection: sqlite3.Connection, store: int, key: str, now: datetime, until: datetime) -> ExpiringSoon:
    """Read the listings of a store that were on sale when last read and expire after `now` and up to `until`."""
    bound = {"store": store, "now": to_text(now), "until": to_text(until)}
    on_sale, dated, overdue = connection.execute(ON_SALE, bound).fetchone()
    rows = connection.execute(SOON, bound)
    listings = tuple(Expiring(key, one, title, from_text(at), raw or "") for one, title, at, raw in rows)
    return ExpiringSoon(listings, on_sale, dated, overdue)
