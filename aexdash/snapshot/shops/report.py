"""Queries on the seller's own shops: which there are, when each was read, and what stood in them at any moment."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from aexdash.clock import to_text
from aexdash.people.acting import seen_of, sees_any
from aexdash.shops.records import ChannelFeedback, FeedbackState, SourceState
from aexdash.snapshot.columns import moment, when
from aexdash.snapshot.file import Opened
from aexdash.snapshot.shops.readmodels import (
    Matching,
    ReadingOutcome,
    ReadingRow,
    ShopRow,
    SourceVariant,
    StockPeriod,
    VariantKeys,
)

END_OF_TIME = "9999-12-31T23:59:59.999Z"

SHOPS = "SELECT id, key, kind, title, matching, currency, watched FROM shop ORDER BY watched DESC, id"

READING = """
SELECT r.id, s.key, r.scope, r.began_at, r.ended_at, r.outcome, r.products, r.variants, r.changes, r.error_kind,
    r.message, r.unread
FROM shop_reading AS r JOIN shop AS s ON s.id = r.shop_id
"""

LAST = f"{READING} WHERE r.shop_id = :shop AND r.ended_at <= :as_of ORDER BY r.id DESC LIMIT 1"

LAST_COMPLETE = f"""
{READING} WHERE r.shop_id = :shop AND r.ended_at <= :as_of AND r.outcome = 'complete' AND r.scope = 'catalogue'
ORDER BY r.id DESC LIMIT 1
"""

READINGS = f"{READING} WHERE :key IS NULL OR s.key = :key ORDER BY r.id DESC LIMIT :most"

STANDING_AT = """
    p.started_at <= :as_of AND (p.ended_at IS NULL OR p.ended_at > :as_of)
"""
"""The condition that a period of `shop_period AS p` stood at a moment, as far as was read by then."""

COLUMNS = """
s.key, p.variant_id, p.product_id, p.sku, p.match_key, p.title, p.variant_title, p.state, p.platform_state, p.channels,
    p.feedback, p.price, p.currency, p.tracked, p.picture_url, p.started_at, p.started_after,
    max(p.started_at, coalesce((
        SELECT r.ended_at FROM shop_reading AS r
        WHERE r.shop_id = p.shop_id AND r.outcome = 'complete' AND r.scope = 'catalogue' AND r.ended_at <= :as_of
            AND r.ended_at < coalesce(p.ended_at, '9999') ORDER BY r.id DESC LIMIT 1
    ), '')) AS read_at,
    k.stock, k.started_at, k.started_after, t.updated_at, p.ended_at, p.ended_after, p.ended_as
FROM shop_period AS p
JOIN shop AS s ON s.id = p.shop_id
LEFT JOIN shop_stock AS k ON k.shop_id = p.shop_id AND k.variant_id = p.variant_id
    AND k.started_at <= :stock_at AND (k.ended_at IS NULL OR k.ended_at > :stock_at)
LEFT JOIN shop_touched AS t ON t.shop_id = p.shop_id AND t.variant_id = p.variant_id
"""

STANDING = f"""
SELECT {COLUMNS.replace(":stock_at", ":as_of")}
WHERE {STANDING_AT}
    AND CASE WHEN :keys IS NULL THEN s.watched = 1 ELSE s.key IN (SELECT value FROM json_each(:keys)) END
