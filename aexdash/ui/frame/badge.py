"""How many alerts want somebody, in the title of the tab, and the script that tells of them outside the page."""

from __future__ import annotations

import streamlit as st

from aexdash.ui.frame.visit import Visit

_COUNTED = "_alerts_counted"

WATCH = '<span data-alerts-watch hidden></span><script src="/alerts.js"></script>'
"""A script of our own port: the content security policy lets no other run, and nothing inline."""

SWITCH = """
<style>
[data-notify-switch] {
  font: inherit; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid currentcolor; border-radius: 4px; padding: 0.25rem 0.75rem; margin-right: 0.75rem;
}
[data-notify-switch]:disabled { cursor: default; opacity: 0.5 }
</style>
<button type="button" data-notify-switch>Turn on</button><span data-notify-said role="status"></span>
<script src="/alerts.js"></script>
"""
"""The switch of the notifications; whether they are on is kept by the browser alone, and the script says it."""

OUT_OF_SIGHT = "<style>.st-key-alerts-watch { position: absolute; height: 0; overflow: hidden }</style>"


def title(page: str) -> str:
    """The title of the tab as the last run of a page knew it, so that it does not flicker while one is drawn."""
    return titled(page, st.session_state.get(_COUNTED, 0))


def titled(page: str, count: int) -> str:
    """The title of a page, and before it how many alerts want somebody."""
    return f"({count}) {page} · aexdash" if count else f"{page} · aexdash"


def draw(visit: Visit, page: str) -> None:
    """Count the open episodes that nobody has acknowledged in the title of the tab, and let the script watch."""
    count = sum(episode.acknowledged_at is None for episode in visit.open_episodes())
    st.session_state[_COUNTED] = count
    st.set_page_config(page_title=titled(page, count))
    st.html(OUT_OF_SIGHT)
    with st.container(key="alerts-watch"):
        st.html(WATCH, unsafe_allow_javascript=True)
