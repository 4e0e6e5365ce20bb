"""The errors of our SQLite files; the text of each is one sentence that says what is wrong and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class StorageError(Exception):
    """A file cannot be used as asked; the text says what, where and what to do."""


class StorageMissing(StorageError):
    """There is no such file yet, or nothing in it."""


class StorageUnreadable(StorageError):
    """The file is not one of ours, is damaged, or may not be read."""


class StorageDamaged(StorageUnreadable):
    """The file is damaged, or not one of ours: nothing brings it back but a copy, or what can be recovered of it."""


class StorageTooNew(StorageError):
    """A newer version of aexdash has written the file."""


class StorageTooOld(StorageUnreadable):
    """An older version of aexdash wrote the file, and nobody who may write has brought it up to date yet."""


class StorageBusy(StorageError):
    """Another process keeps the file locked for longer than we wait."""


class StorageNotWritable(StorageError):
    """The disk is full, or the file or its folder is read-only."""


LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
NOT_WRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM)


def in_words(error: sqlite3.Error, path: Path, what: str) -> StorageError:
    """Turn an error of SQLite into a StorageError whose sentence says what to do.

    `path` and `what` (`snapshot` or `desk`) name the file in the sentence.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in LOCKED:
        return StorageBusy(f"The {what} {path} is locked by another process; try again, or end that process.")
    if code == sqlite3.SQLITE_FULL:
        return StorageNotWritable(f"The disk is full, so the {what} {path} stays as it was; free some space.")
    if code == sqlite3.SQLITE_AUTH:
        return StorageNotWritable(f"The {what} {path} is only read here, and stays as it was.")
    if code in NOT_WRITABLE:
        return StorageNotWritable(
            f"The {what} {path} cannot be written and stays as it was; make the file, its folder and disk writable."
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return StorageUnreadable(f"The {what} {path} cannot be opened; check that the file and its folder may be read.")
    return StorageDamaged(
        f"The {what} {path} is damaged or not an aexdash file ({error}); move it aside, or put a copy back."
    )
