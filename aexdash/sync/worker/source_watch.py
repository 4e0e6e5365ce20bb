"""The worker's comparison of listings with the shops that they come from, in a thread of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.health import StaleAfter
from aexdash.snapshot.matched.recording import due_stores, refresh_sources
from aexdash.snapshot.version import version
from aexdash.supervision.loop import Step
from aexdash.sync import lease

LOOK_EVERY = 5.0
"""Seconds between two looks whether anything is new."""

SHARE = 30
"""A comparison rests for so many times as long as it took, where no shop was read since: listings move all day."""


class SourceWatch:
    """Compares a store with its shops at once when a shop was read, and at leisure when its listings changed.

    `stale_after` says for how many seconds a reading of a shop speaks. The first step compares every store, so with
    other tolerances make another one.
    """

    def __init__(self, db: Database, writing: lease.Writing, clock: Clock, stale_after: StaleAfter) -> None:
        self._db, self._writing, self._clock, self._stale_after = db, writing, clock, stale_after
        self._seen: dict[str, int] = {}
        self._rested: dict[str, datetime] = {}

    def step(self) -> int:
        """Compare what is due; return how many stores were compared.

        Raises:
            StorageError, LeaseError: the snapshot cannot be written.
        """
        compared = 0
        for key, shop_read in due_stores(self._db.conn).items():
            seen, now = version(self._db.conn), self._clock()
            if not shop_read and (self._seen.get(key) == seen or now < self._rested.get(key, now)):
                continue
            with self._writing():
                refresh_sources(self._db, key, now, self._stale_after)
            self._rested[key] = self._clock() + SHARE * max(self._clock() - now, timedelta(seconds=1))
            self._seen[key] = version(self._db.conn)
            compared += 1
        return compared


@contextmanager
def comparing(settings: Settings, writing: lease.Writing, clock: Clock) -> Iterator[Step]:
    """Give the step that compares what is due.

    Raises:
        StorageError: the snapshot cannot be opened.
    """
    with closing(open_snapshot(settings.snapshot_path)) as db:
        yield SourceWatch(db, writing, clock, settings.shop_stale_after).step
