"""Counts of listings by status at a moment, and by the end of each day."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from aexdash.clock import DAY, day_of, from_text, start_of_day, to_text
from aexdash.model import HELD, Status
from aexdash.snapshot.history import as_of as stretches
from aexdash.snapshot.history import series
from aexdash.snapshot.history.readings import readings
from aexdash.snapshot.history.series import Bucket, HeldPoint
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.stores import CHOSEN, Stores, keys_of
from aexdash.snapshot.tallies import DayPoint, Hero
from aexdash.statement import Reach, StoreReading

FOREVER = "9999"
"""A text that sorts after every stored moment."""

STORES = f"SELECT id, key FROM store WHERE {CHOSEN}"  # noqa: S608

FIRST_COMPLETE = """
SELECT s.value, (
    SELECT r.as_of FROM walk AS w JOIN sync_run AS r ON r.id = w.run_id
    WHERE w.store_id = :store AND w.status = s.value AND w.complete = 1 ORDER BY w.run_id LIMIT 1
)
FROM json_each('["active", "offline"]') AS s
"""

FIRST_COVERED = "SELECT min(from_at) FROM coverage WHERE store_id = ?"

EVER_WALKED = "SELECT EXISTS (SELECT 1 FROM walk WHERE store_id = ? AND status = ?)"

COUNT_NOW = "SELECT status, listings FROM status_count WHERE store_id = :store"

COUNT_THEN = """
SELECT s.value, (
    SELECT listings FROM count_change
    WHERE store_id = :store AND status = s.value AND as_of <= :at ORDER BY as_of DESC LIMIT 1
)
FROM json_each('["auditing", "rejected", "active", "offline", "other"]') AS s
"""

TAKEN_DOWN_NOW = """
SELECT count(*) FROM status_period INDEXED BY period_open_listed
WHERE store_id = :store AND status = 'offline' AND cause <> 'pending_launch' AND listed = 1 AND ended_at IS NULL
"""

TAKEN_DOWN_THEN = f"""
SELECT count(*) FROM {stretches.CONTAINED}
WHERE store_id = :store AND status = 'offline' AND cause <> 'pending_launch'
"""  # noqa: S608

NOTHING_HELD = f"""
SELECT as_of FROM count_change AS z INDEXED BY count_zero  -- candidates: moments at which some held count became 0
WHERE store_id IN (SELECT value FROM json_each(:stores)) AND listings = 0 AND status IN {HELD_STATUSES}
    AND as_of <= :at AND 0 = (  -- and at which the held counts of all stores add up to 0
        SELECT total(coalesce((
            SELECT c.listings FROM count_change AS c
            WHERE c.store_id = s.value AND c.status = h.value AND c.as_of <= z.as_of ORDER BY c.as_of DESC LIMIT 1
        ), 0))
        FROM json_each(:stores) AS s CROSS JOIN json_each('["auditing", "rejected"]') AS h
    )
