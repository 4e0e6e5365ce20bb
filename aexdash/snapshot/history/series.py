"""Series of held counts and of the values of cards, by hour, day, week or month.

A bucket (an hour, day, week or month) has the values of its last moment for which a reading speaks: what hero and
cards say as of then. Where only some of the stores were read then, it is theirs, and its reach says so; None is a gap:
no store was read. A bucket is open while no reading speaks for its end. The time of a query depends on the number of
buckets, not on how much happened in them. Buckets are those of a time zone: where clocks are changed a day has more or
fewer hours; a week begins on Monday.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from aexdash.clock import HOUR, TICK, day_of, midnight, start_of_day, to_text
from aexdash.snapshot.history import card_values
from aexdash.snapshot.history.card_values import Combine, Entry
from aexdash.snapshot.history.days import zone_of_books
from aexdash.snapshot.history.readings import StoreSpells, spells_of
from aexdash.snapshot.stores import Stores
from aexdash.statement import Reach, StoreReading

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
SELECT e.key, c.value, c.numerator, c.denominator, c.known, c.of_total, c.low, c.high FROM json_each(:ends) AS e
CROSS JOIN card_value AS c ON c.store_id = :store AND c.card_key = :key AND c.at = (
    SELECT max(at) FROM card_value WHERE store_id = :store AND card_key = :key AND at < e.value
)
"""


