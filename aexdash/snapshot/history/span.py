"""Queries on the past of held listings: the books of a span and the listings behind them, ages, regressions."""

from __future__ import annotations

import itertools
import json
import sqlite3
import statistics
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from aexdash.clock import TICK, from_text, to_text
from aexdash.model import HELD, UNKNOWN_REASON, Status
from aexdash.snapshot.file import Opened
from aexdash.snapshot.history import as_of, flows, readings, spells
from aexdash.snapshot.history import counts as history
from aexdash.snapshot.history.facts import (
    LEAVING,
    AgeBand,
    Between,
    Books,
    Flow,
    Jump,
    Moved,
    Regression,
    TimeToClear,
)
from aexdash.snapshot.history.flows import Move, Page
from aexdash.snapshot.history.readings import StoreSpells
from aexdash.snapshot.history.spells import percentile
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.stores import Stores, keys_of
from aexdash.statement import Reach, StoreReading

ALL = -1
"""As the limit of a page: every row."""

CHUNK = 500
"""Moves that are read at a time when all of them are streamed."""

BANDS = (0, 1, 3, 7, 14, 30)
"""Where each band of ages begins, in days."""

JUMPS_OF = timedelta(days=30)
"""How far back jumps are looked for."""

FEWEST, SHARE = 5, 0.1
"""In a jump the held count grows by at least `FEWEST`, and by at least this share of what it was before."""

HELD_AT = f"""
SELECT started_at, product_id, status_period.id FROM {as_of.CONTAINED}
WHERE store_id = :store AND status IN {HELD_STATUSES}
"""  # noqa: S608

IDS_AT = f"""
SELECT product_id FROM {as_of.CONTAINED} WHERE store_id = :store AND status IN {HELD_STATUSES}
"""  # noqa: S608

SPELLS = f"""
SELECT held_since, max(started_at, :read_at), status = 'rejected',
    {readings.began_unseen(":store", "held_after", "held_since")}
FROM {as_of.CONTAINED}
WHERE store_id = :store AND status IN {HELD_STATUSES}
"""  # noqa: S608
"""Periods are read from the index alone. Bands are counted in Python: in SQL, SQLite would read and sort the table."""

AGAIN = """
SELECT started_at, product_id, id FROM status_period INDEXED BY period_listed_started
WHERE store_id = :store AND listed = 1 AND started_at > :start AND started_at <= :end
    AND status = 'rejected' AND attempt > 1
ORDER BY started_at DESC, product_id DESC
"""

REGRESSIONS = """
SELECT st.key, p.product_id, coalesce(l.title, ''), coalesce(
    CASE WHEN p.came_from = 'auditing' THEN (  -- which kind of audit: that of the period right before
        SELECT b.audit_kind FROM status_period AS b INDEXED BY period_of_listing
        WHERE b.store_id = p.store_id AND b.product_id = p.product_id AND b.ended_at = p.started_at
        ORDER BY b.started_at DESC LIMIT 1
    ) END, p.came_from, ''), p.started_at, p.attempt, p.codes, p.ended_at IS NULL OR p.ended_at > :as_of
FROM json_each(:ids) AS period  -- keeps the order of the ids
JOIN status_period AS p ON p.id = period.value
JOIN store AS st ON st.id = p.store_id
LEFT JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
ORDER BY period.key
"""

STATUS_AT = """
SELECT p.status, p.started_at FROM status_period AS p
WHERE p.store_id = :store AND p.product_id = :listing AND p.started_at <= :as_of
    AND (p.ended_at IS NULL OR p.ended_at > :as_of)
"""

RISES = f"""
SELECT as_of, status, listings FROM count_change
WHERE store_id = :store AND status IN {HELD_STATUSES} AND as_of > :start AND as_of <= :end
"""  # noqa: S608

LAST_CHANGE = """
SELECT max(as_of) FROM count_change
WHERE store_id = :store AND status = :status AND as_of > :first AND as_of <= :at
"""

NEXT_CHANGE = """
SELECT min(as_of) FROM count_change
WHERE store_id = :store AND status = :status AND as_of > max(:first, :at)
"""


LAST_RUN = "SELECT as_of FROM sync_run WHERE store_id = ? AND as_of IS NOT NULL ORDER BY id DESC LIMIT 1"


