"""The open episodes on the overview: the most severe as one line, the others and those that were seen as counts."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.alerts.model import Episode
from aexdash.ui.alerts import episode_line
from aexdash.ui.alerts import page as alerts
from aexdash.ui.frame import nav, notices
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import plural

SHOWN = 12
"""Episodes that are drawn at all; the others are on the Sensitivity page."""


def draw(visit: Visit) -> None:
    """Draw the open episodes of the shown stores; nothing on a page about the past, and nothing when none is open.

    One line and one row of counts, so that the hero and its reasons stay on the first screen.
    """
    if visit.view.as_of:
        return
    notices.show()
    episodes = visit.open_episodes()
    new = [one for one in episodes if one.acknowledged_at is None]
    for episode in new[:1]:
        episode_line.draw(visit, episode)
    rest = [*new[1:], *(one for one in episodes if one.acknowledged_at is not None)]
    if rest:
        _rest(visit, rest)


def _rest(visit: Visit, rest: Sequence[Episode]) -> None:
    """Draw the others behind their count."""
    with st.expander(counted(rest)):
        for episode in rest[:SHOWN]:
            episode_line.draw(visit, episode)
        if len(rest) > SHOWN:
            words = f"{plural(len(rest) - SHOWN, 'more open alert')} ›"
            nav.link("sensitivity", words, visit.kept() | {alerts.PART: alerts.EPISODES})


def counted(rest: Sequence[Episode]) -> str:
    """Say how many alerts are open beside the one that is shown, and how many of all somebody has seen."""
    seen = sum(one.acknowledged_at is not None for one in rest)
    new = len(rest) - seen
    parts = (plural(new, "more open alert") if new else "", f"{plural(seen, 'open alert')} seen" if seen else "")
    return " · ".join(part for part in parts if part)
