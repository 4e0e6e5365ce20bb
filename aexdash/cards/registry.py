"""All cards in the order in which they are shown, and computing their values."""

from __future__ import annotations

from datetime import datetime

from aexdash.cards import held, on_sale, trade
from aexdash.cards.model import Card, CardValue
from aexdash.cards.window import before
from aexdash.snapshot.measures.measures import Measures

ORDER = ("hero", "sibling", "ours")

CARDS: dict[str, Card] = {
    card.key: card
    for card in sorted((held.HERO, *held.CARDS, *on_sale.CARDS, *trade.CARDS), key=lambda card: ORDER.index(card.kind))
}


def value(card: Card, measures: Measures) -> CardValue:
    """Return the value of a card for the stores and the moment of the measures."""
    return card.measure(measures)


def previous(card: Card, measures: Measures) -> CardValue:
    """Return the value of a card for the window of equal length before; of window RT, the value 24 hours earlier."""
    moment = measures.as_of or measures.until
    return card.measure(measures.at(before(card.window, moment, measures.zone)))


def values(measures: Measures) -> dict[str, CardValue]:
    """Return the value of every card, by card key, all read from one state of the snapshot."""
    with measures:
        return {key: value(card, measures) for key, card in CARDS.items()}


def values_before(measures: Measures) -> dict[str, CardValue]:
    """Return the value of every card for the period before, by card key; each moment is read once."""
    moment = measures.as_of or measures.until
    by_moment: dict[datetime, list[Card]] = {}
    for card in CARDS.values():
        by_moment.setdefault(before(card.window, moment, measures.zone), []).append(card)
    earlier_values: dict[str, CardValue] = {}
    for at, cards in by_moment.items():
        with measures.at(at) as earlier:
            earlier_values |= {card.key: value(card, earlier) for card in cards}
    return earlier_values
