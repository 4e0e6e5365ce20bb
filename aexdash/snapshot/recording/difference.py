"""Finds the difference between the staged rows and the tables, and writes it, in SQL on whole sets of listings.

`temp.change` gets one row for each listing that is new, edited, moved (to another status), renamed (the platform's own
word for the same status changed) or back (it was missing and is shown again), with the data of its open period.
Unchanged listings get no row.

A fact that is absent in an observation (null, or empty text) leaves the stored one as it is, because business models
and look-ups return different subsets of the facts. For the same reason, an offline listing whose cause is absent keeps
its period.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from aexdash.model import Status
from aexdash.snapshot.evidence.attempts import KEEP_ATTEMPTS
from aexdash.snapshot.evidence.duplicates import call_where_changed
from aexdash.snapshot.recording.observed import FACTS, NO_DIGEST
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.storage.text import json_array

STATUSES = json_array(tuple(status.value for status in Status))

ABSENT = {"title": "''", "image_urls": "'[]'", "sku_codes": "'[]'", "extra": "''"}
"""The value of an absent fact, as SQL; NULL for all others."""

PAIRED = {"created_at": "created_raw", "modified_at": "modified_raw", "offline_at": "offline_raw"}
"""A moment and its raw text change together: if one of them is present, both are."""


def _is_present(fact: str) -> str:
    """Return the condition, in SQL, that a fact is present in the staged observation `s`."""
    raw = PAIRED.get(fact) or (fact if fact in PAIRED.values() else None)
    if raw is not None:
        moment = raw.replace("_raw", "_at")
        return f"coalesce(s.{raw}, s.{moment}) IS NOT NULL"
    return f"s.{fact} IS NOT {ABSENT.get(fact, 'NULL')}"


EDITED = "\n        OR ".join(f"({_is_present(fact)} AND s.{fact} IS NOT l.{fact})" for fact in FACTS)

# An offline listing with another cause has moved too: to a new period of the same status.
MOVED = "(s.status <> p.status OR (s.status = 'offline' AND s.cause IS NOT NULL AND s.cause IS NOT p.cause))"

CREATE_CHANGE = """
CREATE TEMP TABLE change (
    product_id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    is_new INTEGER NOT NULL,
    edited INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    renamed INTEGER NOT NULL,
    is_back INTEGER NOT NULL,
    period_id INTEGER,
    status TEXT,
    to_status TEXT NOT NULL,
    platform_status TEXT NOT NULL,
    cause TEXT,
    came_from TEXT,
    attempt INTEGER,
    category_id INTEGER,
    known_until TEXT
)
"""

CREATE_EARLIER_WALK = """
CREATE TEMP TABLE earlier_walk (status TEXT PRIMARY KEY, started_at TEXT NOT NULL, as_of TEXT NOT NULL)
"""

# For each status, when its last complete walk began, and the moment of that run.
FILL_EARLIER_WALK = """
INSERT INTO temp.earlier_walk
SELECT w.status, w.started_at, r.as_of
FROM json_each(:statuses) AS s
JOIN walk AS w ON w.status = s.value AND w.run_id = (
    SELECT max(run_id) FROM walk WHERE store_id = :store AND status = s.value AND complete = 1
)
JOIN sync_run AS r ON r.id = w.run_id
"""

KNOWN_UNTIL = """
min(:as_of, coalesce(p.missing_after, CASE WHEN e.as_of >= p.started_at THEN e.started_at ELSE p.started_at END))
"""
"""The last moment at which a listing was known in its open period: in the last complete walk of that status, if that
was after the period began. While it is missing, the walk before the first that missed it; once it is shown again, it
had been there all along, so also during walks that missed it."""

FILL_CHANGE = f"""
-- s: what the run showed; l: the stored listing; p: its open period; e: the last complete walk of the period's status.
INSERT INTO temp.change
SELECT s.product_id, s.seq, is_new, edited, moved, renamed, is_back, period_id, old_status, status, platform_status,
    cause, came_from, attempt, category_id, known_until
