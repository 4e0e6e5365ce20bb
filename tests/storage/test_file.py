"""A file that the room knows nothing about: notes, made by two migrations."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from aexdash.storage import file, integrity
from aexdash.storage.errors import (
    StorageBusy,
    StorageMissing,
    StorageNotWritable,
    StorageTooNew,
    StorageUnreadable,
)
from aexdash.storage.migrations import migrations_of

FIRST = {"0001_first": ("CREATE TABLE note (text TEXT NOT NULL) STRICT",)}
BOTH = {**FIRST, "0002_when": ("ALTER TABLE note ADD COLUMN at TEXT", "UPDATE note SET at = 'before'")}
OLD, NEW = migrations_of("notes", FIRST), migrations_of("notes", BOTH)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of the older version that holds one note."""
    with contextlib.closing(file.open_for_writing(tmp_path / "folder" / "notes.db", OLD, "notebook")) as db:
        db.execute("INSERT INTO note VALUES ('kept')")
    return tmp_path / "folder" / "notes.db"


def test_migrations_that_a_file_lacks_are_applied_once_in_their_order(path: Path) -> None:
    for _ in range(2):
        with contextlib.closing(file.open_for_writing(path, NEW, "notebook")) as db:
            assert db.execute("SELECT * FROM note").fetchall() == [("kept", "before")]
            assert file.applied_to(db.conn, path, NEW, "notebook") == {"0001_first", "0002_when"} == file.names_of(NEW)


def test_a_file_of_a_newer_version_is_refused_by_its_word(path: Path) -> None:
    file.open_for_writing(path, NEW, "notebook").close()
    with pytest.raises(StorageTooNew, match=r"The notebook .*notes\.db was written by a newer version of aexdash"):
        file.open_for_writing(path, OLD, "notebook")


def test_a_file_of_another_kind_is_refused_by_its_word(path: Path) -> None:
    with pytest.raises(StorageUnreadable, match=r"notes\.db is a SQLite file but not an aexdash diary; move it aside"):
        file.open_for_writing(path, migrations_of("diary", FIRST), "diary")


def test_an_empty_file_has_been_through_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with contextlib.closing(file.open_read_only(tmp_path / "empty.db")) as connection:
        assert file.applied_to(connection, tmp_path / "empty.db", OLD, "notebook") == set()


def test_a_transaction_is_kept_whole_or_not_at_all_and_joins_the_one_around_it(path: Path) -> None:
    with contextlib.closing(file.open_for_writing(path, OLD, "notebook")) as db:
        with pytest.raises(ZeroDivisionError):
            note_twice_and_fail(db)
        assert db.execute("SELECT * FROM note").fetchall() == [("kept",)]


def note_twice_and_fail(db: Database) -> None:
    with file.transaction(db, "notebook") as connection:
        connection.execute("INSERT INTO note VALUES ('lost')")
        with file.transaction(db, "notebook") as inner:
            inner.execute("INSERT INTO note VALUES ('lost too')")
        raise ZeroDivisionError


def test_a_locked_file_is_named_by_its_own_word(path: Path) -> None:
    with (
        contextlib.closing(file.open_for_writing(path, OLD, "notebook")) as first,
        contextlib.closing(file.open_for_writing(path, OLD, "notebook")) as second,
    ):
        second.execute("PRAGMA busy_timeout = 0")
        waits = pytest.raises(StorageBusy, match=r"The notebook .*notes\.db is locked by another process")
        with file.transaction(first, "notebook"), waits, file.transaction(second, "notebook"):
            pass


def test_a_broken_constraint_comes_as_it_is(path: Path) -> None:
    with contextlib.closing(file.open_for_writing(path, OLD, "notebook")) as db:
        with pytest.raises(sqlite3.IntegrityError), file.transaction(db, "notebook") as connection:
            connection.execute("INSERT INTO note VALUES (NULL)")
        assert not db.conn.in_transaction


def test_a_reading_connection_writes_neither_file(path: Path, tmp_path: Path) -> None:
    file.open_for_writing(tmp_path / "other.db", OLD, "other").close()
    with contextlib.closing(file.open_read_only(path)) as connection:
        file.attach_read_only(connection, tmp_path / "other.db", "other")
        for table in ("note", "other.note"):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute(f"INSERT INTO {table} VALUES ('x')")
        assert connection.execute("SELECT count(*) FROM other.note").fetchone() == (0,)


def test_a_damaged_file_beside_is_named(path: Path, tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(b"something else entirely" * 100)
    with (
        contextlib.closing(file.open_read_only(path)) as connection,
        pytest.raises(StorageUnreadable, match=r"The other .*other\.db is damaged"),
    ):
        file.attach_read_only(connection, tmp_path / "other.db", "other")


def test_a_file_is_moved_aside_by_its_own_word(path: Path) -> None:
    aside = file.move_aside(path, NOON, "notebook")
    assert aside == path.with_name("notes.20260309T120000Z.db")
    with contextlib.closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT text FROM note").fetchall() == [("kept",)]
    with pytest.raises(StorageMissing, match=r"There is no notebook at .* to move aside"):
        file.move_aside(path, NOON, "notebook")
    path.touch()
    with pytest.raises(StorageNotWritable, match="exists already; move it away first"):
        file.move_aside(path, NOON, "notebook")


def test_every_page_of_a_file_is_looked_through(path: Path) -> None:
    with contextlib.closing(file.open_for_writing(path, OLD, "notebook")) as db:
        db.conn.executemany("INSERT INTO note VALUES (?)", [("x" * 100,)] * 1000)
        integrity.check_pages(db.conn, path, "notebook")
    data = path.read_bytes()
    path.write_bytes(data[:-4096] + bytes(4096))
    with (
        contextlib.closing(file.open_read_only(path)) as connection,
        pytest.raises(StorageUnreadable, match=r"(?s)The notebook .*notes\.db is damaged \(.*\); move it aside"),
    ):
        integrity.check_pages(connection, path, "notebook")
