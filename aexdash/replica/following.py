"""One copy of a file of another machine: restored into a folder of its own, looked through, then put in its place.

Litestream then patches the copy where it lies. Where it ends, says that it cannot patch, or patches no more although
the replica has more, the copy is given up and another is restored beside it: readers go on with the one they have open.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Migrations

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.desk.migrations import migrations as desk_migrations
from aexdash.replica import litestream, tied
from aexdash.replica.litestream import ReplicaError
from aexdash.snapshot.migrations import migrations as snapshot_migrations
from aexdash.storage import private
from aexdash.storage.errors import in_words
from aexdash.storage.file import applied_to, open_read_only
from aexdash.storage.integrity import check_pages
from aexdash.storage.replicas import AT_REST, PATCHED, WRITER, is_replica
from aexdash.supervision.loop import Step

FOLLOWING = "following"
"""The folder in the home that the copies lie in."""

LOG = "litestream.log"

LOOK_EVERY = timedelta(seconds=30)
"""How often the replica is asked whether it has something that a copy did not get."""

STANDS_STILL = 2
"""After so many looks in a row that found it where it was, and the replica further, a copy is not patched any more. One
that is only slow moves between two looks."""

FIRST_LOOKS = 5.0
"""Seconds between two looks whether there is something to restore: somebody may just have decided the first thing."""

OLDER_STAY = timedelta(seconds=5)
"""How long older copies stay beside one that was put in place: who has just looked up where the file lies opens it."""

RESTORED_LOOK = 0.1
"""Seconds between two looks whether a restore is done."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file of the other machine: its name in sentences, where its copy is read here, and what it is made by."""

    what: str
    path: Path
    migrations: Migrations
    may_lack: bool = False
    """Whether the other machine may have none yet, as a desk in which nobody has decided anything."""


def originals(settings: Settings) -> tuple[Original, Original]:
    """Return the two files that are followed."""
    return (
        Original("snapshot", settings.snapshot_path, snapshot_migrations),
        Original("desk", settings.desk_path, desk_migrations, may_lack=True),
    )


def refuse_own_files(settings: Settings) -> None:
    """Refuse to follow where a file of this home's own stands in the place of a copy.

    Raises:
        ReplicaError: there is one; nothing was touched.
    """
    for one in originals(settings):
        if one.path.exists() and not is_replica(one.path):
            raise ReplicaError(
                f"{one.path} is a file of this machine's own and would be replaced by a copy: move it away first, or "
                "take writer out of [replica]."
            )


@contextmanager
def following(settings: Settings, original: Original, stop: threading.Event, clock: Clock) -> Iterator[Step]:
    """Restore a copy of a file and have it patched for the length of a block; give the step that looks after it.

    Raises:
        ReplicaError: there is no Litestream, no replica, or it cannot be restored.
        StorageError: what was restored is damaged, or of a newer version.
    """
    config = litestream.write_config(settings)
    while original.may_lack and not litestream.is_there(config, original.path):
        if stop.wait(FIRST_LOOKS):
            break
    folder = _new_folder(settings, original, clock())
    copy = folder / original.path.name
    command = litestream.follow_command(config, original.path, copy)
    lock = os.open(folder / PATCHED, os.O_CREAT | os.O_RDONLY, private.mode_in(settings.home))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with (folder / LOG).open("ab") as errors:
            program = tied.start(command, errors=errors, holds=lock)
    finally:
        os.close(lock)  # Litestream alone holds it from now on
    try:
        _wait(program, copy, folder / LOG, stop)
        if not stop.is_set():
            _look_through(copy, original)
            _put_in_place(copy, original.path)
        yield Following(program, config, original, copy, clock).step
    finally:
        if tied.end(program) == 0 and copy.exists():
            (folder / AT_REST).touch()


