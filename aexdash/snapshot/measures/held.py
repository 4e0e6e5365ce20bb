"""Measures of held and taken down listings: how many, since when, how many moved, and how long audits take."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from aexdash.clock import DAY, TICK, from_text, to_text
from aexdash.model import Status
from aexdash.snapshot.history import as_of as stretches
from aexdash.snapshot.history import counts as history
from aexdash.snapshot.history.readings import unread
from aexdash.snapshot.history.spells import percentile
from aexdash.snapshot.measures.facts import Counts, Oldest, Rejections, Stuck
from aexdash.snapshot.measures.scope import MeasuredStore, Scope
from aexdash.snapshot.sql import first_seen
from aexdash.statement import WindowUpTo

LONG_IN_AUDIT = timedelta(days=3)
"""An audit that takes longer counts as stuck, unless the store has a limit of its own."""

ENOUGH_AUDITS = 20
"""The fewest audits that must have ended for a store to have a limit of its own."""

AUDITS_OF = timedelta(days=90)
"""The audits of this time make the limit of a store."""

OLDEST_NOW = """
-- Every open period counts, also one that is stamped later than now because a clock was set back since.
SELECT started_at, product_id, id FROM status_period INDEXED BY period_open_listed
WHERE store_id = :store AND status = :status AND listed = 1 AND ended_at IS NULL
ORDER BY started_at LIMIT 1
"""

OLDEST_THEN = """
SELECT started_at, product_id, id FROM (
    SELECT * FROM (  -- the oldest open period; SQLite allows a LIMIT before UNION only in a subquery
        SELECT started_at, product_id, id FROM status_period INDEXED BY period_open_listed
        WHERE store_id = :store AND status = :status AND started_at <= :at AND listed = 1 AND ended_at IS NULL
        ORDER BY started_at LIMIT 1
    )
    UNION ALL  -- and all that have ended since
    SELECT started_at, product_id, id FROM status_period INDEXED BY period_listed_ended
    WHERE store_id = :store AND listed = 1 AND ended_at > :at AND status = :status AND started_at <= :at
)
ORDER BY started_at, product_id LIMIT 1
"""

UNSEEN_BEGINNING = f"SELECT {first_seen()} FROM status_period WHERE id = ?"  # noqa: S608

NEWLY_REJECTED = """
SELECT count(DISTINCT product_id) FROM status_period
WHERE store_id = :store AND listed = 1 AND status = 'rejected' AND started_after IS NOT NULL
    AND started_at > :start AND started_at <= :end
"""

REJECTIONS = """
SELECT count(*), coalesce(sum(attempt > 1), 0) FROM status_period INDEXED BY period_listed_started
WHERE store_id = :store AND listed = 1 AND started_at > :start AND started_at <= :end
    AND status = 'rejected' AND started_after IS NOT NULL
"""

LONG_NOW = """
SELECT count(*) FROM status_period INDEXED BY period_open_listed
WHERE store_id = :store AND status = 'auditing' AND started_at <= :long AND listed = 1 AND ended_at IS NULL
"""

LONG_THEN = f"""
SELECT count(*) FROM {stretches.CONTAINED}
WHERE store_id = :store AND status = 'auditing' AND started_at <= :long
"""  # noqa: S608

MAY_BE_LONG = f"""
SELECT count(*) FROM {stretches.CONTAINED}
WHERE store_id = :store AND status = 'auditing' AND started_at > :long AND coalesce(started_after, '') <= :long
"""  # noqa: S608
"""Audits of which nobody knows whether they had begun by `:long`: nobody read between that and their first showing."""

BEGAN_AFTER = f"""
SELECT min(coalesce(started_after, '')) FROM {stretches.CONTAINED} WHERE store_id = :store AND status = :status
"""  # noqa: S608
"""The last reading before any listing of a status was first seen in it; empty: one was there at the first of all."""

AUDITS = f"""
SELECT product_id, started_at, ended_at, came_from FROM status_period INDEXED BY period_listed_ended
WHERE store_id = :store AND listed = 1 AND ended_at > :start AND ended_at <= :end AND status = 'auditing'
    AND NOT ({first_seen()})
