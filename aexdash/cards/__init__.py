"""The cards: every number that is shown, with its definition. Pages, commands, docs and alerts read it from here.

May know: checks, snapshot, view, model, clock.
Begin at: model.py (what a card is), registry.py (all cards in order), held.py (the hero and its siblings).
"""

from aexdash.cards.model import NO_BAND, About, Band, Card, CardValue, Comparison, Direction, Need, Window
from aexdash.cards.registry import CARDS, comparison, comparisons, previous, value, values

__all__ = [
    "CARDS",
    "NO_BAND",
    "About",
    "Band",
    "Card",
    "CardValue",
    "Comparison",
    "Direction",
    "Need",
    "Window",
    "comparison",
    "comparisons",
    "previous",
    "value",
    "values",
]
