"""How far the first reading of a store is, and whether anything reads it at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aexdash.config.settings import Settings
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageMissing
from aexdash.sync import lease


class Progress(StrEnum):
    """Where the first reading is."""

    NOBODY_READS = "nobody_reads"
    WAITING = "waiting"
    READING = "reading"
    FAILED = "failed"
    PARTIAL = "partial"
    READ = "read"


@dataclass(frozen=True, slots=True)
class FirstReading:
    """Where the first reading of a store is; `words` are how far it is, or why the last try failed."""

    progress: Progress
    words: str = ""


def first_reading(settings: Settings, key: str, now: datetime) -> FirstReading:
    """Return how far the first reading of a store is.

    Raises:
        StorageError: the snapshot is there and cannot be read.
    """
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, zone=settings.tzinfo)
    nobody = not lease.is_held(settings.worker_lease_path)
    waiting = FirstReading(Progress.NOBODY_READS if nobody else Progress.WAITING)
    try:
        known = any(store.key == key for store in snapshot.stores())
    except StorageMissing:
        return waiting
    if not known:
        return waiting
    current = snapshot.freshness([key], now, settings.stale_after)
    if current.read_at is not None:
        return FirstReading(Progress.READ)
    if current.working_on and not nobody:
        return FirstReading(Progress.READING, current.working_on.partition(": ")[2])
    failed = {"failed": Progress.FAILED, "partial": Progress.PARTIAL}.get(str(current.last_outcome or ""))
    return FirstReading(failed, current.message) if failed else waiting
