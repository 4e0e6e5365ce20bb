"""Why listings are held: a row for each reason, with its count, sole blockers, provenance, a link and a file."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import streamlit as st

from aexdash.model import Provenance
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.tallies import Hero, ReasonCount
from aexdash.ui.frame import nav
from aexdash.ui.frame.charts import COLOURS
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import RESUBMIT_WORDS, plain, plural
from aexdash.words.health import unread_reasons
from aexdash.words.reasons import commonest, says_words

SHOWN, SHOWN_ABOVE_STORES = 8, 6
"""Reasons shown, the commonest first; fewer where a line for each store stands below them."""

SEVERAL = "A listing can have several: they add up to more."
CSV_HELP = "The held listings with this reason as a file, with what to fix in each"
NOTHING_HELD = "Nothing is held, so there is no reason to name."
NOTHING_WAS_HELD = "Nothing was held, so there is no reason to name."
NOT_KNOWN_THEN = "What was held then is not known, so there is no reason to name."
NOT_KNOWN = "Nobody knows yet what is held: the reasons stand here after the first complete reading."


def reasons(visit: Visit) -> None:
    """Draw the reasons of all held listings of the shown stores, the commonest first."""
    everything = visit.view.unfiltered()
    hero = visit.ask(Snapshot.hero, everything)
    if not hero.held:
        _none(visit, hero)
        return
    counts = visit.ask(Snapshot.reason_counts, everything)
    most = SHOWN if len(visit.looked_at) < 2 else SHOWN_ABOVE_STORES
    shown = commonest(counts, most)
    several = sum(reason.listings for reason in shown) > hero.held
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="why-title"):
        st.markdown("## Why", anchors=False, width="content")
        if unread := _unread(visit):
            st.caption(unread, width="content")
        if several:
            st.caption(SEVERAL, width="content")
        _resubmit(visit)
    with st.container(gap="xxsmall", key="why"):  # a grid of links and figures (look.css), without a box a row
        for reason in shown:
            _row(visit, reason, hero.held)
    if len(counts) > len(shown):
        with st.container(key="why-more"):
            nav.link("worklist", f"{plural(len(counts) - len(shown), 'more reason')} in the worklist ›", visit.kept())


def _unread(visit: Visit) -> str:
    """Say how many held listings may have more reasons than stand here; of a past moment nobody knows."""
    if visit.view.as_of:
        return ""
    return unread_reasons(visit.ask(Snapshot.held_unread, visit.view.store_keys))


def _none(visit: Visit, hero: Hero) -> None:
    """Say why no reason stands here."""
    st.markdown("## Why", anchors=False)
    if hero.held is None:
        st.caption(NOT_KNOWN_THEN if hero.reach.moment else NOT_KNOWN)
    else:
        st.caption(NOTHING_HELD if hero.reach.is_whole and not visit.view.as_of else NOTHING_WAS_HELD)


def _resubmit(visit: Visit) -> None:
    """Link to the listings that are ready to resubmit and to those that are not yet, with their counts."""
    for facet in visit.ask(Snapshot.facets, visit.view.unfiltered(), ("resubmit",))["resubmit"]:
        words = f"{facet.listings:,} {RESUBMIT_WORDS[facet.value]} ›"
        nav.link("worklist", words, visit.kept() | {"resubmit": facet.value})


def _row(visit: Visit, reason: ReasonCount, held: int) -> None:
    query = visit.kept() | {"reason": reason.code}
    nav.link("worklist", f"{plain(visit.label(reason.code))} ›", query, width="stretch")
    st.html(_figures(visit, reason, held), width="content")


def _figures(visit: Visit, reason: ReasonCount, held: int) -> str:
    """Write what stands behind a reason as one piece, for each element of a page costs the server as much as a query.

    It is its file, its part of what is held as a bar, its listings, how many it holds alone, and who says so.
    """
    query, about = urlencode(visit.kept() | {"reason": reason.code}), escape(f"CSV of {visit.label(reason.code)}")
    file = f'<a href="{escape(f"/export.csv?{query}")}" target="_blank" title="{CSV_HELP}" aria-label="{about}">CSV</a>'
    part, colour = min(1.0, reason.listings / held), COLOURS[theme()]["other"]
    bar = f'<i aria-hidden="true"><i style="width:{part:.0%};background:{colour}"></i></i>'
    says = escape(says_words(reason))
    return (
        f'<div class="why-figures">{file}{bar}<strong>{reason.listings:,}</strong><span>{_sole(reason)}</span>'
        f'<small title="{says}">{says}</small></div>'
    )


def _sole(reason: ReasonCount) -> str:
    if not reason.sole or not blocks(reason):
        return ""
    return f"alone holds {reason.sole:,}"


def blocks(reason: ReasonCount) -> bool:
    """Whether a reason may block a listing: not when nobody states it, nor when only the diagnosis advises it."""
    return any(who is not Provenance.DIAGNOSIS for who in reason.provenance)
