"""*In common?*: ticked listings are compared with all others, and the page of the report is opened.

And the line above a list of what shares a finding: which report names it, and the way back to that.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.causes import reread
from aexdash.causes.kept import Reports
from aexdash.causes.movement import Movement
from aexdash.clock import DAY
from aexdash.snapshot.compared.listings import What
from aexdash.storage.errors import StorageError
from aexdash.ui.causes import page, ways
from aexdash.ui.frame import nav, notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.words import causes as words
from aexdash.words.common import moment, plain

_MADE = "_report-made"
"""The session's key for the number of the report that a press has just made."""

HELP = (
    "What do these have in common? Compares the ticked listings with all others of their stores: which property goes "
    "with them, and how surely."
)


def draw(visit: Visit, keys: Sequence[tuple[str, int]], *, disabled: bool) -> None:
    """Draw the button for listings given as (store key, product id); after a press, go to the report."""
    if number := st.session_state.pop(_MADE, None):
        nav.lead_to(ways.PAGE, {ways.REPORT: str(number)})
    st.button("In common?", key="in-common", on_click=_ask, args=(visit, tuple(keys)), disabled=disabled, help=HELP)


@person.signed
def _ask(visit: Visit, keys: tuple[tuple[str, int], ...]) -> None:
    def ask() -> None:
        stores = tuple(sorted({store for store, _ in keys}))
        end = visit.reach().readings
        at = max((one.read_at for one in end if one.read_at), default=visit.now)
        movement = Movement(What.HELD, at - DAY, at, stores, keys, about="listings")
        st.session_state[_MADE] = page.examined(visit, movement)

    notices.write(ask, "Compared; the report is kept.")


def head(visit: Visit) -> None:
    """Draw what the listings of a view share, and the way to the report that names it; nothing for another view."""
    if not visit.view.shares:
        return
    number, _, which = visit.view.shares.partition(".")
    try:
        kept = reread.numbered(Reports(visit.settings.desk_path), int(number))
    except StorageError as error:
        st.caption(plain(str(error)))
        return
    if kept is None or len(kept.report.findings) < int(which):  # the page has refused the address before this
        return
    finding = kept.report.findings[int(which) - 1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="shares-head"):
        shared = words.parts_words(finding.found.slice.parts, visit.label)
        st.markdown(
            f"They share **{plain(shared)}** with what moved, as examined {moment(kept.report.made_at, visit.zone)}",
            width="content",
        )
        nav.link(ways.PAGE, f"Report {number} ›", {ways.REPORT: number})
