"""A card as a tile: value, state, change, last 30 days, and links to the listings behind it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from aexdash.cards import CARDS, Card, Need, held
from aexdash.cards.reading import read_comparisons, read_lines, read_values
from aexdash.desk.bands import Sensitivity
from aexdash.snapshot.history.series import CardPoint
from aexdash.ui.frame import names, nav
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.ui.overview import card_line
from aexdash.words.cards import (
    CardTile,
    change,
    definition_of,
    earlier_words,
    tell,
)
from aexdash.words.common import plain

HERO = held.HERO.key

DAYS = 30
"""Days of the small chart of a card."""


def tiles_of(visit: Visit) -> dict[str, CardTile]:
    """Read the values of all cards for the shown stores and judge them; return the tiles by card key."""
    place = (visit.view.store_keys, visit.view.as_of)
    values = visit.ask_apart_from_people(read_values, *place)
    compared = visit.ask_apart_from_people(read_comparisons, *place)
    lines = visit.ask_apart_from_people(read_lines, *place, DAYS)
    standing = Sensitivity(visit.settings.desk_path).standing(visit.view.profile, list(CARDS.values()))
    tiles: dict[str, CardTile] = {}
    for key, card in CARDS.items():
        band = standing[key].band
        # The day is not over, so its stored value is older than the present one; but what was read long ago is not
        # of today.
        present = CardPoint(values[key].value, values[key].reach)
        points = [*lines[key][:-1], lines[key][-1] if values[key].reach.behind else present]
        line, stores = tuple(point.value for point in points), tuple(len(point.reach.read) for point in points)
        tiles[key] = CardTile(card, values[key], band, tell(card, values[key], band), compared.get(key), line, stores)
    return tiles


def draw(visit: Visit, tiles: Iterable[CardTile], place: str, *, terse: bool = False) -> None:
    """Draw tiles one after the other. `place` names the section, because one card may be in several.

    `terse`: the note of a known value is shown only in the help text.
    """
    for tile in tiles:
        with st.container(border=True, gap="xxsmall", height="stretch", key=f"{place}-{tile.card.key}"):
            _value(tile, terse=terse)
            if any(value is not None for value in tile.line[:-1]):
                picture = card_line.picture(tile.card, tile.line, theme(), tile.stores)
                st.image(picture, width="stretch", alt=card_line.in_words(tile.card, tile.line, tile.stores))
            _beside(tile, terse=terse)
            _links(visit, tile.card)


def name_links(visit: Visit, tiles: Iterable[CardTile], place: str) -> None:
    """Name the links of tiles that were drawn; outside of their grid, where this would take a cell."""
    names.tell(f"{place}s", {f"{place}-{tile.card.key}": _names(visit, tile.card) for tile in tiles})


def _value(tile: CardTile, *, terse: bool) -> None:
    moved = change(tile.card, tile.comparison)
    words = tile.told.value
    st.metric(
        tile.card.title,
        plain(words) if tile.current.currency else words,
        moved or None,
        delta_color="off",
        delta_arrow="off",
        delta_description=earlier_words(tile.card, tile.comparison) if moved else None,
        help=definition_of(tile.card, tile.band, " · ".join(tile.told.notes) if terse else tile.current.note),
    )


def _beside(tile: CardTile, *, terse: bool) -> None:
    """Draw the state and the coverage; for a card without data, why there is none and how to connect it."""
    hide_note = terse and tile.current.value is not None
    words = " · ".join(plain(note) for note in tile.told.notes if not (hide_note and note == tile.current.note))
    st.markdown(f"{tile.told.verdict.badge} :small[{words}]" if words else tile.told.verdict.badge)


def _links(visit: Visit, card: Card) -> None:
    with st.container(horizontal=True, gap="small"):
        for page, query in _ways(visit, card):
            nav.link(page, f"{page.title()} ›", query)


def _names(visit: Visit, card: Card) -> list[str]:
    return [f"{page.title()} › {card.title}" for page, _ in _ways(visit, card)]


def _ways(visit: Visit, card: Card) -> list[tuple[str, dict[str, str]]]:
    """Return the pages that a card leads to, in order, with the words of their addresses."""
    ways = [("history", visit.kept() | ({} if card.key == HERO else {"cards": card.key}))]
    if card.view is not None:
        ways.append(("worklist", worklist_query(visit, card.key)))
    if Need.FEED in card.needs:
        ways.append(("feed", visit.kept()))
    return ways


def worklist_query(visit: Visit, card: str) -> dict[str, str]:
    """Return the parameters of the worklist with the listings behind a card, for the same stores and moment."""
    view = CARDS[card].view
    return visit.kept() | (view.to_query() if view else {})
