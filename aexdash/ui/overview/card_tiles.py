"""A card as a tile: value, state, change, last 30 days, and links to the listings behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo

import streamlit as st

from aexdash.cards import CARDS, About, Band, CardValue, Comparison, Need, Window, held
from aexdash.cards.reading import read_comparisons, read_lines, read_values
from aexdash.causes.movement import Movement
from aexdash.clock import DAY
from aexdash.desk.bands import Sensitivity
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.history.series import CardPoint
from aexdash.ui import shop_lines
from aexdash.ui.causes import ways as causes
from aexdash.ui.frame import names, nav
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit, made_of
from aexdash.ui.overview import card_line
from aexdash.words.cards import (
    CardTile,
    change,
    coverage_in_short,
    coverage_words,
    definition_of,
    earlier_words,
    tell,
)
from aexdash.words.common import plain

HERO = held.HERO.key

DAYS = 30
"""Days of the small chart of a card."""

MOVES = {About.HELD: What.HELD, About.NEWLY_REJECTED: What.REJECTED}
"""The moves behind a card's difference, by what the card is about."""


def tiles_of(visit: Visit) -> dict[str, CardTile]:
    """Read the values of all cards for the shown stores and judge them; return the tiles by card key."""
    place = (visit.view.store_keys, visit.view.as_of)
    values = visit.ask_apart_from_people(read_values, *place)
    compared = visit.ask_apart_from_people(read_comparisons, *place)
    lines = visit.ask_apart_from_people(read_lines, *place, DAYS)
    bands = Sensitivity(visit.settings.desk_path).standing(visit.view.profile, list(CARDS.values()))
    standing = {key: bands[key].band for key in CARDS}
    about = ("tiles", tuple(standing.items()), visit.zone)
    return made_of([values, compared, lines], about, lambda: _tiles(values, compared, lines, standing, visit.zone))


def _tiles(
    values: Mapping[str, CardValue],
    compared: Mapping[str, Comparison],
    lines: Mapping[str, Sequence[CardPoint]],
    bands: Mapping[str, Band],
    zone: tzinfo,
) -> dict[str, CardTile]:
    tiles: dict[str, CardTile] = {}
    for key, card in CARDS.items():
        # The day is not over, so its stored value is older than the present one; but what was read long ago is not
        # of today.
        current = values[key]
        present = CardPoint.within(current.value, current.reach, current.bounds if current.still_reading else None)
        points = [*lines[key][:-1], lines[key][-1] if values[key].reach.behind else present]
        line, stores = tuple(point.value for point in points), tuple(len(point.reach.read) for point in points)
        told = tell(card, values[key], bands[key], zone)
        tiles[key] = CardTile(card, values[key], bands[key], told, compared.get(key), line, stores)
    return tiles


def draw(visit: Visit, tiles: Iterable[CardTile], place: str, *, terse: bool = False) -> None:
    """Draw tiles one after the other. `place` names the section, because one card may be in several.

    `terse`: the note of a known value is shown only in the help text.
    """
    for tile in tiles:
        with st.container(
            border=True, horizontal=True, gap="xxsmall", height="stretch", key=f"{place}-{tile.card.key}"
        ):
            _value(tile, terse=terse)
            if any(value is not None for value in tile.line[:-1]):
                picture = card_line.picture(tile.card, tile.line, theme(), tile.stores)
                st.image(picture, width="stretch", alt=card_line.in_words(tile.card, tile.line, tile.stores))
            _beside(tile, terse=terse)
            if Need.SHOP in tile.card.needs and tile.current.value is not None:
                shop_lines.draw_stale(visit)
            _links(visit, tile)


def name_links(visit: Visit, tiles: Iterable[CardTile], place: str) -> None:
    """Name the links of tiles that were drawn; outside of their grid, where this would take a cell."""
    names.tell({f"{place}-{tile.card.key}": _names(visit, tile) for tile in tiles})


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
    """Draw the state and the coverage; for a card without data, why there is none and how to connect it.

    What the state says already, that listings are still read, is not said again.
    """
    covered = coverage_words(tile.card, tile.current)
    short = coverage_in_short(tile.current) if terse else covered.removesuffix(", still reading")
    hide_note = terse and (tile.current.value is not None or bool(short))
    notes = (short if note == covered else note for note in tile.told.notes)
    words = " · ".join(plain(note) for note in notes if note and not (hide_note and note == tile.current.note))
    st.markdown(f"{tile.told.verdict.badge} :small[{words}]" if words else tile.told.verdict.badge)


def _links(visit: Visit, tile: CardTile) -> None:
    for page, query in _ways(visit, tile):
        nav.link(page, _label(page), query)


def _label(page: str) -> str:
    return causes.LABEL if page == causes.PAGE else f"{page.title()} ›"


def _names(visit: Visit, tile: CardTile) -> list[str]:
    return [f"{_label(page)} {tile.card.title}" for page, _ in _ways(visit, tile)]


def _ways(visit: Visit, tile: CardTile) -> list[tuple[str, dict[str, str]]]:
    """Return the pages that a card leads to, in order, with the words of their addresses."""
    card = tile.card
    ways = [("history", visit.kept() | ({} if card.key == HERO else {"cards": card.key}))]
    if card.view is not None:
        ways.append(("worklist", worklist_query(visit, card.key)))
    if Need.FEED in card.needs:
        ways.append(("feed", visit.kept()))
    if Need.SHOP in card.needs:
        page, words = card.listed_at or ("reconcile", {})
        ways.append((page, {**visit.kept(), **words}))
    if movement := rise_of(tile, visit.view.store_keys):
        ways.append((causes.PAGE, causes.to_query(movement, visit.view)))
    return ways


def rise_of(tile: CardTile, stores: tuple[str, ...] | None) -> Movement | None:
    """Return the movement that a card's difference is of, where more is held or rejected than before; else None.

    Both ends have to be known: a difference of what was not read is none.
    """
    what, compared = MOVES.get(tile.card.is_about), tile.comparison
    if what is None or compared is None or tile.card.window not in (Window.RT, Window.H24):
        return None
    current, before = compared.current, compared.before
    if current.value is None or before.value is None or current.value <= before.value:
        return None
    read = [one.read_at for one in current.reach.readings if one.read_at]
    return Movement(what, max(read) - DAY, max(read), stores, about="card") if read else None


def worklist_query(visit: Visit, card: str) -> dict[str, str]:
    """Return the parameters of the worklist with the listings behind a card, for the same stores and moment."""
    view = CARDS[card].view
    return visit.kept() | (view.to_query() if view else {})
