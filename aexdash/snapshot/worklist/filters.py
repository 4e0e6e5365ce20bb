"""Turns a view into SQL: which periods it selects, and in what order.

Each filter is a condition with its own name, so that a facet can be counted with every filter but its own. Values are
SQL parameters and never part of the text. The aliases are: `p` the status period, `st` the store, `w` the work that
people do on a listing (from the desk), `l` the listing, `reading` when the store was last completely read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import to_text
from aexdash.model import HELD, IN_REVIEW, NOTHING_FOUND, UNKNOWN_REASON, Provenance, Status
from aexdash.snapshot.evidence import resubmit
from aexdash.snapshot.evidence.resubmit import STOOD_THEN
from aexdash.snapshot.history import as_of, readings
from aexdash.snapshot.history.as_of import CONTAINED
from aexdash.snapshot.sql import HELD_STATUSES
from aexdash.snapshot.stores import keys_of
from aexdash.snapshot.worklist import searching, shared, sources
from aexdash.snapshot.worklist.ages import AFTER, HELD_FOR, IN_STATUS, READING, SINCE, reading_of
from aexdash.snapshot.worklist.desk_items import JOIN_WORK, DeskState, work_of
from aexdash.snapshot.worklist.lanes import CODE, CODES, DEFAULT, LANE, MARKS, STAGE, URGENCY, Clocks
from aexdash.view import AGES, FILTERS, NOBODY, NOTED, View

NOW = "status_period AS p INDEXED BY period_open_listed"
LOOKED_UP = "status_period AS p NOT INDEXED"
"""The source where a condition says which ids of periods there are: SQLite then begins with these."""

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

PERIOD_THEN = f"""
    SELECT status_period.id, store_id, status, platform_status, started_at, started_after, held_since, held_after,
        product_id, cause, audit_kind, attempt, category_id, {CODES_THEN} AS codes, {RESUBMIT_THEN} AS resubmit
"""
"""The columns of a period as they were at `:as_of`, where it contained that moment."""

THEN = f"({PERIOD_THEN} FROM {CONTAINED}) AS p"

SHARED_THEN = f"({PERIOD_THEN} FROM {shared.AT_THE_MOMENT}) AS p"

OWNER = "coalesce(nullif(w.owner, ''), :nobody)"

COLUMNS = {
    "resubmit": "p.resubmit",
    "audit": "p.audit_kind",
    "category": "p.category_id",
    "stage": STAGE,
    "owner": OWNER,
    "lane": LANE,
}
"""The columns of the filters that select some values of one column, by their names in `aexdash.view.FILTERS`."""

FIELDS = {one.name: one.field for one in FILTERS}

SHOWN_AS = f"""CASE
    WHEN p.status IN {HELD_STATUSES} THEN p.status
    WHEN p.status = 'offline' AND p.cause IN ('violate_offline', 'punish_offline') THEN p.status
    WHEN instr(p.codes, '@check|') THEN 'active'
END"""
"""The status under which a view shows a listed period; `active` means at risk, null that no view shows it."""

SHARED_SHOWN_AS = f"CASE WHEN p.status = 'active' THEN iif({shared.IS_AT_RISK}, p.status, NULL) ELSE {SHOWN_AS} END"
"""The same of listings that share what a report names: those it found on sale are at risk, whatever our checks found;
one that moved and is on sale again is not, because it has passed an audit since."""

LASTING = {"age": HELD_FOR, "in_status": IN_STATUS}
"""The filters by how long something has lasted, by their names in `aexdash.view.FILTERS`."""

FACES = COLUMNS | {
    "status": SHOWN_AS,
    **{name: lasting.face for name, lasting in LASTING.items()},
    "provenance": "p.codes",
    "resubmit": "nullif(p.resubmit, '')",
    "source": sources.WORDS,
}
"""What a listing is to each filter that offers choices; null is none of them."""


def _ages(days: object) -> Iterable[object]:
    return [word for word, least in AGES.items() if least <= int(str(days))]


def provenances(codes: object, reasons: Sequence[str] = ()) -> Iterable[object]:
    """Return who says so, of standing reasons written `|code@provenance|…|`; only of some codes or families."""
    told = (word.rpartition("@") for word in str(codes).strip("|").split("|") if word)
    return {
        by for code, _, by in told if not reasons or any(code == one or code.startswith(f"{one}.") for one in reasons)
    }


CHOICES: Mapping[str, Callable[[object], Iterable[object]]] = {
    **dict.fromkeys(LASTING, _ages),
    "provenance": provenances,
    "source": sources.choices,
}
"""The filters of which one listing may be several choices; of the others it is one, or none."""

IN_CAMPAIGN = """EXISTS (
    SELECT 1 FROM desk.campaign_listing AS chosen
    WHERE chosen.campaign = :campaign AND chosen.store_key = st.key AND chosen.product_id = p.product_id
)"""

BLOCKED = " OR ".join(f"instr(p.codes, '@{word}|')" for word in Provenance if word is not Provenance.DIAGNOSIS)

ONLY = f"""(({BLOCKED}) AND NOT EXISTS (
    SELECT 1 FROM {CODES} AS reason
    WHERE reason.value NOT LIKE '%@{Provenance.DIAGNOSIS}' AND {CODE} NOT IN (SELECT value FROM json_each(:only))
))"""  # noqa: S608
"""Whether some of the codes `:only`, and no others, hold the listing; the platform's quality advice holds none."""

