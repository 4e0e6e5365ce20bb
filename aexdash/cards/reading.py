"""What the cards say, read from a snapshot: at a moment, in the period before it, and day by day up to it.

`where` are the keys of the stores, None all that are watched; `as_of` None is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aexdash.cards.model import CardValue
from aexdash.cards.registry import CARDS, values, values_before
from aexdash.snapshot.history.series import Grain, buckets
from aexdash.snapshot.query import Snapshot

Where = Sequence[str] | None


def read_values(snapshot: Snapshot, where: Where, as_of: datetime | None) -> dict[str, CardValue]:
    """Read what every card says, by key."""
    return values(snapshot.measures(where, as_of))


def read_values_before(snapshot: Snapshot, where: Where, as_of: datetime | None) -> dict[str, CardValue]:
    """Read what every card that is compared said in the period before, by key."""
    return values_before(snapshot.measures(where, as_of))


def read_lines(snapshot: Snapshot, where: Where, as_of: datetime | None, days: int) -> dict[str, list[float | None]]:
    """Read what every card said at the end of each of the last UTC days, by key, the moment last; None is a gap."""
    until = as_of or snapshot.now()
    cut = buckets(Grain.DAY, until.date() - timedelta(days=days - 1), until)
    return {key: snapshot.card_series(where, key, cut, until, combine=card.combine) for key, card in CARDS.items()}
