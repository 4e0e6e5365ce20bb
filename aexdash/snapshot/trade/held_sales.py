"""Computes what a held listing sold a day in the 30 days before it was held, as a range.

The mean of the 30 days and that of the last seven of them are its two ends. Of a listing that was held when we first
read the store, nobody knows since when. But its last sale was while it was on sale, so the days before that sale count
too.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from sqlite_utils import Database

from aexdash.clock import TICK, to_text
from aexdash.snapshot.columns import when
from aexdash.snapshot.file import transaction
from aexdash.snapshot.history.spells import HELD_NOW
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.trade.orders import COUNTS, order_state
from aexdash.snapshot.version import bump_version

SPANS = (timedelta(days=30), timedelta(days=7))
"""The times before the spell over which the means are taken, the longer first."""

LATE = timedelta(days=1)
"""A spell may have begun this long after the last order read; the next round of orders computes it again."""

LAST_SALE_WITHIN = timedelta(days=60)
"""How far back the last sale is searched of a listing that was held when we first read the store."""

SMALLEST = Decimal("0.0001")
"""Figures are stored rounded to this."""

SPELL = """
SELECT p.id, p.product_id, p.held_since, p.held_after IS NOT NULL, ({stock})
FROM ({periods}) AS p
LEFT JOIN listing_detail AS d ON d.store_id = p.store_id AND d.product_id = p.product_id
"""

STOCK = """
SELECT CASE
    WHEN max(value ->> '$.stock') > 0 THEN 1
    WHEN count(*) > 0 AND count(*) = count(value ->> '$.stock') THEN 0 END
FROM json_each(d.skus)
"""
"""1 if anything is in stock, 0 if nothing is, null where the stock of a SKU is not known."""

HELD_SINCE = f"""
{HELD_NOW}
UNION ALL
SELECT id, store_id, product_id, started_at, held_since, held_after FROM status_period INDEXED BY period_listed_ended
WHERE store_id = :store AND listed = 1 AND ended_at > :since AND status IN {HELD_STATUSES}
"""  # noqa: S608

UNKNOWN = f"""
{HELD_NOW} AND NOT EXISTS (SELECT 1 FROM held_sales AS h WHERE h.period_id = status_period.id)
"""  # noqa: S608

SALES = f"""
SELECT o.created_at, o.units, o.unit_price, coalesce(o.currency, '')
FROM order_line AS o INDEXED BY order_line_of_listing
WHERE o.store_id = :store AND o.product_id = :product AND o.created_at >= :start AND o.created_at < :end AND {COUNTS}
ORDER BY o.created_at
"""  # noqa: S608

KEEP = """
INSERT INTO held_sales
    (period_id, units_low, units_high, amount_low, amount_high, currency, sold, in_stock, computed_at)
VALUES (:period, :units_low, :units_high, :amount_low, :amount_high, :currency, :sold, :in_stock, :now)
ON CONFLICT (period_id) DO UPDATE SET units_low = excluded.units_low, units_high = excluded.units_high,
    amount_low = excluded.amount_low, amount_high = excluded.amount_high, currency = excluded.currency,
    sold = excluded.sold, in_stock = excluded.in_stock, computed_at = excluded.computed_at
WHERE (units_low, units_high, amount_low, amount_high, currency, sold, in_stock)
    IS NOT (excluded.units_low, excluded.units_high, excluded.amount_low, excluded.amount_high, excluded.currency,
        excluded.sold, excluded.in_stock)
