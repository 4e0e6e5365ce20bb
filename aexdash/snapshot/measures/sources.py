"""What is counted of listings beside their shops: on sale here and not so there, and mended there but not here.

What was told of a listing is that of the last comparison. Past values are those that were stored then, because nobody
keeps which listings were on sale when they were compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import from_text_or_none
from aexdash.model import HELD, SourceWord, Status
from aexdash.snapshot.history import card_values
from aexdash.snapshot.measures.scope import MeasuredStore, Scope

DRIFT = "aexdash_shop_drift"
FIXED = "aexdash_fixed_in_shop"

DRIFTS = (
    *(SourceWord.DRAFT, SourceWord.ARCHIVED, SourceWord.HIDDEN, SourceWord.UNPUBLISHED, SourceWord.ELSEWHERE),
    *(SourceWord.OUT_OF_STOCK, SourceWord.MISSING, SourceWord.PRICE),
)
"""What a listing on sale should not be in its shop."""

COUNT = """
SELECT count(*), coalesce(sum(s.words IS NOT NULL AND NOT instr(s.words, '|not_known|')), 0), coalesce(sum({any}), 0)
FROM status_period AS p INDEXED BY period_open_by_status
LEFT JOIN listing_source AS s INDEXED BY listing_source_open
    ON s.store_id = p.store_id AND s.product_id = p.product_id AND s.ended_at IS NULL
WHERE p.store_id = :store AND p.ended_at IS NULL AND p.status IN ({statuses})
"""

COMPARED = "SELECT shop_read_at FROM source_compared WHERE store_id = ?"


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


def drift(scope: Scope) -> BesideShop | None:
    """Count the listings on sale that their shop has not for sale, has not at all, or has at another price."""
    return _count(scope, DRIFT, DRIFTS, (Status.ACTIVE,))


def fixed(scope: Scope) -> BesideShop | None:
    """Count the held listings of which a measured cause is gone in the shop, and not here."""
    return _count(scope, FIXED, (SourceWord.FIXED,), HELD)


def _count(
    scope: Scope, key: str, words: tuple[SourceWord, ...], statuses: tuple[Status, ...] | frozenset[Status]
) -> BesideShop | None:
    """Add up a count over the stores that have a shop; None where none has one, or nothing was stored of a past one."""
    known = [
        _stored(scope, key, store) if scope.past else _now(scope, store, words, statuses) for store in scope.stores
    ]
    total: BesideShop | None = None
    for one in known:
        total = one if total is None else total if one is None else total.and_of(one)
    return total


def _now(
    scope: Scope,
    store: MeasuredStore,
    words: tuple[SourceWord, ...],
    statuses: tuple[Status, ...] | frozenset[Status],
) -> BesideShop | None:
    row = scope.connection.execute(COMPARED, [store.id]).fetchone()
    if row is None:
        return None
    any_of = " OR ".join(f"instr(s.words, '|{word.value}|')" for word in words)
    listed = ", ".join(f"'{status.value}'" for status in sorted(statuses))
    sql = COUNT.format(any=any_of, statuses=listed)
    of, compared, found = scope.connection.execute(sql, {"store": store.id}).fetchone()
    return BesideShop(found, compared, of, from_text_or_none(row[0]))


def _stored(scope: Scope, key: str, store: MeasuredStore) -> BesideShop | None:
    entry = card_values.latest(scope.connection, store.id, key, scope.at)
    if entry is None or entry.value is None:
        return None
    return BesideShop(int(entry.value), int(entry.known or 0), int(entry.of or 0))
