"""A plain model of what was read of some stores, and of what may be said of it: no SQL, and nothing of the product.

It knows of each store the moment of every run, which lists a run read to their end, where it left each listing, and
for how long a reading speaks. What a number may claim follows from that alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from aexdash.model import HELD, Outcome, Status
from aexdash.statement import Claim, Span, WindowUpTo

TICK, DAY = timedelta(milliseconds=1), timedelta(days=1)
AHEAD = timedelta(minutes=2)
"""A reading that is stamped later than this after the present was stamped by a wrong clock."""
LONG_IN_AUDIT = timedelta(days=3)


@dataclass(frozen=True)
class Run:
    """A run: its stamp, None where it failed; the lists it read whole; where it left each listing."""

    at: datetime | None
    outcome: Outcome
    whole: frozenset[Status]
    walked: frozenset[Status]
    tolerance: timedelta
    said: dict[int, Status]

    def held(self) -> int:
        return sum(status in HELD for status in self.said.values())


@dataclass
class StoreModel:
    """One store, from its connection on."""

    key: str
    tolerance: timedelta
    runs: list[Run] = field(default_factory=list)

    def recorded(self, by: datetime | None) -> list[Run]:
        """The runs that recorded something, up to a moment (None: all)."""
        return [run for run in self.runs if run.at and (by is None or run.at <= by)]

    def readings(self, by: datetime | None = None) -> list[Run]:
        """The complete readings of what is held."""
        return [run for run in self.recorded(by) if run.whole.issuperset(HELD)]

    def covered(self, at: datetime) -> bool:
        """Whether the last complete reading before a moment still speaks for it."""
        before = self.readings(at)
        return bool(before) and at <= before[-1].at + before[-1].tolerance

    def current(self, now: datetime) -> bool:
        """Whether the present may be told: the last run was complete, is not too old, and is not of the future."""
        if not self.readings() or self.runs[-1].outcome is not Outcome.COMPLETE:
            return False
        last = self.readings()[-1]
        return last.at - AHEAD <= now <= last.at + last.tolerance

    def known_from(self, kind: str) -> datetime | None:
        """When the counts of a kind were first read whole."""
        held = next((run.at for run in self.readings()), None)
        active, offline = (self._first_whole(status) for status in (Status.ACTIVE, Status.OFFLINE))
        walked_offline = any(Status.OFFLINE in run.walked for run in self.recorded(None))
        needed = {"held": [held], "active": [held, active], "total": [held, active, *[offline] * walked_offline]}[kind]
        return None if None in needed else max(needed)

    def _first_whole(self, status: Status) -> datetime | None:
        return next((run.at for run in self.recorded(None) if status in run.whole), None)

    def contributes(self, kind: str, at: datetime | None) -> bool:
        """Whether a number of a kind contains this store: at present (None) as last read, else only when covered."""
        first = self.known_from(kind)
        return first is not None and (at is None or (first <= at and self.covered(at)))

    def said(self, at: datetime | None) -> dict[int, Status]:
        """Where each listing was left by the last run up to a moment."""
        runs = self.recorded(at)
        return runs[-1].said if runs else {}

    def count(self, *statuses: Status, at: datetime | None) -> int:
        return sum(status in statuses for status in self.said(at).values())

    def until(self, at: datetime | None) -> datetime:
        """Where windows end: at the moment of the past, else at the last complete reading."""
        return at or self.readings()[-1].at

    def unread(self, window: Span) -> timedelta:
        """How much of a window no reading speaks for."""
        start, end = window
        readings = self.readings()
        nexts = [run.at for run in readings[1:]] + [datetime.max.replace(tzinfo=UTC)]
        spells = ((run.at, min(run.at + run.tolerance, next_)) for run, next_ in zip(readings, nexts, strict=True))
        read = sum((max(min(until, end) - max(at, start), timedelta()) for at, until in spells), timedelta())
        return end - start - read

    def rejections(self) -> Iterator[tuple[datetime, int]]:
        """Every move to rejected that was seen: when, and of which listing; not what stood so when first read."""
        runs = self.recorded(None)
        for before, run in itertools.pairwise([Run(None, Outcome.FAILED, *[frozenset()] * 2, DAY, {}), *runs]):
            walked = any(Status.REJECTED in earlier.whole for earlier in runs if earlier.at < run.at)
            for number, status in run.said.items():
                moved = status is Status.REJECTED and before.said.get(number) is not Status.REJECTED
                if moved and (number in before.said or walked):
                    yield run.at, number

    def rejected_in(self, window: Span) -> int:
        start, end = window
        return len({number for at, number in self.rejections() if start < at <= end})

    def rejected_on(self, day: date, until: datetime) -> int:
        """Listings rejected on a UTC day; of two runs in one moment, the second is written down after it."""
        return len({number for at, number in self.rejections() if at.date() == day and at <= until})

    def since(self, number: int, status: Status) -> datetime:
        """Since when a listing has had its present status, as the runs saw it."""
        runs = reversed(self.recorded(None))
        return list(itertools.takewhile(lambda run: run.said.get(number) is status, runs))[-1].at

    def ages(self, status: Status) -> list[timedelta]:
        """How long each listing has been in a status, up to the last complete reading: nobody looked after it."""
        read_at = self.readings()[-1].at
        numbers = [number for number, its in self.said(None).items() if its is status]
        return [max(read_at - self.since(number, status), timedelta()) for number in numbers]

    def last_covered(self, start: datetime, end: datetime) -> datetime | None:
        """The last moment in [start, end) for which a reading speaks."""
        readings = self.readings(end - TICK)
        if not readings:
            return None
        last = min(readings[-1].at + readings[-1].tolerance, end - TICK)
        return last if last >= start else None

    def freshness(self, now: datetime) -> str:
        complete = [run for run in self.runs if run.outcome is Outcome.COMPLETE]
        if not complete:
            return "never"
        if complete[-1].at > now + AHEAD:
            return "ahead"
        if self.runs[-1].outcome is not Outcome.COMPLETE:
            return str(self.runs[-1].outcome.value)
        return "stale" if now > complete[-1].at + self.tolerance else "fresh"


@dataclass
class Model:
    """The stores that were asked for, at a moment of the past or now."""

    stores: Sequence[StoreModel]
    now: datetime
    at: datetime | None = None

    def of(self, kind: str) -> list[StoreModel]:
        """The stores that a number of a kind contains."""
        return [store for store in self.stores if store.contributes(kind, self.at)]

    def joined(self, window: WindowUpTo) -> list[StoreModel]:
        """The stores that were first read within their window, and more than a day after the first of all stores."""
        begun = [(store, store.readings()[0].at) for store in self.of("held")]
        together = min((first for _, first in begun), default=self.now) + DAY
        return [store for store, first in begun if first > max(window(store.until(self.at))[0], together)]

    def claim(self, kind: str, window: WindowUpTo | None = None) -> Claim:
        """What a number of a kind may claim at the most."""
        of = self.of(kind)
        if not of:
            gap = self.at and any(store.readings(self.at) and not store.covered(self.at) for store in self.stores)
            return Claim.NOT_READ_SINCE if gap else Claim.NEVER_READ
        if self.at is None and not all(store.current(self.now) for store in of):
            return Claim.NOT_READ_SINCE
        if len(of) < len(self.stores):
            return Claim.PART
        if window and any(store.unread(window(store.until(self.at))) for store in of):
            return Claim.AT_LEAST
        return Claim.KNOWN

    def count(self, kind: str, *statuses: Status) -> int | None:
        of = self.of(kind)
        return sum(store.count(*statuses, at=self.at) for store in of) if of else None

    @property
    def total(self) -> int | None:
        return self.count("total", *(status for status in Status if status is not Status.DELETED))

    def rejected_in(self, window: WindowUpTo) -> int | None:
        of = self.of("held")
        return sum(store.rejected_in(window(store.until(self.at))) for store in of) if of else None

    def oldest(self, status: Status) -> float | None:
        """The age of the oldest listing of a status, in days; 0 where there is none. Of the present only."""
        of = self.of("held")
        ages = [age for store in of for age in store.ages(status)]
        return max(ages, default=timedelta()) / DAY if of else None

    def stuck(self) -> int | None:
        of = self.of("held")
        return sum(age > LONG_IN_AUDIT for store in of for age in store.ages(Status.AUDITING)) if of else None

    def held_since(self) -> datetime | None:
        """Since when something has been held without a break, in all stores together."""
        of = self.of("held")
        since = None
        for at in sorted(run.at for store in of for run in store.recorded(self.at)):
            held = sum(store.count(*HELD, at=at) for store in of)
            since = (since or at) if held else None
        return since

    def at_end_of(self, start: datetime, end: datetime) -> tuple[int, int] | None:
        """Rejected and auditing at the last moment of a span that any reading speaks for; None where there is none.

        They are of the stores whose readings speak for that moment.
        """
        last = self._last_covered(start, end)
        if last is None:
            return None
        there = [store for store in self.stores if store.covered(last)]
        return tuple(sum(store.count(one, at=last) for store in there) for one in (Status.REJECTED, Status.AUDITING))

    def _last_covered(self, start: datetime, end: datetime) -> datetime | None:
        each = [store.last_covered(start, end) for store in self.stores]
        return max((at for at in each if at), default=None)

    def day(self, day: date) -> tuple[int, int, int] | None:
        """Rejected and auditing at the end of a UTC day, or now where it runs, and the moves to rejected on it."""
        start = datetime.combine(day, time.min, UTC)
        counts = self.at_end_of(start, min(start + DAY, self.now + TICK))
        begun = [store for store in self.stores if store.readings(start + DAY - TICK)]
        return None if counts is None else (*counts, sum(store.rejected_on(day, self.now) for store in begun))
