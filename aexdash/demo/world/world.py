"""The simulated store: a pure function of (seed, time), whatever was asked before.

    world = World()
    world.counts(CENSUS)        # {active: 4310, offline: 510, auditing: 0, rejected: 0, deleted: 0}
    world.ids(Status.REJECTED, MARCH_JUMP)
    world.listing(product_id, MARCH_JUMP)

Days are lived lazily, in order, the first time a moment in them is asked about; what a day brings hangs
on nothing else.
"""

from __future__ import annotations

import threading
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from aexdash.demo.world.churn import Churn, Pace
from aexdash.demo.world.factory import make_facts
from aexdash.demo.world.flaws import Flaw, flawed_facts, flawless_facts
from aexdash.demo.world.listing import EPOCH, Listing, ListingFacts, edited
from aexdash.demo.world.mixing import product_id
from aexdash.demo.world.moments import CHURN_FROM, DEFAULT_SEED
from aexdash.demo.world.population import populate, seconds
from aexdash.demo.world.reviews import RoutineReviews
from aexdash.demo.world.sales import Order, SalesBook
from aexdash.demo.world.timeline import DAY, ListingState, Timelines
from aexdash.model import Status

_KEPT_CENSUSES = 8
_MANY_CHANGES = 300
"""So many listings that all are sorted anew rather than moved one by one."""


class StoreWorld(Protocol):
    """What the simulated gateway asks of a store; `World` is one that lives by itself."""

    def ids(self, status: Status, at: datetime) -> Sequence[int]:
        """Return the product ids in that status, in a stable order (newest first)."""

    def listing(self, product_id: int, at: datetime) -> Listing | None:
        """Return the listing as it is at that moment, deleted ones too; None when it never was."""

    def counts(self, at: datetime) -> dict[Status, int]:
        """Return how many listings each status holds."""

    def orders(self, start: datetime, end: datetime) -> Sequence[Order]:
        """Return the orders made from `start` up to and with `end`, the newest first."""


