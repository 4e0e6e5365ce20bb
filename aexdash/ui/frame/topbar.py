"""The top bar: links to the pages, the store picker, how fresh the data is, and *Sync now*."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from aexdash.desk.decisions.work import Desk
from aexdash.people.rights import Role
from aexdash.storage.errors import StorageError
from aexdash.storage.one_state import one_state
from aexdash.ui.frame import address, nav, news, person
from aexdash.ui.frame.again import draw_again
from aexdash.ui.frame.news import News
from aexdash.ui.frame.visit import Visit
from aexdash.view import FILTERS
from aexdash.words.common import plain

EVERY_STORE = ""
PROFILE = "profile:"
"""The prefix of profiles among the choices; no key of a store has a colon."""

LISTED = tuple(one.name for one in FILTERS if one.field not in ("store", "profile", "as_of"))
"""The words of an address that say which listings of the stores are shown, and in which order."""

_SHOWN = "_news-shown"
"""The session's key for the mark of the news that the page shows, and whether it asks for a name."""


def draw(visit: Visit) -> None:
    """Draw the bar above a page."""
    shown = news.news_of(visit)
    st.session_state[_SHOWN] = shown.mark, person.is_asked()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="topbar"):
        with st.container(horizontal=True, width="content", gap="small", key="pages"):
            for name in nav.IN_BAR:
                nav.link(name, name.title(), _query(visit, name))
        _store_picker(visit)
        _freshness(visit, shown)
        _sync_now(visit)
        person.field()
    if not visit.view.as_of:
        person.offer(visit.settings.desk_path, visit.now)


def _query(visit: Visit, page: str) -> dict[str, str | list[str]]:
    """Return the words of the link to a page; the worklist gets back the filters and the order it had last."""
    if page != "worklist":
        return {**visit.kept()}
    last = address.last_of(page)
    filters = nav.FIRST_LOOK if last is None else {name: last[name] for name in LISTED if name in last}
    return {**filters, **visit.kept()}


def _store_picker(visit: Visit) -> None:
    if len(visit.stores) == 1 and not visit.profiles:
        st.text(visit.stores[0].title, width="content")
        return
    titles = {EVERY_STORE: "All stores"}
    titles |= {store.key: store.title if store.watched else f"{store.title} (archived)" for store in visit.stores}
    titles |= {PROFILE + profile.name: f"Profile: {profile.title}" for profile in visit.profiles}
    looked_at = PROFILE + visit.view.profile if visit.view.profile else EVERY_STORE
    st.session_state["store-picked"] = visit.view.store or looked_at
    st.selectbox(
        "Store or profile",
        list(titles),
        format_func=titles.__getitem__,
        key="store-picked",
        on_change=_pick_store,
        label_visibility="collapsed",
        width=180,
    )


def _pick_store() -> None:
    picked: str = st.session_state["store-picked"]
    if picked.startswith(PROFILE):
        address.pick(profile=picked.removeprefix(PROFILE))
    else:
        address.pick(store=picked or None)


@st.fragment(key=person.WATCH)
@one_state()
def _freshness(visit: Visit, shown: News) -> None:
    """Draw how fresh the data is, and the button that the browser presses where there is news.

    Drawn alone, it has the whole page drawn where that shows something else than there is; `shown` is what the page as
    a whole has just found.
    """
    context = get_script_run_ctx()
    is_alone = context is not None and bool(context.fragment_ids_this_run)
    told = _told_alone(visit) if is_alone else shown
    with st.container(horizontal=True, horizontal_alignment="right", key="freshness"):
        news.line(told, visit)
    st.button("Show what is new", key=news.BUTTON)


def _told_alone(visit: Visit) -> News:
    try:
        told = news.news_of(visit)
    except StorageError:
        draw_again()
    if st.session_state.get(_SHOWN) != (told.mark, person.is_asked()):
        draw_again()
    return told


def _sync_now(visit: Visit) -> None:
    watched = [store.key for store in visit.looked_at if store.watched]
    st.button(
        "Sync now",
        key="sync-now",
        on_click=_ask_sync,
        args=(visit, watched),
        disabled=not watched or not visit.may(Role.OPERATOR),
        help="Asks the worker to read what is held as soon as it may. The page shows the answer by itself.",
    )


def _ask_sync(visit: Visit, stores: list[str]) -> None:
    try:
        desk = Desk(visit.settings.desk_path)
        for key in stores:
            desk.ask_sync(key, "pulse", visit.now)
    except StorageError as error:
        st.toast(f"The request could not be written: {plain(str(error))}", icon="⚠️")
    else:
        st.toast("Asked. The worker reads the store as soon as it may.")
