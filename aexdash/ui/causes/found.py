"""One finding on the page of a report: its figures, its listings, their fix sheet, and a campaign of them."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from aexdash.causes.report import Finding
from aexdash.causes.reread import Reread
from aexdash.desk.campaigns import LONGEST, MOST_LISTINGS, CampaignError, Campaigns
from aexdash.model import Status
from aexdash.ui.frame import nav, notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words import causes as words
from aexdash.words.common import capital, moment, plain, plural


def draw(visit: Visit, kept: Reread, number: int) -> None:
    """Draw what is known of a finding of a report, by its number from 1."""
    finding = kept.report.findings[number - 1]
    _figures(visit, finding)
    _deeds(visit, kept, number)
    if riders := words.riders_words(finding, visit.label):
        st.markdown(plain(f"Rides along, explained by it: {riders}."))
    _examples(visit, "Has it and did not move:", finding.spared, f"spared-{number}")
    _examples(visit, "Moved without it:", finding.others, f"others-{number}")


def _figures(visit: Visit, finding: Finding) -> None:
    """Draw the counts as a table with two rows: those that have it, and the rest."""
    one = finding.found.slice
    rest, of_rest = one.rest
    rows = [
        {"Listings": words.parts_words(one.parts, visit.label), "Moved": f"{one.k:,}", "Of": f"{one.n:,}"}
        | {"Share": _percent(one.k, one.n)},
        {"Listings": "all others", "Moved": f"{rest:,}", "Of": f"{of_rest:,}", "Share": _percent(rest, of_rest)},
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt="What moved, of those that have it and not")
    st.markdown(plain(f"{capital(words.ratio_words(one))}; {words.share_words(finding)}; {words.age_words(finding)}."))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _deeds(visit: Visit, kept: Reread, number: int) -> None:
    """Draw the ways to the listings that share it, to their fix sheet, and the button that makes a campaign of them."""
    finding = kept.report.findings[number - 1]
    moved, on_sale = shared_views(visit.view, kept.number, number)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"deeds-{number}"):
        st.markdown(f"**{plain(capital(words.on_sale_words(finding)))}.**", width="content")
        if finding.on_sale:
            nav.link("worklist", _listed("on sale", finding.on_sale, len(finding.at_risk)), on_sale.to_query())
        nav.link("worklist", "Those still held ›", moved.to_query())
        if finding.reasons:
            _fix_sheet(visit, moved, finding, number)
        _campaign(visit, kept, number)


def shared_views(view: View, report: int, number: int) -> tuple[View, View]:
    """Return the view of the held listings that share a finding, and of those on sale that do."""
    shared = View(store=view.store, profile=view.profile, stores=view.stores, shares=f"{report}.{number}")
    return shared, shared.replace(statuses=(Status.ACTIVE,))


def _listed(words_: str, count: int, kept: int) -> str:
    return f"The {count:,} {words_} ›" if kept >= count else f"The first {kept:,} of {count:,} {words_} ›"


def _fix_sheet(visit: Visit, view: View, finding: Finding, number: int) -> None:
    """Draw the way to the fix sheet of the reason that most of those that moved have, of all that share it."""
    code, listings = finding.reasons[0]
    held = (Status.REJECTED, Status.AUDITING, Status.ACTIVE)
    query = view.replace(statuses=held, reasons=(code,)).to_query()
    st.link_button(
        f"Fix sheet: {plain(visit.label(code))}",
        f"/fix.xlsx?{urlencode(query)}",
        key=f"fix-sheet-{number}",
        help=f"Of all that share it, held and on sale, and have this reason, as {listings:,} of those that moved had. "
        "It holds what that fix needs, with cells to fill in.",
    )


def _campaign(visit: Visit, kept: Reread, number: int) -> None:
    keys = _members(kept.report.findings[number - 1])
    if visit.view.as_of or not keys:
        return
    st.button(
        f"Make a campaign of these {len(keys):,}",
        key=f"make-campaign-{number}",
        on_click=_make,
        args=(visit, kept, number),
        disabled=len(keys) > MOST_LISTINGS,
        help=f"Freezes those that moved and those on sale, {MOST_LISTINGS:,} at most; due date and name can be changed "
        "on the worklist.",
    )


def _members(finding: Finding) -> list[tuple[str, int]]:
    return list(dict.fromkeys((*finding.moved, *finding.at_risk)))


@person.signed
def _make(visit: Visit, kept: Reread, number: int) -> None:
    who = person.current()
    assert who is not None
    finding = kept.report.findings[number - 1]
    view, _ = shared_views(visit.view, kept.number, number)
    name = f"{words.parts_words(finding.found.slice.parts, visit.label)}, {moment(kept.report.movement.end)}"
    keys = _members(finding)

    def make() -> None:
        query = urlencode(view.to_query())
        Campaigns(visit.settings.desk_path).make(name[:LONGEST], query, keys, who=who, now=visit.now)

    counted = plural(len(keys), "listing")
    notices.write(make, f"The campaign of {counted} is made; it stands under Campaigns on the worklist.", CampaignError)


def _examples(visit: Visit, label: str, keys: tuple[tuple[str, int], ...], key: str) -> None:
    if not keys:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=key):
        st.markdown(label, width="content")
        for store, product_id in keys:
            nav.link("worklist", f"{product_id} ›", {"store": store, "listing": f"{store}/{product_id}"})
