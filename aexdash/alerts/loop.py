"""The worker's side of alerts: asks the rules after every run and once a minute, and lets what is due be sent.

In a thread of its own, so that neither a sync nor a channel waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from aexdash.alerts.engine import Engine
from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.notify.sending import Sender
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError, StorageMissing

ASK_EVERY = timedelta(minutes=1)
"""Missing data makes no run: it is asked about by the clock."""

SEND_EVERY = timedelta(seconds=5)

LOOK_FOR_STOP = 1.0
"""Seconds between two looks at the clock and the snapshot."""

Log = Callable[[str], None]


class Alerting:
    """Asks and sends. `step` does what is due, and returns at once else.

    A missing snapshot is none yet: then there is nothing to ask. `step` raises StorageError when a file cannot be read
    or written; the next step tries again.
    """

    def __init__(self, settings: Settings, *, clock: Clock, log: Log, sender: Sender | None = None) -> None:
        self._snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=clock)
        self._engine = Engine(settings, self._snapshot)
        self._sender = sender or Sender(settings, clock=clock, log=log)
        self._clock, self._log = clock, log
        self._version: int | None = None
        self._asked_at: datetime | None = None
        self._sent_at: datetime | None = None

    def step(self) -> None:
        """Ask where a run has ended or a minute has passed; then begin to send what is due."""
        now = self._clock()
        try:
            version = self._snapshot.version()
        except StorageMissing:
            return
        if version != self._version or _is_time(self._asked_at, ASK_EVERY, now):
            for told in self._engine.round(now):
                kind, severity = told.event.kind.value, told.event.severity.value
                self._log(f"Alert {kind}: {told.episode.store}: {told.rule.title} ({severity}).")
                self._sent_at = None
            self._version, self._asked_at = version, now
        if _is_time(self._sent_at, SEND_EVERY, now):
            self._sent_at = now
            self._sender.step(now)


def _is_time(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or abs(now - last) >= every


def keep_alerting(settings: Settings, stop: threading.Event, clock: Clock, log: Log) -> None:
    """Step until told to stop. What cannot be read or written is said once and tried again: disks are freed."""
    said = ""
    alerting = Alerting(settings, clock=clock, log=log)
    while not stop.is_set():
        try:
            alerting.step()
            said = ""
        except StorageError as error:
            if str(error) != said:
                said = str(error)
                log(f"Alerts wait: {said}")
        stop.wait(LOOK_FOR_STOP)
