"""Asks which column of a validation file holds what, once for each set of headings; starts from a guess."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import streamlit as st

from aexdash.desk.feed_columns import FeedDesk
from aexdash.sources.feedonomics import FeedColumns, guess
from aexdash.sources.tables import Table
from aexdash.ui.frame.visit import Visit
from aexdash.ui.reasons.import_columns import Headings, heading_sets
from aexdash.words.common import plain

FeedColumnMaps = Mapping[Headings, FeedColumns]
"""The columns of each set of headings; only sets that can be read."""

LABELS = {
    "sku": "SKU",
    "severity": "Severity",
    "message": "Message",
    "code": "Code",
    "attribute": "Attribute",
    "date": "Date",
}


def pick(visit: Visit, tables: Sequence[Table]) -> FeedColumnMaps:
    """Draw the columns of each set of headings; return the sets from which rejected SKUs can be read.

    Raises:
        StorageError: the remembered columns cannot be read.
    """
    desk = FeedDesk(visit.settings.desk_path)
    chosen = {headings: _ask(headings, sheets, desk) for headings, sheets in heading_sets(tables).items()}
    return {headings: columns for headings, columns in chosen.items() if columns.complete}


def _ask(headings: Headings, sheets: Sequence[str], desk: FeedDesk) -> FeedColumns:
    remembered = desk.columns_for(headings)
    start = remembered or guess(headings)
    key = hashlib.blake2s("\n".join(headings).encode(), digest_size=6).hexdigest()
    with st.container(border=True, gap="small", key=f"feed-columns-{key}"):
        named = ", ".join(plain(sheet) for sheet in sheets if sheet) or "Columns"
        origin = "as mapped before" if remembered else "guessed from its headings"
        st.markdown(f"**{named}** :gray[:small[{origin}]]")
        with st.container(horizontal=True, gap="small"):
            picked = {
                role: _one(label, headings, getattr(start, role), f"feed-{role}-{key}")
                for role, label in LABELS.items()
            }
        columns = FeedColumns(**picked)
        if not columns.complete:
            st.caption(f":orange-badge[Left out] {_lacking(columns)}")
    return columns


def _one(label: str, headings: Headings, start: str | None, key: str) -> str | None:
    options = ["", *filter(None, headings)]
    index = options.index(start) if start and start in headings else 0
    return (
        st.selectbox(label, options, index=index, key=key, format_func=lambda name: name or "none", width=170) or None
    )


def _lacking(columns: FeedColumns) -> str:
    if not columns.sku:
        return "Choose the column with the SKU to read this sheet."
    return "Choose the severity, the message or the code: without one of them nobody can tell what was rejected."
