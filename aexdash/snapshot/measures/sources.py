"""What is counted of listings beside their shops: on sale here and not so there, and mended there but not here.

What was told of a listing is that of the last comparison. Past values are those that were stored then, because nobody
keeps which listings were on sale when they were compared.
"""

from __future__ import annotations

from aexdash.model import HELD, SourceWord, Status
from aexdash.snapshot.history import card_values
from aexdash.snapshot.matched.drifted import DRIFTS, ON_SALE, BesideShop, count
from aexdash.snapshot.measures.scope import MeasuredStore, Scope

DRIFT = "aexdash_shop_drift"
FIXED = "aexdash_fixed_in_shop"


def drift(scope: Scope) -> BesideShop | None:
    """Count the listings on sale that their shop has not for sale, has not at all, or has at another price."""
    return _count(scope, DRIFT, DRIFTS, ON_SALE)


def fixed(scope: Scope) -> BesideShop | None:
    """Count the held listings of which a measured cause is gone in the shop, and not here."""
    return _count(scope, FIXED, (SourceWord.FIXED,), HELD)


def _count(
    scope: Scope, key: str, words: tuple[SourceWord, ...], statuses: tuple[Status, ...] | frozenset[Status]
) -> BesideShop | None:
    """Add up a count over the stores that have a shop; None where none has one, or nothing was stored of a past one."""
    known = [
        _stored(scope, key, store) if scope.past else count(scope.connection, store.id, words, statuses)
        for store in scope.stores
    ]
    total: BesideShop | None = None
    for one in known:
        total = one if total is None else total if one is None else total.and_of(one)
    return total


def _stored(scope: Scope, key: str, store: MeasuredStore) -> BesideShop | None:
    entry = card_values.latest(scope.connection, store.id, key, scope.at)
    if entry is None or entry.value is None:
        return None
    return BesideShop(int(entry.value), int(entry.known or 0), int(entry.of or 0))
