"""A snapshot that cannot be used says what is wrong and what to do, and is left as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.snapshot.file import move_aside, open_snapshot, transaction
from aexdash.snapshot.migrations import migrations
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import (
    StorageBusy,
    StorageMissing,
    StorageNotWritable,
    StorageTooNew,
    StorageTooOld,
    StorageUnreadable,
)
from aexdash.storage.file import BUSY_MILLISECONDS, read_only_uri
from aexdash.view import View
from tests.snapshot.store import ACTIVE, NOON, REJECTED, Store

FIXTURES = Path(__file__).parent / "migrations" / "fixtures"


def opened_from(dump: Path, path: Path) -> Path:
    """Make a database file from a stored dump."""
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text(encoding="utf-8"))
    connection.close()
    return path


def test_reading_before_the_first_sync_says_so(tmp_path: Path) -> None:
    with pytest.raises(StorageMissing, match=r"There is no snapshot at .*snapshot\.db yet; run `aexdash sync`"):
        Snapshot(tmp_path / "snapshot.db").version()


def test_an_empty_file_is_no_snapshot_yet(tmp_path: Path) -> None:
    (tmp_path / "snapshot.db").touch()
    with pytest.raises(StorageMissing, match="is empty; run `aexdash sync`"):
        Snapshot(tmp_path / "snapshot.db").hero(View())
    open_snapshot(tmp_path / "snapshot.db").close()
    assert Snapshot(tmp_path / "snapshot.db").stores() == []


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to look like one" * 40, b"SQLite format 3\0"]
)
def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "snapshot.db"
    path.write_bytes(content)
    for use in (lambda: open_snapshot(path), Snapshot(path).version):
        with pytest.raises(StorageUnreadable, match="is damaged or not an aexdash file"):
            use()
    assert path.read_bytes() == content


def test_a_damaged_snapshot_is_told_as_such(store: Store) -> None:
    store.sweep(dict.fromkeys(range(1, 3000), REJECTED))
    store.db.close()
    data = bytearray(store.path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    store.path.write_bytes(data)
    with pytest.raises(StorageUnreadable, match="move it aside, or put a copy back"):
        list(store.snapshot.rows(View()))


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE other (id INTEGER)")
    connection.close()
    for use in (lambda: open_snapshot(path), Snapshot(path).version):
        with pytest.raises(StorageUnreadable, match="is a SQLite file but not an aexdash snapshot"):
            use()


def test_a_snapshot_of_a_newer_version_is_refused(store: Store) -> None:
    row = {"migration_set": "aexdash-snapshot", "name": "9999_from_the_future", "applied_at": ""}
    store.db.table("_sqlite_migrations").insert(row)
    for use in (lambda: open_snapshot(store.path), store.snapshot.version):
        with pytest.raises(StorageTooNew, match="written by a newer version of aexdash; install that version"):
            use()


def test_a_snapshot_that_lacks_a_migration_is_read_after_the_next_sync(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "snapshot.db")
    connection.execute("CREATE TABLE _sqlite_migrations (id INTEGER, migration_set TEXT, name TEXT, applied_at TEXT)")
    connection.close()
    with pytest.raises(StorageUnreadable):
        Snapshot(tmp_path / "snapshot.db").version()
    assert issubclass(StorageTooOld, StorageUnreadable)


@pytest.mark.parametrize("dump", sorted(FIXTURES.glob("snapshot_*.sql")), ids=lambda path: path.stem)
def test_a_snapshot_of_every_version_opens_and_is_brought_up_to_date(tmp_path: Path, dump: Path) -> None:
    path = opened_from(dump, tmp_path / "snapshot.db")
    db = open_snapshot(path)
    assert migrations.pending(db) == []
    db.close()
    snapshot = Snapshot(path, clock=lambda: NOON)
    hero = snapshot.hero(View())
    assert (hero.rejected, hero.auditing, hero.active, hero.total, hero.since) == (4, 1, 5, 10, NOON)
    assert [count.code for count in snapshot.reason_counts(View())] == ["image.main_too_small", "attribute.brand"]


@pytest.mark.parametrize("dump", sorted(FIXTURES.glob("snapshot_*.sql")), ids=lambda path: path.stem)
def test_a_snapshot_brought_up_to_date_is_made_like_a_new_one(store: Store, tmp_path: Path, dump: Path) -> None:
    path = opened_from(dump, tmp_path / "old.db")
    db = open_snapshot(path)
    made = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"
    assert db.conn.execute(made).fetchall() == store.rows(made)
    db.close()


def test_there_is_a_stored_snapshot_of_every_version() -> None:
    stored = sorted(path.stem.removeprefix("snapshot_") for path in FIXTURES.glob("snapshot_*.sql"))
    assert stored == [migration.name[:4] for migration in migrations._migrations]


def test_opening_again_changes_nothing(store: Store) -> None:
    store.sweep({1: ACTIVE})
    before = list(store.db.conn.iterdump())
    again = open_snapshot(store.path)
    assert list(again.conn.iterdump()) == before
    again.close()


def test_a_full_disk_is_said_and_the_snapshot_stays_as_it_was(store: Store) -> None:
    store.sweep({1: ACTIVE})
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count = {pages}")
    staging = store.after(minutes=1).stage(dict.fromkeys(range(1, 2000), REJECTED))
    with pytest.raises(
        StorageNotWritable, match=r"The disk is full, so the snapshot .* stays as it was; free some space"
    ):
        store.record(staging)
    assert store.open_statuses() == {1: "active"}
    assert len(store.snapshot.runs(10)) == 1
    store.db.execute("PRAGMA max_page_count = 1000000")
    assert store.record(staging).counts[REJECTED] == 1999


def test_a_read_only_snapshot_is_said(store: Store) -> None:
    store.sweep({1: ACTIVE})
    staging = store.after(minutes=1).stage({1: REJECTED})
    store.db.execute("PRAGMA query_only = 1")
    with pytest.raises(StorageNotWritable, match="cannot be written and stays as it was; make the file"):
        store.record(staging)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageNotWritable, match="cannot be made"):
        open_snapshot(tmp_path / "file" / "snapshot.db")


def test_a_locked_snapshot_is_said_after_a_while(store: Store) -> None:
    other = open_snapshot(store.path)
    other.execute("PRAGMA busy_timeout = 0")
    with transaction(store.db), pytest.raises(StorageBusy, match="is locked by another process; try again"):
        other_writes(other)
    other.close()
    assert BUSY_MILLISECONDS >= 5000


def other_writes(db: object) -> None:
    with transaction(db):  # type: ignore[arg-type]
        pass


def test_a_reader_sees_the_last_whole_run_while_the_next_is_written(store: Store) -> None:
    store.sweep({1: REJECTED})
    staging = store.after(minutes=1).stage({1: ACTIVE})
    with transaction(store.db):
        store.record(staging)
        assert store.snapshot.hero(View()).held == 1
    assert store.snapshot.hero(View()).held == 0


def test_a_reader_writes_nothing(store: Store) -> None:
    store.sweep({1: REJECTED})
    connection = sqlite3.connect(read_only_uri(store.path), uri=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM listing")
    connection.close()


@pytest.mark.parametrize("name", ["a b", "50%", "what?", "x#y", "ключ", "a&mode=rwc"])
def test_folders_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    store = Store(folder)
    store.sweep({1: REJECTED})
    assert store.snapshot.count(View()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_a_desk_that_is_only_being_made_is_no_desk_yet(store: Store) -> None:
    store.sweep({1: REJECTED})
    store.desk_path.touch()
    assert store.snapshot.count(View()) == 1


def test_a_page_of_the_desk_that_is_damaged_says_nothing_against_the_snapshot(store: Store) -> None:
    """SQLite does not say in which of the two files a page is damaged."""
    store.sweep({1: REJECTED})
    Desk(store.desk_path).set_note(store.key, [1], "a note", by="Ana", now=NOON)
    with closing(sqlite3.connect(store.desk_path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'work_item'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(store.desk_path.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    store.desk_path.write_bytes(content)
    with pytest.raises(StorageUnreadable, match=r"The desk .*desk\.db is damaged or not an aexdash file"):
        list(store.snapshot.rows(View()))


def test_a_damaged_desk_is_named(store: Store) -> None:
    store.sweep({1: REJECTED})
    store.desk_path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(StorageUnreadable, match=r"The desk .*desk\.db is damaged or not an aexdash file"):
        store.snapshot.count(View())


def test_a_snapshot_is_moved_aside_whole_and_only_on_request(store: Store) -> None:
    store.sweep({1: REJECTED})
    aside = move_aside(store.path, NOON)
    assert aside.name == "snapshot.20260309T120000Z.db"
    assert not store.path.exists()
    store.db.close()
    assert Snapshot(aside).count(View()) == 1
    with pytest.raises(StorageMissing, match="There is no snapshot at"):
        move_aside(store.path, NOON)
    open_snapshot(store.path).close()
    with pytest.raises(StorageNotWritable, match="exists already"):
        move_aside(store.path, NOON)
    assert move_aside(store.path, NOON + timedelta(seconds=1)).exists()
