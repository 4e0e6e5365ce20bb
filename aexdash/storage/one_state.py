"""Reading several times from one state of the files: within `one_state()` each file is opened once.

A page asks some twenty-five questions in a run. To open a file, look which version it is of and close it again takes
about a millisecond each time, and between two questions the worker may have written, so that two numbers of one page
would speak of two moments.

A transaction that reads keeps SQLite from taking over into the file what was written to the `-wal` since. So a block is
short, as a run of a page is, and never waits for a person.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

Stamp = tuple[tuple[int, int], ...]
"""When a file and its `-wal` were last changed, in nanoseconds, and how large they are, in bytes."""


@dataclass
class _Kept:
    connection: sqlite3.Connection
    readers: int = 0
    outdated: bool = False

    def close_if_unused(self) -> None:
        if self.outdated and not self.readers:
            self.connection.close()


@dataclass
class _State:
    open: dict[Path, _Kept] = field(default_factory=dict)
    stamps: dict[Path, Stamp] = field(default_factory=dict)
    found: dict[Hashable, Any] = field(default_factory=dict)

    def leave(self) -> None:
        for kept in self.open.values():
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
def opened(path: Path, opening: Callable[[], sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
    """Give the connection of the block to a file, opened at the first call; outside of `one_state()` one of its own.

    `opening` begins a transaction that reads, unless it raises; then nothing is kept.
    """
    state = _state.get()
    if state is None:
        with contextlib.closing(opening()) as connection:
            yield connection
        return
    stamp(path)
    if path not in state.open:
        state.open[path] = _Kept(opening())
    kept = state.open[path]
    kept.readers += 1
    try:
        yield kept.connection
    finally:
        kept.readers -= 1
        kept.close_if_unused()


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
    return tuple((one.st_mtime_ns, one.st_size) for one in found)
