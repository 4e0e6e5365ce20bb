"""The stored values of cards. A value is written when it differs from the one before, and at the end of each day."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Protocol

from sqlite_utils import Database

from aexdash.clock import DAY, TICK, day_of, from_text, from_text_or_none, start_of_day, to_text, zone_name
from aexdash.estimate import Range, together
from aexdash.snapshot.file import transaction
from aexdash.snapshot.stores import STORES, keys_of
from aexdash.snapshot.version import bump_version

LATEST = """
SELECT value, numerator, denominator, known, of_total, low, high FROM card_value
WHERE store_id = :store AND card_key = :key AND at <= :at ORDER BY at DESC LIMIT 1
"""

WRITE = """
INSERT INTO card_value (store_id, card_key, at, value, numerator, denominator, known, of_total, low, high, day_end)
VALUES (:store, :key, :at, :value, :numerator, :denominator, :known, :of, :low, :high, :day_end)
ON CONFLICT (store_id, card_key, at) DO UPDATE SET value = excluded.value, numerator = excluded.numerator,
    denominator = excluded.denominator, known = excluded.known, of_total = excluded.of_total, low = excluded.low,
    high = excluded.high, day_end = max(day_end, excluded.day_end)
"""

SPAN = """
SELECT at, value, numerator, denominator, known, of_total, low, high FROM card_value
WHERE store_id = :store AND card_key = :key AND at <= :end
    AND at >= coalesce((  -- the value that stood at the start was written before it
        SELECT max(at) FROM card_value WHERE store_id = :store AND card_key = :key AND at <= :start
    ), :start)
ORDER BY at
"""

FIRST_READ = "SELECT min(from_at) FROM coverage WHERE store_id = ?"

ENDS_KEPT = "SELECT at FROM card_value WHERE store_id = ? AND card_key = ? AND day_end = 1"

READ_AGAIN = "SELECT min(from_at) FROM coverage WHERE store_id = ? AND from_at > ?"

KEPT_AT = "SELECT card_key FROM card_value WHERE store_id = ? AND at = ?"

READ_AND_VALUED = """
SELECT coalesce((
    SELECT id FROM sync_run WHERE store_id = store.id AND as_of IS NOT NULL ORDER BY id DESC LIMIT 1
), 0), values_run
FROM store WHERE id = ?
"""

AS_OF = "SELECT as_of FROM sync_run WHERE id = ?"

ZONE_OF_VALUES = "SELECT values_zone FROM store WHERE id = ?"

FORGET = "DELETE FROM card_value WHERE store_id = :store AND card_key IN (SELECT value FROM json_each(:keys))"

WIDEST = 0.25
"""Limits that lie further apart than this part of the upper one tell no value: a line through them would be a trend
that nobody read."""

COVERED = """
SELECT EXISTS (SELECT 1 FROM coverage WHERE store_id = :store AND from_at <= :end AND until_at >= :end)
"""


class Combine(StrEnum):
    """How the stored values of several stores become one."""

    SUM = "sum"
    SHARE = "share"  # the sum of the numerators ÷ the sum of the denominators, in percent
    MEAN = "mean"  # the same, not in percent
    MOST = "most"  # the highest
    NONE = "none"  # not possible, as with percentiles: the history shows stores one by one


class Storable(Protocol):
    """The parts of a card's value that are stored; `aexdash.cards.CardValue` has them."""

    @property
    def value(self) -> float | None:
        """The number; None is no data."""

    @property
    def numerator(self) -> float | None:
        """The numerator of a share."""

    @property
    def denominator(self) -> float | None:
        """The denominator of a share."""

    @property
    def coverage(self) -> tuple[int, int] | None:
        """Of how many listings the data is known, and how many there are."""

    @property
    def low(self) -> float | None:
        """The lower end of a range."""

    @property
    def high(self) -> float | None:
        """The upper end of a range."""


