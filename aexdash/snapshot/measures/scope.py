"""Which stores a measure looks at, and at which moment."""

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
from aexdash.snapshot.stores import STORES


@dataclass(frozen=True, slots=True)
class MeasuredStore:
    """A store as a measure needs it; `known` says from when on its counts are vouched for."""

    id: int
    key: str
    currency: str | None
    known: KnownFrom


@dataclass(frozen=True, slots=True)
class Scope:
    """Stores at a moment. `past`: the moment was named, so it is answered as of then. Empty `stores`: nothing known.

    `at` is the moment of the state and of ages, `until` where windows end: for the present, the last complete reading.
    """

    connection: sqlite3.Connection
    stores: tuple[MeasuredStore, ...]
    at: datetime
    until: datetime
    past: bool

    @property
    def bound(self) -> dict[str, object]:
        """The moment as SQL takes it."""
        return {"at": to_text(self.at), **stretches.bound(self.at)}

    def total(self, now: str, then: str, **bound: object) -> int:
        """Add up a count over the stores, of the present by `now`, of a past moment by `then`."""
        values = {**self.bound, **bound}
        sql = then if self.past else now
        return sum(
            int(self.connection.execute(sql, {**values, "store": store.id}).fetchone()[0]) for store in self.stores
        )

    def whole(self, known: str) -> bool:
        """Say whether every store's counts of a kind (`held`, `active`, `total`) are vouched for at the moment."""
        since = [getattr(store.known, known) for store in self.stores]
        return bool(since) and all(first is not None and first <= to_text(self.at) for first in since)


def scope(connection: sqlite3.Connection, keys: Sequence[str] | None, as_of: datetime | None, now: datetime) -> Scope:
    """Find the stores (None: all that are watched) at a moment (None: the present).

    At a past moment a store that was not connected yet has no part in any value; at present it leaves them unknown.
    """
    found = connection.execute(STORES, {"keys": None if keys is None else json.dumps(list(keys))}).fetchall()
    stores = [
        MeasuredStore(store, key, currency, counts.known_from(connection, store)) for store, key, currency in found
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
