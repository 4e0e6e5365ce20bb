"""Looks up in the snapshot what messages need: titles of listings, how many are held, and the work on them.

When the snapshot cannot be read, messages are sent without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from aexdash.clock import Clock, system_clock
from aexdash.notify.work_digest import WorkDigest, work_of
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.tallies import Hero
from aexdash.statement import Reach
from aexdash.storage.errors import StorageError
from aexdash.view import View


class SnapshotLookup:
    """Looks up titles and held counts; what cannot be read is left out. Days are those of `zone`."""

    def __init__(self, snapshot_path: Path, desk_path: Path, clock: Clock = system_clock, zone: tzinfo = UTC) -> None:
        self._snapshot = Snapshot(snapshot_path, desk_path, clock=clock, zone=zone)
        self._desk_path = desk_path
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
