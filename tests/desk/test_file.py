from __future__ import annotations

from pathlib import Path

import pytest

from aexdash.desk.file import rows, writing
from aexdash.storage.errors import StorageNotWritable, StorageTooNew, StorageUnreadable

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