class Past:
    """Moves, and held listings of past moments, of some stores. Every method raises what those of `Snapshot` do."""

    def __init__(self, opened: Opened, store_keys: Stores) -> None:
        self._opened, self._store_keys = opened, store_keys

    def books(self, start: datetime, end: datetime) -> Books:
        """Return the books of held listings after `start` and up to `end`."""
        with self._opened() as connection:
            stores = _stores(connection, self._store_keys)
            held = {at: sum(history.held_at(connection, store, at) for store in stores) for at in (start, end)}
            counted = [flows.count(connection, store, start, end) for store in stores]
            first_read = _first_read(connection, stores)
            spells = readings.spells_of(connection, self._store_keys)
        opening = Reach(tuple(store.at(start) for store in spells), start)
        closing = Reach(tuple(_of_span(store, start, end) for store in spells), end)
        return Books(start, end, held[start], held[end], flows.summed(counted), first_read, opening, closing)

    def reach(self, start: datetime, end: datetime) -> Reach:
        """Return how far the stores were read at `end`, and how much of the span up to it was not read."""
        with self._opened() as connection:
            spells = readings.spells_of(connection, self._store_keys)
        return Reach(tuple(_of_span(store, start, end, whole=True) for store in spells), end)

    def first_read(self) -> dict[str, datetime]:
        """Return when each store was first completely read, by its key, without stores that never were."""
        with self._opened() as connection:
            return _first_read(connection, _stores(connection, self._store_keys))

    def moved(self, flow: Flow, start: datetime, end: datetime, limit: int, offset: int = 0) -> list[Moved]:
        """Read a page of the listings of a flow, the latest first."""
        with self._opened() as connection:
            stores = _stores(connection, self._store_keys)
            moves = flows.moved(connection, stores, flow, start, end, page=Page(limit, offset))
            return flows.read(connection, moves, left=flow in LEAVING)

    def every_move(self, flow: Flow, start: datetime, end: datetime) -> Iterator[Moved]:
        """Stream all listings of a flow from one state of the snapshot, the latest first."""
        with self._opened() as connection:
            moves = flows.moved(connection, _stores(connection, self._store_keys), flow, start, end, page=Page())
            for first in range(0, len(moves), CHUNK):
                yield from flows.read(connection, moves[first : first + CHUNK], left=flow in LEAVING)

    def last_recorded(self) -> datetime | None:
        """Return when anything was last recorded of the stores; from then on what is held stays the same."""
        with self._opened() as connection:
            stores = _stores(connection, self._store_keys)
            last = [row[0] for store in stores if (row := connection.execute(LAST_RUN, [store]).fetchone())]
        return max(map(from_text, last), default=None)

    def between(self, start: datetime, end: datetime) -> dict[Between, int]:
        """Count the listings held at one of two moments and not at the other."""
        counts = dict.fromkeys(Between, 0)
        with self._opened() as connection:
            for store in _stores(connection, self._store_keys):
                before, after = (_ids_at(connection, store, at) for at in (start, end))
                counts[Between.CAME] += len(after - before)
                counts[Between.GONE] += len(before - after)
        return counts

    def differing(self, side: Between, start: datetime, end: datetime, limit: int, offset: int = 0) -> list[Moved]:
        """Read a page of the listings held at one of two moments and not at the other, the latest first.

        Of those that came, the status is that at the second moment. Those that are gone have their status at the first
        moment and the one at the second, which may differ from the status that they first left for.
        """
        with self._opened() as connection:
            moves = self._differing(connection, side, start, end)[offset : offset + limit]
            return self._read_differing(connection, side, moves, start, end)

    def every_difference(self, side: Between, start: datetime, end: datetime) -> Iterator[Moved]:
        """Stream all listings held at one of two moments and not at the other."""
        with self._opened() as connection:
            moves = self._differing(connection, side, start, end)
            for first in range(0, len(moves), CHUNK):
                yield from self._read_differing(connection, side, moves[first : first + CHUNK], start, end)

    def ages(self, at: datetime | None) -> list[AgeBand]:
        """Count the held listings at a moment (None: now) by how long they have been held, up to the last reading."""
        bound = as_of.bound(at) if at else as_of.open_now()
        bands: Counter[tuple[int, int, int]] = Counter()
        with self._opened() as connection:
            for store in _stores(connection, self._store_keys):
                read_at = readings.last_read(connection, store, at)
                rows = connection.execute(
                    SPELLS, {**bound, "store": store, "read_at": (read_at and to_text(read_at)) or ""}
                )
                bands.update(_banded(rows))
        ends = (*BANDS[1:], None)
        return [
            AgeBand(
                least,
                below,
                rejected=bands[band, 1, 0] + bands[band, 1, 1],
                auditing=bands[band, 0, 0] + bands[band, 0, 1],
                at_least=bands[band, 1, 1] + bands[band, 0, 1],
            )
            for band, (least, below) in enumerate(zip(BANDS, ends, strict=True))
        ]

    def regressions(self, start: datetime, end: datetime, limit: int, offset: int = 0) -> list[Regression]:
        """Read a page of the rejections in a span that were not the listing's first, the latest first."""
        bound = {"start": to_text(start), "end": to_text(end)}
        with self._opened() as connection:
            stores = _stores(connection, self._store_keys)
            moves = flows.latest(connection, AGAIN, stores, bound, Page(limit, offset))
            ids = json.dumps([period for *_, period in moves])
            rows = connection.execute(REGRESSIONS, {"ids": ids, "as_of": to_text(end)})
            return [
                Regression(store, product_id, title, after, from_text(at), attempt, flows.words(codes), bool(still))
                for store, product_id, title, after, at, attempt, codes, still in rows
            ]

    def times_to_clear(self, start: datetime, end: datetime) -> list[TimeToClear]:
        """Return how long listings were held that became active in a span: all of them, then by each of their reasons.

        A listing with several reasons counts for each. Spells that nobody saw begin or end are left out.
        """
        lengths: dict[str, list[float]] = defaultdict(list)
        with self._opened() as connection:
            for store in _stores(connection, self._store_keys):
                for codes, seconds in spells.lengths(connection, store, start, end).items():
                    lengths[codes] += seconds
        return _times(lengths)

    def last_jump(self, at: datetime) -> Jump | None:
        """Find the last jump of the held count in the 30 days before a moment; None where there was none."""
        with self._opened() as connection:
            stores = readings.spells_of(connection, self._store_keys)
            jumps = [jump for store in stores if (jump := _last_jump(connection, store, at))]
        return max(jumps, key=lambda jump: jump.at, default=None)

    def changes_around(self, at: datetime) -> tuple[datetime | None, datetime | None]:
        """Return the moments around one at which the held counts were others: before their last change, at their next.

        The first is the last moment before the change for which a reading speaks, the second that of the reading that
        showed it. What a store held when it was first read is no change. None: there is none.
        """
        with self._opened() as connection:
            stores = [store for store in readings.spells_of(connection, self._store_keys) if store.spells]
            last = [(when, store) for store in stores for when in _changes(connection, store, LAST_CHANGE, at)]
            following = [when for store in stores for when in _changes(connection, store, NEXT_CHANGE, at)]
        before = None
        if last:
            when, store = max(last, key=lambda change: change[0])
            before = store.last_covered(from_text(store.spells[0][0]), when - TICK) or when - TICK
        return before, min(following, default=None)

    def _differing(self, connection: sqlite3.Connection, side: Between, start: datetime, end: datetime) -> list[Move]:
        at, other = (end, start) if side is Between.CAME else (start, end)
        moves: list[Move] = []
        for store in _stores(connection, self._store_keys):
            held_at_other = _ids_at(connection, store, other)
            rows = connection.execute(HELD_AT, {**as_of.bound(at), "store": store})
            moves += [row for row in rows if row[1] not in held_at_other]
        return sorted(moves, reverse=True)

    def _read_differing(
        self, connection: sqlite3.Connection, side: Between, moves: Sequence[Move], start: datetime, end: datetime
    ) -> list[Moved]:
        listings = flows.read(connection, moves, left=False)
        if side is Between.CAME:
            return [replace(listing, held_at=end) for listing in listings]
        stores = {key: store for store, key in _stores(connection, self._store_keys).items()}
        return [_gone(connection, stores[listing.store], replace(listing, held_at=start), end) for listing in listings]


