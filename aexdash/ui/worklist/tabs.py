"""The tabs of the worklist: a lane each, with counts; *Mine*, *Regressed* and *Fixed in the shop* go across the lanes.

The address says which one is shown: by lane, mark, owner and source.

Other filters stay when a tab is chosen, and the counts are within them.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import streamlit as st

from aexdash.model import HELD, Lane, Mark, SourceWord
from aexdash.snapshot.readmodels import Tabs
from aexdash.ui.frame import address, person
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist import counted
from aexdash.view import ORDERS, View

KEY = "lane-tab"
"""The first part of the key of the tabs."""

URGENT = "urgent"


class Tab(StrEnum):
    """A tab of the worklist."""

    TODO = "todo"
    MINE = "mine"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    REGRESSED = "regressed"
    FIXED_THERE = "fixed_there"
    ALL = "all"


WORDS: Mapping[Tab, str] = {
    Tab.TODO: "To do",
    Tab.MINE: "Mine",
    Tab.WAITING: "Waiting",
    Tab.SNOOZED: "Snoozed",
    Tab.REGRESSED: "Regressed",
    Tab.FIXED_THERE: "Fixed in the shop",
    Tab.ALL: "All held",
}

LANES: Mapping[Tab, tuple[Lane, ...]] = {
    Tab.TODO: (Lane.TODO,),
    Tab.MINE: (Lane.TODO,),
    Tab.WAITING: (Lane.WAITING,),
    Tab.SNOOZED: (Lane.SNOOZED,),
    Tab.REGRESSED: (Lane.TODO,),
    Tab.FIXED_THERE: (),
    Tab.ALL: (),
}


def tab_of(view: View, me: str) -> Tab | None:
    """Return the tab that a view is of; None for one of listings that are not held, or of several lanes."""
    if not is_of_held(view):
        return None
    if view.marks == (Mark.REGRESSED,) and view.lanes in ((), (Lane.TODO,)):  # only what is to do has that mark
        return Tab.REGRESSED
    if is_fixed_there(view):
        return Tab.FIXED_THERE
    if view.lanes == (Lane.TODO,):
        return Tab.MINE if me and view.owners == (me,) else Tab.TODO
    return next((tab for tab in (Tab.WAITING, Tab.SNOOZED, Tab.ALL) if view.lanes == LANES[tab]), None)


def is_of_held(view: View) -> bool:
    """Whether a view shows held listings, which are the ones that have lanes."""
    return not view.statuses or set(view.statuses) <= set(HELD)


def is_fixed_there(view: View) -> bool:
    """Whether a view shows what waits for a push alone, in whatever lane."""
    return view.sources == (SourceWord.FIXED,) and not view.lanes


def base(view: View, me: str) -> View:
    """Return a view without what its tab says: the view in which the tabs count. A mark that is no tab's stays."""
    owners = () if me and view.owners == (me,) else view.owners
    marks = () if view.marks == (Mark.REGRESSED,) else view.marks
    statuses = view.statuses if is_of_held(view) else ()
    sources = () if is_fixed_there(view) else view.sources
    return view.replace(lanes=(), marks=marks, owners=owners, statuses=statuses, sources=sources)


def view_of(tab: Tab, view: View, me: str) -> View:
    """Return the view of a tab with the other filters of a view. Where people have the move, what is urgent is first.

    Another order that somebody has chosen stays.
    """
    is_todo = LANES[tab] == (Lane.TODO,)
    order = view.order if view.order not in (ORDERS[0], URGENT) else URGENT if is_todo else ORDERS[0]
    within = base(view, me).replace(lanes=LANES[tab], order=order)
    if tab is Tab.REGRESSED:
        return within.replace(marks=(Mark.REGRESSED,))
    if tab is Tab.FIXED_THERE:
        return within.replace(sources=(SourceWord.FIXED,))
    return within.replace(owners=(me,)) if tab is Tab.MINE else within


def number(tab: Tab, counts: Tabs) -> int:
    """Return how many listings a tab has."""
    return {
        Tab.TODO: counts.todo,
        Tab.MINE: counts.mine,
        Tab.WAITING: counts.waiting,
        Tab.SNOOZED: counts.snoozed,
        Tab.REGRESSED: counts.regressed,
        Tab.FIXED_THERE: counts.fixed_there or 0,
        Tab.ALL: counts.total,
    }[tab]


def draw(visit: Visit) -> None:
    """Draw the tabs. A view of listings that are not held has none chosen, and none is counted then."""
    me = my_name()
    chosen = tab_of(visit.view, me)
    counts, whole = counts_of(visit), visit.reach().is_whole
    words = {tab: label(tab, counts, whole=whole) for tab in offered(counts, chosen)}
    # A row of its own for each tab: a browser that was late shows an older choice, and would send it with the next
    # click on something else.
    key = f"{KEY}-{chosen or 'none'}"
    st.session_state[key] = chosen
    st.segmented_control(
        "Lane",
        list(words),
        format_func=words.__getitem__,
        key=key,
        on_change=_choose,
        args=(visit.view, chosen, key),
        label_visibility="collapsed",
        wrap=False,
    )


def offered(counts: Tabs | None, chosen: Tab | None) -> list[Tab]:
    """Return the tabs that there are: *fixed in the shop* only where a store has a shop, or the address asks for it."""
    has_shop = counts is not None and counts.fixed_there is not None
    return [tab for tab in Tab if tab is not Tab.FIXED_THERE or has_shop or chosen is tab]


def counts_of(visit: Visit) -> Tabs | None:
    """Count the tabs of a visit's view; None where it is of listings that are not held, or nothing was read."""
    if not is_of_held(visit.view) or not visit.reach().read:
        return None
    me = my_name()
    return counted.tabs(visit, me, base(visit.view, me))


def label(tab: Tab, counts: Tabs | None, *, whole: bool) -> str:
    """Write a tab with its count: no zero that nobody confirmed or could compare, nor whose are mine without a name."""
    if counts is None or (tab is Tab.MINE and not my_name()):
        return WORDS[tab]
    count = number(tab, counts)
    if tab is Tab.FIXED_THERE and not count and counts.not_compared:
        return WORDS[tab]
    return f"{WORDS[tab]} **{count:,}**" if count or whole else WORDS[tab]


def my_name() -> str:
    """Return the name of who is at the page; empty while nobody has said so."""
    who = person.current()
    return who.name if who else ""


def _choose(view: View, before: Tab | None, key: str) -> None:
    # A click on the chosen tab takes the choice away: it stays. What a late browser tells of the row of another tab,
    # which is gone, is what was chosen there.
    tab = st.session_state[key] or before
    if tab == before:
        return
    if tab is Tab.MINE:
        _show_mine(view)
    elif tab:
        address.show(view_of(Tab(tab), view, my_name()))


@person.signed
def _show_mine(view: View) -> None:
    address.show(view_of(Tab.MINE, view, my_name()))
