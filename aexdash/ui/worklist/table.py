"""The rows of the worklist as a table. Platform texts are plain cells: no Markdown, HTML or links in them work."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

import pandas as pd
import streamlit as st

from aexdash.reasons.remedies import distinct_reasons, figures, what_to_do
from aexdash.snapshot.readmodels import WorkRow
from aexdash.ui.frame import address
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import (
    AUDIT_WORDS,
    RESUBMIT_WORDS,
    STAGE_WORDS,
    day,
    held_back,
    held_for,
    in_status_since,
    link,
    price,
    says_who,
    status_words,
)

ROW_HEIGHT = 58
"""Pixels. Streamlit wraps texts only in rows higher than 4 rem, so *What to do* can be read without opening a row."""

HEADER_HEIGHT = 34
ROWS_IN_SIGHT = 10
_PICKED = "_picked"
_CLICKED = "open-clicked"

MONEY = "Held back a day"
IN_STATUS = "In this status since"

COLUMNS = (
    "Open",
    "Picture",
    "Title",
    "Why",
    "What to do",
    "Resubmit",
    "Says who",
    "Status",
    "Held for",
    MONEY,
    IN_STATUS,
    "Product id",
    "Measured",
    "Audit",
    "Rejections",
    "Stage",
    "Owner",
    "SKUs",
    "Category",
    "Price",
    "Edit",
    "Public page",
)


def draw(visit: Visit, rows: Sequence[WorkRow]) -> list[WorkRow]:
    """Draw one page of rows; return those that are ticked.

    Ticks belong to listings, not to positions: when the rows change, a new table is drawn and each listing that is
    still there keeps its tick.
    """
    key = f"rows-{_fingerprint(rows)}"
    st.session_state["_rows_shown"] = [(row.store, row.product_id) for row in rows]
    event = st.dataframe(
        frame(visit, rows),
        key=key,
        hide_index=True,
        placeholder="",
        column_order=_in_order(visit.view.order),
        height=min(len(rows), ROWS_IN_SIGHT) * ROW_HEIGHT + HEADER_HEIGHT,
        row_height=ROW_HEIGHT,
        column_config=_column_config(),
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": _still_picked(rows), "columns": [], "cells": []}},
        alt="Listings of this view: why, what to do, whether to resubmit, and since when",
    )
    picked = [rows[index] for index in event["selection"]["rows"] if index < len(rows)]
    st.session_state[_PICKED] = {(row.store, row.product_id) for row in picked}
    return picked


def _in_order(order: str) -> list[str]:
    """Return the columns in order; when rows are sorted by money, that column moves to where it can be seen."""
    shown = list(COLUMNS)
    if order == "money":
        shown.remove(MONEY)
        shown.insert(shown.index("Title") + 1, MONEY)
    return shown


def _still_picked(rows: Sequence[WorkRow]) -> list[int]:
    picked = st.session_state.get(_PICKED, set())
    return [index for index, row in enumerate(rows) if (row.store, row.product_id) in picked]


def _fingerprint(rows: Sequence[WorkRow]) -> str:
    ids = ",".join(f"{row.store}/{row.product_id}" for row in rows)
    return hashlib.blake2s(ids.encode(), digest_size=6).hexdigest()


def frame(visit: Visit, rows: Sequence[WorkRow]) -> pd.DataFrame:
    """Return the rows as a table with `COLUMNS`; product ids are text."""
    return pd.DataFrame([_cells(visit, row) for row in rows], columns=list(COLUMNS))


def _cells(visit: Visit, row: WorkRow) -> tuple[str | int | list[str] | None, ...]:
    store = visit.store_of(row.store)
    return (
        "Open ›",
        f"/pictures/{row.thumbnail}" if row.thumbnail else None,
        row.title or "(no title)",
        " · ".join([visit.label(reason.code) for reason in distinct_reasons(row)]),
        " · ".join(what_to_do(row, visit.taxonomy)),
        [RESUBMIT_WORDS[row.resubmit]] if row.resubmit else [],
        says_who(row, store),
        status_words(row),
        held_for(row),
        held_back(row),
        in_status_since(row),
        str(row.product_id),
        " · ".join(figures(row, visit.taxonomy)),
        AUDIT_WORDS.get(row.audit_kind or "", row.audit_kind or ""),
        row.attempt,
        _stage(row, visit.zone),
        row.owner,
        ", ".join(row.sku_codes),
        row.category or (str(row.category_id) if row.category_id else ""),
        price(row.price_min, row.price_max, row.currency),
        link(store.edit_url, row.product_id) if store else None,
        link(store.item_url, row.product_id) if store else None,
    )


def _stage(row: WorkRow, zone: tzinfo) -> str:
    words = STAGE_WORDS[row.stage]
    return f"{words} until {day(row.snoozed_until, zone)}" if row.snoozed_until and row.stage == "snoozed" else words


def _column_config() -> dict[str, Any]:
    column = st.column_config
    return {
        "Open": column.ButtonColumn("", key=_CLICKED, on_click=_open_clicked, type="tertiary", width=54, pinned=True),
        "Picture": column.ImageColumn("", width=56, help="From our own cache of thumbnails"),
        "Title": column.TextColumn(width=170),
        "Why": column.TextColumn(width=165),
        "Resubmit": column.MultiselectColumn(
            width=145,
            options=list(RESUBMIT_WORDS.values()),
            color=["orange", "green"],
            help="Whether what we measured at the rejection still stands",
        ),
        "Status": column.TextColumn(width=72),
        "Held for": column.TextColumn(
            width=75,
            help="Rejected or in audit without a break, from the first reading that showed it so up to the last one; "
            "resubmitting does not end it. ≥ when it was held already when we first looked",
        ),
        IN_STATUS: column.TextColumn(
            width=150,
            help="UTC, the first reading that showed it in this status; a resubmission or a verdict begins anew",
        ),
        MONEY: column.TextColumn(
            width=125,
            alignment="right",
            help="Paid orders of the 30 days before it was held, units × unit price: from the mean of all 30 days to "
            "that of the last 7, the lower first",
        ),
        "What to do": column.TextColumn(width=230),
        "Measured": column.TextColumn(width=120),
        "Says who": column.TextColumn(width=132),
        "Product id": column.TextColumn(width=150),
        "Audit": column.TextColumn(width=100),
        "Rejections": column.NumberColumn(width=80, help="How often AliExpress rejected this listing so far"),
        "Stage": column.TextColumn(width=110),
        "Owner": column.TextColumn(width=90),
        "SKUs": column.TextColumn(width=120),
        "Category": column.TextColumn(width=150),
        "Price": column.TextColumn(width=110, alignment="right"),
        "Edit": column.LinkColumn("Edit", display_text="Seller Center ↗", width=110),
        "Public page": column.LinkColumn("Public page", display_text="AliExpress ↗", width=100),
    }


def _open_clicked() -> None:
    click = st.session_state[_CLICKED]
    shown = st.session_state["_rows_shown"]
    if click is not None and click["row"] < len(shown):
        address.open_(*shown[click["row"]])
