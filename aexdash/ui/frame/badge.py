"""Counts unacknowledged alerts in the tab's title, and has the switch of browser notifications."""

from __future__ import annotations

import streamlit as st

from aexdash.ui.frame.visit import Visit

_COUNTED = "_alerts_counted"

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
"""The switch for notifications. Only the browser remembers whether they are on; the script shows it."""


def title(page: str) -> str:
    """Return the tab's title with the count of the last run, so that it does not flicker while a page is drawn."""
    return titled(page, st.session_state.get(_COUNTED, 0))


def titled(page: str, count: int) -> str:
    """Return the title of a page with the number of unacknowledged alerts in front; no number for 0."""
    return f"({count}) {page} · aexdash" if count else f"{page} · aexdash"


def draw(visit: Visit, page: str) -> None:
    """Show in the tab's title how many open episodes nobody has acknowledged."""
    count = sum(episode.acknowledged_at is None for episode in visit.open_episodes())
    before, st.session_state[_COUNTED] = st.session_state.get(_COUNTED, 0), count
    if count != before:
        st.set_page_config(page_title=titled(page, count))
