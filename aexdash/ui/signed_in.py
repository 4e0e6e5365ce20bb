"""Who has signed in: the session of what a browser keeps in its cookie, asked anew each time it matters.

A page reads the cookie that its websocket was opened with; the desk says whether the session behind it still stands.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from aexdash.clock import system_clock
from aexdash.config.in_force import in_force
from aexdash.config.settings import Settings
from aexdash.desk.sessions import Session, Sessions

COOKIE = "aexdash-session"
"""The cookie with the secret of a session: for this server alone, unseen by scripts."""


def session_of(cookies: Mapping[str, str], settings: Settings) -> Session | None:
    """Return the session behind some cookies; None where it has ended, is too old, or was none.

    Raises:
        StorageError: the desk cannot be read.
    """
    secret = cookies.get(COOKIE, "")
    return Sessions(settings.desk_path).find(secret, system_clock(), settings.login.max_age)


def is_asked() -> bool:
    """Whether people sign in to these pages.

    Raises:
        ConfigError: the settings cannot be read.
    """
    return in_force().settings.login.is_on


def here() -> Session | None:
    """Return the session of who is at this page; None where nobody signs in, or hers has ended.

    Raises:
        ConfigError: the settings cannot be read.
        StorageError: the desk cannot be read.
    """
    settings = in_force().settings
    return session_of(st.context.cookies, settings) if settings.login.is_on else None
