"""The filters of the worklist: chips with counts, search, order. Each is set from the address and writes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from aexdash.address_words import Filter
from aexdash.model import Status
from aexdash.snapshot.readmodels import Facet
from aexdash.ui.frame import address
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview import risk
from aexdash.ui.worklist import counted, reason_chips, tabs
from aexdash.ui.worklist.reason_chips import chip
from aexdash.view import NOTED, ORDERS, WITH_CHOICES, View
from aexdash.words.common import CHOICE_WORDS, ORDER_WORDS, age_words, plain
from aexdash.words.listings.work import MARK_WORDS

_FILTERS = {one.name: one for one in WITH_CHOICES}

IN_THE_ROW = ("status", "resubmit")
"""The filters that are always visible; the others are under *More filters*."""

FIRST_BEHIND = ("age", "in_status", "provenance")
"""The filters that come first under *More filters*."""

AT_RISK = str(Status.ACTIVE)
"""The choice whose number is of the listings checked so far, and may be larger until all are."""

MORE = "more-filters"
"""The key of the popover of the filters that are not in the row."""

_DRAWN, _CHOSEN = "_filters-drawn", "_filters-chosen"

_NAMES = {one.field: one.name for one in WITH_CHOICES} | {"text": "text", "order": "order"}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The view that the widgets were drawn of, and how many times another one came that no widget led to.

    Each time the widgets get new keys. A browser that has not drawn them yet reports, with whatever it asks for, what
    the old ones say; that brings back no filter that has been left, for a campaign for instance.
    """

    view: View
    turn: int = 0


def key_of(field: str) -> str:
    """Return the present key of the widget that sets a field of the view."""
    return _turned(f"filter-{_NAMES[field]}")


def _turned(key: str) -> str:
    drawn: _Drawn | None = st.session_state.get(_DRAWN)
    return f"{key}-{drawn.turn}" if drawn and drawn.turn else key


def draw(visit: Visit) -> None:
    """Draw the reason chips and the row of filters under them."""
    _remember(visit.view)
    _set(visit.view)
    room = min(reason_chips.lines(visit), 3)
    with st.container(key=f"chips-{room}"):
        reason_chips.draw(visit, _changed, _turned)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filters"):
        facets = _facets(visit, IN_THE_ROW)
        for name in IN_THE_ROW:
            _pills(visit, _FILTERS[name], facets.get(name, ()))
        _more(visit)
        with st.container(horizontal=True, horizontal_alignment="right", gap="small", key="search-and-order"):
            _search(visit)
            _order(visit)


def head(visit: Visit) -> None:
    """Say which filters an address or an answer has chosen that no widget of the page shows."""
    if chosen := list(_said(visit)):
        st.caption(plain(" ".join(chosen)))


def _said(visit: Visit) -> Iterator[str]:
    view = visit.view
    if view.without:
        others = " or ".join(map(visit.label, view.without))
        yield f"Not held by {others}; listings of which nobody knows the reasons are left out."
    if view.both:
        yield f"Held at once by {' and '.join(map(visit.label, view.both))}."
    if view.marks and tabs.tab_of(view, tabs.my_name()) is not tabs.Tab.REGRESSED:
        yield f"Only what is marked: {' or '.join(MARK_WORDS[mark] for mark in view.marks)}."
    if view.noted:
        yield f"Only listings {'with' if view.noted == NOTED else 'without'} a note."


def chosen_view(view: View) -> View:
    """Return the view with the present values of the widgets; fields whose widget is not drawn stay as they are."""
    keys = {field: key_of(field) for field in _NAMES}
    entered = {field: st.session_state[key] for field, key in keys.items() if key in st.session_state}
    chosen = {
        one.field: tuple(map(one.value_of, entered[one.field])) if one.many else entered[one.field]
        for one in WITH_CHOICES
        if one.field in entered
    }
    return view.replace(
        **chosen,
        reasons=reason_chips.chosen_reasons(view.reasons, _turned),
        text=entered.get("text", view.text).strip(),
        order=entered.get("order") or view.order,
    )


def clear(view: View) -> None:
    """Remove all filters; store or profile, moment, order and tab stay."""
    address.show(cleared(view, tabs.my_name()))


def cleared(view: View, me: str) -> View:
    """Return a view without its filters; one of listings that are not held has no tab to stay in."""
    tab = tabs.tab_of(view, me)
    bare = view.unfiltered().replace(order=view.order)
    return tabs.view_of(tab, bare, me).replace(order=view.order) if tab else bare


