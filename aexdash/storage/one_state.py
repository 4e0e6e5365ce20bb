"""Reading several times from one state of the files: within `one_state()` each file is opened once.

A page asks some twenty-five questions in a run. To open a file, look which version it is of and close it again takes
about a millisecond each time, and between two questions the worker may have written, so that two numbers of one page
would speak of two moments.

A transaction that reads keeps SQLite from taking over into the file what was written to the `-wal` since. So a block is
short, as a run of a page is, and never waits for a person.

Between two blocks the files may stay open, without a transaction: the next block takes a connection up again, with what
SQLite has read of the file and made of our queries, where nobody has changed anything in its files since. Else it is
closed, and the file opened anew.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from aexdash.storage.errors import StorageError
from aexdash.storage.only_reading import reads_only

T = TypeVar("T")

Stamp = tuple[tuple[int, int, int], ...]
"""When a file and its `-wal` were last changed, in nanoseconds, how large they are, in bytes, and which file it is."""

Again = Callable[[sqlite3.Connection], object]
"""Begins a transaction that reads over a connection that has none, with all that is looked at when a file is opened."""

MOST_IDLE = 4
"""Connections that stay open between blocks: two of each file, for a page and what it asks for meanwhile."""

IDLE_SECONDS = 30.0
"""How long one stays open that nobody takes up, where somebody calls `close_idle`."""


@dataclass
class _Kept:
    connection: sqlite3.Connection
    again: Again | None
    readers: int = 0
    outdated: bool = False

    def close_if_unused(self) -> None:
        if self.outdated and not self.readers:
            self.connection.close()


@dataclass(frozen=True)
class _Idle:
    path: Path
    connection: sqlite3.Connection
    stamps: dict[Path, Stamp]
    process: int
    since: float


_idle: list[_Idle] = []
_idle_lock = threading.Lock()


@dataclass
class _State:
    open: dict[Path, _Kept] = field(default_factory=dict)
    stamps: dict[Path, Stamp] = field(default_factory=dict)
    found: dict[Hashable, Any] = field(default_factory=dict)

    def leave(self) -> None:
        for path, kept in self.open.items():
            if kept.again and not kept.readers:
                _lay_by(path, kept.connection, self.stamps)
                continue
            kept.outdated = True
            kept.close_if_unused()
        self.open.clear()
        self.stamps.clear()
        self.found.clear()


_state: ContextVar[_State | None] = ContextVar("one_state", default=None)


@contextlib.contextmanager
def one_state() -> Iterator[None]:
    """Answer all that this thread reads within the block from one state of each file, over one connection.

    What the block itself writes is seen by what it reads after that. A block within a block is part of it. As a
    decorator it makes one block of each call.
    """
    if _state.get():
        yield
        return
    state = _State()
    before = _state.set(state)
    try:
        yield
    finally:
        _state.reset(before)
        state.leave()


@contextlib.contextmanager
def opened(
    path: Path, opening: Callable[[], sqlite3.Connection], again: Again | None = None
) -> Iterator[sqlite3.Connection]:
    """Give the connection of the block to a file, opened at the first call; outside of `one_state()` one of its own.

    `opening` begins a transaction that reads, unless it raises; then nothing is kept. With `again` the file may stay
    open after the block, and a later block then begins with that and without `opening`.
    """
    state = _state.get()
    if state is None:
        with contextlib.closing(opening()) as connection:
            yield connection
        return
    stamp(path)
    if path not in state.open:
        again = None if reads_only() else again  # what is opened there can do less than others need
        state.open[path] = _Kept((again and _taken_up(path, again)) or opening(), again)
    kept = state.open[path]
    kept.readers += 1
    try:
        yield kept.connection
    finally:
        kept.readers -= 1
        kept.close_if_unused()


def _lay_by(path: Path, connection: sqlite3.Connection, stamps: dict[Path, Stamp]) -> None:
    """Let a connection stay open for a later block, and close the one that has lain there longest if there are many.

    A copy that another program patches in place is closed: SQLite would not notice that what it has read is no more.
    """
    try:
        connection.execute("COMMIT")
    except sqlite3.Error:
        connection.close()
        return
    if any(one.is_symlink() for one in stamps):
        connection.close()
        return
    with _idle_lock:
        _idle.append(_Idle(path, connection, dict(stamps), os.getpid(), time.monotonic()))
        too_many = [_idle.pop(0) for _ in range(len(_idle) - MOST_IDLE)]
    _close(too_many)


def _taken_up(path: Path, again: Again) -> sqlite3.Connection | None:
    """Return a connection that stayed open, in a transaction; None where there is none, or its files have changed."""
    with _idle_lock:
        mine = [one for one in _idle if one.path == path and one.process == os.getpid()]
        if not mine:
            return None
        _idle.remove(mine[-1])
    found = mine[-1]
    if all(stamp(one) == before for one, before in found.stamps.items()):
        try:
            again(found.connection)
        except (sqlite3.Error, StorageError):  # whatever it is: it is found, and said, when the file is opened
            pass
        else:
            return found.connection
    _close([found])
    return None


def close_idle(longest: float = IDLE_SECONDS) -> None:
    """Close what has stayed open for so many seconds and was not taken up again."""
    latest = time.monotonic() - longest
    with _idle_lock:
        old = [one for one in _idle if one.since <= latest]
        _idle[:] = [one for one in _idle if one.since > latest]
    _close(old)


def _close(connections: list[_Idle]) -> None:
    for one in connections:
        if one.process == os.getpid():
            one.connection.close()


def read_anew() -> None:
    """Let what is read from now on see what this thread is about to write."""
    state = _state.get()
    if state:
        state.leave()


def looked_up(about: Hashable, look: Callable[[], T]) -> T:
    """Return what `look` finds; within `one_state()` it looks once about the same thing, until the block writes."""
    state = _state.get()
    if state is None:
        return look()
    if about not in state.found:
        state.found[about] = look()
    found: T = state.found[about]
    return found


def stamp(path: Path) -> Stamp:
    """Return what changes whenever a file is written to.

    Within `one_state()` it is that from before the file was opened, so what is kept under it is never older than it.
    """
    state = _state.get()
    if state is None:
        return _stamp(path)
    if path not in state.stamps:
        state.stamps[path] = _stamp(path)
    return state.stamps[path]


def _stamp(path: Path) -> Stamp:
    looked_at = (path, path.with_name(path.name + "-wal"))
    found = (one.stat() for one in looked_at if one.exists())
    # An empty file holds nothing: SQLite makes an empty `-wal` for who reads where nobody has the file open.
    return tuple((one.st_mtime_ns, one.st_size, one.st_ino) for one in found if one.st_size)
