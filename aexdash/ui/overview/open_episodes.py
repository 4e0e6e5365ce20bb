"""The open episodes, most severe first, a line each: what, where, since when, the very view, and *Acknowledge*."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from aexdash.alerts.episodes import Episodes
from aexdash.alerts.model import Concentration, Episode, NewReason, NoData, Told
from aexdash.notify.links import page_of
from aexdash.notify.writing import figures, value_words
from aexdash.storage.errors import StorageError
from aexdash.ui.alerts import page as alerts
from aexdash.ui.frame import address, nav, notices
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist.actions import my_name
from aexdash.words.alerts import badge
from aexdash.words.common import plain, plural, span

SHOWN = 3
"""More than that would push the hero off the first screen."""


def draw(visit: Visit) -> None:
    """Draw what is open now of the stores looked at; nothing of a past moment, and nothing where all is well."""
    if visit.view.as_of:
        return
    notices.show()
    episodes = visit.open_episodes()
    for episode in episodes[:SHOWN]:
        line(visit, episode)
    if len(episodes) > SHOWN:
        words = f"{plural(len(episodes) - SHOWN, 'more open episode')} ›"
        nav.link("sensitivity", words, visit.kept() | {alerts.PART: alerts.EPISODES})


def line(visit: Visit, episode: Episode, *, look_into: bool = False) -> None:
    """Draw an open episode; `look_into` adds the way to all that is known of it."""
    events = Episodes(visit.settings.desk_path).events(episode.id)
    said_of_it = f" · {plain(in_short(events[-1]))}" if events else ""
    where = f" · {plain(visit.title_of(episode.store))}" if len(visit.stores) > 1 else ""
    said = f"**{plain(episode.title)}**{where}{said_of_it} {_since(visit, episode)}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"open-{episode.id}"):
        st.markdown(f"{badge(episode.severity)} {said}", width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            if events:
                page, query = page_of(events[-1])
                nav.link(page or "overview", "Open ›", query)
            if look_into:
                key, args = f"look-into-{episode.id}", (alerts.EPISODE, str(episode.id))
                st.button("Look into", key=key, on_click=address.change, args=args)
            if episode.acknowledged_at is None:
                key = f"acknowledge-{episode.id}"
                st.button("Acknowledge", key=key, on_click=acknowledge, args=(visit, episode))


def _since(visit: Visit, episode: Episode) -> str:
    who = f" · seen by {plain(episode.acknowledged_by)}" if episode.acknowledged_at else ""
    owner = f" · {plain(episode.owner)} takes care" if episode.owner else ""
    return f":gray[for {span(visit.now - episode.since)}{who}{owner}]"


def in_short(told: Told) -> str:
    """Say what an event found in a few words, without its baseline; plain text."""
    because = told.event.reading.because.rstrip(".")
    alone = isinstance(told.rule.condition, NoData | Concentration | NewReason)
    return because if alone and because else "; ".join(part for part in (value_words(told), because) if part)


def found(told: Told) -> str:
    """Say what an event found: the figures, and what one should know of them; plain text."""
    parts = (figures(told), told.event.reading.because.rstrip("."))
    return "; ".join(part for part in parts if part) or "nothing can be told"


def acknowledge(visit: Visit, episode: Episode) -> None:
    """Say that somebody has seen an episode."""
    desk = Episodes(visit.settings.desk_path)
    write(lambda: desk.acknowledge(episode.id, by=my_name(), now=visit.now), f"{episode.title}: acknowledged.")


def write(change: Callable[[], object], done: str) -> None:
    """Change something of an episode and leave a notice of how it went."""
    try:
        change()
    except StorageError as error:
        notices.leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
    else:
        notices.leave(plain(done))
