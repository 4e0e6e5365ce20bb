"""Saving an edit of the settings, by who may, on the files that she saw; what was refused is said on the page."""

from __future__ import annotations

import streamlit as st

from aexdash.config import editing
from aexdash.config.editing import Edit
from aexdash.config.file import ConfigError
from aexdash.config.settings import Settings
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.ui.frame import notices
from aexdash.words.common import plain, without_home

_FAULT = "_settings-fault"


def save(settings: Settings, edit: Edit, seen: str, done: str) -> bool:
    """Save an edit, in a callback; return whether it was saved. `seen` is the mark of the files as they were drawn."""
    if not rights().may(Role.OWNER):
        refuse("Only who may change the settings can save them.")
        return False
    if not edit.public and not edit.secret:
        notices.leave("Nothing was changed.")
        return False
    try:
        editing.save(settings.home, edit, seen)
    except ConfigError as error:
        refuse(str(error))
        return False
    notices.leave(done)
    return True


def refuse(sentence: str) -> None:
    """Remember why nothing was saved, for `show_fault`."""
    st.session_state[_FAULT] = sentence


def show_fault() -> None:
    """Say why nothing was saved, once."""
    if fault := st.session_state.pop(_FAULT, ""):
        st.error(plain(without_home(fault)), title="Nothing was saved")
