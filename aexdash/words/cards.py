"""The texts of a card's tile: value, state, definition, coverage, change. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo

from aexdash.cards import Band, Card, CardValue, Comparison, Window
from aexdash.cards.window import WORDS as WINDOW_WORDS
from aexdash.desk.bands import State, judge, states
from aexdash.statement import Claim
from aexdash.words.card_units import COLOURS, SIGNS, UNITS, amount, band_words
from aexdash.words.common import of_source, plain, plural
from aexdash.words.listings.listing import price
from aexdash.words.statements import AT_LEAST, NONE_SEEN, NOT_KNOWN, claim_words, count_words, least_words

NOT_CONFIRMED = "Not confirmed"
STILL_READING = "Still reading"

ROUNDING = 1e-6
"""What is so little above a whole number of decimals is the error of floats, not more of the value."""

WINDOW_NAMES: Mapping[Window, str] = {
    Window.RT: "",
    Window.H24: "last 24 hours",
    Window.D7: "last 7 days",
    Window.D30: "last 30 days",
    Window.D90: "last 90 days",
    Window.TODAY: "today",
}
"""The windows in a lead's words; what is counted at one moment is named by nothing."""

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
    """The state of a value as shown: a word, a colour, and a sign, so that colour is never the only hint."""

    word: str
    colour: str
    sign: str

    @property
    def badge(self) -> str:
        """The state as a Markdown badge."""
        return f":{self.colour}-badge[{self.sign} {self.word}]"


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of the value of a card, wherever it is shown: the value in words, its state, and the notes on it."""

    value: str
    verdict: Verdict
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardTile:
    """A card as a page shows it: present value, band, what is said of it, the period before, and a value for each day.

    `stores` says of how many stores the value of each day is.
    """

    card: Card
    current: CardValue
    band: Band
    told: Told
    comparison: Comparison | None = None
    line: tuple[float | None, ...] = ()
    stores: tuple[int, ...] = ()


def claimed_number(current: CardValue) -> float | None:
    """Return the number of a card for whoever sees it alone: None where it is not known, or a zero of a part.

    A zero where not all was read, or seen to begin, is the healthy value of nobody knows what, and is never said as a
    number.
    """
    is_least = current.at_least or not current.reach.is_whole
    return None if current.value == 0 and is_least else current.value


def is_zero_so_far(card: Card, current: CardValue) -> bool:
    """Whether nothing was seen, and there may be some: that is no zero, for a script neither."""
    counted_so_far = card.unit == "listings" and (_is_found_so_far(current) or bool(current.reach.unread))
    return current.value == 0 and (current.at_least or counted_so_far)


def _is_found_so_far(current: CardValue) -> bool:
    return current.still_reading and current.high is None


def tell(card: Card, current: CardValue, band: Band, zone: tzinfo = UTC) -> Told:
    """Say the value of a card: the same words on its tile, on the command line and beside its band."""
    notes = (claim_of(card, current, zone), coverage_words(card, current), current.note)
    return Told(value_words(card, current), verdict(current, band), tuple(note for note in notes if note))


def verdict(current: CardValue, band: Band) -> Verdict:
    """Return the state of a value; *Not confirmed* where it does not speak for all that was asked.

    While some listings are not read yet, it has a state only where the whole interval lies in it.
    """
    state = judge(current.value, band)
    if state is not State.NO_DATA and not current.reach.is_whole:
        return Verdict(NOT_CONFIRMED, "gray", "?")
    if len(states(*current.bounds, band)) > 1:
        return Verdict(STILL_READING, "gray", "…") if current.still_reading else Verdict(NOT_CONFIRMED, "gray", "?")
    return Verdict(state.value, COLOURS[state], SIGNS[state])


def definition(parts: Mapping[str, str]) -> str:
    """Join the parts of a definition (formula, window, source, lag) into Markdown, one line each."""
    return "  \n".join(f"**{name}** {text.rstrip('.')}." for name, text in parts.items())


def definition_of(card: Card, band: Band, note: str = "") -> str:
    """Return the help text of a card: its definition, its band, and the note of its present value."""
    why = f". {card.why_band}" if band == card.band else " (set on the Sensitivity page)"
    parts = {
        "Formula": card.formula,
        "Window": ": ".join(filter(None, (WINDOW_NAMES[card.window], WINDOW_WORDS[card.window]))),
        "Source": of_source(card.source),
        "Lag": card.lag,
        "Band": f"{band_words(band, card.unit)}{why}",
    }
    return definition(parts | {"Note": plain(note)} if note else parts)


def value_words(card: Card, current: CardValue) -> str:
    """Write the value of a card with its unit; money, and what is estimated, as a range, listings without unit.

    A count of a window that was partly read is *at least* so many, as is what unread listings can only add to, or what
    nobody saw begin; where that would be *at least 0*, it says that none was seen, or that nothing is known.
    """
    if current.value is None:
        return "–"
    if current.low is not None and current.high is not None:
        return _range(card, current, current.low, current.high)
    words = amount(current.value, card.unit, current.currency)
    if card.unit != "listings":
        return least_words(words) if current.at_least else words
    figure = words.partition(" ")[0]
    if current.at_least:
        return least_words(figure)
    return least_words(figure, NONE_SEEN) if _is_found_so_far(current) else count_words(figure, current.reach)


def _range(card: Card, current: CardValue, low: float, high: float) -> str:
    """Write a range; of an estimate with as many decimals as keep its ends apart, the ends rounded outwards."""
    if card.unit == "money a day":
        words = f"{price(f'{low:,.2f}', f'{high:,.2f}', current.currency)} a day"
        is_least = current.only_adds and current.still_reading
        return words if not is_least else f"{AT_LEAST}{words}" if high else NOT_KNOWN
    return between(card, (low, high))


def between(card: Card, limits: tuple[float, float] | None) -> str:
    """Write the limits between which a value lies; empty where there are none. Those of money are not told."""
    if limits is None:
        return ""
    low, high = limits
    if card.unit == "money a day" or not math.isfinite(high - low):
        return NOT_KNOWN
    digits = 0 if card.unit == "listings" else 1 if high - low >= 0.1 else 2
    step = 10**digits
    least, most = math.floor(low * step + ROUNDING) / step, math.ceil(high * step - ROUNDING) / step
    return f"{least:,.{digits}f}–{most:,.{digits}f}{'' if card.unit == 'listings' else UNITS[card.unit]}"


def claim_of(card: Card, current: CardValue, zone: tzinfo = UTC) -> str:
    """Say in one line what the value of a card does not speak for; empty where there is nothing to say."""
    if current.reach.claim is Claim.NEVER_READ and current.note:
        return ""  # the note says it, and what to do
    was = current.reach.was
    return claim_words(current.reach, was="" if was is None else amount(was, card.unit).partition(" ")[0], zone=zone)


def coverage_words(card: Card, current: CardValue) -> str:
    """Say for how many listings the value is known; empty for cards without coverage."""
    if current.coverage is None:
        return ""
    known, of = current.coverage
    words = f"{card.covers} {known:,} of {of:,}"
    return f"{words}, still reading" if current.still_reading else words


def coverage_in_short(current: CardValue) -> str:
    """Say the same in the little room beside a state; nothing where the value is known of all."""
    if current.coverage is None or current.coverage[0] == current.coverage[1]:
        return ""
    return f"{current.coverage[0]:,} of {current.coverage[1]:,} known"


def earlier_words(card: Card, comparison: Comparison | None) -> str:
    """Say what a difference is to; where only some stores were known at both ends, that it is of these."""
    past = comparison is not None and comparison.current.reach.moment is not None
    words = "in the 24 hours before" if past and card.window is Window.RT else EARLIER[card.window]
    if comparison is None or comparison.whole:
        return words
    return f"{words}, {plural(len(comparison.stores), 'store')} known at both ends"


def _overlap(one: CardValue, other: CardValue) -> bool:
    """Whether two values are ranges, each of some width, that have a part in common."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    is_range = one.low < one.high or other.low < other.high
    return is_range and one.low <= other.high and other.low <= one.high


def change(card: Card, comparison: Comparison | None) -> str:
    """Write the signed difference to the value of the period before; empty when one of them is not known.

    While listings were still read at one of the two moments, a difference is one only where it is larger than both
    intervals together: otherwise it may be no more than better reading. Of two ranges of money that overlap nobody can
    say which is more.
    """
    if comparison is None:
        return ""
    current, before = comparison.current, comparison.before
    if current.value is None or before.value is None:
        return ""
    doubt = sum(high - low for low, high in (current.bounds, before.bounds))
    if doubt and abs(current.value - before.value) <= doubt:
        return ""
    if card.unit == "money a day" and _overlap(current, before):
        return ""
    digits = 0 if card.unit == "listings" else 2 if card.unit == "money a day" else 1
    moved = round(current.value - before.value, digits)
    if not moved:
        return "±0"
    points = " points" if card.unit in ("percent", "score") else ""
    return f"{'+' if moved > 0 else '−'}{abs(moved):,.{digits}f}{points}"
