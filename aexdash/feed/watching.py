"""The feed part of the worker: checks the feed folders once a minute, reads each file once, asks for the status.

It runs in its own thread with its own connection, so that a large file does not delay a pulse.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from sqlite_utils import Database

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.desk.feed_columns import DROPPED, FETCHED, PART, FeedDesk, folder_of
from aexdash.feed import status
from aexdash.feed.remote import printable
from aexdash.log import Log
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.stores import id_of
from aexdash.snapshot.trade import feed_files
from aexdash.sources.errors import SourceError
from aexdash.sources.feedonomics import columns_of, validate
from aexdash.sources.formats.kinds import MEGABYTE, MOST_MEGABYTES
from aexdash.sources.tables import read_tables
from aexdash.sources.validation import Validation
from aexdash.storage.errors import StorageError
from aexdash.supervision.loop import Step
from aexdash.sync import lease

LOOK_EVERY = timedelta(minutes=1)
ASK_EVERY = timedelta(hours=1)
PRUNE_EVERY = timedelta(hours=24)

MOST_FILES = 20
"""Files read at one look, the newest first; the others follow at the next."""

UNFINISHED = (PART, ".partial", ".filepart", ".tmp", ".crdownload")
"""The endings of file names that are still being written."""

Stamp = tuple[int, int, int]
"""Size, and when content and entry were changed, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file in a feed folder."""

    path: Path
    stamp: Stamp

    @property
    def name(self) -> str:
        """The name without characters that cannot be printed."""
        return printable(self.path.name)

    @property
    def whole(self) -> bool:
        """Whether this app put it there; it moves files into place only when they are complete."""
        return self.path.name.startswith((DROPPED, FETCHED))


class FeedWatch:
    """Reads new validation files of every watched store. `step` does what is due and returns.

    Made in the thread that uses it, because a SQLite connection belongs to its thread.
    """

    def __init__(self, settings: Settings, db: Database, *, clock: Clock, log: Log, writing: lease.Writing) -> None:
        self._settings, self._db, self._clock, self._log, self._writing = settings, db, clock, log, writing
        self._desk, self._zone = FeedDesk(settings.desk_path), settings.tzinfo
        self._seen: dict[Path, tuple[Stamp, datetime | None]] = {}
        self._coming: dict[Path, Stamp] = {}
        self._looked_at: datetime | None = None
        self._asked_at: dict[str, datetime] = {}
        self._pruned_at: datetime | None = None

    def step(self) -> None:
        """Check the folders, ask for the status and delete old rows, each when it is due.

        Raises:
            StorageError: the snapshot cannot be read or written; the next look tries again.
            LeaseError: the folder cannot be written, or the stop came while another process held the snapshot.
        """
        now = self._clock()
        if is_time(self._looked_at, LOOK_EVERY, now):
            self._looked_at = now
            self.look()
        self._ask(now)
        if is_time(self._pruned_at, PRUNE_EVERY, now):
            self._pruned_at = now
            with self._writing():
                feed_files.prune_rows(self._db, now)

    def look(self, *, settle: bool = True) -> int:
        """Read the new files of the folders; return how many.

        With `settle`, a file put there by others is read only when two looks found it unchanged: it may still be in
        transfer.

        Raises:
            StorageError, LeaseError: as `step`.
        """
        try:
            changed = self._desk.changed_at()
        except StorageError:
            return 0  # the worker reports a desk that cannot be read
        return sum(self._look(key, store, changed, settle) for key, store in self._stores())

    def _stores(self) -> Iterator[tuple[str, int]]:
        for key, settings in self._settings.stores.items():
            store = id_of(self._db.conn, key)
            if settings.watched and store is not None:
                yield key, store

    def _look(self, key: str, store: int, changed: datetime | None, settle: bool) -> int:
        try:
            files = files_in(folder_of(self._settings.home, key))
        except OSError as error:
            self._log(f"{key}: the feed folder cannot be read ({error.strerror}): check its owner and permissions.")
            return 0
        new = [file for file in files if self._seen.get(file.path) != (file.stamp, changed)]
        ready = [file for file in new if not settle or file.whole or self._rests(file)]
        self._coming = {path: stamp for path, stamp in self._coming.items() if path.parent.name != key}
        self._coming |= {file.path: file.stamp for file in new}
        for file in ready[:MOST_FILES]:
            self._take(key, store, file, changed)
            self._seen[file.path] = (file.stamp, changed)
        if gone := feed_files.not_read(self._db.conn, store) - {file.name for file in files}:
            with self._writing():
                feed_files.forget(self._db, store, gone)
        return len(ready[:MOST_FILES])

    def _rests(self, file: FolderFile) -> bool:
        """Whether a file is unchanged since an earlier look."""
        earlier, _ = self._seen.get(file.path, (None, None))
        return file.stamp in (earlier, self._coming.get(file.path))

    def _take(self, key: str, store: int, file: FolderFile, changed: datetime | None) -> None:
        """Read a file, unless its content was read after the columns were last mapped, in the zone of the workspace.

        Where only the zone has changed, its rows count in other days, but it is as old as it was.
        """
        now, digest = self._clock(), digest_of(key, file)
        read_at = feed_files.read_at(self._db.conn, store, digest)
        if read_at is not None and read_at < now - feed_files.KEPT:
            return
        if read_at is not None and (changed is None or changed <= read_at):
            if feed_files.zone_of(self._db.conn, store, digest) == self._zone:
                return
            now = read_at
        read = self._read(file, now)
        if isinstance(read, str):
            self._log(f"{key}: {read}")
        with self._writing():
            feed_files.record_file(self._db, store, file.name, digest, read=read, now=now, zone=self._zone)

    def _read(self, file: FolderFile, now: datetime) -> Validation | str:
        """Return the content of a file, or in one sentence why it cannot be read."""
        try:
            tables = read_tables(file.name, file.path)
            return validate(file.name, tables, columns_of(tables, self._desk.columns_for), now, self._zone)
        except SourceError as error:
            return str(error)
        except OSError as error:
            return f"{file.name} cannot be read ({error.strerror}): check its owner and permissions."

    def _ask(self, now: datetime) -> None:
        for key, store in self._stores():
            settings = self._settings.feeds.get(key)
            if settings and settings.connected and is_time(self._asked_at.get(key), ASK_EVERY, now):
                self._asked_at[key] = now
                run = status.ask(settings, now)
                with self._writing():
                    feed_files.record_run(self._db, store, run, now)


def files_in(folder: Path) -> list[FolderFile]:
    """List the files of a folder, the newest first, without links, hidden and unfinished files.

    Raises:
        OSError: the folder is there and cannot be read.
    """
    if not folder.exists():
        return []
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            told = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(told.st_mode) and not is_unfinished(entry.name):
                found.append(FolderFile(Path(entry.path), (told.st_size, told.st_mtime_ns, told.st_ctime_ns)))
    return sorted(found, key=lambda file: (file.stamp[1], file.path.name), reverse=True)


def is_unfinished(name: str) -> bool:
    """Whether a file name is hidden, or that of a file still being written."""
    return name.startswith(".") or name.lower().endswith(UNFINISHED)


def digest_of(key: str, file: FolderFile) -> str:
    """Return the digest of a file: of its content, or of its stamp when it is too large or unreadable."""
    digest = blake2b(f"{key}\0".encode(), digest_size=16)
    try:
        if file.stamp[0] <= MOST_MEGABYTES * MEGABYTE:
            digest.update(file.path.read_bytes())
            return digest.hexdigest()
    except OSError:
        pass  # the reading that follows says so
    digest.update(repr((file.path.name, file.stamp)).encode())
    return digest.hexdigest()


def is_time(last: datetime | None, every: timedelta, now: datetime) -> bool:
    """Whether something is due; it is also due when the clock was set back."""
    return last is None or abs(now - last) >= every


@contextmanager
def watching(settings: Settings, writing: lease.Writing, clock: Clock, log: Log) -> Iterator[Step]:
    """Give the step that reads what is new in the folders.

    Raises:
        StorageError: the snapshot cannot be opened.
    """
    with closing(open_snapshot(settings.snapshot_path)) as db:
        yield FeedWatch(settings, db, clock=clock, log=log, writing=writing).step
