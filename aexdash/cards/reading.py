"""Reading the values of all cards from a snapshot: at a moment, in the period before it, and day by day up to it.

`store_keys` None is all stores that are watched; `as_of` None is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aexdash.cards.model import CardValue, Comparison
from aexdash.cards.registry import CARDS, comparisons, values
from aexdash.clock import day_of
from aexdash.snapshot.history.series import CardPoint, Grain, buckets
from aexdash.snapshot.query import Snapshot

Where = Sequence[str] | None


def read_values(snapshot: Snapshot, store_keys: Where, as_of: datetime | None) -> dict[str, CardValue]:
    """Read the value of every card, by card key."""
    return values(snapshot.measures(store_keys, as_of))


def read_comparisons(snapshot: Snapshot, store_keys: Where, as_of: datetime | None) -> dict[str, Comparison]:
    """Compare every card with the period before, by card key; a card that must not be compared is left out."""
    return comparisons(snapshot.measures(store_keys, as_of))


def read_lines(snapshot: Snapshot, store_keys: Where, as_of: datetime | None, days: int) -> dict[str, list[CardPoint]]:
    """Read the value of every card by the end of each of the last `days` days, by card key; None is a gap.

    The last value of a line is that of the moment itself.
    """
    until = as_of or snapshot.now()
    first = day_of(until, snapshot.zone) - timedelta(days=days - 1)
    cut = buckets(Grain.DAY, first, until, snapshot.zone)
    return snapshot.card_lines(store_keys, {key: card.combine for key, card in CARDS.items()}, cut, until)
