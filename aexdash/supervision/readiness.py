"""Whether everything is ready: each store read lately, each loop running, room on the disk. It names what is not.

Asked by probes, by the heartbeat and by the doctor, so that all three say the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.clock import CLOCK_TOLERANCE, to_text
from aexdash.config.settings import Settings
from aexdash.snapshot.beacon import behind_of, is_late
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError
from aexdash.supervision.states import WorkerState, worker_state

LEAST_FREE_BYTES = 500 * 1024 * 1024
"""A full disk stops the sync; below this it is near."""

HEARTBEAT = "heartbeat"
"""The loop that tells an outside address that all is ready: that it cannot is no reason not to be."""


@dataclass(frozen=True, slots=True)
class NotReady:
    """Something that is not ready: what, and why in a sentence without any secret."""

    what: str
    why: str


def free_bytes(home: Path) -> int:
    """Return how many bytes are free where a home is, or would be made."""
    there = next(path for path in (home.absolute(), *home.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free


def not_ready(settings: Settings, now: datetime, free: Callable[[Path], int] = free_bytes) -> list[NotReady]:
    """Return all that is not ready at this moment; empty where everything is."""
    return [
        *_stores(settings, now),
        *_worker(worker_state(settings.home), now, follows=settings.replica.follows),
        *_replica(settings, now),
        *_disk(settings.home, free),
    ]


def _stores(settings: Settings, now: datetime) -> Iterator[NotReady]:
    snapshot = Snapshot(settings.snapshot_path, settings.desk_path, clock=lambda: now, zone=settings.tzinfo)
    watched = [key for key, store in settings.stores.items() if store.watched]
    try:
        known = {store.key for store in snapshot.stores()}
        for key in watched:
            why = _why_not(snapshot, key, settings, now) if key in known else "it was not read yet."
            if why:
                yield NotReady(f"store {key}", why)
    except StorageError as error:
        yield NotReady("snapshot", str(error))


def _why_not(snapshot: Snapshot, key: str, settings: Settings, now: datetime) -> str:
    fresh = snapshot.freshness((key,), now, settings.stale_after)
    if fresh.read_at is None:
        return "it was not completely read yet."
    if fresh.stamped is not None or fresh.read_at > now + CLOCK_TOLERANCE:
        return "its last reading is stamped ahead of this machine's clock, so its age is not known."
    age, oldest = (now - fresh.read_at).total_seconds(), settings.stale_after(key)
    if age <= oldest:
        return ""
    return f"it was last completely read at {to_text(fresh.read_at)}, {age:.0f} s ago; stale after {oldest:.0f} s."


def _worker(state: WorkerState | None, now: datetime, *, follows: bool) -> Iterator[NotReady]:
    if state is None:
        yield NotReady("worker", "aexdash follow is not running." if follows else "none is running.")
    elif state.is_silent(now):
        yield NotReady("worker", f"it was last heard of at {to_text(state.at)}.")
    else:
        for name, loop in state.unable(now).items():
            if name != HEARTBEAT:
                since = loop.failing_since or loop.busy_since
                how = "hangs" if loop.hangs(now) else "cannot run"
                yield NotReady(f"loop {name}", f"it {how} since {to_text(since or now)}. {loop.error}".rstrip())


def _replica(settings: Settings, now: datetime) -> Iterator[NotReady]:
    """Look how far a copy is behind, where this home follows another machine."""
    if not settings.replica.follows or not settings.snapshot_path.exists():
        return  # a copy that is not there yet is told as a snapshot that is missing
    try:
        behind = behind_of(settings.snapshot_path, now)
    except StorageError:
        return  # told by the stores
    if behind == timedelta.max:
        yield NotReady(
            "replica", "how old it is cannot be told: it has no beacon, or the clocks of both machines differ."
        )
    elif behind is not None and is_late(behind):
        yield NotReady("replica", f"it is {behind.total_seconds():.0f} s behind {settings.replica.writer}.")


def _disk(home: Path, free: Callable[[Path], int]) -> Iterator[NotReady]:
    try:
        left = free(home)
    except OSError as error:
        yield NotReady("disk", f"how much is free cannot be told ({error.strerror}).")
        return
    if left < LEAST_FREE_BYTES:
        yield NotReady("disk", f"{left / 1024**2:.0f} MB are free, less than {LEAST_FREE_BYTES // 1024**2} MB.")
