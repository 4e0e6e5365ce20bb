"""Counts the listings of a view once by all that its tabs and chips ask for; a click then needs no more counting.

A kind is what some listings have in common: lane, status, marks, reasons and so on. Of 20,000 listings there are some
hundred kinds, so tabs, chips, count and fix plan of any choice among them are sums over these, in no time.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

from aexdash.model import HELD, UNKNOWN_REASON, Mark, SourceWord, Status, unsaid
from aexdash.snapshot.readmodels import Facet, Tabs
from aexdash.snapshot.tallies import Blockers, ReasonCount
from aexdash.snapshot.worklist import facets, reason_counts, tabs
from aexdash.snapshot.worklist.filters import WITHOUT_REASON, Selection
from aexdash.view import ORDERS, View


class Kind(NamedTuple):
    """What some listings have in common, how many they are, and the ends of what they sold a day before.

    The first seven are the columns of `tabs.columns`. `codes` are the standing reasons as `|code@provenance|…|`, and
    `shown` is the status under which views show them: beside those held there are those taken down, and those at risk.
    """

    lane: str
    status: str
    marks: str
    is_mine: int | None
    is_marked: int
    is_sourced: int
    fixed_since: str | None
    codes: str
    shown: str | None
    resubmit: str
    currency: str | None
    listings: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Counted:
    """All that the worklist counts of a view: its listings, tabs, the choices of its filters, reasons and fix plan.

    `facets` are by the name of the filter: those of status and of resubmitting.
    """

    listings: int
    tabs: Tabs
    facets: Mapping[str, Sequence[Facet]]
    families: Sequence[ReasonCount]
    reasons: Sequence[ReasonCount]
    blockers: Blockers


def knows(view: View) -> bool:
    """Whether the kinds of a view tell all that is counted of it.

    They do not where it asks who says a reason, is the tab *Fixed in the shop*, or is of the past: of a past moment all
    listings of a store would have to be told apart, and not only those that views show.
    """
    is_fixed_there = view.sources == (SourceWord.FIXED,) and not view.lanes
    return not (view.provenance or is_fixed_there or view.as_of)


def within(view: View, me: str) -> View:
    """Return the view whose kinds tell of a view: without what its tabs and chips choose."""
    owners = () if me and view.owners == (me,) else view.owners
    marks = () if view.marks == (Mark.REGRESSED,) else view.marks
    return view.replace(lanes=(), owners=owners, marks=marks, statuses=(), reasons=(), resubmit=(), order=ORDERS[0])


def read(connection: sqlite3.Connection, selection: Selection, me: str) -> Kinds:
    """Count the listings of a selection, of a view that `within` has returned, by kind."""
    told, is_compared = tabs.columns(connection, selection, ())
    told += f", p.codes, {selection.shown_as}, coalesce(p.resubmit, ''), coalesce(money.currency, st.currency)"
    groups = ", ".join(str(place + 1) for place in range(len(Kind._fields) - 3))
    without = {"mark", "source", "status"}
    sql = selection.query(f"{told}, {reason_counts.WEIGHED}", without=without, tail=f"GROUP BY {groups}")
    rows = connection.execute(sql, {**selection.bound, "me": me})
    return Kinds([Kind(*row) for row in rows], me, is_compared=is_compared)


class Kinds:
    """The kinds of one view, and what was counted of the views within it; nobody changes what is in it."""

    def __init__(self, kinds: Sequence[Kind], me: str, *, is_compared: bool) -> None:
        self._kinds = [(kind, _standing(kind)) for kind in kinds]
        self._me, self._is_compared = me, is_compared

    def of(self, view: View) -> Counted:
        """Count a view within that of the kinds, which `knows` it; each is counted once."""
        view, known = view.replace(order=ORDERS[0]), _counted.setdefault(self, {})
        if view not in known:
            known[view] = self._count(view)
        return known[view]

    def _count(self, view: View) -> Counted:
        in_tabs: Counter[tabs.TabRow] = Counter()
        by_status, by_resubmit, by_codes = Counter[object](), Counter[object](), Counter[str]()
        blocked: list[reason_counts.BlockedRow] = []
        shown = 0
        for kind, standing in self._kinds:
            has_reason = not view.reasons or any(_has(kind, reason) for reason in view.reasons)
            has_status = kind.shown in (view.statuses or HELD)
            has_resubmit = not view.resubmit or kind.resubmit in view.resubmit
            fails = 3 - has_reason - has_status - has_resubmit
            if not fails:
                in_tabs[kind[:7]] += kind.listings
            if fails > 1 or not self._is_in_tab(kind, view):
                continue
            if has_reason and has_resubmit:
                by_status[kind.shown] += kind.listings
            if has_reason and has_status:
                by_resubmit[kind.resubmit or None] += kind.listings
            if has_status and has_resubmit:
                by_codes[standing] += kind.listings
            if not fails:
                shown += kind.listings
                blocked.append((kind.codes, kind.status, kind.currency, kind.listings, kind.low, kind.high))
        return Counted(
            shown,
            tabs.added_up(in_tabs, is_compared=self._is_compared),
            {"status": facets.of_values("status", by_status), "resubmit": facets.of_values("resubmit", by_resubmit)},
            reason_counts.family_counts(by_codes),
            reason_counts.reason_counts(by_codes),
            reason_counts.blockers(blocked),
        )

    def _is_in_tab(self, kind: Kind, view: View) -> bool:
        """Whether listings of a kind are in the tab of a view: in its lane, of its owner, with its mark."""
        is_mine = not self._me or view.owners != (self._me,) or bool(kind.is_mine)
        is_regressed = view.marks != (Mark.REGRESSED,) or f"|{Mark.REGRESSED}|" in kind.marks
        is_asked = bool(kind.is_marked and kind.is_sourced)
        return is_asked and is_mine and is_regressed and (not view.lanes or kind.lane in view.lanes)


_counted: WeakKeyDictionary[Kinds, dict[View, Counted]] = WeakKeyDictionary()
"""What was counted of which view, as long as the kinds that tell it are kept by anybody."""


def _has(kind: Kind, reason: str) -> bool:
    """Whether listings of a kind have a reason code, or one of a family; as the condition of `filters.select`."""
    if reason in WITHOUT_REASON:
        return not kind.codes and unsaid(Status(kind.status)) == reason
    return f"|{reason}@" in kind.codes or f"|{reason}." in kind.codes


def _standing(kind: Kind) -> str:
    """Return the standing reasons of a kind, as `filters.STANDING_CODES`."""
    code = unsaid(Status(kind.status))
    return kind.codes if kind.codes or code == UNKNOWN_REASON else f"|{code}@|"
