"""The open episodes on the overview: one line, which opens."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.alerts.conditions import Threshold
from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.model import Episode
from aexdash.ui.alerts import episode_line
from aexdash.ui.alerts import page as alerts
from aexdash.ui.frame import nav, notices
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview.card_tiles import HERO
from aexdash.words.common import plain, plural, span
from aexdash.words.severity import badge

SHOWN = 12
"""Episodes that are drawn at all; the others are on the Sensitivity page."""

_OPEN, _LINE = "_alerts-open", "alerts-line"
"""The session's keys for whether the line is open, and of the line itself, which is another one with other words."""


def draw(visit: Visit) -> None:
    """Draw the open episodes of the shown stores; nothing on a page about the past, and nothing when none is open.

    They are one line that opens, so that the hero and its reasons stay on the first screen.
    """
    if visit.view.as_of:
        return
    if visit.preparing:
        return  # alerts of the past open and close meanwhile
    notices.show()
    episodes = visit.open_episodes()
    if not episodes:
        return
    new = [one for one in episodes if one.acknowledged_at is None]
    ordered = [*new, *(one for one in episodes if one.acknowledged_at is not None)]
    # An expander whose words change is another one: it would close with each alert that is acknowledged.
    with st.container(key="open-alerts"):
        line = st.expander(
            _line(visit, ordered, len(new)), expanded=st.session_state.get(_OPEN, False), key=_LINE, on_change=_keep
        )
    st.session_state[_OPEN] = line.open
    with line:
        for episode in ordered[:SHOWN]:
            episode_line.draw(visit, episode)
        if len(ordered) > SHOWN:
            words = f"{plural(len(ordered) - SHOWN, 'more open alert')} ›"
            nav.link("sensitivity", words, visit.kept() | {alerts.PART: alerts.EPISODES})


def _keep() -> None:
    """Keep whether the line is open before its words change: both may come with one question of the browser."""
    st.session_state[_OPEN] = st.session_state[_LINE]


def _line(visit: Visit, ordered: Sequence[Episode], new: int) -> str:
    """Write the line: how many are open, how severe, and the most severe that says more than the hero below it."""
    unseen = ordered[:new]
    beyond = next((one for one in unseen if not repeats_hero(visit, one)), None)
    parts = [counted(new, len(ordered) - new)]
    if beyond:
        if beyond.severity == unseen[0].severity:
            parts.append("most severe:")
        else:
            parts.append(f"{badge(unseen[0].severity)} on what is held, then")
        parts[-1] += f" {badge(beyond.severity)} {_named(visit, beyond)}"
    elif unseen:
        parts.append(
            f"{badge(unseen[0].severity)} {'all are' if new > 1 else 'it is'} about what is held, counted below"
        )
    return " · ".join(parts)


def _named(visit: Visit, episode: Episode) -> str:
    where = f" · {plain(visit.title_of(episode.store))}" if len(visit.stores) > 1 else ""
    fresh = visit.snapshot.freshness([episode.store], visit.now, visit.settings.stale_after).state == "fresh"
    # Unread time makes nothing older.
    return f"{plain(episode.title)}{where}{f' · for {span(visit.now - episode.since)}' if fresh else ''}"


def repeats_hero(visit: Visit, episode: Episode) -> bool:
    """Whether an episode only says that something is held, or how much: the hero says it in larger letters."""
    events = Episodes(visit.settings.desk_path).events(episode.id)
    condition = events[-1].rule.condition if events else None
    return isinstance(condition, Threshold) and condition.card == HERO


def counted(new: int, seen: int) -> str:
    """Say how many alerts are open that nobody has seen, and how many somebody has."""
    if not new:
        return f"{plural(seen, 'open alert')}, {'seen' if seen == 1 else 'all seen'}"
    return f"**{plural(new, 'open alert')}**{f' · {seen:,} more seen' if seen else ''}"
