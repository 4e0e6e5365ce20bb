"""Facts of a store that a test sets itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from aexdash.alerts.conditions import Condition
from aexdash.alerts.facts import Doubt, Entered, Given, SyncHealth
from aexdash.alerts.reading import Reading

Steps = Sequence[tuple[datetime, float | None]]


def read(condition: Condition, facts: Known, at: datetime) -> Reading:
    """What a condition finds at a moment."""
    return condition.read(facts, at)


@dataclass
class Known:
    """Facts with fixed answers. `cards` has for each card key the moments at which its value changed."""

    cards: Mapping[str, Steps] = field(default_factory=dict)
    arrivals: list[Entered] = field(default_factory=list)
    reasons: list[Given] = field(default_factory=list)
    codes: dict[str, int] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)
    stuck_now: list[int] = field(default_factory=list)
    due: dict[int, datetime] = field(default_factory=dict)
    again: dict[int, datetime] = field(default_factory=dict)
    doubts: Mapping[str, Doubt] = field(default_factory=dict)
    read_how: SyncHealth = field(default_factory=lambda: SyncHealth(None))
    zone: tzinfo = UTC

    def value(self, card: str, at: datetime) -> float | None:
        steps = self.cards.get(card, ())
        found = bisect_right(steps, at, key=lambda step: step[0])
        return steps[found - 1][1] if found else None

    def values(self, card: str, moments: Sequence[datetime]) -> list[float | None]:
        return [self.value(card, at) for at in moments]

    def doubt(self, card: str, at: datetime) -> Doubt | None:
        return self.doubts.get(card)

    def entered(self, start: datetime, end: datetime) -> list[Entered]:
        return sorted((one for one in self.arrivals if start < one.at <= end), key=lambda one: one.at, reverse=True)

    def given(self, start: datetime, end: datetime) -> list[Given]:
        return [one for one in self.reasons if start < one.first_at <= end]

    def held_codes(self, at: datetime) -> dict[str, int]:
        return self.codes

    def first_held(self, at: datetime, limit: int) -> list[int]:
        return self.held[:limit]

    def stuck(self, at: datetime) -> list[int]:
        return self.stuck_now

    def deadlines(self, start: datetime, end: datetime) -> list[int]:
        return sorted((one for one, at in self.due.items() if start < at <= end), key=self.due.__getitem__)

    def regressed(self, start: datetime, end: datetime) -> list[int]:
        return [
            one for one, at in sorted(self.again.items(), key=lambda pair: pair[1], reverse=True) if start < at <= end
        ]

    def sync_health(self, at: datetime) -> SyncHealth:
        return self.read_how
