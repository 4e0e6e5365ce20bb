"""Who is at the page: the name under which decisions are kept."""

from __future__ import annotations

import getpass

import streamlit as st

_NAME = "my-name"


def name_field() -> None:
    """Draw the field for a person's name; all pages of the browser session use it."""
    st.text_input("You are", key=_NAME, value=_login(), max_chars=60, persist_state="session")


def my_name() -> str:
    """Return the name entered on a page, else the login name of the machine."""
    return str(st.session_state.get(_NAME) or _login())


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
