"""What is counted of listings beside their shops: on sale here and not so there, and mended there but not here.

What was told of a listing is that of the last comparison. Past values are those that were stored then, because nobody
keeps which listings were on sale when they were compared.
"""

from __future__ import annotations

from datetime import datetime

from aexdash.clock import CLOCK_TOLERANCE, from_text, from_text_or_none, to_text
from aexdash.model import HELD, SourceWord, Status
from aexdash.snapshot.history import card_values
from aexdash.snapshot.matched.drifted import DRIFTS, ON_SALE, BesideShop, count
from aexdash.snapshot.measures.scope import MeasuredStore, Scope

DRIFT = "aexdash_shop_drift"
FIXED = "aexdash_fixed_in_shop"

READ = "SELECT shop_read_at, speaks_until FROM source_compared WHERE store_id = ? AND shop_read_at IS NOT NULL"

GAP = """
SELECT CASE WHEN value IS NULL AND of_total IS NULL THEN at END FROM card_value
WHERE store_id = :store AND card_key = :card AND at <= :at ORDER BY at DESC LIMIT 1
"""
"""Since when a past value was a gap; that of a shop which could not be compared is none: it says of how many."""

READ_BY = """
SELECT min(ended_at) FROM (
    SELECT max(r.ended_at) AS ended_at
    FROM shop_store AS o JOIN shop AS s ON s.id = o.shop_id JOIN shop_reading AS r ON r.shop_id = s.id
    WHERE o.store_key = :key AND s.watched = 1 AND r.outcome = 'complete' AND r.scope = 'catalogue'
        AND r.ended_at <= :at
    GROUP BY s.id
)
"""


def drift(scope: Scope) -> BesideShop | None:
    """Count the listings on sale that their shop has not for sale, has not at all, or has at another price."""
    return _count(scope, DRIFT, DRIFTS, ON_SALE)


def fixed(scope: Scope) -> BesideShop | None:
    """Count the held listings of which a measured cause is gone in the shop, and not here."""
    return _count(scope, FIXED, (SourceWord.FIXED,), HELD)


def behind(scope: Scope) -> dict[str, datetime]:
    """Return the stores, by key, whose shop's last complete reading does not speak for the moment, and when that was.

    A comparison that keeps no end of its reading is of an older version: nobody vouches for it after the reading.
    """
    read = {store.key: (_gap_then if scope.past else _behind_now)(scope, store) for store in scope.stores}
    return {key: at for key, at in read.items() if at}


def _behind_now(scope: Scope, store: MeasuredStore) -> datetime | None:
    read, until = scope.connection.execute(READ, [store.id]).fetchone() or (None, None)
    if read is None:
        return None
    read_at, last = from_text(read), from_text_or_none(until)
    speaks = last is not None and read_at - CLOCK_TOLERANCE <= scope.at <= last
    return None if speaks else read_at


def _gap_then(scope: Scope, store: MeasuredStore) -> datetime | None:
    """Values of a shop that did not speak are stored as gaps: the tolerance of then is kept by nothing else."""
    bound = {"store": store.id, "key": store.key, "card": DRIFT}
    (gap,) = scope.connection.execute(GAP, {**bound, "at": to_text(scope.at)}).fetchone() or (None,)
    return from_text_or_none(scope.connection.execute(READ_BY, {**bound, "at": gap}).fetchone()[0]) if gap else None


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
