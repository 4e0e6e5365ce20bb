"""A comparison of a snapshot: their list or their numbers, the moment, the stores; and what may be claimed of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aexdash.clock import CLOCK_TOLERANCE, DAY
from aexdash.model import HELD, Status
from aexdash.reconcile import numbers
from aexdash.reconcile.compare import Sides, compare
from aexdash.reconcile.explain import Evidence, explained
from aexdash.reconcile.model import (
    Bridge,
    Difference,
    Outcome,
    Reconciliation,
    StoreRead,
    TheirList,
    Why,
    steps_of,
)
from aexdash.reconcile.naming import name
from aexdash.reconcile.numbers import Counted
from aexdash.snapshot.compared.standing import Standings
from aexdash.snapshot.query import Snapshot
from aexdash.statement import StoreReading

SWEEP_SPEAKS = DAY
"""How long a reading of what is not held speaks: it is read less often, an hour apart unless set otherwise."""

PAGES = (20, 50, 100, 200, 500)
"""Rows of a page of Seller Center's tables (reference sources.md §2.1), and of common others."""

MOST_DIFFERENCES = 20_000
"""Where more differ, the list does not show what it was said to show, and nobody reads so many reasons."""

COMPARABLE = (Status.REJECTED, Status.AUDITING, Status.ACTIVE, Status.OFFLINE)
"""The statuses that a list of Seller Center may show and that we read."""

Pulse = Callable[[str], float]
"""The seconds between two readings of what is held, of a store by its key."""

Typed = Mapping[tuple[Status, ...], int]
"""Numbers that somebody read in Seller Center, by the statuses that each counts."""


class NotComparable(ValueError):
    """It cannot be compared; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The stores and the statuses that are compared, at a moment."""

    snapshot: Snapshot
    scope: tuple[str, ...] | None
    at: datetime
    listed: tuple[Status, ...]

    @property
    def standings(self) -> Standings:
        return self.snapshot.comparison(self.scope).standings()


def of_list(
    snapshot: Snapshot,
    theirs: TheirList,
    *,
    listed: Sequence[Status],
    at: datetime,
    scope: tuple[str, ...] | None,
    now: datetime,
) -> Reconciliation:
    """Compare a list with what was in the `listed` statuses at its moment, by id.

    Raises:
        NotComparable: the moment lies ahead, the list is empty, or more than 20,000 differ.
        StorageError: the snapshot cannot be read.
    """
    asked = _Asked(snapshot, scope, at, _in_order(listed))
    _refuse_what_is_ahead(at, now)
    if not theirs.rows:
        raise NotComparable("The list has no row that names a listing: choose another file, or type its number in.")
    stores = _stores(asked)
    empty = Reconciliation(
        made_at=now,
        at=at,
        scope=scope,
        source=theirs.source,
        numbers=False,
        listed=asked.listed,
        stores=stores,
        outcome=Outcome.NOT_KNOWN,
        bridges=(Bridge(asked.listed, len(theirs.rows), None),),
        not_known=len(theirs.rows),
        notes=theirs.notes,
        list=theirs,
    )
    known = {one.store: one.known for one in stores}
    if not any(known.values()):
        return empty
    standings = asked.standings
    named, notes = name(snapshot, standings, theirs.rows, inside=known)
    members = standings.members(at, asked.listed)
    here = standings.of({*members, *(one.key for one in named if one.key)}, at)
    sides = compare(named, here, asked.listed, known=known)
    if len(sides.pairs) > MOST_DIFFERENCES:
        raise NotComparable(
            f"{len(sides.pairs):,} rows and listings differ, so the list hardly shows what was chosen: choose what it "
            "shows, or one store."
        )
    counts = {pair: _value_at(steps, at) for pair, steps in standings.counts(at).items()}
    reads = {one.store: one for one in stores if one.known}
    found = explained(Evidence(at, asked.listed, sides, here, reads, counts))
    differences = _titled(standings, _in_names(snapshot, standings, found))
    return replace(
        empty,
        outcome=_outcome(differences, part=not all(known.values())),
        bridges=(Bridge(asked.listed, sides.theirs, sides.ours, steps_of(differences)),),
        differences=tuple(differences),
        agreed=len(sides.agreed),
        aside=sides.aside,
        not_known=sides.not_known,
        notes=(*theirs.notes, *notes, *_page_note(sides)),
    )