class World:
    """A store of `listings` listings of which `active` are on sale at the census of 14 March 2026, 12:00 UTC.

    `waiting` of the others wait for their launch, as listings of the managed models can. `rejections` is how many are
    rejected a day, beside those of the spikes; None: in proportion to the size.
    Safe to ask from several threads.
    """

    def __init__(
        self,
        seed: int = DEFAULT_SEED,
        listings: int = 4820,
        active: int | None = None,
        *,
        worked_example: bool = True,
        waiting: int = 0,
        rejections: float | None = None,
    ) -> None:
        on_sale = listings * 4310 // 4820 if active is None else active
        self.seed = seed
        self._books = Timelines()
        population = populate(self._books, seed, listings, on_sale, worked_example=worked_example, waiting=waiting)
        pace = Pace.for_size(listings)
        pace = pace if rejections is None else replace(pace, rejections=rejections)
        self._flaws = population.flaws
        self._reviews = RoutineReviews(seed, population.steady, seconds(CHURN_FROM), pace.slot)
        self._churn = Churn(self._books, seed, population, pace)
        self._lived_to = seconds(CHURN_FROM)
        self._lock = threading.RLock()
        self._ordinals: dict[int, int] = {}
        self._product_ids: list[int] = []
        self._number_new()
        self._sales = SalesBook(lambda: self._product_ids, self.listing)
        self._facts: dict[int, ListingFacts] = {}
        self._listings: dict[int, tuple[ListingState, bool, Listing]] = {}
        self._censuses: OrderedDict[tuple[int, ...], dict[Status, list[int]]] = OrderedDict()
        self._last: tuple[int, int, dict[Status, list[int]]] | None = None

    @property
    def flaws(self) -> dict[int, Flaw]:
        """The flaws that no review finds, by product id; they never change."""
        return {self._product_ids[ordinal]: flawed.flaw for ordinal, flawed in self._flaws.items()}

    def ids(self, status: Status, at: datetime) -> Sequence[int]:
        """Return the product ids in that status at that moment, newest listing first."""
        return self._census(seconds(at)).get(status, [])

    def counts(self, at: datetime) -> dict[Status, int]:
        """Return how many listings each status holds at that moment."""
        return {status: len(ids) for status, ids in self._census(seconds(at)).items()}

    def listing(self, product_id: int, at: datetime) -> Listing | None:
        """Return the listing as it is at that moment; None when it does not exist yet or never will."""
        moment = seconds(at)
        with self._lock:
            if (found := self._at(product_id, moment)) is None:
                return None
            ordinal, state = found
            return self._shown(ordinal, state, self._reviews.concerns(ordinal, moment))

    def orders(self, start: datetime, end: datetime) -> Sequence[Order]:
        """Return the orders made from `start` up to and with `end`, the newest first."""
        with self._lock:
            self._live_to(seconds(end))
            return self._sales.between(start, end)

    def repaired(self, product_id: int, at: datetime) -> ListingFacts | None:
        """Return what a listing would say at that moment if nothing were wrong with it; None when it does not exist."""
        with self._lock:
            if (found := self._at(product_id, seconds(at))) is None:
                return None
            ordinal, state = found
            return edited(flawless_facts(self.seed, ordinal, self._flaws.get(ordinal)), state.edit.repaired())

    def _at(self, product_id: int, moment: int) -> tuple[int, ListingState] | None:
        """Return the ordinal of a listing and its state at a moment; the caller holds the lock."""
        self._live_to(moment)
        ordinal = self._ordinals.get(product_id)
        state = None if ordinal is None else self._books.at(ordinal, moment)
        return None if ordinal is None or state is None else (ordinal, state)

    def _shown(self, ordinal: int, state: ListingState, in_review: bool) -> Listing:
        kept = self._listings.get(ordinal)
        if kept is not None and kept[0] is state and kept[1] is in_review:
            return kept[2]
        facts = edited(self._facts_of(ordinal), state.edit)
        listing = Listing(
            facts=facts,
            status=Status.AUDITING if in_review else state.status,
            created=_moment(self._books.created[ordinal]),
            modified=_moment(state.modified),
            cause=state.cause,
            rejected_for=state.rejected_for,
            offline_at=None if state.offline_at is None else _moment(state.offline_at),
        )
        self._listings[ordinal] = (state, in_review, listing)
        return listing

    def _facts_of(self, ordinal: int) -> ListingFacts:
        facts = self._facts.get(ordinal)
        if facts is None:
            flawed = self._flaws.get(ordinal)
            facts = flawed_facts(self.seed, ordinal, flawed) if flawed else make_facts(self.seed, ordinal)
            self._facts[ordinal] = facts
        return facts

    def _census(self, moment: int) -> dict[Status, list[int]]:
        with self._lock:
            self._live_to(moment)
            index, in_review = self._books.index(moment), self._reviews.running(moment)
            settled = self._kept((index,), lambda: self._settled(moment, index))
            return (
                self._kept((index, *in_review), lambda: self._with_reviews(settled, in_review))
                if in_review
                else settled
            )

    def _kept(self, key: tuple[int, ...], count: Callable[[], dict[Status, list[int]]]) -> dict[Status, list[int]]:
        census = self._censuses.get(key)
        if census is None:
            census = self._censuses[key] = count()
            if len(self._censuses) > _KEPT_CENSUSES:
                self._censuses.popitem(last=False)
        self._censuses.move_to_end(key)
        return census

    def _settled(self, moment: int, index: int) -> dict[Status, list[int]]:
        """Sort all listings by the status their timelines say, newest first.

        Only what changed since the moment that was counted last is moved: mostly a few of thousands.
        """
        if self._last is None or len(changed := self._books.changed(self._last[1], index)) > _MANY_CHANGES:
            census = self._sorted(moment)
        else:
            census = self._moved(self._last[2], changed, self._last[0], moment)
        self._last = (moment, index, census)
        return census

    def _sorted(self, moment: int) -> dict[Status, list[int]]:
        census: dict[Status, list[int]] = {status: [] for status in Status if status is not Status.OTHER}
        for _, ordinal in reversed(self._books.order):
            state = self._books.at(ordinal, moment)
            if state is not None:
                census[state.status].append(self._product_ids[ordinal])
        return census

    def _moved(
        self, census: dict[Status, list[int]], changed: set[int], before: int, moment: int
    ) -> dict[Status, list[int]]:
        """The census of `before` with the changed listings where they are at `moment`."""
        were = {state.status for ordinal in changed if (state := self._books.at(ordinal, before))}
        are = [(ordinal, state.status) for ordinal in changed if (state := self._books.at(ordinal, moment))]
        gone = {self._product_ids[ordinal] for ordinal in changed}
        moved = dict(census)
        for status in were | {status for _, status in are}:
            moved[status] = [number for number in census[status] if number not in gone]
        for ordinal, status in are:
            insort(moved[status], self._product_ids[ordinal], key=self._youth)
        return moved

    def _with_reviews(self, settled: dict[Status, list[int]], in_review: tuple[int, ...]) -> dict[Status, list[int]]:
        """Move the listings in routine review from active to auditing."""
        reviewed = {self._product_ids[ordinal] for ordinal in in_review}
        auditing = [*settled[Status.AUDITING], *reviewed]
        auditing.sort(key=self._youth)
        active = [number for number in settled[Status.ACTIVE] if number not in reviewed]
        return {**settled, Status.ACTIVE: active, Status.AUDITING: auditing}

    def _youth(self, product_id: int) -> tuple[int, int]:
        """What rises from the newest listing to the oldest."""
        ordinal = self._ordinals[product_id]
        return -self._books.created[ordinal], -ordinal

    def _live_to(self, moment: int) -> None:
        while self._lived_to <= moment:
            self._churn.live(self._lived_to)
            self._lived_to += DAY
            self._number_new()

    def _number_new(self) -> None:
        for ordinal in range(len(self._product_ids), len(self._books.created)):
            number = product_id(self.seed, ordinal)
            self._product_ids.append(number)
            self._ordinals[number] = ordinal


def _moment(at: int) -> datetime:
    return EPOCH + timedelta(seconds=at)
