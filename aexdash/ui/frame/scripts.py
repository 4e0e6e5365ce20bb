"""Our scripts in the browser: sent from our own port, and loaded by a page out of sight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response

FOCUS_FILE = Path(__file__).with_name("focus.js")

BACKEND_FILE = Path(__file__).with_name("backend.js")
"""The script that tells Streamlit where its server is."""

TYPING_FILE = Path(__file__).with_name("typing.js")
"""The script that keeps what is typed before a field that was asked for has the focus."""

COPY_FILE = Path(__file__).with_name("copy.js")
"""The script of the buttons that copy what stands beside them."""

_TURN = "_turns-of-focus"

_NO_CLASS = re.compile(r"[^a-zA-Z0-9_-]")


def load(path: str, *, data: Mapping[str, str] | None = None) -> None:
    """Add the script of an address such as `/press.js` to the page.

    It takes no room there: look.css takes its container out of the rows.

    `data` is for the script to read, from a `data-` attribute a name; its values must be safe in one.

    It comes from our own port: the content security policy forbids inline scripts and other hosts.
    """
    key = f"script-{Path(path).stem}"
    with st.container(key=key):
        read = "".join(f' data-{name}="{value}"' for name, value in (data or {}).items())
        st.html(f'<span hidden{read}></span><script src="{path}"></script>', unsafe_allow_javascript=True)


def to_copy(text: str, what: str) -> None:
    """Draw a text that people take elsewhere, and a button that copies it; `what` names it to who does not see it.

    Streamlit's box for code has such a button too, but first loads 1.5 MB with which it could colour a program.
    """
    st.html(
        f'<span class="to-copy"><code>{escape(text)}</code>'
        f'<button type="button" data-copy="" aria-label="Copy {escape(what)}">Copy</button></span>',
        width="content",
    )


def turn() -> int:
    """Count what the focus is moved to in this session."""
    number: int = st.session_state.get(_TURN, 0) + 1
    st.session_state[_TURN] = number
    return number


def focus(key: str, turn: int) -> None:
    """Move the keyboard's focus to the text field or button of a key, once for each turn: a number that grows."""
    load("/focus.js", data={"focus": f"st-key-{_NO_CLASS.sub('-', key)}", "turn": str(turn)})


def focus_script(_request: Request) -> Response:
    """Send the script that `focus` loads."""
    return send(FOCUS_FILE)


def send(file: Path) -> Response:
    """Send a script; browsers ask each time whether it has changed."""
    return FileResponse(file, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
