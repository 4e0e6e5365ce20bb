"""Listings at risk: on sale or waiting to be, not held, but our checks find what AliExpress refuses at audits."""

from __future__ import annotations

import streamlit as st

from aexdash.snapshot.measures.on_sale import AT_RISK
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.tallies import AtRisk
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview.card_tiles import worklist_query
from aexdash.words.common import plain, plural

SHOWN = 5
"""Findings that are named, the commonest first."""

HELP = (
    "**Formula** distinct listings on sale, or waiting to go on sale, on which a check of ours finds what AliExpress "
    "refuses at audits.  \n**Source** our own measurements; AliExpress has said nothing, and they are not held."
)


def before_the_audit(visit: Visit) -> None:
    """Draw how many listings are at risk, with the commonest findings; nothing before a first complete read."""
    if visit.ask(Snapshot.hero, visit.view.unfiltered()).held is None:
        return
    found = at_risk(visit)
    with st.container(horizontal=True, vertical_alignment="bottom", key="at-risk-title"):
        st.markdown("## At risk before the audit", anchors=False, width="content", help=HELP)
        words = risk_words if found.listings else no_risk_words
        st.caption(words(found, past=visit.view.as_of is not None), width="content")
    if found.listings:
        _findings(visit, found)


def _findings(visit: Visit, found: AtRisk) -> None:
    query = worklist_query(visit, AT_RISK)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="at-risk"):
        nav.link("worklist", f"**{plural(found.listings, 'listing')}** at risk ›", query)
        for count in visit.ask(Snapshot.risk_counts, visit.view.unfiltered())[:SHOWN]:
            nav.link("worklist", f"{plain(visit.label(count.code))} {count.listings:,}", query | {"reason": count.code})


def at_risk(visit: Visit) -> AtRisk:
    """Read how many listings of the shown stores are at risk, and how many of those on sale were checked."""
    return visit.ask(Snapshot.at_risk, visit.view.unfiltered())


def are_all_checked(visit: Visit) -> bool:
    """Whether every listing on sale or waiting was checked; else more of them may be at risk than are counted.

    Of a past moment that was not kept, and nothing is asked.
    """
    if visit.view.as_of is not None:
        return False
    found = at_risk(visit)
    return found.of is not None and found.checked == found.of


def risk_words(found: AtRisk, *, past: bool) -> str:
    """Say what *at risk* means, and how many listings were checked."""
    return f"On sale or waiting to be; a check finds what AliExpress refuses. {_checked(found, past)}"


def no_risk_words(found: AtRisk, *, past: bool) -> str:
    """Say that nothing was found; a clean result only when all listings on sale were checked."""
    if found.of is not None and found.checked == found.of:
        return f"Nothing found on the {plural(found.of, 'listing')} on sale or waiting to be."
    return f"No finding {'stood then' if past else 'so far'}. {_checked(found, past)}"


def _checked(found: AtRisk, past: bool) -> str:
    if found.of is None or found.checked is None:
        return "How many were checked by then is not kept." if past else "How many were checked is not known yet."
    if found.checked < found.of:
        return f"Checked so far: {found.checked:,} of {found.of:,}; the rest follows with the next syncs."
    return f"All {found.of:,} were checked."
