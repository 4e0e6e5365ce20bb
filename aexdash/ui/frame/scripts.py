"""Our scripts in the browser: sent from our own port, and loaded by a page out of sight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response

FOCUS_FILE = Path(__file__).with_name("focus.js")

_NO_CLASS = re.compile(r"[^a-zA-Z0-9_-]")

WITHOUT_ROOM = """
[data-testid="stLayoutWrapper"]:has(> {place}), {place} {{ position: absolute; height: 0; overflow: hidden }}
"""
"""The style that takes a container, and the box that Streamlit draws around it, out of the rows of a page."""


def load(path: str, *, style: str = "", data: Mapping[str, str] | None = None) -> None:
    """Add the script of an address such as `/press.js` to the page, with the style it needs; it takes no room there.

    `data` is for the script to read, from a `data-` attribute a name; its values must be safe in one.

    It comes from our own port: the content security policy forbids inline scripts and other hosts.
    """
    key = f"script-{Path(path).stem}"
    out_of_sight = f"<style>{WITHOUT_ROOM.format(place=f'.st-key-{key}')}{style}</style>"
    with st.container(key=key):
        read = "".join(f' data-{name}="{value}"' for name, value in (data or {}).items())
        st.html(f'{out_of_sight}<span hidden{read}></span><script src="{path}"></script>', unsafe_allow_javascript=True)


def focus(key: str, turn: int) -> None:
    """Move the keyboard's focus to the text field or button of a key, once for each turn: a number that grows."""
    load("/focus.js", data={"focus": f"st-key-{_NO_CLASS.sub('-', key)}", "turn": str(turn)})


def focus_script(_request: Request) -> Response:
    """Send the script that `focus` loads."""
    return send(FOCUS_FILE)


def send(file: Path) -> Response:
    """Send a script; browsers ask each time whether it has changed."""
    return FileResponse(file, media_type="text/javascript", headers={"Cache-Control": "no-cache"})
