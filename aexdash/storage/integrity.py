"""Whether the snapshot's file is whole, for the doctor."""

from __future__ import annotations

from pathlib import Path

from aexdash.snapshot.recording.opening import reading
from aexdash.storage.errors import SnapshotUnreadable


def examine(path: Path) -> None:
    """Let SQLite look through every page of the file; a large snapshot takes a few seconds.

    Raises:
        SnapshotMissing: there is no snapshot yet.
        SnapshotUnreadable: the file is damaged, not a snapshot, or may not be read.
        SnapshotTooNew: a newer version of aexdash has written it.
        SnapshotBusy: another process keeps it locked.
    """
    with reading(path) as connection:
        complaint = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if complaint != "ok":
        raise SnapshotUnreadable(f"The snapshot {path} is damaged ({complaint}); move it aside, or put a copy back.")
