"""Episodes: open ones, closed ones, and the details of one: events, deliveries, owner, note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

import streamlit as st

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.episodes.event_words import EVENT_WORDS, found, reasons_told
from aexdash.alerts.model import Episode, EventKind, RecordedEvent
from aexdash.alerts.rules.sentences import sentence
from aexdash.desk.decisions.changes import LogEntry
from aexdash.desk.outbox import Delivery, deliveries_of
from aexdash.people.acting import why_not
from aexdash.people.names import NoName, owner_named
from aexdash.people.rights import Role
from aexdash.ui.alerts import episode_line, page
from aexdash.ui.causes import ways
from aexdash.ui.frame import address, notices
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words.common import moment, plain, span
from aexdash.words.severity import SIGNS, badge

RECENT = 200
"""The latest episodes from which closed ones are shown."""


def draw(visit: Visit) -> None:
    """Draw the episode in the address with its details, then the open ones, then the latest closed ones."""
    desk = Episodes(visit.settings.desk_path)
    _episode_of_address(visit, desk)
    still = visit.open_episodes()
    st.markdown("### Open", anchors=False)
    if not still:
        st.caption("No alert is open. Here stands each one that opens, whom it was told, and what people said.")
    for episode in still:
        episode_line.draw(visit, episode, look_into=True)
    st.markdown("### Over", anchors=False)
    looked_at = {store.key for store in visit.looked_at}
    _over(visit, [one for one in desk.recent(RECENT) if one.closed_at is not None and one.store in looked_at])


def _episode_of_address(visit: Visit, desk: Episodes) -> None:
    text = st.query_params.get(page.EPISODE, "")
    if not text:
        return
    episode = desk.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if episode is None:
        st.caption(f":orange-badge[Address] {plain(f'There is no alert {text}.')}")
        return
    with st.container(border=True, key="episode"):
        _episode(visit, episode)


def _episode(visit: Visit, episode: Episode) -> None:
    events = Episodes(visit.settings.desk_path).events(episode.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="episode-head"):
        st.markdown(
            f"{badge(episode.severity)} **{plain(episode.title)}** · {plain(visit.title_of(episode.store))} · "
            f"{_when(visit, episode)}",
            width="stretch",
        )
        st.button("Close", key="close-episode", on_click=address.change, args=(page.EPISODE, ""))
    rule = f"Rule as it was: {sentence(events[-1].rule)} " if events else ""
    st.caption(plain(f"{rule}Its messages end with {episode.trace}."))
    _people(visit, episode)
    if events and (movement := events[-1].movement):
        ways.line(visit.with_view(View(store=episode.store, as_of=visit.view.as_of)), movement)
    _table("What happened to this alert, the latest first", [_event(visit, one) for one in reversed(events)])
    _deliveries(visit, episode)
    people = Episodes(visit.settings.desk_path).log(episode.id)
    _table("What people said of this alert, the latest first", [_entry(visit, one) for one in people])


def _table(what: str, rows: Sequence[Mapping[str, str | int]]) -> None:
    if rows:
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt=what)


def _entry(visit: Visit, entry: LogEntry) -> dict[str, str]:
    words = {"acknowledged_by": "seen by", "owner": "owner", "note": "note"}
    return {
        "When": moment(entry.at, visit.zone),
        "Who": entry.by,
        "What": f"{words[entry.field]}: {entry.after or 'none'}",
    }


def _deliveries(visit: Visit, episode: Episode) -> None:
    sent = deliveries_of(visit.settings.desk_path, episode.id)
    if not sent:
        st.caption("No channel is told of it: none asks for an alert like this one.")
        return
    _table("What channels were told, the latest first", [_delivery(one, visit.zone) for one in sent])


def _delivery(one: Delivery, zone: tzinfo) -> dict[str, str | int]:
    if one.delivered_at:
        result = f"✓ delivered {moment(one.delivered_at, zone)}"
    elif one.given_up_at:
        result = f"▲ given up {moment(one.given_up_at, zone)}"
    else:
        result = (
            f"◆ tried {moment(one.tried_at, zone)}" if one.attempts else f"○ waits until {moment(one.due_at, zone)}"
        )
    return {
        "Event": f"{EVENT_WORDS[EventKind(one.kind)]} {moment(one.at, zone)}",
        "Channel": one.channel,
        "Result": result,
        "Attempts": one.attempts,
        "Trouble": one.error,
    }


def _when(visit: Visit, episode: Episode) -> str:
    if episode.closed_at is None:
        return f"open since {moment(episode.opened_at, visit.zone)} ({span(visit.now - episode.opened_at)})"
    lasted = span(episode.closed_at - episode.opened_at)
    return f"{moment(episode.opened_at, visit.zone)} to {moment(episode.closed_at, visit.zone)} ({lasted})"


def _event(visit: Visit, recorded: RecordedEvent) -> dict[str, str]:
    changes = reasons_told(recorded)
    return {
        "When": moment(recorded.event.at, visit.zone),
        "What": EVENT_WORDS[recorded.event.kind],
        "Severity": f"{SIGNS[recorded.event.severity]} {recorded.event.severity.value}",
        "Found": found(recorded),
        "Reasons": ", ".join(f"{visit.label(code)} {count:,} ({delta:+,})" for code, count, delta in changes),
        "Listings": ", ".join(str(listing) for listing in recorded.event.reading.listings),
        "Read completely": moment(recorded.data_at, visit.zone),
    }


def _people(visit: Visit, episode: Episode) -> None:
    """Draw *Acknowledge*, owner and note; the fields start anew when somebody saves a change meanwhile.

    Who may change none of them reads who has, and why she may not.
    """
    if refused := why_not(Role.OPERATOR, [episode.store]):
        told = {"Seen by": episode.acknowledged_by, "Owner": episode.owner, "Note": episode.note}
        st.markdown(" · ".join(f"{what} {plain(said)}" for what, said in told.items() if said) or "Nobody has seen it.")
        st.caption(f"Operators acknowledge, take and note alerts. {plain(refused)}")
        return
    mark = f"{episode.id}-{episode.owner}-{episode.note}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="episode-people"):
        seen = episode.acknowledged_at is not None
        st.button(
            f"Seen by {plain(episode.acknowledged_by)}" if seen else "Acknowledge",
            key="acknowledge-this",
            on_click=episode_line.acknowledge,
            args=(visit, episode),
            disabled=seen,
        )
        st.text_input("Owner (empty: nobody)", episode.owner, key=f"owner-{mark}", max_chars=60, width=180)
        st.text_input("Note", episode.note, key=f"note-{mark}", max_chars=2000)
        st.button("Save", key="save-episode", on_click=_save, args=(visit, episode, f"owner-{mark}", f"note-{mark}"))


def _save(visit: Visit, episode: Episode, owner_key: str, note_key: str) -> None:
    _keep(visit, episode, *(str(st.session_state[key]).strip() for key in (owner_key, note_key)))


@signed
def _keep(visit: Visit, episode: Episode, owner: str, note: str) -> None:
    def change() -> None:
        desk = Episodes(visit.settings.desk_path)
        if owner != episode.owner:
            desk.assign(episode.id, owner_named(owner), by=my_name(), now=visit.now)
        if note != episode.note:
            desk.note(episode.id, note, by=my_name(), now=visit.now)

    notices.write(change, f"Saved for {episode.title}.", NoName)


def _over(visit: Visit, episodes: Sequence[Episode]) -> None:
    if not episodes:
        st.caption("No alert is over so far. Those that are stay here, with how long they lasted.")
        return
    key = f"episodes-{len(episodes)}-{episodes[0].id}"

    def look_into() -> None:
        ticked = st.session_state[key].selection.rows
        address.change(page.EPISODE, str(episodes[ticked[0]].id) if ticked else "")

    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(
        pd.DataFrame([_row(visit, episode) for episode in episodes]),
        key=key,
        hide_index=True,
        on_select=look_into,
        selection_mode="single-row",
        alt="Alerts that are over, the latest first",
    )
    st.caption(f"The last {RECENT} alerts are shown. Tick one to look into it.")


def _row(visit: Visit, episode: Episode) -> dict[str, str]:
    closed = episode.closed_at or visit.now
    return {
        "Opened": moment(episode.opened_at, visit.zone),
        "Lasted": span(closed - episode.opened_at),
        "Severity": f"{SIGNS[episode.severity]} {episode.severity.value}",
        "Rule": episode.title,
        "Store": visit.title_of(episode.store),
        "Seen by": episode.acknowledged_by,
        "Owner": episode.owner,
        "Note": episode.note,
    }
