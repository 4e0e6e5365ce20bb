"""The counts by status and the books of each day. Each run updates them, so that pages need not count listings."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import timedelta

from aexdash.clock import from_text, to_text
from aexdash.model import HELD, Status
from aexdash.platform_data import WalkReport
from aexdash.snapshot.history import flows, spells
from aexdash.snapshot.history.days import day_of_text, zone_of_books
from aexdash.snapshot.recording.difference import STATUSES
from aexdash.snapshot.recording.staging import Staging
from aexdash.snapshot.sql import HELD_STATUSES

OPEN_DAY = """
INSERT INTO day_bridge (store_id, day, status, opening, entered, first_seen, left_count, closing)
SELECT :store, :day, s.status, coalesce(c.listings, 0), 0, 0, 0, coalesce(c.listings, 0)
FROM (SELECT value AS status FROM json_each(:statuses)) AS s
LEFT JOIN status_count AS c ON c.store_id = :store AND c.status = s.status
WHERE true
ON CONFLICT (store_id, day, status) DO NOTHING
"""

FLOW = """
-- One row for each listing that changed its status in this run.
WITH moves AS (
    SELECT status AS old_status, to_status AS new_status,
        status IS NULL AND to_status NOT IN (SELECT status FROM temp.earlier_walk) AS first_seen
    FROM temp.change
    WHERE moved AND to_status IS NOT status
),
-- Each move enters one status and leaves another.
flow AS (
    SELECT new_status AS status, count(*) AS entered, sum(first_seen) AS first_seen, 0 AS left_count
    FROM moves GROUP BY new_status
    UNION ALL
    SELECT old_status, 0, 0, count(*) FROM moves WHERE old_status IS NOT NULL GROUP BY old_status
)
SELECT :store AS store_id, :day AS day, status, sum(entered) AS entered, sum(first_seen) AS first_seen,
    sum(left_count) AS left_count
FROM flow GROUP BY status
"""

ADD_TO_DAY = """
UPDATE day_bridge SET
    entered = entered + :entered,
    first_seen = first_seen + :first_seen,
    left_count = left_count + :left_count,
    closing = closing + :entered - :left_count
WHERE store_id = :store_id AND day = :day AND status = :status
"""

ADD_TO_COUNT = """
INSERT INTO status_count (store_id, status, listings) VALUES (:store_id, :status, :entered - :left_count)
ON CONFLICT (store_id, status) DO UPDATE SET listings = listings + excluded.listings
"""

NOTE_COUNT = """
INSERT INTO count_change (store_id, status, as_of, listings)
SELECT store_id, status, :as_of, listings FROM status_count WHERE store_id = :store_id AND status = :status
"""

HELD_SINCE = f"""
UPDATE store SET held_since = CASE WHEN held.listings = 0 THEN NULL ELSE coalesce(held_since, :as_of) END
FROM (
    SELECT coalesce(sum(listings), 0) AS listings FROM status_count
    WHERE store_id = :store AND status IN {HELD_STATUSES}
) AS held
WHERE store.id = :store AND (held.listings = 0) = (held_since IS NOT NULL)
"""  # noqa: S608

LAST_COVERAGE = "SELECT from_at, until_at FROM coverage WHERE store_id = ? ORDER BY from_at DESC LIMIT 1"

BEGIN_COVERAGE = """
INSERT INTO coverage (store_id, from_at, to_at, until_at) VALUES (:store, :to, :to, :until)
"""

EXTEND_COVERAGE = "UPDATE coverage SET to_at = :to, until_at = :until WHERE store_id = :store AND from_at = :from"

PREVIOUS_HELD_WALKS = f"""
SELECT count(*) FROM walk
WHERE status IN {HELD_STATUSES} AND complete = 1
    AND run_id = (SELECT id FROM sync_run WHERE store_id = ? ORDER BY id DESC LIMIT 1 OFFSET 1)