def _remember(view: View) -> None:
    last: _Drawn | None = st.session_state.get(_DRAWN)
    if last is None or last.view != view:
        is_other = last is not None and st.session_state.get(_CHOSEN) != view
        st.session_state[_DRAWN] = _Drawn(view, (last.turn if last else 0) + is_other)


def _changed(view: View) -> None:
    drawn: _Drawn | None = st.session_state.get(_DRAWN)
    if drawn and drawn.view != view:
        return  # Streamlit takes what is told of a widget that is gone for a change of it
    chosen = chosen_view(view)
    st.session_state[_CHOSEN] = chosen
    address.show(chosen)


def _set(view: View) -> None:
    """Set every widget to the value in the address.

    It is done in every run, because a browser that gets two runs at once may never draw the first one.
    The search is not set again while it agrees: a refresh would delete what somebody is typing.
    """
    wanted: dict[str, object] = {
        one.field: [str(word) for word in getattr(view, one.field)] if one.many else getattr(view, one.field)
        for one in WITH_CHOICES
    }
    wanted |= {"text": view.text, "order": view.order}
    for field, value in wanted.items():
        key = key_of(field)
        if field != "text" or st.session_state.get(key) != value:
            st.session_state[key] = value


def _pills(visit: Visit, filter_: Filter, facets: Sequence[Facet]) -> None:
    counts = {facet.value: facet.listings for facet in facets}
    chosen = [str(value) for value in getattr(visit.view, filter_.field)]
    words = CHOICE_WORDS[filter_.name]
    values = [value for value in map(str, words) if counts.get(value) or value in chosen]
    if not values:
        return
    is_of_some = bool(counts.get(AT_RISK)) and not risk.are_all_checked(visit)
    st.pills(
        filter_.heading,
        values,
        selection_mode="multi",
        format_func=lambda value: chip(words[value], counts.get(value, 0), is_least=is_of_some and value == AT_RISK),
        key=key_of(filter_.field),
        on_change=_changed,
        args=(visit.view,),
        label_visibility="collapsed",
    )


def _search(visit: Visit) -> None:
    st.text_input(
        "Search",
        key=key_of("text"),
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
        key=key_of("order"),
        on_change=_changed,
        args=(visit.view,),
        label_visibility="collapsed",
        width=170,
    )


def _facets(visit: Visit, names: Sequence[str]) -> Mapping[str, Sequence[Facet]]:
    return counted.facets(visit, tabs.my_name(), names)


def _more(visit: Visit) -> None:
    """Draw the popover of the other filters; their choices are counted and drawn only while it is open."""
    behind = [*FIRST_BEHIND, *(name for name in _FILTERS if name not in (*IN_THE_ROW, *FIRST_BEHIND))]
    values = [getattr(visit.view, _FILTERS[name].field) for name in behind]
    chosen = sum(len(value) if isinstance(value, tuple) else value is not None for value in values)
    # Its label never changes: with another one it is another popover to Streamlit, and a closed one.
    box = st.popover("More filters", width="content", key=MORE, on_change="rerun")
    if chosen:
        st.markdown(f":gray[{chosen} set]", width="content")
    if not box.open:
        return
    facets = _facets(visit, behind)
    with box:
        for name in behind:
            draw_one = _several if _FILTERS[name].many else _one
            draw_one(visit, _FILTERS[name], facets.get(name, ()))


def _one(visit: Visit, filter_: Filter, facets: Sequence[Facet]) -> None:
    counts, words = {facet.value: facet.listings for facet in facets}, dict(CHOICE_WORDS[filter_.name])
    chosen = getattr(visit.view, filter_.field)
    if chosen and chosen not in words:
        words[chosen] = age_words(chosen)  # an age that an address names and nobody is offered
    st.pills(
        filter_.heading,
        list(words),
        format_func=lambda value: f"{words[value]}  **{counts[value]:,}**" if counts.get(value) else words[value],
        key=key_of(filter_.field),
        on_change=_changed,
        args=(visit.view,),
    )


def _several(visit: Visit, filter_: Filter, facets: Sequence[Facet]) -> None:
    known = {facet.value: facet for facet in facets}
    chosen = [str(value) for value in getattr(visit.view, filter_.field)]
    values = [*known, *(value for value in chosen if value not in known)]
    if not values:
        return

    def say(value: str) -> str:
        facet = known.get(value, Facet(value, value, 0))
        words = CHOICE_WORDS.get(filter_.name, {})
        return f"{words.get(value) or facet.label or value} · {facet.listings:,}"

    key = key_of(filter_.field)
    st.multiselect(filter_.heading, values, format_func=say, key=key, on_change=_changed, args=(visit.view,))
