"""Queries on listings beside their shops: one listing with what it is there, and how far a store was compared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from aexdash.clock import from_text, from_text_or_none
from aexdash.model import SourceWord
from aexdash.snapshot.file import Opened
from aexdash.snapshot.matched.drifted import DRIFTS, DriftedStore, drifted
from aexdash.snapshot.matched.units import Side, side
from aexdash.snapshot.shops.readmodels import Matching, ShopRow, SourceVariant
from aexdash.snapshot.shops.report import ShopReport
from aexdash.snapshot.stores import STORES, Stores, keys_of

COMPARED = """
SELECT st.key, c.compared_at, c.shop_read_at, c.whole FROM source_compared AS c JOIN store AS st ON st.id = c.store_id
"""

CODES = "SELECT sku_codes FROM listing WHERE store_id = ? AND product_id = ?"

OF_SKU = """
SELECT DISTINCT variant_id FROM shop_period INDEXED BY shop_period_of_sku
WHERE shop_id = (SELECT id FROM shop WHERE key = ?) AND sku IN (SELECT value FROM json_each(?))
"""

OF_KEY = """
SELECT DISTINCT variant_id FROM shop_period INDEXED BY shop_period_of_key
WHERE shop_id = (SELECT id FROM shop WHERE key = ?) AND match_key IN (SELECT value FROM json_each(?))
"""

MOST = 50
"""Variants of one listing that are read of a shop."""


@dataclass(frozen=True, slots=True)
class Compared:
    """When a store was last set beside its shops.

    `shop_read_at` is the end of the last complete reading of these, of several the longest ago; `whole`: each of them
    was read completely by then.
    """

    store: str
    at: datetime
    shop_read_at: datetime | None
    whole: bool


@dataclass(frozen=True, slots=True)
class StockThen:
    """What stock a shop had of a listing at a moment, by its last reading before.

    `pieces` are those of all its variants; None: not told, not counted, or nobody knows which variants are its.
    It was told by the reading that ended at `read_at`; None: no reading had shown it by then.
    """

    shop: str
    pieces: int | None
    read_at: datetime | None

    @property
    def is_out(self) -> bool:
        """Whether it could be sold no more."""
        return self.pieces is not None and self.pieces <= 0


@dataclass(frozen=True, slots=True)
class InShop:
    """What a listing is in one shop: the variants of its codes as they stood, and their stock when it left sale.

    `stock_then` None: it has not left sale.
    """

    shop: ShopRow
    variants: tuple[SourceVariant, ...]
    stock_then: StockThen | None


class BesideShops:
    """Reads listings beside their shops. Every method raises what the methods of `Snapshot` do."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def titles(self) -> dict[str, str]:
        """Return the titles of all shops by their keys; a shop without one has its key."""
        with self._opened() as connection:
            return {key: title or key for key, title in connection.execute("SELECT key, title FROM shop")}

    def compared(self, stores: Stores = None) -> dict[str, Compared]:
        """Return when each store was last compared, by its key; a store without a shop, or never compared, is none."""
        with self._opened() as connection:
            chosen = {key for _, key, _ in connection.execute(STORES, {"keys": keys_of(stores)})}
            return {
                key: Compared(key, from_text(at), from_text_or_none(read_at), bool(whole))
                for key, at, read_at, whole in connection.execute(COMPARED)
                if key in chosen
            }

    def sides(self, stores: Stores, now: datetime, days: int) -> tuple[list[Side], list[str]]:
        """Return what a funnel of some stores is counted of, and the stores among them that have no shop."""
        with self._opened() as connection:
            chosen = connection.execute(STORES, {"keys": keys_of(stores)}).fetchall()
            read = {key: side(connection, store, key, now, days) for store, key, _ in chosen}
            return [one for one in read.values() if one], [key for key, one in read.items() if one is None]

    def drifted(self, stores: Stores = None, words: Collection[SourceWord] = DRIFTS) -> list[DriftedStore]:
        """Return the listings on sale that are one of these beside their shop; a store without a shop is left out.

        With `DRIFTS` they are those that the card *Drifted from the shop* counts.
        """
        with self._opened() as connection:
            chosen = connection.execute(STORES, {"keys": keys_of(stores)}).fetchall()
            found = (drifted(connection, store, key, words) for store, key, _ in chosen)
            return [one for one in found if one]

    def stock_then(self, asked: Iterable[tuple[str, int, datetime]]) -> dict[tuple[str, int, datetime], StockThen]:
        """Return what stock listings had in their shop at a moment each, by store key, product id and moment.

        One whose store has no shop, or that no shop had by then, is left out. Where several shops have it, it is not
        told which of them counts: then no pieces are.
        """
        with self._opened() as connection:
            report = ShopReport(lambda: nullcontext(connection))
            shops = {store: report.of_store(store) for store in {store for store, _, _ in asked}}
            found: dict[tuple[str, int, datetime], StockThen] = {}
            for store, product_id, at in asked:
                codes = _codes(connection, store, product_id) if shops[store] else []
                told = [_stock_then(connection, report, shop, codes, product_id, at) for shop in shops[store]]
                known = [one for one in told if one.read_at]
                if known:
                    first = known[0]
                    found[store, product_id, at] = first if len(known) == 1 else replace(first, pieces=None)
            return found

    def listing(
        self, store: str, product_id: int, left_at: datetime | None = None, as_of: datetime | None = None
    ) -> list[InShop]:
        """Return what a listing is in each shop of its store at a moment; `left_at` is when it left sale, if it did."""
        with self._opened() as connection:
            report = ShopReport(lambda: nullcontext(connection))
            codes = _codes(connection, store, product_id)
            return [
                _in_shop(connection, report, shop, codes, product_id, left_at, as_of)
                for shop in report.of_store(store, as_of)
            ]


