"""What a number may speak for, made in one line: read whole, long ago, in part, never, or not at that moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aexdash.statement import Reach, StoreReading

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def store(name: str = "main", **facts: object) -> StoreReading:
    """A store that was read at noon and is current."""
    return StoreReading(**{"store": name, "title": name.capitalize(), "read_at": NOON, "current": True} | facts)  # type: ignore[arg-type]


NEVER_READ = store("three", read_at=None, current=False)
BEHIND = store("two", read_at=NOON - timedelta(hours=4), current=False)

WHOLE = Reach((store(),))
STALE = Reach((store(current=False),))
ONE_BEHIND = Reach((store(), BEHIND))
PART = Reach((store(), store("two"), NEVER_READ))
NEVER = Reach((NEVER_READ,))
AT_LEAST = Reach((store(window=(NOON - timedelta(days=1), NOON), unread=timedelta(hours=2)),))
GAP = Reach((store(current=False, read_again_at=NOON + timedelta(days=3)),), moment=NOON + timedelta(hours=39), was=0.0)
