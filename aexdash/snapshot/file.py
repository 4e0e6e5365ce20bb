"""Opening the snapshot's file, for writing and for reading."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from aexdash.snapshot.migrations import migrations
from aexdash.storage import file, integrity, one_state
from aexdash.storage.errors import StorageError, StorageMissing, StorageTooOld, in_words
from aexdash.storage.only_reading import hold
from aexdash.storage.replicas import is_replica, require_whole
from aexdash.storage.rows import let_sql_ask

WHAT = "snapshot"

Opened = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""A function whose `with` block has an open read-only connection to the snapshot."""


def open_snapshot(path: Path) -> Database:
    """Open the snapshot for writing; make it if there is none, and apply the migrations it lacks.

    Raises:
        StorageUnreadable: the file is damaged, not a snapshot, or may not be read.
        StorageTooNew: a newer version of aexdash has written it.
        StorageNotWritable: the disk is full, or the file or its folder is read-only.
        StorageBusy: another process keeps it locked.
    """
    return file.open_for_writing(Path(path), migrations, WHAT)


def transaction(db: Database) -> AbstractContextManager[sqlite3.Connection]:
    """Run a block as one write transaction: all of it is committed, or nothing. Inside another it is part of that one.

    Raises:
        StorageError: SQLite could not write; the snapshot is as it was before.
    """
    return file.transaction(db, WHAT)


@contextlib.contextmanager
def reading(path: Path, *, beside: Path | None = None) -> Iterator[sqlite3.Connection]:
    """Open a read-only connection to the snapshot for the length of a block; all its queries see the same state.

    Within `one_state()` it is the connection that is open already. `beside` is the path of the desk file, which is
    attached as `desk`, read-only too. SQL may call `fold`, which folds the case of a text, and `is_utf8`.

    Raises:
        StorageMissing: there is no snapshot yet.
        StorageUnreadable: the file is damaged, not a snapshot, or may not be read.
        StorageTooNew: a newer version of aexdash has written it.
        StorageTooOld: an older version has, and no sync has brought it up to date yet.
        StorageBusy: another process keeps it locked.
    """
    if not path.exists():
        raise StorageMissing(f"There is no snapshot at {path} yet; run `aexdash sync` to make it.")
    try:
        with one_state.opened(path, lambda: _open(path, beside), lambda kept: _begin(kept, path)) as connection:
            if beside is not None and not file.is_attached(connection, "desk"):
                _attach(connection, beside)
            if beside is not None and is_replica(beside):
                connection.execute("SELECT 1 FROM desk.sqlite_master LIMIT 1").fetchone()
                require_whole(connection, "desk", "desk")
            yield connection
    except sqlite3.Error as error:
        raise _in_words_of_its_file(error, path, beside) from error


DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _in_words_of_its_file(error: sqlite3.Error, path: Path, desk: Path | None) -> StorageError:
    """Turn an error into words of the file that it is of: SQLite does not say in which of the two a page is damaged."""
    is_damage = getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGED
    if desk is None or not is_damage or _is_whole(desk):
        return in_words(error, path, WHAT)
    return in_words(error, desk, "desk")


def _is_whole(desk: Path) -> bool:
    try:
        with contextlib.closing(file.open_read_only(desk)) as connection:
            integrity.check_pages(connection, desk, "desk")
    except (StorageError, sqlite3.Error):
        return False
    return True


def _open(path: Path, beside: Path | None) -> sqlite3.Connection:
    with contextlib.ExitStack() as if_it_fails:
        connection = file.open_read_only(path)
        if_it_fails.callback(connection.close)
        file.with_fold(connection)
        let_sql_ask(connection)
        if beside is not None:
            _attach(connection, beside)
        _begin(connection, path)
        hold(connection, "listing_text")
        if_it_fails.pop_all()
    return connection


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    """Begin a transaction that reads: from here on both files are read in one state each."""
    connection.execute("BEGIN")
    _check_is_current(connection, path)
    if is_replica(path):
        require_whole(connection, "main", WHAT)
    if file.is_attached(connection, "desk"):
        connection.execute("SELECT 1 FROM desk.sqlite_master LIMIT 1").fetchone()


def _attach(connection: sqlite3.Connection, desk: Path) -> None:
    one_state.stamp(desk)
    file.attach_read_only(connection, desk, "desk")


def _check_is_current(connection: sqlite3.Connection, path: Path) -> None:
    applied = file.applied_to(connection, path, migrations, WHAT)
    if not applied:
        raise StorageMissing(f"The snapshot {path} is empty; run `aexdash sync` to fill it.")
    if file.names_of(migrations) - applied:
        raise StorageTooOld(f"The snapshot {path} is of an older version; run `aexdash sync` to bring it up to date.")


def check_pages(path: Path) -> None:
    """Let SQLite check every page of the snapshot; a large one takes a few seconds.

    Raises:
        StorageMissing: there is no snapshot yet.
        StorageUnreadable: the file is damaged, not a snapshot, or may not be read.
        StorageTooNew: a newer version of aexdash has written it.
        StorageBusy: another process keeps it locked.
    """
    with reading(path) as connection:
        integrity.check_pages(connection, path, WHAT)


def move_aside(path: Path, now: datetime) -> Path:
    """Rename a snapshot and its -wal and -shm files, adding `now` to the name; return the new path. Deletes nothing.

    Raises:
        StorageMissing: there is no such file.
        StorageNotWritable: it cannot be renamed.
    """
    return file.move_aside(path, now, WHAT)
