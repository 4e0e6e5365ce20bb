"""The way to the page of a report: a link beside a movement, which says what goes with it where that is known.

The address of the page names the movement, or a kept report by its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aexdash.address_words import read_moment
from aexdash.causes.kept import Reports
from aexdash.causes.movement import ABOUT, AFTER, UNTIL, WHAT, Movement, to_words
from aexdash.causes.report import Report
from aexdash.causes.reread import Reread, newest
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.query import Snapshot
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words import causes as words
from aexdash.words.common import capital, plain

PAGE = "causes"

REPORT = "report"
WORDS = (REPORT, WHAT, AFTER, UNTIL, ABOUT)
"""The words of the address: a kept report, or which moves, the span, and what was pointed at."""

LABEL = "Why? ›"

LONGEST_LINE = 110
"""Characters of a link that says a whole sentence."""

HELP = (
    "Which property goes with it, of how many listings, and whether it is new. It takes some seconds in a large store, "
    "and never says why."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a report by its number, or a movement; `trouble` says why it is neither."""

    number: int | None = None
    movement: Movement | None = None
    trouble: str = ""


def to_query(movement: Movement, view: View) -> dict[str, str]:
    """Write a movement of the stores of a view as words of the address."""
    return view.unfiltered().to_query() | to_words(movement)


def read(query: Mapping[str, str], stores: tuple[str, ...] | None, latest: datetime) -> Asked:
    """Read what an address asks for; a movement lies in some stores and ends at `latest` at the latest."""
    if number := query.get(REPORT, ""):
        known = number.isascii() and number.isdigit() and len(number) < 19
        return Asked(number=int(number)) if known else Asked(trouble=f"{number} is no number of a report.")
    if query.get(AFTER) or query.get(UNTIL):
        return _movement(query, stores, latest)
    return Asked()


def _movement(query: Mapping[str, str], stores: tuple[str, ...] | None, latest: datetime) -> Asked:
    what = query.get(WHAT) or What.HELD.value
    if what not in list(What):
        return Asked(trouble=f"{what} is no move that can be asked about; it can be {', '.join(What)}.")
    try:
        start, end = read_moment(query.get(AFTER, "")), read_moment(query.get(UNTIL, ""))
    except ValueError:
        return Asked(trouble="The span has no two moments; write them like 2026-03-09T12:00:00Z.")
    if not start < end <= latest:
        return Asked(trouble="The span has to end after it begins, and not after the moment of the page.")
    return Asked(movement=Movement(What(what), start, end, stores, about=query.get(ABOUT, "")[:20]))


def link(visit: Visit, movement: Movement, view: View | None = None) -> None:
    """Draw the link from a movement to its report: it says in short what goes with it where that was examined.

    `view` is of the stores of the movement, where these are not those of the page.
    """
    kept = _kept(visit, movement)
    label = plain(words.brief(kept.report, visit.label)) if kept else ""
    query = to_query(movement, view or visit.view)
    nav.link(PAGE, f"{label} ›" if label else LABEL, query, told=HELP)


def line(visit: Visit, movement: Movement) -> None:
    """Draw the link with the whole sentence, where there is room for it."""
    kept = _kept(visit, movement)
    said = plain(_said(visit, kept.report)) if kept else "Why? What goes with it"
    nav.link(PAGE, f"{capital(said)} ›", to_query(movement, visit.view), told=HELP)


def _said(visit: Visit, report: Report) -> str:
    """Return the sentence of a report; its short form where a value makes it longer than a link can be."""
    whole = words.outcome_words(report, visit.label).rstrip(".")
    return whole if len(whole) <= LONGEST_LINE else words.brief(report, visit.label) or whole


def is_named(visit: Visit, movement: Movement) -> bool:
    """Whether something is known to go with a movement."""
    kept = _kept(visit, movement)
    return kept is not None and kept.report.top is not None


def _kept(visit: Visit, movement: Movement) -> Reread | None:
    """Return the newest report; none where the desk cannot be read, which the page of the report says."""
    try:
        return visit.ask(_newest, movement)
    except StorageError:
        return None


def _newest(snapshot: Snapshot, movement: Movement) -> Reread | None:
    return newest(Reports(snapshot.desk_path), movement) if snapshot.desk_path else None
