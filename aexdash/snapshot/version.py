"""The version of the snapshot: a number that grows with every change, so that pages know when to read again."""

from __future__ import annotations

import sqlite3


def bump_version(connection: sqlite3.Connection) -> None:
    """Increase the version; call it in the transaction that changes what the snapshot shows."""
    connection.execute("UPDATE version SET number = number + 1")


def version(connection: sqlite3.Connection) -> int:
    """Return the present version."""
    return int(connection.execute("SELECT number FROM version").fetchone()[0])
