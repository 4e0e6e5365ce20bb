"""Counts of listings by status at a moment, at the end of each day, and the books between two moments."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from aexdash.clock import DAY, TICK, from_text, start_of_day, to_text, zone_name
from aexdash.model import HELD, Status
from aexdash.snapshot.history import as_of as stretches
from aexdash.snapshot.history.days import day_of_text, with_days
from aexdash.snapshot.history.readings import readings
from aexdash.snapshot.readmodels import Bridge, DayPoint, Hero
from aexdash.snapshot.sql import HELD_STATUSES, first_seen
from aexdash.snapshot.stores import CHOSEN, Stores, keys_of
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

REJECTED_BY_DAY = """
SELECT local_day(started_at, :zone), count(DISTINCT product_id) FROM status_period
WHERE store_id = :store AND listed = 1 AND status = 'rejected' AND started_after IS NOT NULL
    AND started_at >= :first AND started_at < :after
GROUP BY 1
"""

COVERAGE = "SELECT from_at, until_at FROM coverage WHERE store_id = :store AND until_at >= :first ORDER BY from_at"

ENTERED = f"""
SELECT status, count(*), sum({first_seen()}) FROM status_period
WHERE store_id = :store AND listed = 1 AND status IN {HELD_STATUSES}
    AND started_at > :start AND started_at <= :end
    AND coalesce(came_from, '') NOT IN {HELD_STATUSES}
GROUP BY status
"""  # noqa: S608

LEFT = f"""
SELECT ended_to, count(*) FROM status_period
WHERE store_id = :store AND listed = 1 AND status IN {HELD_STATUSES} AND ended_at > :start AND ended_at <= :end
    AND ended_to NOT IN {HELD_STATUSES}
GROUP BY ended_to
"""  # noqa: S608


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
        at_least=since is not None
        and any(_held_when_first_read(connection, store, known[store].held, since) for store in stores),
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
    return [store for store, _ in connection.execute(STORES, {"keys": keys_of(store_keys)}).fetchall()]


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


def _held_when_first_read(connection: sqlite3.Connection, store: int, first: str | None, since: datetime) -> bool:
    """Whether a store had held listings when it was first read, at `since` or later: they may have been held before."""
    return first is not None and from_text(first) >= since and held_in(counts_at(connection, store, first)) > 0


def days(
    connection: sqlite3.Connection, store_keys: Stores, last_day: date, count: int, zone: tzinfo = UTC
) -> list[DayPoint]:
    """Return the counts at the end of `count` days, the oldest first; a day that no complete run covers has None."""
    wanted = [last_day - timedelta(days=back) for back in range(count - 1, -1, -1)]
    lines = [_StoreDays.read(connection, store, wanted, zone) for store in ids_of(connection, store_keys)]
    return [_day_point(day, [line for line in lines if line.connected(day)]) for day in wanted]


@dataclass(frozen=True, slots=True)
class _StoreDays:
    """A store's days: the counts at the last moment of each that was read, and newly rejected listings by day."""

    at_end: Mapping[str, dict[str, int]]
    newly_rejected: Mapping[str, int]
    known: KnownFrom
    zone: tzinfo

    @classmethod
    def read(cls, connection: sqlite3.Connection, store: int, wanted: Sequence[date], zone: tzinfo) -> _StoreDays:
        first, after = start_of_day(wanted[0], zone), start_of_day(wanted[-1] + DAY, zone)
        bound = {"store": store, "first": to_text(first), "after": to_text(after), "zone": zone_name(zone)}
        spells = connection.execute(COVERAGE, bound).fetchall()
        at_end = {}
        for day in wanted:
            if last := _last_read(day, spells, zone):
                at_end[day.isoformat()] = counts_at(connection, store, last)
        newly_rejected = dict(with_days(connection).execute(REJECTED_BY_DAY, bound).fetchall())
        return cls(at_end, newly_rejected, known_from(connection, store), zone)

    def connected(self, day: date) -> bool:
        """Whether the store had been read at all by the end of a day."""
        return self._known_by(day.isoformat(), self.known.held)

    def count(self, day: str, statuses: Iterable[Status], known_from: str | None) -> int | None:
        """Add up a day's counts; None where no reading speaks for any of the day, or the counts were not known yet."""
        if day not in self.at_end or not self._known_by(day, known_from):
            return None
        return sum(self.at_end[day][status.value] for status in statuses)

    def _known_by(self, day: str, known_from: str | None) -> bool:
        """Whether counts that are known from a stored moment on are known at the end of a day."""
        return known_from is not None and day_of_text(known_from, zone_name(self.zone)) <= day

    def rejected(self, day: str) -> int | None:
        """Count the listings that moved to rejected on a day."""
        return self.newly_rejected.get(day, 0) if day in self.at_end else None


def _last_read(day: date, spells: Sequence[tuple[str, str]], zone: tzinfo) -> str | None:
    """Return the last moment of a day for which a reading speaks; None where there is none."""
    first, last = to_text(start_of_day(day, zone)), to_text(start_of_day(day + DAY, zone) - TICK)
    return max((min(until, last) for begun, until in spells if begun <= last and until >= first), default=None)


def _day_point(day: date, lines: Sequence[_StoreDays]) -> DayPoint:
    text = day.isoformat()
    present = [status for status in Status if status is not Status.DELETED]
    return DayPoint(
        day=day,
        rejected=sum_if_known([line.count(text, [Status.REJECTED], line.known.held) for line in lines]),
        auditing=sum_if_known([line.count(text, [Status.AUDITING], line.known.held) for line in lines]),
        active=sum_if_known([line.count(text, [Status.ACTIVE], line.known.active) for line in lines]),
        total=sum_if_known([line.count(text, present, line.known.total) for line in lines]),
        newly_rejected=sum_if_known([line.rejected(text) for line in lines]),
    )


def bridge(connection: sqlite3.Connection, store_keys: Stores, start: datetime, end: datetime) -> Bridge:
    """Return the books of held listings between two moments, counted from the periods themselves."""
    entered: dict[str, int] = defaultdict(int)
    left: dict[str, int] = defaultdict(int)
    opening = closing = first_seen = 0
    for store in ids_of(connection, store_keys):
        bound = {"store": store, "start": to_text(start), "end": to_text(end)}
        for status, listings, of_first_seen in connection.execute(ENTERED, bound):
            entered[status] += listings
            first_seen += of_first_seen
        for status, listings in connection.execute(LEFT, bound):
            left[status] += listings
        opening += held_at(connection, store, start)
        closing += held_at(connection, store, end)
    return Bridge(start, end, opening, dict(entered), dict(left), closing, first_seen)