ORDER BY s.id, p.product_id, p.variant_id
"""  # noqa: S608

STANDING_OF = f"""
SELECT {COLUMNS.replace(":stock_at", ":as_of")}
WHERE {STANDING_AT} AND s.key = :key AND p.variant_id IN (SELECT value FROM json_each(:variants))
"""  # noqa: S608

STANDING_KEYS = """
SELECT p.variant_id, p.product_id, p.sku, p.match_key, p.channels
FROM shop_period AS p WHERE p.shop_id = (SELECT id FROM shop WHERE key = ?) AND p.ended_at IS NULL
ORDER BY p.product_id, p.variant_id
"""

HISTORY = f"""
SELECT {COLUMNS.replace(":stock_at", "coalesce(max(p.started_at, p.ended_after), :as_of)")}
WHERE s.key = :key AND p.variant_id = :variant AND p.started_at <= :as_of
ORDER BY p.started_at
"""

STOCK = """
SELECT k.stock, k.started_at, k.started_after, k.ended_at, k.ended_after
FROM shop_stock AS k JOIN shop AS s ON s.id = k.shop_id
WHERE s.key = ? AND k.variant_id = ? ORDER BY k.started_at
"""

OF_STORE = """
SELECT s.key, s.id FROM shop AS s JOIN shop_store AS o ON o.shop_id = s.id
WHERE s.watched = 1 AND o.store_key = ? ORDER BY s.id
"""


class ShopReport:
    """The shops of a snapshot. Every method raises what the methods of `Snapshot` do. `as_of` None is now."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def shops(self, as_of: datetime | None = None) -> list[ShopRow]:
        """List all shops, those of the settings first, with their readings up to a moment.

        One whose stores may none of them be seen is left out; of another, those that may not.
        """
        with self._opened() as connection:
            found = [_shop(connection, row, _text(as_of)) for row in connection.execute(SHOPS).fetchall()]
        return [replace(shop, stores=tuple(seen_of(shop.stores))) for shop in found if sees_any(shop.stores)]

    def of_store(self, store: str, as_of: datetime | None = None) -> list[ShopRow]:
        """List the shops from which the listings of a store come."""
        return [shop for shop in self.shops(as_of) if shop.watched and store in shop.stores]

    def readings(self, shop: str | None = None, most: int = 50) -> list[ReadingRow]:
        """List the readings of a shop, or of all, the newest first."""
        with self._opened() as connection:
            return [_reading(row) for row in connection.execute(READINGS, {"key": shop, "most": most})]

    def standing(self, shops: list[str] | None = None, as_of: datetime | None = None) -> Iterator[SourceVariant]:
        """Yield the variants that stood at a moment, as far as was read by then; of all watched shops without `shops`.

        What a shop did not tell since is not in it: ask `ShopRow.complete` how old that is.
        """
        bound = {"keys": None if shops is None else json.dumps(shops), "as_of": _text(as_of)}
        with self._opened() as connection:
            yield from map(_variant, connection.execute(STANDING, bound))

    def standing_of(self, shop: str, variants: Iterable[str]) -> Iterator[SourceVariant]:
        """Yield those of some variants of a shop that stand in it now, as far as was read."""
        bound = {"key": shop, "variants": json.dumps(list(variants)), "as_of": END_OF_TIME}
        with self._opened() as connection:
            yield from map(_variant, connection.execute(STANDING_OF, bound))

    def standing_keys(self, shop: str) -> Iterator[VariantKeys]:
        """Yield what the variants that stand in a shop now may be matched by: a tenth of what they are."""
        with self._opened() as connection:
            for variant, product, sku, key, channels in connection.execute(STANDING_KEYS, [shop]):
                yield VariantKeys(variant, product, sku, key, _channels(channels))

    def history(self, shop: str, variant_id: str, as_of: datetime | None = None) -> list[SourceVariant]:
        """List what a variant was, the earliest first; the stock of each is the one at its end."""
        bound = {"key": shop, "variant": variant_id, "as_of": _text(as_of)}
        with self._opened() as connection:
            return [_variant(row) for row in connection.execute(HISTORY, bound)]

    def stock(self, shop: str, variant_id: str) -> list[StockPeriod]:
        """List how many of a variant could be sold, the earliest first."""
        with self._opened() as connection:
            return [
                StockPeriod(stock, when(start), moment(after), moment(end), moment(last))
                for stock, start, after, end, last in connection.execute(STOCK, [shop, variant_id])
            ]


def _text(as_of: datetime | None) -> str:
    return END_OF_TIME if as_of is None else to_text(as_of)


def _shop(connection: sqlite3.Connection, row: tuple[Any, ...], as_of: str) -> ShopRow:
    number, key, kind, title, matching, currency, watched = row
    stores = connection.execute("SELECT store_key FROM shop_store WHERE shop_id = ? ORDER BY store_key", [number])
    complete, last = (
        connection.execute(sql, {"shop": number, "as_of": as_of}).fetchone() for sql in (LAST_COMPLETE, LAST)
    )
    return ShopRow(
        key=key,
        kind=kind,
        title=title,
        matching=Matching(matching),
        currency=currency,
        stores=tuple(store for (store,) in stores),
        watched=bool(watched),
        complete=_reading(complete) if complete else None,
        last=_reading(last) if last else None,
    )


def _reading(row: tuple[Any, ...]) -> ReadingRow:
    number, shop, scope, began, ended, outcome, products, variants, changes, kind, message, unread = row
    return ReadingRow(
        id=number,
        shop=shop,
        scope=scope,
        began_at=when(began),
        ended_at=when(ended),
        outcome=ReadingOutcome(outcome),
        products=products,
        variants=variants,
        changes=changes,
        error_kind=kind,
        message=message,
        unread=tuple(json.loads(unread)),
    )


def _variant(row: tuple[Any, ...]) -> SourceVariant:
    shop, variant, product, sku, key, title, own, state, said, channels, feedback, price, currency, tracked, *rest = row
    picture, started_at, started_after, read_at, stock, stock_at, stock_after, updated, ended, after, ended_as = rest
    return SourceVariant(
        shop=shop,
        variant_id=variant,
        product_id=product,
        sku=sku,
        match_key=key,
        title=title,
        variant_title=own,
        state=SourceState(state),
        platform_state=said,
        channels=_channels(channels),
        feedback=_feedback(feedback),
        price=None if price is None else Decimal(str(price)),
        currency=currency,
        tracked=None if tracked is None else bool(tracked),
        picture_url=picture,
        started_at=when(started_at),
        started_after=moment(started_after),
        read_at=when(read_at),
        stock=stock,
        stock_at=moment(stock_at),
        stock_after=moment(stock_after),
        updated_at=moment(updated),
        ended_at=moment(ended),
        ended_after=moment(after),
        ended_as=ended_as,
    )


@lru_cache(maxsize=1024)
def _channels(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(json.loads(text))


@lru_cache(maxsize=1024)
def _feedback(text: str | None) -> tuple[ChannelFeedback, ...] | None:
    if text is None:
        return None
    return tuple(
        ChannelFeedback(one["channel"], FeedbackState(one["state"]), tuple(one["messages"]), moment(one["at"]))
        for one in json.loads(text)
    )
