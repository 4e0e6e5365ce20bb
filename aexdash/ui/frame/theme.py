"""The theme in the reader's browser."""

from __future__ import annotations

import streamlit as st


def theme() -> str:
    """Light or dark; light while the browser has not said."""
    return "dark" if st.context.theme.type == "dark" else "light"
