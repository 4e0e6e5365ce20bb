"""Turns a view into SQL: which periods it selects, and in what order.

Each filter is a condition with its own name, so that a facet can be counted with every filter but its own. Values are
SQL parameters and never part of the text. The aliases are: `p` the status period, `st` the store, `w` the work that
people do on a listing (from the desk), `l` the listing, `reading` when the store was last completely read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import to_text
from aexdash.model import HELD, IN_REVIEW, UNKNOWN_REASON, Status
from aexdash.snapshot.evidence import resubmit
from aexdash.snapshot.evidence.resubmit import STOOD_THEN
from aexdash.snapshot.history import as_of, readings
from aexdash.snapshot.history.as_of import CONTAINED
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.stores import keys_of
from aexdash.view import AGES, FILTERS, NOBODY, View

NOW = "status_period AS p INDEXED BY period_open_listed"
STANDING_NOW = "p.listed = 1 AND p.ended_at IS NULL"

CODES_THEN = f"""
CASE WHEN codes_at <= :as_of THEN codes ELSE coalesce((
    SELECT '|' || group_concat(code || '@' || provenance, '|') || '|'
    FROM (
        SELECT DISTINCT r.code, r.provenance FROM listing_reason AS r
        WHERE r.period_id = status_period.id AND {STOOD_THEN}
        ORDER BY r.code, r.provenance
    )
), '') END
"""  # noqa: S608
"""The reasons that stood at `:as_of`, as in the column `codes`. That column has them unless reasons changed later
(`codes_at`); then they are read from the table of reasons."""

RESUBMIT_THEN = f"""
CASE WHEN codes_at <= :as_of THEN resubmit ELSE {resubmit.rule("status_period", STOOD_THEN, resubmit.GONE_THEN)} END
"""

THEN = f"""(
    SELECT status_period.id, store_id, status, started_at, started_after, held_since, held_after, product_id, cause,
        audit_kind, attempt, category_id, {CODES_THEN} AS codes, {RESUBMIT_THEN} AS resubmit
    FROM {CONTAINED}
) AS p"""  # noqa: S608

WORK_NOW = "desk.work_item"

# The log has one field a row: the last row of each field up to `:as_of` is its value then.
WORK_THEN = """(
    SELECT store_key, product_id,
        max(after) FILTER (WHERE field = 'stage') AS stage,
        max(at) FILTER (WHERE field = 'stage') AS stage_at,
        max(after) FILTER (WHERE field = 'owner') AS owner,
        max(after) FILTER (WHERE field = 'note') AS note,
        max(after) FILTER (WHERE field = 'snoozed_until') AS snoozed_until
    FROM desk.work_log
    WHERE id IN (SELECT max(id) FROM desk.work_log WHERE at <= :as_of GROUP BY store_key, product_id, field)
    GROUP BY store_key, product_id
)"""

NO_WORK = """(
    SELECT NULL AS store_key, NULL AS product_id, NULL AS stage, NULL AS stage_at, NULL AS owner, NULL AS note,
        NULL AS snoozed_until
    WHERE false
)"""

STAGE = """CASE
    WHEN w.stage IS NULL THEN 'new'
    WHEN p.status = 'rejected' AND w.stage_at < p.started_at THEN 'new'
    WHEN w.stage = 'snoozed' AND w.snoozed_until > '' AND w.snoozed_until <= :moment THEN 'new'
    ELSE w.stage
END"""
"""The stage of a listing. A rejection after people had set the stage makes it new again, and so does the end of a
snooze."""

OWNER = "coalesce(nullif(w.owner, ''), :nobody)"

COLUMNS = {
    "resubmit": "p.resubmit",
    "audit": "p.audit_kind",
    "category": "p.category_id",
    "stage": STAGE,
    "owner": OWNER,
}
"""The columns of the filters that select some values of one column, by their names in `aexdash.view.FILTERS`."""

FIELDS = {one.name: one.field for one in FILTERS}

SHOWN_AS = f"""CASE
    WHEN p.status IN {HELD_STATUSES} THEN p.status
    WHEN p.status = 'offline' AND p.cause IN ('violate_offline', 'punish_offline') THEN p.status
    WHEN instr(p.codes, '@check|') THEN 'active'
