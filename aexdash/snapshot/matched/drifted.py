"""Which listings are something beside their shop, counted and listed by the same condition.

The card *Drifted from the shop* counts, the page and its CSV list: so both show the same listings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import from_text_or_none
from aexdash.model import SourceWord, Status
from aexdash.snapshot.columns import when
from aexdash.snapshot.matched.telling import read_told
from aexdash.snapshot.readmodels import SourceTold

DRIFTS = (
    *(SourceWord.DRAFT, SourceWord.ARCHIVED, SourceWord.HIDDEN, SourceWord.UNPUBLISHED, SourceWord.ELSEWHERE),
    *(SourceWord.OUT_OF_STOCK, SourceWord.MISSING, SourceWord.PRICE),
)
"""What a listing on sale should not be in its shop."""

DIFFERS = tuple(word for word in SourceWord if word not in (SourceWord.SAME, SourceWord.NOT_KNOWN))
"""What a listing is that was compared and is not the same."""

ON_SALE = (Status.ACTIVE,)

OF_STORE = """
FROM status_period AS p INDEXED BY period_open_by_status
LEFT JOIN listing_source AS s INDEXED BY listing_source_open
    ON s.store_id = p.store_id AND s.product_id = p.product_id AND s.ended_at IS NULL
{more}
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN ({statuses})
"""

LISTING = "JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id"

COMPARED = "SELECT shop_read_at, compared_at FROM source_compared WHERE store_id = ?"


@dataclass(frozen=True, slots=True)
class BesideShop:
    """So many of `of` listings are what was asked for; `compared` of these could be compared with a shop.

    `shop_read_at` is the end of the last complete reading of the shops, of several the longest ago; None: there was
    none, or the value is one of the past.
    """

    listings: int
    compared: int
    of: int
    shop_read_at: datetime | None = None

    def and_of(self, other: BesideShop) -> BesideShop:
        """Return both stores together."""
        read = min((at for at in (self.shop_read_at, other.shop_read_at) if at), default=None)
        return BesideShop(self.listings + other.listings, self.compared + other.compared, self.of + other.of, read)


@dataclass(frozen=True, slots=True)
class Drifted:
    """A listing with what it is beside its shop: its words, and each difference with since when it is so."""

    store: str
    product_id: int
    title: str
    status: Status
    words: tuple[SourceWord, ...]
    told: tuple[SourceTold, ...]


@dataclass(frozen=True, slots=True)
class DriftedStore:
    """The listings of a store that are what was asked for, with their count as the card has it."""

    store: str
    counted: BesideShop
    compared_at: datetime
    listings: tuple[Drifted, ...]


def count(
    connection: sqlite3.Connection, store: int, words: Collection[SourceWord], statuses: Collection[Status]
) -> BesideShop | None:
    """Count the listings of a store that are one of these; None where it has no shop, or was never compared."""
    row = connection.execute(COMPARED, [store]).fetchone()
    if row is None:
        return None
    compared = "coalesce(sum(s.words IS NOT NULL AND NOT instr(s.words, '|not_known|')), 0)"
    columns = f"count(*), {compared}, coalesce(sum({_any_of(words)}), 0)"
    sql = f"SELECT {columns} {_of_store(statuses)}"
    of, known, found = connection.execute(sql, {"store": store}).fetchone()
    return BesideShop(found, known, of, from_text_or_none(row[0]))


def drifted(
    connection: sqlite3.Connection,
    store: int,
    key: str,
    words: Collection[SourceWord],
    statuses: Collection[Status] = ON_SALE,
) -> DriftedStore | None:
    """Return the listings of a store that `count` counts, by their ids; None where `count` is."""
    counted = count(connection, store, words, statuses)
    if counted is None:
        return None
    (_, compared_at) = connection.execute(COMPARED, [store]).fetchone()
    return DriftedStore(key, counted, when(compared_at), tuple(_listings(connection, store, key, words, statuses)))


def _listings(
    connection: sqlite3.Connection,
    store: int,
    key: str,
    words: Collection[SourceWord],
    statuses: Collection[Status],
) -> Iterator[Drifted]:
    columns = "p.product_id, l.title, p.status, s.words, s.told"
    sql = f"SELECT {columns} {_of_store(statuses, LISTING)} AND {_any_of(words)} ORDER BY p.product_id"
    for product_id, title, status, said, told in connection.execute(sql, {"store": store}):
        known = tuple(SourceWord(word) for word in said.strip("|").split("|"))
        yield Drifted(key, product_id, title, Status(status), known, read_told(told))


def _of_store(statuses: Collection[Status], more: str = "") -> str:
    return OF_STORE.format(statuses=", ".join(f"'{status.value}'" for status in sorted(statuses)), more=more)


def _any_of(words: Collection[SourceWord]) -> str:
    asked = " OR ".join(f"instr(s.words, '|{word.value}|')" for word in words)
    return f"({asked})"
