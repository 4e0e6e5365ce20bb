"""People's side: who works on a listing, what they noted, what is snoozed. In a file of its own that no sync writes.

Every change is logged with who, when, before and after; the log can only grow.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database, Migrations

from aexdash.clock import from_text, to_text
from aexdash.desk.migrations.m0003_profiles import PROFILES
from aexdash.desk.migrations.m0004_alerts import ALERTS
from aexdash.model import Stage
from aexdash.snapshot.recording.observed import storable
from aexdash.snapshot.recording.opening import (
    BUSY_MILLISECONDS,
    check_schema,
    open_for_writing,
    read_only_uri,
    transaction,
)
from aexdash.storage.errors import told

migrations = Migrations("aexdash-desk")


@migrations(name="0001_first_desk")
def first_desk(db: Database) -> None:
    """What people decided about listings, the log of it, and the syncs they asked for."""
    for statement in FIRST_DESK:
        db.execute(statement)


@migrations(name="0002_annotations")
def keep_annotations(db: Database) -> None:
    """What Seller Center says of listings, as people brought it, and which columns their files have it in."""
    for statement in ANNOTATIONS:
        db.execute(statement)


@migrations(name="0003_profiles")
def keep_profiles(db: Database) -> None:
    """Named sets of stores, the bands that people set, what each prefers, and which columns feed files have."""
    for statement in PROFILES:
        db.execute(statement)


@migrations(name="0004_alerts")
def keep_alerts(db: Database) -> None:
    """Alert rules that people made, the episodes that came of them, and what was sent over which channel."""
    for statement in ALERTS:
        db.execute(statement)


FIRST_DESK = (
    """
    CREATE TABLE work_item (
        store_key TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        stage TEXT NOT NULL DEFAULT 'new',
        stage_at TEXT,                          -- when the stage was set: a later rejection makes the listing new again
        owner TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '',
        snoozed_until TEXT NOT NULL DEFAULT '', -- empty: until somebody says otherwise
        updated_at TEXT NOT NULL,
        updated_by TEXT NOT NULL,
        PRIMARY KEY (store_key, product_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE work_log (
        id INTEGER PRIMARY KEY,
        store_key TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        field TEXT NOT NULL,
        before TEXT NOT NULL,
        after TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX work_log_of_listing ON work_log (store_key, product_id, id)",
    """
    CREATE TRIGGER work_log_is_not_rewritten BEFORE UPDATE ON work_log
    BEGIN SELECT raise(ABORT, 'the work log can only grow'); END
    """,
    """
    CREATE TRIGGER work_log_is_not_shortened BEFORE DELETE ON work_log
    BEGIN SELECT raise(ABORT, 'the work log can only grow'); END
    """,
    """
    CREATE TABLE sync_request (
        store_key TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('pulse', 'sweep')),
        asked_at TEXT NOT NULL,
        PRIMARY KEY (store_key, kind)
    ) STRICT, WITHOUT ROWID
    """,
)

ANNOTATIONS = (
    """
    CREATE TABLE annotation (
        id INTEGER PRIMARY KEY,
        store_key TEXT NOT NULL,
        product_id INTEGER NOT NULL,
        text TEXT NOT NULL,                     -- as it was brought; empty: withdrawn
        source TEXT NOT NULL,                   -- 'pasted', or the name of the file
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX annotation_of_listing ON annotation (store_key, product_id)",
    "CREATE INDEX annotation_of_store ON annotation (store_key)",
    """
    CREATE TRIGGER annotation_is_not_rewritten BEFORE UPDATE ON annotation
    BEGIN SELECT raise(ABORT, 'annotations can only grow'); END
    """,
    """
    CREATE TRIGGER annotation_is_not_shortened BEFORE DELETE ON annotation
    BEGIN SELECT raise(ABORT, 'annotations can only grow'); END
    """,
    """
    CREATE TABLE column_map (
        headings TEXT NOT NULL PRIMARY KEY,     -- JSON array of a table's headings, in alphabetical order
        mapping TEXT NOT NULL,                  -- JSON object {id, sku, texts}
        at TEXT NOT NULL,
        by TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

LOG_CHANGE = """
INSERT INTO work_log (store_key, product_id, at, by, field, before, after)
SELECT :store, asked.value, :at, :by, :field, coalesce(w.{field}, :unset), :after
FROM json_each(:ids) AS asked LEFT JOIN work_item AS w ON w.store_key = :store AND w.product_id = asked.value
WHERE coalesce(w.{field}, :unset) <> :after OR :always
"""

CHANGE = """
INSERT INTO work_item (store_key, product_id, {field}, updated_at, updated_by)
SELECT :store, value, :after, :at, :by FROM json_each(:ids) WHERE true
ON CONFLICT (store_key, product_id) DO UPDATE SET
    {field} = excluded.{field}, updated_at = excluded.updated_at, updated_by = excluded.updated_by
WHERE {field} <> excluded.{field}
"""

STAGE_SET = """
UPDATE work_item SET stage_at = :at WHERE store_key = :store AND product_id IN (SELECT value FROM json_each(:ids))
"""

OWNERS = """
SELECT DISTINCT owner FROM work_item
WHERE store_key = ? AND owner <> '' AND product_id IN (SELECT value FROM json_each(?))
"""

ASK_SYNC = """
INSERT INTO sync_request (store_key, kind, asked_at) VALUES (?, ?, ?)
ON CONFLICT (store_key, kind) DO NOTHING
"""


IS_MADE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change somebody made: `field` went from `before` to `after` (empty texts: not set)."""

    at: datetime
    by: str
    field: str
    before: str
    after: str


class Desk:
    """Writes what people decide. Every call opens the file anew, so any thread may make it.

    Every method raises SnapshotError when the desk file cannot be read or written; nothing is half done then.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def set_stage(
        self,
        store_key: str,
        product_ids: Iterable[int],
        stage: Stage,
        *,
        by: str,
        now: datetime,
        snoozed_until: datetime | None = None,
    ) -> None:
        """Say where people are with these listings. A snooze without an end lasts until somebody says otherwise."""
        until = to_text(snoozed_until) if snoozed_until and stage is Stage.SNOOZED else ""
        change = _change(store_key, product_ids, by, now)
        with self._writing() as connection:
            _set(connection, change, "stage", Stage(stage).value, unset=Stage.NEW.value, always=True)
            _set(connection, change, "snoozed_until", until)
            connection.execute(STAGE_SET, change)

    def set_owner(self, store_key: str, product_ids: Iterable[int], owner: str, *, by: str, now: datetime) -> None:
        """Say who takes care of these listings; an empty name is nobody."""
        with self._writing() as connection:
            _set(connection, _change(store_key, product_ids, by, now), "owner", storable(owner.strip()))

    def set_note(self, store_key: str, product_ids: Iterable[int], note: str, *, by: str, now: datetime) -> None:
        """Note something on these listings; an empty note takes it away."""
        with self._writing() as connection:
            _set(connection, _change(store_key, product_ids, by, now), "note", storable(note))

    def log(self, store_key: str, product_id: int) -> list[LogEntry]:
        """List what people changed on a listing, the latest first."""
        sql = """
            SELECT at, by, field, before, after FROM work_log
            WHERE store_key = ? AND product_id = ? ORDER BY id DESC
        """
        with self._writing() as connection:
            return [LogEntry(from_text(row[0]), *row[1:]) for row in connection.execute(sql, [store_key, product_id])]

    def ask_sync(self, store_key: str, kind: str, now: datetime) -> None:
        """Ask the worker to sync a store as soon as it can; asked twice before it did, it runs once."""
        with self._writing() as connection:
            connection.execute(ASK_SYNC, [store_key, kind, to_text(now)])

    def take_sync_requests(self) -> list[tuple[str, str]]:
        """Take the syncs that were asked for, as (store key, kind); each is handed out once, whoever asks."""
        with self._writing() as connection:
            taken = connection.execute("DELETE FROM sync_request RETURNING asked_at, store_key, kind").fetchall()
        return [(store_key, kind) for _, store_key, kind in sorted(taken)]

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        return writing(self.path)


def owners_of(connection: sqlite3.Connection, store_key: str, product_ids: Iterable[int]) -> set[str]:
    """Name the people who take care of any of these listings."""
    ids = json.dumps(list(product_ids))
    return {owner for (owner,) in connection.execute(OWNERS, [store_key, ids])}


@contextlib.contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the desk, made where it is not there yet, for one transaction: all of the block is kept, or nothing of it.

    Raises:
        SnapshotError: the file cannot be written.
    """
    with contextlib.closing(open_for_writing(path, migrations, "desk")) as db, transaction(db) as connection:
        yield connection


def rows(path: Path, table: str, sql: str, bound: Sequence[object] = ()) -> list[Any]:
    """Read from the desk as it is; one that was not made yet, or has no such table yet, has no rows.

    Raises:
        SnapshotError: the file cannot be read.
    """
    if not path.exists():
        return []
    try:
        opened = sqlite3.connect(read_only_uri(path), uri=True, timeout=BUSY_MILLISECONDS / 1000)
        with contextlib.closing(opened) as connection:
            check_schema(connection, path, migrations, "desk", writing=True)
            made = connection.execute(IS_MADE, [table]).fetchone()
            return connection.execute(sql, bound).fetchall() if made else []
    except sqlite3.Error as error:
        raise told(error, path, "desk") from error


def _change(store_key: str, product_ids: Iterable[int], by: str, now: datetime) -> dict[str, object]:
    ids = "[" + ",".join(str(int(product_id)) for product_id in product_ids) + "]"
    return {"store": store_key, "ids": ids, "by": storable(by), "at": to_text(now)}


def _set(
    connection: sqlite3.Connection,
    change: dict[str, object],
    field: str,
    after: str,
    *,
    unset: str = "",
    always: bool = False,
) -> None:
    """Set a column on the listings of a change and log it; `always` logs also what was said again."""
    bound = {**change, "field": field, "after": after, "unset": unset, "always": always}
    connection.execute(LOG_CHANGE.format(field=field), bound)
    connection.execute(CHANGE.format(field=field), bound)