@dataclass(frozen=True, slots=True)
class Point:
    """The value of a card from `at` on; None is a gap, never a zero.

    `doubt` are the limits between which the value lies, where it was not read of all listings yet.
    """

    at: datetime
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    doubt: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A stored value, with the columns of the table `card_value`."""

    value: float | None
    numerator: float | None
    denominator: float | None
    known: int | None = None
    of: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def whole(self) -> bool:
        """Whether the data of all listings was known, or the value is not made of such data."""
        return self.known is None or self.of is None or self.known >= self.of


@dataclass(frozen=True, slots=True)
class DayEnd:
    """The last moment of a day, and whether a complete run covers the day; if not, its values are not known."""

    at: datetime
    covered: bool


def keep(db: Database, store_id: int, values: Mapping[str, Storable], at: datetime, *, day_end: bool = False) -> int:
    """Store the values of a store's cards at a moment, where they differ from those before; return how many.

    With `day_end` all of them are stored. A value without a numerator is compared to one decimal, because ages, in
    days, grow with every run.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        entries = {key: _entry(value) for key, value in values.items()}
        changed = {
            key: entry
            for key, entry in entries.items()
            if day_end or _comparable(latest(connection, store_id, key, at)) != _comparable(entry)
        }
        moment = {"store": store_id, "at": to_text(at), "day_end": int(day_end)}
        connection.executemany(WRITE, [{**moment, "key": key, **asdict(entry)} for key, entry in changed.items()])
        if changed:
            bump_version(connection)
    return len(changed)


def _entry(value: Storable) -> Entry:
    known, of = value.coverage or (None, None)
    return Entry(value.value, value.numerator, value.denominator, known, of, value.low, value.high)


def _comparable(entry: Entry | None) -> Entry | None:
    if entry is None or entry.value is None or entry.numerator is not None:
        return entry
    return replace(entry, value=round(entry.value, 1))


def latest(connection: sqlite3.Connection, store_id: int, key: str, at: datetime) -> Entry | None:
    """Return the last stored value of a card of a store, up to a moment; None where there is none."""
    row = connection.execute(LATEST, {"store": store_id, "key": key, "at": to_text(at)}).fetchone()
    return Entry(*row) if row else None


def read_and_valued(connection: sqlite3.Connection, store_id: int) -> tuple[int, int]:
    """Return the numbers of a store's last run that read it and of the last one whose values are stored; 0 is none.

    They differ from when a reading is recorded until its values are, and after a worker that was killed in between.
    """
    row = connection.execute(READ_AND_VALUED, [store_id]).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def not_valued(connection: sqlite3.Connection, store_id: int) -> datetime | None:
    """Return the moment of a store's last reading where its values are not stored; None where they are."""
    read, valued = read_and_valued(connection, store_id)
    return from_text(connection.execute(AS_OF, [read]).fetchone()[0]) if read > valued else None


def mark_valued(db: Database, store_id: int) -> None:
    """Note that the values of a store's last reading are stored. No page shows that, so no new version is made of it.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        read, valued = read_and_valued(connection, store_id)
        if read > valued:
            connection.execute("UPDATE store SET values_run = ? WHERE id = ?", [read, store_id])


def days_to_end(
    connection: sqlite3.Connection, store_id: int, key: str, at: datetime, limit: int, *, zone: tzinfo = UTC
) -> list[DayEnd]:
    """List the days of a zone before `at` for whose end no value is stored yet, the newest first.

    They go back to the store's first complete reading; at most `limit` are returned.
    """
    first = connection.execute(FIRST_READ, [store_id]).fetchone()[0]
    if first is None:
        return []
    stored = {end for (end,) in connection.execute(ENDS_KEPT, [store_id, key])}
    first_day, day, ends = day_of(from_text(first), zone), day_of(at, zone), list[DayEnd]()
    while day > first_day and len(ends) < limit:
        end = start_of_day(day, zone) - TICK
        if to_text(end) not in stored:
            ends.append(_day_end(connection, store_id, end))
        day -= DAY
    return ends


def _day_end(connection: sqlite3.Connection, store_id: int, end: datetime) -> DayEnd:
    bound = {"store": store_id, "end": to_text(end)}
    return DayEnd(end, bool(connection.execute(COVERED, bound).fetchone()[0]))


def read_again(connection: sqlite3.Connection, store_id: int, at: datetime) -> datetime | None:
    """Return when a store was read again after a moment that nobody read; None where it was not."""
    return from_text_or_none(connection.execute(READ_AGAIN, [store_id, to_text(at)]).fetchone()[0])


def kept_at(connection: sqlite3.Connection, store_id: int, at: datetime) -> set[str]:
    """Return the keys of the values that are stored of exactly this moment."""
    return {key for (key,) in connection.execute(KEPT_AT, [store_id, to_text(at)])}


def forget_other_days(db: Database, store_id: int, keys: Sequence[str], zone: tzinfo) -> bool:
    """Delete the values of cards that count whole days, where these were days of another time zone than `zone`.

    Return whether they were. `days_to_end` then lists all days again for these cards.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        if connection.execute(ZONE_OF_VALUES, [store_id]).fetchone()[0] == zone_name(zone):
            return False
        connection.execute(FORGET, {"store": store_id, "keys": json.dumps(list(keys))})
        connection.execute("UPDATE store SET values_zone = ? WHERE id = ?", [zone_name(zone), store_id])
        bump_version(connection)
    return True


