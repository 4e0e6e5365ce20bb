"""Reads the rows of the worklist. A list of any length takes two queries: the rows, and their reasons."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

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
from aexdash.snapshot.worklist.stored import Stored, StoredReason, StoredRow

WORK_ROW = f"""
SELECT p.id, st.key, p.product_id, coalesce(l.title, ''), p.status, p.platform_status, p.cause, p.audit_kind, p.attempt,
    p.started_at, p.started_after, {SINCE}, {AFTER}, {SEEN_AT},
    {MAYBE_EARLIER}, {STATUS_MAYBE_EARLIER},
    l.image_urls ->> '$[0]', {{thumbnail}}, coalesce(l.sku_codes, '[]'),
    coalesce(p.category_id, l.category_id), coalesce(category.name, ''), l.price_min, l.price_max,
    coalesce(l.currency, st.currency), l.modified_at, l.modified_raw,
    {STAGE}, coalesce(w.owner, ''), coalesce(w.note, ''), nullif(w.snoozed_until, ''), nullif(p.resubmit, ''),
    {LANE}, {{marks}}, w.version, w.updated_at, w.updated_by, w.stage_at, nullif(w.snooze_event, ''), w.snooze_more,
    at_shop.words, at_shop.told,
    money.units_low, money.units_high, money.amount_low, money.amount_high, money.currency, money.sold, money.in_stock
FROM json_each(:ids) AS period  -- keeps the order of the ids
JOIN {{period}} AS p ON p.id = period.value
JOIN store AS st ON st.id = p.store_id
{READING}
LEFT JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id
LEFT JOIN category ON category.store_id = p.store_id AND category.category_id = coalesce(p.category_id, l.category_id)
{JOIN_WORK}
{JOIN_MONEY}
{{at_shop}}
{{picture}}
ORDER BY period.key
"""  # noqa: S608
"""The columns are the fields of `StoredRow`, in its order."""

REASONS = """
SELECT r.period_id, r.code, r.provenance, {texts}, r.first_seen_at, r.vanished_at
FROM listing_reason AS r
WHERE r.period_id IN (SELECT value FROM json_each(:ids)) AND {standing}
ORDER BY r.period_id, CASE r.provenance
    WHEN 'platform' THEN 1 WHEN 'seller_center' THEN 2 WHEN 'check' THEN 3 ELSE 4 END, r.code, r.id
"""

FOR_PAGES = {
    "marks": MARKS,
    "thumbnail": "picture.thumbnail",
    "picture": "LEFT JOIN picture ON picture.url = l.image_urls ->> '$[0]'",
}
NOT_FOR_PAGES = {"marks": "'|'", "thumbnail": "NULL", "picture": ""}
"""What only pages show of a row, and the same left out."""

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
    return [work_row(*one) for one in stored_rows(connection, period_ids, selection, texts=texts)]


def stored_rows(
    connection: sqlite3.Connection,
    period_ids: Sequence[int],
    selection: Selection,
    *,
    texts: bool = True,
    for_pages: bool = True,
) -> list[Stored]:
    """Read the same rows as they are stored; `work_row` makes of one what it stands for.

    Without `for_pages` they have neither marks nor thumbnails.
    """
    bound = {**selection.bound, "ids": json.dumps(list(period_ids))}
    then = "as_of" in selection.bound
    reasons = _stored_reasons(connection, bound, resubmit.STOOD_THEN if then else resubmit.STANDS, texts=texts)
    sql = WORK_ROW.format(
        work=selection.work,
        period=OF_PERIOD_THEN if then else "status_period",
        at_shop=sources.THEN if then else sources.NOW,
        **(FOR_PAGES if for_pages else NOT_FOR_PAGES),
    )
    rows = connection.execute(sql, bound)
    return [(StoredRow._make(row), reasons.get(row[0], ())) for row in rows]


def reason_rows(
    connection: sqlite3.Connection, bound: dict[str, object], standing: str, *, texts: bool = True
) -> dict[int, tuple[ReasonRow, ...]]:
    """Read the reasons of the periods `:ids` by period id, the strongest provenance first.

    `standing` is the SQL condition on a reason `r`.
    """
    stored = _stored_reasons(connection, bound, standing, texts=texts)
    return {period: _reasons(reasons) for period, reasons in stored.items()}


def _stored_reasons(
    connection: sqlite3.Connection, bound: dict[str, object], standing: str, *, texts: bool = True
) -> Mapping[int, Sequence[StoredReason]]:
    by_period: dict[int, list[StoredReason]] = defaultdict(list)
    sql = REASONS.format(standing=standing, texts=TEXTS if texts else NO_TEXTS)
    for row in connection.execute(sql, bound):
        by_period[row[0]].append((row[1:-2], row[-2], row[-1]))
    return by_period


def _reasons(stored: Sequence[StoredReason]) -> tuple[ReasonRow, ...]:
    return tuple(
        [
            ReasonRow(code, PROVENANCE[provenance], text, language, _measured(measured), when(first), moment(vanished))
            for (code, provenance, text, language, measured), first, vanished in stored
        ]
    )


def work_row(row: StoredRow, reasons: Sequence[StoredReason]) -> WorkRow:
    """Make of a stored row and its reasons what they stand for."""
    return WorkRow(
        row.store,
        row.product_id,
        row.title,
        STATUS[row.status],
        row.platform_status,
        row.cause,
        row.audit_kind,
        row.attempt,
        when(row.started_at),
        moment(row.started_after),
        when(row.held_since),
        moment(row.held_after),
        when(row.seen_at),
        _reasons(reasons) if reasons else (),
        row.image_url,
        row.thumbnail,
        tuple(sku_codes_of(row)),
        row.category_id,
        row.category,
        row.price_min,
        row.price_max,
        row.currency,
        moment(row.modified_at),
        row.modified_raw,
        STAGES.get(row.stage, Stage.NEW),
        row.owner,
        row.note,
        moment(row.snoozed_until),
        RESUBMIT.get(row.advice),
        held_back_of(row),
        LANES[row.lane],
        _marks(row.marks),
        row.version or 0,
        moment(row.changed_at),
        row.changed_by or "",
        moment(row.stage_at),
        SNOOZES.get(row.snooze_event),
        row.snooze_more or 0,
        _source_told(row.source_told),
        _source_words(row.source_words),
        bool(row.held_unseen),
        bool(row.status_unseen),
    )


def sku_codes_of(row: StoredRow) -> list[str]:
    """Return the SKU codes of a stored row."""
    codes: list[str] = _json(row.sku_codes)[0]
    return codes


def held_back_of(row: StoredRow) -> HeldBack | None:
    """Return what a listing sold a day before it was held; None: not known."""
    if row.sold is None:
        return None
    in_stock = None if row.in_stock is None else bool(row.in_stock)
    return HeldBack(
        row.units_low, row.units_high, row.amount_low, row.amount_high, row.money_currency, bool(row.sold), in_stock
    )


_source_told = lru_cache(maxsize=4096)(read_told)


@lru_cache(maxsize=256)
def _source_words(text: str | None) -> tuple[SourceWord, ...]:
    return tuple(SourceWord(str(word)) for word in sources.choices(text))


@lru_cache(maxsize=64)
def _marks(text: str) -> tuple[Mark, ...]:
    return tuple(Mark(word) for word in text.split("|") if word)
