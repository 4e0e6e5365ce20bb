"""Repairs a snapshot: counts what is kept again, and moves moments ahead of the clock back, where that is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from aexdash.snapshot.file import WHAT, transaction
from aexdash.snapshot.recording import recount, restamp
from aexdash.snapshot.recording.recount import CountCards, Difference
from aexdash.snapshot.recording.restamp import Moved
from aexdash.snapshot.version import bump_version
from aexdash.storage.copies import copy_beside, keep
from aexdash.storage.file import path_of

LAST_FAILED_COUNTS = """
SELECT store_id FROM sync_run AS r
WHERE id = (SELECT max(id) FROM sync_run WHERE store_id = r.store_id) AND error_kind = 'counts'
    AND EXISTS (SELECT 1 FROM fingerprint AS f WHERE f.store_id = r.store_id)
"""
"""Stores whose last run found that the numbers differ: it may have passed listings over as unchanged."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair changed, and where the copy of the snapshot as it was before lies; None: nothing was changed."""

    moved: tuple[Moved, ...] = ()
    counted: tuple[Difference, ...] = ()
    compared_anew: int = 0
    copy: Path | None = None

    def lines(self) -> Iterator[str]:
        """Say each change in one line: before → after."""
        yield from map(str, self.moved)
        yield from map(str, self.counted)
        if self.compared_anew:
            yield f"{self.compared_anew:,} listings will be compared fact by fact by the next run"


def repair(db: Database, now: datetime, cards: CountCards, *, future_moments: bool) -> Repaired:
    """Repair a snapshot in one transaction; before anything is changed, a copy of it is written beside it.

    `future_moments`: also move back the moments that lie ahead of `now`.

    Raises:
        StorageError: the snapshot or its copy cannot be written; the snapshot is as it was.
    """
    beside = copy_beside(db, WHAT)
    try:
        with transaction(db) as connection:
            moved = tuple(restamp.move_back(connection, now)) if future_moments else ()
            counted = tuple(recount.rebuild(connection, cards))
            anew = _compare_anew(connection)
            if not (moved or counted or anew):
                return Repaired()
            bump_version(connection)
            copy = keep(beside, path_of(db.conn), now)
        return Repaired(moved, counted, anew, copy)
    finally:
        beside.unlink(missing_ok=True)


def _compare_anew(connection: sqlite3.Connection) -> int:
    """Forget by what listings are recognised as unchanged, where a run found that the numbers differ."""
    stores = [store for (store,) in connection.execute(LAST_FAILED_COUNTS).fetchall()]
    return sum(connection.execute("DELETE FROM fingerprint WHERE store_id = ?", [store]).rowcount for store in stores)
