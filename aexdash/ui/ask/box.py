"""The box for a question, on the overview and on its own page; the key / leads to it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from aexdash.ask.language.text import LONGEST
from aexdash.ui.frame import nav
from aexdash.ui.frame.visit import Visit

SCRIPT = Path(__file__).with_name("ask.js")
"""The script with the key of the box."""

BOX, _TYPED, _TURN = "ask-box", "_ask-typed", "_ask-turn"
"""The key of the place of the box, and the session's keys for what was typed and is still to be asked, and for how many
boxes there were: each question begins with an empty one."""

HINT = "Ask: how many were rejected last week?   ( / )"
GO_ON = "Go on: and last month?   by category   only rejected   ( / )"

ASKED, THEN = "q", "then"
"""The words of an address: the question, and the follow-ups."""


def draw(placeholder: str = HINT) -> str:
    """Draw the box; return what was typed since the page was last drawn, empty where nothing was."""
    with st.container(key=BOX):
        key = _key()
        st.text_input(
            "Ask a question in plain words",
            key=key,
            placeholder=placeholder,
            max_chars=LONGEST,
            label_visibility="collapsed",
            on_change=_keep,
            args=(key,),
        )
    return str(st.session_state.pop(_TYPED, ""))


def _key() -> str:
    return f"ask-words-{st.session_state.get(_TURN, 0)}"


def _keep(key: str) -> None:
    """Keep what was typed, and begin with an empty box. A browser may send a box again that was emptied meanwhile."""
    if key != _key():
        return
    st.session_state[_TYPED] = str(st.session_state[key]).strip()
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def on_overview(visit: Visit) -> None:
    """Draw the box of the overview, which leads to the answer; nothing on a page about the past."""
    if visit.view.as_of:
        return
    if words := draw():
        nav.lead_to("ask", {**visit.kept(), ASKED: words})
