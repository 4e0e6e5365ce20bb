"""What `aexdash cards` prints: every card of the registry, as JSON or for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from aexdash.cards import CARDS, Card, CardValue
from aexdash.cli.printing import plain
from aexdash.clock import to_text
from aexdash.desk.bands import Standing
from aexdash.snapshot.store_rows import Freshness
from aexdash.snapshot.tallies import Hero
from aexdash.statement import Claim
from aexdash.words import statements
from aexdash.words.cards import is_zero_so_far, tell, verdict
from aexdash.words.common import capital

PAST = "past"
"""The `state` of a past moment, which cannot become stale."""

KEY_WIDTH = max(map(len, CARDS))
TITLE_WIDTH = max(len(card.title) for card in CARDS.values())
DIGITS = 4


def card_facts(
    told: Mapping[str, CardValue], standing: Mapping[str, Standing], hero: Hero, freshness: Freshness | None
) -> dict[str, dict[str, Any]]:
    """Every card by its key; a value that is not known is null, never 0, and `note` says why.

    `state` is how current it is, `sentiment` what its band makes of it. `freshness` is None for a past moment.
    """
    current = {"as_of": hero.as_of, "state": freshness.state if freshness else PAST}
    parts = {
        "rejected": hero.rejected,
        "auditing": hero.auditing,
        "since": hero.since,
        "since_or_earlier": hero.at_least,
    }
    return {
        key: _facts(card, told[key], standing[key]) | (parts if card.kind == "hero" else {}) | current
        for key, card in CARDS.items()
    }


def _facts(card: Card, told: CardValue, standing: Standing) -> dict[str, Any]:
    known, of = told.coverage or (None, None)
    return {
        "title": card.title,
        "value": None if is_zero_so_far(card, told) else _rounded(told.value),
        "unit": card.unit,
        "sentiment": verdict(told, standing.band).word,
        "sentiment_key": card.sentiment_key,
        "window": card.window.value,
        "numerator": _rounded(told.numerator),
        "denominator": _rounded(told.denominator),
        "known": known,
        "of": of,
        "still_reading": told.still_reading,
        "at_least": told.at_least or told.reach.unread > timedelta(),
        "low": _rounded(told.low),
        "high": _rounded(told.high),
        "currency": told.currency,
        "note": told.note,
        "statement": statements.facts(told.reach),
    }


def _rounded(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, DIGITS)


def card_lines(
    told: Mapping[str, CardValue], standing: Mapping[str, Standing], hero: Hero, freshness: Freshness | None
) -> Iterator[str]:
    """Return one line for each card for a person; the last line says how fresh they are."""
    for key, card in CARDS.items():
        said = tell(card, told[key], standing[key].band)
        notes = "; ".join(said.notes)
        names = f"{key:<{KEY_WIDTH}}  {card.title:<{TITLE_WIDTH}}"
        yield plain(f"{names}  {said.value:>12}  {said.verdict.word:<15}  {card.window.value:<3}  {notes}").rstrip()
    state = freshness.state if freshness else PAST
    claim = "" if hero.reach.claim is Claim.NEVER_READ else statements.claim_words(hero.reach)
    doubt = f" {capital(claim)}." if claim else ""
    yield (f"As of {to_text(hero.as_of)} ({state})." if hero.as_of else f"No complete read so far ({state}).") + doubt
