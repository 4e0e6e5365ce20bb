"""Reads the rows of the worklist. A list of any length takes two queries: the rows, and their reasons."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from aexdash.model import Lane, Mark, Provenance, Resubmit, SnoozeUntil, SourceWord, Stage, Status
from aexdash.snapshot.columns import moment, when
from aexdash.snapshot.evidence import resubmit
from aexdash.snapshot.matched.telling import read_told
from aexdash.snapshot.readmodels import HeldBack, ReasonRow, WorkRow
from aexdash.snapshot.worklist import sources
from aexdash.snapshot.worklist.ages import AFTER, MAYBE_EARLIER, READING, SEEN_AT, SINCE, STATUS_MAYBE_EARLIER
from aexdash.snapshot.worklist.desk_items import JOIN_WORK
from aexdash.snapshot.worklist.filters import JOIN_MONEY, PERIOD_THEN, Selection
from aexdash.snapshot.worklist.lanes import LANE, MARKS, STAGE

WORK_ROW = f"""
SELECT p.id, st.key, p.product_id, coalesce(l.title, ''), p.status, p.platform_status, p.cause, p.audit_kind, p.attempt,
    p.started_at, p.started_after, {SINCE}, {AFTER}, {SEEN_AT},
    {MAYBE_EARLIER}, {STATUS_MAYBE_EARLIER},
    l.image_urls ->> '$[0]', picture.thumbnail, coalesce(l.sku_codes, '[]'),
    coalesce(p.category_id, l.category_id), coalesce(category.name, ''), l.price_min, l.price_max,
    coalesce(l.currency, st.currency), l.modified_at, l.modified_raw,
    {STAGE}, coalesce(w.owner, ''), coalesce(w.note, ''), nullif(w.snoozed_until, ''), nullif(p.resubmit, ''),
    {LANE}, {MARKS}, w.version, w.updated_at, w.updated_by, w.stage_at, nullif(w.snooze_event, ''), w.snooze_more,
    at_shop.words, at_shop.told,
    money.units_low, money.units_high, money.amount_low, money.amount_high, money.currency, money.sold, money.in_stock
FROM json_each(:ids) AS period  -- keeps the order of the ids
JOIN {{period}} AS p ON p.id = period.value
JOIN store AS st ON st.id = p.store_id
{READING}
LEFT JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN picture ON picture.url = l.image_urls ->> '$[0]'
LEFT JOIN category ON category.store_id = p.store_id AND category.category_id = coalesce(p.category_id, l.category_id)
{JOIN_WORK}
{JOIN_MONEY}
{{at_shop}}
ORDER BY period.key
"""  # noqa: S608

REASONS = """
SELECT r.period_id, r.code, r.provenance, {texts}, r.first_seen_at, r.vanished_at
FROM listing_reason AS r
WHERE r.period_id IN (SELECT value FROM json_each(:ids)) AND {standing}
ORDER BY r.period_id, CASE r.provenance
    WHEN 'platform' THEN 1 WHEN 'seller_center' THEN 2 WHEN 'check' THEN 3 ELSE 4 END, r.code, r.id
