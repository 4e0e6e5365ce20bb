"""Tables that have their place before they are there: a browser fetches the script that draws them late."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

HEAD = 34
"""Pixels of the head of a table and its border, as Streamlit 1.67 draws them."""
ROW = 31
"""Pixels of a row, likewise."""
MOST_ROWS = 10
"""So many rows are shown at once; the others are scrolled to."""


def table(name: str, rows: pd.DataFrame, *, row_height: int = ROW, most_rows: int = MOST_ROWS, **ways: Any) -> Any:
    """Draw a table, and keep its place while it is fetched; return what `st.dataframe` returns.

    `name` is of its place and the only one on a page; `row_height` is in pixels; `ways` are passed on.
    """
    height = HEAD + row_height * min(len(rows), most_rows)
    with st.container(height=height, border=False, key=f"place-of-{name}"):
        return st.dataframe(rows, hide_index=True, row_height=row_height, height=height, **ways)
