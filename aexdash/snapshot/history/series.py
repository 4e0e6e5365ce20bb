"""Series of held counts and of the values of cards, by hour, day or week.

A bucket (an hour, day or week) has the values of its last moment. None is a gap: no complete run covers it. The time of
a query depends on the number of buckets, not on how much happened in them. Buckets are those of a time zone: where
clocks are changed a day has more or fewer hours; a week begins on Monday.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from aexdash.clock import TICK, day_of, from_text, midnight, start_of_day, to_text
from aexdash.snapshot.history import card_values
from aexdash.snapshot.history import counts as history
from aexdash.snapshot.history.card_values import Combine, Entry
from aexdash.snapshot.history.days import zone_of_books
from aexdash.snapshot.stores import STORES, Stores, keys_of

COUNTS = """
SELECT e.key, (
    SELECT listings FROM count_change
    WHERE store_id = :store AND status = :status AND as_of < e.value ORDER BY as_of DESC LIMIT 1
)
FROM json_each(:ends) AS e
"""

REJECTED_BY_DAY = """
SELECT day, entered - first_seen FROM day_bridge
WHERE store_id = :store AND status = 'rejected' AND day >= :first AND day < :after
"""

REJECTED_BETWEEN = """
SELECT e.key, (
    SELECT count(*) FROM status_period INDEXED BY period_listed_started
    WHERE store_id = :store AND listed = 1 AND status = 'rejected' AND started_after IS NOT NULL
        AND started_at >= e.value ->> 0 AND started_at < e.value ->> 1
)
FROM json_each(:spans) AS e
"""

CARD = """
SELECT e.key, c.value, c.numerator, c.denominator FROM json_each(:ends) AS e
CROSS JOIN card_value AS c ON c.store_id = :store AND c.card_key = :key AND c.at = (
    SELECT max(at) FROM card_value WHERE store_id = :store AND card_key = :key AND at < e.value
)
"""

HOUR = timedelta(hours=1)


class Grain(StrEnum):
    """The length of the buckets of a series."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Bucket:
    """An hour, a day or a week: from `start` to just before `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class HeldPoint:
    """The held counts at the end of a bucket, and the moves to rejected in it; None is a gap.

    `begun`: some of the stores had been read by then, so a gap means that a reading is missing.
    """

    start: datetime
    end: datetime
    rejected: int | None
    auditing: int | None
    newly_rejected: int | None
    begun: bool = True

    @property
    def held(self) -> int | None:
        """Rejected and auditing together."""
        return None if self.rejected is None or self.auditing is None else self.rejected + self.auditing


def buckets(grain: Grain, first: date, until: datetime, zone: tzinfo = UTC) -> list[Bucket]:
    """Cut the time from the start of a day of `zone` up to a moment into buckets; the first week is that day's, whole.

    Hours are those of the zone's clocks. Where they are changed by half an hour, that hour is two buckets.
    """
    day = first - timedelta(days=first.weekday()) if grain is Grain.WEEK else first
    length = timedelta(days=7 if grain is Grain.WEEK else 1)
    cut: list[Bucket] = []
    while (start := start_of_day(day, zone)) <= until:
        whole = Bucket(start, start_of_day(day + length, zone))
        cut += _hours(whole, until, zone) if grain is Grain.HOUR else [whole]
        day += length
    return [bucket for bucket in cut if bucket.start < bucket.end]  # a zone may leave out a day


def _hours(day: Bucket, until: datetime, zone: tzinfo) -> Iterator[Bucket]:
    start = day.start
    while start < day.end and start <= until:
        past = start.astimezone(zone)
        end = min(start + HOUR - timedelta(minutes=past.minute, seconds=past.second), day.end)
        yield Bucket(start, end)
        start = end


def held(connection: sqlite3.Connection, store_keys: Stores, cut: Sequence[Bucket], until: datetime) -> list[HeldPoint]:
    """Count the held listings at the end of each bucket, and the moves to rejected in it, up to a moment."""
    counted = [_counted(connection, line, cut, until) for line in _lines(connection, store_keys, cut, until)]
    return [
        _point(bucket, [_at_end(counts, index) for counts in counted if counts.line.begun[index]])
        for index, bucket in enumerate(cut)
    ]


def _point(bucket: Bucket, counts: Sequence[tuple[int, int, int] | None]) -> HeldPoint:
    known = [count for count in counts if count is not None]
    if not known or len(known) < len(counts):
        return HeldPoint(bucket.start, bucket.end, None, None, None, begun=bool(counts))
    rejected, auditing, newly_rejected = map(sum, zip(*known, strict=True))
    return HeldPoint(bucket.start, bucket.end, rejected, auditing, newly_rejected)


def card(
    connection: sqlite3.Connection,
    store_keys: Stores,
    key: str,
    cut: Sequence[Bucket],
    until: datetime,
    *,
    combine: Combine = Combine.SUM,
) -> list[float | None]:
    """Return the value of a card at the end of each bucket, up to a moment; those of several stores are combined.

    A gap in one store that had been read before is a gap. With `Combine.NONE` several stores have only gaps.
    """
    lines = _lines(connection, store_keys, cut, until)
    if combine is Combine.NONE and len(lines) > 1:
        return [None] * len(cut)
    by_line = [(line, _entries(connection, line, key)) for line in lines]
    values: list[float | None] = []
    for index, bucket in enumerate(cut):
        entries = [of_line.get(index) for line, of_line in by_line if line.begun[index]]
        known = [entry for entry in entries if entry is not None]
        complete = bool(known) and len(known) == len(entries)
        values.append(card_values.combined(bucket.end, known, combine).value if complete else None)
    return values


@dataclass(frozen=True, slots=True)
class _Line:
    """The readings of a store, bucket by bucket.

    `begun`: whether the store had been read at all before the end of the bucket. `read_until`: the stored moment before
    which the last reading in the bucket speaks, None where none does.
    """

    store: int
    begun: tuple[bool, ...]
    read_until: tuple[str | None, ...]


def _lines(connection: sqlite3.Connection, store_keys: Stores, cut: Sequence[Bucket], until: datetime) -> list[_Line]:
    rows = connection.execute(STORES, {"keys": keys_of(store_keys)}).fetchall()
    return [_line(connection, store, cut, _ends(cut, until)) for store, _, _ in rows] if cut else []


def _line(connection: sqlite3.Connection, store: int, cut: Sequence[Bucket], ends: Sequence[str]) -> _Line:
    first = connection.execute(history.FIRST_COVERED, [store]).fetchone()[0] or history.FOREVER
    coverage = connection.execute(history.COVERAGE, {"store": store, "first": to_text(cut[0].start)}).fetchall()
    read_until, passed, last = list[str | None](), 0, ""
    for bucket, end in zip(cut, ends, strict=True):
        while passed < len(coverage) and coverage[passed][0] < end:
            last, passed = to_text(from_text(coverage[passed][1]) + TICK), passed + 1
        read_until.append(min(end, last) if last > to_text(bucket.start) else None)
    return _Line(store, tuple(first < end for end in ends), tuple(read_until))


def _ends(cut: Sequence[Bucket], until: datetime) -> list[str]:
    """Return the ends of the buckets as stored moments, not included; that of the last is just after `until`."""
    return [to_text(min(bucket.end, until + TICK)) for bucket in cut]


@dataclass(frozen=True, slots=True)
class _Counts:
    """The counts of a store by bucket: rejected and auditing at its end, and moves to rejected in it."""

    line: _Line
    rejected: Sequence[int]
    auditing: Sequence[int]
    newly_rejected: Sequence[int]


def _at_end(counts: _Counts, index: int) -> tuple[int, int, int] | None:
    """Return the counts of a bucket; None where no complete run covers it."""
    if counts.line.read_until[index] is None:
        return None
    return counts.rejected[index], counts.auditing[index], counts.newly_rejected[index]


def _counted(connection: sqlite3.Connection, line: _Line, cut: Sequence[Bucket], until: datetime) -> _Counts:
    bound = {"store": line.store, "ends": json.dumps(line.read_until)}
    rejected, auditing = (
        [listings or 0 for _, listings in sorted(connection.execute(COUNTS, {**bound, "status": status}).fetchall())]
        for status in ("rejected", "auditing")
    )
    return _Counts(line, rejected, auditing, _moved_to_rejected(connection, line.store, cut, until))


def _moved_to_rejected(connection: sqlite3.Connection, store: int, cut: Sequence[Bucket], until: datetime) -> list[int]:
    """Count the moves to rejected by bucket: whole days from the stored books, hours and the last day from periods.

    Buckets that are no days of the books, as those of another zone, are counted from the periods too.
    """
    zone = zone_of_books(connection, store)
    days = [day_of(bucket.start, zone) for bucket in cut]
    if any(midnight(edge, zone) != edge for edge in (*(bucket.start for bucket in cut), cut[-1].end)):
        return _moved_between(connection, store, [(bucket.start, bucket.end) for bucket in cut], until)
    today = max(midnight(until, zone), cut[0].start)
    bound = {"store": store, "first": days[0].isoformat(), "after": day_of(today, zone).isoformat()}
    moves = Counter[int]()
    for day, count in connection.execute(REJECTED_BY_DAY, bound):
        moves[bisect_right(days, date.fromisoformat(day)) - 1] += count
    moves[len(cut) - 1] += sum(_moved_between(connection, store, [(today, until + TICK)], until))
    return [moves[index] for index in range(len(cut))]


def _moved_between(
    connection: sqlite3.Connection, store: int, spans: Sequence[tuple[datetime, datetime]], until: datetime
) -> list[int]:
    texts = [(to_text(start), to_text(min(end, until + TICK))) for start, end in spans]
    bound = {"store": store, "spans": json.dumps(texts)}
    return [count for _, count in sorted(connection.execute(REJECTED_BETWEEN, bound).fetchall())]


def _entries(connection: sqlite3.Connection, line: _Line, key: str) -> dict[int, Entry]:
    """Read the stored values of a card by the index of the bucket; a gap has none."""
    bound = {"store": line.store, "key": key, "ends": json.dumps(line.read_until)}
    return {index: Entry(*values) for index, *values in connection.execute(CARD, bound)}
