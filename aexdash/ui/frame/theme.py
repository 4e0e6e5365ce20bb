"""The theme in the reader's browser."""

from __future__ import annotations

import streamlit as st


def theme() -> str:
    """Return `light` or `dark`; light until the browser has reported its theme."""
    return "dark" if st.context.theme.type == "dark" else "light"
