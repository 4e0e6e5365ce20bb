"""The disk that stories make fail is one: it fails where it was told to, and as disks do."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.simulation.disk import Damage, Disk


@pytest.fixture
def disk(tmp_path: Path):
    disk = Disk(tmp_path)
    with disk.listening():
        yield disk


def opened(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "a.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE IF NOT EXISTS one (number)")
    return connection


def put(connection: sqlite3.Connection, *numbers: int) -> None:
    """Insert numbers in one transaction, several pages of them."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany("INSERT INTO one VALUES (?)", [(number,) for number in numbers for _ in range(900)])
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def numbers_in(folder: Path) -> set[int]:
    with closing(opened(folder)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT number, count(*) FROM one GROUP BY number").fetchall()
    assert {count for _, count in rows} <= {900}
    return {number for number, _ in rows}


@pytest.mark.parametrize(
    ("damage", "code"), [(Damage.FULL, sqlite3.SQLITE_FULL), (Damage.BROKEN, sqlite3.SQLITE_IOERR)]
)
def test_a_refused_write_is_an_error_of_sqlite_and_nothing_is_kept(tmp_path, disk, damage, code):
    with closing(opened(tmp_path)) as connection:
        put(connection, 1)
        disk.fails(damage, after=2)
        with pytest.raises(sqlite3.OperationalError) as caught:
            put(connection, 2)
        assert caught.value.sqlite_errorcode & 0xFF == code
        disk.well()
        put(connection, 3)
    assert numbers_in(tmp_path) == {1, 3}


@pytest.mark.parametrize("damage", [Damage.KILLED, Damage.TORN])
def test_killed_at_every_write_a_transaction_is_there_or_not(tmp_path, disk, damage):
    """Up to the first kill that comes after the last write of all."""
    found = []
    for after in itertools.count():
        folder = tmp_path / str(after)
        folder.mkdir()
        connection = opened(folder)
        put(connection, 1)
        disk.fails(damage, after)
        with suppress(sqlite3.OperationalError):
            put(connection, 2)
        connection.close()  # writes the rest to its place, or is killed while it does
        reached = disk.killed
        disk.well()
        found.append(numbers_in(folder))
        if not reached:
            break
    assert found == sorted(found, key=len)
    assert (found[0], found[-1]) == ({1}, {1, 2})
    assert found.count({1}) > 3 < found.count({1, 2})


def test_files_elsewhere_are_left_alone(tmp_path, disk, tmp_path_factory):
    disk.fails(Damage.BROKEN, after=0, times=10**6)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with closing(opened(elsewhere)) as connection:
        put(connection, 1)
    assert numbers_in(elsewhere) == {1}
