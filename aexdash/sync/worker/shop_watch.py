"""The shops' part of the worker: each shop is read in a thread of its own, so that none delays another or a pulse."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash.clock import Clock
from aexdash.config.sections.shops import ShopSettings
from aexdash.config.settings import Settings
from aexdash.http.wire import Respond
from aexdash.log import Log
from aexdash.shops.calling import Sleep
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.shops import recording
from aexdash.snapshot.shops.readmodels import ReadingOutcome
from aexdash.supervision.loop import Step
from aexdash.sync import lease
from aexdash.sync.shop_reading import ShopReader, ShopResult

AFTER_A_FAILURE = timedelta(minutes=15)
"""A shop that was not read to its end is tried again then, if its own turn does not come before; and at once by a
worker that has just begun or got other settings of it, because whoever mended it waits for that."""


class ShopWatch:
    """Reads one shop whenever it is due. `step` does that and returns."""

    def __init__(
        self,
        shop: ShopSettings,
        reader: ShopReader,
        *,
        clock: Clock,
        log: Log,
        last: tuple[datetime, ReadingOutcome] | None,
    ) -> None:
        self._shop, self._reader, self._clock, self._log = shop, reader, clock, log
        self._last = last if last and last[1] is ReadingOutcome.COMPLETE else None
        self._said = ""

    def due(self, now: datetime) -> bool:
        """Whether it is time; also where the clock was set back."""
        if self._last is None:
            return True
        at, outcome = self._last
        every = timedelta(seconds=self._shop.read_seconds)
        return abs(now - at) >= (every if outcome is ReadingOutcome.COMPLETE else min(every, AFTER_A_FAILURE))

    def step(self, stopped: Callable[[], bool]) -> ShopResult | None:
        """Read the shop where it is due. A new problem is logged.

        Raises:
            ToldToStop, StorageError, LeaseError: as `ShopReader.read`.
        """
        if not self.due(self._clock()):
            return None
        result = self._reader.read(stopped)
        self._last = (self._clock(), result.outcome)
        if result.message and result.message != self._said:
            self._log(f"shop {self._shop.key}: {result.message} {result.advice}".rstrip())
        self._said = result.message
        return result


@contextmanager
def reading(
    settings: Settings,
    key: str,
    writing: lease.Writing,
    stop: threading.Event,
    *,
    clock: Clock,
    log: Log,
    sleep: Sleep | None = None,
    respond: Respond | None = None,
) -> Iterator[Step]:
    """Give the step that reads a shop when it is due. With `respond`, that function answers in place of the shop.

    Raises:
        StorageError: the snapshot cannot be opened.
    """
    shop = settings.shops[key]
    with closing(open_snapshot(settings.snapshot_path)) as db:
        pause = sleep or _sleeping(stop)
        reader = ShopReader(settings, shop, db, clock=clock, writing=writing, sleep=pause, respond=respond)
        with closing(reader):
            watch = ShopWatch(shop, reader, clock=clock, log=log, last=recording.last_reading(db.conn, key))
            yield lambda: watch.step(stop.is_set)


@contextmanager
def marking(settings: Settings, writing: lease.Writing) -> Iterator[Step]:
    """Mark the shops that the settings no longer name or read, so that they are shown as kept for their history.

    Raises:
        StorageError, LeaseError: the snapshot cannot be written.
    """
    with closing(open_snapshot(settings.snapshot_path)) as db:
        mark_unwatched(settings, db, writing)
    yield lambda: None


def mark_unwatched(settings: Settings, db: Database, writing: lease.Writing) -> None:
    """Mark the shops that the settings no longer read.

    Raises:
        StorageError, LeaseError: the snapshot cannot be written.
    """
    with writing():
        recording.keep_watched(db, [key for key, shop in settings.shops.items() if shop.watched])


def _sleeping(stop: threading.Event) -> Sleep:
    """Wait, but no longer than until told to stop."""

    def sleep(seconds: float) -> None:
        stop.wait(seconds)

    return sleep
