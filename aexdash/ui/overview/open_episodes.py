"""The open episodes on the overview, most severe first, one line each, and a link to the others."""

from __future__ import annotations

from aexdash.ui.alerts import episode_line
from aexdash.ui.alerts import page as alerts
from aexdash.ui.frame import nav, notices
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import plural

SHOWN = 3
"""Episodes shown; more would push the hero off the first screen."""


def draw(visit: Visit) -> None:
    """Draw the open episodes of the shown stores; nothing on a page about the past, and nothing when none is open."""
    if visit.view.as_of:
        return
    notices.show()
    episodes = visit.open_episodes()
    for episode in episodes[:SHOWN]:
        episode_line.draw(visit, episode)
    if len(episodes) > SHOWN:
        words = f"{plural(len(episodes) - SHOWN, 'more open episode')} ›"
        nav.link("sensitivity", words, visit.kept() | {alerts.PART: alerts.EPISODES})
