"""The time machine: every page as it stood at a moment that is picked, or at one of those people ask for most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from aexdash.clock import TICK
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit, midnight_before
from aexdash.words.common import moment

PAGES = ("overview", "worklist", "history")


def draw(visit: Visit) -> None:
    """Draw the way to any moment: date and time, and presets. The presets are looked for when it is opened."""
    with st.popover("Time machine", on_change="rerun", key="pick-moment") as machine:
        if not machine.open:
            return
        for words, at in presets(visit):
            nav.link("worklist", f"{words}: {moment(at)}", visit.view.unfiltered().replace(as_of=at).to_query())
        picked = st.datetime_input(
            "Everything as it was at (UTC)",
            value=visit.moment.replace(tzinfo=None, second=0, microsecond=0),
            max_value=visit.now.replace(tzinfo=None),
            key="as-of-picked",
        )
        query = visit.view.unfiltered().replace(as_of=picked.replace(tzinfo=UTC)).to_query()
        for name in PAGES:
            nav.link(name, f"{name.title()} as of then", query)


def presets(visit: Visit) -> list[tuple[str, datetime]]:
    """Name the moments that are asked for most: the ends of yesterday and of a week ago, and before the last jump."""
    found = [
        ("End of yesterday", midnight_before(visit.now, 0) - TICK),
        ("A week ago", visit.now - timedelta(days=7)),
    ]
    jump = visit.snapshot.past(visit.view.store_keys).last_jump(visit.moment)
    if jump:
        found.append((f"Before the jump from {jump.before:,} to {jump.after:,}", jump.at - TICK))
    return found
