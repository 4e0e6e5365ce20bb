"""The lease: only one process writes a snapshot at a time.

It is a file lock that the operating system frees when its holder dies. A note beside it says who holds it.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from aexdash.clock import Clock, from_text, to_text
from aexdash.storage.private import mode_in

POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a lease; `since` is in UTC."""

    pid: int
    host: str
    command: str
    since: datetime

    def __str__(self) -> str:
        return f"{self.command}, process {self.pid} on {self.host}, since {self.since:%Y-%m-%d %H:%M} UTC"


class LeaseError(Exception):
    """The lease could not be taken."""


class LeaseHeld(LeaseError):
    """Another process writes this snapshot. `holder` is None when its note cannot be read."""

    def __init__(self, path: Path, holder: Holder | None) -> None:
        self.path = path
        self.holder = holder
        super().__init__(
            f"{path.parent} is being written by {holder or 'another process'}; wait until it ends, or end it."
        )


class LeaseNotWritable(LeaseError):
    """The directory of the lease cannot be written."""


@contextmanager
def hold(
    path: Path,
    *,
    clock: Clock,
    command: str,
    wait: bool = False,
    stop: threading.Event | None = None,
    waiting: Callable[[Holder | None], None] | None = None,
) -> Iterator[None]:
    """Hold the lease at `path` for the length of a `with` block.

    With `wait`, wait while another process holds it: `waiting` is called once with the holder, `stop` ends the wait.

    Raises:
        LeaseHeld: another process holds it, or `stop` was set before that let go.
        LeaseNotWritable: the directory is read-only or full.
    """
    lock = FileLock(path, thread_local=False, mode=mode_in(path.parent))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _acquire(lock, path, wait, stop, waiting)
        _write(path, Holder(os.getpid(), socket.gethostname(), command, clock()))
    except Timeout:
        raise LeaseHeld(path, holder(path)) from None
    except OSError as error:
        lock.release()
        raise LeaseNotWritable(
            f"{path.parent} cannot be written ({error.strerror}): check disk and permissions."
        ) from None
    try:
        yield
    finally:
        _note(path).unlink(missing_ok=True)
        lock.release()


Writing = Callable[[], AbstractContextManager[None]]
"""A function whose `with` block holds the lease of a snapshot."""


def writing(path: Path, *, clock: Clock, command: str, stop: threading.Event | None = None) -> Writing:
    """Return a function whose `with` block holds this lease; it waits for another holder until `stop` is set."""
    return lambda: hold(path, clock=clock, command=command, wait=True, stop=stop)


class Shared:
    """One lease for all threads of a process: taken when the first thread needs it, released by the last.

    The lease keeps other processes out. The threads of one worker may write at the same time, each in transactions of
    its own, so that the long sweep of one store delays no pulse of another.
    """

    def __init__(self, take: Writing) -> None:
        self._take, self._lock = take, threading.Lock()
        self._held, self._users = ExitStack(), 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the lease together with the other threads; raises what taking it raises."""
        with self._lock:
            if not self._users:
                self._held.enter_context(self._take())
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._held.close()


def holder(path: Path) -> Holder | None:
    """Return who wrote the note beside a lease. After a crash the note may stay behind: ask `is_held` too."""
    try:
        note = json.loads(_note(path).read_text(encoding="utf-8"))
        return Holder(int(note["pid"]), str(note["host"]), str(note["command"]), from_text(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_held(path: Path) -> bool:
    """Whether any process holds the lease at this moment."""
    if not path.exists():
        return False
    lock = FileLock(path, thread_local=False, mode=mode_in(path.parent))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False


def _acquire(
    lock: FileLock,
    path: Path,
    wait: bool,
    stop: threading.Event | None,
    waiting: Callable[[Holder | None], None] | None,
) -> None:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        if not wait:
            raise
        if waiting:
            waiting(holder(path))
        lock.acquire(poll_interval=POLL_SECONDS, cancel_check=stop.is_set if stop else None)


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".holder.json")


def _write(path: Path, who: Holder) -> None:
    note = {"pid": who.pid, "host": who.host, "command": who.command, "since": to_text(who.since)}
    beside = path.with_name(f"{path.name}.{who.pid}.part")
    beside.write_text(json.dumps(note), encoding="utf-8")
    beside.replace(_note(path))
