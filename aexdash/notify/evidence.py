"""Looks up in the snapshot what messages need: titles of listings, how many are held, and the work on them.

When the snapshot cannot be read, messages are sent without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from aexdash.alerts.model import RecordedEvent
from aexdash.causes.kept import Reports
from aexdash.clock import Clock, system_clock
from aexdash.notify.work_digest import WorkDigest, work_of
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.tallies import Hero
from aexdash.statement import Reach
from aexdash.storage.errors import StorageError
from aexdash.view import View

if TYPE_CHECKING:
    from aexdash.causes.reread import Reread


class SnapshotLookup:
    """Looks up titles and held counts; what cannot be read is left out. Days are those of `zone`."""

    def __init__(self, snapshot_path: Path, desk_path: Path, clock: Clock = system_clock, zone: tzinfo = UTC) -> None:
        self._snapshot = Snapshot(snapshot_path, desk_path, clock=clock, zone=zone)
        self._desk_path = desk_path
        self._reports = Reports(desk_path)
        self.zone = zone

    def titles(self, store: str, listings: Collection[int]) -> Mapping[int, str]:
        """Return the titles of listings of a store, by id."""
        with suppress(StorageError):
            found = self._snapshot.known_ids(listings)
            return {one.product_id: one.title for known in found.values() for one in known if one.store == store}
        return {}

    def reach(self, store: str) -> Reach | None:
        """Return what the numbers of a store may speak for; None where that cannot be read."""
        hero = self.hero(store)
        return hero.reach if hero else None

    def goes_with(self, recorded: RecordedEvent) -> Reread | None:
        """Return the kept report on what moved when an alert opened; None where there is none that can be read."""
        movement = recorded.movement
        with suppress(StorageError):
            if movement and self._reports.of(movement.key):
                from aexdash.causes.reread import newest  # noqa: PLC0415 - heavy, and few alerts have such a report

                return newest(self._reports, movement)
        return None

    def archived(self) -> frozenset[str]:
        """Return the keys of the stores that nobody reads any more; none where that cannot be read."""
        with suppress(StorageError):
            return self._snapshot.archived()
        return frozenset()

    def hero(self, store: str) -> Hero | None:
        """Return how many listings of a store are held; None where that cannot be read."""
        with suppress(StorageError):
            return self._snapshot.hero(View(store=store))
        return None

    def work(self, view: View, span: tuple[datetime, datetime], owners: Sequence[str]) -> WorkDigest | None:
        """Return the work on the listings of a view's stores; None where that cannot be read."""
        with suppress(StorageError):
            return work_of(self._snapshot, self._desk_path, view, span, owners)
        return None
