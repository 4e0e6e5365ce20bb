"""The two files of a home, as the commands for them know them."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Migrations

from aexdash.clock import system_clock
from aexdash.config.settings import Settings
from aexdash.desk.migrations import migrations as desk_migrations
from aexdash.snapshot.migrations import migrations as snapshot_migrations
from aexdash.storage.errors import StorageUnreadable
from aexdash.storage.file import open_read_only
from aexdash.storage.replicas import refuse_replica
from aexdash.sync import lease


@dataclass(frozen=True, slots=True)
class Kind:
    """A file of a home: its name in sentences, and the migrations it is made by."""

    what: str
    migrations: Migrations

    def path(self, settings: Settings) -> Path:
        """Return where it lies in a home."""
        return settings.desk_path if self is DESK else settings.snapshot_path


DESK, SNAPSHOT = Kind("desk", desk_migrations), Kind("snapshot", snapshot_migrations)

KINDS = (DESK, SNAPSHOT)

SETS = "SELECT DISTINCT migration_set FROM _sqlite_migrations"


def kind_of(path: Path) -> Kind:
    """Return which of the two files a file is, or is a copy of.

    Raises:
        StorageUnreadable: it is neither.
    """
    with contextlib.suppress(sqlite3.Error), contextlib.closing(open_read_only(path)) as connection:
        names = {name for (name,) in connection.execute(SETS)}
        for kind in KINDS:
            if kind.migrations.name in names:
                return kind
    raise StorageUnreadable(
        f"{path} is neither a snapshot nor a desk of aexdash, or cannot be read; name another file."
    )


@contextlib.contextmanager
def alone(settings: Settings, command: str) -> Iterator[None]:
    """Be the only process that writes the files of a home, for the length of a block.

    Raises:
        LeaseHeld: a worker runs, or another command writes; the sentence says which.
        LeaseNotWritable: the home cannot be written.
        StorageNotWritable: they are copies of another machine's.
    """
    for kind in KINDS:
        refuse_replica(kind.path(settings), kind.what)
    with (
        lease.hold(settings.worker_lease_path, clock=system_clock, command=command),
        lease.hold(settings.lease_path, clock=system_clock, command=command),
    ):
        yield
