"""Reads and writes the parameters of a page's address (its URL): the view, the page of rows, the open listing.

The address decides what is shown. Widgets are set from it before they are drawn, and a change of a widget is written
to it at once; so reload, back, forward and a link sent to a colleague all show the same.

Each question of a browser carries the address that it shows. One that was asked before the browser had heard of a new
address carries the old one: `catch_up` goes on from the new one, else the old view would be drawn under it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from datetime import datetime

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from aexdash.clock import to_text
from aexdash.desk.profiles import Profile, Resolved, resolve_view
from aexdash.snapshot.store_rows import StoreRow
from aexdash.view import FILTERS, View

Words = dict[str, list[str]]

TOUR = "tour"
"""The word for the step of the guided tour, which stays in the address until the tour is ended."""

OF_ROWS = ("page", "listing", "notice", TOUR)
"""The words beside filters in the address of a page with rows: the page of them, the open listing, a notice, a step of
the tour."""

_PAGE, _LAST, _HASH, _LEFT = "_page-shown", "_addresses", "_page-hash", "_addresses-left"
"""The session's keys for the page that is shown, for the last address of each page, for what Streamlit calls the page
that is shown, and for the addresses that were lately written over."""

_MOST_LEFT = 8
"""How many addresses a browser may lag behind by."""


def resolved(
    stores: Sequence[StoreRow],
    profiles: Sequence[Profile],
    codes: Collection[str] | None = None,
    campaigns: Collection[str] | None = None,
    slices: Container[str] | None = None,
    *,
    now: datetime | None = None,
) -> Resolved:
    """Read the view that the address asks for, and resolve the stores it covers, as `resolve_view` does."""
    catch_up()
    requested = View.from_query({name: st.query_params.get_all(name) for name in st.query_params})
    return resolve_view(requested, stores, profiles, codes=codes, campaigns=campaigns, slices=slices, now=now)


def page_number(pages: int, name: str = "page") -> int:
    """Read which of so many pages of rows a parameter asks for, from 1; what is no number means the first."""
    catch_up()
    text = st.query_params.get(name, "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
    return min(max(number, 1), max(pages, 1))


def open_listing() -> tuple[str, int] | None:
    """Read which listing is open, as store key and product id; None when none is."""
    catch_up()
    store, _, product_id = st.query_params.get("listing", "").rpartition("/")
    if store and product_id.isascii() and product_id.isdigit() and len(product_id) < 19:
        return store, int(product_id)
    return None


def show(view: View) -> None:
    """Write a view into the address, on its first page of rows and with no listing open."""
    _write(_as_lists(view.to_query()))


def turn_to(page: int) -> None:
    """Write the number of the page of rows into the address."""
    change("page", str(page) if page > 1 else "")


def open_(store: str, product_id: int) -> None:
    """Write the listing to open into the address."""
    change("listing", f"{store}/{product_id}")


def close() -> None:
    """Take the open listing out of the address."""
    change("listing", "")


def clear() -> None:
    """Take every word out of the address."""
    _put({})


def at_moment(at: datetime | None) -> Words:
    """Return the words of this address at another moment (None: now), on its first page and with no listing open."""
    kept = {name: values for name, values in _all().items() if name not in ("as_of", "page", "listing")}
    return kept | ({"as_of": [to_text(at)]} if at else {})


def go_to(at: datetime | None) -> None:
    """Show this page as it was at a moment; with None, as it is now."""
    _write(at_moment(at))


def back_to_now() -> None:
    """Leave the time machine: take the past moment out of the address."""
    go_to(None)


def shown_page() -> str:
    """Return the name of the page that is shown, as `nav` has it."""
    return str(st.session_state[_PAGE])


def pick(store: str | None = None, profile: str | None = None) -> None:
    """Show one store, the stores of a profile, or with neither all stores."""
    kept = {name: values for name, values in _all().items() if name not in ("store", "profile", "page", "listing")}
    _write(_as_lists(View(store=store, profile=profile).to_query()) | kept)


def leave_out(names: Collection[str]) -> None:
    """Take some words out of the address."""
    _write({known: kept for known, kept in _all().items() if known not in names})


def change(name: str, value: str) -> None:
    """Write one parameter into the address, or take it out with an empty text."""
    rest = {known: kept for known, kept in _all().items() if known != name}
    _write(rest | ({name: [value]} if value else {}))


def unknown(names: Iterable[str], also: Collection[str] = ()) -> tuple[str, ...]:
    """Say of each word of an address that is no filter of a view, and not among `also`, that it was left out."""
    known = [*(one.name for one in FILTERS), *also]
    return tuple(_no_filter(name, known) for name in dict.fromkeys(names) if name not in known)


def _no_filter(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.lower(), known, n=1)
    return f"{name} is no filter and was left out{f'; near it: {near[0]}' if near else ''}."


def enter(page: str) -> None:
    """Remember that a page is shown, with the words of its address, so that a link can lead back to them.

    A link to the page that is shown, with other words, leaves Streamlit's address as it was: it is written here.
    """
    asked, context = _as_asked(), get_script_run_ctx()
    if context:
        is_same = st.session_state.get(_HASH) == context.page_script_hash
        if is_same and not context.is_history_navigation and asked != last_of(page):
            st.query_params.from_dict(asked)
        st.session_state[_HASH] = context.page_script_hash
    st.session_state[_PAGE] = page
    _remember(asked)


def catch_up() -> None:
    """Take the address that was written last for one that was asked with before the browser had heard of it.

    A part of a page is never asked for at another address than that of its page, so any other is old. Of a page as a
    whole that can be said while callbacks run, and only of what was written over: a link or *back* leads anywhere.
    """
    context = get_script_run_ctx()
    written = last_of(str(st.session_state.get(_PAGE, "")))
    if context is None or written is None or context.page_script_hash != st.session_state.get(_HASH):
        return
    asked = _as_asked()
    in_part, in_callback = bool(context.fragment_ids_this_run), not context.has_script_started
    is_old = in_part or (in_callback and not context.is_history_navigation and asked in st.session_state.get(_LEFT, ()))
    if is_old and asked != written:
        st.query_params.from_dict(written)


def last_of(page: str) -> Words | None:
    """Return the words of the address that a page had when this tab last showed it; None where it never did."""
    kept: dict[str, Words] = st.session_state.get(_LAST, {})
    return kept.get(page)


def _remember(query: Words) -> None:
    """Keep the address of the page that is shown; what is changed in a part of a page changes it too."""
    page = st.session_state.get(_PAGE)
    if page:
        st.session_state[_LAST] = {**st.session_state.get(_LAST, {}), page: query}


def _all() -> Words:
    """Return every word of the address with its values; one that is repeated has several."""
    catch_up()
    return _as_asked()


def _as_asked() -> Words:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _as_lists(query: Mapping[str, str]) -> Words:
    return {name: [value] for name, value in query.items()}


def _write(query: Words) -> None:
    before = _all()
    if TOUR in before:
        query = {**query, TOUR: before[TOUR]}
    if query == before:
        _remember(query)
    else:
        _put(query)


def _put(query: Words) -> None:
    st.session_state[_LEFT] = [*st.session_state.get(_LEFT, ()), _all()][-_MOST_LEFT:]
    st.query_params.from_dict(query)
    _remember(query)
