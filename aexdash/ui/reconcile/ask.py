"""What is brought to be compared: a file that is dropped in, copied ids, or a number a tab; and the moment it is of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from aexdash.model import Status
from aexdash.people.rights import Role
from aexdash.reconcile import examine
from aexdash.reconcile.examine import NotComparable
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.lists import of_tables, of_text
from aexdash.reconcile.model import Reconciliation, TheirList
from aexdash.sources.errors import SourceError
from aexdash.storage.errors import StorageError
from aexdash.ui.files import brought_file, drop_zone
from aexdash.ui.files.brought_file import FileRead
from aexdash.ui.frame import address, segments
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import capital, of_zone, plain, plural, without_home
from aexdash.words.reconcile.comparison import listed_words

WITH = "with"
"""The word of an address for what somebody has at hand."""

WAYS = {"file": "A file", "ids": "Copied ids", "numbers": "Numbers"}

TABS: dict[str, tuple[Status, ...]] = {
    "held": (Status.REJECTED, Status.AUDITING),
    "rejected": (Status.REJECTED,),
    "auditing": (Status.AUDITING,),
    "active": (Status.ACTIVE,),
    "offline": (Status.OFFLINE,),
    "all": (Status.REJECTED, Status.AUDITING, Status.ACTIVE, Status.OFFLINE),
}
"""What their list shows, by word."""

TYPED = ("rejected", "auditing", "held", "active", "offline")
"""The tabs whose number can be typed in."""

LARGEST = 10_000_000

_FILE, _TROUBLE = "_list-brought", "_reconcile-trouble"
_TAB, _AT, _IDS = "their-tab", "their-moment", "their-ids"


@dataclass(frozen=True)
class Brought:
    """A file that was dropped in: as it was read, and the list in it; None while its code page is not clear."""

    read: FileRead
    theirs: TheirList | None


def draw(visit: Visit) -> None:
    """Draw the choice of what is at hand, and its form; who may compare nothing is told so in its place."""
    if refused := visit.why_not(Role.OPERATOR):
        st.caption(f"Operators bring lists and numbers of Seller Center here to be compared. {plain(refused)}")
        return
    way = st.query_params.get(WITH, "file")
    way = way if way in WAYS else "file"
    st.caption(
        "What does Seller Center list, and do we have the same? Export or copy a list there, or read off what a tab "
        "counts, and bring it here with its moment: each difference is named by id, with the one reason that holds."
    )
    if trouble := st.session_state.pop(_TROUBLE, ""):
        st.error(trouble)
    segments.draw(WITH, "What you have", WAYS, way, "file")
    {"file": _file, "ids": _ids, "numbers": _numbers}[way](visit)


def _about(visit: Visit, *, tab: bool) -> None:
    """Ask what the list shows and of which moment it is."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="about-their-list"):
        if tab:
            st.selectbox("Their list shows", list(TABS), format_func=_tab_words, key=_TAB, width=240)
        st.datetime_input(
            f"Read or exported at{of_zone(visit.zone) or ' (UTC)'}",
            value=_wall(visit, visit.view.as_of) if visit.view.as_of else None,
            max_value=_wall(visit, visit.now),
            step=60,
            key=_AT,
            width=240,
            help="Empty: just now. Ours of that moment is compared, so a list of this morning needs its time.",
        )


def _tab_words(tab: str) -> str:
    if tab == "all":
        return "All of these"
    return "Held: rejected and in audit" if tab == "held" else capital(listed_words(TABS[tab]))


def _wall(visit: Visit, at: datetime) -> datetime:
    return at.astimezone(visit.zone).replace(tzinfo=None, second=0, microsecond=0)


def _moment(visit: Visit) -> datetime:
    picked: datetime | None = st.session_state.get(_AT)
    return picked.replace(tzinfo=visit.zone).astimezone(UTC) if picked else visit.moment


def _file(visit: Visit) -> None:
    brought: Brought | None = st.session_state.get(_FILE)
    if brought is None:
        drop_zone.draw("A list of Seller Center (CSV, XLS or XLSX) with product ids or SKUs", "their-list", _read)
    elif brought.theirs is None:
        brought_file.ask_code_page(brought.read, "their-list", _read)
        st.button("Another file", key="another-list", on_click=_put_away)
    else:
        _ready(visit, brought.theirs)


