"""An open episode in one line: title, store, what is found now, what it was when it opened, and its buttons."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.alerts.conditions import PageLink
from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.episodes.present import Present, now_and_then, present
from aexdash.alerts.model import Episode, RecordedEvent
from aexdash.alerts.rules.sentences import beside_band
from aexdash.desk.bands import Sensitivity
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.ui.alerts import page
from aexdash.ui.frame import address, names, nav, notices
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, plain, span
from aexdash.words.severity import badge


def draw(visit: Visit, episode: Episode, *, look_into: bool = False) -> None:
    """Draw an open episode; `look_into` adds the button that opens its details."""
    events = Episodes(visit.settings.desk_path).events(episode.id)
    now = _present(visit, events[-1]) if events else None
    finding = f" · {plain(now_and_then(events[0], now, visit.zone))}" if now else ""
    where = f" · {plain(visit.title_of(episode.store))}" if len(visit.stores) > 1 else ""
    words = f"**{plain(episode.title)}**{where}{finding} {_since(visit, episode, _band(visit, events[-1:]))}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"open-{episode.id}"):
        st.markdown(f"{badge(episode.severity)} {words}", width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            if now:
                shows = _page(events[-1], now)
                nav.link(shows.page or "overview", "Open ›", shows.query)
            if look_into:
                key, args = f"look-into-{episode.id}", (page.EPISODE, str(episode.id))
                st.button("Look into", key=key, on_click=address.change, args=args)
            if episode.acknowledged_at is None and rights().may(Role.OPERATOR, [episode.store]):
                key = f"acknowledge-{episode.id}"
                st.button("Acknowledge", key=key, on_click=acknowledge, args=(visit, episode))
    names.tell(_names(visit, episode))


def _names(visit: Visit, episode: Episode) -> dict[str, str | Sequence[str]]:
    what = f"{episode.title}, {visit.title_of(episode.store)}"
    return {
        f"open-{episode.id}": [f"Open › the listings of: {what}"],
        f"look-into-{episode.id}": f"Look into {what}",
        f"acknowledge-{episode.id}": f"Acknowledge {what}",
    }


def _present(visit: Visit, last: RecordedEvent) -> Present:
    """Read what the rule finds now; the minute is part of the question, as missing data lasts longer each minute."""
    minute = visit.now.replace(second=0, microsecond=0)
    spec, appeals = last.rule.model_dump_json(), visit.taxonomy.appeal_days
    return visit.ask(present, spec, last.episode.store, minute, appeals)


def _page(last: RecordedEvent, now: Present) -> PageLink:
    """Return the page with the listings behind the line: those of now, else those of the last event."""
    known = now.reading.listings or now.reading.marks
    return last.rule.condition.page(now.reading if known else last.event.reading, last.episode.store)


def _band(visit: Visit, last: Sequence[RecordedEvent]) -> str:
    """Say at which limits the rule and its card speak, where these differ: a quiet tile may stand below an alert."""
    bands = Sensitivity(visit.settings.desk_path)
    said = [beside_band(one.rule, lambda card: bands.band_for(visit.view.profile, card)) for one in last]
    return "".join(f" · {plain(words.rstrip('.'))}" for words in said if words)


def _since(visit: Visit, episode: Episode, band: str) -> str:
    who = f" · seen by {plain(episode.acknowledged_by)}" if episode.acknowledged_at else ""
    owner = f" · {plain(episode.owner)} takes care" if episode.owner else ""
    fresh = visit.snapshot.freshness([episode.store], visit.now, visit.settings.stale_after).state == "fresh"
    # Unread time makes nothing older, and what was found then may have changed since.
    when = f"for {span(visit.now - episode.since)}" if fresh else f"found {plain(moment(episode.at, visit.zone))}"
    return f":gray[{when}{who}{owner}{band}]"


@signed
def acknowledge(visit: Visit, episode: Episode) -> None:
    """Record that the person at the page has seen an episode."""
    desk = Episodes(visit.settings.desk_path)
    notices.write(lambda: desk.acknowledge(episode.id, by=my_name(), now=visit.now), f"{episode.title}: acknowledged.")
