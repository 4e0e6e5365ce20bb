"""Opening the desk's file, for one write transaction or for one query, and noticing that it is not the one it was.

What people decided can be read nowhere else. So what is written is on the disk when the block ends, also where the
power fails, and a desk that was there and is gone is not begun anew by whoever writes next: `aexdash restore` puts a
copy back.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from aexdash.desk.migrations import migrations
from aexdash.snapshot import known_desk
from aexdash.snapshot.known_desk import KnownDesk
from aexdash.storage import file, integrity, one_state
from aexdash.storage.errors import StorageMissing, in_words
from aexdash.storage.only_reading import hold
from aexdash.storage.replicas import is_replica, require_whole
from aexdash.storage.rows import let_sql_ask, replaced, sound

T = TypeVar("T")

WHAT = "desk"

SNAPSHOT = "snapshot.db"
"""The name of the snapshot beside a desk, which remembers that there was one."""

IS_MADE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"


@contextlib.contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the desk for one write transaction: all of the block is kept, or nothing. Make it if there never was one.

    Raises:
        StorageMissing: there was one, and it is gone or empty.
        StorageError: the file cannot be written.
    """
    if problem := lost(path):
        raise StorageMissing(problem)
    opened = file.open_for_writing(path, migrations, WHAT, durable=True)
    with contextlib.closing(opened) as db, file.transaction(db, WHAT) as connection:
        connection.text_factory = replaced
        yield connection


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a desk that exists for reading alone, at the version that this program knows; it is read in one state.

    Within `one_state()` it is the connection that is open already.

    Raises:
        StorageError: the file cannot be read, also where that shows only within the block.
    """
    try:
        with one_state.opened(path, lambda: _open(path), lambda kept: _begin(kept, path)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise in_words(error, path, WHAT) from error


def _open(path: Path) -> sqlite3.Connection:
    with contextlib.ExitStack() as if_it_fails:
        connection = file.open_read_only(path)
        if_it_fails.callback(connection.close)
        hold(connection)
        connection.text_factory = replaced
        let_sql_ask(connection)
        _begin(connection, path)
        if_it_fails.pop_all()
    return connection


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")
    file.applied_to(connection, path, migrations, WHAT)
    if is_replica(path):
        require_whole(connection, "main", WHAT)


def rows(path: Path, table: str, sql: str, bound: Sequence[object] | Mapping[str, object] = ()) -> list[Any]:
    """Run a query on the desk. A desk that does not exist yet, or has no such `table` yet, has no rows.

    Raises:
        StorageError: the file cannot be read.
    """
    if not path.exists():
        return []
    with reading(path) as connection:
        made = connection.execute(IS_MADE, [table]).fetchone()
        return connection.execute(sql, bound).fetchall() if made else []


def is_current(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether an open desk has all tables of this version; an older one is brought up to date by who writes first."""
    return not file.names_of(migrations) - file.applied_to(connection, path, migrations, WHAT)


def read(
    path: Path,
    table: str,
    sql: str,
    make: Callable[[Any], T],
    bound: Sequence[object] | Mapping[str, object] = (),
) -> list[T]:
    """Run a query on the desk and return what `make` makes of each row; a damaged row is left out.

    A desk that does not exist yet, or has no such `table` yet, has no rows.

    Raises:
        StorageError: the file cannot be read.
    """
    return list(sound(rows(path, table, sql, bound), make))


def check_pages(path: Path) -> None:
    """Let SQLite check every page of a desk; one that does not exist yet is whole.

    Raises:
        StorageError: it is damaged, or cannot be read.
    """
    if path.exists():
        with reading(path) as connection:
            integrity.check_pages(connection, path, WHAT)


IDENTITY = "SELECT id FROM identity"

CHANGES = "SELECT coalesce(max(id), 0) FROM work_change"


def present(path: Path) -> KnownDesk | None:
    """Return which desk this is and how far it goes; None where there is none, or one that nobody has written to yet.

    Raises:
        StorageError: the file cannot be read.
    """
    identities = rows(path, "identity", IDENTITY)
    return KnownDesk(str(identities[0][0]), int(rows(path, "work_change", CHANGES)[0][0])) if identities else None


def lost(path: Path) -> str:
    """Say in a sentence that there was a desk and it is gone or empty; an empty text where that is not so.

    Asked before each writing, so it looks at the snapshot only where there is no desk.
    """
    if _has_content(path) or known_desk.remembered(path.with_name(SNAPSHOT)) is None:
        return ""
    if _has_content(path):  # a snapshot remembers what was made before: another thread made it since the first look
        return ""
    state = "empty" if path.exists() else "gone"
    return (
        f"The desk {path} is {state}, and what people decided was in it. Put it back with aexdash restore, "
        "or begin a new one with aexdash repair --new-desk."
    )


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def other_than_known(path: Path) -> str:
    """Say in a sentence that this is not the desk that was here, or an older copy of it; empty where it is the same.

    Raises:
        StorageError: the file cannot be read.
    """
    known, now = known_desk.remembered(path.with_name(SNAPSHOT)), present(path)
    if known is None or now is None:
        return lost(path)
    if known.identity != now.identity:
        return f"The desk {path} is another one than the one that was here before."
    if now.changes < known.changes:
        return f"The desk {path} ends with change {now.changes:,}, and change {known.changes:,} was in it before."
    return ""
