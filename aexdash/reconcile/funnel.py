"""How far each SKU of a shop gets: shop → feed → AliExpress knows it → passed audit → on sale → sold. Pure functions.

In the other direction: what AliExpress has, and whether the shop knows it. Each number is that of its ids; at each step
what came in is what was lost plus what passed. A step that nobody read passes everything, so its number is not known
and those right of it are *at most*; a step that was read in part finds too little, so it and those right of it are *at
least*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aexdash.model import Status
from aexdash.shops.records import SourceState
from aexdash.snapshot.matched.matching import Fate
from aexdash.snapshot.matched.units import Side, StepRead, TheirUnit, Unit
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.stores import Stores

DAYS = 30
"""The days up to the last order that was read, in which something must have been sold."""

TAKEN_DOWN = frozenset({"violate_offline", "punish_offline"})
"""AliExpress' causes of offline that are its own act (reference sources.md §2.2)."""


class Step(StrEnum):
    """A step of the funnel; what passes one comes into the next."""

    SHOP = "shop"
    FEED = "feed"
    KNOWN = "known"  # AliExpress has it, in whatever status
    AUDIT = "audit"  # neither rejected nor in audit
    ON_SALE = "on_sale"
    SOLD = "sold"


class Lost(StrEnum):
    """Why a SKU got no further; the first that holds, at the step that it belongs to."""

    NOT_FOR_SALE = "not_for_sale"  # draft, archived, hidden or on no channel in the shop
    NO_KEY = "no_key"
    REFUSED = "refused"  # by the feed's validation
    NOT_THERE = "not_there"
    AMBIGUOUS = "ambiguous"
    REJECTED = "rejected"
    IN_AUDIT = "in_audit"
    OTHER = "other"  # in a status that the reference does not know
    TAKEN_DOWN = "taken_down"
    OFFLINE = "offline"
    UNSOLD = "unsold"


AT: Mapping[Lost, Step] = {
    Lost.NOT_FOR_SALE: Step.FEED,
    Lost.NO_KEY: Step.FEED,
    Lost.REFUSED: Step.FEED,
    Lost.NOT_THERE: Step.KNOWN,
    Lost.AMBIGUOUS: Step.KNOWN,
    Lost.REJECTED: Step.AUDIT,
    Lost.IN_AUDIT: Step.AUDIT,
    Lost.OTHER: Step.AUDIT,
    Lost.TAKEN_DOWN: Step.ON_SALE,
    Lost.OFFLINE: Step.ON_SALE,
    Lost.UNSOLD: Step.SOLD,
}
"""The step at which each is lost."""


UNMATCHED: Mapping[Fate, Lost] = {
    Fate.NO_KEY: Lost.NO_KEY,
    Fate.ALONE: Lost.NOT_THERE,
    Fate.AMBIGUOUS: Lost.AMBIGUOUS,
}
"""Why a variant is lost that is no listing."""


class Bound(StrEnum):
    """What a number of the funnel may claim."""

    EXACT = "exactly"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of the funnel with its ids. `bound` says what it may claim; of what is not known no number is shown."""

    units: tuple[Unit, ...]
    bound: Bound

    @property
    def number(self) -> int | None:
        """How many there are; None: not known, or none was found and there may be some."""
        known = self.bound is not Bound.NOT_KNOWN and (self.units or self.bound is not Bound.AT_LEAST)
        return len(self.units) if known else None


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step: what passed it, what was lost at it and why, and when what it is about was last read.

    `unread` are the keys of those of several stores in which nobody read it; `read` is of the others.
    """

    step: Step
    passed: Counted
    lost: Mapping[Lost, Counted]
    read: StepRead
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reverse:
    """What AliExpress has, by what the shop knows of it.

    `bound` says what the number of all may claim, `bounds` what each may: of a shop that was not read to its end, what
    it knows is *at least* and what it does not know *at most* so many.
    """

    of: Mapping[Fate, tuple[TheirUnit, ...]]
    bound: Bound
    bounds: Mapping[Fate, Bound]
    read: StepRead

    @property
    def total(self) -> int:
        """How many listings AliExpress has, as far as it was read."""
        return sum(map(len, self.of.values()))


