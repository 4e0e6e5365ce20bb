"""Finds the days on which far more was held than is usual, and the reasons and stores that made them."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from aexdash.clock import day_of
from aexdash.snapshot.history.series import HeldPoint

FEWEST, SHARE = 5, 0.5
"""On such a day at least `FEWEST` more listings are held than usual, and more by at least this share of the usual."""

FEWEST_DAYS, MOST_DAYS = 7, 30
"""What is usual is told by the last `MOST_DAYS` days before a day, of which at least `FEWEST_DAYS` must be known."""

MOST, MOST_REASONS = 2, 2
"""Spikes that are told, the highest first, and reasons of each."""

FEWEST_OF, SHARE_OF = 3, 0.2
"""A reason made a spike when at least `FEWEST_OF` more listings have it than before, and this share of the rise."""

CodesHeld = Callable[[datetime], Mapping[str, Mapping[str, int]]]
"""Counts the held listings at a moment, by store key and reason code."""


@dataclass(frozen=True, slots=True)
class SpikeReason:
    """A reason that made a spike: how many held listings had it then and before, and then by store, the most first."""

    code: str
    listings: int
    before: int
    stores: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Spike:
    """A day on which far more was held than usual, in a store or in all of them together.

    `at` is its last moment that was read, and `held` the count then. `usual` is the median of the known days before it,
    `days` in all, store by store and added up over those that `held` is of: what came later changes neither. `before`
    is the same moment of the last usual day before it, with its count `held_before`; None where there was none.
    """

    day: date
    at: datetime
    held: int
    usual: float
    days: int
    before: datetime | None
    held_before: int
    reasons: tuple[SpikeReason, ...] = ()


def find(
    together: Sequence[HeldPoint],
    by_store: Mapping[str, Sequence[HeldPoint]],
    codes_held: CodesHeld,
    zone: tzinfo,
    last: int | None = None,
) -> list[Spike]:
    """Find the spikes among the `last` days of a series of held counts, in order of time; None: among all of them.

    `together` are the days of all stores, `by_store` the same days of each. What is usual for a store is the median of
    its own days before, so that a store that was connected meanwhile is no spike, and neither is one that was not read.
    A day that is not over is none: why something is held now is said elsewhere.
    """
    first = 0 if last is None else max(0, len(together) - last)
    usual = {key: _usual(points) for key, points in by_store.items()}
    excess: dict[int, float] = {}
    sums = [_sum_of_usual(point, index, usual) for index, point in enumerate(together)]
    of_each = [(points, usual[key]) for key, points in by_store.items()]
    for points, limits in [*of_each, (together, sums)]:
        for index, more in _peaks(points, limits):
            if index >= first:
                excess[index] = max(excess.get(index, 0), more)
    highest = sorted(excess, key=lambda index: -excess[index])[:MOST]
    return [_told(together, sums, index, codes_held, zone) for index in sorted(highest)]


def _usual(points: Sequence[HeldPoint]) -> list[float | None]:
    """Return for each day the median of those before it; None where too few of them are known."""
    before = (_known_before(points, index) for index in range(len(points)))
    return [statistics.median(known) if len(known) >= FEWEST_DAYS else None for known in before]


def _known_before(points: Sequence[HeldPoint], index: int) -> list[int]:
    return [point.held for point in points[max(0, index - MOST_DAYS) : index] if point.held is not None]


def _sum_of_usual(point: HeldPoint, index: int, usual: Mapping[str, Sequence[float | None]]) -> float | None:
    """Add up what is usual in the stores that a point is of; None where it is not known of one of them."""
    of = [usual[one.store][index] if one.store in usual else None for one in point.reach.read]
    known = [one for one in of if one is not None]
    return sum(known) if known and len(known) == len(of) else None


def _more(point: HeldPoint, usual: float | None) -> float:
    """Return by how many listings a day exceeds the usual, where it is a spike; else 0."""
    if point.held is None or usual is None or point.is_open:
        return 0
    more = point.held - usual
    return more if more >= max(FEWEST, SHARE * usual) else 0


def _peaks(points: Sequence[HeldPoint], usual: Sequence[float | None]) -> Iterator[tuple[int, float]]:
    """Yield the highest day of each run of days that exceed the usual, and by how much it does."""
    run: list[tuple[float, int]] = []
    for index, point in enumerate(points):
        more = _more(point, usual[index])
        if more:
            run.append((more, -index))
        elif run:
            yield -max(run)[1], max(run)[0]
            run = []
    if run:
        yield -max(run)[1], max(run)[0]


def _told(
    together: Sequence[HeldPoint], usual: Sequence[float | None], index: int, codes_held: CodesHeld, zone: tzinfo
) -> Spike:
    point, before = together[index], _last_usual(together, usual, index)
    at = point.at or point.end
    then, earlier = codes_held(at), codes_held(before.at) if before and before.at else {}
    held, held_before = point.held or 0, (before.held or 0) if before else 0
    reasons = tuple(_reasons(then, earlier, held - held_before))
    moment = before.at if before else None
    days = len(_known_before(together, index))
    return Spike(day_of(point.start, zone), at, held, usual[index] or 0, days, moment, held_before, reasons)


def _last_usual(together: Sequence[HeldPoint], usual: Sequence[float | None], index: int) -> HeldPoint | None:
    """Return the last day before a spike that was none and that was read; None where there was none."""
    before = (number for number in range(index - 1, -1, -1) if together[number].held is not None)
    return next((together[number] for number in before if not _more(together[number], usual[number])), None)


def _reasons(
    then: Mapping[str, Mapping[str, int]], earlier: Mapping[str, Mapping[str, int]], rise: int
) -> Iterator[SpikeReason]:
    """Yield the reasons that rose with the count, those that rose most first."""
    counts = [Counter[str](), Counter[str]()]
    for counted, stores in zip(counts, (then, earlier), strict=True):
        for codes in stores.values():
            counted.update(codes)
    rises = counts[0].copy()
    rises.subtract(counts[1])
    for code, more in sorted(rises.items(), key=lambda rise: (-rise[1], rise[0]))[:MOST_REASONS]:
        if more >= max(FEWEST_OF, SHARE_OF * rise):
            of = [(key, codes[code]) for key, codes in then.items() if codes.get(code)]
            of.sort(key=lambda one: (-one[1], one[0]))
            yield SpikeReason(code, counts[0][code], counts[1][code], tuple(of))
