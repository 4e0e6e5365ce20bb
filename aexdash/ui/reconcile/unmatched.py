"""What could not be matched between the shop and AliExpress: a row for each SKU and each listing, none left out."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from aexdash.reconcile.funnel import Funnel
from aexdash.reconcile.unmatched import Unmatched, unmatched
from aexdash.ui.frame.charts import table
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reconcile.gone import MOST_ROWS, TWO_LINES, address, link_column
from aexdash.words.common import STATUS_WORDS, plain, plural
from aexdash.words.reconcile.funnel import settle_words, unmatched_words, why_unmatched


def draw(visit: Visit, funnel: Funnel) -> None:
    """Draw the sum and the rows: what somebody has to settle first."""
    found = unmatched(funnel)
    st.markdown("### Not matched", anchors=False)
    st.markdown(plain(unmatched_words(found)))
    if not found.rows:
        return
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    rows = pd.DataFrame([_row(visit, one) for one in found.rows[:MOST_ROWS]])
    table(
        "unmatched",
        rows,
        alt="SKUs of the shop that are no listing for sure, and listings that are no SKU for sure",
        row_height=TWO_LINES,
        column_config=_columns(),
    )
    with st.container(horizontal=True, vertical_alignment="center", key="unmatched-acts"):
        st.link_button("CSV", f"/unmatched.csv?{urlencode(visit.kept())}", key="unmatched-csv")
        if len(found.rows) > MOST_ROWS:
            st.caption(f"The first {MOST_ROWS:,} of {plural(len(found.rows), 'row')}; the CSV has all.")


def _columns() -> dict[str, object]:
    widths = {"SKU": 110, "Side": 110, "Title": 180, "Why not matched": 160, "May be": 110, "What to do": 215}
    widths |= {"Product id": 130}
    return {name: st.column_config.TextColumn(width=width) for name, width in widths.items()} | link_column()


def _row(visit: Visit, one: Unmatched) -> dict[str, str]:
    if one.is_sku:
        side = f"{one.shop}, {one.state.value if one.state else 'not known'}"
    else:
        side = f"AliExpress, {STATUS_WORDS[one.status] if one.status else 'not known'}"
    listing = one.product_id if one.product_id is not None else int(one.candidates[0]) if one.candidates else None
    return {
        "SKU": one.sku or one.variant_id or "–",
        "Side": side,
        "Title": one.title,
        "Why not matched": why_unmatched(one),
        "May be": ", ".join(one.candidates) or "–",
        "What to do": settle_words(one),
        "Product id": str(one.product_id) if one.product_id is not None else "–",
        "Listing": "" if listing is None else address(one.store, listing),
        "Store": visit.title_of(one.store),
    }
