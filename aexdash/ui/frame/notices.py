"""Short notices of what a click has done.

A callback may not draw while only a part of the page runs again, so it leaves its notice for the part to show.
"""

from __future__ import annotations

import streamlit as st

_LEFT = "_notice"


def leave(words: str, *, trouble: bool = False) -> None:
    """Leave a notice to be shown when the part that was clicked on is drawn again."""
    st.session_state[_LEFT] = (words, trouble)


def show() -> None:
    """Show the notice that was left, once."""
    words, trouble = st.session_state.pop(_LEFT, ("", False))
    if words:
        st.toast(words, icon="⚠️" if trouble else None)