"""  # noqa: S608


OPEN_NOW = "SELECT count(*) FROM status_period WHERE store_id = ? AND status = ? AND ended_at IS NULL"

KEPT_NOW = "SELECT coalesce(sum(listings), 0) FROM status_count WHERE store_id = ? AND status = ?"


class CountsDiffer(Exception):
    """What a walk showed, the open status periods and the kept count of a status are not the same number."""

    kind = "counts"
    advice = "`aexdash doctor` names what differs, `aexdash repair` counts it again."


def check(connection: sqlite3.Connection, staging: Staging) -> None:
    """Compare, for each complete walk of a run that was just written, what it showed with the periods and the count.

    Raises:
        CountsDiffer: they are not equal. The caller's transaction must not be committed then.
    """
    for status in [status for status, report in staging.reports.items() if report.complete]:
        shown = staging.accounted_for(status)
        periods = connection.execute(OPEN_NOW, [staging.store_id, status.value]).fetchone()[0]
        kept = connection.execute(KEPT_NOW, [staging.store_id, status.value]).fetchone()[0]
        if periods != kept or shown not in (None, periods):
            raise CountsDiffer(
                f"The numbers of {status.value} listings do not agree: the list accounts for {shown or 0:,}, the "
                f"snapshot has {periods:,} open periods and keeps a count of {kept:,}. "
                "Nothing of this run was recorded."
            )


def counts(connection: sqlite3.Connection, store: int) -> dict[Status, int]:
    """Return the number of listings in each status now, also where it is zero."""
    rows = dict(connection.execute("SELECT status, listings FROM status_count WHERE store_id = ?", [store]).fetchall())
    return {status: rows.get(status.value, 0) for status in Status}


def keep(
    connection: sqlite3.Connection, store: int, as_of: str, reports: Collection[WalkReport], tolerance: timedelta
) -> bool:
    """Update counts, the day's bridge, held-since and coverage for a run whose changes were just written.

    `tolerance` is how long a reading speaks for the time after it. Returns whether a count is known now that was not
    known before, were it zero: then pages have to read again.
    """
    day = day_of_text(as_of, str(zone_of_books(connection, store)))
    connection.execute(OPEN_DAY, {"store": store, "day": day, "statuses": STATUSES})
    names = ("store_id", "day", "status", "entered", "first_seen", "left_count")
    for row in connection.execute(FLOW, {"store": store, "day": day}).fetchall():
        flow = {**dict(zip(names, row, strict=True)), "as_of": as_of}
        for statement in (ADD_TO_DAY, ADD_TO_COUNT, NOTE_COUNT):
            connection.execute(statement, flow)
    connection.execute(HELD_SINCE, {"store": store, "as_of": as_of})
    flows.keep(connection, store, as_of)
    spells.keep(connection, store, as_of)
    complete = {report.status for report in reports if report.complete}
    first_covered = complete.issuperset(HELD) and _cover(connection, store, as_of, tolerance)
    walked = {status for (status,) in connection.execute("SELECT status FROM temp.earlier_walk")}
    return first_covered or any(status.value not in walked for status in complete)


def _cover(connection: sqlite3.Connection, store: int, as_of: str, tolerance: timedelta) -> bool:
    """Extend the last row of coverage to this run; return whether it is the store's first.

    A reading speaks for the time up to its tolerance. So a new row begins when the last one had ended by then, or when
    the held walks of the run before were incomplete.
    """
    last = connection.execute(LAST_COVERAGE, [store]).fetchone()
    complete_before = connection.execute(PREVIOUS_HELD_WALKS, [store]).fetchone()[0] == len(HELD)
    ends = {"store": store, "to": as_of, "until": to_text(from_text(as_of) + tolerance)}
    if last and complete_before and as_of <= last[1]:
        connection.execute(EXTEND_COVERAGE, {**ends, "from": last[0]})
    else:
        connection.execute(BEGIN_COVERAGE, ends)
    return last is None
