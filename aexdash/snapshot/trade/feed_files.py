"""Records the validation files of a feed, and when the feed last ran.

A file with the same content is stored once. A file that could not be read has no rows, and a note that says why. Rows
are kept for 90 days, the totals of a file for ever.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime, timedelta, tzinfo

from sqlite_utils import Database

from aexdash.clock import from_text, to_text, zone_name, zone_named
from aexdash.snapshot.file import transaction
from aexdash.snapshot.version import bump_version
from aexdash.sources.validation import FeedRun, Validation
from aexdash.storage.text import storable, storable_row

KEPT = timedelta(days=90)
"""How long the rows of a file are kept."""

READ_AT = "SELECT read_at FROM feed_file WHERE store_id = ? AND digest = ?"

KEEP_FILE = """
INSERT INTO feed_file (store_id, name, digest, read_at, dated_at, rows, rejected, note, zone)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (digest) DO UPDATE SET name = excluded.name, read_at = excluded.read_at, dated_at = excluded.dated_at,
    rows = excluded.rows, rejected = excluded.rejected, note = excluded.note,
    zone = excluded.zone
RETURNING id
"""

UNREADABLE = "f.rows = 0 AND f.note <> ''"
"""The condition on `feed_file AS f` that the file could not be read."""

NOT_READ = f"SELECT f.name FROM feed_file AS f WHERE f.store_id = ? AND {UNREADABLE}"  # noqa: S608

FORGET = f"""
DELETE FROM feed_file AS f
WHERE f.store_id = :store AND {UNREADABLE} AND f.name IN (SELECT value FROM json_each(:names))
"""  # noqa: S608

FORGET_EARLIER = f"DELETE FROM feed_file AS f WHERE f.store_id = ? AND f.name = ? AND f.digest <> ? AND {UNREADABLE}"  # noqa: S608

PRUNE = "DELETE FROM feed_row WHERE file_id IN (SELECT id FROM feed_file WHERE coalesce(dated_at, read_at) < ?)"

KEEP_ROW = """
INSERT INTO feed_row (file_id, row, sku, message, code, attribute, severity, rejected, dated_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

KEEP_STATUS = """
INSERT INTO feed_status (store_id, asked_at, ran_at, status, note) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (store_id) DO UPDATE SET
    asked_at = excluded.asked_at, ran_at = coalesce(excluded.ran_at, ran_at), status = excluded.status,
    note = excluded.note
"""


def read_at(connection: sqlite3.Connection, store: int, digest: str) -> datetime | None:
    """Return when a file with this content was read; None if it never was."""
    row = connection.execute(READ_AT, [store, digest]).fetchone()
    return from_text(row[0]) if row else None


def zone_of(connection: sqlite3.Connection, store: int, digest: str) -> tzinfo | None:
    """Return the time zone in which the dates of a file with this content were read; None if it never was."""
    row = connection.execute("SELECT zone FROM feed_file WHERE store_id = ? AND digest = ?", [store, digest]).fetchone()
    return zone_named(row[0]) if row else None


def record_file(
    db: Database, store: int, name: str, digest: str, *, read: Validation | str, now: datetime, zone: tzinfo = UTC
) -> None:
    """Record a file, in place of an earlier one with the same content. `read` is a text if it could not be read: why.

    `zone` is the time zone in which its dates without a time were read.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    content = Validation(0, 0, ()) if isinstance(read, str) else read
    note = read if isinstance(read, str) else " ".join(content.remarks)
    dated = content.dated_at and to_text(content.dated_at)
    row = storable_row(
        (store, name, digest, to_text(now), dated, content.rows, content.rejected, note, zone_name(zone))
    )
    with transaction(db) as connection:
        connection.execute(FORGET_EARLIER, [store, storable(name), digest])
        (file,) = connection.execute(KEEP_FILE, row).fetchone()
        connection.execute("DELETE FROM feed_row WHERE file_id = ?", [file])
        connection.executemany(KEEP_ROW, _rows(file, content))
        bump_version(connection)


def _rows(file: int, content: Validation) -> list[tuple[object, ...]]:
    return [
        storable_row(
            (
                *(file, line.row, line.sku, line.message, line.code, line.attribute, line.severity),
                *(int(bool(line.rejected)), line.dated_at and to_text(line.dated_at)),
            )
        )
        for line in content.lines
    ]


def not_read(connection: sqlite3.Connection, store: int) -> set[str]:
    """Return the names of the files of a store that could not be read."""
    return {name for (name,) in connection.execute(NOT_READ, [store])}


def forget(db: Database, store: int, names: Collection[str]) -> None:
    """Delete the records of files that could not be read and do not exist any more.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        connection.execute(FORGET, {"store": store, "names": json.dumps(list(names))})
        bump_version(connection)


def prune_rows(db: Database, now: datetime) -> int:
    """Delete the rows of files older than 90 days, and return how many; the totals of the files stay.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        return connection.execute(PRUNE, [to_text(now - KEPT)]).rowcount


def record_run(db: Database, store: int, run: FeedRun, now: datetime) -> None:
    """Record the answer of the feed's status call; without a moment in it, the last known moment stays.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    ran_at = run.ran_at and to_text(run.ran_at)
    with transaction(db) as connection:
        connection.execute(KEEP_STATUS, storable_row((store, to_text(now), ran_at, run.status, run.note)))
        bump_version(connection)