"""


@dataclass(frozen=True, slots=True)
class Sale:
    """Units of a listing sold in one order line, and the price of one unit; None for a price that cannot be read."""

    at: datetime
    units: int
    price: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class SoldADay:
    """Units and amount sold a day, as ranges. Only amounts in `currency`, that of most units, are added up.

    `sold`: whether anything was sold.
    """

    units_low: Decimal
    units_high: Decimal
    amount_low: Decimal
    amount_high: Decimal
    currency: str
    sold: bool


@dataclass(frozen=True, slots=True)
class _Spell:
    """A held period with the beginning of its spell. `seen` False: it had begun when we first read the store."""

    period: int
    product_id: int
    begun_at: datetime
    seen: bool
    in_stock: int | None

    @property
    def needs_from(self) -> datetime:
        """The moment from which on all orders have to be known to compute its sales, whatever the orders are."""
        return self.begun_at - SPANS[0] - (timedelta() if self.seen else LAST_SALE_WITHIN)


def sold_a_day(sales: Sequence[Sale], begun_at: datetime, *, seen: bool) -> SoldADay:
    """Compute what was sold a day before a spell that began at `begun_at`; `sales` are sorted by time."""
    ends = _ends(sales, begun_at, seen=seen)
    relevant = [sale for sale in sales if any(end - SPANS[0] <= sale.at < end for end in ends)]
    by_currency: Counter[str] = Counter()
    for sale in relevant:
        by_currency[sale.currency] += sale.units
    currency = max(by_currency, key=lambda code: (by_currency[code], code), default="")
    units, amounts = [], []
    for end in ends:
        for span in SPANS:
            within = [sale for sale in relevant if end - span <= sale.at < end]
            units.append(Decimal(sum(sale.units for sale in within)) / span.days)
            amounts.append(_amount(within, currency) / span.days)
    return SoldADay(min(units), max(units), min(amounts), max(amounts), currency, bool(relevant))


def _ends(sales: Sequence[Sale], begun_at: datetime, *, seen: bool) -> tuple[datetime, ...]:
    """Return the possible ends of the 30 days: the beginning of the spell, and if it was not seen, the last sale."""
    last = [sale.at for sale in sales if begun_at - LAST_SALE_WITHIN <= sale.at < begun_at][-1:]
    return (begun_at,) if seen or not last else (begun_at, last[0] + TICK)


def _amount(sales: Sequence[Sale], currency: str) -> Decimal:
    priced = (sale.price * sale.units for sale in sales if sale.price is not None and sale.currency == currency)
    return sum(priced, Decimal())


def refresh_held_sales(db: Database, store_id: int, since: datetime | None, now: datetime) -> int:
    """Compute what each listing sold that is held, or was held after `since`; return how many rows were written.

    With `since` None, only listings that are held now and not computed yet. A spell before which orders were not read
    stays unknown, so that no unconfirmed zero is stored.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    known = order_state(db.conn, store_id)
    if known.read_from is None or known.read_until is None:
        return 0
    periods = UNKNOWN if since is None else HELD_SINCE
    spells = [
        spell
        for spell in _spells(db.conn, periods, {"store": store_id, "since": since and to_text(since)})
        if known.read_from <= spell.begun_at - SPANS[0] and spell.begun_at <= known.read_until + LATE
    ]
    # Computed before the transaction, so that other stores can write meanwhile.
    rows = [row for spell in spells if (row := _row(db.conn, store_id, spell, known.read_from, now))]
    with transaction(db) as connection:
        changed = connection.executemany(KEEP, rows).rowcount if rows else 0
        if changed:
            bump_version(connection)
    return changed


def needed_from(db: Database, store_id: int) -> datetime | None:
    """Return from when on orders are needed for held listings that are not computed yet; None when none are needed."""
    return min((spell.needs_from for spell in _spells(db.conn, UNKNOWN, {"store": store_id})), default=None)


def _spells(connection: sqlite3.Connection, periods: str, bound: dict[str, object]) -> Iterator[_Spell]:
    for period, product_id, begun_at, seen, in_stock in connection.execute(
        SPELL.format(periods=periods, stock=STOCK), bound
    ):
        yield _Spell(period, product_id, when(begun_at), bool(seen), in_stock)


def _row(
    connection: sqlite3.Connection, store_id: int, spell: _Spell, known_from: datetime, now: datetime
) -> dict[str, object] | None:
    """Compute the row of one spell; None where orders that it depends on were not read yet."""
    sales = _sales(connection, store_id, spell)
    earliest = min(_ends(sales, spell.begun_at, seen=spell.seen)) - SPANS[0]
    if not spell.seen and not sales:
        earliest = spell.begun_at - LAST_SALE_WITHIN
    if earliest < known_from:
        return None
    sold = sold_a_day(sales, spell.begun_at, seen=spell.seen)
    return {
        "period": spell.period,
        "units_low": _rounded(sold.units_low),
        "units_high": _rounded(sold.units_high),
        "amount_low": _rounded(sold.amount_low),
        "amount_high": _rounded(sold.amount_high),
        "currency": sold.currency or None,
        "sold": int(sold.sold),
        "in_stock": spell.in_stock,
        "now": to_text(now),
    }


def _sales(connection: sqlite3.Connection, store_id: int, spell: _Spell) -> list[Sale]:
    bound = {
        "store": store_id,
        "product": spell.product_id,
        "start": to_text(spell.needs_from),
        "end": to_text(spell.begun_at),
    }
    return [
        Sale(when(at), units, _price(price), currency)
        for at, units, price, currency in connection.execute(SALES, bound)
    ]


def _price(text: str | None) -> Decimal | None:
    try:
        price = Decimal(text or "")
    except InvalidOperation:
        return None
    return price if price.is_finite() and price >= 0 else None


def _rounded(value: Decimal) -> float:
    return float(value.quantize(SMALLEST))
