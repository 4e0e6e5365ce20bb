"""What the worker's loops say of themselves, in a small file of the home, so that the pages and the probes know it.

A file of its own, because the loops have most to say when the snapshot cannot be written. Where nothing at all can be
written, the file grows old, and that is what tells it.
"""

from __future__ import annotations

import os
import threading
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

FILE = "worker.json"

WRITE_EVERY = timedelta(seconds=10)

SILENT_AFTER = timedelta(minutes=1)
"""A worker that has written nothing for so long is not heard of any more."""

WELL_AFTER = timedelta(minutes=1)
"""A loop that failed is well again when it has run for so long without another error."""

LONG = timedelta(minutes=5)
"""A loop that fails for longer is told on the pages and makes the installation not ready."""

STUCK_AFTER = timedelta(minutes=30)
"""A step of a loop that shows no sign of life for so long hangs."""

GIVE_UP_AFTER = timedelta(minutes=15)
"""When no store's loop could run for so long, the process ends, so that whoever started it starts it again."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a loop that failed begins again; each further failure in a row doubles them."""

LONGEST_ERROR = 500
"""Characters that are kept of an error."""


class LoopState(BaseModel):
    """What a loop says of itself. Moments are in UTC.

    `failing_since` is None where it is well; `error` says what was in the way last. `restarts` counts how often it has
    begun again since its process began. `busy_since` is when the step under way last showed a sign of life, None
    between two steps.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    failing_since: AwareDatetime | None = None
    error: str = ""
    restarts: int = 0
    busy_since: AwareDatetime | None = None

    def cannot_run(self, now: datetime, longer_than: timedelta) -> bool:
        """Whether it has failed for longer than that, or hangs."""
        return _older(self.failing_since, longer_than, now) or self.hangs(now)

    def hangs(self, now: datetime) -> bool:
        """Whether a step of it has shown no sign of life for long."""
        return _older(self.busy_since, STUCK_AFTER, now)


class WorkerState(BaseModel):
    """What a worker says of itself: its process, since when it runs, when it said so, and its loops by name."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pid: int
    began_at: AwareDatetime
    at: AwareDatetime
    loops: dict[str, LoopState] = {}

    def is_silent(self, now: datetime) -> bool:
        """Whether it has not been heard of for long; so too where it is stamped ahead of the clock."""
        return abs(now - self.at) > SILENT_AFTER

    def unable(self, now: datetime, longer_than: timedelta = LONG) -> dict[str, LoopState]:
        """Return the loops that cannot run for long, by name."""
        return {name: loop for name, loop in self.loops.items() if loop.cannot_run(now, longer_than)}


class LoopRecord:
    """Keeps the state of one loop while it runs. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = LoopState()
        self._failures = 0
        self._well_since: datetime | None = None

    @property
    def state(self) -> LoopState:
        """The state at this moment."""
        with self._lock:
            return self._state

    def alive(self, now: datetime) -> None:
        """Note a sign of life of the step under way; the first one is its beginning."""
        with self._lock:
            self._state = self._state.model_copy(update={"busy_since": now})

    def rests(self, now: datetime) -> bool:
        """Note that a step went well; return whether the loop is well again by that."""
        with self._lock:
            changes: dict[str, object] = {"busy_since": None}
            self._well_since = self._well_since or now
            recovers = self._state.failing_since is not None and abs(now - self._well_since) >= WELL_AFTER
            if recovers:
                self._failures = 0
                changes |= {"failing_since": None, "error": ""}
            self._state = self._state.model_copy(update=changes)
            return recovers

    def fails(self, error: str, now: datetime) -> float:
        """Note that it failed; return how many seconds to wait before it begins again."""
        with self._lock:
            self._failures += 1
            self._well_since = None
            self._state = LoopState(
                failing_since=self._state.failing_since or now,
                error=error[:LONGEST_ERROR],
                restarts=self._state.restarts + 1,
            )
            return min(FIRST_PAUSE * 2.0 ** min(self._failures - 1, 10), LONGEST_PAUSE)


class LoopBook:
    """The records of all loops of a worker, and the file that tells of them."""

    def __init__(self, home: Path, now: datetime) -> None:
        self._home, self._began_at = home, now
        self._records: dict[str, LoopRecord] = {}
        self._lock = threading.Lock()
        self._kept: WorkerState | None = None

    def record(self, name: str) -> LoopRecord:
        """Return the record of a loop; what is known of a loop of this name goes on."""
        with self._lock:
            return self._records.setdefault(name, LoopRecord())

    def forget(self, name: str) -> None:
        """Leave out a loop that is not wanted any more."""
        with self._lock:
            self._records.pop(name, None)

    def state(self, now: datetime) -> WorkerState:
        """Return what is to be told at this moment."""
        with self._lock:
            loops = {name: record.state for name, record in self._records.items()}
        return WorkerState(pid=os.getpid(), began_at=self._began_at, at=now, loops=loops)

    def keep(self, now: datetime) -> None:
        """Write the file where it is time, or where a loop began or ceased to fail. A full disk is no error here."""
        state, kept = self.state(now), self._kept
        if kept and abs(now - kept.at) < WRITE_EVERY and _failing(kept) == _failing(state):
            return
        self._kept = state
        beside = self._home / f"{FILE}.part"
        try:
            beside.write_text(state.model_dump_json(indent=1), "utf-8")
            beside.replace(self._home / FILE)
        except OSError:
            return

    def close(self) -> None:
        """Take the file away: a worker that was ended says nothing any more."""
        try:
            (self._home / FILE).unlink(missing_ok=True)
        except OSError:
            return


def worker_state(home: Path) -> WorkerState | None:
    """Return what the worker of a home said of itself last; None where none did, or its file cannot be read."""
    try:
        return WorkerState.model_validate_json((home / FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def _failing(state: WorkerState) -> set[str]:
    return {name for name, loop in state.loops.items() if loop.failing_since}


def _older(moment: datetime | None, than: timedelta, now: datetime) -> bool:
    return moment is not None and now - moment > than