_OLDEST = f"{SINCE}, {AFTER} IS NULL DESC, p.product_id, p.store_id"

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
    "urgent": f"{URGENCY}, {_OLDEST}",
}

# CROSS JOIN and INDEXED BY make SQLite begin with the listed periods, which are few; by itself it may choose otherwise.
JOIN_MONEY = "LEFT JOIN held_sales AS money ON money.period_id = p.id"
JOIN_LISTING = "CROSS JOIN listing AS l ON l.store_id = p.store_id AND l.product_id = p.product_id"


@dataclass(frozen=True, slots=True)
class Selection:
    """A view in SQL.

    `conditions` are by filter name, `bound` are the SQL parameters. `source` and `work` are the tables of the periods
    and of people's work, `order` is the ORDER BY clause, `shown_as` the status under which a period is shown, and
    `reading` the join of when stores were read.
    """

    conditions: dict[str, str]
    bound: dict[str, object]
    source: str
    work: str
    order: str
    shown_as: str = SHOWN_AS
    reading: str = READING

    def query(self, columns: str, *, without: Collection[str] = (), tail: str = "") -> str:
        """Return a SELECT of these columns with every filter except those named in `without`."""
        where = " AND ".join(sql for name, sql in self.conditions.items() if name not in without)
        return f"SELECT {columns} {self.source_for(columns + where + tail)} WHERE {where} {tail}"

    def source_for(self, used: str) -> str:
        """Return the FROM clause with only the tables whose aliases are in `used`, the rest of the query."""
        reading = self.reading if "reading." in used else ""
        if self.source == LOOKED_UP:
            joins = [f"FROM {self.source} CROSS JOIN store AS st ON st.id = p.store_id {reading}"]
        else:
            joins = [f"FROM store AS st {reading} CROSS JOIN {self.source} ON p.store_id = st.id"]
        if "w." in used:
            joins.append(JOIN_WORK.format(work=self.work))
        if "l." in used:
            joins.append(JOIN_LISTING)
        if "money." in used:
            joins.append(JOIN_MONEY)
        if sources.ALIAS in used:
            joins.append(sources.THEN if "as_of" in self.bound else sources.NOW)
        return " ".join(joins)


def select(view: View, now: datetime, desk: DeskState = DeskState.NONE, clocks: Clocks = DEFAULT) -> Selection:
    """Turn a view into SQL. `now` is the moment of snoozes, unless the view has one. Ages end with the readings.

    `desk` is what is attached of it; without it no listing has any work. `clocks` are what lanes depend on.
    """
    bound: dict[str, object] = {
        "moment": to_text(view.as_of or now),
        "nobody": NOBODY,
        **readings.bound(view.as_of),
        **clocks.bound,
    }
    source, standing = (THEN, "true") if view.as_of else (NOW, STANDING_NOW)
    shown_as = SHOWN_AS
    if view.shares and desk is DeskState.NOW:
        bound |= shared.bound(view.shares)
        source, standing = (SHARED_THEN, "true") if view.as_of else (shared.NOW, shared.STANDING_NOW)
        shown_as = SHARED_SHOWN_AS
    elif view.shares:
        standing = f"{standing} AND false"
    conditions = {"standing": standing, "store": "st.watched = 1"}
    if view.as_of:
        bound |= as_of.bound(view.as_of)
    if (keys := keys_of(view.store_keys)) is not None:
        conditions["store"] = "st.key IN (SELECT value FROM json_each(:store))"
        bound["store"] = keys
    conditions["status"] = _status(view, bound, shown_as)
    for name, column in COLUMNS.items():
        values = getattr(view, FIELDS[name])
        if values:
            conditions[name] = f"{column} IN (SELECT value FROM json_each(:{name}))"  # noqa: S608
            bound[name] = json.dumps(values)
    spans = {name: word for name in LASTING if (word := getattr(view, FIELDS[name]))}
    conditions |= {name: LASTING[name].has(word) for name, word in spans.items()}
    if view.sources:
        conditions["source"] = sources.condition(view.sources, bound)
    if view.text and source == NOW and searching.looked_up(view.text):
        source = LOOKED_UP
        conditions["text"] = searching.found(view.text, desk, bound)
    elif view.text:
        conditions["text"] = searching.compared(view.text, bound)
    conditions.update(_why(view, bound))
    conditions.update(_work(view, bound, desk))
    work = work_of(desk, then=view.as_of is not None)
    return Selection(
        conditions, bound, source, work, f"ORDER BY {ORDERS[view.order]}", shown_as, reading_of(*spans.values())
    )


