"""What the worker writes for the pages about its plans, what it reads when it starts, and pruning old runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from aexdash.clock import from_text, to_text
from aexdash.snapshot.file import reading, transaction
from aexdash.storage.text import storable

COLUMNS = frozenset(
    {
        "next_pulse_at",
        "next_sweep_at",
        "banned_until",
        "ban_text",
        "token_expires_at",
        "calls_this_hour",
        "calls_budget",
        "working_on",
        "heartbeat_at",
    }
)

TEXTS = frozenset({"ban_text", "working_on"})

LAST_RUN = """
SELECT finished_at FROM sync_run WHERE store_id = ? AND kind = ? AND as_of IS NOT NULL ORDER BY id DESC LIMIT 1
"""

PRUNE = """
DELETE FROM sync_run
WHERE outcome = 'complete' AND changes = 0 AND finished_at < :before
    AND id NOT IN (SELECT max(id) FROM sync_run GROUP BY store_id)
    AND id NOT IN (SELECT max(id) FROM sync_run WHERE as_of IS NOT NULL GROUP BY store_id)
    AND id NOT IN (SELECT max(run_id) FROM walk WHERE complete = 1 GROUP BY store_id, status)
    AND id NOT IN (SELECT min(run_id) FROM walk WHERE complete = 1 GROUP BY store_id, status)
    AND id NOT IN (
        SELECT id FROM (SELECT id, lag(outcome) OVER (PARTITION BY store_id ORDER BY id) AS before FROM sync_run)
        WHERE before <> 'complete'
    )
"""
"""Deletes old complete runs without changes, but for the last run of a store, for the first and the last complete
walk of each status, since the count of a status is known since its first complete walk, and for those that ended a row
of partial and failed ones, so that the past tells how long each row was."""


def set_state(db: Database, store_id: int, **columns: object) -> None:
    """Write columns of `store_state`; the others stay as they are. Moments are aware datetimes.

    Raises:
        ValueError: a column is not one of `store_state`.
        StorageError: the snapshot cannot be written.
    """
    if unknown := columns.keys() - COLUMNS:
        raise ValueError(f"store_state has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(COLUMNS))}")
    row = {name: _stored(name, value) for name, value in columns.items()}
    changes = ", ".join(f"{name} = :{name}" for name in row)
    with transaction(db) as connection:
        connection.execute("INSERT INTO store_state (store_id) VALUES (?) ON CONFLICT DO NOTHING", [store_id])
        if row:
            connection.execute(f"UPDATE store_state SET {changes} WHERE store_id = :store", {**row, "store": store_id})  # noqa: S608


def _stored(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return to_text(value)
    if name in TEXTS:
        return storable(str(value or ""))
    return value


def last_heartbeat(path: Path) -> datetime | None:
    """Return when a worker last wrote what it does for any store of a snapshot (UTC); None where none ever did.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    with reading(path) as connection:
        (at,) = connection.execute("SELECT max(heartbeat_at) FROM store_state").fetchone()
        return from_text(at) if at else None


def last_runs(db: Database, store_id: int) -> dict[str, datetime]:
    """Return when the last pulse and the last sweep that did not fail ended, by kind."""
    rows = {kind: db.conn.execute(LAST_RUN, [store_id, kind]).fetchone() for kind in ("pulse", "sweep")}
    return {kind: from_text(row[0]) for kind, row in rows.items() if row}


def prune_runs(db: Database, now: datetime, keep_days: int = 30) -> int:
    """Delete complete runs without changes that are older than `keep_days`, with their walks; return how many.

    What is still needed stays: the newest run of a store, and the first and last complete walk of each status.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        return connection.execute(PRUNE, {"before": to_text(now - timedelta(days=keep_days))}).rowcount
