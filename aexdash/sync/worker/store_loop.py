"""The loop of one store: its worker is begun anew after an error, and goes on with the same plan and connection."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from aexdash.aliexpress.listings import Seller
from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.log import Log
from aexdash.supervision.loop import Step
from aexdash.supervision.states import LoopRecord
from aexdash.sync import lease
from aexdash.sync.schedule import RunKind, Schedule
from aexdash.sync.worker.store_worker import StoreWorker


class StoreLoop:
    """The loop of one store: what lasts while its worker is begun anew after an error."""

    def __init__(
        self,
        settings: Settings,
        key: str,
        seller: Seller,
        *,
        clock: Clock,
        log: Log,
        writing: lease.Writing,
        record: LoopRecord,
    ) -> None:
        self._settings, self._key, self._seller = settings, key, seller
        self._clock, self._log, self._writing, self._record = clock, log, writing, record
        self._schedule: Schedule | None = None

    @contextmanager
    def begun(self, stop: threading.Event, requests: SimpleQueue[RunKind]) -> Iterator[Step]:
        """Give the step that runs what is due or was asked for. The plan of an earlier beginning stands.

        Raises:
            StorageError: the snapshot cannot be opened or written.
        """
        worker = StoreWorker(
            self._settings,
            self._key,
            self._seller,
            clock=self._clock,
            log=self._log,
            stop=stop,
            writing=self._writing,
            schedule=self._schedule,
            alive=lambda: self._record.alive(self._clock()),
        )

        def step() -> None:
            while not requests.empty():
                worker.ask(requests.get())
            worker.step()

        try:
            yield step
        finally:
            self._schedule = worker.schedule
            worker.close()
