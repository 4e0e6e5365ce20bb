"""The reasons that stand on open periods: recording and reading them. A reason stands until it vanishes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.model import Provenance, Reason
from aexdash.snapshot.columns import when
from aexdash.snapshot.evidence import resubmit
from aexdash.snapshot.evidence.scope import HELD
from aexdash.snapshot.file import transaction
from aexdash.snapshot.version import bump_version
from aexdash.storage.text import storable

IS_OPEN = "SELECT 1 FROM status_period WHERE id = :period AND ended_at IS NULL"

REASON = ("code", "provenance", "text", "language", "measured")

STANDING = """
SELECT id, code, provenance, text, language, measured FROM listing_reason
WHERE period_id = :period AND vanished_at IS NULL AND provenance IN (SELECT value FROM json_each(:provenances))
"""

VANISH = "UPDATE listing_reason SET vanished_at = max(:at, first_seen_at) WHERE id = :id"

ADD_REASON = """
INSERT INTO listing_reason (period_id, store_id, product_id, code, provenance, text, language, measured, first_seen_at)
SELECT id, store_id, product_id, :code, :provenance, :text, :language, :measured, :at
FROM status_period WHERE id = :period
"""

KEEP_CODES = f"""
-- codes: the standing reasons as |code@provenance|…|, sorted, so that the worklist needs no second table for them
UPDATE status_period SET codes = coalesce((
    SELECT '|' || group_concat(word, '|') || '|' FROM (
        SELECT DISTINCT code || '@' || provenance AS word FROM listing_reason
        WHERE period_id = :period AND vanished_at IS NULL ORDER BY code, provenance
    )
), ''),
resubmit = {resubmit.rule("status_period", resubmit.STANDS, resubmit.GONE)},
codes_at = max(codes_at, :at)
WHERE id = :period
"""  # noqa: S608

LIST_AT_RISK = """
UPDATE status_period SET listed = 1
WHERE id = :period AND listed = 0 AND instr(codes, '@check|')
    AND (status = 'active' OR (status = 'offline' AND cause = 'pending_launch'))
"""
"""Marks the period of a listing at risk as `listed` from its first finding on, so that the worklist can show it, now
and as of a past moment."""

OPEN_IDS = """
SELECT product_id, id FROM status_period
WHERE store_id = :store AND ended_at IS NULL AND product_id IN (SELECT value FROM json_each(:ids))
"""

WITH_PLATFORM_REASONS = """
SELECT DISTINCT product_id FROM listing_reason
WHERE store_id = ? AND provenance = 'platform' AND vanished_at IS NULL ORDER BY product_id
"""

WITH_DIAGNOSIS = """
SELECT DISTINCT product_id, period_id FROM listing_reason
WHERE store_id = ? AND provenance = 'diagnosis' AND vanished_at IS NULL
"""

OPEN_HELD = f"""
SELECT p.product_id, p.id, p.started_at FROM status_period AS p INDEXED BY period_open_listed
WHERE p.store_id = ? AND {HELD}
"""  # noqa: S608


def record_reasons(
    db: Database, period_id: int, reasons: Sequence[Reason], provenances: Collection[Provenance], at: datetime
) -> None:
    """Make the standing reasons with these provenances on a period equal to `reasons`.

    New reasons are added, others vanish at `at`, equal ones stay unchanged. With CHECK among the provenances the
    period is marked as checked. If the period has ended meanwhile, nothing is written.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    wanted = {_identity(reason): reason for reason in reasons if reason.provenance in provenances}
    bound = {"period": period_id, "provenances": json.dumps([word.value for word in provenances]), "at": to_text(at)}
    with transaction(db) as connection:
        if not connection.execute(IS_OPEN, bound).fetchone():
            return
        standing = {tuple(row[1:]): row[0] for row in connection.execute(STANDING, bound)}
        gone = [{**bound, "id": standing[identity]} for identity in standing.keys() - wanted.keys()]
        new = [dict(zip(REASON, identity, strict=True)) | bound for identity in wanted if identity not in standing]
        connection.executemany(VANISH, gone)
        connection.executemany(ADD_REASON, new)
        if gone or new:
            for statement in (KEEP_CODES, LIST_AT_RISK):
                connection.execute(statement, bound)
            bump_version(connection)
        if Provenance.CHECK in provenances:
            connection.execute("UPDATE status_period SET checked = 1 WHERE id = :period AND checked = 0", bound)


def _identity(reason: Reason) -> tuple[str, str, str, str | None, str]:
    measured = json.dumps(reason.measured, ensure_ascii=False, sort_keys=True)
    return reason.code, reason.provenance.value, storable(reason.text), reason.language, storable(measured)


def open_period_ids(db: Database, store_id: int, product_ids: Iterable[int]) -> dict[int, int]:
    """Return the open period of each of these listings that has one, by product id."""
    bound = {"store": store_id, "ids": json.dumps(list(product_ids))}
    return dict(db.conn.execute(OPEN_IDS, bound).fetchall())


def with_platform_reasons(db: Database, store_id: int) -> list[int]:
    """List the ids of listings on which a reason of the platform stands."""
    return [product_id for (product_id,) in db.conn.execute(WITH_PLATFORM_REASONS, [store_id])]


def record_problems(
    db: Database, store_id: int, reasons: Mapping[int, Sequence[Reason]], complete: bool, at: datetime
) -> None:
    """Record the reasons of the platform's quality diagnosis, by product id, on the open periods of these listings.

    Earlier ones on other listings vanish only if `complete`, when every page of the diagnosis was read.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    with transaction(db) as connection:
        before = dict(connection.execute(WITH_DIAGNOSIS, [store_id]).fetchall()) if complete else {}
        vanished = {period: () for product_id, period in before.items() if product_id not in reasons}
        open_periods = open_period_ids(db, store_id, reasons)
        present = {period: reasons[product_id] for product_id, period in open_periods.items()}
        for period, of_period in {**vanished, **present}.items():
            record_reasons(db, period, of_period, {Provenance.DIAGNOSIS}, at)


def open_held_periods(db: Database, store_id: int) -> dict[int, tuple[int, datetime]]:
    """Return (id, start) of the open period of each held listing, by product id."""
    rows = db.conn.execute(OPEN_HELD, [store_id])
    return {product_id: (period, when(started)) for product_id, period, started in rows}
