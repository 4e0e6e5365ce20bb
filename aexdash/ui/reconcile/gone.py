"""Which listings left sale lately, when, for where and with what stock; and which expire soon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from aexdash.clock import DAY
from aexdash.model import Status
from aexdash.snapshot.compared.expiring import Expiring
from aexdash.snapshot.compared.gone import Gone
from aexdash.snapshot.matched.report import StockThen
from aexdash.ui.frame import segments
from aexdash.ui.frame.charts import table
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import STATUS_WORDS, plain
from aexdash.words.reconcile.gone import (
    Asked,
    asked_of,
    ends_words,
    expiring_words,
    out_words,
    read_words,
    stock_then_words,
    stock_words,
    summary,
    when_words,
    where_words,
)

DAYS = "gone"
"""The word of an address for the days that are looked back."""

SPANS = {"1": "24 hours", "7": "7 days", "30": "30 days"}

SOON = 7
"""Days that are looked ahead."""

TWO_LINES = 57
"""The height of a row whose texts are written in two lines where they do not fit in one: Streamlit's tables break lines
in rows that are higher than four times the letters of the page."""

MOST_ROWS = 500
"""Listings that the page shows; the CSV has all."""


def draw(visit: Visit) -> None:
    """Draw the choice of the span, the sum, and the listings, the latest first."""
    asked = st.query_params.get(DAYS, "7")
    days = asked if asked in SPANS else "7"
    with st.container(horizontal=True, vertical_alignment="center", key="gone-head"):
        st.markdown("### Gone from sale", anchors=False, width="content")
        segments.draw(DAYS, "How far back", SPANS, days, "7")
    end = visit.moment
    start = end - int(days) * DAY
    compared = visit.snapshot.comparison(visit.view.store_keys)
    found, reads = compared.left_sale(start, end), compared.standings().reads(end, [Status.ACTIVE])
    st.markdown(plain(summary(found, start, end, reads, visit.zone, titles=visit.titles)))
    st.caption(plain(read_words(reads, start, visit.zone, visit.titles)))
    if not found:
        return
    then = visit.snapshot.beside_shops().stock_then([asked_of(one) for one in found])
    if out := out_words(found, then):
        st.markdown(plain(out))
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    rows = pd.DataFrame([_row(visit, one, then) for one in found[:MOST_ROWS]])
    table("gone", rows, alt="Listings that left sale, the latest first", row_height=TWO_LINES, column_config=_columns())
    st.link_button("CSV", f"/gone.csv?{urlencode({**visit.kept(), DAYS: days})}", key="gone-csv")


def expires(visit: Visit) -> None:
    """Draw which listings on sale expire soon; of a past moment nothing is drawn, because old dates are not kept."""
    if visit.view.as_of:
        return
    st.markdown("### Expires soon", anchors=False)
    now = visit.now
    asked = visit.snapshot.comparison(visit.view.store_keys)
    soon, reads = asked.expiring(now, now + SOON * DAY), asked.standings().reads(now, [Status.ACTIVE])
    st.markdown(plain(expiring_words(soon, SOON, reads, visit.zone, visit.titles)))
    if soon.listings:
        import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

        rows = pd.DataFrame([_expires(visit, one, now) for one in soon.listings[:MOST_ROWS]])
        table(
            "expiring", rows, alt="Listings on sale that expire soon, the earliest first", column_config=link_column()
        )
        st.link_button("CSV", f"/expiring.csv?{urlencode(visit.kept())}", key="expiring-csv")


def _expires(visit: Visit, one: Expiring, now: datetime) -> dict[str, str]:
    return {
        "Product id": str(one.product_id),
        "Title": one.title,
        "Expires": ends_words(one, now, visit.zone),
        "As AliExpress wrote it": one.raw,
        "Listing": address(one.store, one.product_id),
        "Store": visit.title_of(one.store),
    }


def link_column() -> dict[str, Any]:
    """Return how a table shows the way to each listing."""
    return {"Listing": st.column_config.LinkColumn(display_text="all we know ›", width="small")}


def _columns() -> dict[str, Any]:
    """Return the widths with which all columns but the store are in sight on a screen of 1280 pixels."""
    widths = {"Product id": 130, "Title": 200, "Where to": 120, "When": 205, "Stock when last read": 125}
    widths |= {"In the shop then": 125, "Now": 70}
    return {name: st.column_config.TextColumn(width=width) for name, width in widths.items()} | link_column()


def address(store: str, product_id: int) -> str:
    """Return the address at which all that is known of a listing stands."""
    return f"/worklist?{urlencode({'listing': f'{store}/{product_id}'})}"


def _row(visit: Visit, one: Gone, then: Mapping[Asked, StockThen]) -> dict[str, str]:
    in_shop = {"In the shop then": stock_then_words(then.get(asked_of(one)), visit.zone)} if then else {}
    return {
        "Product id": str(one.product_id),
        "Title": one.title,
        "Where to": where_words(one),
        "When": when_words(one, visit.zone),
        "Stock when last read": stock_words(one, visit.zone),
        **in_shop,
        "Now": STATUS_WORDS[one.now],
        "Listing": address(one.store, one.product_id),
        "Store": visit.title_of(one.store),
    }