def _codes(connection: sqlite3.Connection, store: str, product_id: int) -> list[str]:
    (number,) = connection.execute("SELECT id FROM store WHERE key = ?", [store]).fetchone() or (None,)
    row = connection.execute(CODES, [number, product_id]).fetchone()
    return [code.strip() for code in json.loads(row[0]) if code.strip()] if row else []


def _in_shop(  # noqa: PLR0917
    connection: sqlite3.Connection,
    report: ShopReport,
    shop: ShopRow,
    codes: list[str],
    product_id: int,
    left_at: datetime | None,
    as_of: datetime | None,
) -> InShop:
    standing = []
    for variant in _ids(connection, shop, codes, product_id):
        told = report.history(shop.key, variant, as_of)
        if told and (told[-1].ended_at is None or (as_of is not None and told[-1].ended_at > as_of)):
            standing.append(told[-1])
    stock = _stock_then(connection, report, shop, codes, product_id, left_at) if left_at else None
    return InShop(shop, tuple(standing), stock)


def _ids(connection: sqlite3.Connection, shop: ShopRow, codes: list[str], product_id: int) -> list[str]:
    """Return the ids of the variants that are, or were, of a listing's codes."""
    by_sku = shop.matching is Matching.SKU
    keys = codes if by_sku else [*codes, str(product_id)]
    found = connection.execute(OF_SKU if by_sku else OF_KEY, [shop.key, json.dumps(keys)]).fetchmany(MOST)
    return [variant for (variant,) in found]


def _stock_then(  # noqa: PLR0917
    connection: sqlite3.Connection, report: ShopReport, shop: ShopRow, codes: list[str], product_id: int, at: datetime
) -> StockThen:
    """Return the stock of a listing's variants at a moment: of all together, and when the shop was last read by then.

    A code on several variants is nobody's: then no pieces are told.
    """
    stood = [
        told[-1]
        for variant in _ids(connection, shop, codes, product_id)
        if (told := report.history(shop.key, variant, at)) and (told[-1].ended_at is None or told[-1].ended_at > at)
    ]
    if not stood:
        return StockThen(shop.key, None, None)
    pieces = [_stock_at(report, one, at) for one in stood]
    keys = [one.sku if shop.matching is Matching.SKU else one.match_key for one in stood]
    clear = len(set(keys)) == len(keys) or (shop.matching is not Matching.SKU and set(keys) == {str(product_id)})
    whole = clear and None not in pieces
    return StockThen(shop.key, sum(filter(None, pieces)) if whole else None, min(one.read_at for one in stood))


def _stock_at(report: ShopReport, variant: SourceVariant, at: datetime) -> int | None:
    """Return how many could be sold at a moment; None where nobody counts or nobody had read it by then."""
    for period in report.stock(variant.shop, variant.variant_id):
        if period.started_at <= at and (period.ended_at is None or at < period.ended_at):
            return period.stock
    return None
