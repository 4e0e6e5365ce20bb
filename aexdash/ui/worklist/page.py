"""The worklist page: the count, tabs, filters, action bar, rows, the fix plan, and the panel of an open listing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from urllib.parse import urlencode

import streamlit as st

from aexdash.desk.decisions.items import Back, Decision, Fix, Take
from aexdash.exports.fixsheets import fixsheet
from aexdash.model import Status
from aexdash.people import acting
from aexdash.people.rights import Role
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.matched.report import Compared
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from aexdash.snapshot.stores import Stores
from aexdash.statement import Claim, Reach
from aexdash.storage.one_state import one_state
from aexdash.ui import shop_lines
from aexdash.ui.causes import ticked
from aexdash.ui.frame import address, notices
from aexdash.ui.frame.again import draw_again_after_closing
from aexdash.ui.frame.visit import PAGE_ROWS, Visit
from aexdash.ui.overview import risk
from aexdash.ui.worklist import (
    acts,
    bar,
    bring_back,
    campaigns,
    counted,
    decide,
    filters,
    listing_detail,
    plan,
    reason_chips,
    rules,
    shown,
    table,
    tabs,
    views,
)
from aexdash.ui.worklist.tabs import Tab
from aexdash.view import View
from aexdash.words.common import capital, moment, plain, plural, when_last_read
from aexdash.words.reconcile.source import push_words
from aexdash.words.statements import claim_words, moment_words

NOTHING_KNOWN_THEN = "No reading speaks for that moment: what was held then is not known."
NOTHING_KNOWN = "No complete read so far: nothing is known to be held, and nothing is known to be free."

AT_RISK = View(statuses=(Status.ACTIVE,))


@st.fragment
@one_state()
def draw(visit: Visit) -> None:
    """Draw the worklist. A filter reruns only this fragment; the shell and the top bar stay."""
    draw_again_after_closing()
    notices.show()
    decide.is_redrawn()
    visit = visit.with_view(address.resolved(visit.stores, visit.profiles, now=visit.now).view)
    count = count_of(visit)
    with st.container(key="worklist"):
        _head(visit, count)
        campaigns.head(visit)
        ticked.head(visit)
        plan.head(visit)
        filters.head(visit)
        with st.container(key="lane-tabs"):
            tabs.draw(visit)
        if visit.view.statuses == AT_RISK.statuses and count and not visit.view.shares:
            st.caption(risk.risk_words(risk.at_risk(visit), past=visit.view.as_of is not None))
        if tabs.tab_of(visit.view, tabs.my_name()) is Tab.FIXED_THERE:
            st.caption(plain(_push_words(visit)))
        filters.draw(visit)
        _rows(visit, count)
    listing_detail.show(visit, count)


def _push_words(visit: Visit) -> str:
    """Say what waits for a push, what to do, and since when; a wait ends with the last comparison of its store."""
    counts = tabs.counts_of(visit)
    lacking = counts.not_compared if counts else 0
    compared = visit.ask(_compared, visit.view.store_keys)
    seen_at = visit.view.as_of or min((one.at for one in compared.values()), default=None)
    return push_words(counts.fixed_since if counts else None, seen_at, visit.zone, not_compared=lacking)


def _compared(snapshot: Snapshot, stores: Stores) -> dict[str, Compared]:
    return snapshot.beside_shops().compared(stores)


def count_of(visit: Visit) -> int:
    """Return the number of distinct listings of the view."""
    return counted.listings(visit, tabs.my_name())


def _head(visit: Visit, count: int) -> None:
    reach = visit.reach()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="worklist-head"):
        st.markdown(heading(count, visit.view, reach, visit.zone), anchors=False, width="stretch")
        if is_filtered(visit.view):
            st.button("Clear filters", key="clear-filters", on_click=filters.clear, args=(visit.view,), type="tertiary")
        views.draw(visit)
        if visit.may(Role.OPERATOR):
            campaigns.draw(visit, count)
        if acting.rights().may(Role.OWNER):  # they are of every store
            rules.draw(visit)
        table.chooser(visit)
        files = st.popover("Export", key="export", on_change="rerun")
        if files.open:
            with files:
                _downloads(visit, count)
        if visit.may(Role.OPERATOR):
            bring_back.draw(visit)
    if not reach.is_whole:
        said = claim_words(reach, zone=visit.zone)
        st.caption(plain(f"{capital(said)}."))


def heading(count: int, view: View, reach: Reach, zone: tzinfo = UTC) -> str:
    """Say how many listings there are and of which moment; no number where nothing was read."""
    tab = tabs.tab_of(view, tabs.my_name())
    if reach.claim is Claim.NEVER_READ:
        return f"## Not known :gray[:small[{scope(view, reach, tab, zone)}]]"
    return f"## {plural(count, 'listing')} :gray[:small[{scope(view, reach, tab, zone)}]]"


def _downloads(visit: Visit, count: int) -> None:
    query = urlencode(visit.view.to_query())
    for name, kind in (("CSV", "csv"), ("Excel", "xlsx")):
        st.link_button(
            name,
            f"/export.{kind}?{query}",
            key=f"export-{kind}",
            help=f"Every listing of this view as {name}, what to fix included.",
            disabled=not count,
            width="stretch",
        )
    code = fix_code(visit)
    about = f"For {plain(visit.label(code))}" if code else "A fix sheet is about one reason"
    if count and not code:
        st.caption(plain(no_sheet_words(visit.view.reasons, visit.taxonomy)))
    for name, kind in (("Fix sheet", "xlsx"), ("Fix sheet CSV", "csv")):
        st.link_button(
            name,
            f"/fix.{kind}?{query}",
            key=f"fix-{kind}",
            help=f"{about}. It holds what that fix needs, with cells to fill in.",
            disabled=not (count and code),
            width="stretch",
        )
    st.link_button(
        "Machine-readable",
        f"/export.csv?{urlencode({**visit.view.to_query(), 'plain': '1'})}",
        key="export-plain",
        help="For scripts: the same listings with keys as headings and plain cells. Not for spreadsheets.",
        disabled=not count,
        width="stretch",
    )


def fix_code(visit: Visit) -> str | None:
    """Return the one reason code that the view is about, for its fix sheet; None when there is not one."""
    return fixsheet.code_for(visit.view.reasons, lambda: reason_chips.reason_counts(visit), visit.taxonomy)


def no_sheet_words(reasons: Sequence[str], taxonomy: Taxonomy) -> str:
    """Say what to choose for a fix sheet, where the reasons of a view do not stand for one code."""
    if len(reasons) == 1 and reasons[0] not in taxonomy.codes:
        return "For a fix sheet, choose one of the family's reasons too."
    return f"For a fix sheet, choose {'just one' if reasons else 'one'} reason."


SCOPES: dict[Tab, str] = {
    Tab.TODO: "to do, held",
    Tab.MINE: "mine to do, held",
    Tab.WAITING: "waiting for AliExpress, held",
    Tab.SNOOZED: "snoozed, held",
    Tab.REGRESSED: "rejected again and to do, held",
    Tab.FIXED_THERE: "fixed in the shop and not here, held",
    Tab.ALL: "held",
}


def scope(view: View, reach: Reach, tab: Tab | None = Tab.ALL, zone: tzinfo = UTC) -> str:
    """Say what is counted, and of which moment: listings held, of a lane, at risk before an audit, of some statuses."""
    when = plain(moment_words(reach, zone))
    if view.statuses == (Status.ACTIVE,):
        sharing = ", sharing what was rejected" if view.shares else ""
        words = f"at risk before an audit {when}, not held{sharing}"
    else:
        words = f"of the chosen statuses {when}" if view.statuses else f"{SCOPES[tab or Tab.ALL]} {when}"
    only = view.replace(statuses=()) if view.statuses == (Status.ACTIVE,) else view
    return f"{words}, filtered" if is_filtered(only) else words


def is_filtered(view: View) -> bool:
    """Whether a view has a filter beside store or profile, moment, order and tab."""
    return filters.cleared(view, tabs.my_name()) != view


def _rows(visit: Visit, count: int) -> None:
    pages = -(-count // PAGE_ROWS)
    number = address.page_number(pages)
    rows = visit.ask(Snapshot.page, visit.view, PAGE_ROWS, (number - 1) * PAGE_ROWS) if count else []
    listed = shown.of_page(
        visit,
        rows,
        count,
        page=number,
        anew=not table.is_drawn(),
        read_again=lambda keys: visit.snapshot.rows_of(keys, visit.view.as_of),
    )
    if not listed.rows:
        bar.draw_undo(visit)
        _nothing(visit)
        return
    actions = st.container(key="actions")
    columns, single_keys = table.chosen(visit)
    picked = table.draw(
        visit,
        listed,
        columns=columns,
        everything=decide.is_everything(visit),
        on_acts=lambda: _answer_acts(visit),
        single_keys=single_keys,
    )
    if visit.may(Role.OPERATOR):
        with actions:
            bar.draw(visit, picked, count)
    if pages > 1:
        _pagination(number, pages, count)
    plan.draw(visit)
    if ages := _ages_of(visit, rows):
        st.caption(ages)
    if any(row.source_words for row in rows):
        shop_lines.draw_stale(visit)
    st.caption(
        "Tick rows to act on them, or press ? for the keys; *Open* shows all that is known of one. "
        "A listing can have several reasons, so the chips can add up to more than the count; *alone* says how many "
        "it holds by itself: fixing it frees them."
    )


def _answer_acts(visit: Visit) -> None:
    """Do what the list has sent, each act once."""
    here = visit.with_view(address.resolved(visit.stores, visit.profiles, now=visit.now).view)
    for act in acts.take(here):
        _answer(here, act)


def _answer(visit: Visit, act: acts.Act) -> None:
    if act.do in ("all", "none"):
        decide.set_everything(visit, on=act.do == "all")
        return
    if act.do in acts.ANSWERS:
        part = tuple(one for key in act.keys if (one := decide.waits_on(key)))
        if part and act.do == "yes":
            decide.all_the_same(visit, part)
        elif part:
            decide.leave(part)
        return
    if act.do in ("owner", "note"):
        decide.open_field(act.do)  # in the panel, which the list has opened, or for the ticked listings in the bar
        if act.more == acts.TICKED:
            st.session_state[decide.BOXES[act.do]] = True
        return
    decision = _decision_of(visit, act)
    if decision is None:
        return
    every = decide.is_everything(visit)
    seen = decide.everything(visit, {one.key: one for one in act.seen}) if every else list(act.seen)
    through = "bulk" if len(seen) > 1 else "key"
    decide.make(visit, decision, seen, through=through, request=act.request)


def _decision_of(visit: Visit, act: acts.Act) -> Decision | None:
    plain_ones: Mapping[str, Decision] = {"take": Take(), "fix": Fix(), "back": Back()}
    if act.do == "snooze":
        return decide.snooze_of(visit, act.more)
    return plain_ones.get(act.do)


def _ages_of(visit: Visit, rows: Sequence[WorkRow]) -> str:
    """Say of which moment the ages are, where a store of the rows has not been read since; else nothing."""
    at = visit.moment
    late = [
        row.seen_at
        for row in rows
        if when_last_read(row.seen_at, at, visit.settings.stale_after(row.store), visit.zone)
    ]
    if not late:
        return ""
    every = "Ages are" if len(late) == len(rows) else f"Ages of {len(late):,} of these {len(rows):,} rows are"
    span = (
        moment(min(late), visit.zone)
        if min(late) == max(late)
        else f"between {moment(min(late), visit.zone)} and {moment(max(late), visit.zone)}"
    )
    return f"{every} of {span}, when last read: unread time makes nothing older."


def _pagination(number: int, pages: int, count: int) -> None:
    # One key for each page: Streamlit does not let a widget with a default be set from the address.
    key = f"page-of-rows-{number}"
    with st.container(horizontal=True, vertical_alignment="center", key="pagination"):
        st.pagination(pages, default=number, key=key, on_change=_turn, args=(key,))
        first = (number - 1) * PAGE_ROWS + 1
        st.caption(f"rows {first:,} to {min(first + PAGE_ROWS - 1, count):,} of {count:,}", width="content")


def _turn(key: str) -> None:
    address.turn_to(st.session_state[key])


NOTHING: dict[Tab, tuple[str, str]] = {
    Tab.TODO: ("Nothing is to do", "Nothing was to do"),
    Tab.MINE: ("Nothing of yours is to do", "Nothing of yours was to do"),
    Tab.WAITING: ("Nothing waits for AliExpress", "Nothing waited for AliExpress"),
    Tab.SNOOZED: ("Nothing is snoozed", "Nothing was snoozed"),
    Tab.REGRESSED: ("Nothing is to do that was rejected again", "Nothing was to do that was rejected again"),
    Tab.FIXED_THERE: ("Nothing is fixed in the shop that waits for a push", "Nothing fixed waited for a push"),
    Tab.ALL: ("No listing is held", "No listing was held"),
}
"""What an empty tab says of now, and of a moment before."""


def _nothing(visit: Visit) -> None:
    view = visit.view
    tab = tabs.tab_of(view, tabs.my_name())
    now, then = NOTHING[tab or Tab.ALL]
    counts = tabs.counts_of(visit) if tab is Tab.FIXED_THERE else None
    if view == view.unfiltered().replace(statuses=AT_RISK.statuses, order=view.order):
        st.info(risk.no_risk_words(risk.at_risk(visit), past=view.as_of is not None))
    elif visit.ask(Snapshot.hero, visit.view.unfiltered()).held is None:
        st.info(NOTHING_KNOWN_THEN if view.as_of else NOTHING_KNOWN)
    elif is_filtered(visit.view):
        st.info("No listing matches these filters.")
    elif not visit.reach().is_whole:
        st.info(f"{then} when the store was last fully read; that is not confirmed.")
    elif counts and counts.not_compared:
        st.info(f"{then}, of what could be compared with a shop.")
    elif view.as_of:
        st.success(f"{then} then.")
    else:
        st.success(f"{now}.")