def _changes(connection: sqlite3.Connection, store: StoreSpells, sql: str, at: datetime) -> list[datetime]:
    """Return the change that a query finds of each held count of a store, where there is one."""
    bound = {"store": store.id, "first": store.spells[0][0], "at": to_text(at)}
    found = [connection.execute(sql, {**bound, "status": status}).fetchone()[0] for status in HELD]
    return [from_text(when) for when in found if when]


def _banded(spells: Iterable[tuple[str, str, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield the band of each held listing, whether it is rejected, and whether its beginning was not seen.

    All of a store end at its last reading, but for those that were seen to move since: few ends, whose bounds are kept.
    """
    begun_by = cache(lambda end: [to_text(from_text(end) - timedelta(days=days)) for days in reversed(BANDS[1:])])
    for since, end, rejected, unseen in spells:
        yield len(BANDS) - 1 - bisect_left(begun_by(end), since), rejected, unseen


def _times(lengths: Mapping[str, list[float]]) -> list[TimeToClear]:
    by_code: dict[str, list[float]] = defaultdict(list)
    for codes, seconds in lengths.items():
        for code in ("", *(spells.codes_of(codes) or (UNKNOWN_REASON,))):
            by_code[code] += seconds
    times = [_time_to_clear(code, sorted(seconds)) for code, seconds in by_code.items()]
    return sorted(times, key=lambda time: (time.code != "", -time.spells, time.code))


def _time_to_clear(code: str, ordered: list[float]) -> TimeToClear:
    return TimeToClear(code, len(ordered), statistics.median(ordered), percentile(ordered, 90))


def _stores(connection: sqlite3.Connection, store_keys: Stores) -> dict[int, str]:
    return dict(connection.execute(history.STORES, {"keys": keys_of(store_keys)}).fetchall())


def _first_read(connection: sqlite3.Connection, stores: Mapping[int, str]) -> dict[str, datetime]:
    known = {key: history.known_from(connection, store).held for store, key in stores.items()}
    return {key: from_text(since) for key, since in known.items() if since}


def _ids_at(connection: sqlite3.Connection, store: int, at: datetime) -> set[int]:
    rows = connection.execute(IDS_AT, {**as_of.bound(at), "store": store})
    return {product_id for (product_id,) in rows}


def _gone(connection: sqlite3.Connection, store: int, listing: Moved, end: datetime) -> Moved:
    """Complete a listing held at the first moment by its status at the second, and since when it has had it."""
    bound = {"store": store, "listing": listing.product_id, "as_of": to_text(end)}
    status, since = connection.execute(STATUS_AT, bound).fetchone()
    return replace(listing, status_from=listing.status_to, status_to=Status(status), at=from_text(since))


def _of_span(store: StoreSpells, start: datetime, end: datetime, *, whole: bool = False) -> StoreReading:
    """Return how far a store was read at the end of a span, and how much of the span was not read.

    `whole`: the time before its first reading is a part of the span.
    """
    reading, first = store.at(end), store.first
    if reading.read_at is None or first is None:
        return reading
    begun = start if whole else max(start, first)
    unread = store.unread(start, end) + (max(first - start, timedelta()) if whole else timedelta())
    return replace(reading, window=(begun, end), unread=unread)


def _last_jump(connection: sqlite3.Connection, store: StoreSpells, at: datetime) -> Jump | None:
    """Find the last jump of a store; what it held when it was first read is none."""
    if store.first is None or store.first > at:
        return None
    start = max(at - JUMPS_OF, store.first)
    counts = history.counts_at(connection, store.id, to_text(start))
    steps = connection.execute(RISES, {"store": store.id, "start": to_text(start), "end": to_text(at)}).fetchall()
    jump, held = None, history.held_in(counts)
    for moment, changes in itertools.groupby(sorted(steps), key=lambda step: step[0]):
        counts |= {status: listings for _, status, listings in changes}
        after = history.held_in(counts)
        if after - held >= max(FEWEST, held * SHARE):
            rise = from_text(moment)
            jump = Jump(rise, held, after, store.last_covered(store.first, rise - TICK), store.title)
        held = after
    return jump
