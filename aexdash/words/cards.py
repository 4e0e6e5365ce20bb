"""The texts beside the value of a card: its definition, how it is judged, how it changed. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aexdash.cards import Band, Card, CardValue, Need, Window
from aexdash.cards.window import WORDS as WINDOW_WORDS
from aexdash.desk.bands import State, judge
from aexdash.snapshot.readmodels import Freshness
from aexdash.words.card_units import COLOURS, SIGNS, amount, band_words
from aexdash.words.common import plain, price

NOT_CONFIRMED = "Not confirmed"

CURRENT = ("fresh", "archived")
"""States of freshness in which a good value is believed."""

EARLIER: Mapping[Window, str] = {
    Window.RT: "in 24 hours",
    Window.H24: "vs 24 hours before",
    Window.D7: "vs 7 days before",
    Window.D30: "vs 30 days before",
    Window.D90: "vs 90 days before",
    Window.TODAY: "vs yesterday by now",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a value is judged: a word, its colour, and a sign, so that colour alone never carries the meaning."""

    word: str
    colour: str
    sign: str

    @property
    def badge(self) -> str:
        """As a badge of Markdown."""
        return f":{self.colour}-badge[{self.sign} {self.word}]"


@dataclass(frozen=True, slots=True)
class CardTile:
    """A card as a page shows it: what it says, by which band it is judged, what it said before and each day."""

    card: Card
    current: CardValue
    band: Band
    verdict: Verdict
    before: CardValue | None = None
    line: tuple[float | None, ...] = ()


def verdict(card: Card, value: float | None, band: Band, freshness: Freshness | None) -> Verdict:
    """Judge a value; what is read from the platform is good only while the reading is current.

    `freshness` is None for a past moment, which cannot become stale.
    """
    state = judge(value, band)
    old = freshness is not None and freshness.state not in CURRENT
    if state is State.PERFORMING and old and set(card.needs) != {Need.FEED}:
        return Verdict(NOT_CONFIRMED, "gray", "?")
    return Verdict(state.value, COLOURS[state], SIGNS[state])


def definition(told: Mapping[str, str]) -> str:
    """Say how a number is made, a line a part: its formula, window, source, lag."""
    return "  \n".join(f"**{name}** {text.rstrip('.')}." for name, text in told.items())


def definition_of(card: Card, band: Band, note: str = "") -> str:
    """Say how a card is made, when it is called good, and what else there is to know of its present value."""
    why = f". {card.why_band}" if band == card.band else " (set on the Sensitivity page)"
    parts = {
        "Formula": card.formula,
        "Window": f"{card.window}, {WINDOW_WORDS[card.window]}",
        "Source": card.source,
        "Lag": card.lag,
        "Band": f"{band_words(band, card.unit)}{why}",
    }
    return definition(parts | {"Now": plain(note)} if note else parts)


def value_words(card: Card, told: CardValue) -> str:
    """Write what a card says with its unit; money as the range that it is, listings as a bare count."""
    if told.value is None:
        return "–"
    if told.low is not None and told.high is not None:
        return f"{price(f'{told.low:,.2f}', f'{told.high:,.2f}', told.currency)} a day"
    words = amount(told.value, card.unit, told.currency)
    return words.partition(" ")[0] if card.unit == "listings" else words


def coverage_words(card: Card, told: CardValue) -> str:
    """Say of how many listings a value is known; empty where that is no question."""
    if told.coverage is None:
        return ""
    known, of = told.coverage
    return f"{card.covers} {known:,} of {of:,}"


def change(card: Card, told: CardValue, before: CardValue | None) -> str:
    """Write how far a value is from that of the period before, signed; empty where one of them is not known."""
    if before is None or told.value is None or before.value is None:
        return ""
    digits = 0 if card.unit == "listings" else 2 if card.unit == "money a day" else 1
    moved = round(told.value - before.value, digits)
    if not moved:
        return "±0"
    points = " points" if card.unit in ("percent", "score") else ""
    return f"{'+' if moved > 0 else '−'}{abs(moved):,.{digits}f}{points}"
