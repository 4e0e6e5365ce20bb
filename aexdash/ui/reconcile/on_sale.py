"""What is on sale and sells nothing, and what was changed again after it was approved."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

import streamlit as st

from aexdash.clock import DAY
from aexdash.model import Status
from aexdash.snapshot.compared.changed_again import ChangedAgain
from aexdash.snapshot.compared.unsold import Unsold
from aexdash.ui.frame import segments
from aexdash.ui.frame.charts import table
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reconcile.gone import MOST_ROWS, address, link_column
from aexdash.words.common import plain
from aexdash.words.reconcile.on_sale import (
    EDITS,
    again_words,
    approved_words,
    changed_words,
    pieces_words,
    since_words,
    sold_words,
    unsold_words,
)

UNSOLD, CHANGED = "unsold", "changed"
"""The words of an address for the days without a sale, and for those in which a listing was approved."""

SPANS = ("7", "30", "60")
WORDS = {UNSOLD: "for {} days", CHANGED: "in {} days"}
"""How a span is called in each, so that no two choices of the page are called the same."""


def unsold(visit: Visit) -> None:
    """Draw what sells nothing; of a past moment nothing, because it is not kept how far orders were read then."""
    if visit.view.as_of:
        return
    days = _head("Sells nothing", UNSOLD)
    now = visit.now
    asked = visit.snapshot.comparison(visit.view.store_keys)
    stores, reads = asked.unsold(now, days), asked.standings().reads(now, [Status.ACTIVE])
    st.markdown(plain(unsold_words(stores, days, reads, visit.zone, visit.titles)))
    found = [(one, store.until) for store in stores for one in store.listings if store.until]
    if not found:
        return
    found.sort(key=lambda pair: -pair[0].units_before)
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    rows = pd.DataFrame([_unsold(visit, one, until) for one, until in found[:MOST_ROWS]])
    table(
        "unsold",
        rows,
        alt="Listings on sale that sold nothing, those first that sold before",
        column_config=link_column(),
    )
    st.link_button("CSV", f"/unsold.csv?{urlencode({**visit.kept(), UNSOLD: days})}", key="unsold-csv")


def changed_again(visit: Visit) -> None:
    """Draw what was approved lately and changed since; of a past moment nothing, because edits are known of now."""
    if visit.view.as_of:
        return
    days = _head("Changed after approval", CHANGED)
    end = visit.now
    start = end - days * DAY
    asked = visit.snapshot.comparison(visit.view.store_keys)
    found, reads = asked.changed_again(start, end), asked.standings().reads(end, [Status.ACTIVE])
    st.markdown(plain(changed_words(found, start, end, reads, visit.zone, titles=visit.titles)))
    if not found:
        return
    st.caption(EDITS)
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    rows = pd.DataFrame([_changed(visit, one) for one in found[:MOST_ROWS]])
    table(
        "changed-again",
        rows,
        alt="Listings changed after their approval, the latest first",
        column_config=link_column(),
    )
    st.link_button("CSV", f"/changed-again.csv?{urlencode({**visit.kept(), CHANGED: days})}", key="changed-again-csv")


def _head(heading: str, word: str) -> int:
    asked = st.query_params.get(word, "30")
    days = asked if asked in SPANS else "30"
    with st.container(horizontal=True, vertical_alignment="center", key=f"{word}-head"):
        st.markdown(f"### {heading}", anchors=False, width="content")
        spans = {span: WORDS[word].format(span) for span in SPANS}
        segments.draw(word, f"{heading}: days", spans, days, "30")
    return int(days)


def _unsold(visit: Visit, one: Unsold, until: datetime) -> dict[str, str]:
    return {
        "Product id": str(one.product_id),
        "Title": one.title,
        "On sale": since_words(one, until, visit.zone),
        "Last sale": sold_words(one, visit.zone),
        "Stock when last read": pieces_words(one, visit.zone),
        "Listing": address(one.store, one.product_id),
        "Store": visit.title_of(one.store),
    }


def _changed(visit: Visit, one: ChangedAgain) -> dict[str, str]:
    return {
        "Product id": str(one.product_id),
        "Title": one.title,
        "Approved": approved_words(one, visit.zone),
        "Then": again_words(one, visit.zone),
        "Listing": address(one.store, one.product_id),
        "Store": visit.title_of(one.store),
    }
