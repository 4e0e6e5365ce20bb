"""Draws a page again without losing a click that a person makes meanwhile, on the server and in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

from aexdash.ui.frame import address

PRESS_FILE = Path(__file__).with_name("press.js")
"""The script that keeps a mouse press: what was pressed is clicked even if the page is redrawn meanwhile."""

_CLOSED = "_dialog-closed"


def draw_again() -> NoReturn:
    """End this run of the page and begin another at once; a click that came in during this run is answered first.

    `st.rerun` queues this page and overwrites a waiting click on a link to another page, so that click is lost. This
    leaves the queue alone: the next run finds the click there and follows it. It is drawn at the address that was
    written last, also where a part of it was asked for before the browser had heard of that.
    """
    address.catch_up()
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


def closed() -> None:
    """Say, in a callback, that a dialog was closed which a part of a page had opened.

    The browser closes a dialog by itself, opens it anew when an answer arrives that was on its way then, and takes out
    what is no longer drawn only when a whole page is: with the part alone the dialog stood over a page that no key and
    no click reached.
    """
    st.session_state[_CLOSED] = True


def draw_again_after_closing() -> None:
    """Draw the whole page, where only a part of it was asked for and a dialog of that part was closed."""
    context = get_script_run_ctx()
    was_closed = st.session_state.pop(_CLOSED, False)
    if was_closed and context and context.fragment_ids_this_run:
        draw_again()
