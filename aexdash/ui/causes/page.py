"""The page of a report: what goes with a movement, with how much evidence, what can be done, and what moved before it.

A movement that was never examined is examined when the page is opened, and the report is kept.
"""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from aexdash.causes import reread
from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.causes.report import Report, examine, to_json
from aexdash.causes.reread import Reread
from aexdash.storage.errors import StorageError
from aexdash.ui.causes import chain_chart, found, ways
from aexdash.ui.causes.found import NOT_KEPT
from aexdash.ui.frame import address, nav, notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.words import causes as words
from aexdash.words.common import capital, moment, plain, plural

MOST_LISTED = 20
"""Reports that are listed where an address asks for none, the latest."""

NEVER_WHY = (
    "It says what *goes with* a movement, never why: listings are counted and compared, and nobody tried anything out. "
    "A property that goes with it may stand for another one that is not kept."
)


def draw(visit: Visit) -> None:
    """Draw the report that the address asks for; without one, those that were kept last."""
    st.markdown("## What goes with it", anchors=False)
    query = {name: st.query_params.get(name, "") for name in ways.WORDS}
    asked = ways.read(query, visit.view.store_keys, visit.known_until)
    if asked.trouble:
        st.warning(plain(asked.trouble))
    elif asked.number is not None or asked.movement:
        _asked(visit, asked)
        return
    _latest(visit)


def _asked(visit: Visit, asked: ways.Asked) -> None:
    try:
        kept = _kept(visit, asked)
    except StorageError as error:
        st.warning(plain(str(error)))
        return
    if kept is None:
        st.warning(f"There is no report {asked.number} that can be read; one of another version is asked anew.")
        _latest(visit)
        return
    _report(visit, kept)


def _kept(visit: Visit, asked: ways.Asked) -> Reread | None:
    """Return the report asked for; a movement that has none is examined now.

    Raises:
        StorageError: a file cannot be read or written.
    """
    reports = Reports(visit.settings.desk_path)
    if asked.movement is None:
        return reread.numbered(reports, asked.number or 0)
    return reread.newest(reports, asked.movement) or _examined_now(visit, asked.movement)


def _examined_now(visit: Visit, movement: Movement) -> Reread:
    """Examine a movement for whoever opened the page; where it cannot be kept, it is shown all the same.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    with st.spinner("All listings are compared with those that moved."):
        report = examine(visit.snapshot, movement, visit.now)
    by = _by()
    try:
        number = _keep(visit, report, by)
    except StorageError as error:
        st.warning(plain(str(error)), title="Shown, and not kept")
        number = NOT_KEPT
    return Reread(number, by, report)


def examined(visit: Visit, movement: Movement) -> int:
    """Examine a movement and keep the report; return its number.

    Raises:
        StorageError: a file cannot be read or written.
    """
    return _keep(visit, examine(visit.snapshot, movement, visit.now), _by())


def _by() -> str:
    who = person.current()
    return who.name if who else ""


def _keep(visit: Visit, report: Report, by: str) -> int:
    reports = Reports(visit.settings.desk_path)
    return reports.keep(report.movement.key, to_json(report), by=by, now=visit.now)


@person.signed
def _again(visit: Visit, movement: Movement) -> None:
    def examine_again() -> None:
        number = examined(visit, movement)
        if st.query_params.get(ways.REPORT):
            address.change(ways.REPORT, str(number))

    notices.write(examine_again, "Examined again; both reports are kept.")


def _latest(visit: Visit) -> None:
    """List the reports that were kept last; the way to them and to a first one."""
    st.caption(
        f"{NEVER_WHY} Ask with *Why?* beside a day of far more held, below a bar of the books, on a card, in an alert, "
        "or of ticked listings on the worklist."
    )
    for kept in Reports(visit.settings.desk_path).latest(MOST_LISTED):
        one = reread.numbered(Reports(visit.settings.desk_path), kept.number)
        if one:
            said = words.brief(one.report, visit.label) or words.outcome_words(one.report, visit.label).rstrip(".")
            label = f"{capital(words.heading(one.report, visit.zone))}: {said} ›"
            nav.link(ways.PAGE, plain(label), {ways.REPORT: str(one.number)})


def _report(visit: Visit, kept: Reread) -> None:
    report = kept.report
    _head(visit, kept)
    st.markdown(f"### {plain(words.outcome_words(report, visit.label))}", anchors=False)
    for number, finding in enumerate(report.findings, 1):
        if number > 1:
            st.markdown(f"**Also goes with {plain(words.finding_words(finding, visit.label))}**")
        found.draw(visit, kept, number)
    _evidence(visit, report)
    chain_chart.draw(visit, report)
    if kept.number != NOT_KEPT:
        _before(visit, kept)
    st.caption(NEVER_WHY)


def _head(visit: Visit, kept: Reread) -> None:
    """Draw what moved and when, what the numbers may speak for, the files, and the button that asks anew."""
    report = kept.report
    st.markdown(f"**{plain(capital(words.heading(report, visit.zone)))}** · {plain(_where(visit, report))}")
    if kept.number == NOT_KEPT:
        st.caption(plain(f"{capital(words.read_words(report, visit.zone))}, not kept."))
        return
    by = f" by {kept.by}" if kept.by else " by the worker"
    st.caption(plain(f"{capital(words.read_words(report, visit.zone))}{by}, report {kept.number}."))
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="report-files"):
        for name, kind in (("Markdown", "md"), ("CSV", "csv"), ("JSON", "json")):
            what = {"md": "The report to read", "csv": "The listings, those on sale too", "json": "All that went in"}
            path = f"/causes.{kind}?{urlencode({ways.REPORT: kept.number})}"
            st.link_button(name, path, key=f"report-{kind}", help=what[kind])
        if visit.view.as_of is None:
            st.button("Examine again", key="examine-again", on_click=_again, args=(visit, report.movement))


def _where(visit: Visit, report: Report) -> str:
    stores = report.movement.stores
    if stores is None:
        return "all stores"
    return ", ".join(visit.title_of(key) for key in stores)


def _evidence(visit: Visit, report: Report) -> None:
    """Draw who was compared, how much was looked at, what is not explained, and what was only counted."""
    lines = []
    if report.moved:
        if report.findings:
            lines.append(f"Not explained: {report.unexplained:,} of {report.moved:,}.")
        lines.append(f"{capital(words.base_words(report))}.")
        lines.append(f"{capital(words.looked_words(report))}.")
    lines += [f"{capital(line)}." for line in words.counted_words(report.counted, visit.label)]
    if report.weak:
        weak = "; ".join(f"{words.parts_words(one.parts, visit.label)} {one.k:,} of {one.n:,}" for one in report.weak)
        lines.append(f"Too weak to be named: {weak}.")
    if left_out := words.not_compared_words(report.not_compared, visit.label):
        lines.append(f"{capital(left_out)}.")
    if report.first_seen:
        counted = plural(report.first_seen, "listing")
        lines.append(f"Left out: {counted} that were there when their store was first read.")
    if lines:
        st.markdown("### How much evidence", anchors=False)
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _before(visit: Visit, kept: Reread) -> None:
    """Draw what this report says otherwise than the one of the same movement before it."""
    try:
        reports = Reports(visit.settings.desk_path)
        earlier, latest = reread.before(reports, kept), reread.newest(reports, kept.report.movement)
    except StorageError as error:
        st.caption(plain(str(error)))
        return
    if latest and latest.number > kept.number:
        made = moment(latest.report.made_at, visit.zone)
        nav.link(ways.PAGE, plain(f"Examined again since: report {latest.number} of {made} ›"), _of(latest))
    if earlier is None:
        return
    st.markdown("### Since it was examined before", anchors=False)
    lines = words.changed_lines(earlier.report, kept.report, visit.zone, visit.label)
    st.markdown("\n".join(f"- {plain(line.strip())}" for line in lines))
    made = moment(earlier.report.made_at, visit.zone)
    nav.link(ways.PAGE, plain(f"Report {earlier.number} of {made} ›"), _of(earlier))


def _of(kept: Reread) -> dict[str, str]:
    return {ways.REPORT: str(kept.number)}
