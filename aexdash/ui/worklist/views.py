"""Saved views: the popover that chooses one, saves the present address as one, and changes or removes it.

A view is an address. Choosing one goes to that address, at the moment that is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode

import streamlit as st

from aexdash.desk.saved_views import LONGEST, SavedView, SavedViews, Scope, ViewError, canonical, matching
from aexdash.people.names import Person
from aexdash.storage.errors import StorageError
from aexdash.ui.frame import address, notices, person
from aexdash.ui.frame.visit import Visit
from aexdash.view import View
from aexdash.words.common import plain

SCOPES = {Scope.PRIVATE: "only me", Scope.TEAM: "the team"}

_BOX = "views"
_CHOSEN, _NAME, _SCOPE, _RENAME = "_view-chosen", "view-name", "view-scope", "view-new-name"


def draw(visit: Visit) -> None:
    """Draw the popover of saved views; its label is the name of the view that is shown.

    What is in it is drawn only while it is open.
    """
    views = _all(visit)
    query = urlencode(visit.view.to_query())
    present = matching(views, query)
    label = f"View: {plain(present.name)}" if present else "Views"
    box = st.popover(label, key=_BOX, on_change="rerun")
    if not box.open:
        return
    with box:
        _choices(visit, views, present)
        if present:
            _change(visit, present)
        else:
            _save_changes(visit, views, query)
            _save(visit, query)


def _all(visit: Visit) -> list[SavedView]:
    try:
        return SavedViews(visit.settings.desk_path).all(person.current() or Person(""))
    except StorageError as error:
        st.caption(plain(str(error)))
        return []


def _choices(visit: Visit, views: Sequence[SavedView], present: SavedView | None) -> None:
    for scope, words in ((Scope.TEAM, "Of the team"), (Scope.PRIVATE, "Mine alone")):
        of_scope = [one for one in views if one.scope is scope]
        if of_scope:
            st.caption(words)
        for one in of_scope:
            st.button(
                plain(one.name),
                key=f"view-{one.key}",
                on_click=_choose,
                args=(visit, one),
                type="primary" if one is present else "secondary",
                width="stretch",
            )
    if not views:
        st.caption("None saved so far. A saved view is this address under a name: filters, tab and order.")


def _choose(visit: Visit, one: SavedView) -> None:
    st.session_state[_CHOSEN] = one.key
    st.session_state[_BOX] = False
    address.show(View.from_query(parse_qs(one.query)).replace(as_of=visit.view.as_of))


def _save(visit: Visit, query: str) -> None:
    with st.form("view-form", border=False):
        st.text_input("Name", key=_NAME, max_chars=LONGEST, placeholder="Pictures to fix")
        st.segmented_control(
            "For", list(SCOPES), format_func=SCOPES.__getitem__, default=Scope.PRIVATE, required=True, key=_SCOPE
        )
        st.form_submit_button("Save this view", key="save-view", on_click=_save_now, args=(visit, query))


def _save_now(visit: Visit, query: str) -> None:
    _write(visit, str(st.session_state[_NAME]), query, Scope(st.session_state[_SCOPE]))


@person.signed
def _write(visit: Visit, name: str, query: str, scope: Scope, key: str | None = None) -> None:
    who = person.current()
    assert who is not None

    def save() -> None:
        saved = SavedViews(visit.settings.desk_path).save(name, query, scope, who=who, now=visit.now, key=key)
        st.session_state[_CHOSEN] = saved.key
        st.session_state[_BOX] = False

    notices.write(save, f"The view {name.strip()} is saved.", ViewError)


def _save_changes(visit: Visit, views: Sequence[SavedView], query: str) -> None:
    """Offer to save the address in place of the view that was chosen last, where it has become another."""
    chosen = next((one for one in views if one.key == st.session_state.get(_CHOSEN)), None)
    if chosen and canonical(query) != canonical(chosen.query):
        st.button(
            f"Save changes to {plain(chosen.name)}",
            key="save-view-changes",
            on_click=_write,
            args=(visit, chosen.name, query, chosen.scope, chosen.key),
            width="stretch",
        )


def _change(visit: Visit, one: SavedView) -> None:
    # A field of its own for each view and name, so that it begins with the name as it is.
    field = f"{_RENAME}-{one.key}-{one.name}"
    with st.form("view-change-form", border=False):
        st.text_input("Name of this view", value=one.name, key=field, max_chars=LONGEST)
        with st.container(horizontal=True, gap="small"):
            st.form_submit_button("Rename", key="rename-view", on_click=_rename_now, args=(visit, one, field))
            st.form_submit_button("Delete this view", key="delete-view", on_click=_delete, args=(visit, one))
    st.caption(plain(f"{SCOPES[one.scope]} · saved by {one.by}"))


def _rename_now(visit: Visit, one: SavedView, field: str) -> None:
    _rename(visit, one.key, str(st.session_state[field]))


@person.signed
def _rename(visit: Visit, key: str, name: str) -> None:
    who = person.current()
    assert who is not None
    views = SavedViews(visit.settings.desk_path)
    notices.write(lambda: views.rename(key, name, who=who, now=visit.now), "The view has its new name.", ViewError)


@person.signed
def _delete(visit: Visit, one: SavedView) -> None:
    who = person.current()
    assert who is not None
    views = SavedViews(visit.settings.desk_path)
    notices.write(lambda: views.delete(one.key, who=who, now=visit.now), f"The view {one.name} is deleted.", ViewError)
