"""At risk before the audit: listings on sale on which the same checks find something. They are not held."""

from __future__ import annotations

import streamlit as st

from aexdash.model import Status
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import AtRisk
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import plain, plural

SHOWN = 5

HELP = (
    "**Formula** distinct listings on sale, or waiting to go on sale, on which a check of ours finds what AliExpress "
    "refuses at audits.  \n**Source** our own measurements; AliExpress has said nothing, and they are not held."
)


def before_the_audit(visit: Visit) -> None:
    """Draw how many listings are at risk, and the commonest findings."""
    if visit.ask(Snapshot.hero, visit.view.unfiltered()).held is None:
        return
    found = at_risk(visit)
    with st.container(horizontal=True, vertical_alignment="bottom", key="at-risk-title"):
        st.markdown("### At risk before the audit", anchors=False, width="content", help=HELP)
        words = found_something if found.listings else found_nothing
        st.caption(words(found, past=visit.view.as_of is not None), width="content")
    if found.listings:
        _findings(visit, found)


def _findings(visit: Visit, found: AtRisk) -> None:
    query = visit.kept() | {"status": Status.ACTIVE.value}
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="at-risk"):
        nav.link("worklist", f"**{plural(found.listings, 'listing')}** at risk ›", query)
        for count in visit.ask(Snapshot.risk_counts, visit.view.unfiltered())[:SHOWN]:
            nav.link("worklist", f"{plain(visit.label(count.code))} {count.listings:,}", query | {"reason": count.code})


def at_risk(visit: Visit) -> AtRisk:
    """Read how many listings of the stores looked at are at risk, and how far that is known."""
    return visit.ask(Snapshot.at_risk, visit.view.unfiltered())


def found_something(found: AtRisk, *, past: bool) -> str:
    """Say what being at risk is, and how much was checked."""
    return f"On sale and not held; a check finds what AliExpress refuses. {_checked(found, past)}"


def found_nothing(found: AtRisk, *, past: bool) -> str:
    """Say that no finding stands; it is good news only when everything was checked."""
    if found.of is not None and found.checked == found.of:
        return f"Nothing found on the {plural(found.of, 'listing')} on sale."
    return f"No finding {'stood then' if past else 'so far'}. {_checked(found, past)}"


def _checked(found: AtRisk, past: bool) -> str:
    if found.of is None or found.checked is None:
        return "How many were checked by then is not kept." if past else "How many were checked is not known yet."
    if found.checked < found.of:
        return f"Checked so far: {found.checked:,} of {found.of:,}; the rest follows with the next syncs."
    return f"All {found.of:,} were checked."
