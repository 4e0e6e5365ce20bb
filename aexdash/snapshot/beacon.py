"""The beacon: the moment at which the worker last wrote, in the snapshot itself, so that a copy tells its own age.

A copy that is not kept up to date any more looks as whole as before. What it lacks nobody can read in it; but the
worker writes this moment every ten seconds, so a copy whose beacon is older is at least so far behind.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.clock import from_text, to_text
from aexdash.snapshot.file import open_snapshot, reading, transaction
from aexdash.storage.file import path_of
from aexdash.storage.replicas import PATCHED

EVERY = timedelta(seconds=10)

BEHIND_AFTER = timedelta(seconds=30)
"""From this age of the beacon on a copy is behind; below it, what is lacking is on its way."""

CLOCKS_DIFFER = timedelta(seconds=5)
"""How far the beacon may lie ahead of a reader's clock before the two clocks differ too much to tell an age."""

WRITE = "INSERT INTO beacon (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at"

READ = "SELECT at FROM beacon"


def write(path: Path, now: datetime) -> None:
    """Write into a snapshot that the worker writes it now. It is no news: its version stays.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with closing(open_snapshot(path)) as db, transaction(db) as connection:
        connection.execute(WRITE, [to_text(now)])


def behind(connection: sqlite3.Connection, now: datetime) -> timedelta | None:
    """Return how far a snapshot is behind that of the worker; None: it is that one and no copy.

    A copy without a beacon is behind without a limit, and so is one whose beacon is ahead of this machine's clock, for
    its age cannot be told.
    """
    if not path_of(connection).with_name(PATCHED).exists():
        return None
    row = connection.execute(READ).fetchone()
    age = now - from_text(row[0]) if row else timedelta.max
    return timedelta.max if age < -CLOCKS_DIFFER else max(age, timedelta())


def is_late(behind: timedelta | None) -> bool:
    """Whether a copy is further behind than what is always on its way; None: the file is no copy."""
    return behind is not None and behind > BEHIND_AFTER


def behind_of(path: Path, now: datetime) -> timedelta | None:
    """Return `behind` of a snapshot by its path.

    Raises:
        StorageError: it cannot be read.
    """
    with reading(path) as connection:
        return behind(connection, now)
