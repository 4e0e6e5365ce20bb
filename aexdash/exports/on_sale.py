"""The CSV of listings on sale that sold nothing, and of those that were changed after they were approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC

from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import LISTING, Cell, Column, page_of
from aexdash.snapshot.compared.changed_again import ChangedAgain
from aexdash.snapshot.compared.unsold import UnsoldOfStore
from aexdash.words.common import STATUS_WORDS
from aexdash.words.reconcile.on_sale import again_words

UNSOLD = (
    *LISTING,
    Column("since", "On sale since (UTC)", "time", 24),
    Column("or_longer", "Or longer", "word"),
    Column("last_sale", "Last sale read (UTC)", "time", 24),
    Column("units_before", "Pieces sold before", "number"),
    Column("orders_from", "Orders read from (UTC)", "time", 24),
    Column("orders_until", "Orders read up to (UTC)", "time", 24),
    Column("whole", "All days read", "word"),
    Column("stock", "Stock (pieces)", "number"),
    Column("stock_at", "Stock read (UTC)", "time", 24),
    Column("edit_link", "Edit page", "link"),
)

CHANGED_AGAIN = (
    *LISTING,
    Column("approved_after", "Approved after (UTC)", "time", 24),
    Column("approved_by", "Approved by (UTC)", "time", 24),
    Column("how", "Changed again", "text", 40),
    Column("again_after", "In audit again after (UTC)", "time", 24),
    Column("again_by", "In audit again by (UTC)", "time", 24),
    Column("edited_at", "Last change by AliExpress (UTC)", "time", 24),
    Column("now", "Now", "word"),
    Column("edit_link", "Edit page", "link"),
)


def csv_unsold(stores: Iterable[UnsoldOfStore], edit_urls: Mapping[str, str]) -> Iterator[bytes]:
    """Write what sold nothing as CSV; `edit_urls` are the patterns of the stores' edit pages by key."""
    return csv_of(UNSOLD, (row for store in stores for row in _unsold(store, edit_urls)))


def _unsold(store: UnsoldOfStore, edit_urls: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    for one in store.listings:
        yield (
            one.store,
            str(one.product_id),
            one.title,
            one.since,
            "yes" if one.or_longer else "no",
            one.last_sale,
            one.units_before,
            store.read_from,
            store.until,
            "yes" if store.whole else "no",
            one.stock,
            one.stock_at,
            page_of(edit_urls, one.store, str(one.product_id)),
        )


def csv_changed_again(found: Iterable[ChangedAgain], edit_urls: Mapping[str, str]) -> Iterator[bytes]:
    """Write what was changed again after its approval as CSV, in the words of the page in UTC."""
    return csv_of(CHANGED_AGAIN, (_changed(one, edit_urls) for one in found))


def _changed(one: ChangedAgain, edit_urls: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        one.store,
        str(one.product_id),
        one.title,
        one.approved_after,
        one.approved_by,
        again_words(one, UTC),
        one.again_after,
        one.again_by,
        one.edited_at,
        STATUS_WORDS[one.now],
        page_of(edit_urls, one.store, str(one.product_id)),
    )
