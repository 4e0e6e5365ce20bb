"""Reading the values of all cards from a snapshot: at a moment, in the period before it, and day by day up to it.

`store_keys` None is all stores that are watched; `as_of` None is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aexdash.cards.model import CardValue
from aexdash.cards.registry import CARDS, values, values_before
from aexdash.snapshot.history.series import Grain, buckets
from aexdash.snapshot.query import Snapshot


def read_values(snapshot: Snapshot, store_keys: Sequence[str] | None, as_of: datetime | None) -> dict[str, CardValue]:
    """Read the value of every card, by card key."""
    return values(snapshot.measures(store_keys, as_of))


def read_values_before(
    snapshot: Snapshot, store_keys: Sequence[str] | None, as_of: datetime | None
) -> dict[str, CardValue]:
    """Read the value of every card for the period before, by card key."""
    return values_before(snapshot.measures(store_keys, as_of))


def read_lines(
    snapshot: Snapshot, store_keys: Sequence[str] | None, as_of: datetime | None, days: int
) -> dict[str, list[float | None]]:
    """Read the value of every card at the end of each of the last `days` UTC days, by card key; None is a gap.

    The last value of a line is that of the moment itself.
    """
    until = as_of or snapshot.now()
    cut = buckets(Grain.DAY, until.date() - timedelta(days=days - 1), until)
    return {key: snapshot.card_series(store_keys, key, cut, until, combine=card.combine) for key, card in CARDS.items()}
