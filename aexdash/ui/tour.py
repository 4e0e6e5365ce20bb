"""The guided tour through the worked example: a bar above the pages of its steps, and the offer on the overview.

The step stands in the address (`tour=3`). The step alone is enough: it leads to the page and the rest of its address.
"""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from aexdash.snapshot.query import Snapshot
from aexdash.ui.frame import address, nav
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words.common import plain
from aexdash.words.tour import EXAMPLE, READ_TO, STEPS, query_of, step_of

NO_EXAMPLE = (
    "The tour goes through the worked example, which `aexdash demo` reads in its first minute. It is not whole here: "
    "this page begins the tour as soon as it is."
)

OFFER = "New here? From held to cleared: the tour, nine steps ›"


def draw(visit: Visit, page: str) -> None:
    """Draw the bar of the step that the address asks for, on its page; lead there from another one."""
    asked = st.query_params.get(address.TOUR)
    if asked is None:
        return
    number = step_of(asked)
    if number is None:
        st.caption(f":orange-badge[Address] The tour has no step {plain(asked)}; it has 1 to {len(STEPS)}.")
    elif not _is_whole(visit):
        st.info(NO_EXAMPLE, title="The tour")
    elif set(st.query_params) == {address.TOUR} or STEPS[number - 1].page != page:
        nav.lead_to(STEPS[number - 1].page, _query(number))
    else:
        _bar(number)


def offer(visit: Visit) -> None:
    """Draw the link to the first step, where the example is whole and no tour is under way."""
    if address.TOUR not in st.query_params and visit.view.as_of is None and _is_whole(visit):
        with st.container(key="tour-offer"):
            nav.link("overview", OFFER, _query(1))


def _bar(number: int) -> None:
    """Draw the bar of a step. On a telephone it is one line (aexdash/ui/frame/look.css): the name and the way on.

    The sentence, the file and the end of the tour are then in a list that opens, so that the page is not pushed down.
    """
    step = STEPS[number - 1]
    with st.container(border=True, gap="xsmall", key="tour"):
        st.markdown(f"**{number} of {len(STEPS)} · {step.name}** – {step.sentence}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="tour-ways"):
            if number > 1:
                before = STEPS[number - 2]
                with st.container(width="content", key="tour-back"):
                    nav.link(before.page, f"‹ Back: {before.name}", _query(number - 1))
            if number < len(STEPS):
                after = STEPS[number]
                with st.container(width="content", key="tour-next"):
                    nav.link(after.page, f"**Next: {after.name} ›**", _query(number + 1))
            with st.container(
                horizontal=True, vertical_alignment="center", width="content", gap="small", key="tour-rest"
            ):
                _rest(number, "tour-file")
            with st.popover("Tell more", on_change="rerun", key="tour-more"):
                st.markdown(step.sentence)
                _rest(number, "tour-file-more")


def _rest(number: int, key: str) -> None:
    """Draw the file of a step, where it has one, and the way out of the tour."""
    if file := STEPS[number - 1].file:
        label, path = file
        st.link_button(label, f"{path}?{urlencode(query_of(number))}", key=key)
    nav.link("overview", "End the tour", {})


def _query(number: int) -> dict[str, str]:
    return {**query_of(number), address.TOUR: str(number)}


def _is_whole(visit: Visit) -> bool:
    """Whether the worked example is here, kept and read to its end."""
    store = visit.store_of(EXAMPLE)
    if store is None or store.watched:
        return False
    reach = visit.ask(Snapshot.hero, View(store=EXAMPLE)).reach
    return any(one.read_at == READ_TO for one in reach.readings)
