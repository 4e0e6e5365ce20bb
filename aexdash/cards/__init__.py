"""The cards: every number that is shown, with its definition. Pages, commands, alerts and docs/cards.md read it here.

`model` says what a card is; `held`, `on_sale` and `trade` define them; `registry` lists them and works out what they
say; `recording` keeps it after a sync. Knows the snapshot and the checks. Begin reading at `model`.
"""

from aexdash.cards.model import NO_BAND, About, Band, Card, CardValue, Direction, Need, Window
from aexdash.cards.registry import CARDS, previous, value, values, values_before

__all__ = [
    "CARDS",
    "NO_BAND",
    "About",
    "Band",
    "Card",
    "CardValue",
    "Direction",
    "Need",
    "Window",
    "previous",
    "value",
    "values",
    "values_before",
]