def _read(name: str, content: bytes, code_page: str | None = None) -> None:
    try:
        read = brought_file.read_file(name, content, code_page)
        theirs = of_tables(name, read.tables) if read.tables else None
    except SourceError as error:
        st.session_state[_TROUBLE] = plain(str(error))
        _put_away()
    else:
        st.session_state[_FILE] = Brought(read, theirs)


def _put_away() -> None:
    st.session_state.pop(_FILE, None)


def _ready(visit: Visit, theirs: TheirList) -> None:
    told = sum(row.status is not None for row in theirs.rows)
    statuses = f", {told:,} of them with a status" if told else ", none with a status"
    with st.container(horizontal=True, vertical_alignment="center", key="brought-list"):
        words = f"**{plain(theirs.source)}** :gray[{plural(len(theirs.rows), 'row')}{statuses}]"
        st.markdown(words, width="content")
        st.button("Another file", key="another-list", on_click=_put_away)
    for note in theirs.notes:
        st.caption(plain(note))
    _about(visit, tab=True)
    st.button("Compare", key="compare-list", type="primary", on_click=_compare_file, args=(visit, theirs))


def _compare_file(visit: Visit, theirs: TheirList) -> None:
    _compare_list(visit, theirs, str(st.session_state[_TAB]), _moment(visit))


def _ids(visit: Visit) -> None:
    _about(visit, tab=True)
    st.text_area(
        "Product ids",
        key=_IDS,
        height=140,
        placeholder="1005006123456789\n1005006123456790 …  one a line, or whole rows copied from the table",
        label_visibility="collapsed",
    )
    st.button("Compare", key="compare-ids", type="primary", on_click=_compare_ids, args=(visit,))


def _compare_ids(visit: Visit) -> None:
    try:
        theirs = of_text(str(st.session_state[_IDS]))
    except SourceError as error:
        st.session_state[_TROUBLE] = plain(str(error))
        return
    _compare_list(visit, theirs, str(st.session_state[_TAB]), _moment(visit))


def _numbers(visit: Visit) -> None:
    _about(visit, tab=False)
    with st.container(horizontal=True, vertical_alignment="bottom", key="their-numbers"):
        for tab in TYPED:
            label = "Both together" if tab == "held" else capital(listed_words(TABS[tab]))
            st.number_input(
                label,
                min_value=0,
                max_value=LARGEST,
                value=None,
                step=1,
                key=f"their-{tab}",
                width=150,
                placeholder="–",
            )
    st.button("Compare", key="compare-numbers", type="primary", on_click=_compare_numbers, args=(visit,))


def _compare_numbers(visit: Visit) -> None:
    typed = {TABS[tab]: int(st.session_state[f"their-{tab}"]) for tab in TYPED if _is_typed(tab)}
    _compare_typed(visit, typed, _moment(visit))


def _is_typed(tab: str) -> bool:
    return st.session_state.get(f"their-{tab}") is not None


@signed
def _compare_list(visit: Visit, theirs: TheirList, tab: str, at: datetime) -> None:
    keep(
        visit,
        lambda: examine.of_list(
            visit.snapshot, theirs, listed=TABS[tab], at=at, scope=visit.view.store_keys, now=visit.now
        ),
    )


@signed
def _compare_typed(visit: Visit, typed: dict[tuple[Status, ...], int], at: datetime) -> None:
    scope, pulse = visit.view.store_keys, visit.settings.pulse
    keep(
        visit,
        lambda: examine.of_numbers(visit.snapshot, typed, at=at, scope=scope, now=visit.now, pulse=pulse),
    )


def keep(visit: Visit, compare: Callable[[], Reconciliation]) -> None:
    """Compare, keep what came of it and show it; where that fails, the page says why."""
    try:
        number = Reconciliations(visit.settings.desk_path).keep(compare(), by=my_name())
    except (NotComparable, StorageError) as error:
        st.session_state[_TROUBLE] = plain(without_home(str(error)))
    else:
        _put_away()
        address.change("report", str(number))
