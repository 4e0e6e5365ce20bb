"""The time machine: shows pages as they were at a past moment, picked freely or from presets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from aexdash.clock import TICK, midnight
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, of_zone
from aexdash.words.statements import NOT_READ_YET

PAGES = ("overview", "worklist", "history")


def draw(visit: Visit) -> None:
    """Draw the picker: date and time, and presets. The presets are looked up only when it is opened."""
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
    """List the preset moments with labels: end of yesterday, a week ago, just before the last jump of the count."""
    moments = [
        (f"End of yesterday{of_zone(visit.zone)}", midnight(visit.now, visit.zone) - TICK),
        ("A week ago", visit.now - timedelta(days=7)),
    ]
    jump = visit.snapshot.past(visit.view.store_keys).last_jump(visit.moment)
    if jump:
        moments.append((f"Before the jump from {jump.before:,} to {jump.after:,}", jump.last_before or jump.at - TICK))
    return [(f"{words}{_not_read(visit, at)}", at) for words, at in moments]


def _not_read(visit: Visit, at: datetime) -> str:
    """Say of a preset that its moment was not read, so that nobody takes what was last read for what was then."""
    reach = visit.snapshot.past(visit.view.store_keys).reach(at, at)
    return "" if reach.read else f" ({'not read then' if any(one.read_at for one in reach.missing) else NOT_READ_YET})"
