"""Writes docs/reference/card-definitions.md from the registry; `make docs` calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aexdash.cards.model import Band, Card, Direction, Window
from aexdash.cards.window import WORDS

OPENING = """\
# The cards

What each number means: its formula, its window, where it comes from, how old it may be, and when it is called good
or bad. This page is written from the registry by `make docs`; the pages, the history,
the alerts and `aexdash cards --json` read the same registry.

- A value is a number, or *no data*. No data is never shown as 0, never clears an alert, and always says why.
- Values over several stores are sums, shares of the sums, or percentiles of all spells together; a store that was not
  connected yet at a past moment has no part in them. The history of a card that says so shows stores one by one.
- A band judges a value: *Performing* inside the good limit, *Needs attention* beyond the bad one, *Stable* between.
  Bands are defaults; each profile may have its own, with who changed it and when.
- Compared with the period before: the same measure over the window of equal length before, for RT the value 24 hours
  earlier.

| Window | Is |
|---|---|
"""

HEADINGS = {
    "hero": "The hero",
    "sibling": "Its siblings",
    "ours": "Ours, which the product of the reference does not have",
}

SIGN = {"listings": "", "percent": " %", "score": " of 100", "days": " days", "money a day": " a day"}

STORES = {
    "sum": "their sum",
    "share": "a share of the sums",
    "mean": "the mean over all listings",
    "most": "the highest",
    "none": "at a moment from all together; in its history store by store",
}


def page(cards: Iterable[Card]) -> str:
    """Return the text of the page: what all cards share, then each card, by kind."""
    return "\n".join([f"{OPENING}{_windows()}", *_sections(list(cards))])


def _windows() -> str:
    by_words = {words: [window.value for window in Window if WORDS[window] == words] for words in WORDS.values()}
    return "".join(f"| {', '.join(windows)} | {words} |\n" for words, windows in by_words.items())


def _sections(cards: list[Card]) -> Iterator[str]:
    for kind, heading in HEADINGS.items():
        yield f"## {heading}\n"
        for card in cards:
            if card.kind == kind:
                yield _section(card)


def _section(card: Card) -> str:
    facts = {
        "Key": f"`{card.key}`",
        "Sentiment key": f"`{card.sentiment_key}`",
        "Unit, window": f"{card.unit}, {card.window}{_days(card.window)}",
        "Band": f"{band_words(card.band, card.unit)}. {card.why_band}",
        "Alert": card.alert,
        "Roles": ", ".join(card.roles),
        "Source": card.source,
        "Lag": card.lag,
        "Needs": ", ".join(card.needs),
        "Several stores": STORES[card.combine],
    }
    rows = "\n".join(f"| {name} | {words} |" for name, words in facts.items())
    return f"### {card.title}\n\n{card.formula}\n\n| | |\n|---|---|\n{rows}\n"


def band_words(band: Band, unit: str) -> str:
    """Return a band in words, in the unit of its card."""
    sign = SIGN[unit]
    good, bad = f"{band.good:g}{sign}", f"{band.bad:g}{sign}"
    return {
        Direction.LOWER: f"Lower is better: performing up to {good}, needs attention above {bad}",
        Direction.HIGHER: f"Higher is better: performing from {good} on, needs attention below {bad}",
        Direction.TARGET: f"On target within {bad} of {good}",
        Direction.NONE: "No direction: always stable",
    }[band.direction]


def _days(window: Window) -> str:
    return " (whole days)" if window in (Window.D7, Window.D30, Window.D90) else ""
