"""Who is at the page, under which name decisions are written down.

Where people sign in it is who signed in, and no name can be typed. Else it is a name that a person gives once and the
browser keeps: a text and no proof. Nothing here, and nothing that calls it, ever takes the name of the account that the
server runs under.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec
from urllib.parse import quote, unquote

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from streamlit.runtime.scriptrunner import get_script_run_ctx

from aexdash.desk.decisions.assignment import hand_over, owned_by
from aexdash.people.names import LONGEST, NoName, Person, named
from aexdash.storage.errors import StorageError
from aexdash.storage.one_state import looked_up
from aexdash.ui import signed_in
from aexdash.ui.frame import names, notices, scripts
from aexdash.ui.frame.again import draw_again
from aexdash.words.common import plain, plural

P = ParamSpec("P")

COOKIE = "aexdash-person"
"""The cookie with the name, percent-encoded. It goes to this server alone, and lives 400 days, as browsers allow."""

SCRIPT_FILE = Path(__file__).with_name("person.js")

WATCH = "watch"
"""The key of the fragment of the top bar that draws the page again when `is_asked` has changed."""

WHAT_FOR = (
    "What you take, note and change carries this name, for your colleagues to read. This browser keeps it; it is no "
    "proof of who you are."
)

NAME = "my-name"
"""The session's key for the name given in this tab. It comes before the cookie, which the tab reads only once."""

_TOLD = "_name-for-the-browser"
_WAITING = "_waits-for-a-name"
_OLD_NAME = "_had-the-name"
_FIELD, _ANSWER = "name-field", "name-answer"


def remembered() -> str:
    """Return the name that the browser keeps, as it told when this tab was opened; empty where it keeps none."""
    return unquote(st.context.cookies.get(COOKIE, ""))


def current() -> Person | None:
    """Return who is at the page; None while nobody has said so, and where a session has ended.

    A run of a page asks once, however many of its parts do; what somebody does comes before a run, and asks anew.
    """
    return looked_up(current, _current)


def _current() -> Person | None:
    if signed_in.is_asked():
        session = signed_in.here()
        return session.identity.person if session else None
    try:
        return named(str(st.session_state.get(NAME) or remembered()))
    except NoName:
        return None


def my_name() -> str:
    """Return the name of who is at the page; for what `signed` calls.

    Raises:
        NoName: nobody has said so, so nothing may be written.
    """
    person = current()
    if person is None:
        raise NoName("Nobody has given a name on this page.")
    return person.name


def field() -> None:
    """Draw the name in the top bar, with the form that changes it, or the way out for who has signed in."""
    person = current()
    if signed_in.is_asked():
        _signed_in_as(person)
        return
    box = st.popover(plain(person.name) if person else "Who are you?", key="person", on_change="rerun")
    if box.open:
        with box:
            st.caption(WHAT_FOR)
            with st.form("person-form", border=False):
                st.text_input("Your name", value=person.name if person else "", key=_FIELD, max_chars=LONGEST)
                st.form_submit_button("Keep this name", on_click=_rename, key="keep-name")
    if person:
        names.tell({"person": f"{person.name} is your name; change it"})
    _tell_the_browser()


def _signed_in_as(person: Person | None) -> None:
    signed_in.note_here()
    with st.popover(plain(person.name) if person else "Nobody", key="person"):
        st.caption("What you take, note and change carries this name, as your identity provider told it.")
        st.button("Log out", key="log-out", on_click=_log_out)
    if person:
        names.tell({"person": f"{person.name} is signed in; log out"})


def _log_out() -> None:
    """End the session first, for a copy of its cookie is dead from then on, and then let Streamlit lead out."""
    try:
        signed_in.end_here()
    except StorageError as error:
        notices.leave(f"You are not logged out: {plain(str(error))}", trouble=True)
    else:
        st.logout()


