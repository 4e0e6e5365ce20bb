"""The listings that people name by their ids on a command line, or on its standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from aexdash.snapshot.query import Snapshot

FROM_STDIN = "-"


def listings_of(snapshot: Snapshot, words: Iterable[str], store: str | None) -> tuple[list[tuple[str, int]], list[str]]:
    """Return the listings that ids mean, each once, and a sentence for each that means none or several.

    An id is digits or `store/id`; `-` stands for those that standard input holds, apart by white space.

    Raises:
        click.UsageError: one of the words is no id.
    """
    from aexdash.sources.columns.ids import NoProductId, product_id_of  # noqa: PLC0415
    from aexdash.sources.seller_center import meant  # noqa: PLC0415

    asked: dict[tuple[str | None, int], None] = {}
    unknown: list[str] = []
    for word in _words(words):
        place, slash, digits = word.rpartition("/")
        try:
            asked[place if slash else store, product_id_of(digits)] = None
        except NoProductId as error:
            unknown.append(f"{error}.")
    if unknown:  # before anything is done on the others: a slip of the keys, and no listing
        raise click.UsageError(f"{' '.join(unknown)} Write the digits that aexdash worklist shows, or STORE/ID.")
    known = snapshot.known_ids({product_id for _, product_id in asked})
    keys: dict[tuple[str, int], None] = {}
    for where, product_id in asked:
        found = meant(known.get(product_id, ()), where)
        if len(found) == 1:
            keys[found[0].store, product_id] = None
        elif found:
            stores = ", ".join(f"{one.store}/{product_id}" for one in found)
            unknown.append(f"{product_id} is in several stores: write one of {stores}, or name the store with --store.")
        else:
            unknown.append(f"The snapshot knows no listing {product_id}{f' in store {where}' if where else ''}.")
    return list(keys), unknown


def _words(words: Iterable[str]) -> list[str]:
    return [part for word in words for part in (_typed_in().split() if word == FROM_STDIN else [word])]


def _typed_in() -> str:
    if sys.stdin is None:
        raise click.UsageError(f"{FROM_STDIN} reads ids from standard input, which is closed.")
    return sys.stdin.read()
