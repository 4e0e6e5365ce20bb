"""Records a run: what it changed, its walks, counts and books, in one transaction.

A listing that the run did not show stays as it is: its period ends only when a walk or a look-up shows it in another
status. So an incomplete reading never makes a listing leave.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlite_utils import Database

from aexdash.clock import TICK, from_text, to_text
from aexdash.model import Outcome, Status
from aexdash.snapshot.file import transaction
from aexdash.snapshot.recording import absences, books, difference
from aexdash.snapshot.recording.absences import Absences
from aexdash.snapshot.recording.books import CountsDiffer
from aexdash.snapshot.recording.recut import recut
from aexdash.snapshot.recording.staging import LAST_AS_OF, Missing, Staging
from aexdash.snapshot.version import bump_version
from aexdash.storage.errors import StorageError
from aexdash.storage.text import storable

__all__ = [
    "CountsDiffer",
    "Missing",
    "RunResult",
    "Staging",
    "TwoStoresOneSeller",
    "ensure_store",
    "name_seller",
    "record_failure",
    "record_run",
]


ENSURE_STORE = """
INSERT INTO store (key, title, model, currency, edit_url, item_url, watched, added_at)
VALUES (:key, :title, :model, :currency, :edit_url, :item_url, :watched, :added_at)
ON CONFLICT (key) DO UPDATE SET
    title = excluded.title, model = excluded.model, currency = coalesce(excluded.currency, currency),
    edit_url = excluded.edit_url, item_url = excluded.item_url, watched = excluded.watched
WHERE (title, model, edit_url, item_url, watched, currency) IS NOT
    (excluded.title, excluded.model, excluded.edit_url, excluded.item_url, excluded.watched,
     coalesce(excluded.currency, currency))
"""

INSERT_RUN = """
INSERT INTO sync_run (store_id, kind, started_at, finished_at, as_of, outcome, calls, seen, changes, unresolved,
    error_kind, message, platform_auditing, platform_active)
VALUES (:store, :kind, :started_at, :finished_at, :as_of, :outcome, :calls, :seen, :changes, :unresolved,
    :error_kind, :message, :platform_auditing, :platform_active)