"""  # noqa: S608


def counts(scope: Scope) -> Counts:
    """Count the listings in each status, each over the stores of which it is known."""
    at = to_text(scope.at) if scope.past else None
    by_store = {store.id: history.counts_at(scope.connection, store.id, at) for store in scope.stores}
    total = {store.id for store in scope.knowing("total")}

    def summed(stores: Collection[int], *statuses: Status) -> int | None:
        return sum(by_store[store][status.value] for store in stores for status in statuses) if stores else None

    return Counts(
        rejected=summed(by_store, Status.REJECTED),
        auditing=summed(by_store, Status.AUDITING),
        active=summed({store.id for store in scope.knowing("active")}, Status.ACTIVE),
        offline=summed(total, Status.OFFLINE),
        total=summed(total, *(status for status in Status if status is not Status.DELETED)),
        taken_down=scope.total(history.TAKEN_DOWN_NOW, history.TAKEN_DOWN_THEN, only=total) if total else None,
    )


def rejected(scope: Scope, window: WindowUpTo) -> int:
    """Count distinct listings that moved to rejected in a window."""
    return _summed(scope, NEWLY_REJECTED, window)[0]


def _summed(scope: Scope, sql: str, window: WindowUpTo) -> list[int]:
    """Add up, column by column, what a query returns for the window of each store."""
    rows = [scope.connection.execute(sql, bound).fetchone() for bound in windows(scope, window)]
    return [sum(column) for column in zip(*rows, strict=True)]


def windows(scope: Scope, window: WindowUpTo) -> Iterator[dict[str, object]]:
    """Yield for each store the SQL parameters of its window."""
    for store in scope.stores:
        start, end = map(to_text, window(store.until))
        yield {"store": store.id, "start": start, "end": end}


def oldest(scope: Scope, status: Status) -> Oldest | None:
    """Find the listing that has been rejected, or in audit, for longest when last read; None where none is."""
    of_stores = [one for store in scope.stores if (one := _oldest(scope, store, status))]
    oldest = max(of_stores, key=lambda one: (one.seconds, -one.product_id), default=None)
    return replace(oldest, most=max(one.most for one in of_stores)) if oldest else None


def _oldest(scope: Scope, store: MeasuredStore, status: Status) -> Oldest | None:
    bound = {**scope.bound, "store": store.id, "status": status.value}
    row = scope.connection.execute(OLDEST_THEN if scope.past else OLDEST_NOW, bound).fetchone()
    if row is None:
        return None
    started_at, product_id, period = row
    since = from_text(started_at)
    seconds = max((_read_at(store) - since).total_seconds(), 0.0)
    at_least = bool(scope.connection.execute(UNSEEN_BEGINNING, [period]).fetchone()[0])
    most = _most(scope, store, bound) if at_least or _may_be_older(scope, store, since) else seconds
    return Oldest(store.key, product_id, since, seconds, at_least=at_least, most=max(most, seconds))


def _may_be_older(scope: Scope, store: MeasuredStore, since: datetime) -> bool:
    """Whether nobody read for a while after a moment or in the day before: what was first seen may be older."""
    return bool(unread(scope.connection, store.id, (since - DAY, _read_at(store))))


def _most(scope: Scope, store: MeasuredStore, bound: Mapping[str, object]) -> float:
    """Return for how many seconds a listing may have been in a status at most; infinity: nobody knows."""
    contained = bound if scope.past else {**bound, **stretches.open_now()}
    (after,) = scope.connection.execute(BEGAN_AFTER, contained).fetchone()
    return (_read_at(store) - from_text(after)).total_seconds() if after else math.inf


def _read_at(store: MeasuredStore) -> datetime:
    """Return where the ages of a store end. A scope has no store that was not read yet."""
    assert store.read_at is not None
    return store.read_at


def rejections(scope: Scope, window: WindowUpTo) -> Rejections:
    """Count the rejections in a window, without those that stood when we first read the store."""
    return Rejections(*_summed(scope, REJECTIONS, window))


def audit_lengths(scope: Scope, window: WindowUpTo) -> list[float]:
    """Return the lengths of the audits that ended in a window, in seconds, the shortest first."""
    return sorted(length for store in scope.stores for length in _audits(scope, store, *window(store.until)))


def _audits(scope: Scope, store: MeasuredStore, start: datetime, end: datetime) -> list[float]:
    """Return the lengths of a store's audits in seconds, without those that had begun when we first read the store."""
    bound = {"store": store.id, "start": to_text(start), "end": to_text(end)}
    return [seconds_between(begun, ended) for _, begun, ended, _ in scope.connection.execute(AUDITS, bound)]


def stuck(scope: Scope) -> Stuck:
    """Count the audits that take longer than the limit of their store, when it was last read.

    The limit is the 90th percentile of the lengths of its audits that ended in the 90 days before; three days where
    fewer than 20 ended.
    """
    listings, unseen, limits, began_by, usual = 0, 0, {}, {}, []
    for store in scope.stores:
        read_at = _read_at(store)
        lengths = sorted(_audits(scope, store, read_at - AUDITS_OF, read_at))
        if len(lengths) < ENOUGH_AUDITS:
            usual.append(store.key)
        limit = percentile(lengths, 90) if len(lengths) >= ENOUGH_AUDITS else LONG_IN_AUDIT.total_seconds()
        limits[store.key] = limit
        began_by[store.key] = read_at - timedelta(seconds=limit) - TICK
        bound = {**scope.bound, "store": store.id, "long": to_text(began_by[store.key])}
        listings += scope.connection.execute(LONG_THEN if scope.past else LONG_NOW, bound).fetchone()[0]
        if _may_be_older(scope, store, began_by[store.key]):
            contained = bound if scope.past else {**bound, **stretches.open_now()}
            unseen += scope.connection.execute(MAY_BE_LONG, contained).fetchone()[0]
    return Stuck(listings, limits, tuple(usual), began_by, unseen)


def seconds_between(start: str, end: str) -> float:
    """Return the length of a span between two stored moments, in seconds."""
    return (from_text(end) - from_text(start)).total_seconds()
