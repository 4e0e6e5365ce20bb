"""Short notices of what a click has done.

Streamlit forbids drawing in a callback of a fragment, so the callback stores its notice and the fragment shows it.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from aexdash.storage.errors import StorageError
from aexdash.words.common import plain

_LEFT = "_notice"


def leave(words: str, *, trouble: bool = False) -> None:
    """Store a notice, to be shown by `show` when the page or fragment is drawn again."""
    st.session_state[_LEFT] = (words, trouble)


def show() -> None:
    """Show the stored notice, once."""
    words, trouble = st.session_state.pop(_LEFT, ("", False))
    if words:
        st.toast(words, icon="⚠️" if trouble else None)


def write(change: Callable[[], object], done: str, refusal: type[Exception] = StorageError) -> None:
    """Make a change on the desk and store a notice: `done`, or why nothing was saved.

    `refusal` is the error by which the change may be refused, beside StorageError.
    """
    try:
        change()
    except (StorageError, refusal) as error:
        leave(f"Nothing was saved: {plain(str(error))}", trouble=True)
    else:
        leave(plain(done))