def _work(view: View, bound: dict[str, object], desk: DeskState) -> dict[str, str]:
    """Return the conditions on marks, notes and campaigns; a desk of before has no campaigns."""
    tests = {}
    if view.marks:
        bound |= {f"mark{index}": f"|{mark}|" for index, mark in enumerate(view.marks)}
        tests["mark"] = f"({' OR '.join(f'instr({MARKS}, :mark{index})' for index in range(len(view.marks)))})"
    if view.noted:
        tests["note"] = "w.note <> ''" if view.noted == NOTED else "coalesce(w.note, '') = ''"
    if view.campaign:
        bound["campaign"] = view.campaign
        tests["campaign"] = IN_CAMPAIGN if desk is DeskState.NOW else "false"
    return tests


def _status(view: View, bound: dict[str, object], shown_as: str) -> str:
    """Return the condition on the status. For held listings the stored status is enough, which the index has."""
    wanted = view.statuses or HELD
    stored = {*wanted, Status.OFFLINE} if Status.ACTIVE in wanted else {*wanted}
    bound["status"] = json.dumps(sorted(status.value for status in stored))
    condition = "p.status IN (SELECT value FROM json_each(:status))"
    if stored <= set(HELD):
        return condition
    bound["shown"] = json.dumps([status.value for status in wanted])
    return f"{condition} AND {shown_as} IN (SELECT value FROM json_each(:shown))"  # noqa: S608


def _why(view: View, bound: dict[str, object]) -> dict[str, str]:
    """Return the conditions on reasons and on provenance; with both filters, one reason has to meet both."""
    tests = {}
    if view.reasons:
        codes = [_code(str(index), reason, bound) for index, reason in enumerate(view.reasons)]
        tests["reason"] = f"({' OR '.join(codes)})"
    if view.provenance:
        tests["provenance"] = _same_reason(view, bound) if view.reasons else _any_provenance(view, bound)
    if view.without:
        others = [_code(f"not{index}", reason, bound) for index, reason in enumerate(view.without)]
        tests["without"] = f"(p.codes <> '' AND NOT ({' OR '.join(others)}))"
    if view.both:
        each = [f"({_code(f'both{index}', reason, bound)})" for index, reason in enumerate(view.both)]
        tests["both"] = f"({' AND '.join(each)})"
    if view.only:
        tests["only"] = ONLY
        bound["only"] = json.dumps(view.only)
    return tests


def _any_provenance(view: View, bound: dict[str, object]) -> str:
    for index, word in enumerate(view.provenance):
        bound[f"by{index}"] = f"@{word.value}|"
    return f"({' OR '.join(f'instr(p.codes, :by{index})' for index in range(len(view.provenance)))})"


WITHOUT_REASON = {
    UNKNOWN_REASON: "(p.codes = '' AND p.status NOT IN ('auditing', 'active'))",
    IN_REVIEW: "(p.codes = '' AND p.status = 'auditing')",
    NOTHING_FOUND: "(p.codes = '' AND p.status = 'active')",
}
"""The conditions for listings without a standing reason, by the code they count under; as in `aexdash.model.unsaid`."""

STANDING_CODES = f"""CASE WHEN {WITHOUT_REASON[IN_REVIEW]} THEN '|{IN_REVIEW}@|'
    WHEN {WITHOUT_REASON[NOTHING_FOUND]} THEN '|{NOTHING_FOUND}@|' ELSE p.codes END"""
"""The standing reasons of a listing as `|code@provenance|…|`; one in audit, or on sale, without any has the code that
says so."""


def _code(index: str, reason: str, bound: dict[str, object]) -> str:
    if reason in WITHOUT_REASON:
        return WITHOUT_REASON[reason]
    bound[f"code{index}"], bound[f"family{index}"] = f"|{reason}@", f"|{reason}."
    bound[f"begin{index}"] = f"|{reason}"  # of most listings this one look tells already that they have no such reason
    either = f"instr(p.codes, :family{index}) OR instr(p.codes, :code{index})"
    return f"(instr(p.codes, :begin{index}) AND ({either}))"


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
