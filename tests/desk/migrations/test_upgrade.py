"""A desk of every earlier version is brought up to date with all that people put into it."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aexdash.desk.decisions.changes import LogEntry
from aexdash.desk.decisions.work import Desk
from aexdash.desk.file import rows, writing
from aexdash.desk.migrations import STATEMENTS
from aexdash.storage.errors import StorageError
from tests.desk.migrations.make_fixture import ROWS
from tests.storage.published import SCHEMA

DUMPS = sorted((Path(__file__).parent / "fixtures").glob("desk_*.sql"))
NOON, ONE = datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 9, 13, tzinfo=UTC)

every_version = pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.stem)


def opened_from(dump: Path, path: Path) -> Path:
    """Make a desk file from a stored dump."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
    return path


def content(connection: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    """Every row of every table that is there, by its columns."""
    made = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.row_factory = sqlite3.Row
    return {
        table: [dict(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in ROWS if table in made
    }


def test_there_is_a_stored_desk_of_every_version() -> None:
    assert [path.stem.removeprefix("desk_") for path in DUMPS] == [name[:4] for name in STATEMENTS]


@every_version
def test_a_desk_brought_up_to_date_is_made_like_a_new_one(tmp_path: Path, dump: Path) -> None:
    with writing(opened_from(dump, tmp_path / "old.db")) as old, writing(tmp_path / "new.db") as new:
        assert old.execute(SCHEMA).fetchall() == new.execute(SCHEMA).fetchall()


@every_version
def test_what_people_decided_is_kept_row_by_row(tmp_path: Path, dump: Path) -> None:
    path = opened_from(dump, tmp_path / "desk.db")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        before = content(connection)
    with writing(path) as connection:
        after = content(connection)
    assert all(before.values())
    assert set(after) == set(ROWS)
    for table, told in after.items():
        kept = before.get(table, [])
        assert len(told) == len(kept), table
        for was, row in zip(kept, told, strict=True):
            assert {column: row[column] for column in was} == was


@every_version
def test_a_desk_of_every_version_is_read_and_written(tmp_path: Path, dump: Path) -> None:
    desk = Desk(opened_from(dump, tmp_path / "desk.db"))
    assert rows(desk.path, "work_item", "SELECT owner FROM work_item ORDER BY product_id") == [("ann",), ("",)]
    assert desk.log("main", 1) == [
        LogEntry(ONE, "bob", "note", "", "ask the photographer"),
        LogEntry(NOON, "ann", "stage", "new", "taken"),
    ]
    desk.set_owner("main", [1], "bob", by="bob", now=ONE)
    assert desk.log("main", 1)[0] == LogEntry(ONE, "bob", "owner", "ann", "bob")


def test_an_older_desk_is_read_as_it_is_until_somebody_writes(tmp_path: Path) -> None:
    path = opened_from(DUMPS[0], tmp_path / "desk.db")
    before = path.read_bytes()
    assert rows(path, "profile", "SELECT name FROM profile") == []
    assert path.read_bytes() == before


def test_an_upgrade_that_fails_leaves_the_desk_as_it_was(tmp_path: Path) -> None:
    path = opened_from(DUMPS[0], tmp_path / "desk.db")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE channel_state (in_the_way)")
        before = list(connection.iterdump())
    with pytest.raises(StorageError, match=r"The desk .*channel_state"), writing(path):
        pass
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert list(connection.iterdump()) == before