@dataclass(frozen=True, slots=True)
class Funnel:
    """Both directions. Of several stores each SKU counts once a store."""

    steps: tuple[FunnelStep, ...]
    reverse: Reverse
    stores: tuple[str, ...]
    without_shop: tuple[str, ...]
    days: int

    def step(self, step: Step) -> FunnelStep:
        """Return one step."""
        return next(one for one in self.steps if one.step is step)


def lost_by(unit: Unit) -> Lost | None:
    """Say why a SKU got no further than it did; None: it was sold, or nobody read whether it was.

    What was not read loses nothing.
    """
    if unit.state not in (SourceState.ACTIVE, SourceState.OTHER) or unit.channels == ():
        return Lost.NOT_FOR_SALE
    if unit.refused and unit.fate is not Fate.NO_KEY:
        return Lost.REFUSED
    if unit.fate in UNMATCHED:
        return UNMATCHED[unit.fate]
    if unit.status is Status.OFFLINE:
        return Lost.TAKEN_DOWN if unit.cause in TAKEN_DOWN else Lost.OFFLINE
    if unit.status is None or unit.status is Status.ACTIVE:
        return Lost.UNSOLD if unit.sold is False else None
    return {Status.REJECTED: Lost.REJECTED, Status.AUDITING: Lost.IN_AUDIT}.get(unit.status, Lost.OTHER)


def of_stores(snapshot: Snapshot, stores: Stores = None) -> Funnel:
    """Count the funnel of some stores (None: all that are watched) as of now. Raises what `Snapshot` does."""
    sides, without_shop = snapshot.beside_shops().sides(stores, snapshot.now(), DAYS)
    return funnel(sides, without_shop, DAYS)


def funnel(sides: Sequence[Side], without_shop: Iterable[str] = (), days: int = DAYS) -> Funnel:
    """Count how far the SKUs of some stores' shops get, and what AliExpress has that these shops do not know.

    Each store is counted by itself: what nobody read of one takes nothing from what is known of the others.
    """
    told = [_steps_of(side) for side in sides] or [_steps_of(NOTHING)]
    steps = []
    for number, step in enumerate(Step):
        each = [steps_of_store[number] for steps_of_store in told]
        lost = {why: _together([one.lost[why] for one in each]) for why in each[0].lost}
        steps.append(
            FunnelStep(
                step,
                _together([one.passed for one in each]),
                {why: counted for why, counted in lost.items() if counted.units},
                _read_of([one.read for one in each]),
                tuple(side.store for side in sides if side.reads[step.value].at is None),
            )
        )
    there = [_reverse_of(side) for side in sides] or [_reverse_of(NOTHING)]
    of = {fate: tuple(unit for one in there for unit in one.of[fate]) for fate in Fate}
    bounds = {fate: _bound_of([(one.bounds[fate], len(one.of[fate])) for one in there]) for fate in Fate}
    bound = _bound_of([(one.bound, one.total) for one in there])
    reverse = Reverse(of, bound, bounds, _read_of([one.read for one in there]))
    return Funnel(tuple(steps), reverse, tuple(side.store for side in sides), tuple(without_shop), days)


NOTHING = Side("", (), (), dict.fromkeys([step.value for step in Step], StepRead(None, whole=False)))
"""A store of which nothing was read."""


def _steps_of(side: Side) -> list[FunnelStep]:
    """Count the steps of one store; every loss of a step is there, also one that lost nothing."""
    came: list[Unit] = list(side.units)
    lost = {unit: lost_by(unit) for unit in came}
    steps: list[FunnelStep] = []
    low, high, blind = False, False, False
    for step in Step:
        read = side.reads[step.value]
        gone = {why: tuple(unit for unit in came if lost[unit] is why) for why, at in AT.items() if at is step}
        passed = tuple(unit for unit in came if (why := lost[unit]) is None or AT[why] is not step)
        before = _bound(low=low, high=high, blind=blind)
        blind = blind or (read.at is None and step in (Step.SHOP, Step.KNOWN))
        high = high or (read.at is not None and not read.whole)
        unread = read.at is None
        bound = Bound.NOT_KNOWN if unread else _bound(low=low, high=high, blind=blind)
        if step is Step.SHOP and came and unread:  # a reading that was not whole told of these
            blind, high, bound = False, True, Bound.AT_LEAST
        told = {why: Counted(units, _of_lost(why, before, read)) for why, units in gone.items()}
        steps.append(FunnelStep(step, Counted(passed, bound), told, read))
        low = low or (unread and step is not Step.SHOP)
        came = list(passed)
    return steps


