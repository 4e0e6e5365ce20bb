"""A card as a tile: its value with a state, what it was before, its last 30 days, and the ways to what is behind it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from aexdash.cards import CARDS, Card, Need
from aexdash.cards.reading import read_lines, read_values, read_values_before
from aexdash.desk.bands import Sensitivity
from aexdash.ui.frame import nav
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview import card_line
from aexdash.words.cards import (
    EARLIER,
    Shown,
    change,
    coverage_words,
    definition_of,
    value_words,
    verdict,
)
from aexdash.words.common import plain

HERO = "aex_rejected_auditing_listings"

DAYS = 30
"""Days of the line of a card."""


def shown(visit: Visit) -> dict[str, Shown]:
    """Gather every card as it is shown, by key."""
    place = (visit.view.store_keys, visit.view.as_of)
    told = visit.ask_apart_from_people(read_values, *place)
    before = visit.ask_apart_from_people(read_values_before, *place)
    lines = visit.ask_apart_from_people(read_lines, *place, DAYS)
    standing = Sensitivity(visit.settings.desk_path).standing(visit.view.profile, list(CARDS.values()))
    freshness = None if visit.view.as_of else visit.freshness()
    found: dict[str, Shown] = {}
    for key, card in CARDS.items():
        band = standing[key].band
        judged = verdict(card, told[key].value, band, freshness)
        # The day of the moment is not over: what the card says is further than what was written down of it.
        line = (*lines[key][:-1], told[key].value)
        found[key] = Shown(card, told[key], band, judged, before.get(key), line)
    return found


def draw(visit: Visit, tiles: Iterable[Shown], place: str, *, terse: bool = False) -> None:
    """Draw tiles, one after the other, in a place of the page; one card may stand in several.

    Terse ones leave to the help what else there is to know of a value.
    """
    for tile in tiles:
        with st.container(border=True, gap="xxsmall", height="stretch", key=f"{place}-{tile.card.key}"):
            _value(tile)
            if any(value is not None for value in tile.line[:-1]):
                picture = card_line.picture(tile.card, tile.line, theme())
                st.image(picture, width="stretch", alt=card_line.in_words(tile.card, tile.line))
            _beside(tile, terse=terse)
            _ways(visit, tile.card)


def _value(tile: Shown) -> None:
    moved = change(tile.card, tile.told, tile.before)
    words = value_words(tile.card, tile.told)
    st.metric(
        tile.card.title,
        plain(words) if tile.told.currency else words,
        moved or None,
        delta_color="off",
        delta_arrow="off",
        delta_description=EARLIER[tile.card.window] if moved else None,
        help=definition_of(tile.card, tile.band, tile.told.note),
    )


def _beside(tile: Shown, *, terse: bool) -> None:
    """The state, and how far the value is known; a card without data says why, and how to connect it."""
    said = terse and tile.told.value is not None
    notes = [coverage_words(tile.card, tile.told), "" if said else tile.told.note]
    words = " · ".join(plain(note) for note in notes if note)
    st.markdown(f"{tile.verdict.badge} :small[{words}]" if words else tile.verdict.badge)


def _ways(visit: Visit, card: Card) -> None:
    with st.container(horizontal=True, gap="small"):
        nav.link("history", "History ›", visit.kept() | ({} if card.key == HERO else {"cards": card.key}))
        if card.view is not None:
            nav.link("worklist", "Worklist ›", visit.kept() | card.view.to_query())
        if Need.FEED in card.needs:
            nav.link("feed", "Feed ›", visit.kept())
