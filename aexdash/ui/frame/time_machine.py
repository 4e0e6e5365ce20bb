"""The time machine: a bar with the moment that pages show, ways to the changes next to it, and a link to keep it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from aexdash.clock import TICK, midnight, to_text
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.stores import Stores
from aexdash.ui.frame import address, nav
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, of_zone, place, plain
from aexdash.words.statements import NOT_READ_YET

BEFORE, AFTER = "‹ Before the last change", "After the next change ›"


def draw(visit: Visit) -> None:
    """Draw the bar: what is shown, the change before and after it, a field for any moment, and presets.

    Every way is a link to the page that is shown, at another moment. An address without a moment means now, and none
    of these gives it one unless it is followed. On a telephone the bar is two lines (look.css): what is shown; arrows,
    field and the list of moments, which has the way that stands at the end of the bar elsewhere.
    """
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="time-machine"):
        _say(visit)
        before, after = visit.ask(_changes, visit.view.store_keys, visit.known_until)
        _step(visit, BEFORE, before, "moment-before")
        _pick(visit)
        _step(visit, AFTER, after, "moment-after")
        _presets(visit)
        with st.container(width="content", key="moment-kept"):
            _keep(visit)


def _changes(snapshot: Snapshot, stores: Stores, at: datetime) -> tuple[datetime | None, datetime | None]:
    return snapshot.past(stores).changes_around(at)


def _say(visit: Visit) -> None:
    shown = visit.view.as_of
    words = f"**As it was {moment(shown, visit.zone)}** · not as it is now" if shown else "As last read"
    if not shown and visit.known_until < visit.up_to:
        words = f"As last read, {moment(visit.known_until, visit.zone)}"
    st.markdown(f":blue-badge[Time machine] {words}", width="stretch")


def _link(words: str, at: datetime | None, told: str | None = None) -> None:
    nav.link(address.shown_page(), words, address.at_moment(at), told=told)


def _keep(visit: Visit) -> None:
    """Draw the way back to now, or without a moment in the address the link that keeps this one."""
    if visit.view.as_of:
        _link("Back to now", None)
    else:
        _link("Link to this moment", visit.known_until, "Its address keeps the moment: open it, or copy it.")


def _step(visit: Visit, words: str, at: datetime | None, key: str) -> None:
    """Draw the way to a change; where there is none, a link that leads nowhere."""
    told = f"To {moment(at, visit.zone)}" if at else "There is none in what was read."
    with st.container(width="content", key=key):
        nav.link(address.shown_page(), words, address.at_moment(at), told=told, disabled=at is None)


def _pick(visit: Visit) -> None:
    shown = visit.view.as_of
    # A field for each moment, as with those of the books. It is empty now: what nobody picked is no moment.
    key = f"as-of-{to_text(shown) if shown else 'now'}"
    drawn = shown and shown.astimezone(visit.zone).replace(tzinfo=None, second=0, microsecond=0)

    def write() -> None:
        picked: datetime | None = st.session_state[key]
        if picked and picked != drawn:
            address.go_to(picked.replace(tzinfo=visit.zone).astimezone(UTC))

    latest = visit.now.astimezone(visit.zone).replace(tzinfo=None)
    st.session_state[key] = drawn
    st.datetime_input(
        f"As it was at ({place(visit.zone)})",
        value=None,
        key=key,
        max_value=max(latest, drawn or latest),
        step=60,
        on_change=write,
        label_visibility="collapsed",
        width=210,
    )
    st.caption(place(visit.zone), width="content")


def _presets(visit: Visit) -> None:
    """Draw the moments that are asked for most; they are looked up only when the list is opened."""
    with st.popover("Moments", on_change="rerun", key="pick-moment") as opened:
        if opened.open:
            _keep(visit)
            for words, at in presets(visit):
                _link(f"{words}: {moment(at, visit.zone)}", at)


def presets(visit: Visit) -> list[tuple[str, datetime]]:
    """List the preset moments with labels: end of yesterday, a week ago, just before the last jump of the count.

    Of archived stores, of which those days tell nothing, a week before their last reading.
    """
    last = visit.known_until
    moments = [
        (f"End of yesterday{of_zone(visit.zone)}", midnight(visit.now, visit.zone) - TICK),
        ("A week ago", visit.now - timedelta(days=7)),
    ]
    if not any(store.watched for store in visit.looked_at):
        moments = [("A week before the last reading", last - timedelta(days=7))]
    jump = visit.snapshot.past(visit.view.store_keys).last_jump(last)
    if jump:
        where = f" in {plain(jump.store)}" if len(visit.looked_at) > 1 else ""
        words = f"Before the jump from {jump.before:,} to {jump.after:,}{where}"
        moments.append((words, jump.last_before or jump.at - TICK))
    return [(f"{words}{_not_read(visit, at)}", at) for words, at in moments]


def _not_read(visit: Visit, at: datetime) -> str:
    """Say of a preset that its moment was not read, so that nobody takes what was last read for what was then."""
    reach = visit.snapshot.past(visit.view.store_keys).reach(at, at)
    return "" if reach.read else f" ({'not read then' if any(one.read_at for one in reach.missing) else NOT_READ_YET})"
