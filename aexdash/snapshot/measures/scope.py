"""The stores and the moment of a measure."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from aexdash.clock import DAY, from_text, to_text
from aexdash.snapshot.history import as_of as stretches
from aexdash.snapshot.history import counts
from aexdash.snapshot.history.counts import KnownFrom
from aexdash.snapshot.history.readings import readings, unread
from aexdash.snapshot.stores import STORES, keys_of
from aexdash.statement import Reach, StoreReading, WindowUpTo

Kind = Literal["held", "active", "total"]
"""What is counted: rejected and auditing listings, those on sale, or those of every status."""

_NEVER = datetime.max.replace(tzinfo=UTC) - DAY


@dataclass(frozen=True, slots=True)
class MeasuredStore:
    """A store as a measure needs it; `known` says from when on complete walks confirm its counts.

    `read_at` is its last complete reading up to the moment of the scope: there ages end. `until` is where its windows
    end: the moment of the past, or that reading.
    """

    id: int
    key: str
    currency: str | None
    known: KnownFrom
    until: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Scope:
    """The stores that measures are of, at a moment; without `stores` nothing is known.

    `readings` are of all stores that were asked for, by their id. `at` is the moment of counts; ages end at `read_at`
    of each store. `until` is the latest end of the windows. `past`: the moment was named, so values are those of then;
    else they are those of now.
    """

    connection: sqlite3.Connection
    stores: tuple[MeasuredStore, ...]
    readings: Mapping[int, StoreReading]
    at: datetime
    until: datetime
    past: bool

    @property
    def bound(self) -> dict[str, object]:
        """The SQL parameters of the moment."""
        return {"at": to_text(self.at), **stretches.bound(self.at)}

    def total(self, now: str, then: str, only: Collection[int]) -> int:
        """Add up a count over the stores of these ids; `now` is the query for the present, `then` that for the past."""
        sql = then if self.past else now
        return sum(
            int(self.connection.execute(sql, {**self.bound, "store": store}).fetchone()[0]) for store in sorted(only)
        )

    def knowing(self, kind: Kind) -> tuple[MeasuredStore, ...]:
        """Return the stores whose counts of a kind complete walks confirm at the moment.

        At present any such walk does: after a clock was set back it is stamped later than now.
        """
        at = to_text(self.at)
        since = [(store, getattr(store.known, kind)) for store in self.stores]
        return tuple(store for store, first in since if first is not None and (first <= at or not self.past))

    def joined(self, window: WindowUpTo) -> Mapping[int, datetime]:
        """Return the stores that joined within their window, by id, with the moment of their first reading.

        A store joins where others were read before: of those that are read since the first day, as of one store alone,
        the part that was read is all there is to tell.
        """
        begun = {store.id: from_text(store.known.held) for store in self.stores if store.known.held}
        together = min(begun.values(), default=_NEVER) + DAY
        starts = {store.id: max(window(store.until)[0], together) for store in self.stores if store.id in begun}
        return {store: begun[store] for store, start in starts.items() if begun[store] > start}

    def throughout(self, window: WindowUpTo) -> Scope:
        """Return the scope without the stores that joined within the window (`joined`)."""
        late = self.joined(window)
        stores = tuple(store for store in self.stores if store.id not in late)
        readings = {store: reading for store, reading in self.readings.items() if store not in late}
        return replace(self, stores=stores, readings=readings)

    def reach(self, kind: Kind, window: WindowUpTo | None) -> Reach:
        """Return what a number may speak for that is made of the counts of a kind.

        `window` is what it counts of each store, None for a number of the moment.
        """
        knowing = {store.id: store for store in self.knowing(kind)}
        each = [
            self._in_window(knowing[store], reading, window) if store in knowing else self._of_nothing(reading)
            for store, reading in self.readings.items()
        ]
        return Reach(tuple(each), self.at if self.past else None)

    def _in_window(self, store: MeasuredStore, reading: StoreReading, window: WindowUpTo | None) -> StoreReading:
        if window is None:
            return reading
        span = window(store.until)
        return replace(reading, window=span, unread=unread(self.connection, store.id, span))

    def _of_nothing(self, reading: StoreReading) -> StoreReading:
        """Return the reading of a store that a number knows nothing of, though other numbers may be known of it.

        A moment of the past that lies between two readings stays one.
        """
        gap = self.past and not reading.current
        return reading if gap else replace(reading, read_at=None, current=False)


def scope(connection: sqlite3.Connection, keys: Sequence[str] | None, as_of: datetime | None, now: datetime) -> Scope:
    """Return the scope of some stores (None: all that are watched) at a moment (None: the present).

    Left out are stores that were not read yet and, at a past moment, those whose readings do not cover it. At present
    a store counts as it was when last read; its reading says how long ago that is.
    """
    rows = connection.execute(STORES, {"keys": keys_of(keys)}).fetchall()
    each = readings(connection, keys, as_of, now)
    stores = tuple(
        MeasuredStore(store, key, currency, counts.known_from(connection, store), as_of or read_at, read_at)
        for store, key, currency in rows
        if (reading := each[store]) and (read_at := reading.read_at) and (reading.current or not as_of)
    )
    until = as_of or max((store.until for store in stores), default=now)
    return Scope(connection, stores, each, as_of or now, until, past=as_of is not None)
