"""The part of Settings with who is signed in, and the end of all sessions of a person."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.desk.sessions import Session, Sessions
from aexdash.people.names import NoName
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import notices, person
from aexdash.words.common import moment, plain, plural


def draw(settings: Settings, clock: Clock) -> None:
    """Draw a line a person, with the button that ends her sessions."""
    st.subheader("Signed in")
    st.caption(
        f"A session ends with the log-out, after {settings.login.max_age_hours:g} hours, or here. "
        "A page that is open then leads to the sign-in within five seconds."
    )
    try:
        found = Sessions(settings.sessions_path).open(clock(), settings.login.max_age)
    except StorageError as error:
        st.warning(plain(str(error)), title="The desk cannot be read")
        return
    by_person: dict[str, list[Session]] = {}
    for one in found:
        by_person.setdefault(one.identity.key, []).append(one)
    for key, sessions in by_person.items():
        _line(settings, key, sessions, clock())


def _line(settings: Settings, key: str, sessions: list[Session], now: datetime) -> None:
    name, groups = sessions[-1].identity.name, sessions[-1].identity.groups
    seen = max(one.seen_at for one in sessions)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key=f"sessions-{key}"):
        said = f"{plural(len(sessions), 'session')}, last seen {moment(seen, settings.tzinfo)}"
        st.markdown(f"**{plain(name)}** {plain(', '.join(groups))}  \n{plain(said)}")
        label = f"End all sessions of {plain(name)}"
        st.button(label, key=f"end-sessions-{key}", on_click=_end, args=(settings, key, name, now))


def _end(settings: Settings, key: str, name: str, now: datetime) -> None:
    def end() -> None:
        Sessions(settings.sessions_path).end_all(key, by=person.my_name(), now=now)

    notices.write(end, f"The sessions of {name} have ended.", NoName)
