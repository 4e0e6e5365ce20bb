from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from aexdash.storage.errors import (
    StorageBusy,
    StorageDamaged,
    StorageError,
    StorageNotWritable,
    StorageUnreadable,
    in_words,
)


def test_errors_of_sqlite_are_told_in_our_words(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        sqlite3.connect(tmp_path / "no" / "folder.db")
    message = str(in_words(caught.value, tmp_path / "snapshot.db", "snapshot"))
    assert (
        message
        == f"The snapshot {tmp_path / 'snapshot.db'} cannot be opened; check that the file and its folder may be read."
    )


@pytest.mark.parametrize(
    ("code", "kind", "sentence"),
    [
        (
            sqlite3.SQLITE_BUSY,
            StorageBusy,
            "The desk d.db is locked by another process; try again, or end that process.",
        ),
        (sqlite3.SQLITE_LOCKED_SHAREDCACHE, StorageBusy, "The desk d.db is locked by another process; try again"),
        (
            sqlite3.SQLITE_FULL,
            StorageNotWritable,
            "The disk is full, so the desk d.db stays as it was; free some space.",
        ),
        (sqlite3.SQLITE_READONLY, StorageNotWritable, "The desk d.db cannot be written and stays as it was; make the"),
        (
            sqlite3.SQLITE_IOERR_WRITE,
            StorageNotWritable,
            "The desk d.db cannot be written and stays as it was; make the",
        ),
        (sqlite3.SQLITE_CANTOPEN, StorageUnreadable, "The desk d.db cannot be opened; check that the file and its"),
        (sqlite3.SQLITE_CORRUPT, StorageDamaged, "The desk d.db is damaged or not an aexdash file (why); move it"),
        (sqlite3.SQLITE_NOTADB, StorageDamaged, "The desk d.db is damaged or not an aexdash file (why); move it"),
    ],
)
def test_each_kind_of_trouble_has_its_sentence(code: int, kind: type[StorageError], sentence: str) -> None:
    error = sqlite3.OperationalError("why")
    error.sqlite_errorcode = code
    found = in_words(error, Path("d.db"), "desk")
    assert type(found) is kind
    assert str(found).startswith(sentence)