ORDER BY as_of DESC LIMIT 1
"""  # noqa: S608
"""The last moment, up to `:at`, at which nothing was held in any of the stores."""

HELD_SINCE = """
SELECT min((
    SELECT as_of FROM count_change
    WHERE store_id = s.value AND status = h.value AND as_of > :nothing AND listings > 0 ORDER BY as_of LIMIT 1
))
FROM json_each(:stores) AS s CROSS JOIN json_each('["auditing", "rejected"]') AS h
"""
"""When something was first held after `:nothing`, the last moment at which nothing was."""


READ_BEFORE = """
SELECT EXISTS (SELECT 1 FROM coverage WHERE store_id = :store AND from_at < :since AND until_at >= :since)
"""
"""Whether readings speak for the time right before a moment."""

READ_FROM = "SELECT min(from_at) FROM coverage WHERE store_id = :store AND from_at >= :since AND from_at <= :at"
"""The first reading from a moment on after which readings speak again."""


@dataclass(frozen=True, slots=True)
class KnownFrom:
    """From when on a store's counts are known, as stored moments; None: not yet.

    `held` covers rejected and auditing, `total` every status.
    """

    held: str | None
    active: str | None
    total: str | None


def hero(connection: sqlite3.Connection, store_keys: Stores, as_of: datetime | None, now: datetime) -> Hero:
    """Count the held listings at a moment (None: now), over the stores that were read.

    At present a store counts as it was when last read; at a past moment only those count whose readings cover it. A
    count that no complete walk confirms is None. What is stuck in audit is not counted here: see `measures.held`.
    """
    each = readings(connection, store_keys, as_of, now)
    stores = [store for store, reading in each.items() if reading.read_at and (reading.current or not as_of)]
    reach = Reach(tuple(each.values()), as_of)
    if not stores:
        return Hero(None, None, None, None, reach=_with_last(connection, each, reach))
    at = to_text(as_of) if as_of else FOREVER
    known = {store: known_from(connection, store) for store in stores}
    by_store = {store: counts_at(connection, store, at if as_of else None) for store in stores}
    counts = _sum(by_store.values())
    bound = {"at": at, **(stretches.bound(as_of) if as_of else {})}
    active = [store for store in stores if (first := known[store].active) and first <= at]
    whole = [store for store in stores if (first := known[store].total) and first <= at]
    since = _since(connection, stores, at if as_of else None) if held_in(counts) else None
    read = [each[store].read_at for store in stores if held_in(by_store[store])]
    return Hero(
        rejected=counts["rejected"],
        auditing=counts["auditing"],
        since=since,
        as_of=reach.read_at,
        taken_down=total(connection, TAKEN_DOWN_THEN if as_of else TAKEN_DOWN_NOW, whole, bound) if whole else None,
        active=sum(by_store[store]["active"] for store in active) if active else None,
        total=sum(sum(by_store[store].values()) for store in whole) if whole else None,
        at_least=since is not None and any(_began_unseen(connection, store, to_text(since), at) for store in stores),
        held_at=max(filter(None, read), default=None),
        reach=reach,
    )


def _with_last(connection: sqlite3.Connection, each: Mapping[int, StoreReading], reach: Reach) -> Reach:
    """Add what was held when the stores were last read before a moment that no reading covers."""
    read = {store: reading.read_at for store, reading in each.items() if reading.read_at}
    if not read:
        return reach
    return replace(reach, was=float(sum(held_at(connection, store, at) for store, at in read.items())))


def ids_of(connection: sqlite3.Connection, store_keys: Stores) -> list[int]:
    """Return the ids of the stores."""
    return list(_keys(connection, store_keys))


def known_from(connection: sqlite3.Connection, store: int) -> KnownFrom:
    """Return from when on complete walks confirm a store's counts."""
    first: dict[str, str | None] = dict(connection.execute(FIRST_COMPLETE, {"store": store}).fetchall())
    held = connection.execute(FIRST_COVERED, [store]).fetchone()[0]
    total = _later(held, first["active"])
    if connection.execute(EVER_WALKED, [store, "offline"]).fetchone()[0]:
        total = _later(total, first["offline"])
    return KnownFrom(held, first["active"], total)


def on_sale(connection: sqlite3.Connection, stores: Sequence[int]) -> int | None:
    """Count the listings on sale now; None where those of a store were never walked completely."""
    if any(known_from(connection, store).active is None for store in stores):
        return None
    return _sum(counts_at(connection, store, None) for store in stores)["active"]


def _later(one: str | None, other: str | None) -> str | None:
    return None if one is None or other is None else max(one, other)


def counts_at(connection: sqlite3.Connection, store: int, at: str | None) -> dict[str, int]:
    """Return the number of listings in each status but `deleted`, at a stored moment (None: now)."""
    rows = dict(connection.execute(COUNT_THEN if at else COUNT_NOW, {"store": store, "at": at}).fetchall())
    return {status.value: rows.get(status.value) or 0 for status in Status if status is not Status.DELETED}


def held_at(connection: sqlite3.Connection, store: int, at: datetime) -> int:
    """Count the held listings of a store at a moment."""
    return held_in(counts_at(connection, store, to_text(at)))


