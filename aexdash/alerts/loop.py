"""The loop of alerts: evaluates the rules after every sync run and once a minute, then starts sending what is due.

It runs in a thread of its own beside the syncs, so that no sync waits for it. The sender is handed in by whoever starts
the loop.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from aexdash.alerts.engine import Engine
from aexdash.alerts.model import EventKind, RecordedEvent
from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.log import Log
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageMissing

ASK_EVERY = timedelta(minutes=1)
"""When no sync runs, rules about missing data are asked at least this often."""

SEND_EVERY = timedelta(seconds=5)

PATIENCE = 2.0
"""Seconds after which messages go without what was not found by then."""


class Sends(Protocol):
    """What sends the events of the outbox."""

    def step(self, now: datetime) -> None:
        """Begin to send what is due, and return at once."""


class Examining:
    """Examines what moved when alerts opened, and keeps the reports, one after the other in a thread of its own."""

    def __init__(self, settings: Settings, snapshot: Snapshot, log: Log) -> None:
        self._snapshot, self._reports, self._log = snapshot, Reports(settings.desk_path), log
        self._thread: threading.Thread | None = None

    def ask(self, events: Sequence[RecordedEvent], now: datetime, patience: float = PATIENCE) -> None:
        """Begin to examine the alerts that opened among these events; wait so many seconds at most.

        While an examination of before is under way none is begun: a person can ask on the page of the alert.
        """
        opened = (one.movement for one in events if one.event.kind is EventKind.OPENED)
        movements = list(dict.fromkeys(movement for movement in opened if movement))
        if not movements or (self._thread and self._thread.is_alive()):
            return
        self._thread = threading.Thread(target=self._examine, args=(movements, now), daemon=True)
        self._thread.start()
        self._thread.join(patience)

    def _examine(self, movements: Sequence[Movement], now: datetime) -> None:
        try:
            from aexdash.causes.report import examine, to_json  # noqa: PLC0415 - heavy, and alerts are rare
            from aexdash.causes.reread import newest  # noqa: PLC0415

            for movement in movements:
                if newest(self._reports, movement) is None:
                    report = examine(self._snapshot, movement, now)
                    self._reports.keep(movement.key, to_json(report), by="", now=now)
        except Exception as error:
            self._log(f"What goes with an alert is not known: {error}")


class Alerting:
    """Asks the rules and lets events be sent. `step` does what is due, and returns at once when nothing is.

    While there is no snapshot yet, nothing is asked. `step` raises StorageError when a file cannot be read or written.
    """

    def __init__(self, settings: Settings, sender: Sends, *, clock: Clock, log: Log) -> None:
        self._snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=clock, zone=settings.tzinfo)
        self._engine = Engine(settings, self._snapshot)
        # With a snapshot of its own: a round holds that of the engine open, for one thread.
        apart = Snapshot(settings.snapshot_path, settings.desk_path, clock=clock, zone=settings.tzinfo)
        self._examining = Examining(settings, apart, log)
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
            events = self._engine.round(now)
            for recorded in events:
                kind, severity = recorded.event.kind.value, recorded.event.severity.value
                self._log(f"Alert {kind}: {recorded.episode.store}: {recorded.rule.title} ({severity}).")
                self._sent_at = None
            self._version, self._asked_at = version, now
            self._examining.ask(events, now)
        if _is_time(self._sent_at, SEND_EVERY, now):
            self._sent_at = now
            self._sender.step(now)


def _is_time(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or abs(now - last) >= every
