"""One finding on the page of a report: its figures, its listings, their fix sheet, and a campaign of them."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from aexdash.causes.report import Finding
from aexdash.causes.reread import Reread
from aexdash.desk.campaigns import LONGEST, MOST_LISTINGS, Campaign, CampaignError, Campaigns
from aexdash.model import Status
from aexdash.people.rights import Role
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import nav, notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words import causes as words
from aexdash.words.common import capital, plain, plural

NOT_KEPT = 0
"""The number of a report that could not be kept: no list, file or campaign can name what it found."""


def draw(visit: Visit, kept: Reread, number: int) -> None:
    """Draw what is known of a finding of a report, by its number from 1."""
    finding = kept.report.findings[number - 1]
    _figures(visit, finding)
    _deeds(visit, kept, number)
    if riders := words.riders_words(finding, visit.label):
        st.markdown(plain(f"Goes along with it, and explains nothing more: {riders}."))
    _examples(visit, "Has it and did not move:", finding.spared, f"spared-{number}")
    _examples(visit, "Moved without it:", finding.others, f"others-{number}")


def _figures(visit: Visit, finding: Finding) -> None:
    """Draw the counts as a table with two rows: those that have it, and the rest."""
    one = finding.found.slice
    rest, of_rest = one.rest
    rows = [
        {"Listings": "that have it", "Moved": f"{one.k:,}", "Of": f"{one.n:,}", "Share": _percent(one.k, one.n)},
        {"Listings": "all others", "Moved": f"{rest:,}", "Of": f"{of_rest:,}", "Share": _percent(rest, of_rest)},
    ]
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content", alt="What moved, of those that have it and not")
    st.markdown(plain(f"{capital(words.ratio_words(one))}; {words.share_words(finding)}; {words.age_words(finding)}."))


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _deeds(visit: Visit, kept: Reread, number: int) -> None:
    """Draw the ways to the listings that share it, to their fix sheet, and the button that makes a campaign of them."""
    finding = kept.report.findings[number - 1]
    if kept.number == NOT_KEPT:
        st.markdown(f"**{plain(capital(words.on_sale_words(finding)))}.**")
        return
    held, on_sale, both = shared_views(visit.view, kept.number, number)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"deeds-{number}"):
        st.markdown(f"**{plain(capital(words.on_sale_words(finding)))}.**", width="content")
        counts = [visit.ask(Snapshot.count, view) for view in (on_sale, held, both)]
        if counts[0]:
            nav.link("worklist", f"{counts[0]:,} on sale now ›", on_sale.to_query())
        if counts[1]:
            nav.link("worklist", f"{counts[1]:,} held now ›", held.to_query())
        if finding.is_mendable:
            if finding.reasons and counts[2]:
                _fix_sheet(visit, both, finding, number)
            _campaign(visit, both, finding, number, counts[2])
        else:  # what is on sale has nothing to mend, so only what is held is somebody's to work on
            _campaign(visit, held, finding, number, counts[1])
    if finding.on_sale > len(finding.at_risk):
        st.caption(f"The first {len(finding.at_risk):,} of them are kept and listed.")


def shared_views(view: View, report: int, number: int) -> tuple[View, View, View]:
    """Return the views of the listings that share a finding: those held, those it found on sale, and both."""
    shared = View(store=view.store, profile=view.profile, stores=view.stores, shares=f"{report}.{number}")
    both = shared.replace(statuses=(Status.REJECTED, Status.AUDITING, Status.ACTIVE))
    return shared, shared.replace(statuses=(Status.ACTIVE,)), both


def _fix_sheet(visit: Visit, view: View, finding: Finding, number: int) -> None:
    """Draw the way to the fix sheet of the reason that most of those that moved have, of all that share it."""
    code, listings = finding.reasons[0]
    st.link_button(
        f"Fix sheet: {plain(visit.label(code))}",
        f"/fix.xlsx?{urlencode(view.replace(reasons=(code,)).to_query())}",
        key=f"fix-sheet-{number}",
        help=f"Of those held and on sale now that have this reason, as {listings:,} of those that moved had. "
        "It holds what that fix needs, with cells to fill in.",
    )


def _campaign(visit: Visit, view: View, finding: Finding, number: int, count: int) -> None:
    if visit.view.as_of or not count:
        return
    made = next((one for one in _campaigns(visit) if one.query == urlencode(view.to_query())), None)
    if made:
        shown = visit.view.of_campaign(made.key, made.query)
        nav.link("worklist", f"Its campaign, {plural(made.listings, 'listing')} ›", shown.to_query())
        return
    which = "held and on sale" if finding.is_mendable else "held"
    st.button(
        f"Make a campaign of these {count:,}",
        key=f"make-campaign-{number}",
        on_click=_make,
        args=(visit, view, finding),
        disabled=count > MOST_LISTINGS or not visit.may(Role.OPERATOR),
        help=plain(visit.why_not(Role.OPERATOR))
        or f"Freezes those {which} now, {MOST_LISTINGS:,} at most; its name and due date can be changed on the "
        "worklist.",
    )


def _campaigns(visit: Visit) -> list[Campaign]:
    try:
        return Campaigns(visit.settings.desk_path).open()
    except StorageError:  # making one says so
        return []


@person.signed
def _make(visit: Visit, view: View, finding: Finding) -> None:
    who = person.current()
    assert who is not None
    keys = [(row.store, row.product_id) for row in visit.snapshot.targets(view, MOST_LISTINGS + 1)]
    name = f"Shares {words.parts_words(finding.found.slice.parts, visit.label)}"[:LONGEST]

    def make() -> None:
        query = urlencode(view.to_query())
        Campaigns(visit.settings.desk_path).make(name, query, keys, who=who, now=visit.now)

    counted = plural(len(keys), "listing")
    notices.write(make, f"The campaign of {counted} is made; its link stands where the button was.", CampaignError)


def _examples(visit: Visit, label: str, keys: tuple[tuple[str, int], ...], key: str) -> None:
    if not keys:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=key):
        st.markdown(label, width="content")
        for store, product_id in keys:
            nav.link("worklist", f"{product_id} ›", {"store": store, "listing": f"{store}/{product_id}"})
