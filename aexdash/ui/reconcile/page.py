"""What is on the page Reconcile, in order: Seller Center, the shop, what left sale, what sells."""

from __future__ import annotations

import streamlit as st

from aexdash.exports.beside_shop import DRIFTED
from aexdash.reconcile.kept import Reconciliations
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reconcile import ask, drifted, funnel, gone, on_sale, shown
from aexdash.words.common import plain
from aexdash.words.reconcile.comparison import kept_words

REPORT = "report"
"""The word of an address for the number of a comparison."""

MOST = 10
"""Earlier comparisons that are listed."""


def draw(visit: Visit) -> None:
    """Draw the page; where the address names a comparison, that comes before the form for another.

    What drifted from the shop, or the ids of a number below, come first where the address asks for them.
    """
    if DRIFTED in st.query_params:
        drifted.draw(visit)
    funnel.draw_opened(visit)
    st.markdown("## Compared with Seller Center", anchors=False)
    number = _number()
    if st.query_params.get(REPORT) and number is None:
        st.caption(":orange-badge[Address] The number of a comparison is written in digits, as in report=3.")
    if number is not None:
        shown.draw(visit, number)
        st.markdown("### Compare another list", anchors=False)
    ask.draw(visit)
    _earlier(visit, number)
    funnel.draw(visit)
    if DRIFTED not in st.query_params:
        drifted.summary(visit)
    gone.draw(visit)
    gone.expires(visit)
    on_sale.unsold(visit)
    on_sale.changed_again(visit)


def _number() -> int | None:
    word = st.query_params.get(REPORT, "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None


def _earlier(visit: Visit, number: int | None) -> None:
    st.markdown("### Earlier comparisons", anchors=False)
    try:
        kept = [one for one in Reconciliations(visit.settings.desk_path).latest(MOST + 1) if one.number != number]
    except StorageError as error:
        st.error(plain(str(error)))
        return
    if not kept:
        st.caption("Each comparison is kept here with its date, its list and what it came to.")
    with st.container(gap="xsmall", key="earlier-comparisons"):
        for one in kept[:MOST]:
            nav.link(
                "reconcile",
                f"{plain(kept_words(one, visit.zone, visit.titles))} ›",
                {**visit.kept(), REPORT: str(one.number)},
            )
