"""Within `only_reading()` SQLite refuses all but reading, whatever is asked of a connection."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Migrations

from aexdash.desk import file as desk_file
from aexdash.desk.migrations import migrations as desk_migrations
from aexdash.snapshot import file as snapshot_file
from aexdash.snapshot.migrations import migrations as snapshot_migrations
from aexdash.storage import file
from aexdash.storage.errors import StorageError, StorageNotWritable
from aexdash.storage.only_reading import only_reading
from tests.storage.attacks import ATTACKS, MAY_BE_READ, bytes_of
from tests.ui.sample import with_history


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home whose files are open for writing elsewhere, as the worker and the pages have them."""
    folder = with_history(tmp_path_factory.mktemp("home"))
    with (
        contextlib.closing(snapshot_file.open_snapshot(folder / "snapshot.db")),
        contextlib.closing(file.open_for_writing(folder / "desk.db", desk_migrations, "desk")),
    ):
        yield folder


@pytest.fixture(scope="module")
def before(home):
    with snapshot_file.reading(home / "snapshot.db", beside=home / "desk.db"):
        return bytes_of(home)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_statement_changes_a_byte(home: Path, before: dict[str, str], attack: str) -> None:
    statement, refused = attack.replace("{folder}", str(home)), False
    with (
        only_reading(),
        contextlib.suppress(StorageError),
        snapshot_file.reading(home / "snapshot.db", beside=home / "desk.db") as connection,
    ):
        try:
            connection.execute(statement).fetchall()
        except (sqlite3.Error, sqlite3.Warning, ValueError):
            refused = True
    assert bytes_of(home) == before
    assert refused == (attack not in MAY_BE_READ)


def test_a_switch_is_not_thrown_by_what_is_refused(home: Path) -> None:
    with only_reading(), snapshot_file.reading(home / "snapshot.db") as connection:
        for pragma in ("query_only = 0", "writable_schema = 1"):
            with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
                connection.execute(f"PRAGMA {pragma}")
        with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
            connection.execute("DELETE FROM listing")


def test_reading_goes_on_as_elsewhere(home: Path) -> None:
    question = "SELECT count(*), max(value) FROM listing, json_each('[1, 2]')"
    with snapshot_file.reading(home / "snapshot.db") as connection:
        elsewhere = connection.execute(question).fetchall()
    with only_reading(), snapshot_file.reading(home / "snapshot.db") as connection:
        assert connection.execute(question).fetchall() == elsewhere == [(80, 2)]


@pytest.mark.parametrize(("what", "migrations"), [("snapshot", snapshot_migrations), ("desk", desk_migrations)])
def test_no_file_is_opened_for_writing(home: Path, what: str, migrations: Migrations) -> None:
    with only_reading(), pytest.raises(StorageNotWritable, match=f"^The {what} is only read here; change it on"):
        file.open_for_writing(home / f"{what}.db", migrations, what)


def test_after_the_block_all_is_as_before(tmp_path: Path) -> None:
    with only_reading():
        pass
    with desk_file.writing(tmp_path / "desk.db"):
        pass
    with desk_file.reading(tmp_path / "desk.db") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (0,)


def test_a_refusal_is_a_sentence(home: Path) -> None:
    said = pytest.raises(StorageNotWritable, match=r"snapshot\.db is only read here, and stays as it was")
    with only_reading(), said, snapshot_file.reading(home / "snapshot.db") as connection:
        connection.execute("CREATE TEMP TABLE x (a)")
