"""Who is at the page: the name under which decisions are kept."""

from __future__ import annotations

import getpass

import streamlit as st

_NAME = "my-name"


def name_field() -> None:
    """Draw the field in which people say who they are; every page of a session knows it then."""
    st.text_input("You are", key=_NAME, value=_login(), max_chars=60, persist_state="session")


def my_name() -> str:
    """Who decides: the name given on the page, else the login of the machine."""
    return str(st.session_state.get(_NAME) or _login())


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