def _reverse_of(side: Side) -> Reverse:
    """Count what AliExpress has of one store."""
    theirs: dict[Fate, list[TheirUnit]] = {fate: [] for fate in Fate}
    for one in side.theirs:
        theirs[one.fate].append(one)
    known, shop = side.reads[Step.KNOWN.value], side.reads[Step.SHOP.value]
    bound = Bound.NOT_KNOWN if known.at is None else Bound.EXACT if known.whole else Bound.AT_LEAST
    bounds = {fate: _of_fate(fate, bound, shop, unread=bool(theirs[Fate.UNREAD])) for fate in Fate}
    bound = Bound.EXACT if bound is Bound.AT_LEAST and side.every_status else bound
    bounds[Fate.UNREAD] = bound
    return Reverse({fate: tuple(units) for fate, units in theirs.items()}, bound, bounds, known)


def _bound(*, low: bool, high: bool, blind: bool) -> Bound:
    """Say what a number may claim: `low` it may be less, `high` it may be more, `blind` nobody read at all."""
    if blind or (low and high):
        return Bound.NOT_KNOWN
    return Bound.AT_MOST if low else Bound.AT_LEAST if high else Bound.EXACT


def _of_lost(why: Lost, before: Bound, read: StepRead) -> Bound:
    """Say what a loss may claim: as what came in, and at most so many where the step was not read to its end.

    What is lost at the feed is told by the shop, but for what a file refuses; without a file nothing is refused.
    """
    if before is Bound.NOT_KNOWN or read.whole or why in (Lost.NOT_FOR_SALE, Lost.NO_KEY):
        return before
    if why is Lost.REFUSED:  # by the files that were read; another store may have none
        return Bound.AT_LEAST if before in (Bound.EXACT, Bound.AT_LEAST) else Bound.NOT_KNOWN
    if read.at is None or before is Bound.AT_LEAST:
        return Bound.NOT_KNOWN
    return Bound.AT_MOST


def _of_fate(fate: Fate, bound: Bound, shop: StepRead, *, unread: bool) -> Bound:
    """Say what the number of listings of one fate may claim; `unread`: the codes of some were not read."""
    if bound is Bound.NOT_KNOWN or fate is Fate.UNREAD:
        return bound
    more, less = bound is Bound.AT_LEAST or unread, False
    if not shop.whole:
        more, less = more or fate not in (Fate.ALONE, Fate.NO_KEY), fate in (Fate.ALONE, Fate.NO_KEY)
    return _bound(low=less, high=more, blind=False)


def _together(each: Sequence[Counted]) -> Counted:
    """Add up a number of several stores; where it is *at least*, of those that say so alone."""
    if len(each) == 1:
        return each[0]
    every = tuple(unit for one in each for unit in one.units)
    if {one.bound for one in each} <= {Bound.EXACT, Bound.AT_MOST}:
        return Counted(every, Bound.EXACT if all(one.bound is Bound.EXACT for one in each) else Bound.AT_MOST)
    sure = tuple(unit for one in each if one.bound in (Bound.EXACT, Bound.AT_LEAST) for unit in one.units)
    return Counted(sure, Bound.AT_LEAST) if sure else Counted(every, Bound.NOT_KNOWN)


def _bound_of(each: Sequence[tuple[Bound, int]]) -> Bound:
    """Say what the sum of all that was found in several stores may claim; each is its bound and how many were found."""
    bounds = {bound for bound, _ in each}
    if len(bounds) == 1:
        return bounds.pop()
    if any(found for bound, found in each if bound is Bound.NOT_KNOWN) or bounds >= {Bound.AT_LEAST, Bound.AT_MOST}:
        return Bound.NOT_KNOWN
    if bounds == {Bound.EXACT, Bound.AT_MOST}:
        return Bound.AT_MOST
    found = sum(found for _, found in each)
    return Bound.AT_LEAST if found and Bound.AT_MOST not in bounds else Bound.NOT_KNOWN


def _read_of(reads: Sequence[StepRead]) -> StepRead:
    """Return how far a step was read in several stores: the earliest clock of those in which it was."""
    at = min((read.at for read in reads if read.at), default=None)
    about = reads[0].about if len(reads) == 1 else ""
    return StepRead(at, whole=all(read.whole for read in reads), about=about)
