"""A choice of a few words that stands in the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from aexdash.ui.frame import address


def draw(name: str, label: str, words: Mapping[str, str], picked: str, usual: str) -> None:
    """Draw the words of a choice side by side; what is picked goes into the address, the usual one is left out of it.

    `label` is for whoever cannot see them.
    """

    def write() -> None:
        chosen = st.session_state[name]
        address.change(name, "" if chosen == usual else str(chosen))

    st.session_state[name] = picked
    st.segmented_control(
        label,
        list(words),
        format_func=words.__getitem__,
        required=True,
        key=name,
        on_change=write,
        label_visibility="collapsed",
    )
