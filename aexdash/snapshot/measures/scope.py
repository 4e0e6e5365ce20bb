"""The stores and the moment of a measure."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import from_text, to_text
from aexdash.snapshot.history import as_of as stretches
from aexdash.snapshot.history import counts
from aexdash.snapshot.history.counts import KnownFrom
from aexdash.snapshot.history.readings import last_read
from aexdash.snapshot.stores import STORES


@dataclass(frozen=True, slots=True)
class MeasuredStore:
    """A store as a measure needs it.

    `known` says from when on complete walks confirm its counts. `read_at` is its last complete reading up to the moment
    of the scope: there ages end. None: not read yet.
    """

    id: int
    key: str
    currency: str | None
    known: KnownFrom
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Stores at a moment; without `stores` nothing is known.

    `at` is the moment of counts; ages end at `read_at` of each store. `until` is the end of windows: for the present,
    the last complete reading. `past`: the moment was named, so values are those of then; else they are those of now.
    """

    connection: sqlite3.Connection
    stores: tuple[MeasuredStore, ...]
    at: datetime
    until: datetime
    past: bool

    @property
    def bound(self) -> dict[str, object]:
        """The SQL parameters of the moment."""
        return {"at": to_text(self.at), **stretches.bound(self.at)}

    def total(self, now: str, then: str, **bound: object) -> int:
        """Add up a count over the stores; `now` is the query for the present, `then` that for a past moment."""
        values = {**self.bound, **bound}
        sql = then if self.past else now
        return sum(
            int(self.connection.execute(sql, {**values, "store": store.id}).fetchone()[0]) for store in self.stores
        )

    def knows(self, kind: str) -> bool:
        """Whether complete walks confirm every store's counts of a kind (`held`, `active`, `total`) at the moment."""
        since = [getattr(store.known, kind) for store in self.stores]
        return bool(since) and all(first is not None and first <= to_text(self.at) for first in since)


def scope(connection: sqlite3.Connection, keys: Sequence[str] | None, as_of: datetime | None, now: datetime) -> Scope:
    """Return the scope of some stores (None: all that are watched) at a moment (None: the present).

    At a past moment, stores that had not been read yet are left out. At present, one store that was not read yet makes
    all values unknown.
    """
    rows = connection.execute(STORES, {"keys": None if keys is None else json.dumps(list(keys))}).fetchall()
    stores = [
        MeasuredStore(store, key, currency, counts.known_from(connection, store), last_read(connection, store, as_of))
        for store, key, currency in rows
    ]
    if as_of is not None:
        known = tuple(store for store in stores if store.known.held is not None and store.known.held <= to_text(as_of))
        return Scope(connection, known, as_of, as_of, past=True)
    if any(store.known.held is None for store in stores):
        return Scope(connection, (), now, now, past=False)
    read = [
        connection.execute(counts.COVERED_UNTIL, {"store": store.id, "at": counts.FOREVER}).fetchone()[0]
        for store in stores
    ]
    return Scope(connection, tuple(stores), now, from_text(min(read)) if read else now, past=False)
