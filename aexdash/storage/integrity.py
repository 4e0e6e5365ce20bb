"""Checks that a SQLite file is not damaged, for `aexdash doctor`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from aexdash.storage.errors import StorageDamaged


def check_pages(connection: sqlite3.Connection, path: Path, what: str) -> None:
    """Let SQLite check every page of an open file; a file of gigabytes takes a few seconds.

    `path` and `what` name the file in the sentence of the error.

    Raises:
        StorageDamaged: the file is damaged.
    """
    result = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if result != "ok":
        said = " ".join(result.split())  # it comes in lines
        raise StorageDamaged(f"The {what} {path} is damaged ({said}); move it aside, or put a copy back.")
