"""Measures of trade: what held listings earned before they were held, and rows that the feed's validation refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from aexdash.clock import from_text, to_text
from aexdash.snapshot.history.as_of import CONTAINED
from aexdash.snapshot.history.spells import FIRST_OF_SPELL, HELD_NOW
from aexdash.snapshot.measures.facts import Earnings, FeedShare, MoneyHeld
from aexdash.snapshot.measures.scope import MeasuredStore, Scope
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.statement import Reach, WindowUpTo

CONNECTED = """
SELECT EXISTS (SELECT 1 FROM order_state WHERE store_id = :store AND connected = 1)
    OR EXISTS (SELECT 1 FROM order_line WHERE store_id = :store)
"""

NOTE = "SELECT note FROM order_state WHERE store_id = :store AND note <> ''"

HELD_THEN = f"""
SELECT status_period.id, store_id, product_id, started_at, held_since, held_after FROM {CONTAINED}
WHERE store_id = :store AND status IN {HELD_STATUSES}
"""  # noqa: S608

SOLD = f"""
SELECT coalesce(h.currency, ''), h.sold, h.in_stock IS NOT 0, count(*),
    total(h.units_low), total(h.units_high), total(h.amount_low), total(h.amount_high)
FROM ({{held}}) AS p
LEFT JOIN held_sales AS own ON own.period_id = p.id
-- Sales belong to a spell: those of a later period of it are stored with its first.
JOIN held_sales AS h ON h.period_id = coalesce(own.period_id, {FIRST_OF_SPELL})
GROUP BY 1, 2, 3
"""  # noqa: S608

FILES = """
SELECT total(rows), total(rejected), count(*) FROM feed_file
WHERE store_id = :store AND rows > 0 AND coalesce(dated_at, read_at) >= :start AND coalesce(dated_at, read_at) < :end
"""

NEWEST_FILE = """
SELECT max(coalesce(dated_at, read_at)) FROM feed_file
WHERE store_id = :store AND rows > 0 AND coalesce(dated_at, read_at) <= :at
"""


LAST_FILE_READ = "SELECT max(read_at) FROM feed_file WHERE store_id = :store AND rows > 0 AND read_at <= :at"


def feed_reach(scope: Scope) -> Reach:
    """Return the stores with validation files; files come when they come, so a store is current with its newest."""
    newest = {
        store: scope.connection.execute(LAST_FILE_READ, {**scope.bound, "store": store}).fetchone()[0]
        for store in scope.readings
    }
    each = [replace(scope.readings[store], read_at=from_text(at), current=True) for store, at in newest.items() if at]
    return Reach(tuple(each), scope.at if scope.past else None)


def order_note(scope: Scope) -> str:
    """Return why orders could not be read, of the first store with such a note; empty where there is none."""
    notes = (scope.connection.execute(NOTE, {"store": store.id}).fetchone() for store in scope.stores)
    return next((str(row[0]) for row in notes if row), "")


def money(scope: Scope, held: int | None) -> MoneyHeld | None:
    """Add up what the held listings sold a day before they were held; None where no store's orders are read."""
    connected = [
        store for store in scope.stores if scope.connection.execute(CONNECTED, {"store": store.id}).fetchone()[0]
    ]
    if held is None or not connected:
        return None
    amounts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    units, known, never_sold, out_of_stock = [0.0, 0.0], 0, 0, 0
    for store in connected:
        for currency, sold, in_stock, listings, *sums in _sold(scope, store):
            known += listings
            never_sold += 0 if sold else listings
            out_of_stock += listings if sold and not in_stock else 0
            if sold and in_stock:
                _add(units, sums[:2])
                _add(amounts[currency or store.currency or ""], sums[2:])
    return MoneyHeld(
        units=Earnings(*units),
        amounts={currency: Earnings(*ends) for currency, ends in amounts.items()},
        known=known,
        of=held,
        never_sold=never_sold,
        out_of_stock=out_of_stock,
    )


def _sold(scope: Scope, store: MeasuredStore) -> list[tuple[Any, ...]]:
    sql = SOLD.format(held=HELD_THEN if scope.past else HELD_NOW)
    return scope.connection.execute(sql, {**scope.bound, "store": store.id}).fetchall()


def _add(ends: list[float], more: list[float]) -> None:
    for index, value in enumerate(more):
        ends[index] += value


def _of_every_store(scope: Scope, window: WindowUpTo) -> Iterator[dict[str, object]]:
    """Yield the SQL parameters of the window of each store; files count whether or not its lists were read."""
    for store, reading in scope.readings.items():
        start, end = window(scope.at if scope.past else reading.read_at or scope.at)
        yield {"store": store, "start": to_text(start), "end": to_text(end)}


def feed(scope: Scope, window: WindowUpTo) -> FeedShare | None:
    """Add up the rows of the validation files of a window; None where none was read up to the moment."""
    per_store = [{**scope.bound, **bound} for bound in _of_every_store(scope, window)]
    newest = [scope.connection.execute(NEWEST_FILE, one).fetchone()[0] for one in per_store]
    if not any(newest):
        return None
    sums = [scope.connection.execute(FILES, one).fetchone() for one in per_store]
    rows, rejected, files = (round(sum(column)) for column in zip(*sums, strict=True))
    return FeedShare(rejected, rows, files, from_text(max(filter(None, newest))))