def held_in(counts: Mapping[str, int]) -> int:
    """Add up the held listings among counts by status."""
    return sum(counts[status.value] for status in HELD)


def sum_if_known(counts: Sequence[int | None]) -> int | None:
    """Add up the counts of several stores; None where there are none, or one is not known."""
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _sum(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for one in counts:
        for status, listings in one.items():
            total[status] += listings
    return total


def total(connection: sqlite3.Connection, sql: str, stores: Iterable[int], bound: Mapping[str, object]) -> int:
    """Run a query that counts listings for each store, and add up the results."""
    return sum(connection.execute(sql, {**bound, "store": store}).fetchone()[0] for store in stores)


def _since(connection: sqlite3.Connection, stores: Sequence[int], at: str | None) -> datetime | None:
    if at is None and len(stores) == 1:
        return from_text(connection.execute("SELECT held_since FROM store WHERE id = ?", [stores[0]]).fetchone()[0])
    bound = {"stores": f"[{','.join(map(str, stores))}]", "at": at or FOREVER}
    nothing = connection.execute(NOTHING_HELD, bound).fetchone()
    return from_text(connection.execute(HELD_SINCE, {**bound, "nothing": nothing[0] if nothing else ""}).fetchone()[0])


def _began_unseen(connection: sqlite3.Connection, store: int, since: str, at: str) -> bool:
    """Whether a store may have had held listings before `since`, because nobody read it right before.

    It was first read then or later, or again after a while without readings, and held some. `at` is the moment asked
    for: what was read after it counts for nothing.
    """
    if connection.execute(READ_BEFORE, {"store": store, "since": since}).fetchone()[0]:
        return False
    again = connection.execute(READ_FROM, {"store": store, "since": since, "at": at}).fetchone()[0]
    return any(held_in(counts_at(connection, store, moment)) > 0 for moment in (since, again) if moment)


def days(
    connection: sqlite3.Connection,
    store_keys: Stores,
    last_day: date,
    count: int,
    *,
    until: datetime,
    zone: tzinfo = UTC,
) -> list[DayPoint]:
    """Return the counts by the end of `count` days, the oldest first; a day that no reading speaks for has None.

    No day ends after `until`: what readings speak for after now, nobody has seen yet.
    """
    points = series.held(connection, store_keys, cut(last_day, count, zone), until)
    known = {key: (store, known_from(connection, store)) for store, key in _keys(connection, store_keys).items()}
    return [_day_point(connection, point, known, zone) for point in points]


def cut(last_day: date, count: int, zone: tzinfo) -> list[Bucket]:
    """Cut `count` days of a zone up to `last_day`, the oldest first."""
    return [_day(last_day - timedelta(days=back), zone) for back in range(count - 1, -1, -1)]


def _day(day: date, zone: tzinfo) -> Bucket:
    return Bucket(start_of_day(day, zone), start_of_day(day + DAY, zone))


def _day_point(
    connection: sqlite3.Connection, point: HeldPoint, known: Mapping[str, tuple[int, KnownFrom]], zone: tzinfo
) -> DayPoint:
    at = to_text(point.at or point.end)
    there = [known[one.store] for one in point.reach.read]
    active = [counts_at(connection, store, at)["active"] for store, first in there if _is_known(first.active, at)]
    total = [sum(counts_at(connection, store, at).values()) for store, first in there if _is_known(first.total, at)]
    return DayPoint(
        day=day_of(point.start, zone),
        rejected=point.rejected,
        auditing=point.auditing,
        active=sum(active) if active else None,
        total=sum(total) if total else None,
        newly_rejected=point.newly_rejected,
        reach=point.reach,
        is_open=point.is_open,
    )


def _is_known(first: str | None, at: str) -> bool:
    return first is not None and first <= at


def _keys(connection: sqlite3.Connection, store_keys: Stores) -> dict[int, str]:
    return dict(connection.execute(STORES, {"keys": keys_of(store_keys)}).fetchall())
