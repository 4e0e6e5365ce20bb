"""Who has signed in, and what she may do: asked anew each time it matters, of the desk and of the settings in force.

A page reads the cookie that its websocket was opened with; the desk says whether the session behind it still stands. A
request is told by the gate whose it is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from aexdash.clock import system_clock
from aexdash.config.in_force import in_force
from aexdash.config.settings import HOME_VARIABLE, ConfigError, Settings
from aexdash.desk.sessions import Session, Sessions
from aexdash.people import acting
from aexdash.people.rights import ALL, Rights, rights_of
from aexdash.storage.errors import StorageError

COOKIE = "aexdash-session"
"""The cookie with the secret of a session: for this server alone, unseen by scripts."""

BELIEVED_SECONDS = 0.25
MOST_TOLD = 1_000

_told: dict[tuple[str, str], tuple[float, Rights]] = {}
"""What was told last: the moment and the rights, by home, and by session or tab."""

of_request: ContextVar[Session | None] = ContextVar("of_request", default=None)
"""The session of the request that is answered; the gate sets it."""

of_program: ContextVar[Rights | None] = ContextVar("of_program", default=None)
"""What the program may do that asks, where it is known by a token; the door that knows the token sets it."""

of_server: ContextVar[bool] = ContextVar("of_server", default=False)
"""Whether the server speaks for itself, as a health check does, and nobody acts; the gate sets it."""


def session_of(cookies: Mapping[str, str], settings: Settings) -> Session | None:
    """Return the session behind some cookies; None where it has ended, is too old, or was none.

    Raises:
        StorageError: the desk cannot be read.
    """
    secret = cookies.get(COOKIE, "")
    return Sessions(settings.sessions_path).find(secret, system_clock(), settings.login.max_age)


def rights_in(session: Session, settings: Settings) -> Rights:
    """Return what the person of a session may do by the settings in force."""
    return rights_of(session.identity.groups, settings.login.roles)


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
    return _session(settings) if settings.login.is_on else None


def _session(settings: Settings) -> Session | None:
    if asking := of_request.get():
        return asking
    return session_of(st.context.cookies, settings) if get_script_run_ctx(suppress_warning=True) else None


def note_here() -> None:
    """Note that a page was drawn for who is signed in; that it could not be noted keeps nobody from the page."""
    with suppress(StorageError):
        if session := here():
            Sessions(in_force().settings.sessions_path).note(session, system_clock())


def end_here() -> None:
    """End the session of who is at this page.

    Raises:
        StorageError: the desk cannot be written; the session stands.
    """
    if session := here():
        sessions = Sessions(in_force().settings.sessions_path)
        sessions.end(st.context.cookies.get(COOKIE, ""), by=session.identity.name, now=system_clock())


def rights() -> Rights:
    """Return what whoever acts in this process may do: all where nobody signs in, nothing where nobody has.

    What cannot be told is nothing. A page asks hundreds of times a run, so an answer is believed for a moment.
    """
    if of_server.get():
        return ALL
    if (program := of_program.get()) is not None:
        return program
    asking, run = of_request.get(), get_script_run_ctx(suppress_warning=True)
    who = str(asking.id) if asking else run.session_id if run else ""
    key, now = (os.environ.get(HOME_VARIABLE, ""), who), time.monotonic()
    known = _told.get(key)
    if known and now - known[0] < BELIEVED_SECONDS:
        return known[1]
    found = _rights()
    if len(_told) > MOST_TOLD:
        _told.clear()
    _told[key] = now, found
    return found


def _rights() -> Rights:
    try:
        settings = in_force().settings
        session = _session(settings) if settings.login.is_on else None
    except (ConfigError, StorageError):
        return Rights()
    nobody_asked = Rights() if settings.login.is_on else ALL
    held = rights_in(session, settings) if session else nobody_asked
    return held.only_reading(settings.replica.writer) if settings.replica.follows else held


acting.ask(rights)