END"""
"""The status under which a view shows a listed period; `active` means at risk, null that no view shows it."""

SINCE = "coalesce(p.held_since, p.started_at)"
"""Since when a listing has been held without a break; of one that is not held, since when it has its status."""

MAYBE_EARLIER = "iif(p.held_since IS NULL, p.started_after, p.held_after) IS NULL"
"""Whether `SINCE` is when we first looked, so that it may have been so for longer."""

SEEN_AT = "max(coalesce(reading.read_at, ''), p.started_at)"
"""Where the age of a listing ends: when its store was last completely read, or it was seen to move since then."""

_DAYS_BEFORE = "strftime('%Y-%m-%dT%H:%M:%fZ', {moment}, '-{days} days')"

READING = f"""LEFT JOIN (
    SELECT store_id, {readings.READ_AT} AS read_at, {
    ", ".join(f"{_DAYS_BEFORE.format(moment=readings.READ_AT, days=days)} AS from_{days}" for days in AGES.values())
}
    {readings.OF_STORES}
) AS reading ON reading.store_id = st.id"""


def _is_old(days: int) -> str:
    """Return the condition that a listing's age was at least so many days when its store was last read."""
    moved_since = f"p.started_at > coalesce(reading.read_at, '') AND {SINCE} <= {{before}}"
    before = _DAYS_BEFORE.format(moment="p.started_at", days=days)
    return f"({SINCE} <= reading.from_{days} OR ({moved_since.format(before=before)}))"


AGE = f"""CASE {
    " ".join(f"WHEN {_is_old(days)} THEN {days}" for days in sorted(AGES.values(), reverse=True))
} ELSE 0 END"""
"""The greatest of the ages, in days, for which a listing has been held."""

FACES = COLUMNS | {"status": SHOWN_AS, "age": AGE, "provenance": "p.codes", "resubmit": "nullif(p.resubmit, '')"}
"""What a listing is to each filter that offers choices; null is none of them."""


def _ages(days: object) -> Iterable[object]:
    return [word for word, least in AGES.items() if least <= int(str(days))]


def _provenances(codes: object) -> Iterable[object]:
    return {word.rpartition("@")[2] for word in str(codes).strip("|").split("|") if word}


CHOICES: Mapping[str, Callable[[object], Iterable[object]]] = {"age": _ages, "provenance": _provenances}
"""The filters of which one listing may be several choices; of the others it is one, or none."""

TEXT = """(
    instr(fold(l.title), :text) OR instr(fold(l.sku_codes), :sku_text) OR instr(CAST(p.product_id AS TEXT), :text)
)"""

_OLDEST = f"{SINCE}, {MAYBE_EARLIER} DESC, p.product_id, p.store_id"

ORDERS = {
    "oldest": _OLDEST,
    "newest": f"{SINCE} DESC, p.product_id, p.store_id",
    "in_status": "p.started_at, p.product_id, p.store_id",
    "moved": "p.started_at DESC, p.product_id, p.store_id",
    "title": "fold(l.title), p.product_id, p.store_id",
    "price": "CAST(l.price_min AS REAL) DESC, p.product_id, p.store_id",
    "attempts": f"p.attempt DESC, {_OLDEST}",
    "product_id": "p.product_id, p.store_id",
    "money": f"""CASE WHEN money.in_stock = 0 THEN 0 ELSE money.amount_low + money.amount_high END DESC NULLS LAST,
        {_OLDEST}""",
    "urgent": _OLDEST,
}

# CROSS JOIN and INDEXED BY make SQLite begin with the listed periods, which are few; by itself it may choose otherwise.
JOIN_WORK = "LEFT JOIN {work} AS w ON w.store_key = st.key AND w.product_id = p.product_id"
JOIN_MONEY = "LEFT JOIN held_sales AS money ON money.period_id = p.id"
JOIN_LISTING = "CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id"


@dataclass(frozen=True, slots=True)
class Selection:
    """A view in SQL.

    `conditions` are by filter name, `bound` are the SQL parameters. `source` and `work` are the tables of the periods
    and of people's work, `order` is the ORDER BY clause.
    """

    conditions: dict[str, str]
    bound: dict[str, object]
    source: str
    work: str
    order: str

    def query(self, columns: str, *, without: Collection[str] = (), tail: str = "") -> str:
        """Return a SELECT of these columns with every filter except those named in `without`."""
        where = " AND ".join(sql for name, sql in self.conditions.items() if name not in without)
        return f"SELECT {columns} {self.source_for(columns + where + tail)} WHERE {where} {tail}"

    def source_for(self, used: str) -> str:
        """Return the FROM clause with only the tables whose aliases are in `used`, the rest of the query."""
        reading = READING if "reading." in used else ""
        joins = [f"FROM store AS st {reading} CROSS JOIN {self.source} ON p.store_id = st.id"]
        if "w." in used:
            joins.append(JOIN_WORK.format(work=self.work))
        if "l." in used:
            joins.append(JOIN_LISTING)
        if "money." in used:
            joins.append(JOIN_MONEY)
        return " ".join(joins)


