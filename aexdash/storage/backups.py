"""Backups: whole copies of a file of ours, dated, each checked before it counts as one, readable by the owner alone.

A copy is made by SQLite's online backup, so it is of one moment, whoever reads and writes meanwhile.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Migrations

from aexdash.storage import private
from aexdash.storage.errors import StorageError, StorageMissing, StorageNotWritable, in_words
from aexdash.storage.file import BACKUPS, applied_to, open_read_only
from aexdash.storage.integrity import check_pages

_DATED = re.compile(r"(?P<what>[a-z]+)-(?P<at>\d{8}T\d{6}Z)\.db")

_DATE = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup of the file `what`, made at a moment in UTC."""

    path: Path
    what: str
    at: datetime


def back_up(path: Path, target: Path, what: str) -> Path:
    """Write a copy of a file to `target`, which it replaces only when it is complete and whole; return `target`.

    Raises:
        StorageMissing: there is no such file.
        StorageUnreadable: the file is damaged, or its copy would be.
        StorageNotWritable: the copy cannot be written.
    """
    if not path.exists():
        raise StorageMissing(f"There is no {what} at {path} to back up.")
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        private.folder(target.parent)
        try:
            private.file(beside)
            _copy(path, beside, what)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise StorageNotWritable(
            f"{target} cannot be written ({error.strerror}): check that folder and disk."
        ) from error
    return target


def _copy(path: Path, beside: Path, what: str) -> None:
    """Copy a file and look whether the copy is whole; it is one file, without companions."""
    try:
        with contextlib.closing(open_read_only(path)) as source, contextlib.closing(sqlite3.connect(beside)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
            check_pages(copy, path, what)
    except sqlite3.Error as error:
        raise in_words(error, path, what) from error


def dated(home: Path, what: str, now: datetime) -> Path:
    """Return the path of a backup that is made now."""
    return home / BACKUPS / f"{what}-{now.astimezone(UTC):{_DATE}}.db"


def backups(home: Path, what: str) -> list[Backup]:
    """List the dated backups of a file in a home, the newest first."""
    found = [_backup(path) for path in (home / BACKUPS).glob(f"{what}-*.db")]
    return sorted((one for one in found if one), key=lambda one: one.at, reverse=True)


def _backup(path: Path) -> Backup | None:
    match = _DATED.fullmatch(path.name)
    if not match:
        return None
    with contextlib.suppress(ValueError):
        return Backup(path, match["what"], datetime.strptime(match["at"], _DATE).replace(tzinfo=UTC))
    return None


def free(path: Path) -> Path:
    """Return the path, or the first with a number that nothing lies at, so that no copy replaces another."""
    numbered = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in itertools.count(2))
    return next(one for one in itertools.chain([path], numbered) if not one.exists())


def prune(home: Path, what: str, keep: int) -> list[Path]:
    """Delete all but the newest backups of a file; return those that are gone."""
    old = [one.path for one in backups(home, what)[keep:]]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def check(path: Path, migrations: Migrations, what: str) -> None:
    """Look whether a file is a whole copy of one of ours that this version can bring up to date.

    Raises:
        StorageMissing: there is no such file, or nothing in it.
        StorageError: it is damaged, of another kind, or of a newer version.
    """
    if not path.exists():
        raise StorageMissing(f"There is no file {path}.")
    try:
        with contextlib.closing(open_read_only(path)) as connection:
            if not applied_to(connection, path, migrations, what):
                raise StorageMissing(f"{path} is empty.")
            check_pages(connection, path, what)
    except sqlite3.Error as error:
        raise in_words(error, path, what) from error


def put_into(source: Path, path: Path, what: str) -> None:
    """Let the file at `path` be what `source` holds, in one step for whoever has it open; it is made where it is gone.

    Raises:
        StorageError: the file is damaged, so that nothing can be put into it, or it cannot be written.
    """
    try:
        private.file(path, anew=False)
        with (
            contextlib.closing(open_read_only(source)) as copy,
            contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target,
        ):
            copy.backup(target)
            target.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise in_words(error, path, what) from error
    except OSError as error:
        raise StorageNotWritable(f"{path} cannot be written ({error.strerror}).") from error


def is_whole(path: Path, migrations: Migrations, what: str) -> bool:
    """Whether a file is there and can be read to its last page."""
    try:
        check(path, migrations, what)
    except StorageError:
        return False
    return True
