"""A damaged file of ours, read as far as it can be: what is left of each table goes into a new one, and is counted.

A damaged page hides the rows on it and those that are found by way of it. So each table is read from its beginning to
the first damage, then from its end back to the last; between the two, where rows have numbers, one number after the
other is asked for.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Migrations

from aexdash.storage.errors import StorageDamaged, StorageError, in_words
from aexdash.storage.file import open_for_writing
from aexdash.storage.rows import replaced

MOST_ASKED = 1_000_000
"""Numbers of rows between two damages that are asked for one by one."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was read of a table: its rows, how many are missing between them (None: not known), and whether all were."""

    table: str
    rows: int
    missing: int | None
    whole: bool

    def __str__(self) -> str:
        if self.whole:
            return f"{self.table}: {self.rows:,} rows, all of them"
        lost = "nobody knows how many are lost" if self.missing is None else f"{self.missing:,} are lost"
        return f"{self.table}: {self.rows:,} rows could be read, {lost}"


def salvage(damaged: Path, new: Path, migrations: Migrations, what: str) -> list[Salvaged]:
    """Make a new file of what can be read of a damaged one; return what that was, by table.

    Raises:
        StorageDamaged: not even the names of its tables can be read.
        StorageError: the new file cannot be written.
    """
    with contextlib.closing(sqlite3.connect(f"file:{damaged}?mode=ro", uri=True)) as source:
        source.text_factory = replaced
        try:
            there = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        except sqlite3.Error as error:
            raise StorageDamaged(f"Nothing can be read of the {what} {damaged} ({error}).") from error
        with contextlib.closing(open_for_writing(new, migrations, what)) as db:
            try:
                return list(_tables(source, db.conn, there))
            except sqlite3.Error as error:
                raise in_words(error, new, what) from error
            except StorageError:
                raise


def _tables(source: sqlite3.Connection, target: sqlite3.Connection, there: set[str]) -> Iterator[Salvaged]:
    # An index of texts is a virtual table with tables of its own; it is made again from what was read.
    ours = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = [name for (name,) in target.execute(ours) if name in there and name != "_sqlite_migrations"]
    triggers = target.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    target.execute("PRAGMA foreign_keys = OFF")
    target.execute("BEGIN IMMEDIATE")
    for name, _ in triggers:  # they would count, refuse or repeat what the rows hold already
        target.execute(f"DROP TRIGGER {name}")
    for table in tables:
        yield _table(source, target, table)
    for _, sql in triggers:
        target.execute(sql)
    target.execute("COMMIT")


def _table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> Salvaged:
    columns = [row[1] for row in target.execute(f"PRAGMA table_info({table})")]
    known = {row[1] for row in source.execute(f"PRAGMA table_info({table})")}
    names = ", ".join(f'"{name}"' for name in columns if name in known)
    marks = ", ".join("?" for name in columns if name in known)
    key = _order(target, table)
    if not _read(source, f"SELECT 1 FROM {table} LIMIT 1", lambda _: target.execute(f"DELETE FROM {table}")):  # noqa: S608
        return Salvaged(table, 0, None, whole=False)  # what a new file begins with stays, as its identity
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  names of the file itself
    before = target.total_changes

    def put(row: Sequence[object]) -> None:
        with contextlib.suppress(sqlite3.IntegrityError):
            target.execute(insert, row)

    whole = _read(source, f"SELECT {names} FROM {table}", put)  # noqa: S608
    missing: int | None = 0
    if not whole:
        for order in (f"{key} ASC", f"{key} DESC"):
            _read(source, f"SELECT {names} FROM {table} ORDER BY {order}", put)  # noqa: S608
        missing = _between(source, target, table, names, put) if key == "rowid" else None
    return Salvaged(table, target.total_changes - before, missing, whole)


def _order(target: sqlite3.Connection, table: str) -> str:
    """Return what the rows of a table are stored by: their numbers, or their keys where they have none."""
    keys = sorted((row[5], row[1]) for row in target.execute(f"PRAGMA table_info({table})") if row[5])
    with contextlib.suppress(sqlite3.OperationalError):
        target.execute(f"SELECT rowid FROM {table} LIMIT 0")  # noqa: S608
        return "rowid"
    return ", ".join(f'"{name}"' for _, name in keys)


def _read(source: sqlite3.Connection, sql: str, put: Callable[[Sequence[object]], object]) -> bool:
    """Put every row up to the first that cannot be read; return whether all could."""
    try:
        for row in source.execute(sql):
            put(row)
    except sqlite3.DatabaseError:
        return False
    return True


def _between(
    source: sqlite3.Connection,
    target: sqlite3.Connection,
    table: str,
    names: str,
    put: Callable[[Sequence[object]], object],
) -> int | None:
    """Ask for the rows that were not found yet by their numbers; return how many numbers have none, None: too many."""
    first, last = target.execute(f"SELECT min(rowid), max(rowid) FROM {table}").fetchone()  # noqa: S608
    if first is None or last - first > MOST_ASKED:
        return None
    found = {number for (number,) in target.execute(f"SELECT rowid FROM {table}")}  # noqa: S608
    for number in range(min(first, 1), last + 1):
        if number not in found:
            _read(source, f"SELECT {names} FROM {table} WHERE rowid = {number}", put)  # noqa: S608
    (rows,) = target.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(last - min(first, 1) + 1 - rows)
