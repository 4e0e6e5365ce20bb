"""The CSV of what could not be matched between shop and AliExpress, and of what is on sale and not so in its shop."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import LISTING, Cell, Column, page_of
from aexdash.model import SourceWord
from aexdash.reconcile.unmatched import Unmatched, Unmatcheds
from aexdash.snapshot.matched.drifted import DIFFERS, DRIFTS, Drifted, DriftedStore
from aexdash.words.common import SOURCE_WORDS, STATUS_WORDS
from aexdash.words.reconcile.funnel import settle_words, why_unmatched
from aexdash.words.reconcile.source import COMPARED, TO_DO, Titles, told_words

DRIFTED = "drift"
"""The word of an address for which of the differences are asked for."""

CARD, ANY = "card", "any"
"""The differences that the card *Drifted from the shop* counts, and every one; else it is one by its word."""

UNMATCHED_COLUMNS = (
    Column("side", "Side", "word"),
    Column("store", "Store", "word"),
    Column("shop", "Shop", "word"),
    Column("sku", "SKU", "identifier", 20),
    Column("variant_id", "Id in the shop", "identifier", 30),
    Column("product_id", "Product id", "identifier", 20),
    Column("title", "Title", "text", 40),
    Column("state", "State in the shop", "word"),
    Column("status", "Status at AliExpress", "word"),
    Column("why", "Why not matched", "word", 30),
    Column("candidates", "May be", "identifier", 40),
    Column("to_do", "What to do", "word", 50),
    Column("edit_link", "Edit page", "link"),
)

DRIFTED_COLUMNS = (
    *LISTING,
    Column("words", "Beside the shop", "word", 30),
    Column("told", "What differs", "text", 60),
    Column("since", "Since (UTC)", "time", 24),
    Column("after", "Not so after (UTC)", "time", 24),
    Column("to_do", "What to do", "word", 50),
    Column("edit_link", "Edit page", "link"),
)


def csv_unmatched(found: Unmatcheds, edit_urls: Mapping[str, str]) -> Iterator[bytes]:
    """Write them as CSV; `edit_urls` are the patterns of the stores' edit pages by key."""
    return csv_of(UNMATCHED_COLUMNS, (_unmatched(one, edit_urls) for one in found.rows))


def _unmatched(one: Unmatched, edit_urls: Mapping[str, str]) -> tuple[Cell, ...]:
    listing = str(one.product_id) if one.product_id is not None else ""
    return (
        "shop" if one.is_sku else "AliExpress",
        *(one.store, one.shop, one.sku, one.variant_id, listing, one.title),
        one.state.value if one.state else "",
        STATUS_WORDS[one.status] if one.status else "",
        why_unmatched(one),
        ", ".join(one.candidates),
        settle_words(one),
        page_of(edit_urls, one.store, listing) if listing else "",
    )


def unmatched_facts(found: Unmatcheds) -> dict[str, Any]:
    """Return what could not be matched for scripts: what its numbers may claim, and every row."""
    return {
        "bounds": {
            "skus": {fate.value: bound.value for fate, bound in found.of_skus.items()},
            "listings": {fate.value: bound.value for fate, bound in found.of_listings.items()},
        },
        "rows": [
            {
                "side": "shop" if one.is_sku else "aliexpress",
                "store": one.store,
                "shop": one.shop or None,
                "sku": one.sku,
                "variant_id": one.variant_id or None,
                "product_id": None if one.product_id is None else str(one.product_id),
                "title": one.title,
                "state": one.state.value if one.state else None,
                "status": one.status.value if one.status else None,
                "why": one.why.value,
                "candidates": list(one.candidates),
            }
            for one in found.rows
        ],
    }


def words_of(word: str) -> tuple[SourceWord, ...]:
    """Return the differences that a word of an address asks for.

    Raises:
        ValueError: it asks for none.
    """
    if word == CARD:
        return DRIFTS
    if word == ANY:
        return DIFFERS
    if word not in DIFFERS:
        raise ValueError(word)
    return (SourceWord(word),)


def csv_drifted(stores: Iterable[DriftedStore], edit_urls: Mapping[str, str], titles: Titles) -> Iterator[bytes]:
    """Write the listings as CSV, a line each; `titles` are those of shops by their keys."""
    return csv_of(DRIFTED_COLUMNS, (_drifted(one, edit_urls, titles) for store in stores for one in store.listings))


def _drifted(one: Drifted, edit_urls: Mapping[str, str], titles: Titles) -> tuple[Cell, ...]:
    clocked = max((told for told in one.told if told.since), key=lambda told: str(told.since), default=None)
    return (
        one.store,
        str(one.product_id),
        one.title,
        " | ".join(SOURCE_WORDS[word] for word in one.words),
        told_words(one.told, titles),
        clocked.since if clocked else None,
        clocked.after if clocked else None,
        " | ".join(TO_DO[word] for word in one.words),
        page_of(edit_urls, one.store, str(one.product_id)),
    )


def drifted_facts(stores: Iterable[DriftedStore]) -> list[dict[str, Any]]:
    """Return the listings for scripts, by store, with how many could be compared and each difference with its clock."""
    return [
        {
            "store": store.store,
            "listings": store.counted.listings,
            "compared": store.counted.compared,
            "on_sale": store.counted.of,
            "shop_read_at": store.counted.shop_read_at,
            "compared_at": store.compared_at,
            "drifted": [
                {
                    "product_id": str(one.product_id),
                    "title": one.title,
                    "words": [word.value for word in one.words],
                    "differs": [
                        {
                            "word": told.word.value,
                            "of": COMPARED[told.word].lower(),
                            "shop": told.shop,
                            "there": told.there,
                            "here": told.here,
                            "after": told.after,
                            "since": told.since,
                        }
                        for told in one.told
                    ],
                }
                for one in store.listings
            ],
        }
        for store in stores
    ]
