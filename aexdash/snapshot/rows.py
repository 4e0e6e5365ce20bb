"""Rows of the database as the records that pages read. Everything a list of listings needs comes in two queries."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aexdash.clock import from_text
from aexdash.model import Provenance, Stage, Status
from aexdash.snapshot.filters import JOIN_WORK, STAGE, STOOD_THEN, Selection
from aexdash.snapshot.readmodels import ReasonRow, WorkRow

WORK_ROW = f"""
SELECT p.id, st.key, p.product_id, coalesce(l.title, ''), p.status, p.platform_status, p.cause, p.audit_kind, p.attempt,
    p.started_at, p.started_after, l.image_urls ->> '$[0]', picture.thumbnail, coalesce(l.sku_codes, '[]'),
    coalesce(p.category_id, l.category_id), coalesce(category.name, ''), l.price_min, l.price_max,
    coalesce(l.currency, st.currency), l.modified_at, l.modified_raw,
    {STAGE}, coalesce(w.owner, ''), coalesce(w.note, ''), nullif(w.snoozed_until, '')
FROM json_each(:ids) AS asked
JOIN status_period AS p ON p.id = asked.value
JOIN store AS st ON st.id = p.store_id
LEFT JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN picture ON picture.url = l.image_urls ->> '$[0]'
LEFT JOIN category ON category.store_id = p.store_id AND category.category_id = coalesce(p.category_id, l.category_id)
{JOIN_WORK}
ORDER BY asked.key
"""  # noqa: S608

REASONS = """
SELECT r.period_id, r.code, r.provenance, r.text, r.language, r.measured, r.first_seen_at, r.vanished_at
FROM listing_reason AS r
WHERE r.period_id IN (SELECT value FROM json_each(:ids)) AND {standing}
ORDER BY r.period_id, CASE r.provenance
    WHEN 'platform' THEN 1 WHEN 'seller_center' THEN 2 WHEN 'check' THEN 3 ELSE 4 END, r.code, r.id
"""

STATUS = {status.value: status for status in Status}
STAGES = {stage.value: stage for stage in Stage}
PROVENANCE = {word.value: word for word in Provenance}


def moment(text: str | None) -> datetime | None:
    """Read a moment that may be absent."""
    return from_text(text) if text else None


def work_rows(connection: sqlite3.Connection, period_ids: Sequence[int], selection: Selection) -> list[WorkRow]:
    """Read the rows of these periods, in this order, at the moment of the selection."""
    bound = {**selection.bound, "ids": json.dumps(list(period_ids))}
    standing = STOOD_THEN if "as_of" in selection.bound else "r.vanished_at IS NULL"
    reasons = reason_rows(connection, bound, standing)
    rows = connection.execute(WORK_ROW.format(work=selection.work), bound)
    return [_work_row(row, reasons.get(row[0], ())) for row in rows]


def reason_rows(
    connection: sqlite3.Connection, bound: dict[str, object], standing: str
) -> dict[int, tuple[ReasonRow, ...]]:
    """Read the reasons of the periods `:ids`, by period, the strongest provenance first."""
    found: dict[int, list[ReasonRow]] = defaultdict(list)
    for period, code, provenance, text, language, measured, first, vanished in connection.execute(
        REASONS.format(standing=standing), bound
    ):
        found[period].append(
            ReasonRow(
                code=code,
                provenance=PROVENANCE[provenance],
                text=text,
                language=language,
                measured=json.loads(measured),
                first_seen_at=from_text(first),
                vanished_at=moment(vanished),
            )
        )
    return {period: tuple(rows) for period, rows in found.items()}


def _work_row(row: Sequence[Any], reasons: tuple[ReasonRow, ...]) -> WorkRow:
    return WorkRow(
        store=row[1],
        product_id=row[2],
        title=row[3],
        status=STATUS[row[4]],
        platform_status=row[5],
        cause=row[6],
        audit_kind=row[7],
        attempt=row[8],
        started_at=from_text(row[9]),
        started_after=moment(row[10]),
        reasons=reasons,
        image_url=row[11],
        thumbnail=row[12],
        sku_codes=tuple(json.loads(row[13])),
        category_id=row[14],
        category=row[15],
        price_min=row[16],
        price_max=row[17],
        currency=row[18],
        modified_at=moment(row[19]),
        modified_raw=row[20],
        stage=STAGES.get(row[21], Stage.NEW),
        owner=row[22],
        note=row[23],
        snoozed_until=moment(row[24]),
    )
