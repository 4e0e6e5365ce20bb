"""The number that grows with every change of what the snapshot shows, so that whoever watches it reads again."""

from __future__ import annotations

import sqlite3


def bump_version(connection: sqlite3.Connection) -> None:
    """Say to whoever watches that what the snapshot shows has changed."""
    connection.execute("UPDATE version SET number = number + 1")


def version(connection: sqlite3.Connection) -> int:
    """Return the number as it stands."""
    return int(connection.execute("SELECT number FROM version").fetchone()[0])
