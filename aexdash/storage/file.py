"""Opening a SQLite file of ours: for writing, with its migrations applied, or read-only.

`what` is the word for the file in sentences: `snapshot` or `desk`.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database, Migrations

from aexdash.storage import private
from aexdash.storage.errors import (
    StorageDamaged,
    StorageError,
    StorageMissing,
    StorageNotWritable,
    StorageTooNew,
    in_words,
)
from aexdash.storage.one_state import read_anew
from aexdash.storage.only_reading import refuse_writing
from aexdash.storage.replicas import refuse_replica
from aexdash.storage.text import fold

BUSY_MILLISECONDS = 10_000
"""How long a connection waits for a lock of another process before it gives up."""

BACKUPS = "backups"
"""The folder of a home in which copies of its files are kept."""

APPLIED = "SELECT name FROM _sqlite_migrations WHERE migration_set = ?"


def open_for_writing(path: Path, migrations: Migrations, what: str, *, durable: bool = False) -> Database:
    """Open a file for writing, with WAL and foreign keys. Make it if there is none, and apply the migrations it lacks.

    SQL, and the triggers of the file, may call `fold`, which folds the case of a text.
    `durable`: what is committed is on the disk by then, which costs some milliseconds each time. Else the last
    transactions before the power fails may be lost, and the file is whole all the same.

    Raises:
        StorageUnreadable: the file is damaged, not one of ours, or may not be read.
        StorageTooNew: a newer version of aexdash has written it.
        StorageNotWritable: the disk is full, the file or its folder is read-only, this is within `only_reading()`, or
            the file is a copy of another machine's.
        StorageBusy: another process keeps it locked.
    """
    refuse_writing(what)
    refuse_replica(path, what)
    read_anew()
    try:
        private.folder(path.parent)
    except OSError as error:
        raise StorageNotWritable(
            f"The folder {path.parent} cannot be made ({error.strerror}); choose another."
        ) from error
    if not path.exists():
        with contextlib.suppress(OSError):  # SQLite says the same, with its reason
            private.file(path, anew=False)
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000)
    except sqlite3.Error as error:
        raise in_words(error, path, what) from error
    try:
        return _prepared(connection, path, migrations, what, durable=durable)
    except sqlite3.Error as error:
        connection.close()
        raise in_words(error, path, what) from error
    except StorageError:
        connection.close()
        raise


def _prepared(
    connection: sqlite3.Connection, path: Path, migrations: Migrations, what: str, *, durable: bool
) -> Database:
    applied = applied_to(connection, path, migrations, what)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -16000")
    with_fold(connection)
    db = Database(connection)
    if pending := migrations.pending(db):
        if applied:
            keep_as_it_was(connection, path, what, pending[0].name)
        connection.execute("BEGIN IMMEDIATE")  # two processes may open a new file at once
        migrations.apply(db)
        connection.execute("COMMIT")
    return db


def with_fold(connection: sqlite3.Connection) -> None:
    """Let SQL on a connection call `fold`."""
    connection.create_function("fold", 1, fold, deterministic=True)


def keep_as_it_was(connection: sqlite3.Connection, path: Path, what: str, migration: str) -> Path:
    """Keep a copy of a file in the folder of backups before a migration is applied; return its path.

    Raises:
        StorageNotWritable: the copy cannot be written, so nothing is migrated.
        sqlite3.Error: the file cannot be read.
    """
    copy = path.parent / BACKUPS / f"{what}.before-{migration}.db"
    part = copy.with_name(f".{copy.name}.{os.getpid()}.part")
    try:
        private.folder(copy.parent)
        private.file(part)
        with contextlib.closing(sqlite3.connect(part)) as target:
            connection.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
        return part.replace(copy)
    except OSError as error:
        raise StorageNotWritable(
            f"The {what} {path} is of an older version, and no copy of it can be kept in {copy.parent} "
            f"({error.strerror}); nothing was changed."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def applied_to(connection: sqlite3.Connection, path: Path, migrations: Migrations, what: str) -> set[str]:
    """Return the names of the migrations that were applied to a file; an empty file has none.

    Raises:
        StorageDamaged: the file holds tables that are not ours.
        StorageTooNew: a newer version of aexdash has written it.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    marked = "_sqlite_migrations" in tables
    applied = {name for (name,) in connection.execute(APPLIED, [migrations.name])} if marked else set()
    if applied - names_of(migrations):
        raise StorageTooNew(f"The {what} {path} was written by a newer version of aexdash; install that version.")
    if tables and not applied:
        raise StorageDamaged(f"{path} is a SQLite file but not an aexdash {what}; move it aside or name another.")
    return applied


def names_of(migrations: Migrations) -> set[str]:
    """Return the names of all migrations that this version knows."""
    return {migration.name for migration in migrations._migrations}


@contextlib.contextmanager
def transaction(db: Database, what: str) -> Iterator[sqlite3.Connection]:
    """Run a block as one write transaction: all of it is committed, or nothing. Inside another it is part of that one.

    Raises:
        StorageError: SQLite could not write; the file is as it was before.
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
        raise in_words(error, path_of(connection), what) from error


def path_of(connection: sqlite3.Connection) -> Path:
    """Return the path of the file that a connection has open, for error messages."""
    return Path(str(connection.execute("PRAGMA database_list").fetchone()[2]))


def open_read_only(path: Path) -> sqlite3.Connection:
    """Open a connection that cannot write. It begins no transaction, and raises errors of SQLite unchanged."""
    # A streamed export reads its rows in several threads of a pool, never two at once, over one connection.
    connection = sqlite3.connect(read_only_uri(path), uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA query_only = 1")
    return connection


def attach_read_only(connection: sqlite3.Connection, path: Path, what: str) -> None:
    """Attach a second file to a read-only connection; its tables are then `{what}.{table}`.

    Raises:
        StorageError: that file cannot be read.
    """
    try:
        connection.execute(f"ATTACH DATABASE ? AS {what}", [read_only_uri(path)])
        connection.execute(f"SELECT 1 FROM {what}.sqlite_master LIMIT 1")  # noqa: S608  `what` is a word of ours
    except sqlite3.Error as error:
        raise in_words(error, path, what) from error


def is_attached(connection: sqlite3.Connection, what: str) -> bool:
    """Return whether a second file is attached to a connection under this word."""
    return any(name == what for _, name, _ in connection.execute("PRAGMA database_list"))


def read_only_uri(path: Path) -> str:
    """Return the URI that opens a file read-only; `?`, `#` and `%` in its name are escaped."""
    return f"file:{quote(os.fsencode(path.absolute()))}?mode=ro"


def move_aside(path: Path, now: datetime, what: str) -> Path:
    """Rename a file and its -wal and -shm files, adding `now` to the name; return the new path. Nothing is deleted.

    Raises:
        StorageMissing: there is no such file.
        StorageNotWritable: it cannot be renamed.
    """
    aside = path.with_name(f"{path.stem}.{now:%Y%m%dT%H%M%SZ}{path.suffix}")
    if not path.exists():
        raise StorageMissing(f"There is no {what} at {path} to move aside.")
    if aside.exists():
        raise StorageNotWritable(f"{aside} exists already; move it away first.")
    try:
        for ending in ("-wal", "-shm", ""):
            side = path.with_name(path.name + ending)
            if side.exists():
                side.rename(aside.with_name(aside.name + ending))
    except OSError as error:
        raise StorageNotWritable(
            f"{path} cannot be renamed ({error.strerror}); its folder must be writable."
        ) from error
    return aside
