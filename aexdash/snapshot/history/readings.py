"""How far each store was read at a moment, up to when, and how much of a window no reading covers.

Ages end with the last reading: time that passes without one makes nothing older.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aexdash.clock import CLOCK_TOLERANCE, from_text, from_text_or_none, to_text
from aexdash.model import Outcome
from aexdash.snapshot import beacon
from aexdash.snapshot.stores import CHOSEN, Stores, keys_of
from aexdash.statement import Span, StoreReading

STORES = f"SELECT id, key, title FROM store WHERE {CHOSEN} ORDER BY id"  # noqa: S608

LAST_SPELL = """
SELECT to_at, until_at FROM coverage WHERE store_id = :store AND from_at <= :at ORDER BY from_at DESC LIMIT 1
"""

NEXT_SPELL = "SELECT min(from_at) FROM coverage WHERE store_id = :store AND from_at > :at"

ALL_SPELLS = "SELECT from_at, to_at, until_at FROM coverage WHERE store_id = ? ORDER BY from_at"

LAST_ENDED = "SELECT outcome, finished_at FROM sync_run WHERE store_id = :store ORDER BY id DESC LIMIT 1"

READ_PARTLY = """
SELECT EXISTS (
    SELECT 1 FROM sync_run WHERE store_id = :store AND outcome = 'partial' AND finished_at > :read_at
)
"""

SPELLS_WITHIN = """
SELECT from_at, until_at FROM coverage
WHERE store_id = :store AND from_at < :end AND until_at > :start ORDER BY from_at
"""

FOREVER = "9999"
"""A text that sorts after every stored moment: the present as `:read_by`."""

READ_AT = "min(:read_by, max(to_at))"
"""The last moment at which everything held was read, of rows of `coverage` that began by `:read_by`."""

LAST_READ = f"SELECT {READ_AT} FROM coverage WHERE store_id = :store AND from_at <= :read_by"  # noqa: S608

OF_STORES = "FROM coverage WHERE from_at <= :read_by GROUP BY store_id"
"""The rest of a query of `READ_AT` for every store; one that was not read by then has no row."""


def began_unseen(store: str, after: str, since: str) -> str:
    """Return the condition, in SQL, that something may have begun before it was first seen.

    It was there at the first reading of all (`after`, the last one before it, is null), or no reading speaks for the
    time right before `since`.
    """
    return f"""({after} IS NULL OR coalesce((
    SELECT until_at FROM coverage WHERE store_id = {store} AND from_at < {since} ORDER BY from_at DESC LIMIT 1
), '') < {since})"""  # noqa: S608


def readings(
    connection: sqlite3.Connection, store_keys: Stores, as_of: datetime | None, now: datetime
) -> dict[int, StoreReading]:
    """Return how far each store was read at a moment (None: now), by the store's id."""
    rows = connection.execute(STORES, {"keys": keys_of(store_keys)}).fetchall()
    if as_of:
        return {store: _then(connection, store, key, title, as_of) for store, key, title in rows}
    behind = beacon.behind(connection, now)
    return {store: _of_copy(_now(connection, store, key, title, now), behind) for store, key, title in rows}


def _of_copy(reading: StoreReading, behind: timedelta | None) -> StoreReading:
    """Return a reading with how far its file is behind; where that cannot be told, it speaks for now no longer."""
    if behind is None:
        return reading
    return replace(reading, behind=behind, current=reading.current and behind != timedelta.max)


def _then(connection: sqlite3.Connection, store: int, key: str, title: str, at: datetime) -> StoreReading:
    bound = {"store": store, "at": to_text(at)}
    to_at, until_at = connection.execute(LAST_SPELL, bound).fetchone() or (None, "")
    if to_at is not None and to_text(at) <= until_at:
        return StoreReading(key, title, min(at, from_text(to_at)), current=True)
    again = from_text_or_none(connection.execute(NEXT_SPELL, bound).fetchone()[0])
    if to_at is None:
        return StoreReading(key, title, None, current=False, first_read_at=again)
    return StoreReading(key, title, from_text(to_at), current=False, read_again_at=again)


