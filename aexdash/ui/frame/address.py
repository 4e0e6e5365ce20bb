"""The address of a page: what it says about the view, the page of rows and the open listing, and how it is written.

The address is the truth. Widgets are set from it before they are drawn, and a change of a widget is written to it at
once; so reload, back, forward and a link sent to a colleague all show the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.desk.profiles import Profile, Resolved, resolve_view
from aexdash.snapshot.readmodels import StoreRow
from aexdash.view import View


def resolved(stores: Sequence[StoreRow], profiles: Sequence[Profile]) -> Resolved:
    """Read the view that the address asks for, with the stores that it means."""
    asked = View.from_query({name: st.query_params.get_all(name) for name in st.query_params})
    return resolve_view(asked, stores, profiles)


def page_number() -> int:
    """Read which page of rows is asked for, from 1."""
    given = st.query_params.get("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() and len(given) < 7 else 1


def open_listing() -> tuple[str, int] | None:
    """Read which listing is open, as store and product id."""
    store, _, product_id = st.query_params.get("listing", "").rpartition("/")
    if store and product_id.isascii() and product_id.isdigit() and len(product_id) < 19:
        return store, int(product_id)
    return None


def show(view: View) -> None:
    """Write a view into the address, on its first page of rows and with no listing open."""
    _write(view.to_query())


def turn_to(page: int) -> None:
    """Write the page of rows into the address."""
    change("page", str(page) if page > 1 else "")


def open_(store: str, product_id: int) -> None:
    """Write the listing to open into the address."""
    change("listing", f"{store}/{product_id}")


def close() -> None:
    """Leave no listing open in the address."""
    change("listing", "")


def back_to_now() -> None:
    """Leave the time machine."""
    _write({name: value for name, value in _all().items() if name not in ("as_of", "page", "listing")})


def pick(store: str | None = None, profile: str | None = None) -> None:
    """Look at one store, at the stores of a profile, or at all with neither."""
    kept = {name: value for name, value in _all().items() if name not in ("store", "profile", "page", "listing")}
    _write(View(store=store, profile=profile).to_query() | kept)


def change(name: str, value: str) -> None:
    """Write one parameter into the address, or take it out with an empty text."""
    rest = {known: kept for known, kept in _all().items() if known != name}
    _write(rest | ({name: value} if value else {}))


def _all() -> dict[str, str]:
    return {name: ",".join(st.query_params.get_all(name)) for name in st.query_params}


def _write(query: dict[str, str]) -> None:
    if query != _all():
        st.query_params.from_dict(query)
