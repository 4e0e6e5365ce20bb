"""The filters of the worklist: chips with counts, a search, an order. Each is set from the address and writes to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from aexdash.model import AuditKind, Provenance, Resubmit, Stage, Status
from aexdash.snapshot.readmodels import Facet
from aexdash.ui.frame import address
from aexdash.ui.frame.visit import Visit
from aexdash.ui.worklist import reason_chips
from aexdash.ui.worklist.reason_chips import chip
from aexdash.view import ORDERS, View
from aexdash.words.common import (
    AGE_WORDS,
    AUDIT_WORDS,
    FILTER_STATUS_WORDS,
    ORDER_WORDS,
    PROVENANCE_WORDS,
    RESUBMIT_WORDS,
    STAGE_WORDS,
)

KEYS = {
    "statuses": "filter-status",
    "resubmit": "filter-resubmit",
    "audit_kinds": "filter-audit",
    "provenance": "filter-provenance",
    "categories": "filter-category",
    "stages": "filter-stage",
    "owners": "filter-owner",
    "age": "filter-age",
    "text": "filter-text",
    "order": "filter-order",
}

LABELS = {
    "statuses": "Status",
    "resubmit": "Resubmit",
    "audit_kinds": "Audit",
    "provenance": "Who says so",
    "categories": "Category",
    "stages": "Stage",
    "owners": "Owner",
}


def draw(visit: Visit) -> None:
    """Draw the reason chips and the row of filters under them."""
    _set(visit.view)
    reason_chips.draw(visit, _changed)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        facets = visit.facets()
        _facet_pills(visit, "statuses", facets.get("status", ()), FILTER_STATUS_WORDS)
        _facet_pills(visit, "resubmit", facets.get("resubmit", ()), RESUBMIT_WORDS)
        _more(visit, facets)
        with st.container(horizontal=True, horizontal_alignment="right", gap="small", key="search-and-order"):
            _search(visit)
            _order(visit)


def chosen_view(view: View) -> View:
    """The view with what the widgets now say; a widget that is not drawn leaves its part as it is."""
    given = {name: st.session_state[key] for name, key in KEYS.items() if key in st.session_state}
    return view.but(
        reasons=reason_chips.given(view.reasons),
        statuses=tuple(map(Status, given.get("statuses", view.statuses))),
        resubmit=tuple(map(Resubmit, given.get("resubmit", view.resubmit))),
        audit_kinds=tuple(map(AuditKind, given.get("audit_kinds", view.audit_kinds))),
        provenance=tuple(map(Provenance, given.get("provenance", view.provenance))),
        categories=tuple(map(int, given.get("categories", view.categories))),
        stages=tuple(map(Stage, given.get("stages", view.stages))),
        owners=tuple(given.get("owners", view.owners)),
        age=given.get("age", view.age),
        text=given.get("text", view.text).strip(),
        order=given.get("order") or view.order,
    )


def clear(view: View) -> None:
    """Show everything held again, in the same store, moment and order."""
    address.show(view.place().but(order=view.order))


def _changed(view: View) -> None:
    address.show(chosen_view(view))


def _set(view: View) -> None:
    """Make every widget say what the address says.

    It is said in every run, because a browser that gets two runs at once may never draw the first one.
    The search is left alone while it agrees, or a refresh would take away what somebody is typing.
    """
    wanted: dict[str, object] = {
        "statuses": [status.value for status in view.statuses],
        "resubmit": [word.value for word in view.resubmit],
        "audit_kinds": [kind.value for kind in view.audit_kinds],
        "provenance": [who.value for who in view.provenance],
        "categories": [str(category) for category in view.categories],
        "stages": [stage.value for stage in view.stages],
        "owners": list(view.owners),
        "age": view.age,
        "text": view.text,
        "order": view.order,
    }
    for name, value in wanted.items():
        if name != "text" or st.session_state.get(KEYS[name]) != value:
            st.session_state[KEYS[name]] = value


def _pills(visit: Visit, name: str, chips: Mapping[str, str]) -> None:
    st.pills(
        LABELS[name],
        list(chips),
        selection_mode="multi",
        format_func=chips.__getitem__,
        key=KEYS[name],
        on_change=_changed,
        args=(visit.view,),
        label_visibility="collapsed",
    )


def _facet_pills(visit: Visit, name: str, facets: Sequence[Facet], words: Mapping[str, str]) -> None:
    counts = {facet.value: facet.listings for facet in facets}
    chosen = [str(value) for value in getattr(visit.view, name)]
    values = [value for value in map(str, words) if counts.get(value) or value in chosen]
    if values:
        _pills(visit, name, {value: chip(words[value], counts.get(value, 0)) for value in values})


def _search(visit: Visit) -> None:
    st.text_input(
        "Search",
        key=KEYS["text"],
        on_change=_changed,
        args=(visit.view,),
        placeholder="Title, product id or SKU",
        label_visibility="collapsed",
        width=190,
        type="search",
    )


def _order(visit: Visit) -> None:
    st.selectbox(
        "Order",
        ORDERS,
        format_func=lambda order: ORDER_WORDS[order],
        key=KEYS["order"],
        on_change=_changed,
        args=(visit.view,),
        label_visibility="collapsed",
        width=170,
    )


def _more(visit: Visit, facets: Mapping[str, Sequence[Facet]]) -> None:
    view = visit.view
    lists = (view.audit_kinds, view.provenance, view.categories, view.stages, view.owners)
    chosen = sum(map(len, lists)) + (view.age is not None)
    with st.popover(f"More filters · {chosen}" if chosen else "More filters", width="content"):
        _age(visit, facets.get("age", ()))
        _choice(visit, "provenance", facets.get("provenance", ()), PROVENANCE_WORDS)
        _choice(visit, "audit_kinds", facets.get("audit", ()), AUDIT_WORDS)
        _choice(visit, "categories", facets.get("category", ()))
        _choice(visit, "stages", facets.get("stage", ()), STAGE_WORDS)
        _choice(visit, "owners", facets.get("owner", ()))


def _age(visit: Visit, facets: Sequence[Facet]) -> None:
    counts = {facet.value: facet.listings for facet in facets}
    st.pills(
        "Held at least",
        list(AGE_WORDS),
        format_func=lambda age: f"{AGE_WORDS[age]}  **{counts.get(age, 0):,}**",
        key=KEYS["age"],
        on_change=_changed,
        args=(visit.view,),
    )


def _choice(visit: Visit, name: str, facets: Sequence[Facet], words: Mapping[str, str] | None = None) -> None:
    known = {facet.value: facet for facet in facets}
    chosen = [str(value) for value in getattr(visit.view, name, ())]
    values = [*known, *(value for value in chosen if value not in known)]
    if not values:
        return

    def say(value: str) -> str:
        facet = known.get(value, Facet(value, value, 0))
        return f"{(words or {}).get(value) or facet.label or value} · {facet.listings:,}"

    st.multiselect(LABELS[name], values, format_func=say, key=KEYS[name], on_change=_changed, args=(visit.view,))
