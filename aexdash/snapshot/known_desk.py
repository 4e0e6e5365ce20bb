"""What the snapshot remembers of the desk beside it, so that a desk that disappears is missed.

A desk is known by a random text that was written into it when it was made, and by the number of its latest change.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aexdash.clock import to_text
from aexdash.snapshot.file import open_snapshot, reading, transaction
from aexdash.storage.errors import StorageError

KNOWN = "SELECT identity, changes FROM known_desk"

REMEMBER = """
INSERT INTO known_desk (one, identity, changes, at) VALUES (1, ?, ?, ?)
ON CONFLICT (one) DO UPDATE SET identity = excluded.identity, changes = excluded.changes, at = excluded.at
"""

FORGET = "DELETE FROM known_desk"


@dataclass(frozen=True, slots=True)
class KnownDesk:
    """Which desk it is, and the number of the latest change in it: 0 while nobody has decided anything."""

    identity: str
    changes: int


def remembered(snapshot_path: Path) -> KnownDesk | None:
    """Return the desk that a snapshot remembers; None where there is no snapshot that can be read, or it knows none."""
    try:
        with reading(snapshot_path) as connection:
            row = connection.execute(KNOWN).fetchone()
    except StorageError:
        return None  # told by whoever reads the snapshot itself
    return KnownDesk(*row) if row else None


def remember(snapshot_path: Path, desk: KnownDesk | None, now: datetime) -> None:
    """Let a snapshot remember a desk in place of the one before; None: there is none. It writes only what is new.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    if remembered(snapshot_path) == desk:
        return
    with closing(open_snapshot(snapshot_path)) as db, transaction(db) as connection:
        if desk is None:
            connection.execute(FORGET)
        else:
            connection.execute(REMEMBER, [desk.identity, desk.changes, to_text(now)])
