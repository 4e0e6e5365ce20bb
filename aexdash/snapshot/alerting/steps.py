"""The stored values of a card as steps in time, with what is in doubt of each."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aexdash.snapshot.alerting.facts import Doubt

Row = tuple[Any, ...]

NEARLY_ALL = 0.98
"""Two moments of a card are compared only when its data was known for such a part at both: reading more is no rise."""


@dataclass(slots=True)
class Steps:
    """The values of a card, as steps in order of time: each holds until the next."""

    at: list[str] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)
    doubt: list[Doubt | None] = field(default_factory=list)

    def value_at(self, at: str) -> float | None:
        """Return the value at a stored moment; None before the first step."""
        count = bisect_right(self.at, at)
        return self.value[count - 1] if count else None

    def doubt_at(self, at: str) -> Doubt | None:
        """Return what is in doubt of the value at a stored moment; None where nothing is."""
        count = bisect_right(self.at, at)
        return self.doubt[count - 1] if count else None

    def compared_at(self, at: str) -> float | None:
        """Return the value where enough of it was read to compare another with it."""
        doubt = self.doubt_at(at)
        return None if doubt and doubt.read < NEARLY_ALL else self.value_at(at)

    def drop_last(self) -> str:
        """Remove the last step and return its moment: a later run at the same moment may have replaced its value."""
        if not self.at:
            return ""
        self.value.pop()
        self.doubt.pop()
        return self.at.pop()

    def add(self, rows: Sequence[Row]) -> None:
        """Add later steps: rows of moment, value, the ends of its interval, and of how many listings it is known."""
        self.at += [row[0] for row in rows]
        self.value += [row[1] for row in rows]
        self.doubt += [_doubt(*row[2:]) for row in rows]


def _doubt(low: float | None, high: float | None, known: int | None, of: int | None) -> Doubt | None:
    """Return what is in doubt of a stored value; None where the data of all listings was known."""
    if known is None or not of or known >= of:
        return None
    return Doubt(-math.inf if low is None else low, math.inf if high is None else high, known / of)
