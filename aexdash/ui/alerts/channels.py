"""The channels: what each is told, its last delivery, its failures, and *Send a test*. No secrets are shown."""

from __future__ import annotations

from datetime import tzinfo

import streamlit as st

from aexdash.config.sections.channels import Kind
from aexdash.desk.channel_state import ask_test
from aexdash.notify.channel_states import ChannelState, dead_channels, states
from aexdash.people.acting import why_not
from aexdash.people.rights import Role
from aexdash.storage.errors import StorageError
from aexdash.storage.one_state import one_state
from aexdash.ui.alerts import page
from aexdash.ui.frame import badge, names, nav, notices
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import moment, plain, plural, span, without_home

KIND_WORDS = {
    Kind.APPRISE: "e-mail, chat or another service",
    Kind.WEBHOOK: "signed JSON",
}

LOOK_SECONDS = 5
"""Seconds between two readings of the channels' states."""

HOW_TO_ADD = """
The page *Settings* asks for what a channel needs, and writes it into the two files. By hand it is named in
`aexdash.toml`; its address is a secret and stands in `secrets.toml` beside it:

```
# aexdash.toml
[channel.team]
severity = "medium"            # of alerts at least so bad; also stores, reasons, owners

[channel.morning]
digest = "daily 08:00"         # or "weekly monday 08:00"
zone = "Europe/Berlin"
```
```
# secrets.toml
[channel.team]
url = "slack://…"              # e-mail, Teams, Telegram, Discord and many more: the addresses of apprise

[channel.morning]
url = "mailtos://…"
```
With `kind = "webhook"` signed JSON is posted to an `https://` address instead; it needs a `key` beside its `url`.
It is in force within seconds; then send a test here.
"""


def draw(visit: Visit) -> None:
    """Draw a row for each channel, how to add one, and the switch for notifications of this browser."""
    st.caption(
        "Where people are told. What does not go through is tried again for a day; then it is given up, and said here."
    )
    if not visit.settings.channels:
        st.info("No channel so far: alerts stand on these pages, and nobody is told elsewhere.")
    rows(visit)
    nav.link("settings", "Add or change a channel ›", {page.PART: page.CHANNELS})
    with st.expander("How to add a channel", expanded=not visit.settings.channels):
        st.markdown(HOW_TO_ADD)
    _browser()


def dead(visit: Visit) -> None:
    """Draw a one-line warning that names the dead channels; for pages that are about something else."""
    channels = dead_channels(visit.settings.desk_path, visit.settings.channels, visit.now)
    if not channels:
        return
    names = " and ".join(f"**{plain(state.name)}**" for state in channels)
    why = (
        f" since {moment(channels[0].failing_since, visit.zone)}"
        if len(channels) == 1 and channels[0].failing_since
        else ""
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="dead-channels"):
        st.markdown(f":red-badge[▲ dead channel] Nobody is told over {names}{why}.", width="stretch")
        nav.link("sensitivity", "Channels ›", visit.kept() | {page.PART: page.CHANNELS})


@st.fragment(run_every=LOOK_SECONDS)
@one_state()
def rows(visit: Visit) -> None:
    """Draw the channels; the fragment reruns by itself, so that the result of a test appears."""
    notices.show()
    shown = states(visit.settings.desk_path, visit.settings.channels)
    for state in shown:
        with st.container(border=True, key=f"channel-{state.name}"):
            _row(visit, state)
    names.tell({f"test-{state.name}": f"Send a test over {state.name}" for state in shown})


def _row(visit: Visit, state: ChannelState) -> None:
    refused = why_not(Role.OWNER)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"channel-row-{state.name}"):
        st.markdown(
            f"{_badge(visit, state)} **{plain(state.name)}** · {KIND_WORDS[Kind(state.kind)]} · {plain(state.told_of)}"
            f"  \n:small[{plain(' · '.join(_how_it_is(visit, state)))}]",
            width="stretch",
        )
        st.button(
            "Send a test",
            key=f"test-{state.name}",
            on_click=_ask,
            args=(visit, state.name),
            disabled=bool(state.lacking or refused),
            help=plain(refused) or "The worker sends it within seconds; how it went is said here.",
        )


def _badge(visit: Visit, state: ChannelState) -> str:
    if state.is_dead(visit.now):
        return ":red-badge[▲ dead]"
    if state.failing_since:
        return ":orange-badge[◆ failing]"
    return ":green-badge[✓ works]" if state.delivered_at else ":gray-badge[○ not tried yet]"


def _how_it_is(visit: Visit, state: ChannelState) -> list[str]:
    delivered = (
        f"last delivered {moment(state.delivered_at, visit.zone)}" if state.delivered_at else "nothing delivered so far"
    )
    failing = f"failing for {span(visit.now - state.failing_since)}" if state.failing_since else ""
    parts = [
        delivered,
        f"{failing}: {state.error}" if failing else "",
        without_home(state.lacking),
        f"{plural(state.waiting, 'event')} waiting" if state.waiting else "",
        f"last given up {moment(state.given_up_at, visit.zone)}" if state.given_up_at else "",
        _test_words(state, visit.zone),
    ]
    return [part for part in parts if part]


def _test_words(state: ChannelState, zone: tzinfo) -> str:
    if state.test_asked_at:
        return f"test asked for {moment(state.test_asked_at, zone)}, the worker has not sent it yet"
    if not state.tested_at:
        return ""
    return f"test {moment(state.tested_at, zone)}: {state.test_error or 'it went through'}"


def _ask(visit: Visit, name: str) -> None:
    try:
        ask_test(visit.settings.desk_path, name, visit.now)
    except StorageError as error:
        notices.leave(f"The test could not be asked for: {plain(str(error))}", trouble=True)
    else:
        notices.leave("Asked. The worker sends it within seconds.")


def _browser() -> None:
    st.markdown("### This browser", anchors=False)
    st.caption(
        "The title of a tab with aexdash counts the open alerts that nobody has acknowledged. While one is open, "
        "this browser can also show a notification of its own when an alert opens or gets worse."
    )
    st.html(badge.SWITCH, unsafe_allow_javascript=True)
