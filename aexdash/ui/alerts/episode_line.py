"""An open episode in one line: title, store, what was found, since when, and its buttons."""

from __future__ import annotations

import streamlit as st

from aexdash.alerts.episodes import Episodes
from aexdash.alerts.event_words import in_short
from aexdash.alerts.model import Episode
from aexdash.ui.alerts import page
from aexdash.ui.frame import address, nav, notices
from aexdash.ui.frame.person import my_name
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, plain, span
from aexdash.words.severity import badge


def draw(visit: Visit, episode: Episode, *, look_into: bool = False) -> None:
    """Draw an open episode; `look_into` adds the button that opens its details."""
    events = Episodes(visit.settings.desk_path).events(episode.id)
    finding = f" · {plain(in_short(events[-1]))}" if events else ""
    where = f" · {plain(visit.title_of(episode.store))}" if len(visit.stores) > 1 else ""
    words = f"**{plain(episode.title)}**{where}{finding} {_since(visit, episode)}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"open-{episode.id}"):
        st.markdown(f"{badge(episode.severity)} {words}", width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            if events:
                shows = events[-1].page
                nav.link(shows.page or "overview", "Open ›", shows.query)
            if look_into:
                key, args = f"look-into-{episode.id}", (page.EPISODE, str(episode.id))
                st.button("Look into", key=key, on_click=address.change, args=args)
            if episode.acknowledged_at is None:
                key = f"acknowledge-{episode.id}"
                st.button("Acknowledge", key=key, on_click=acknowledge, args=(visit, episode))


def _since(visit: Visit, episode: Episode) -> str:
    who = f" · seen by {plain(episode.acknowledged_by)}" if episode.acknowledged_at else ""
    owner = f" · {plain(episode.owner)} takes care" if episode.owner else ""
    fresh = visit.snapshot.freshness([episode.store], visit.now, visit.settings.stale_after).state == "fresh"
    # Unread time makes nothing older, and what was found then may have changed since.
    when = f"for {span(visit.now - episode.since)}" if fresh else f"found {plain(moment(episode.at))}"
    return f":gray[{when}{who}{owner}]"


def acknowledge(visit: Visit, episode: Episode) -> None:
    """Record that the person at the page has seen an episode."""
    desk = Episodes(visit.settings.desk_path)
    notices.write(lambda: desk.acknowledge(episode.id, by=my_name(), now=visit.now), f"{episode.title}: acknowledged.")
