"""Copies of a SQLite file of ours, written beside it before something in it is repaired."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from aexdash.storage.errors import StorageNotWritable, in_words
from aexdash.storage.file import path_of


def copy_beside(db: Database, what: str) -> Path:
    """Write a copy of an open file beside it, under a name that only a repair uses; one of a killed repair goes.

    Raises:
        StorageError: the copy cannot be written.
    """
    path = path_of(db.conn)
    copy = path.with_name(f"{path.name}.repairing")
    try:
        copy.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(copy)) as target:
            db.conn.backup(target)
    except sqlite3.Error as error:
        copy.unlink(missing_ok=True)
        raise in_words(error, copy, what) from error
    except OSError as error:
        raise StorageNotWritable(f"{copy} cannot be written ({error.strerror}).") from error
    return copy


def keep(copy: Path, path: Path, now: datetime) -> Path:
    """Give the copy of a file the name it is kept by, with the moment of the repair; an older copy keeps its own.

    Raises:
        StorageError: the copy cannot be renamed.
    """
    for number in itertools.count(1):
        again = f"-{number}" if number > 1 else ""
        kept = path.with_name(f"{path.stem}.before-repair.{now:%Y%m%dT%H%M%SZ}{again}{path.suffix}")
        if not kept.exists():
            break
    try:
        return copy.rename(kept)
    except OSError as error:
        raise StorageNotWritable(f"{kept} cannot be written ({error.strerror}).") from error
