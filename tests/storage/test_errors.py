from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from aexdash.storage.errors import (
    SnapshotBusy,
    SnapshotError,
    SnapshotNotWritable,
    SnapshotUnreadable,
    told,
)


def test_errors_of_sqlite_are_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(tmp_path / "no" / "folder.db")
    message = str(told(caught.value, tmp_path / "snapshot.db", "snapshot"))
    assert (
        message
        == f"The snapshot {tmp_path / 'snapshot.db'} cannot be opened; check that the file and its folder may be read."
    )


@pytest.mark.parametrize(
    ("code", "kind", "sentence"),
    [
        (
            sqlite3.SQLITE_BUSY,
            SnapshotBusy,
            "The desk d.db is locked by another process; try again, or end that process.",
        ),
        (sqlite3.SQLITE_LOCKED_SHAREDCACHE, SnapshotBusy, "The desk d.db is locked by another process; try again"),
        (
            sqlite3.SQLITE_FULL,
            SnapshotNotWritable,
            "The disk is full, so the desk d.db stays as it was; free some space.",
        ),
        (sqlite3.SQLITE_READONLY, SnapshotNotWritable, "The desk d.db cannot be written and stays as it was; make the"),
        (
            sqlite3.SQLITE_IOERR_WRITE,
            SnapshotNotWritable,
            "The desk d.db cannot be written and stays as it was; make the",
        ),
        (sqlite3.SQLITE_CANTOPEN, SnapshotUnreadable, "The desk d.db cannot be opened; check that the file and its"),
        (sqlite3.SQLITE_CORRUPT, SnapshotUnreadable, "The desk d.db is damaged or not an aexdash file (why); move it"),
        (sqlite3.SQLITE_NOTADB, SnapshotUnreadable, "The desk d.db is damaged or not an aexdash file (why); move it"),
    ],
)
def test_each_kind_of_trouble_has_its_sentence(code: int, kind: type[SnapshotError], sentence: str) -> None:
    error = sqlite3.OperationalError("why")
    error.sqlite_errorcode = code
    found = told(error, Path("d.db"), "desk")
    assert type(found) is kind
    assert str(found).startswith(sentence)