FROM (
    SELECT s.product_id, s.seq, s.status, s.platform_status, s.cause,
        l.product_id IS NULL AS is_new,
        l.product_id IS NOT NULL AND (
        {EDITED}) AS edited,
        p.id IS NULL OR {MOVED} AS moved,
        p.id IS NOT NULL AND NOT {MOVED} AND s.platform_status NOT IN ('', p.platform_status) AS renamed,
        p.missing_after IS NOT NULL AND NOT {MOVED} AS is_back,
        p.id AS period_id, p.status AS old_status, p.came_from, p.attempt,
        coalesce(s.category_id, l.category_id) AS category_id,
        {KNOWN_UNTIL} AS known_until
    FROM temp.fact AS s
    LEFT JOIN listing AS l ON l.store_id = :store AND l.product_id = s.product_id
    LEFT JOIN status_period AS p ON p.store_id = :store AND p.product_id = s.product_id AND p.ended_at IS NULL
    LEFT JOIN temp.earlier_walk AS e ON e.status = p.status
    WHERE NOT (s.status = 'deleted' AND p.id IS NULL)  -- a deleted listing that we never knew stays unknown
) AS s
WHERE is_new OR edited OR moved OR renamed OR is_back
"""  # noqa: S608

INSERT_LISTINGS = f"""
INSERT INTO listing (store_id, product_id, {", ".join(FACTS)}, first_seen_at, changed_at)
SELECT :store, s.product_id, {", ".join(f"s.{fact}" for fact in FACTS)}, :as_of, :as_of
FROM temp.change AS c JOIN temp.fact AS s ON s.seq = c.seq
WHERE c.is_new
ORDER BY c.product_id
"""  # noqa: S608

# The + before c.product_id makes SQLite begin with the few changes; without it, it reads every listing.
UPDATE_LISTINGS = f"""
UPDATE listing SET
    {", ".join(f"{fact} = CASE WHEN {_is_present(fact)} THEN s.{fact} ELSE listing.{fact} END" for fact in FACTS)},
    changed_at = :as_of
FROM temp.change AS c JOIN temp.fact AS s ON s.seq = c.seq
WHERE c.edited AND listing.store_id = :store AND listing.product_id = +c.product_id
"""  # noqa: S608

CHECK_EDITED_AGAIN = """
UPDATE status_period SET checked = 0 WHERE id IN (SELECT period_id FROM temp.change WHERE edited AND NOT moved)
"""

CLOSE_PERIODS = """
UPDATE status_period SET ended_after = c.known_until, ended_at = :as_of, ended_to = c.to_status
FROM temp.change AS c
WHERE c.moved AND status_period.id = c.period_id
"""

CLOSE_REASONS = """
UPDATE listing_reason SET vanished_at = max(:as_of, first_seen_at)
WHERE vanished_at IS NULL AND period_id IN (SELECT period_id FROM temp.change WHERE moved)
"""

AUDIT_KIND = f"""
CASE
    WHEN c.to_status <> 'auditing' THEN NULL
    -- A listing that we did not know: its first review, provided that both held statuses had been walked before.
    WHEN c.period_id IS NULL THEN CASE
        WHEN 2 = (SELECT count(*) FROM temp.earlier_walk WHERE status IN {HELD_STATUSES}) THEN 'first_review'
        ELSE 'unknown' END
    -- Else by the status before; for one that was deleted, by the status before that.
    ELSE CASE CASE WHEN c.status = 'deleted' THEN c.came_from ELSE c.status END
        WHEN 'rejected' THEN 'resubmitted' WHEN 'active' THEN 're_review' WHEN 'offline' THEN 're_review'
        ELSE 'unknown' END
END
"""  # noqa: S608

STARTED_AFTER = "min(:as_of, nullif(max(coalesce(c.known_until, ''), coalesce(e.started_at, '')), ''))"
"""The last moment at which a listing was seen elsewhere, or was not in a complete walk of its new status."""

OPEN_PERIODS = f"""
INSERT INTO status_period (store_id, product_id, status, platform_status, cause, audit_kind, attempt, category_id,
    came_from, started_after, started_at, held_since, held_after, listed, known)
