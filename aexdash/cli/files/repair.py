"""`aexdash repair`: what can be read of damaged files is recovered, and what is kept of listings is counted again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from aexdash.cli.files.kinds import DESK, KINDS, SNAPSHOT, Kind, alone
from aexdash.config.settings import Settings
from aexdash.desk import restamp as desk_restamp
from aexdash.doctor.desk_rows import bad_rows, set_aside
from aexdash.doctor.inside_snapshot import COUNT_CARDS, ahead_in_desk, moments
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.recording import restamp
from aexdash.snapshot.recording.repair import repair
from aexdash.storage import backups
from aexdash.storage.errors import StorageDamaged, StorageMissing
from aexdash.storage.file import move_aside
from aexdash.storage.salvage import salvage


def recovered(settings: Settings, now: datetime) -> Iterator[str]:
    """Recover what can be read of damaged files and rows; yield a line for each thing done or lost. Nothing is deleted.

    Raises:
        StorageError: nothing can be read, or a file cannot be written.
        LeaseError: a file is damaged and a worker runs.
    """
    for kind in KINDS:
        yield from recover(kind, settings, now)
    yield from put_rows_aside(settings, now)


def counted_again(settings: Settings, now: datetime, *, future_moments: bool, is_first: bool) -> Iterator[str]:
    """Repair what the snapshot keeps and yield a line for each change, and where copies lie.

    `future_moments`: also move moments ahead of now back, those of the snapshot and those of the desk. `is_first`:
    nothing was repaired before, so that it is said where there is nothing to repair.

    Raises:
        StorageError: there is no snapshot, or it or the desk cannot be written.
    """
    if not settings.snapshot_path.exists():
        if is_first:
            raise StorageMissing(
                f"There is no snapshot at {settings.snapshot_path} yet; run `aexdash sync` to make it."
            )
        return
    with closing(open_snapshot(settings.snapshot_path)) as db:
        repaired = repair(db, now, COUNT_CARDS, future_moments=future_moments)
        left = {} if future_moments else restamp.ahead(db.conn, now) | ahead_in_desk(settings.desk_path, now)
    yield from repaired.lines()
    if repaired.copy:
        yield f"The snapshot as it was before is kept as {repaired.copy}."
    places = {one.of: one.places for one in repaired.moved}
    decided = desk_restamp.move_back(settings.desk_path, now, places) if future_moments else None
    if decided:
        moved, copy = decided
        yield str(moved)
        yield f"The desk as it was before is kept as {copy}."
    if not repaired.copy and not decided and is_first:
        yield "Nothing had to be repaired."
    if left:
        looked = moments(left, now)
        yield f"Moments: {looked.text} {looked.advice}"


def recover(kind: Kind, settings: Settings, now: datetime) -> Iterator[str]:
    """Put what can be read of a damaged file into a new one in its place, and say of each table what was lost.

    Raises:
        StorageError: nothing of it can be read, or the new file cannot be written; the damaged one stays.
    """
    path = kind.path(settings)
    if not path.exists() or not path.stat().st_size:
        return
    try:
        backups.check(path, kind.migrations, kind.what)
    except StorageDamaged as error:
        yield str(error)
    else:
        return
    with alone(settings, "repair"):
        new = path.with_name(f"{kind.what}.recovered.{os.getpid()}.db")
        try:
            tables = salvage(path, new, kind.migrations, kind.what)
            kept = move_aside(path, now, kind.what)
            backups.put_into(new, path, kind.what)
        finally:
            for ending in ("", "-wal", "-shm"):
                new.with_name(new.name + ending).unlink(missing_ok=True)
    yield f"The damaged {kind.what} is kept as {kept}. Recovered of it:"
    yield from (f"  {table}" for table in tables if not table.whole)
    whole = [table for table in tables if table.whole]
    yield f"  all of {len(whole)} other tables, {sum(table.rows for table in whole):,} rows"
    if kind is DESK and not all(table.whole for table in tables):
        yield "A backup may have more of it: aexdash restore puts the newest back."
    if kind is SNAPSHOT:
        yield "The next sync reads what is on AliExpress now; what was lost of the past is lost."


def put_rows_aside(settings: Settings, now: datetime) -> Iterator[str]:
    """Take the rows that cannot be read out of the desk, into a file of their own, and name them.

    Raises:
        StorageError: the desk cannot be read or written, or that file cannot be written.
    """
    if bad := bad_rows(settings.desk_path):
        kept = set_aside(settings.desk_path, bad, now)
        yield from (f"desk: {one} cannot be read and is taken out" for one in bad)
        yield f"What was in them is kept in {kept}."
