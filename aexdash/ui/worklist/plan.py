"""The fix plan: the fewest fixes that free the most listings of a view, each a link to the listings it is about."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.reasons.fix_plan import FixStep, fix_plan
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Blockers
from aexdash.statement import Reach
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist import tabs
from aexdash.view import ORDERS, View
from aexdash.words.common import plain, plural, price
from aexdash.words.statements import moment_words

BY = {"listings": "most listings first", "money": "most money first"}
KEY = "plan-by"


def draw(visit: Visit) -> None:
    """Draw the plan under the list, closed; only of held listings, and only where a reason of any is known."""
    if not tabs.is_of_held(visit.view):
        return
    blockers = visit.ask(Snapshot.blockers, visit.view.replace(order=ORDERS[0]))
    steps = steps_of(blockers, str(st.session_state.get(KEY) or "listings"))
    if not steps:
        return
    with st.expander(head_words(blockers, steps, visit.reach()), key="fix-plan"):
        if blockers.currency:
            st.segmented_control(
                "Order of the plan", list(BY), format_func=BY.__getitem__, required=True, default="listings", key=KEY
            )
        for number, step in enumerate(steps, start=1):
            _step(visit, number, steps[:number], step, blockers)
        st.caption(plain(rest_words(blockers, steps)))


def steps_of(blockers: Blockers, by: str) -> list[FixStep]:
    """Plan the fixes of a view; by money only where it is known in one currency."""
    return fix_plan(blockers.sets, by="money" if by == "money" and blockers.currency else "listings")


def head_words(blockers: Blockers, steps: Sequence[FixStep], reach: Reach) -> str:
    """Say what the plan comes to, and of when or of which stores that is, if it is not of now and of all."""
    fixes = sum(len(step.codes) for step in steps)
    free = f"{plural(fixes, 'fix', 'fixes')} {'frees' if fixes == 1 else 'free'}"
    of = "" if reach.is_whole else f", {plain(moment_words(reach))}"
    return f"Fix plan: {free} {steps[-1].freed_so_far:,} of {total(blockers):,}{of}"


def total(blockers: Blockers) -> int:
    """Return how many listings the plan is about, those without a known reason too."""
    return sum(weight.listings for weight in blockers.sets.values()) + blockers.unknown + blockers.in_review


def _step(visit: Visit, number: int, so_far: Sequence[FixStep], step: FixStep, blockers: Blockers) -> None:
    names = " and ".join(visit.label(code) for code in step.codes)
    money = f" · {price_words(step.money, blockers.currency)} a day" if step.money and blockers.currency else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{number}.** {plain(names)}", width=360)
        st.markdown(plain(f"touches {step.touches:,} · frees {step.frees:,}{money}"), width=260)
        view = only(visit.view, so_far)
        nav.link("worklist", f"{step.freed_so_far:,} free so far ›", view.to_query())


def only(view: View, so_far: Sequence[FixStep]) -> View:
    """Return the view of the listings that are free once these fixes are made: held by their reasons alone."""
    codes = dict.fromkeys(code for step in so_far for code in step.codes)
    return view.replace(only=tuple(codes))


def price_words(money: tuple[float, float], currency: str) -> str:
    """Write what listings sold a day before they were held, as a range."""
    return price(f"{money[0]:,.2f}", f"{money[1]:,.2f}", currency)


def rest_words(blockers: Blockers, steps: Sequence[FixStep]) -> str:
    """Say of which listings the plan says nothing: those of other reasons, without a known one, and in review."""
    blocked = sum(weight.listings for weight in blockers.sets.values())
    parts = [
        (blocked - steps[-1].freed_so_far, "need more fixes than these"),
        (blockers.unknown, "have no known reason: open Seller Center"),
        (blockers.in_review, "are in review, nothing was refused so far"),
    ]
    words = [f"{count:,} {what}" for count, what in parts if count > 0]
    free = "A listing is free when all that holds it is fixed; advice alone holds none."
    return f"{free} {' · '.join(words)}".rstrip()
