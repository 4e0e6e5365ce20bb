"""The words for values of cards with their units, for states and for bands. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping

from aexdash.cards import CARDS, Band, Direction
from aexdash.desk.bands import State

SIGNS: Mapping[State, str] = {
    State.PERFORMING: "✓",
    State.STABLE: "●",
    State.NEEDS_ATTENTION: "▲",
    State.NO_DATA: "○",
}
"""A sign a state, so that its colour is never the only one."""

COLOURS: Mapping[State, str] = {
    State.PERFORMING: "green",
    State.STABLE: "gray",
    State.NEEDS_ATTENTION: "red",
    State.NO_DATA: "gray",
}

UNITS = {"listings": " listings", "percent": " %", "score": " of 100", "days": " days", "money a day": " a day"}

ONE = {"listings": " listing", "days": " day"}

DIRECTION_WORDS: Mapping[Direction, str] = {
    Direction.LOWER: "lower is better",
    Direction.HIGHER: "higher is better",
    Direction.TARGET: "a target",
    Direction.NONE: "neither way",
}


def state_words(state: State) -> str:
    """Name a state with its sign."""
    return f"{SIGNS[state]} {state.value}"


def card_title(key: str) -> str:
    """Return the title of a card; the key for a card of another version."""
    return CARDS[key].title if key in CARDS else key


def amount(value: float | None, unit: str, currency: str | None = None) -> str:
    """Write a value with its unit; a dash for no data."""
    if value is None:
        return "–"
    if unit == "money a day":
        return f"{value:,.2f}{f' {currency}' if currency else ''} a day"
    figure = f"{value:,.0f}" if unit == "listings" or round(float(value), 1).is_integer() else f"{value:,.1f}"
    return figure + (ONE.get(unit, UNITS[unit]) if figure == "1" else UNITS[unit])


def band_words(band: Band, unit: str) -> str:
    """Describe a band in one line."""
    if band.direction is Direction.NONE:
        return "always stable: neither way is better"
    good, bad = limit(band.good, unit), limit(band.bad, unit)
    if band.direction is Direction.TARGET:
        return f"performing within {bad} of {good}, else needs attention"
    first, second = ("up to", "above") if band.direction is Direction.LOWER else ("from", "below")
    return f"performing {first} {good}, needs attention {second} {bad}"


def limit(value: float, unit: str) -> str:
    """Write a limit of a band as it was set, with its unit."""
    figure = f"{value:,.10g}"
    return figure + (ONE.get(unit, UNITS[unit]) if figure == "1" else UNITS[unit])