class Grain(StrEnum):
    """The length of the buckets of a series."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Bucket:
    """An hour, a day, a week or a month: from `start` to just before `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class HeldPoint:
    """The held counts at the last moment of a bucket that was read, and the moves to rejected in it; None is a gap.

    - `at` is that moment; of a gap, the last of the bucket. `reach` says of which stores the counts are.
    - `is_open`: no reading speaks for the end of the bucket, so its counts may still change.
    - `unread`: how much of the bucket, up to `at`, was not read of the store of which most is lacking.
    - `begun`: some of the stores had been read by then, so a gap means that a reading is missing.
    """

    start: datetime
    end: datetime
    rejected: int | None
    auditing: int | None
    newly_rejected: int | None
    begun: bool = True
    at: datetime | None = None
    reach: Reach = field(default=Reach(), compare=False)
    is_open: bool = False
    unread: timedelta = timedelta()

    @property
    def held(self) -> int | None:
        """Rejected and auditing together."""
        return None if self.rejected is None or self.auditing is None else self.rejected + self.auditing

    @property
    def read_until(self) -> datetime | None:
        """The oldest of the last readings that the counts are of."""
        return self.reach.read_at

    @property
    def is_part(self) -> bool:
        """Whether a store is left out that had been read before, so that the counts are no fall."""
        return self.held is not None and any(one.read_at for one in self.reach.missing)

    @property
    def moves_at_least(self) -> bool:
        """Whether more may have moved to rejected in the bucket than was seen."""
        return self.is_open or self.is_read_in_part

    @property
    def is_read_in_part(self) -> bool:
        """Whether not all of the bucket was read in all stores, up to the last reading in it."""
        return self.is_part or bool(self.unread)

    @property
    def known_moves(self) -> int | None:
        """The moves to rejected; None where none was seen, and not all was read."""
        return self.newly_rejected or (None if self.is_read_in_part else self.newly_rejected)


@dataclass(frozen=True, slots=True)
class CardPoint:
    """The value of a card at the last moment of a bucket that was read; `reach` says of which stores it is.

    `doubt` are the limits between which it lies, where it was not read of all listings. Where these are too far apart,
    there is no value.
    """

    value: float | None
    reach: Reach = field(default=Reach(), compare=False)
    doubt: tuple[float, float] | None = None

    @classmethod
    def within(cls, value: float | None, reach: Reach, doubt: tuple[float, float] | None) -> CardPoint:
        """Return the point of a value that lies between the limits of a doubt."""
        return cls(None if doubt and card_values.is_too_wide(doubt) else value, reach, doubt)

    @property
    def is_part(self) -> bool:
        """Whether a store is left out that had been read before."""
        return self.value is not None and any(one.read_at for one in self.reach.missing)


def buckets(grain: Grain, first: date, until: datetime, zone: tzinfo = UTC) -> list[Bucket]:
    """Cut the time from the start of a day of `zone` up to a moment into buckets; the first is that day's, whole.

    Hours are those of the zone's clocks. Where they are changed by half an hour, that hour is two buckets.
    """
    day = _first_day(grain, first)
    cut: list[Bucket] = []
    while (start := start_of_day(day, zone)) <= until:
        following = _next_day(grain, day)
        whole = Bucket(start, start_of_day(following, zone))
        cut += _hours(whole, until, zone) if grain is Grain.HOUR else [whole]
        day = following
    return [bucket for bucket in cut if bucket.start < bucket.end]  # a zone may leave out a day


def _first_day(grain: Grain, day: date) -> date:
    if grain is Grain.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if grain is Grain.WEEK else day


def _next_day(grain: Grain, day: date) -> date:
    if grain is Grain.MONTH:
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if grain is Grain.WEEK else 1)


def _hours(day: Bucket, until: datetime, zone: tzinfo) -> Iterator[Bucket]:
    start = day.start
    while start < day.end and start <= until:
        past = start.astimezone(zone)
        end = min(start + HOUR - timedelta(minutes=past.minute, seconds=past.second), day.end)
        yield Bucket(start, end)
        start = end


def held(connection: sqlite3.Connection, store_keys: Stores, cut: Sequence[Bucket], until: datetime) -> list[HeldPoint]:
    """Count the held listings by the end of each bucket, and the moves to rejected in it, up to a moment."""
    stores = spells_of(connection, store_keys) if cut else []
    moments = [_moment(stores, bucket, until) for bucket in cut]
    counted = [_counted(connection, store.id, cut, moments, until) for store in stores]
    return [_point(stores, moment, [counts[index] for counts in counted]) for index, moment in enumerate(moments)]


def card(
    connection: sqlite3.Connection,
    store_keys: Stores,
    key: str,
    cut: Sequence[Bucket],
    until: datetime,
    *,
    combine: Combine = Combine.SUM,
) -> list[CardPoint]:
    """Return the value of a card by the end of each bucket, up to a moment; those of several stores are combined.

    As on the card itself, a store that was not read, or whose value is not known, leaves that of the others.
    With `Combine.NONE` several stores have only gaps.
    """
    stores = spells_of(connection, store_keys) if cut else []
    moments = [_moment(stores, bucket, until) for bucket in cut]
    entries = [_entries(connection, store.id, key, moments) for store in stores]
    if combine is Combine.NONE and len(stores) > 1:
        entries = [{} for _ in stores]
    return [_card_point(moment, [of.get(index) for of in entries], combine) for index, moment in enumerate(moments)]


@dataclass(frozen=True, slots=True)
class _Moment:
    """A bucket with its last moment for which a reading of any store speaks, and how far each store was read then.

    Where no reading speaks, `at` is the last moment of the bucket that has come.
    """

    bucket: Bucket
    at: datetime
    each: tuple[StoreReading, ...]
    is_open: bool

    @property
    def before(self) -> str:
        """The stored moment before which everything counts that had happened at the moment."""
        return to_text(self.at + TICK)


def _moment(stores: Sequence[StoreSpells], bucket: Bucket, until: datetime) -> _Moment:
    last = min(bucket.end - TICK, until)
    spoken = [store.last_covered(bucket.start, last) for store in stores]
    at = max(filter(None, spoken), default=last)
    return _Moment(bucket, at, tuple(store.at(at) for store in stores), is_open=at < bucket.end - TICK)


def _point(stores: Sequence[StoreSpells], moment: _Moment, counts: Sequence[tuple[int, int, int]]) -> HeldPoint:
    bucket, reach = moment.bucket, Reach(moment.each, moment.at)
    begun = any(reading.read_at for reading in moment.each)
    if not reach.read:
        return HeldPoint(bucket.start, bucket.end, None, None, None, begun, moment.at, reach, moment.is_open)
    there = [count for count, reading in zip(counts, moment.each, strict=True) if reading.current]
    rejected, auditing = (sum(count[place] for count in there) for place in (0, 1))
    newly_rejected = sum(count[2] for count in counts)
    unread = max(store.unread(bucket.start, moment.at) for store in stores)
    return HeldPoint(
        bucket.start,
        bucket.end,
        rejected,
        auditing,
        newly_rejected,
        begun,
        moment.at,
        reach,
        moment.is_open,
        unread,
    )


def _counted(
    connection: sqlite3.Connection, store: int, cut: Sequence[Bucket], moments: Sequence[_Moment], until: datetime
) -> list[tuple[int, int, int]]:
    """Count by bucket what was rejected and in audit of a store at the moment, and the moves to rejected."""
    bound = {"store": store, "ends": json.dumps([moment.before for moment in moments])}
    rejected, auditing = (
        [listings or 0 for _, listings in sorted(connection.execute(COUNTS, {**bound, "status": status}).fetchall())]
        for status in ("rejected", "auditing")
    )
    return list(zip(rejected, auditing, _moved_to_rejected(connection, store, cut, until), strict=True))


def _card_point(moment: _Moment, entries: Sequence[Entry | None], combine: Combine) -> CardPoint:
    of_stores = [
        (entry if entry and entry.value is not None and reading.current else None, reading)
        for entry, reading in zip(entries, moment.each, strict=True)
    ]
    known = [entry for entry, _ in of_stores if entry]
    each = [reading if entry else _of_nothing(reading) for entry, reading in of_stores]
    reach = Reach(tuple(each), moment.at)
    if not known:
        return CardPoint(None, reach)
    combined = card_values.combined(moment.at, known, combine)
    return CardPoint.within(combined.value, reach, combined.doubt)


def _of_nothing(reading: StoreReading) -> StoreReading:
    """Return the reading of a store whose value is not known, though it was read."""
    return replace(reading, read_at=None, current=False) if reading.current else reading


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


def _entries(connection: sqlite3.Connection, store: int, key: str, moments: Sequence[_Moment]) -> dict[int, Entry]:
    """Read the stored values of a card by the index of the bucket."""
    bound = {"store": store, "key": key, "ends": json.dumps([moment.before for moment in moments])}
    return {index: Entry(*values) for index, *values in connection.execute(CARD, bound)}
