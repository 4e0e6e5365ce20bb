"""Series of held counts and of the values of cards, by hour, day or week.

A bucket (an hour, day or week) has the values of its last moment. None is a gap: no complete run covers it. The time of
a query depends on the number of buckets, not on how much happened in them. Buckets are those of UTC: a day has 24 hours
also where clocks are changed, and a week begins on Monday.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from aexdash.clock import DAY, TICK, from_text, to_text
from aexdash.snapshot.history import card_values
from aexdash.snapshot.history import counts as history
from aexdash.snapshot.history.card_values import Combine, Entry
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
WHERE store_id = :store AND status = 'rejected' AND day >= :first AND day < :last
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

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


class Grain(StrEnum):
    """The length of the buckets of a series."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


LENGTH = {Grain.HOUR: HOUR, Grain.DAY: DAY, Grain.WEEK: WEEK}


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


def buckets(grain: Grain, first: date, until: datetime) -> list[Bucket]:
    """Cut the time from the start of a day up to a moment into buckets; the first week is that of the day, whole."""
    start = datetime.combine(first, time.min, UTC)
    if grain is Grain.WEEK:
        start -= timedelta(days=first.weekday())
    length = LENGTH[grain]
    count = max(0, -(-(until + TICK - start) // length))
    return [Bucket(start + length * number, start + length * (number + 1)) for number in range(count)]


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
    """Count the moves to rejected by bucket: whole days from the stored books, hours and the last day from periods."""
    length = cut[0].end - cut[0].start
    if length < DAY:
        return _moved_between(connection, store, [(bucket.start, bucket.end) for bucket in cut], until)
    today = datetime.combine(until.date(), time.min, UTC)
    days = {"store": store, "first": to_text(cut[0].start)[:10], "last": to_text(today)[:10]}
    moves = Counter[int]()
    for day, count in connection.execute(REJECTED_BY_DAY, days):
        moves[(date.fromisoformat(day) - cut[0].start.date()) // length] += count
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
