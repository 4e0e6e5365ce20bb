"""400 invented store-days with marked incidents, on which rules are tried for docs/explanation/worse-than-usual.md.

Eight stores of different size and churn live for 28 weeks: with a weekly rhythm, quiet weekends, days that are worse
than others without a cause, and gaps in the reading. Incidents happen all the time; those of the last 50 days of each
store are the ones that count, the earlier ones are there to spoil what is usual.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.alerts.known import Known

CARD = "aex_rejected_listings_24h"
BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEKS = 28
JUDGED = 50
HOURS = WEEKS * 7 * 24
FIRST_JUDGED = HOURS - JUDGED * 24

CHURNS = (0.1, 0.4, 1.0, 1.5, 2.5, 5.0, 12.0, 40.0)
"""Rejections on a usual day, a store each: from a shop of 150 listings to a catalogue of 40,000."""

WORKING = 1.25
WEEKEND = 0.375
"""Of the usual day, so that the week has seven."""

SHIFT = range(6, 18)
"""Nearly all rejections come in these hours, UTC."""

UNEVEN = 4.0
"""How alike the days are; the variance of a day is its mean plus mean² / UNEVEN."""

EVERY_DAYS = 9
"""An incident begins on average every so many days."""


@dataclass(frozen=True)
class Incident:
    """What happened: `kind`, its hours, and how many listings beyond the usual."""

    kind: str
    start: int
    end: int
    listings: int

    @property
    def shown(self) -> range:
        """The hours in which the card shows it: as it counts 24 hours, a day longer than it lasts."""
        return range(self.start, self.end + 24)


@dataclass(frozen=True)
class Store:
    """A store's life: the 24-hour card at each hour (None: not read), and what went wrong."""

    churn: float
    series: tuple[float | None, ...]
    incidents: tuple[Incident, ...]


@dataclass
class Hourly(Known):
    """What a rule can ask of a life: the one card, hour by hour."""

    series: tuple[float | None, ...] = ()

    def value(self, card: str, at: datetime) -> float | None:
        return self.series[(at - BEGIN) // HOUR]


def moment(hour: int) -> datetime:
    return BEGIN + hour * HOUR


def stores(seed: int = 2026) -> list[Store]:
    """The eight stores; the same seed is the same lives."""
    return [_store(churn, random.Random(f"{seed}/{churn}")) for churn in CHURNS]


def _store(churn: float, dice: random.Random) -> Store:
    arrivals = _usual(churn, dice)
    incidents = tuple(_incidents(churn, dice))
    for incident in incidents:
        for _ in range(incident.listings):
            arrivals[dice.randrange(incident.start, incident.end)] += 1
    rolling: list[float | None] = [float(sum(arrivals[max(0, hour - 23) : hour + 1])) for hour in range(HOURS)]
    for _ in range(WEEKS):
        gap = dice.randrange(HOURS)
        for hour in range(gap, min(HOURS, gap + dice.choice((1, 3, 8, 30)))):
            rolling[hour] = None
    return Store(churn, tuple(rolling), incidents)


def _usual(churn: float, dice: random.Random) -> list[int]:
    """Rejections by hour without any incident."""
    arrivals = [0] * HOURS
    for day in range(HOURS // 24):
        rhythm = WEEKEND if (BEGIN + day * DAY).weekday() >= 5 else WORKING
        mean = churn * rhythm * dice.gammavariate(UNEVEN, 1 / UNEVEN)
        for _ in range(_poisson(mean, dice)):
            arrivals[day * 24 + dice.choice(SHIFT)] += 1
    return arrivals


def _poisson(mean: float, dice: random.Random) -> int:
    count, waited = 0, dice.expovariate(1)
    while waited < mean:
        count, waited = count + 1, waited + dice.expovariate(1)
    return count


def _incidents(churn: float, dice: random.Random) -> Iterator[Incident]:
    """A spike comes within two hours, a ramp over a day and a half; one on a weekend is small for a working day."""
    day = dice.randrange(EVERY_DAYS)
    while day < HOURS // 24 - 3:
        start = day * 24 + dice.randrange(6, 16)
        size = max(8.0, churn * dice.uniform(1.5, 8))
        if (BEGIN + day * DAY).weekday() >= 5:
            yield Incident("weekend", start, start + 2, round(max(6.0, size / 2)))
        elif dice.random() < 0.5:
            yield Incident("spike", start, start + 2, round(size))
        else:
            yield Incident("ramp", start, start + 36, round(1.5 * size))
        day += 4 + _poisson(EVERY_DAYS - 4, dice)