def again(snapshot: Snapshot, earlier: Reconciliation, now: datetime, *, pulse: Pulse) -> Reconciliation:
    """Compare what a kept comparison compared, with what has been read since.

    Raises:
        NotComparable, StorageError: as `of_list` and `of_numbers`.
    """
    if earlier.list is None:
        typed = {bridge.statuses: bridge.theirs for bridge in earlier.bridges}
        return of_numbers(snapshot, typed, at=earlier.at, scope=earlier.scope, now=now, pulse=pulse)
    return of_list(snapshot, earlier.list, listed=earlier.listed, at=earlier.at, scope=earlier.scope, now=now)


def of_numbers(
    snapshot: Snapshot, typed: Typed, *, at: datetime, scope: tuple[str, ...] | None, now: datetime, pulse: Pulse
) -> Reconciliation:
    """Compare numbers that somebody read in Seller Center with ours at that moment.

    A later reading is waited for only where ours was overdue then, by the `pulse` of its store.

    Raises:
        NotComparable: the moment lies ahead, or there is no number.
        StorageError: the snapshot cannot be read.
    """
    _refuse_what_is_ahead(at, now)
    if not typed:
        raise NotComparable("There is no number to compare: type at least one in.")
    every = _in_order(status for statuses in typed for status in statuses)
    bridges, stores = [], _stores(_Asked(snapshot, scope, at, every))
    waits = any(_next_reading_tells(one, at, pulse) for one in stores)
    for statuses, theirs in typed.items():
        asked = _Asked(snapshot, scope, at, _in_order(statuses))
        whole = all(one.known for one in stores) and bool(stores)
        bridges.append(
            _bridge_in_names(
                snapshot, asked.standings, numbers.bridge(asked.listed, theirs, _counted(asked, waits=waits))
            )
            if whole
            else Bridge(asked.listed, theirs, None)
        )
    return Reconciliation(
        made_at=now,
        at=at,
        scope=scope,
        source="",
        numbers=True,
        listed=every,
        stores=stores,
        outcome=_outcome_of_numbers(bridges),
        bridges=tuple(bridges),
    )


def _in_order(statuses: Iterable[Status]) -> tuple[Status, ...]:
    wanted = set(statuses)
    return tuple(status for status in COMPARABLE if status in wanted)


def _refuse_what_is_ahead(at: datetime, now: datetime) -> None:
    if at > now + CLOCK_TOLERANCE:
        raise NotComparable("The moment of the list lies ahead of this clock: name when it was read or exported.")


def _stores(asked: _Asked) -> tuple[StoreRead, ...]:
    """Say of each store how far it was read at the moment.

    What is held is known as far as the store's coverage goes. What is not held is known for a day after it was read,
    because sweeps are further apart.
    """
    reads = asked.standings.reads(asked.at, asked.listed)
    found = []
    for one in asked.standings.reach(asked.at).readings:
        of_store = [reads[one.store, status] for status in asked.listed]
        read = [each.read_at for each in of_store]
        later = [each.read_again_at for each in of_store if each.read_again_at]
        found.append(
            StoreRead(
                one.store,
                one.title,
                known=_is_known(one, asked, read),
                read_at=min((each for each in read if each), default=one.read_at),
                read_again_at=max(later) if len(later) == len(of_store) else None,
            )
        )
    return tuple(found)


def _is_known(one: StoreReading, asked: _Asked, read: Sequence[datetime | None]) -> bool:
    """Whether a store's readings speak for the moment. Unchanged ones are deleted after 30 days, coverage is not."""
    held = one.read_at is not None and one.current
    others = [at for status, at in zip(asked.listed, read, strict=True) if status not in HELD]
    return held and all(at is not None and asked.at - at <= SWEEP_SPEAKS for at in others)


def _in_names(snapshot: Snapshot, standings: Standings, differences: Sequence[Difference]) -> list[Difference]:
    """Call the stores and categories of explanations by their names: their keys and numbers are ours alone."""
    if not any(one.reason.why is Why.SCOPE for one in differences):
        return list(differences)
    names = _names(snapshot, standings)
    return [replace(one, reason=replace(one.reason, detail=names(one.reason.detail))) for one in differences]


