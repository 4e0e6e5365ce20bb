"""Sensitivity: every card with its band and the state it makes of the present value; one at a time is changed."""

from __future__ import annotations

import streamlit as st

from aexdash.cards import CARDS, Card, CardValue
from aexdash.cards.reading import read_values
from aexdash.desk.bands import EVERY_STORE, Sensitivity, Standing
from aexdash.snapshot.readmodels import Freshness
from aexdash.ui.frame import address
from aexdash.ui.frame.visit import Visit
from aexdash.ui.sensitivity import band_editor
from aexdash.words.card_units import amount, band_words
from aexdash.words.cards import verdict
from aexdash.words.common import day, plain


def bands(visit: Visit) -> None:
    """Draw the cards by kind, and in place of the one that the address names its editor."""
    st.caption(_whose(visit))
    standing = Sensitivity(visit.settings.desk_path).standing(visit.view.profile, list(CARDS.values()))
    told = visit.ask_apart_from_people(read_values, visit.view.store_keys, visit.view.as_of)
    freshness = None if visit.view.as_of else visit.freshness()
    asked = st.query_params.get("card")
    for card in CARDS.values():
        with st.container(border=True, gap="small", key=f"card-{card.key}"):
            _row(visit, card, standing[card.key], told[card.key], freshness, open_=card.key == asked)
            if card.key == asked:
                band_editor.draw(visit, card, standing[card.key])


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


def _row(
    visit: Visit, card: Card, standing: Standing, told: CardValue, freshness: Freshness | None, *, open_: bool
) -> None:
    badge = verdict(card, told.value, standing.band, freshness).badge
    value = plain(amount(told.value, card.unit, told.currency))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{card.key}"):
        st.markdown(
            f"**{plain(card.title)}** · {card.window.value} · **{value}** {badge}  \n"
            f":small[{plain(band_words(standing.band, card.unit))} · {_origin(visit, standing)}]",
            width="stretch",
            help=plain(f"{card.formula} {told.note}"),
        )
        st.button(
            "Close" if open_ else "Change",
            key=f"change-{card.key}",
            on_click=address.change,
            args=("card", "" if open_ else card.key),
        )


def _origin(visit: Visit, standing: Standing) -> str:
    change = standing.change
    if change is None:
        return "default"
    whose = "for every store, " if change.profile == EVERY_STORE and visit.view.profile else ""
    return plain(f"set {whose}by {change.by}, {day(change.at)}")
