"""The everyday events of the simulated store from 15 March 2026 on, computed day by day.

A day's events depend on the seed, the day and the days before it, never on earlier questions.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from aexdash.demo.world.factory import category_of
from aexdash.demo.world.incidents import audit, rejection, template_spike
from aexdash.demo.world.listing import EPOCH, Edit
from aexdash.demo.world.mixing import mix
from aexdash.demo.world.moments import SPIKE_SIZE, last_spike
from aexdash.demo.world.population import Population
from aexdash.demo.world.timeline import DAY, HOUR, Step, Timelines
from aexdash.model import Status


@dataclass(frozen=True, slots=True)
class Pace:
    """How much happens: a routine audit every `slot` seconds, `spike` listings a spike, the others means for a day."""

    slot: int = 5400
    rejections: float = 2.3
    creations: float = 3.5
    edits: float = 2.5
    repricings: float = 5.0
    departures: float = 4.0
    relistings: float = 2.5
    spike: int = SPIKE_SIZE

    @classmethod
    def for_size(cls, listings: int) -> Pace:
        """Return a pace in proportion to the store, up to the size of the default one."""
        share = min(1.0, listings / 4820)
        return cls(
            slot=5400 if share > 0.5 else 21_600,
            rejections=max(1.5, 2.3 * share),
            creations=3.5 * share,
            edits=2.5 * share,
            repricings=5.0 * share,
            departures=4.0 * share,
            relistings=2.5 * share,
            spike=max(4, round(SPIKE_SIZE * share)),
        )


class Churn:
    """Computes the days one after the other and writes their events into the timelines."""

    def __init__(self, books: Timelines, seed: int, population: Population, pace: Pace) -> None:
        self._books, self._seed, self._pace = books, seed, pace
        self._active, self._offline = list(population.active), list(population.offline)
        self._busy: list[tuple[int, int]] = []
        self._wanted_active, self._wanted_offline = len(self._active), len(self._offline)

    def live(self, day: int) -> None:
        """Write the day that begins at `day` (seconds since 1970, UTC midnight) into the books."""
        chance = Random(mix(self._seed, day, 3))
        self._welcome_back(day)
        self._spike(day, chance)
        self._times(self._pace.rejections, chance, lambda: self._reject(day, chance))
        missing = self._wanted_active + self._wanted_offline - len(self._active) - len(self._offline) - len(self._busy)
        self._times(self._pace.creations + missing / 30, chance, lambda: self._create(day, chance))
        self._times(self._pace.edits, chance, lambda: self._edit(day, chance))
        self._times(self._pace.repricings, chance, lambda: self._reprice(day, chance))
        self._times(self._pace.departures, chance, lambda: self._depart(day, chance))
        short = self._wanted_active - len(self._active) - len(self._busy)
        self._times(self._pace.relistings + short / 30, chance, lambda: self._relist(day, chance))
        surplus = len(self._offline) - self._wanted_offline
        self._times(max(0.0, self._pace.departures / 2 + surplus / 20), chance, lambda: self._delete(day, chance))

    def _times(self, mean: float, chance: Random, act: Callable[[], None]) -> None:
        expected = min(max(0.0, mean), 3 * self._pace.departures + 2)
        for _ in range(int(expected * chance.uniform(0.5, 1.5) + chance.random())):
            act()

    def _welcome_back(self, day: int) -> None:
        """Make those whose last incident is over available again, by the status it left them in."""
        while self._busy and self._busy[0][0] < day:
            _, ordinal = heapq.heappop(self._busy)
            status = self._books.last(ordinal).status
            if status is Status.ACTIVE:
                self._active.append(ordinal)
            elif status is Status.OFFLINE:
                self._offline.append(ordinal)

    def _take(self, idle: list[int], chance: Random) -> int | None:
        if not idle:
            return None
        position = chance.randrange(len(idle))
        idle[position], idle[-1] = idle[-1], idle[position]
        return idle.pop()

    def _schedule(self, ordinal: int, steps: Sequence[Step]) -> None:
        self._books.happen(ordinal, steps)
        heapq.heappush(self._busy, (steps[-1].at, ordinal))

    def _reject(self, day: int, chance: Random) -> None:
        if chance.random() < 0.25:
            at = day + chance.randrange(DAY)
            ordinal = self._books.born(at, Status.AUDITING)
            category = category_of(self._seed, ordinal)
            self._schedule(ordinal, rejection(at, Edit(), category, chance, first_review=True))
            return
        taken = self._take(self._active, chance)
        if taken is not None:
            before = self._books.last(taken).edit
            category = category_of(self._seed, taken)
            self._schedule(taken, rejection(day + chance.randrange(DAY), before, category, chance))

    def _create(self, day: int, chance: Random) -> None:
        at = day + chance.randrange(DAY)
        ordinal = self._books.born(at, Status.AUDITING)
        self._schedule(ordinal, [Step(at + chance.randint(2 * HOUR, 12 * HOUR), Status.ACTIVE)])

    def _edit(self, day: int, chance: Random) -> None:
        taken = self._take(self._active, chance)
        if taken is not None:
            edit = self._books.last(taken).edit.repaired()
            self._schedule(taken, audit(day + chance.randrange(DAY), chance.randint(HOUR, 6 * HOUR), edit))

    def _reprice(self, day: int, chance: Random) -> None:
        taken = self._take(self._active, chance)
        if taken is not None:
            before = self._books.last(taken).edit
            edit = Edit(main=before.main, price_percent=chance.randint(85, 115), revision=before.revision)
            self._schedule(taken, [Step(day + chance.randrange(DAY), Status.ACTIVE, edit=edit)])

    def _depart(self, day: int, chance: Random) -> None:
        causes = ("expire_offline", "user_offline", "violate_offline", "punish_offline")
        taken = self._take(self._active, chance)
        if taken is not None:
            cause = chance.choices(causes, weights=(58, 30, 9, 3))[0]
            self._schedule(taken, [Step(day + chance.randrange(DAY), Status.OFFLINE, cause=cause)])

    def _relist(self, day: int, chance: Random) -> None:
        taken = self._take(self._offline, chance)
        if taken is not None:
            self._schedule(taken, audit(day + chance.randrange(DAY), chance.randint(HOUR, 4 * HOUR), None))

    def _delete(self, day: int, chance: Random) -> None:
        taken = self._take(self._offline, chance)
        if taken is not None:
            self._schedule(taken, [Step(day + chance.randrange(DAY), Status.DELETED, touched=True)])

    def _spike(self, day: int, chance: Random) -> None:
        date = (EPOCH + timedelta(seconds=day)).date()
        if last_spike(date) != date:
            return
        for _ in range(self._pace.spike):
            taken = self._take(self._active, chance)
            if taken is not None:
                self._schedule(taken, template_spike(day, self._books.last(taken).edit, chance))