class Following:
    """Looks after a copy that is patched."""

    def __init__(
        self, program: subprocess.Popen[bytes], config: Path, original: Original, copy: Path, clock: Clock
    ) -> None:
        self._program, self._config, self._original, self._copy = program, config, original, copy
        self._clock, self._log = clock, copy.with_name(LOG)
        self._begun_at, self._older_stay = clock(), True
        self._looked_at, self._heard = clock(), 0
        self._should_have, self._had, self._stands = 0, -1, 0

    def step(self) -> None:
        """See whether the copy is patched.

        Raises:
            ReplicaError: Litestream has ended, could not patch the copy, or patches it no more; or the replica was
                begun anew.
        """
        failed, self._heard = litestream.errors_since(self._log, self._heard)
        if failed or self._program.poll() is not None:
            # A patch that failed half-way leaves a torn copy behind, and is tried again only after a while.
            self._program.kill()
            said = litestream.last_words(self._log)
            raise ReplicaError(
                f"The copy of the {self._original.what} is not kept up to date any more. {said}".rstrip()
            )
        now = self._clock()
        if self._older_stay and abs(now - self._begun_at) >= OLDER_STAY:
            _clear_away(self._copy.parent)
            self._older_stay = False
        if abs(now - self._looked_at) < LOOK_EVERY:
            return
        has = litestream.applied(self._copy)
        self._stands = self._stands + 1 if self._had == has < self._should_have else 0
        if self._stands >= STANDS_STILL:
            what = self._original.what
            raise ReplicaError(f"The copy of the {what} stands still though the replica has more; it is restored anew.")
        self._looked_at, self._had = now, has
        with suppress(ReplicaError):  # where it cannot be asked now, the beacon tells how old the copy is
            self._should_have = litestream.newest(self._config, self._original.path)
        if 0 < self._should_have < has:
            self._program.kill()  # the numbers of its transactions are given out a second time
            what = self._original.what
            raise ReplicaError(f"The replica of the {what} was begun anew; the copy is restored from it.")


def _new_folder(settings: Settings, original: Original, now: datetime) -> Path:
    """Make the folder of a new copy, with the address of the machine that it is a copy of."""
    folder = settings.home / FOLLOWING / f"{original.what}-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}"
    try:
        private.folder(folder.parent)
        private.folder(folder)
        (folder / WRITER).write_text(json.dumps({"address": settings.replica.writer}), encoding="utf-8")
    except OSError as error:
        raise ReplicaError(f"{folder} cannot be written ({error.strerror}): check the home and its disk.") from error
    return folder


def _wait(program: subprocess.Popen[bytes], copy: Path, log: Path, stop: threading.Event) -> None:
    """Wait until a copy is restored, or somebody stops us."""
    marked = copy.with_name(f"{copy.name}-txid")
    while not (copy.exists() and marked.exists()):
        if program.poll() is not None:
            raise ReplicaError(f"The replica cannot be restored: {litestream.last_words(log) or 'it is empty'}.")
        if stop.wait(RESTORED_LOOK):
            return


def _look_through(copy: Path, original: Original) -> None:
    """Look that a copy is one of ours, of this version, and whole to its last page."""
    try:
        with closing(open_read_only(copy)) as connection:
            connection.execute("BEGIN")
            applied_to(connection, copy, original.migrations, original.what)
            check_pages(connection, copy, original.what)
    except sqlite3.Error as error:
        raise in_words(error, copy, original.what) from error


def _put_in_place(copy: Path, path: Path) -> None:
    """Let whoever opens `path` from now on open the copy, in one step."""
    link = path.with_name(f".{path.name}.{os.getpid()}.link")
    try:
        link.unlink(missing_ok=True)
        link.symlink_to(copy.relative_to(path.parent))
        link.replace(path)
    except OSError as error:
        raise ReplicaError(f"{path} cannot be written ({error.strerror}): check the home and its disk.") from error


def _clear_away(folder: Path) -> None:
    """Take older copies of the same file away; who has one open goes on reading it."""
    what = folder.name.partition("-")[0]
    for older in folder.parent.glob(f"{what}-*"):
        if older != folder:
            shutil.rmtree(older, ignore_errors=True)
