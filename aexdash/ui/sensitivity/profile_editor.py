"""Profiles on the Sensitivity page: make, rename, choose stores, delete (see `aexdash.desk.profiles`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from aexdash.desk.profiles import Profile, ProfileError, Profiles
from aexdash.ui.frame import address, names, nav, notices
from aexdash.ui.frame.person import my_name, signed
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import day, plain

TITLE_LENGTH = 60


def profiles(visit: Visit) -> None:
    """Draw the profiles, one row each, and the form for a new one."""
    st.markdown("## Profiles", anchors=False)
    st.caption("A profile is a named set of stores with bands of its own. It is picked at the top of every page.")
    for profile in visit.profiles:
        with st.container(border=True, key=f"profile-{profile.name}"):
            _row(visit, profile)
    names.tell(_names(visit.profiles))
    with st.popover("New profile"):
        title, stores = _fields(visit, None)
        st.button("Make profile", type="primary", key="make-profile", on_click=_make, args=(visit, title, stores))


def _names(shown: Sequence[Profile]) -> dict[str, str | Sequence[str]]:
    named: dict[str, str | Sequence[str]] = {}
    for profile in shown:
        named[f"profile-row-{profile.name}"] = [f"Its bands: those of profile {profile.title}"]
        named[f"edit-profile-{profile.name}"] = f"Change profile {profile.title}"
        named[f"drop-profile-{profile.name}"] = f"Delete profile {profile.title}"
    return named


def _row(visit: Visit, profile: Profile) -> None:
    stores = ", ".join(visit.title_of(key) for key in profile.stores) or "no stores yet"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"profile-row-{profile.name}"):
        st.markdown(
            f"**{plain(profile.title)}** · {plain(stores)}  \n"
            f":small[profile={profile.name} · {plain(f'{profile.by}, {day(profile.at, visit.zone)}')}]",
            width="stretch",
        )
        if profile.stores:
            nav.link("sensitivity", "Its bands", {"profile": profile.name})
        with st.popover("Change", key=f"edit-profile-{profile.name}"):
            title, stores_asked = _fields(visit, profile)
            key = f"change-profile-{profile.name}"
            args = (visit, profile, title, stores_asked)
            st.button("Save profile", type="primary", key=key, on_click=_change, args=args)
        with st.popover("Delete", key=f"drop-profile-{profile.name}"):
            st.markdown("Its bands go back to their defaults; the log of them stays. No data of a store is touched.")
            key = f"delete-profile-{profile.name}"
            st.button("Delete profile", type="primary", key=key, on_click=_delete, args=(visit, profile))


def _fields(visit: Visit, profile: Profile | None) -> tuple[str, str]:
    """Draw the fields of a profile and return their keys in the session: title, stores."""
    mark = f"{profile.name}-{profile.at.timestamp()}" if profile else f"new-{len(visit.profiles)}"
    title, stores = f"profile-title-{mark}", f"profile-stores-{mark}"
    chosen = profile.stores if profile else ()
    keys = list(dict.fromkeys([*(store.key for store in visit.stores), *chosen]))
    st.text_input("Name", value=profile.title if profile else "", key=title, max_chars=TITLE_LENGTH)
    st.multiselect("Stores", keys, default=list(chosen), format_func=visit.title_of, key=stores)
    return title, stores


def _make(visit: Visit, title: str, stores: str) -> None:
    name, chosen = st.session_state[title], st.session_state[stores]
    _write(lambda: Profiles(visit.settings.desk_path).make(name, chosen, by=my_name(), now=visit.now), "Made.")


def _change(visit: Visit, profile: Profile, title: str, stores: str) -> None:
    name, chosen = st.session_state[title], st.session_state[stores]
    desk = Profiles(visit.settings.desk_path)
    _write(lambda: desk.change(profile.name, name, chosen, by=my_name(), now=visit.now), "Saved.")


@signed
def _delete(visit: Visit, profile: Profile) -> None:
    desk = Profiles(visit.settings.desk_path)
    _write(lambda: desk.delete(profile.name, by=my_name(), now=visit.now), "Deleted.")
    if visit.view.profile == profile.name:
        address.pick()


@signed
def _write(write: Callable[[], object], done: str) -> None:
    notices.write(write, done, ProfileError)
