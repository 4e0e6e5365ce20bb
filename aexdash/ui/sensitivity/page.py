"""The bands of all cards: each with the state of its present value, and an editor for the one in the address."""

from __future__ import annotations

import streamlit as st

from aexdash.cards import CARDS, Card, CardValue
from aexdash.cards.reading import read_values
from aexdash.desk.bands import EVERY_STORE, Sensitivity, Standing
from aexdash.people.acting import rights
from aexdash.people.rights import Role
from aexdash.ui.frame import address, names
from aexdash.ui.frame.visit import Visit
from aexdash.ui.sensitivity import band_editor
from aexdash.words.card_units import band_words
from aexdash.words.cards import WINDOW_NAMES, tell
from aexdash.words.common import day, plain


def bands(visit: Visit) -> None:
    """Draw all cards with their bands, and below the one that the address names its editor."""
    st.caption(_whose(visit))
    standing = Sensitivity(visit.settings.desk_path).standing(visit.view.profile, list(CARDS.values()))
    values = visit.ask_apart_from_people(read_values, visit.view.store_keys, visit.view.as_of)
    opened = st.query_params.get("card")
    for card in CARDS.values():
        with st.container(border=True, gap="small", key=f"card-{card.key}"):
            _row(visit, card, standing[card.key], values[card.key], open_=card.key == opened)
            if card.key == opened and rights().may(Role.OWNER):
                band_editor.draw(visit, card, standing[card.key])
    names.tell(
        {
            f"change-{card.key}": f"{'Close' if card.key == opened else 'Change'} band of {card.title}"
            for card in CARDS.values()
        },
    )


def _whose(visit: Visit) -> str:
    profile = visit.profile
    if profile is None:
        return (
            "The bands that hold wherever no profile has its own. Pick a profile at the top to give it bands of its "
            "own, or make one below."
        )
    stores = ", ".join(visit.title_of(key) for key in profile.stores)
    return plain(
        f"The bands of profile {profile.title} ({stores}). Where it has none of its own, those of every store hold."
    )


def _row(visit: Visit, card: Card, standing: Standing, current: CardValue, *, open_: bool) -> None:
    told = tell(card, current, standing.band, visit.zone)
    small = " · ".join([*(note.rstrip(".") for note in told.notes), band_words(standing.band, card.unit)])
    named = " · ".join(
        filter(None, (f"**{plain(card.title)}**", WINDOW_NAMES[card.window], f"**{plain(told.value)}**"))
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{card.key}"):
        st.markdown(
            f"{named} {told.verdict.badge}  \n:small[{plain(small)} · {_origin(visit, standing)}]",
            width="stretch",
            help=plain(card.formula),
        )
        st.button(
            "Close" if open_ else "Change",
            key=f"change-{card.key}",
            on_click=address.change,
            args=("card", "" if open_ else card.key),
            disabled=not rights().may(Role.OWNER),
        )


def _origin(visit: Visit, standing: Standing) -> str:
    change = standing.change
    if change is None:
        return "default"
    whose = "for every store, " if change.profile == EVERY_STORE and visit.view.profile else ""
    return plain(f"set {whose}by {change.by}, {day(change.at, visit.zone)}")
