"""Keeps a report on each day on which far more was held than usual, so that pages can name what went with it."""

from __future__ import annotations

from datetime import date, datetime

from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.causes.report import Report, examine, from_json, to_json
from aexdash.clock import DAY, day_of
from aexdash.config.settings import Settings
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.history.spikes import Spike
from aexdash.snapshot.query import Snapshot

DAYS = 30
"""Days that are looked at, as on the pages that mark such days."""


def movement_of(spike: Spike, stores: tuple[str, ...] | None) -> Movement:
    """Return the movement of such a day: what came to be held since the last usual day before it."""
    return Movement(What.HELD, spike.before or spike.at - DAY, spike.at, stores, about="spike")


def last_kept(reports: Reports, movement: Movement) -> Report | None:
    """Return the newest report that was kept of a movement; None where there is none that can be read.

    Raises:
        StorageError: the desk cannot be read.
    """
    for kept in reports.of(movement.key):
        try:
            return from_json(kept.report)
        except ValueError:  # of another version
            continue
    return None


class SpikeWatch:
    """Examines the days of all stores together, each once; `step` looks once a day and at the first call."""

    def __init__(self, settings: Settings, snapshot: Snapshot) -> None:
        self._snapshot, self._reports = snapshot, Reports(settings.desk_path)
        self._looked: date | None = None

    def step(self, now: datetime) -> int:
        """Keep a report on each day that has none; return how many were kept.

        Raises:
            StorageError: a file cannot be read or written.
        """
        today = day_of(now, self._snapshot.zone)
        if today == self._looked:
            return 0
        kept = 0
        for spike in self._snapshot.spikes(None, today, DAYS):
            movement = movement_of(spike, None)
            if last_kept(self._reports, movement) is None:
                report = examine(self._snapshot, movement, now)
                self._reports.keep(movement.key, to_json(report), by="", now=now)
                kept += 1
        self._looked = today
        return kept
