"""The top bar: links to the pages, the store picker, how fresh the data is, and *Sync now*.

The freshness line updates itself; the page is run again only when data or alerts have changed.
"""

from __future__ import annotations

import streamlit as st

from aexdash.config import editing, preparing
from aexdash.desk.work import Desk
from aexdash.snapshot.readmodels import Freshness
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import address, nav, person
from aexdash.ui.frame.again import draw_again
from aexdash.ui.frame.visit import Visit
from aexdash.view import FILTERS
from aexdash.words.common import moment, plain
from aexdash.words.statements import current_line

WATCH_SECONDS = 2
EVERY_STORE = ""
PROFILE = "profile:"
"""The prefix of profiles among the choices; no key of a store has a colon."""

LISTED = tuple(one.name for one in FILTERS if one.field not in ("store", "profile", "as_of"))
"""The words of an address that say which listings of the stores are shown, and in which order."""

_SHOWN = "_shown_state"


def draw(visit: Visit) -> None:
    """Draw the bar above a page."""
    st.session_state[_SHOWN] = _state(visit, visit.freshness())
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="topbar"):
        with st.container(horizontal=True, width="content", gap="small", key="pages"):
            for name in nav.IN_BAR:
                nav.link(name, name.title(), _query(visit, name))
        _store_picker(visit)
        _freshness(visit)
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


@st.fragment(run_every=WATCH_SECONDS, key=person.WATCH)
def _freshness(visit: Visit) -> None:
    try:
        freshness = visit.freshness()
        state = _state(visit, freshness)
    except StorageError:
        draw_again()
    if st.session_state.get(_SHOWN) != state:
        draw_again()
    shown = visit.view.as_of
    line = visit.preparing or current_line(visit.reach(), freshness, visit.now)
    line = f"showing {moment(shown)}" if shown else line
    with st.container(horizontal=True, horizontal_alignment="right", key="freshness"):
        st.caption(plain(line), width="content")


def _state(visit: Visit, freshness: Freshness) -> tuple[object, ...]:
    """Return what the page depends on: data, freshness, settings, open alerts, what people did.

    A change means drawing again.
    """
    open_now = [(episode.id, episode.at, episode.acknowledged_at) for episode in visit.open_episodes()]
    now = visit.snapshot.version(), freshness.state, freshness.message, editing.mark(visit.settings.home)
    return *now, preparing.told(visit.settings.home, visit.now), _desk_mark(visit), person.is_asked(), *open_now


def _desk_mark(visit: Visit) -> tuple[int, ...]:
    """Return what grows with every decision, so that a colleague's appears with the next look."""
    return Desk(visit.settings.desk_path).mark()


def _sync_now(visit: Visit) -> None:
    watched = [store.key for store in visit.looked_at if store.watched]
    st.button(
        "Sync now",
        key="sync-now",
        on_click=_ask_sync,
        args=(visit, watched),
        disabled=not watched,
        help="Asks the worker to read what is held as soon as it may. The page shows the answer by itself.",
    )


def _ask_sync(visit: Visit, stores: list[str]) -> None:
    try:
        desk = Desk(visit.settings.desk_path)
        for key in stores:
            desk.ask_sync(key, "pulse", visit.now)
    except StorageError as error:
        st.toast(f"The request could not be written: {plain(str(error))}.", icon="⚠️")
    else:
        st.toast("Asked. The worker reads the store as soon as it may.")
