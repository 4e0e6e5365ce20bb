"""Opening the two files: one writing connection with the schema brought up to date, many short reading ones."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database, Migrations

from aexdash.snapshot.migrations.m0001_m0002 import migrations
from aexdash.storage.errors import (
    SnapshotError,
    SnapshotMissing,
    SnapshotNotWritable,
    SnapshotTooNew,
    SnapshotTooOld,
    SnapshotUnreadable,
    told,
)

BUSY_MILLISECONDS = 10_000

HERE = "SELECT name FROM _sqlite_migrations WHERE migration_set = ?"


def open_snapshot(path: Path) -> Database:
    """Open the snapshot for writing, made or brought up to date where needed.

    Raises:
        SnapshotUnreadable: the file is damaged, not a snapshot, or may not be read.
        SnapshotTooNew: a newer version of aexdash has written it.
        SnapshotNotWritable: the disk is full, or the file or its folder is read-only.
        SnapshotBusy: another process keeps it locked.
    """
    return open_for_writing(Path(path), migrations, "snapshot")


def open_for_writing(path: Path, schema: Migrations, what: str) -> Database:
    """Open one of our files with WAL and foreign keys, and apply the migrations that it lacks."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SnapshotNotWritable(
            f"The folder {path.parent} cannot be made ({error.strerror}); choose another."
        ) from error
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000)
    except sqlite3.Error as error:
        raise told(error, path, what) from error
    try:
        return _prepared(connection, path, schema, what)
    except sqlite3.Error as error:
        connection.close()
        raise told(error, path, what) from error
    except SnapshotError:
        connection.close()
        raise


def _prepared(connection: sqlite3.Connection, path: Path, schema: Migrations, what: str) -> Database:
    check_schema(connection, path, schema, what, writing=True)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -16000")
    db = Database(connection)
    if schema.pending(db):
        connection.execute("BEGIN IMMEDIATE")  # two processes may open a new file at once
        schema.apply(db)
        connection.execute("COMMIT")
    return db


def check_schema(
    connection: sqlite3.Connection, path: Path, schema: Migrations, what: str, *, writing: bool = False
) -> None:
    """Refuse a file that is not ours, or that another version wrote in a way we cannot read."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    applied = {name for (name,) in connection.execute(HERE, [schema.name])} if "_sqlite_migrations" in tables else set()
    known = {migration.name for migration in schema._migrations}
    if applied - known:
        raise SnapshotTooNew(f"The {what} {path} was written by a newer version of aexdash; install that version.")
    if tables and not applied:
        raise SnapshotUnreadable(f"{path} is a SQLite file but not an aexdash {what}; move it aside or name another.")
    if not writing and not tables:
        raise SnapshotMissing(f"The {what} {path} is empty; run `aexdash sync` to fill it.")
    if not writing and known - applied:
        raise SnapshotTooOld(f"The {what} {path} is of an older version; run `aexdash sync` to bring it up to date.")


def move_aside(path: Path, now: datetime) -> Path:
    """Rename a snapshot, with its side files, to a name that says when; return the new path. Nothing is deleted.

    Raises:
        SnapshotMissing: there is no such file.
        SnapshotNotWritable: it cannot be renamed.
    """
    aside = path.with_name(f"{path.stem}.{now:%Y%m%dT%H%M%SZ}{path.suffix}")
    if not path.exists():
        raise SnapshotMissing(f"There is no snapshot at {path} to move aside.")
    if aside.exists():
        raise SnapshotNotWritable(f"{aside} exists already; move it away first.")
    try:
        for ending in ("-wal", "-shm", ""):
            side = path.with_name(path.name + ending)
            if side.exists():
                side.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        raise SnapshotNotWritable(
            f"{path} cannot be renamed ({error.strerror}); its folder must be writable."
        ) from error
    return aside


@contextlib.contextmanager
def transaction(db: Database) -> Iterator[sqlite3.Connection]:
    """Hold the one write transaction: all of the block is committed, or nothing of it. Inside another it joins that.

    Raises:
        SnapshotError: SQLite could not write; the file is as it was before.
    """
    connection = db.conn
    if connection.in_transaction:
        yield connection
        return
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        raise told(error, path_of(connection)) from error


def path_of(connection: sqlite3.Connection) -> Path:
    """Return the file of a connection, for messages."""
    return Path(str(connection.execute("PRAGMA database_list").fetchone()[2]))


@contextlib.contextmanager
def reading(path: Path, *, beside: Path | None = None) -> Iterator[sqlite3.Connection]:
    """Open a read-only connection to the snapshot for the length of a block; it never sees half a sync.

    `beside` names the desk file, attached as `desk` and read-only too.

    Raises:
        SnapshotMissing: there is no snapshot yet.
        SnapshotUnreadable: the file is damaged, not a snapshot, or may not be read.
        SnapshotTooNew: a newer version of aexdash has written it.
        SnapshotBusy: another process keeps it locked.
    """
    if not path.exists():
        raise SnapshotMissing(f"There is no snapshot at {path} yet; run `aexdash sync` to make it.")
    try:
        # A streamed export takes its rows in a pool of threads, one after the other: the connection goes along.
        opened = sqlite3.connect(read_only_uri(path), uri=True, isolation_level=None, check_same_thread=False)
        with contextlib.closing(opened) as connection:
            connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            connection.execute("PRAGMA query_only = 1")
            if beside is not None:
                _attach(connection, beside)
            connection.execute("BEGIN")
            check_schema(connection, path, migrations, "snapshot")
            yield connection
    except sqlite3.Error as error:
        raise told(error, path) from error


def _attach(connection: sqlite3.Connection, desk: Path) -> None:
    try:
        connection.execute("ATTACH DATABASE ? AS desk", [read_only_uri(desk)])
        connection.execute("SELECT 1 FROM desk.sqlite_master LIMIT 1")
    except sqlite3.Error as error:
        raise told(error, desk, "desk") from error


def read_only_uri(path: Path) -> str:
    """Write a path as the URI of a read-only file; `?`, `#` and `%` in names do not lead elsewhere."""
    return f"file:{quote(os.fsencode(path.absolute()))}?mode=ro"