def _bridge_in_names(snapshot: Snapshot, standings: Standings, bridge: Bridge) -> Bridge:
    if not any(step.why is Why.SCOPE for step in bridge.steps):
        return bridge
    names = _names(snapshot, standings)
    return replace(bridge, steps=tuple(replace(step, detail=names(step.detail)) for step in bridge.steps))


def _names(snapshot: Snapshot, standings: Standings) -> Callable[[str], str]:
    """Return what puts the name of a store or a category into a detail; one without a name stays as it is."""
    stores, categories = {one.key: one.title for one in snapshot.stores()}, standings.categories()

    def named(detail: str) -> str:
        what, _, value = detail.partition(" ")
        if what == "store":
            return f"store {stores.get(value) or value}"
        if what == "category" and value.isdigit() and (name := categories.get(int(value))):
            return f"category {name} ({value})"
        return detail

    return named


def _titled(standings: Standings, differences: Sequence[Difference]) -> list[Difference]:
    keys = [(one.store, one.product_id) for one in differences if one.store and one.product_id is not None]
    titles = standings.titles(keys)
    return [
        replace(one, title=titles.get((one.store, one.product_id), "")) if one.product_id is not None else one
        for one in differences
    ]


def _page_note(sides: Sides) -> list[str]:
    """Say where a list is as long as a page of a table, and ours is longer: it may be the first page of several."""
    if sides.theirs in PAGES and sides.ours > sides.theirs:
        return [f"The list has exactly {sides.theirs} rows: is it one page of several?"]
    return []


def _outcome(differences: Sequence[Difference], *, part: bool) -> Outcome:
    if not differences:
        return Outcome.PART if part else Outcome.AGREES
    if any(one.reason.why is Why.UNEXPLAINED for one in differences):
        return Outcome.UNEXPLAINED
    return Outcome.EXPLAINED if all(one.reason.sure for one in differences) else Outcome.WAITING


def _outcome_of_numbers(bridges: Sequence[Bridge]) -> Outcome:
    if any(bridge.ours is None for bridge in bridges):
        return Outcome.NOT_KNOWN
    steps = [step for bridge in bridges for step in bridge.steps]
    if not steps:
        return Outcome.AGREES
    if any(step.why is Why.UNEXPLAINED for step in steps):
        return Outcome.UNEXPLAINED
    waits = any(step.why is Why.NEWER and not step.detail for step in steps)
    return Outcome.WAITING if waits else Outcome.POSSIBLE


def _next_reading_tells(one: StoreRead, at: datetime, pulse: Pulse) -> bool:
    """Whether the next reading of a store may tell a number of that moment, for ours was older than a reading gets.

    Between two readings lie a pulse and the time that a reading takes, which is less than another pulse.
    """
    if one.read_again_at or one.read_at is None:
        return False
    return at - one.read_at > 2 * timedelta(seconds=pulse(one.store))


def _counted(asked: _Asked, *, waits: bool) -> Counted:
    standings, at = asked.standings, asked.at
    counts = standings.counts(at)
    members = standings.members(at, asked.listed)
    here = standings.of(members, at)
    others: Counter[Status] = Counter()
    for (_, status), steps in counts.items():
        others[status] += _value_at(steps, at)
    listed = [steps for (_, status), steps in counts.items() if status in asked.listed]
    moments = {since for steps in counts.values() for since, _ in steps if abs(since - at) < DAY} | {at - DAY}
    read = sorted(since for since in moments if standings.reach(since).is_whole)
    values = [(since, sum(_value_at(steps, since) for steps in listed)) for since in read]
    return Counted(
        ours=len(members),
        by_store=Counter(store for store, _ in members),
        by_category=Counter(standing.category_id for standing in here.values() if standing.category_id is not None),
        others=others,
        before=[one for one in reversed(values) if one[0] <= at],
        after=[one for one in values if one[0] > at],
        variants=standings.variants(members),
        next_reading_tells=waits,
    )


def _value_at(steps: Sequence[tuple[datetime, int]], at: datetime) -> int:
    """Return the last of some numbers that held by a moment; 0 where none did, because nothing was counted yet."""
    return next((value for since, value in reversed(steps) if since <= at), 0)
