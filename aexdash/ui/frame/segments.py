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


def heading(title: str, name: str, words: Mapping[str, str], default: str) -> str:
    """Draw the heading of a page that has parts, with the choice of them; return the part that the address asks for.

    `words` are the names of the parts by value. An address that asks for none of them is told so, and gets `default`.
    """
    wanted = st.query_params.get(name, default)
    part = wanted if wanted in words else default
    with st.container(horizontal=True, vertical_alignment="center", key=f"{title.lower()}-head"):
        st.markdown(f"## {title}", anchors=False, width="content")
        draw(name, f"Part of {title}", words, part, default)
    if wanted != part:
        st.caption(f":orange-badge[Address] There is no such part; it can be {', '.join(words)}.")
    return part