def _now(connection: sqlite3.Connection, store: int, key: str, title: str, now: datetime) -> StoreReading:
    bound = {"store": store, "at": FOREVER}
    to_at, until_at = connection.execute(LAST_SPELL, bound).fetchone() or (None, "")
    if to_at is None:
        partly = connection.execute(READ_PARTLY, {"store": store, "read_at": ""}).fetchone()[0]
        return StoreReading(key, title, None, current=False, partly=bool(partly))
    outcome, finished_at = connection.execute(LAST_ENDED, bound).fetchone()
    read_at, until = from_text(to_at), from_text(until_at)
    # Where the clock was put back, the moment of a run is later than its end, and the reading older than it looks.
    oldest = max(now - from_text(finished_at), now - read_at)
    in_time = read_at - CLOCK_TOLERANCE <= now and oldest <= until - read_at
    current = in_time and outcome == Outcome.COMPLETE
    partly = not current and connection.execute(READ_PARTLY, {"store": store, "read_at": to_at}).fetchone()[0]
    return StoreReading(key, title, read_at, current=current, partly=bool(partly))


@dataclass(frozen=True, slots=True)
class StoreSpells:
    """All times for which the readings of a store speak, in order, as (from, last reading, until) in stored texts.

    For questions about many moments at once: it answers as `readings` does, without a query for each.
    """

    id: int
    key: str
    title: str
    spells: tuple[tuple[str, str, str], ...]

    @property
    def first(self) -> datetime | None:
        """The first complete reading; None: there was none."""
        return from_text(self.spells[0][0]) if self.spells else None

    def at(self, moment: datetime) -> StoreReading:
        """Return how far the store was read at a moment."""
        index = self._last_begun(to_text(moment))
        if index < 0:
            return StoreReading(self.key, self.title, None, current=False, first_read_at=self.first)
        _, to_at, until_at = self.spells[index]
        if to_text(moment) <= until_at:
            return StoreReading(self.key, self.title, min(moment, from_text(to_at)), current=True)
        again = self.spells[index + 1][0] if index + 1 < len(self.spells) else None
        return StoreReading(
            self.key, self.title, from_text(to_at), current=False, read_again_at=from_text_or_none(again)
        )

    def last_covered(self, start: datetime, last: datetime) -> datetime | None:
        """Return the last moment from `start` to `last` for which a reading speaks; None where there is none."""
        index = self._last_begun(to_text(last))
        if index < 0 or self.spells[index][2] < to_text(start):
            return None
        return min(last, from_text(self.spells[index][2]))

    def unread(self, start: datetime, last: datetime) -> timedelta:
        """Return how much of a span no reading covers, from the first reading of all on."""
        first, end = max(to_text(start), self.spells[0][0] if self.spells else to_text(last)), to_text(last)
        lower = max(self._last_begun(first), 0)
        within = self.spells[lower : self._last_begun(end) + 1]
        return _outside([(begun, until) for begun, _, until in within], first, end)

    def _last_begun(self, text: str) -> int:
        """Return the index of the last spell that began by a moment; -1: none had."""
        return bisect_right(self.spells, text, key=lambda spell: spell[0]) - 1


def spells_of(connection: sqlite3.Connection, store_keys: Stores) -> list[StoreSpells]:
    """Read all times for which the readings of some stores speak."""
    rows = connection.execute(STORES, {"keys": keys_of(store_keys)}).fetchall()
    return [
        StoreSpells(store, key, title, tuple(connection.execute(ALL_SPELLS, [store]).fetchall()))
        for store, key, title in rows
    ]


def unread(connection: sqlite3.Connection, store: int, window: Span) -> timedelta:
    """Return how much of a window no reading of a store covers."""
    start, end = map(to_text, window)
    spells = connection.execute(SPELLS_WITHIN, {"store": store, "start": start, "end": end}).fetchall()
    return _outside(spells, start, end)


def _outside(spells: Iterable[tuple[str, str]], start: str, end: str) -> timedelta:
    missed, reached = timedelta(), start
    for from_at, until_at in spells:
        if from_at > reached:
            missed += from_text(from_at) - from_text(reached)
        reached = max(reached, min(until_at, end))
    return missed + max(from_text(end) - from_text(reached), timedelta())


def bound(at: datetime | None) -> dict[str, object]:
    """Return the parameters of these queries for a moment (None: the present)."""
    return {"read_by": to_text(at) if at else FOREVER}


def last_read(connection: sqlite3.Connection, store: int, at: datetime | None) -> datetime | None:
    """Return when a store was last completely read, at or before a moment (None: the present); None: not by then."""
    return from_text_or_none(connection.execute(LAST_READ, {**bound(at), "store": store}).fetchone()[0])