"""

OF_PERIOD_THEN = f"({PERIOD_THEN} FROM status_period)"

TEXTS, NO_TEXTS = "r.text, r.language, r.measured", "'', NULL, '{}'"

STATUS = {status.value: status for status in Status}
STAGES = {stage.value: stage for stage in Stage}
PROVENANCE = {word.value: word for word in Provenance}
RESUBMIT = {word.value: word for word in Resubmit}
LANES = {lane.value: lane for lane in Lane}
SNOOZES = {event.value: event for event in SnoozeUntil}

_json = json.JSONDecoder().raw_decode
_measured = lru_cache(maxsize=4096)(lambda text: _json(text)[0])  # the same texts recur; nobody changes what is read


def work_rows(
    connection: sqlite3.Connection, period_ids: Sequence[int], selection: Selection, *, texts: bool = True
) -> list[WorkRow]:
    """Read the rows of these periods, in the order given, as of the moment of the selection.

    Without `texts` their reasons have neither texts nor what was measured.
    """
    bound = {**selection.bound, "ids": json.dumps(list(period_ids))}
    then = "as_of" in selection.bound
    reasons = reason_rows(connection, bound, resubmit.STOOD_THEN if then else resubmit.STANDS, texts=texts)
    sql = WORK_ROW.format(
        work=selection.work,
        period=OF_PERIOD_THEN if then else "status_period",
        at_shop=sources.THEN if then else sources.NOW,
    )
    rows = connection.execute(sql, bound)
    return [_work_row(row, reasons.get(row[0], ())) for row in rows]


def reason_rows(
    connection: sqlite3.Connection, bound: dict[str, object], standing: str, *, texts: bool = True
) -> dict[int, tuple[ReasonRow, ...]]:
    """Read the reasons of the periods `:ids` by period id, the strongest provenance first.

    `standing` is the SQL condition on a reason `r`.
    """
    by_period: dict[int, list[ReasonRow]] = defaultdict(list)
    for period, code, provenance, text, language, measured, first, vanished in connection.execute(
        REASONS.format(standing=standing, texts=TEXTS if texts else NO_TEXTS), bound
    ):
        by_period[period].append(
            ReasonRow(
                code=code,
                provenance=PROVENANCE[provenance],
                text=text,
                language=language,
                measured=_measured(measured),
                first_seen_at=when(first),
                vanished_at=moment(vanished),
            )
        )
    return {period: tuple(rows) for period, rows in by_period.items()}


def _work_row(row: Sequence[Any], reasons: tuple[ReasonRow, ...]) -> WorkRow:
    (
        (_, store, product_id, title, status, platform_status, cause, audit_kind, attempt),
        (started_at, started_after, held_since, held_after, seen_at, held_unseen, status_unseen),
        (image_url, thumbnail, sku_codes, category_id, category, price_min, price_max, currency),
        (modified_at, modified_raw, stage, owner, note, snoozed_until, advice),
        (lane, marks, version, changed_at, changed_by, stage_at, snooze_event, snooze_more),
        (source_words, source_told),
        money,
    ) = row[:9], row[9:16], row[16:24], row[24:31], row[31:39], row[39:41], row[41:]
    return WorkRow(
        store,
        product_id,
        title,
        STATUS[status],
        platform_status,
        cause,
        audit_kind,
        attempt,
        when(started_at),
        moment(started_after),
        when(held_since),
        moment(held_after),
        when(seen_at),
        reasons,
        image_url,
        thumbnail,
        tuple(_json(sku_codes)[0]),
        category_id,
        category,
        price_min,
        price_max,
        currency,
        moment(modified_at),
        modified_raw,
        STAGES.get(stage, Stage.NEW),
        owner,
        note,
        moment(snoozed_until),
        RESUBMIT.get(advice),
        _held_back(money),
        LANES[lane],
        _marks(marks),
        version or 0,
        moment(changed_at),
        changed_by or "",
        moment(stage_at),
        SNOOZES.get(snooze_event),
        snooze_more or 0,
        _source_told(source_told),
        _source_words(source_words),
        bool(held_unseen),
        bool(status_unseen),
    )


_source_told = lru_cache(maxsize=4096)(read_told)


@lru_cache(maxsize=256)
def _source_words(text: str | None) -> tuple[SourceWord, ...]:
    return tuple(SourceWord(str(word)) for word in sources.choices(text))


@lru_cache(maxsize=64)
def _marks(text: str) -> tuple[Mark, ...]:
    return tuple(Mark(word) for word in text.split("|") if word)


def _held_back(money: Sequence[Any]) -> HeldBack | None:
    units_low, units_high, amount_low, amount_high, currency, sold, in_stock = money
    if sold is None:
        return None
    left = None if in_stock is None else bool(in_stock)
    return HeldBack(units_low, units_high, amount_low, amount_high, currency, bool(sold), left)
