"""What moved before the rejections did: the feed, required attributes, quality, and words that AliExpress objects to.

A lag is no cause. Nothing is claimed of days that were not read, nor where more reading could have moved the number.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from aexdash.cards import CARDS
from aexdash.causes.movement import Movement
from aexdash.clock import day_of, midnight
from aexdash.snapshot.history import counts
from aexdash.snapshot.query import Snapshot

DAYS = 14
"""Days before a movement that are looked at."""

MOST_DAYS = 60
"""Days that are drawn at most, however long a movement took."""

TIMES = 4.0
"""A number moved on the day on which it changed by this many times its usual change from day to day."""

WORDS = ("prohibited", "ip")
"""The families of reasons that name words of a title."""

COMPLETENESS, QUALITY = "aex_required_attribute_completeness", "aex_listing_quality_score"


Points = tuple[tuple[datetime, float | None], ...]


class Moved(StrEnum):
    """What is known of a number before a movement."""

    BEFORE = "before"  # it moved for the worse within the days before
    NOT_BEFORE = "not before"
    NOT_KNOWN = "not known"  # days were not read, or the listings it is of were still being read


@dataclass(frozen=True, slots=True)
class Link:
    """A number in the days before a movement: when it moved for the worse, from what to what.

    `lag` is how long before the movement that day ended. `note` says why nothing is known. `points` are its values by
    the end of each day, None where a day was not read, or not wholly.
    """

    name: str
    moved: Moved
    at: datetime | None = None
    value_from: float | None = None
    value_to: float | None = None
    lag: timedelta | None = None
    note: str = ""
    points: Points = ()


def chain(snapshot: Snapshot, movement: Movement) -> tuple[Link, ...]:
    """Return what is known of each number in the days before a movement."""
    ends = [midnight(movement.start, snapshot.zone, days=-n) for n in range(DAYS - 1, -1, -1)]
    cards = [_card(snapshot, movement, ends, key) for key in (COMPLETENESS, QUALITY)]
    return (_feed(snapshot, movement, ends), *cards, _words(snapshot, movement, ends[0]))


def held_before(snapshot: Snapshot, movement: Movement) -> Points:
    """Return what was held by the end of each day before a movement and up to its end; None where not all was read."""
    days = min(DAYS + movement.length.days + 2, MOST_DAYS)
    cut = counts.cut(day_of(movement.end, snapshot.zone), days, snapshot.zone)
    points = snapshot.held_series(movement.stores, cut, movement.end)
    return tuple((min(one.end, movement.end), None if one.is_part else one.held) for one in points)


def _feed(snapshot: Snapshot, movement: Movement, ends: Sequence[datetime]) -> Link:
    """Return what is known of the rejected rows of the feed's files by day; a day without a file is not known."""
    name = "rejected rows of the feed"
    by_end: Counter[datetime] = Counter()
    for one in snapshot.feed(movement.stores).files(ends[0], movement.start):
        by_end[next((end for end in ends if (one.dated_at or one.read_at) <= end), movement.start)] += one.rejected
    days = sorted(by_end)
    judged = _judged(name, [float(by_end[end]) for end in days], movement, days, worse=1)
    return replace(judged, points=tuple((end, float(by_end[end])) for end in days))


def _card(snapshot: Snapshot, movement: Movement, ends: Sequence[datetime], key: str) -> Link:
    """Return what is known of a card; a day on which it was of a part of the listings could move by reading alone."""
    card = CARDS[key]
    points = snapshot.card_history(movement.stores, key, ends[0], movement.start, combine=card.combine)
    then = [next((point for point in reversed(points) if point.at <= end), None) for end in ends]
    known = [one.value if one and not one.doubt else None for one in then]
    values = [value for value in known if value is not None]
    drawn = tuple(zip(ends, known, strict=True))
    if len(values) < len(ends):
        note = f"known for {len(values) or 'none'} of the {len(ends)} days before"
        return Link(card.title, Moved.NOT_KNOWN, note=note, points=drawn)
    return replace(_judged(card.title, values, movement, ends, worse=-1), points=drawn)


def _judged(name: str, values: Sequence[float], movement: Movement, ends: Sequence[datetime], *, worse: int) -> Link:
    """Find the first day on which a number changed for the worse far more than it does from day to day."""
    steps = [after - before for before, after in pairwise(values)]
    if len(steps) < DAYS // 2:
        return Link(name, Moved.NOT_KNOWN, note=f"known for {len(values) or 'none'} of the {DAYS} days before")
    usual = max(statistics.median(map(abs, steps)), 0.01 * max(map(abs, values)), 0.01)
    for index, step in enumerate(steps):
        if worse * step >= TIMES * usual:
            at = ends[index + 1]
            return Link(name, Moved.BEFORE, at, values[index], values[index + 1], max(movement.start - at, timedelta()))
    return Link(name, Moved.NOT_BEFORE, value_from=values[0], value_to=values[-1])


def _words(snapshot: Snapshot, movement: Movement, first: datetime) -> Link:
    """Return whether an objection to words was new among what was held before."""
    name = "words AliExpress objects to"
    if not snapshot.past(movement.stores).reach(first, movement.start).is_whole:
        return Link(name, Moved.NOT_KNOWN, note=f"not all of the {DAYS} days before was read")
    new = snapshot.new_reasons(movement.stores, first, movement.start)
    of_words = [one for one in new if one.code.partition(".")[0] in WORDS]
    if not of_words:
        return Link(name, Moved.NOT_BEFORE)
    one = min(of_words, key=lambda new: new.at)
    told = tuple((new.at, float(new.listings)) for new in sorted(of_words, key=lambda new: new.at))
    return Link(name, Moved.BEFORE, one.at, 0.0, float(one.listings), movement.start - one.at, points=told)