def offer(desk_path: Path, now: datetime) -> None:
    """Offer somebody who has changed her name, once and in one line, to make the listings of her old name hers."""
    old, who = st.session_state.get(_OLD_NAME), current()
    if not old or who is None:
        return
    try:
        listings = owned_by(desk_path, old)
    except StorageError:
        return
    if not listings:
        del st.session_state[_OLD_NAME]
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="old-name"):
        label = f"Make the {plural(listings, 'listing')} of {plain(old)} yours"
        st.button(label, key="take-over", on_click=_take_over, args=(desk_path, old, now))
        st.button("Leave them", key="leave-old-name", on_click=_forget_old_name, type="tertiary")


def _take_over(desk_path: Path, old: str, now: datetime) -> None:
    who = current()
    assert who is not None
    _forget_old_name()
    notices.write(
        lambda: hand_over(desk_path, old, who, now),
        f"The listings of {old} are yours. The worklist can undo that.",
    )


def _forget_old_name() -> None:
    st.session_state.pop(_OLD_NAME, None)


def signed(write: Callable[P, None]) -> Callable[P, None]:
    """Let a callback that writes run under a name only.

    Where nobody has given one, it waits, the page asks for it, and then it runs with the arguments it was called with.
    So what it needs of a widget it must be given as an argument: by then the widget may say something else.
    """

    @wraps(write)
    def write_or_wait(*args: P.args, **kwargs: P.kwargs) -> None:
        if current():
            write(*args, **kwargs)
            return
        if signed_in.is_asked():
            notices.leave("Nothing was saved: your session has ended. Sign in again.", trouble=True)
            return
        st.session_state.setdefault(_WAITING, []).append(lambda: write(*args, **kwargs))
        _draw_all()

    return write_or_wait


def _draw_all() -> None:
    """Have the whole page drawn after a callback, where only a fragment of it would be; this must come last in it."""
    context = get_script_run_ctx()
    if context and context.fragment_ids_this_run:
        st.rerun(WATCH)


def is_asked() -> bool:
    """Whether something waits for a name. Then the page asks, and opens no other dialog: there can be only one."""
    return bool(st.session_state.get(_WAITING))


def ask() -> None:
    """Open the dialog that asks for a name, where something waits for it."""
    if is_asked():
        st.dialog("Your name", on_dismiss=_not_now)(_question)()


def _question() -> None:
    if not is_asked():
        draw_again()
    st.caption(WHAT_FOR)
    with st.form("name-form", border=False):
        st.text_input("Your name", key=_ANSWER, max_chars=LONGEST)
        st.form_submit_button("Go on", type="primary", on_click=_go_on, key="go-on")
    notices.show()


def _go_on() -> None:
    """Take the name, then do what waited for it."""
    if _take(str(st.session_state[_ANSWER])):
        for write in st.session_state.pop(_WAITING, ()):
            write()


def _not_now() -> None:
    st.session_state.pop(_WAITING, None)
    notices.leave("Nothing was saved: that needs a name.", trouble=True)


def _rename() -> None:
    old = current()
    if _take(str(st.session_state[_FIELD])):
        notices.leave(f"You are {plain(my_name())}.")
        _forget_old_name()
        if old and old.name != my_name():
            st.session_state[_OLD_NAME] = old.name


def _take(text: str) -> bool:
    """Take a name for this tab and hand it to the browser; say why where it cannot be used."""
    if signed_in.is_asked():
        notices.leave("Your name is the one that you signed in with.", trouble=True)
        return False
    try:
        person = named(text)
    except NoName as error:
        notices.leave(plain(str(error)), trouble=True)
        return False
    st.session_state[NAME] = person.name
    st.session_state[_TOLD] = (uuid.uuid4().hex, quote(person.name, safe=""))
    return True


def _tell_the_browser() -> None:
    """Hand a name that was given in this tab to the script that keeps it, once: another tab may have changed it since.

    Both texts are letters, digits and percent signs, so they are safe in an attribute.
    """
    if _TOLD in st.session_state:
        turn, name = st.session_state[_TOLD]
        scripts.load("/person.js", data={"person": name, "turn": turn})


def script(_request: Request) -> Response:
    """Send the script that keeps the name."""
    return scripts.send(SCRIPT_FILE)