def select(view: View, now: datetime, *, desk: bool) -> Selection:
    """Turn a view into SQL. `now` is the moment of snoozes, unless the view has one. Ages end with the readings.

    `desk`: the desk is attached; else no listing has any work.
    """
    bound: dict[str, object] = {"moment": to_text(view.as_of or now), "nobody": NOBODY, **readings.bound(view.as_of)}
    conditions = {"standing": "true" if view.as_of else STANDING_NOW, "store": "st.watched = 1"}
    if view.as_of:
        bound |= as_of.bound(view.as_of)
    if view.store_keys is not None:
        conditions["store"] = "st.key IN (SELECT value FROM json_each(:store))"
        bound["store"] = keys_of(view.store_keys)
    conditions["status"] = _status(view, bound)
    for name, column in COLUMNS.items():
        values = getattr(view, FIELDS[name])
        if values:
            conditions[name] = f"{column} IN (SELECT value FROM json_each(:{name}))"  # noqa: S608
            bound[name] = json.dumps(values)
    if view.age:
        conditions["age"] = _is_old(AGES[view.age])
    if view.text:
        conditions["text"] = TEXT
        bound["text"] = view.text.casefold()
        bound["sku_text"] = json.dumps(view.text, ensure_ascii=False)[1:-1].casefold()
    conditions.update(_why(view, bound))
    source = THEN if view.as_of else NOW
    work = (WORK_THEN if view.as_of else WORK_NOW) if desk else NO_WORK
    return Selection(conditions, bound, source, work, f"ORDER BY {ORDERS[view.order]}")


def _status(view: View, bound: dict[str, object]) -> str:
    """Return the condition on the status. For held listings the stored status is enough, which the index has."""
    wanted = view.statuses or HELD
    stored = {*wanted, Status.OFFLINE} if Status.ACTIVE in wanted else {*wanted}
    bound["status"] = json.dumps(sorted(status.value for status in stored))
    condition = "p.status IN (SELECT value FROM json_each(:status))"
    if stored <= set(HELD):
        return condition
    bound["shown"] = json.dumps([status.value for status in wanted])
    return f"{condition} AND {SHOWN_AS} IN (SELECT value FROM json_each(:shown))"  # noqa: S608


def _why(view: View, bound: dict[str, object]) -> dict[str, str]:
    """Return the conditions on reasons and on provenance; with both filters, one reason has to meet both."""
    tests = {}
    if view.reasons:
        codes = [_code(index, reason, bound) for index, reason in enumerate(view.reasons)]
        tests["reason"] = f"({' OR '.join(codes)})"
    if view.provenance:
        tests["provenance"] = _same_reason(view, bound) if view.reasons else _any_provenance(view, bound)
    return tests


def _any_provenance(view: View, bound: dict[str, object]) -> str:
    for index, word in enumerate(view.provenance):
        bound[f"by{index}"] = f"@{word.value}|"
    return f"({' OR '.join(f'instr(p.codes, :by{index})' for index in range(len(view.provenance)))})"


WITHOUT_REASON = {
    UNKNOWN_REASON: "(p.codes = '' AND p.status <> 'auditing')",
    IN_REVIEW: "(p.codes = '' AND p.status = 'auditing')",
}
"""The conditions for listings without a standing reason, by the code they count under; as in `aexdash.model.unsaid`."""

STANDING_CODES = f"CASE WHEN {WITHOUT_REASON[IN_REVIEW]} THEN '|{IN_REVIEW}@|' ELSE p.codes END"
"""The standing reasons of a listing as `|code@provenance|…|`; one in audit without any has the code `in_review`."""


def _code(index: int, reason: str, bound: dict[str, object]) -> str:
    if reason in WITHOUT_REASON:
        return WITHOUT_REASON[reason]
    bound[f"code{index}"], bound[f"family{index}"] = f"|{reason}@", f"|{reason}."
    return f"instr(p.codes, :code{index}) OR instr(p.codes, :family{index})"


def _same_reason(view: View, bound: dict[str, object]) -> str:
    bound["provenance"] = json.dumps([word.value for word in view.provenance])
    known = [index for index, reason in enumerate(view.reasons) if reason not in WITHOUT_REASON]
    codes = " OR ".join(
        f"instr('|' || r.code || '@', :code{index}) OR instr('|' || r.code, :family{index})" for index in known
    )
    standing = STOOD_THEN if view.as_of else "r.vanished_at IS NULL"
    return f"""EXISTS (
        SELECT 1 FROM listing_reason AS r
        WHERE r.period_id = p.id AND {standing} AND ({codes or "false"})
            AND r.provenance IN (SELECT value FROM json_each(:provenance))
    )"""  # noqa: S608