"""

INSERT_WALK = """
INSERT INTO walk (run_id, store_id, status, started_at, finished_at, reported, seen, pages, attempts, complete, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class TwoStoresOneSeller(StorageError):
    """Two stores of the settings are the same seller account."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of recording a run.

    `changes` counts the rows of listings and periods that were written, `counts` the listings in each status after it.
    """

    run_id: int
    as_of: datetime
    changes: int
    counts: dict[Status, int]


def ensure_store(
    db: Database,
    *,
    key: str,
    title: str,
    model: str,
    now: datetime,
    currency: str | None = None,
    edit_url: str = "",
    item_url: str = "",
    watched: bool = True,
) -> int:
    """Add a store to the snapshot, or update its row; return its id there.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    row = {
        "key": key,
        "title": storable(title),
        "model": model,
        "currency": currency,
        "edit_url": edit_url,
        "item_url": item_url,
        "watched": int(watched),
        "added_at": to_text(now),
    }
    with transaction(db) as connection:
        if connection.execute(ENSURE_STORE, row).rowcount:
            bump_version(connection)
        return int(connection.execute("SELECT id FROM store WHERE key = ?", [key]).fetchone()[0])


def name_seller(db: Database, store_id: int, seller_id: str) -> None:
    """Record the platform's id of the seller account that a store is.

    Raises:
        TwoStoresOneSeller: another store of this snapshot is the same account.
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        other = connection.execute(
            "SELECT key FROM store WHERE seller_id = ? AND id <> ?", [seller_id, store_id]
        ).fetchone()
        if other:
            raise TwoStoresOneSeller(
                f"This store and the store {other[0]!r} are the same seller account; "
                "remove one of them from aexdash.toml."
            )
        connection.execute(
            "UPDATE store SET seller_id = ? WHERE id = ? AND seller_id IS NOT ?", [seller_id, store_id, seller_id]
        )


def record_run(
    db: Database,
    staging: Staging,
    *,
    kind: str,
    started_at: datetime,
    finished_at: datetime,
    outcome: Outcome,
    calls: int,
    tolerance: timedelta,
    message: str = "",
    unresolved: int = 0,
    platform_auditing: int | None = None,
    platform_active: int | None = None,
    absent: Absences | None = None,
    zone: tzinfo | None = None,
) -> RunResult:
    """Record a run: what it changed, its walks, the counts and the books of the day, all in one transaction.

    `tolerance` is how long the reading speaks for the time after it: the `stale_after_seconds` of the store.
    Its moment, `as_of`, is `finished_at`; if a clock was set back, it is made later than the store's last `as_of`.
    `absent` is what the run makes of listings that it found nowhere. `zone` is the time zone of days: where the books
    have another, they are cut anew; None: they stay as they are.

    Raises:
        CountsDiffer: after it a complete walk, the open periods and the kept count of its status do not agree; nothing
            is recorded.
        StorageError: the snapshot cannot be written; it is as it was before the run.
    """
    staging.settle()
    store = staging.store_id
    with transaction(db) as connection:
        as_of = _next_as_of(connection, store, finished_at)
        cut_anew = zone is not None and recut(connection, store, zone)
        changes = difference.apply(connection, store, as_of)
        run = {
            "store": store,
            "kind": kind,
            "started_at": to_text(started_at),
            "finished_at": to_text(finished_at),
            "as_of": as_of,
            "outcome": Outcome(outcome).value,
            "calls": calls,
            "seen": connection.execute("SELECT count(*) FROM temp.staged").fetchone()[0],
            "changes": changes,
            "unresolved": unresolved,
            "error_kind": None,
            "message": storable(message),
            "platform_auditing": platform_auditing,
            "platform_active": platform_active,
        }
        run_id = _insert_run(connection, run)
        _insert_walks(connection, run_id, staging)
        newly_known = books.keep(connection, store, as_of, staging.reports.values(), tolerance)
        absences.keep(connection, store, kind, run_id, as_of, absent or Absences())
        books.check(connection, staging)
        if changes or newly_known or cut_anew:
            bump_version(connection)
        counts = books.counts(connection, store)
    staging.forget_facts()
    return RunResult(run_id, from_text(as_of), changes, counts)


def record_failure(
    db: Database,
    store_id: int,
    *,
    kind: str,
    started_at: datetime,
    finished_at: datetime,
    error_kind: str,
    message: str,
    calls: int,
) -> int:
    """Record a failed run: nothing but the run itself, as it showed nothing. Return the run's id.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    run = {
        "store": store_id,
        "kind": kind,
        "started_at": to_text(started_at),
        "finished_at": to_text(finished_at),
        "as_of": None,
        "outcome": Outcome.FAILED.value,
        "calls": calls,
        "seen": 0,
        "changes": 0,
        "unresolved": 0,
        "error_kind": error_kind,
        "message": storable(message),
        "platform_auditing": None,
        "platform_active": None,
    }
    with transaction(db) as connection:
        return _insert_run(connection, run)


def _next_as_of(connection: sqlite3.Connection, store: int, finished_at: datetime) -> str:
    last = connection.execute(LAST_AS_OF, [store]).fetchone()
    as_of = to_text(finished_at)
    return as_of if last is None or as_of > last[0] else to_text(from_text(last[0]) + TICK)


def _insert_run(connection: sqlite3.Connection, run: dict[str, object]) -> int:
    run_id = connection.execute(INSERT_RUN, run).lastrowid
    assert run_id is not None  # an INSERT that did not raise has a row
    return run_id


def _insert_walks(connection: sqlite3.Connection, run_id: int, staging: Staging) -> None:
    rows = [
        (
            run_id,
            staging.store_id,
            report.status.value,
            to_text(report.started_at),
            to_text(report.finished_at),
            report.reported,
            report.seen,
            report.pages,
            report.attempts,
            int(report.complete),
            storable(report.note),
        )
        for report in staging.reports.values()
    ]
    connection.executemany(INSERT_WALK, rows)
