"""The fix plan: the fewest fixes that free the most listings of a view, each with the listings that it frees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

import streamlit as st

from aexdash.model import Provenance
from aexdash.reasons.fix_plan import By, FixStep, fix_plan
from aexdash.snapshot.tallies import Blockers
from aexdash.statement import Reach
from aexdash.ui.frame import address, notices
from aexdash.ui.frame.visit import Visit, made_of
from aexdash.ui.worklist import counted, table, tabs
from aexdash.view import View
from aexdash.words.common import plain, plural
from aexdash.words.listings.listing import price
from aexdash.words.statements import moment_words

BY = {"listings": "most listings first", "money": "most money first"}
KEY = "plan-by"

BOX, _OPEN = "fix-plan", "_fix-plan-open"
"""The key of the line that opens, and the session's key for whether it is open."""


def draw(visit: Visit) -> None:
    """Draw the plan under the list, closed; only of held listings, and only where a reason of any is known.

    Its steps are drawn only while it is open.
    """
    if not tabs.is_of_held(visit.view):
        return
    blockers = counted.blockers(visit, tabs.my_name())
    steps = steps_of(blockers, str(st.session_state.get(KEY) or "listings"))
    if not steps:
        return
    # A line with other words is another one to Streamlit, and a closed one.
    box = st.expander(
        title(steps, total(blockers), visit.reach(), visit.zone),
        expanded=st.session_state.get(_OPEN, False),
        key=BOX,
        on_change=_keep,
    )
    st.session_state[_OPEN] = box.open
    if not box.open:
        return
    with box:
        if blockers.currency:
            st.segmented_control(
                "Order of the plan", list(BY), format_func=BY.__getitem__, required=True, default="listings", key=KEY
            )
        for number, step in enumerate(steps, start=1):
            _step(visit, number, steps[:number], step, blockers)
        st.caption(plain(rest_words(blockers, steps)))


def _keep() -> None:
    st.session_state[_OPEN] = st.session_state[BOX]


def title(steps: Sequence[FixStep], of: int, reach: Reach, zone: tzinfo = UTC) -> str:
    """Say how many steps free how many listings, why it takes more fixes than that where it does, and of when it is.

    Nothing is said of when where it is of now and of all stores.
    """
    freed, fixes = steps[-1].freed_so_far, sum(len(step.codes) for step in steps)
    free = f"{'frees' if len(steps) == 1 else 'free'} {'all' if freed == of and of > 1 else f'{freed:,} of'}"
    words = f"Fix plan: {plural(len(steps), 'step')} {free} {plural(of, 'listing')}"
    when = "" if reach.is_whole else f", {plain(moment_words(reach, zone))}"
    why = f" · {fixes:,} fixes, because some listings have several reasons" if fixes > freed else ""
    return f"{words}{when}{why}"


def head(visit: Visit) -> None:
    """Say of which fixes the listings of a step of the plan are."""
    if visit.view.only:
        names = ", ".join(map(visit.label, visit.view.only))
        st.caption(plain(f"Free once this is fixed, because nothing else holds them: {names}"))


def steps_of(blockers: Blockers, by: str) -> list[FixStep]:
    """Plan the fixes of a view; by money only where it is known in one currency."""
    order: By = "money" if by == "money" and blockers.currency else "listings"
    return made_of([blockers], ("fix plan", order), lambda: fix_plan(blockers.sets, by=order))


def total(blockers: Blockers) -> int:
    """Return how many listings the plan is about, those without a known reason too."""
    return sum(weight.listings for weight in blockers.sets.values()) + _unsaid(blockers)


def _unsaid(blockers: Blockers) -> int:
    return blockers.unknown + blockers.in_review + blockers.nothing_found


def _step(visit: Visit, number: int, so_far: Sequence[FixStep], step: FixStep, blockers: Blockers) -> None:
    names = " and ".join(visit.label(code) for code in step.codes)
    together = "together " if len(step.codes) > 1 else ""
    money = f" · {price_words(step.money, blockers.currency)} a day" if step.money and blockers.currency else ""
    view = freed(visit.view, so_far)
    exact = view is not None or number == 1
    label = f"{together}frees {step.frees:,} ›" if exact else f"{step.freed_so_far:,} free so far ›"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{number}.** {plain(names)}", width=360)
        st.button(
            label,
            key=f"plan-step-{number}",
            on_click=_show,
            args=(view or only(visit.view, so_far), number, step.frees if exact else step.freed_so_far),
        )
        st.markdown(
            plain(f"stands on {step.touches:,}{money} · {step.freed_so_far:,} of {total(blockers):,} free then"),
            width="content",
        )


def _show(view: View, number: int, listings: int) -> None:
    """Open the listings of a step: the list comes in sight, with the focus on the first of them."""
    address.show(view)
    table.lead_to()
    notices.leave(f"Step {number} of the fix plan: {plural(listings, 'listing')}")


def freed(view: View, so_far: Sequence[FixStep]) -> View | None:
    """Return the view of just the listings that the last of these steps frees.

    They are held by nothing but the codes of all these steps, and by some of the last; quality advice holds none. None
    where the view has a filter of reasons already, which would be another one then.
    """
    if view.reasons or view.provenance:
        return None
    holds = tuple(one for one in Provenance if one is not Provenance.DIAGNOSIS)
    return only(view, so_far).replace(reasons=so_far[-1].codes, provenance=holds)


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
        (blockers.nothing_found, "are on sale, nothing was found on them so far"),
    ]
    words = [f"{count:,} {what}" for count, what in parts if count > 0]
    free = "A step is what to fix next; it frees the listings that nothing else holds. Advice alone holds none."
    return f"{free} {' · '.join(words)}".rstrip()
