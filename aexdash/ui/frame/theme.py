"""The theme in the reader's browser, and the style of what a theme cannot say."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

LOOK_FILE = Path(__file__).with_name("look.css")
"""The style that all pages share."""


def theme() -> str:
    """Return `light` or `dark`; light until the browser has reported its theme."""
    return "dark" if st.context.theme.type == "dark" else "light"
