"""What is usual for a card of a store, by its own past. The past holds incidents too; medians hardly move for them.

Only whole hours are asked about, so that whoever answers can keep an answer and give it again.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from aexdash.alerts.facts import Facts
from aexdash.clock import DAY, HOUR

WEEK = timedelta(weeks=1)

LEAST_WEEKS = 3
"""Where fewer weeks are known, the same hour of the last days is taken instead of the same hour of the week."""

DAYS = 14

LEAST_DAYS = 7
"""With fewer days nobody can say what is usual."""

TO_DEVIATIONS = 1.4826
"""The factor from a median absolute deviation to a standard deviation, for values that are normally distributed."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle of what is usual and how far values are from it, both robust, in the unit of the card."""

    middle: float
    spread: float


def usual(facts: Facts, card: str, at: datetime, weeks: int) -> Usual | None:
    """Say what a card usually says at this hour of the week; None where too little of its past is known.

    The hour of the week is one in UTC, with an hour to either side: so it also meets the hour that a change of summer
    time has moved.
    """
    hour = whole_hour(at)
    values = facts.values(card, [hour - back for back in _hours_of_week(weeks)])
    known = [value for value in values if value is not None]
    if len(known) < len(values) and _weeks_known(values) < min(weeks, LEAST_WEEKS):
        known = same_time(facts, card, at, DAYS)
        if len(known) < LEAST_DAYS:
            return None
    return of_values(known)


@cache
def _hours_of_week(weeks: int) -> tuple[timedelta, ...]:
    return tuple(week * WEEK + shift * HOUR for week in range(1, weeks + 1) for shift in (-1, 0, 1))


def _weeks_known(values: Sequence[float | None]) -> int:
    """Count the weeks of which at least one of three hours is known."""
    return sum(any(value is not None for value in values[first : first + 3]) for first in range(0, len(values), 3))


def of_values(values: Sequence[float]) -> Usual:
    """Return the median of some values and their median absolute deviation as a standard deviation."""
    middle = statistics.median(values)
    return Usual(middle, TO_DEVIATIONS * statistics.median(abs(value - middle) for value in values))


def same_time(facts: Facts, card: str, at: datetime, days: int) -> list[float]:
    """Return what a card said at the same hour of the days before, where that is known."""
    values = facts.values(card, [whole_hour(at) - day * DAY for day in range(1, days + 1)])
    return [value for value in values if value is not None]


def whole_hour(at: datetime) -> datetime:
    """Return the start of the hour of a moment."""
    return at.replace(minute=0, second=0, microsecond=0)
