"""Listings that left sale in a span: when, for where, with what stock, and where they are now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import from_text, from_text_or_none, to_text
from aexdash.model import Status

PIECES = """(SELECT CASE WHEN count(*) = count(one.value ->> '$.stock') THEN sum(one.value ->> '$.stock') END
        FROM json_each(d.skus) AS one)"""
"""The pieces of all SKUs of a detail `d`; null where one of them tells none."""

# What was on sale and ended in the span; `n` is the period that followed at once, `o` the open one.
LEFT_SALE = f"""
SELECT p.product_id, coalesce(l.title, ''), p.ended_after, p.ended_at, n.status, n.cause, n.note, o.status,
    {PIECES}, d.read_at
FROM status_period AS p INDEXED BY period_of_listing
LEFT JOIN status_period AS n ON n.store_id = p.store_id AND n.product_id = p.product_id AND n.started_at = p.ended_at
    AND n.id <> p.id
LEFT JOIN status_period AS o INDEXED BY period_open
    ON o.store_id = p.store_id AND o.product_id = p.product_id AND o.ended_at IS NULL
LEFT JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
WHERE p.store_id = :store AND p.status = 'active' AND p.ended_at IS NOT NULL
    AND p.ended_at > :start AND p.ended_at <= :end
ORDER BY p.ended_at DESC, p.product_id
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Gone:
    """A listing that left sale after `after` (None: not known) and by `by`, for the status `to`.

    `cause` is AliExpress' word for why it is offline, `note` why it is taken as deleted. `now` is its present status.
    `stock` are the pieces of all its SKUs when its detail was last read, at `stock_at`; None: not told, or not read.
    """

    store: str
    product_id: int
    title: str
    after: datetime | None
    by: datetime
    to: Status
    cause: str | None
    note: str
    now: Status
    stock: int | None
    stock_at: datetime | None

    @property
    def is_back(self) -> bool:
        """Whether it is on sale again."""
        return self.now is Status.ACTIVE


def left_sale(connection: sqlite3.Connection, store: int, key: str, start: datetime, end: datetime) -> Iterator[Gone]:
    """Yield the listings of a store that left sale after `start` and up to `end`, the latest first."""
    bound = {"store": store, "start": to_text(start), "end": to_text(end)}
    for product_id, title, after, by, to, cause, note, now, stock, read_at in connection.execute(LEFT_SALE, bound):
        yield Gone(
            store=key,
            product_id=product_id,
            title=title,
            after=from_text_or_none(after),
            by=from_text(by),
            to=Status(to) if to else Status.OTHER,
            cause=cause,
            note=note or "",
            now=Status(now) if now else Status.OTHER,
            stock=None if stock is None else int(stock),
            stock_at=from_text_or_none(read_at),
        )