def history(
    connection: sqlite3.Connection,
    stores: Sequence[str] | None,
    key: str,
    start: datetime,
    end: datetime,
    *,
    combine: Combine = Combine.SUM,
) -> list[Point]:
    """Return the values of a card from `start` to `end`: a point wherever it changed, the first at `start`.

    The values of several stores are combined to one, from the moment on at which the first of them had one; a gap in
    one store is a gap. With `Combine.NONE` several stores have no value: the list is empty.
    """
    rows = connection.execute(STORES, {"keys": keys_of(stores)}).fetchall()
    if combine is Combine.NONE and len(rows) > 1:
        return []
    bound = {"key": key, "start": to_text(start), "end": to_text(end)}
    steps = [
        (max(at, bound["start"]), store, Entry(*values))
        for store, _, _ in rows
        for at, *values in connection.execute(SPAN, {**bound, "store": store})
    ]
    return _points(sorted(steps, key=lambda step: step[0]), combine)


def _points(steps: Iterable[tuple[str, int, Entry]], combine: Combine) -> list[Point]:
    standing: dict[int, Entry] = {}
    points: dict[str, Point] = {}
    for at, store, entry in steps:
        standing[store] = entry
        points[at] = combined(from_text(at), list(standing.values()), combine)
    return list(points.values())


def combined(at: datetime, entries: Sequence[Entry], combine: Combine) -> Point:
    """Combine the values of several stores at a moment to one; a gap in one store is a gap."""
    if len(entries) == 1:
        (one,) = entries
        return Point(at, one.value, one.numerator, one.denominator, _doubt(entries, combine))
    values = [entry.value for entry in entries if entry.value is not None]
    if len(values) < len(entries):
        return Point(at, None)
    numerator = sum(entry.numerator or 0.0 for entry in entries)
    denominator = sum(entry.denominator or 0.0 for entry in entries)
    doubt = _doubt(entries, combine)
    if combine is Combine.MOST:
        return Point(at, max(values))
    if combine is Combine.SUM:
        return Point(at, sum(values), doubt=doubt)
    scale = 100 if combine is Combine.SHARE else 1
    return Point(at, scale * numerator / denominator if denominator else None, numerator, denominator, doubt)


def is_too_wide(doubt: tuple[float, float]) -> bool:
    """Whether the limits between which a value lies are too far apart for any one value to stand for it."""
    low, high = doubt
    return not (math.isfinite(high - low) and high - low <= WIDEST * high)


def _doubt(entries: Sequence[Entry], combine: Combine) -> tuple[float, float] | None:
    """Return the limits between which the combined value lies; None where it was read of all listings."""
    if all(entry.whole or entry.value is None for entry in entries):
        return None
    weights = [entry.of or 0 if combine in (Combine.SHARE, Combine.MEAN) else 1 for entry in entries]
    by_weight = [(entry, weight) for entry, weight in zip(entries, weights, strict=True) if entry.value is not None]
    ranges = [_range(entry, weight) for entry, weight in by_weight]
    known = [one for one in ranges if one]
    if len(known) < len(ranges):
        return -math.inf, math.inf
    total, weight = together(known), 1 if combine is Combine.SUM else sum(weight for _, weight in by_weight)
    return total.low / weight, total.high / weight


def _range(entry: Entry, weight: int) -> Range | None:
    value = entry.value or 0.0
    low, high = (value, value) if entry.whole else (entry.low, entry.high)
    return None if low is None or high is None else Range(weight * value, weight * low, weight * high)
