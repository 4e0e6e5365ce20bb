"""The files of a home: whether they are whole, of this version and private, have room, and are backed up."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Migrations

from aexdash.clock import from_text
from aexdash.config.settings import Settings
from aexdash.desk import file as desk_file
from aexdash.desk.migrations import migrations as desk_migrations
from aexdash.doctor.desk_rows import bad_rows
from aexdash.doctor.finding import Finding, problem
from aexdash.storage import backups, file
from aexdash.storage.errors import StorageDamaged, StorageError, StorageTooNew, in_words
from aexdash.storage.file import applied_to, names_of
from aexdash.storage.private import wide
from aexdash.storage.replicas import is_replica
from aexdash.supervision.readiness import LEAST_FREE_BYTES
from aexdash.words.common import plural, span

NAMED = 3
"""Files, or rows, that one line names before it only counts the others."""

BACKUP_OLD = timedelta(days=2)

HUGE_WAL = 256 * 1024**2

LARGE_PICTURES = 5 * 1024**3

FIRST_CHANGE = "SELECT min(at) FROM work_change"

Size = Callable[[Path], int]


def size_of(path: Path) -> int:
    """Return the bytes of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def free_bytes(path: Path) -> int:
    """Return the bytes that are free where a path lies."""
    return shutil.disk_usage(path).free


def disk(home: Path, free: Callable[[Path], int] = free_bytes) -> Finding:
    """Look whether there is room where a home lies, or would lie."""
    there = next(path for path in (home.absolute(), *home.absolute().parents) if path.exists())
    left = free(there)
    text = f"{left / 1024**3:.1f} GB free."
    return Finding("disk", True, text) if left >= LEAST_FREE_BYTES else problem("disk-nearly-full", "disk", text)


def desk(path: Path, *, with_names: bool = True) -> Iterator[Finding]:
    """Look at the desk: there is the one that was there, it is whole, and each row of it can be read.

    `with_names`: rows that cannot be read are named, with the listings that they are about.
    """
    try:
        if said := desk_file.lost(path):
            yield Finding("desk", False, said, condition="desk-gone")  # which says what to do
            return
        if not size_of(path):
            return
        if older(path, desk_migrations, "desk"):
            yield problem("desk-older", "desk", f"{path} is of an older version.")
            return
        desk_file.check_pages(path)
        said = "" if is_replica(path) else desk_file.other_than_known(path)  # copies stand at different moments
        if said:
            yield problem("desk-other", "desk", said)
        bad = bad_rows(path)
    except StorageTooNew as error:
        yield Finding("desk", False, str(error), condition="desk-newer")
    except StorageDamaged as error:
        yield problem("desk-damaged", "desk", str(error))
    except StorageError as error:
        yield Finding("desk", False, str(error), condition="desk-unusable")
    else:
        if bad:
            more = f" and {len(bad) - NAMED:,} more" if len(bad) > NAMED else ""
            named = f": {', '.join(map(str, bad[:NAMED]))}{more}" if with_names else ""
            yield problem("desk-rows-damaged", "desk", f"{plural(len(bad), 'row')} cannot be read{named}.")
        elif not said:
            yield Finding("desk", True, f"{path} is whole ({size_of(path) / 1024**2:.1f} MB).")


def older(path: Path, migrations: Migrations, what: str) -> bool:
    """Whether a file lacks migrations of this version; one that is not there or empty lacks none.

    Raises:
        StorageError: it is not one of ours, of a newer version, or cannot be read.
    """
    if not size_of(path):
        return False
    try:
        with contextlib.closing(file.open_read_only(path)) as connection:
            applied = applied_to(connection, path, migrations, what)
    except sqlite3.Error as error:
        raise in_words(error, path, what) from error
    return bool(applied) and bool(names_of(migrations) - applied)


def backup(home: Path, desk_path: Path, now: datetime) -> Iterator[Finding]:
    """Look at the newest backup of the desk: its age, and whether it can be read. Nothing where nobody decided yet."""
    newest = next(iter(backups.backups(home, "desk")), None)
    if newest is None:
        began = _first_change(desk_path)
        if began is not None and now - began > BACKUP_OLD:
            yield problem("backup-old", "backup", "there is no backup of the desk.")
        return
    try:
        backups.check(newest.path, desk_migrations, "desk")
    except StorageError as error:
        yield problem("backup-damaged", "backup", str(error))
        return
    text = f"the newest of the desk is {span(now - newest.at)} old, and whole."
    if now - newest.at > BACKUP_OLD:
        yield problem("backup-old", "backup", text)
    else:
        yield Finding("backup", True, text)


def _first_change(path: Path) -> datetime | None:
    try:
        found = desk_file.read(path, "work_change", FIRST_CHANGE, lambda row: from_text(row[0]))
    except StorageError:
        return None  # told by the line about the desk
    return next(iter(found), None)


def around(settings: Settings, size: Size = size_of) -> Iterator[Finding]:
    """Look at what lies around the two files: who may read it, -wal files, thumbnails, folders of feeds."""
    open_to_others = wide(settings.home)
    if settings.home in open_to_others:  # else nobody gets as far as what is in it
        apart = (settings.home, settings.secrets_path, settings.config_path)  # told of, and without secrets
        open_to_others = [path for path in open_to_others if path not in apart]
    else:
        open_to_others = []
    if open_to_others:
        more = f" and {len(open_to_others) - NAMED:,} more" if len(open_to_others) > NAMED else ""
        named = ", ".join(str(path) for path in open_to_others[:NAMED])
        yield problem("home-open-to-others", "modes", f"others may look into {named}{more}.")
    for path in (settings.snapshot_path, settings.desk_path):
        wal = size(path.with_name(f"{path.name}-wal"))
        if wal > max(HUGE_WAL, size(path)):
            yield problem("wal-huge", "wal", f"{path.name}-wal has {wal / 1024**2:.0f} MB.")
    pictures = sum(size(path) for path in settings.pictures_dir.glob("*")) if settings.pictures_dir.is_dir() else 0
    if pictures > LARGE_PICTURES:
        yield problem("pictures-large", "pictures", f"{pictures / 1024**3:.1f} GB in {settings.pictures_dir}.")
    for key in settings.stores:
        yield from _feed_folder(settings.home / "feed" / key, key)


def _feed_folder(folder: Path, key: str) -> Iterator[Finding]:
    try:
        list(folder.iterdir())
    except FileNotFoundError:
        return  # made by whoever delivers first
    except OSError as error:
        yield problem("feed-folder-unreadable", f"feed of {key}", f"{folder} cannot be listed ({error.strerror}).")
