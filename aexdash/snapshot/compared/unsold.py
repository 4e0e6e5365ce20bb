"""Listings that are on sale and have sold nothing for some days, as far as the orders of their store were read."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import DAY, from_text, from_text_or_none, to_text
from aexdash.snapshot.compared.gone import PIECES
from aexdash.snapshot.trade.orders import COUNTS, order_state

ON_SALE = """
SELECT count(*), coalesce(sum(p.started_at > :since), 0)
FROM status_period AS p INDEXED BY period_open_by_status
WHERE p.store_id = :store AND p.status = 'active' AND p.ended_at IS NULL
"""

BEFORE = f"""SELECT {{column}} FROM order_line AS o INDEXED BY order_line_of_listing
    WHERE o.store_id = p.store_id AND o.product_id = p.product_id AND o.created_at < :from AND {COUNTS}"""  # noqa: S608

UNSOLD = f"""
SELECT p.product_id, l.title, p.started_at, p.started_after IS NULL, ({BEFORE.format(column="max(o.created_at)")}),
    ({BEFORE.format(column="coalesce(sum(o.units), 0)")}) AS sold_before, {PIECES}, d.read_at
FROM status_period AS p INDEXED BY period_open_by_status
JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE p.store_id = :store AND p.status = 'active' AND p.ended_at IS NULL AND p.started_at <= :since AND NOT EXISTS (
    SELECT 1 FROM order_line AS o INDEXED BY order_line_of_listing
    WHERE o.store_id = p.store_id AND o.product_id = p.product_id
        AND o.created_at >= :from AND o.created_at < :until AND {COUNTS}
)
ORDER BY sold_before DESC, p.started_at, p.product_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Unsold:
    """A listing on sale since `since` (`or_longer`: nobody saw it begin) that sold nothing in the span.

    `last_sale` and `units_before` are of the orders before the span that were read; None and 0: none of these was its.
    `stock` are the pieces of all its SKUs when its detail was last read, at `stock_at`; None: not told, or not read.
    """

    store: str
    product_id: int
    title: str
    since: datetime
    or_longer: bool
    last_sale: datetime | None
    units_before: int
    stock: int | None
    stock_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnsoldOfStore:
    """What sold nothing in the days up to `until`, the moment up to which the orders of a store were read.

    Of `on_sale` listings, `younger` are not known to have been on sale for so long and are left out. Orders were read
    from `read_from` on. `until` None: no orders were read, `note` may say why, and nothing is known.
    """

    store: str
    days: int
    on_sale: int
    younger: int
    read_from: datetime | None
    until: datetime | None
    note: str
    listings: tuple[Unsold, ...]

    @property
    def whole(self) -> bool:
        """Whether orders of all these days were read; else some of the listings may have sold in the others."""
        if self.until is None or self.read_from is None:
            return False
        return self.read_from <= self.until - self.days * DAY


def unsold(connection: sqlite3.Connection, store: int, key: str, now: datetime, days: int) -> UnsoldOfStore:
    """Read which listings of a store were on sale for some days, and sold nothing in them, when last read."""
    state = order_state(connection, store)
    nothing_read = state.read_from is None or state.read_until is None or state.read_until <= state.read_from
    until = None if nothing_read or state.read_until is None else min(state.read_until, now)
    since = (until or now) - days * DAY
    start = max(since, state.read_from) if state.read_from else since
    moments = {"since": to_text(since), "from": to_text(start), "until": to_text(until or now)}
    bound = {"store": store, **moments}
    on_sale, younger = connection.execute(ON_SALE, bound).fetchone()
    rows = connection.execute(UNSOLD, bound) if until else ()
    listings = tuple(
        Unsold(
            store=key,
            product_id=product_id,
            title=title,
            since=from_text(began),
            or_longer=bool(or_longer),
            last_sale=from_text_or_none(last),
            units_before=units,
            stock=None if stock is None else int(stock),
            stock_at=from_text_or_none(read_at),
        )
        for product_id, title, began, or_longer, last, units, stock, read_at in rows
    )
    return UnsoldOfStore(key, days, on_sale, younger, state.read_from, until, state.note, listings)
