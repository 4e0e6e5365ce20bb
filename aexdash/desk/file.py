"""Opening the desk's file, for one write transaction or for one query."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from aexdash.desk.migrations import migrations
from aexdash.storage import file
from aexdash.storage.errors import in_words
from aexdash.storage.only_reading import hold

WHAT = "desk"

IS_MADE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"


@contextlib.contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the desk for one write transaction, and make it if there is none: all of the block is kept, or nothing.

    Raises:
        StorageError: the file cannot be written.
    """
    opened = file.open_for_writing(path, migrations, WHAT)
    with contextlib.closing(opened) as db, file.transaction(db, WHAT) as connection:
        yield connection


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a desk that exists for reading alone, at the version that this program knows.

    Raises:
        StorageError: the file cannot be read, also where that shows only within the block.
    """
    try:
        with contextlib.closing(file.open_read_only(path)) as connection:
            hold(connection)
            file.applied_to(connection, path, migrations, WHAT)
            yield connection
    except sqlite3.Error as error:
        raise in_words(error, path, WHAT) from error


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
