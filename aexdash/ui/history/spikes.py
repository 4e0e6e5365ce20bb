"""Days on which far more was held than usual, explained below the chart that shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import streamlit as st

from aexdash.causes.watching import movement_of
from aexdash.snapshot.history.spikes import Spike, SpikeReason
from aexdash.snapshot.query import Snapshot
from aexdash.ui.causes import ways
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words import spikes as words
from aexdash.words.common import plain

DAYS = 30
"""Days over which a page looks for spikes."""


def of_days(visit: Visit, last: date | None = None, until: datetime | None = None) -> list[Spike]:
    """Find the spikes of the last `DAYS` days of the shown stores, in order of time.

    `last` is the last of the days and `until` its last moment, where that is not the moment of the page.
    """
    if last is None or last == visit.day:
        last, until = visit.day, visit.view.as_of
    return visit.ask_apart_from_people(Snapshot.spikes, visit.view.store_keys, last, DAYS, until)


def explain(visit: Visit, found: Sequence[Spike]) -> None:
    """Draw a row for each spike: how much was held and usually is, the reasons that made it, and the store of most."""
    for index, spike in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"spike-{index}"):
            st.markdown(words.spike_words(spike, visit.zone), width="content")
            movement = movement_of(spike, visit.view.store_keys)
            named = ways.is_named(visit, movement)
            for reason in spike.reasons:
                _reason(visit, spike, reason, share=not named)
            if not spike.reasons:
                nav.link("worklist", words.NO_REASON, _then(visit, spike).to_query())
            ways.link(visit, movement)


def _reason(visit: Visit, spike: Spike, reason: SpikeReason, *, share: bool) -> None:
    """Draw a reason with its store; `share`: and its share, where nothing stands beside it that says more."""
    view = _then(visit, spike).replace(reasons=(reason.code,))
    nav.link("worklist", f"{plain(visit.label(reason.code))} **{reason.listings:,}** ›", view.to_query())
    if share:
        st.caption(words.share_words(spike, reason, visit.zone), width="content")
    if len(visit.looked_at) > 1:
        store, listings = reason.stores[0]
        label = f"**{listings:,}** in {plain(visit.title_of(store))} ›"
        nav.link("worklist", label, view.replace(store=store, profile=None, stores=()).to_query())


def _then(visit: Visit, spike: Spike) -> View:
    """Return the view of what was held on the day of a spike."""
    return visit.view.unfiltered().replace(as_of=spike.at)
