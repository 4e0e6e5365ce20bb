"""What a comparison came to: its sum, what it speaks for, and each difference by its reason, with links."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from aexdash.people.acting import why_not
from aexdash.people.rights import Role
from aexdash.reconcile import examine
from aexdash.reconcile.kept import Reconciliations
from aexdash.reconcile.model import Difference, Outcome, Reconciliation, Why
from aexdash.storage.errors import StorageError
from aexdash.ui.frame.charts import table
from aexdash.ui.frame.person import signed
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reconcile.ask import keep
from aexdash.ui.reconcile.gone import TWO_LINES
from aexdash.words.common import plain
from aexdash.words.listings.listing import link
from aexdash.words.reconcile.comparison import (
    KIND_WORDS,
    NUMBERS_ONLY,
    TO_DO,
    WAITS,
    about_words,
    bridge_words,
    by_class,
    claim_words,
    class_words,
    counted_words,
    difference_words,
    heading,
    status_words,
)

MOST_ROWS = 1_000
"""Differences of one reason that a page shows; the CSV has all."""

AGAIN = "The same list at the same moment, with all that has been read since. This one is kept as it is."

SIGNS = {
    Outcome.AGREES: ":green-badge[✓ Agrees]",
    Outcome.PART: ":gray-badge[Agrees in part]",
    Outcome.EXPLAINED: ":blue-badge[Explained]",
    Outcome.WAITING: ":gray-badge[Next reading tells]",
    Outcome.POSSIBLE: ":gray-badge[Perhaps explained]",
    Outcome.UNEXPLAINED: ":orange-badge[▲ Not all explained]",
    Outcome.NOT_KNOWN: ":gray-badge[Not known]",
}


def draw(visit: Visit, number: int) -> None:
    """Draw a comparison by its number."""
    try:
        result = Reconciliations(visit.settings.desk_path).get(number)
    except StorageError as error:
        st.error(plain(str(error)))
        return
    if result is None:
        st.caption(f":orange-badge[Address] There is no comparison {number} that this version can read.")
        return
    with st.container(border=True, gap="xsmall", key="comparison"):
        _sum(visit, result)
        _acts(visit, number, result)
    for note in result.notes:
        st.caption(plain(note))
    for why, several in by_class(result).items():
        _class(visit, why, several)


def _sum(visit: Visit, result: Reconciliation) -> None:
    st.markdown(f"### {plain(heading(result, visit.zone))}", anchors=False)
    st.markdown(f"{SIGNS[result.outcome]} {plain(about_words(result, visit.zone))}")
    for bridge in result.bridges:
        st.markdown(f"**{plain(bridge_words(bridge, zone=visit.zone))}**")
    if result.numbers and any(bridge.steps for bridge in result.bridges):
        st.caption(NUMBERS_ONLY)
    claim = plain(claim_words(result, visit.zone))
    if result.outcome is Outcome.NOT_KNOWN:
        st.markdown(f"{claim} Bring a list of a moment that was read.")
    else:
        st.caption(claim if result.numbers else f"{plain(counted_words(result))} · {claim}")


def _acts(visit: Visit, number: int, result: Reconciliation) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="comparison-acts"):
        refused = why_not(Role.OPERATOR, result.scope)
        st.button(
            "Compare again",
            key="compare-again",
            on_click=_again,
            args=(visit, result),
            disabled=bool(refused),
            help=plain(refused) or AGAIN,
        )
        for ending, label in (("csv", "CSV"), ("md", "Text"), ("json", "JSON")):
            st.link_button(label, f"/reconcile.{ending}?{urlencode({'report': number})}")


@signed
def _again(visit: Visit, result: Reconciliation) -> None:
    keep(visit, lambda: examine.again(visit.snapshot, result, visit.now, pulse=visit.settings.pulse))


def _class(visit: Visit, why: Why, several: Sequence[Difference]) -> None:
    sure = any(one.reason.sure for one in several)
    with st.expander(plain(class_words(why, several)), expanded=why is Why.UNEXPLAINED or len(several) <= 20):
        st.caption(f"What to do: {TO_DO[why] if sure else WAITS}")
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        rows = pd.DataFrame([_row(visit, one) for one in several[:MOST_ROWS]])
        table(
            f"of-{why}",
            rows,
            alt=f"What differs: {class_words(why, several)}",
            row_height=TWO_LINES,
            column_config={
                "Product id": st.column_config.TextColumn(width=130),
                "Differs": st.column_config.TextColumn(width=95),
                "There": st.column_config.TextColumn(width=80),
                "Here": st.column_config.TextColumn(width=80),
                "Title": st.column_config.TextColumn(width=240),
                "Listing": st.column_config.LinkColumn(display_text="all we know ›", width="small"),
                "Seller Center": st.column_config.LinkColumn(display_text="open ↗", width="small"),
                "Why": st.column_config.TextColumn(width=370),
            },
        )
        if len(several) > MOST_ROWS:
            st.caption(f"The first {MOST_ROWS:,} of {len(several):,}; the CSV has all.")


def _row(visit: Visit, one: Difference) -> dict[str, str]:
    store = visit.store_of(one.store)
    known = one.product_id is not None and store is not None
    return {
        "Product id": str(one.product_id) if one.product_id is not None else one.written,
        "Differs": KIND_WORDS[one.kind],
        "There": status_words(one.theirs),
        "Here": status_words(one.ours),
        "Why": difference_words(one, visit.zone),
        "Listing": f"/worklist?{urlencode({'listing': f'{one.store}/{one.product_id}'})}" if known else "",
        "Seller Center": (store and one.product_id is not None and link(store.edit_url, one.product_id)) or "",
        "Title": one.title,
        "Store": visit.title_of(one.store) if one.store else "–",
        "Row": str(one.row) if one.row else "–",
    }
