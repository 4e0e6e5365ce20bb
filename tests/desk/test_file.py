from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.desk.file import check_pages, lost, other_than_known, present, rows, writing
from aexdash.snapshot import known_desk
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.known_desk import KnownDesk, remember, remembered
from aexdash.storage import file
from aexdash.storage.errors import StorageMissing, StorageNotWritable, StorageTooNew, StorageUnreadable
from aexdash.storage.file import open_for_writing
from tests.snapshot.store import NOON

ASK = "INSERT INTO sync_request (store_key, kind, asked_at) VALUES ('main', 'pulse', '2026-03-09T12:00:00.000Z')"
ASKED = "SELECT store_key FROM sync_request"


def test_a_desk_that_was_not_made_yet_has_no_rows_and_is_not_made_by_asking(tmp_path: Path) -> None:
    assert rows(tmp_path / "desk.db", "sync_request", ASKED) == []
    (tmp_path / "empty.db").touch()
    assert rows(tmp_path / "empty.db", "sync_request", ASKED) == []
    assert [path.name for path in tmp_path.iterdir()] == ["empty.db"]


def test_what_a_block_wrote_is_read(tmp_path: Path) -> None:
    with writing(tmp_path / "desk.db") as connection:
        connection.execute(ASK)
    assert rows(tmp_path / "desk.db", "sync_request", f"{ASKED} WHERE kind = ?", ["pulse"]) == [("main",)]


def test_a_block_that_fails_leaves_the_desk_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(StorageNotWritable, match=r"The desk .*desk\.db cannot be written and stays as it was"):
        write_where_it_cannot(tmp_path / "desk.db")
    assert rows(tmp_path / "desk.db", "sync_request", ASKED) == []


def write_where_it_cannot(path: Path) -> None:
    with writing(path) as connection:
        connection.execute(ASK)
        connection.execute("PRAGMA query_only = 1")
        connection.execute("DELETE FROM sync_request")


def test_a_file_that_cannot_be_read_is_named_as_the_desk(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(StorageUnreadable, match=r"The desk .*desk\.db is damaged or not an aexdash file"):
        rows(path, "sync_request", ASKED)


def test_a_desk_of_a_newer_version_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    with writing(path) as connection:
        connection.execute("UPDATE _sqlite_migrations SET name = '9999_later' WHERE name LIKE '0002%'")
    with pytest.raises(StorageTooNew, match=r"The desk .*desk\.db was written by a newer version"):
        rows(path, "sync_request", ASKED)


def durable(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How the desk waits for the disk: 2 is FULL. Tests elsewhere wait for none."""
    monkeypatch.setattr(file, "open_for_writing", open_for_writing)
    with writing(path) as connection:
        return list(connection.execute("PRAGMA synchronous").fetchone())


def test_what_people_decided_is_on_the_disk_when_it_is_said_to_be_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert durable(tmp_path / "desk.db", monkeypatch) == [2]


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """A desk with three changes that the snapshot beside it remembers."""
    path = tmp_path / "desk.db"
    open_snapshot(tmp_path / "snapshot.db").close()
    for note in ("a", "b", "c"):
        Desk(path).set_note("main", [1], note, by="Ana", now=NOON)
    remember(tmp_path / "snapshot.db", present(path), NOON)
    return path


def test_a_desk_that_was_remembered_is_the_same(known: Path) -> None:
    assert present(known) == remembered(known.with_name("snapshot.db"))
    assert lost(known) == other_than_known(known) == ""


@pytest.mark.parametrize("state", ["gone", "empty"])
def test_a_desk_that_disappears_is_said_and_not_made_anew_by_whoever_writes_next(known: Path, state: str) -> None:
    for ending in ("-wal", "-shm", ""):
        known.with_name(known.name + ending).unlink(missing_ok=True)
    if state == "empty":
        known.touch()
    with pytest.raises(StorageMissing, match=f"The desk .* is {state}, .* Put it back with aexdash restore"):
        Desk(known).set_note("main", [1], "d", by="Ana", now=NOON)
    assert known.exists() == (state == "empty")
    assert state in other_than_known(known)


def test_a_desk_that_another_thread_makes_and_has_remembered_meanwhile_is_not_said_to_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.db"
    open_snapshot(tmp_path / "snapshot.db").close()

    def remembered_by_another(snapshot: Path) -> KnownDesk | None:
        monkeypatch.undo()
        Desk(path).set_note("main", [1], "a", by="Ana", now=NOON)
        remember(snapshot, present(path), NOON)
        return remembered(snapshot)

    monkeypatch.setattr(known_desk, "remembered", remembered_by_another)
    assert lost(path) == ""


def test_another_desk_and_an_older_copy_are_told_apart(known: Path, tmp_path: Path) -> None:
    snapshot = known.with_name("snapshot.db")
    remember(snapshot, replace(present(known), changes=9), NOON)
    assert "ends with change 3, and change 9 was in it before" in other_than_known(known)
    remember(snapshot, replace(present(known), identity="another"), NOON)
    assert "is another one than the one that was here before" in other_than_known(known)
    remember(snapshot, None, NOON)
    assert other_than_known(known) == ""


def test_a_new_home_makes_its_desk_without_asking(tmp_path: Path) -> None:
    open_snapshot(tmp_path / "snapshot.db").close()
    Desk(tmp_path / "desk.db").set_note("main", [1], "a", by="Ana", now=NOON)
    assert present(tmp_path / "desk.db").changes == 1


def test_a_desk_with_a_damaged_page_is_not_whole(known: Path) -> None:
    with contextlib.closing(sqlite3.connect(known)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    check_pages(known)
    content = bytearray(known.read_bytes())
    content[4096 * 3 : 4096 * 6] = b"\xa5" * (4096 * 3)
    known.write_bytes(content)
    with pytest.raises(StorageUnreadable, match=r"The desk .* is damaged"):
        check_pages(known)
