"""The loop of alerts: evaluates the rules after every sync run and once a minute, then starts sending what is due.

It runs in a thread of its own beside the syncs, so that no sync waits for it. The sender is handed in by whoever starts
the loop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from aexdash.alerts.engine import Engine
from aexdash.causes.watching import SpikeWatch
from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError, StorageMissing

ASK_EVERY = timedelta(minutes=1)
"""When no sync runs, rules about missing data are asked at least this often."""

SEND_EVERY = timedelta(seconds=5)

LOOK_FOR_STOP = 1.0
"""Seconds between two looks at the clock and the snapshot."""

Log = Callable[[str], None]


class Sends(Protocol):
    """What sends the events of the outbox."""

    def step(self, now: datetime) -> None:
        """Begin to send what is due, and return at once."""


class Alerting:
    """Asks the rules and lets events be sent. `step` does what is due, and returns at once when nothing is.

    While there is no snapshot yet, nothing is asked. `step` raises StorageError when a file cannot be read or written;
    the next step tries again.
    """

    def __init__(self, settings: Settings, sender: Sends, *, clock: Clock, log: Log) -> None:
        self._snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=clock, zone=settings.tzinfo)
        self._engine = Engine(settings, self._snapshot)
        self._spikes = SpikeWatch(settings, self._snapshot)
        self._sender = sender
        self._clock, self._log = clock, log
        self._version: int | None = None
        self._asked_at: datetime | None = None
        self._sent_at: datetime | None = None

    def step(self) -> None:
        """Evaluate the rules if a run has ended or a minute has passed; then start sending what is due."""
        now = self._clock()
        try:
            version = self._snapshot.version()
        except StorageMissing:
            return
        if version != self._version or _is_time(self._asked_at, ASK_EVERY, now):
            for recorded in self._engine.round(now):
                kind, severity = recorded.event.kind.value, recorded.event.severity.value
                self._log(f"Alert {kind}: {recorded.episode.store}: {recorded.rule.title} ({severity}).")
                self._sent_at = None
            self._version, self._asked_at = version, now
        if _is_time(self._sent_at, SEND_EVERY, now):
            self._sent_at = now
            self._sender.step(now)
        self._spikes.step(now)  # last, because it may take seconds, once a day


def _is_time(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or abs(now - last) >= every


def keep_alerting(settings: Settings, sender: Sends, stop: threading.Event, clock: Clock, log: Log) -> None:
    """Step until told to stop. A file that cannot be read or written is logged once and tried again each second."""
    said = ""
    alerting = Alerting(settings, sender, clock=clock, log=log)
    while not stop.is_set():
        try:
            alerting.step()
            said = ""
        except StorageError as error:
            if str(error) != said:
                said = str(error)
                log(f"Alerts wait: {said}")
        stop.wait(LOOK_FOR_STOP)
