"""Drawing a page again without losing what a person clicks on meanwhile, on the server and in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

PRESS_FILE = Path(__file__).with_name("press.js")

PRESS = '<span hidden></span><script src="/press.js"></script>'
"""A script of our own port: the content security policy lets no other run, and nothing inline."""

OUT_OF_SIGHT = "<style>.st-key-press { position: absolute; height: 0; overflow: hidden }</style>"


def keep_presses() -> None:
    """Let a press outlast the drawing of the page: what was pressed is clicked on, wherever it is when let go."""
    with st.container(key="press"):
        st.html(OUT_OF_SIGHT + PRESS, unsafe_allow_javascript=True)


def press_script(_request: Request) -> Response:
    """Send the script that keeps presses."""
    return FileResponse(PRESS_FILE, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def draw_again() -> NoReturn:
    """End this run of the page and begin another at once; a click that came in during this run is answered first.

    `st.rerun` puts the page of this run in the queue of requests, over a link to another page that is waiting there,
    and the link is lost. This leaves the queue alone: the next run finds the click in it and gives way to it.
    """
    context = get_script_run_ctx()
    if context is None:
        st.rerun()
    raise RerunException(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )
