"""A row of buttons, one of which is chosen; the choice is a parameter of the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from aexdash.ui.frame import address


def draw(name: str, label: str, words: Mapping[str, str], picked: str, default: str) -> None:
    """Draw the choices side by side. A click writes its value into the address; the default is left out of it.

    `words` are the texts by value, `picked` is the present value, `label` is for screen readers.
    """
    # A row of its own for each value: a browser that was late shows an older choice, and would send it with the next
    # click on something else.
    key = f"{name}-{picked}"

    def write() -> None:
        chosen = st.session_state[key]
        if chosen != picked:
            address.change(name, "" if chosen == default else str(chosen))

    st.session_state[key] = picked
    st.segmented_control(
        label,
        list(words),
        format_func=words.__getitem__,
        required=True,
        key=key,
        on_change=write,
        label_visibility="collapsed",
    )