SELECT :store, c.product_id, c.to_status, c.platform_status, c.cause,
    {AUDIT_KIND},
    coalesce(c.attempt, 0) + (c.to_status = 'rejected'),
    c.category_id,
    c.status,
    {STARTED_AFTER},
    :as_of,
    -- held_since, held_after: of the spell, which goes on where the listing was held before.
    CASE WHEN c.to_status IN {HELD_STATUSES}
        THEN iif(c.status IN {HELD_STATUSES}, before.held_since, :as_of) END,
    CASE WHEN c.to_status IN {HELD_STATUSES}
        THEN iif(c.status IN {HELD_STATUSES}, before.held_after, {STARTED_AFTER}) END,
    -- listed: whether worklist and history can show the period.
    c.to_status IN {HELD_STATUSES}
        OR (c.to_status = 'offline' AND coalesce(c.cause, '') IN ('violate_offline', 'punish_offline')),
    -- known: 2 when the listing's detail was read before.
    2 * EXISTS (
        SELECT 1 FROM listing_detail AS d
        WHERE d.store_id = :store AND d.product_id = c.product_id AND d.read_at IS NOT NULL
    )
FROM temp.change AS c
LEFT JOIN temp.earlier_walk AS e ON e.status = c.to_status
LEFT JOIN status_period AS before ON before.id = c.period_id
WHERE c.moved
ORDER BY c.product_id
"""  # noqa: S608

RENAME_PERIODS = """
UPDATE status_period SET
    missing_after = NULL,
    platform_status = CASE WHEN c.renamed THEN c.platform_status ELSE status_period.platform_status END
FROM temp.change AS c
WHERE (c.renamed OR c.is_back) AND status_period.id = c.period_id
"""

MARK_MISSING = f"""
UPDATE status_period SET missing_after = (
    SELECT {KNOWN_UNTIL} FROM status_period AS p LEFT JOIN temp.earlier_walk AS e ON e.status = p.status
    WHERE p.id = status_period.id
)
WHERE id IN (SELECT period_id FROM temp.missing) AND ended_at IS NULL AND missing_after IS NULL
"""  # noqa: S608

KEEP_FINGERPRINTS = """
INSERT INTO fingerprint (store_id, product_id, digest)
SELECT :store, s.product_id, nullif(s.digest, :no_digest)
FROM temp.fact AS f CROSS JOIN temp.staged AS s ON s.seq = f.seq
WHERE true ORDER BY s.product_id
ON CONFLICT (store_id, product_id) DO UPDATE SET digest = excluded.digest
"""

FORGET_FINGERPRINTS = """
DELETE FROM fingerprint WHERE store_id = :store AND product_id IN (SELECT product_id FROM temp.missing)
"""
"""A missing listing has to be compared again when it is shown again, even if it is unchanged."""

WORK = (
    ("is_new", (INSERT_LISTINGS,)),
    ("edited", (UPDATE_LISTINGS, CHECK_EDITED_AGAIN)),
    ("moved AND period_id IS NOT NULL", (CLOSE_PERIODS, CLOSE_REASONS)),
    ("renamed OR is_back", (RENAME_PERIODS,)),
)
"""The statements for each kind of change, by the condition on `temp.change`, in order: a period is closed before the
next one opens."""


def apply(connection: sqlite3.Connection, store: int, as_of: str) -> int:
    """Write the difference between the settled staged rows and the tables; return how many listing and period rows.

    The caller holds the transaction of the run. `temp.change` and `temp.earlier_walk` are left for the books.
    """
    run = {"store": store, "as_of": as_of, "statuses": STATUSES, "no_digest": NO_DIGEST}
    for table, create in (("change", CREATE_CHANGE), ("earlier_walk", CREATE_EARLIER_WALK)):
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        connection.execute(create)
    connection.execute(FILL_EARLIER_WALK, run)
    connection.execute(FILL_CHANGE, run)
    call_where_changed(connection, store)
    written = sum(_written(connection, statement, run) for statement in _needed(connection))
    connection.execute(KEEP_FINGERPRINTS, run)
    connection.execute(FORGET_FINGERPRINTS, run)
    return written


def _needed(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the statements for the changes there are; where nothing has changed, most are skipped."""
    for what, statements in WORK:
        if connection.execute(f"SELECT EXISTS (SELECT 1 FROM temp.change WHERE {what})").fetchone()[0]:  # noqa: S608
            yield from statements
    yield MARK_MISSING
    yield OPEN_PERIODS
    if connection.execute("SELECT EXISTS (SELECT 1 FROM temp.change WHERE moved)").fetchone()[0]:
        yield KEEP_ATTEMPTS


def _written(connection: sqlite3.Connection, statement: str, run: dict[str, object]) -> int:
    rows = connection.execute(statement, run).rowcount
    return 0 if statement in {CLOSE_REASONS, CHECK_EDITED_AGAIN, KEEP_ATTEMPTS} else rows
