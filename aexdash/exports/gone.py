"""The CSV of listings that left sale in a span, a line each time, and of those on sale that expire soon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import LISTING, Cell, Column, page_of
from aexdash.snapshot.compared.expiring import Expiring
from aexdash.snapshot.compared.gone import Gone
from aexdash.snapshot.matched.report import StockThen
from aexdash.words.common import STATUS_WORDS
from aexdash.words.reconcile.gone import Asked, asked_of, where_words

COLUMNS = (
    *LISTING,
    Column("after", "Left after (UTC)", "time", 24),
    Column("by", "Left by (UTC)", "time", 24),
    Column("to", "Where to", "word"),
    Column("cause", "AliExpress' word for it", "word"),
    Column("now", "Now", "word"),
    Column("stock", "Stock (pieces)", "number"),
    Column("stock_at", "Stock read (UTC)", "time", 24),
    Column("edit_link", "Edit page", "link"),
    Column("shop_stock", "Stock in the shop then (pieces)", "number"),
    Column("shop_read_at", "Shop read (UTC)", "time", 24),
)


def csv_gone(
    gone: Iterable[Gone], edit_urls: Mapping[str, str], stock_then: Mapping[Asked, StockThen]
) -> Iterator[bytes]:
    """Write them as CSV; `edit_urls` are the patterns of the stores' edit pages by key."""
    return csv_of(COLUMNS, (_cells(one, edit_urls, stock_then.get(asked_of(one))) for one in gone))


def _cells(one: Gone, edit_urls: Mapping[str, str], then: StockThen | None) -> tuple[Cell, ...]:
    return (
        one.store,
        str(one.product_id),
        one.title,
        one.after,
        one.by,
        where_words(one),
        one.cause or "",
        STATUS_WORDS[one.now],
        one.stock,
        one.stock_at,
        page_of(edit_urls, one.store, str(one.product_id)),
        then.pieces if then else None,
        then.read_at if then else None,
    )


EXPIRING_COLUMNS = (
    *LISTING,
    Column("at", "Expires (UTC)", "time", 24),
    Column("raw", "As AliExpress wrote it", "identifier", 24),
    Column("edit_link", "Edit page", "link"),
)


def csv_expiring(soon: Iterable[Expiring], edit_urls: Mapping[str, str]) -> Iterator[bytes]:
    """Write the listings on sale that expire soon as CSV, the earliest first."""
    return csv_of(
        EXPIRING_COLUMNS,
        (
            (
                one.store,
                str(one.product_id),
                one.title,
                one.at,
                one.raw,
                page_of(edit_urls, one.store, str(one.product_id)),
            )
            for one in soon
        ),
    )
