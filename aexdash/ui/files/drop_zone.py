"""The place to drop a file: it is read once, its bytes are freed, and the page is drawn with what was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from aexdash.ui.frame.again import draw_again

KINDS = ("csv", "tsv", "txt", "xls", "xlsx")


@dataclass(frozen=True)
class UploadOutcome:
    """What became of the last file, shown until the next one is dropped in."""

    good: bool
    sentence: str


def draw(label: str, key: str, read: Callable[[str, bytes], None]) -> None:
    """Draw the place, named by `label` to who does not see it.

    A file that lies in it is given to `read` with its name and bytes; `read` keeps what it finds in the session, or why
    it cannot be read. Then the page is drawn again, with a new place where there is one.
    """
    turn = f"_turn-of-{key}"
    file = st.file_uploader(
        label, type=list(KINDS), key=f"{key}-{st.session_state.get(turn, 0)}", label_visibility="collapsed"
    )
    if file is None:
        return
    with st.spinner("Reading the file …"):
        read(file.name, file.getvalue())
        _let_go(file)
    st.session_state[turn] = st.session_state.get(turn, 0) + 1
    draw_again()


def _let_go(file: UploadedFile) -> None:
    """Free the bytes of an upload now; Streamlit would keep them until the browser leaves."""
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
