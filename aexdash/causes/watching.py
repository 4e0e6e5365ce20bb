"""Keeps a report on each day on which far more was held than usual, so that pages can name what went with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.clock import DAY, Clock, day_of
from aexdash.config import preparing
from aexdash.config.settings import Settings
from aexdash.desk.profiles import Profiles, resolve_view
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.history.spikes import Spike
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageMissing
from aexdash.supervision.loop import Step
from aexdash.view import View

if TYPE_CHECKING:
    from aexdash.causes.reread import Reread

DAYS = 30
"""Days that are looked at, as on the pages that mark such days."""

LOOK_EVERY = timedelta(minutes=10)
"""A new day of this kind comes once a day at most, and a store that was just connected brings those of its past."""

MOST_BY_ITSELF = 2
"""Reports on one day that are made without anybody asking."""


def movement_of(spike: Spike, stores: tuple[str, ...] | None) -> Movement:
    """Return the movement of such a day: what came to be held since the last usual day before it."""
    return Movement(What.HELD, spike.before or spike.at - DAY, spike.at, stores, about="spike")


class SpikeWatch:
    """Examines such days of all stores together, of each store and of each profile, each once.

    Of a home that is not prepared none is examined.

    `step` does what is due, and returns at once when nothing is.
    """

    def __init__(self, settings: Settings, snapshot: Snapshot) -> None:
        self._home, self._snapshot, self._reports = settings.home, snapshot, Reports(settings.desk_path)
        self._profiles = Profiles(settings.desk_path)
        self._looked: datetime | None = None

    def step(self, now: datetime) -> int:
        """Keep a report on each day that has none; return how many were kept.

        Raises:
            StorageError: a file cannot be read or written.
        """
        if self._looked is not None and abs(now - self._looked) < LOOK_EVERY:
            return 0
        if preparing.told(self._home, now):  # the past is still being written
            return 0
        self._looked = now
        today = day_of(now, self._snapshot.zone)
        return sum(self._examine(stores, today, now) for stores in self._looked_at())

    def _looked_at(self) -> list[tuple[str, ...] | None]:
        """Return the stores that pages can be looked at with: all (None), each, and those of each profile."""
        stores, profiles = self._snapshot.stores(), self._profiles.all()
        each = [(store.key,) for store in stores if store.watched]
        views = [resolve_view(View(profile=one.name), stores, profiles).view.store_keys for one in profiles]
        together = [tuple(sorted(keys)) for keys in views if keys]
        return [None, *dict.fromkeys([*each, *together])]

    def _examine(self, stores: tuple[str, ...] | None, today: date, now: datetime) -> int:
        found = [movement_of(spike, stores) for spike in self._snapshot.spikes(stores, today, DAYS)]
        return sum(self._keep(movement, now) for movement in found)

    def _keep(self, movement: Movement, now: datetime) -> bool:
        from aexdash.causes.report import examine, to_json  # noqa: PLC0415 - heavy, and such days are rare
        from aexdash.causes.reread import newest  # noqa: PLC0415

        kept = newest(self._reports, movement)
        if kept is not None and not self._knows_more(kept, now):
            return False
        self._reports.keep(movement.key, to_json(examine(self._snapshot, movement, now)), by="", now=now)
        return True

    def _knows_more(self, kept: Reread, now: datetime) -> bool:
        """Whether to examine once more: a day later more properties are read than could be compared at first."""
        lacking = bool(kept.report.not_compared) and now - kept.report.made_at >= DAY
        return lacking and len(self._reports.of(kept.report.movement.key)) < MOST_BY_ITSELF


@contextmanager
def examining(settings: Settings, clock: Clock) -> Iterator[Step]:
    """Give the step that examines what is due; pages say nothing of a day while that fails."""
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=clock, zone=settings.tzinfo)
    watch = SpikeWatch(settings, snapshot)

    def step() -> None:
        with suppress(StorageMissing):  # nothing was read so far
            watch.step(clock())

    yield step
