"""The report on a movement: which properties go with it, what it may claim, and what it does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from aexdash.causes import slices
from aexdash.causes.chain import Link, Points, chain, held_before
from aexdash.causes.movement import Base, Movement, base_of
from aexdash.causes.properties import Properties, is_mendable, properties, reason_codes
from aexdash.causes.slices import Column, Found, Mask, NotCompared, Part, Search, Slice
from aexdash.snapshot.compared.listings import Side
from aexdash.snapshot.query import Snapshot
from aexdash.statement import Reach

MOST_COUNTED = 3
"""Values of a property that are counted where nothing is named."""

MOST_SHOWN = 2
"""Counter-examples of each kind."""

MOST_MEMBERS = 5_000
"""Listings of a finding that are kept, as many as one decision may be about."""

COUNTED = ("store", "picture address", "picture size", "category", "brand")
"""The properties that are counted beside the reasons, whatever is found."""

ON_SALE = "active"


class Outcome(StrEnum):
    """What an examination came to."""

    FOUND = "found"
    NO_SINGLE_CAUSE = "no single cause"
    TOO_FEW = "too few to tell"
    NOTHING_MOVED = "nothing moved"
    NOT_READ = "not read"


class Age(StrEnum):
    """Whether a finding is new: the same slice tested on the span of equal length right before."""

    NEW = "new"
    ALWAYS = "always so"
    NOT_KNOWN = "not known"  # the span before was not wholly read


@dataclass(frozen=True, slots=True)
class Finding:
    """A slice that goes with a movement.

    `before` is how many of its listings moved in the span before, of how many in all. `spared` are
    listings that have it and did not move, `others` some that moved without it. `at_risk` are listings on sale
    that have it, the first `MOST_MEMBERS`, all as (store key, product id); `on_sale` is their number. `reasons` counts
    the reasons of those that moved with it, the commonest first, by code.
    """

    found: Found
    age: Age
    before: tuple[int, int] | None
    spared: tuple[tuple[str, int], ...]
    others: tuple[tuple[str, int], ...]
    on_sale: int
    at_risk: tuple[tuple[str, int], ...]
    moved: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def is_mendable(self) -> bool:
        """Whether somebody can change what goes with the movement: a picture, but not the age of a listing."""
        return any(is_mendable(part.name) for part in self.found.slice.parts)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of the listings that moved have a value of a property, of those of which it is known."""

    name: str
    value: str
    listings: int
    of: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a movement at a moment. `base` says which listings were compared, `of` how many they are.

    `first_seen` listings were there when their store was first read and are left out. `weak` are slices that no chance
    explains and that are too weak to be named. `unread_seconds` of the span no reading covers. `stores_read` of
    `stores_asked` stores were read at its end, the first of them at `read_at`; `stores_later` more were first read
    after it. `held` is what was held by the end of each day before and up to its end.
    """

    made_at: datetime
    movement: Movement
    outcome: Outcome
    base: Base
    moved: int
    of: int
    first_seen: int
    looked_at: int
    unexplained: int
    findings: tuple[Finding, ...]
    weak: tuple[Slice, ...]
    counted: tuple[Counted, ...]
    not_compared: tuple[NotCompared, ...]
    chain: tuple[Link, ...]
    unread_seconds: float
    stores_read: int
    stores_asked: int
    read_at: datetime | None = None
    stores_later: int = 0
    held: Points = ()

    @property
    def at_least(self) -> bool:
        """Whether more may have moved than was seen."""
        return self.unread_seconds > 0 or self.stores_read < self.stores_asked

    @property
    def top(self) -> Finding | None:
        """The most remarkable finding."""
        return self.findings[0] if self.findings else None


_REPORT = TypeAdapter(Report)


def to_facts(report: Report) -> dict[str, Any]:
    """Return a report as plain values, ready to be written as JSON."""
    facts: dict[str, Any] = _REPORT.dump_python(report, mode="json")
    return facts


def to_json(report: Report) -> str:
    """Write a report as JSON, as it is kept."""
    return _REPORT.dump_json(report).decode()


def from_json(text: str) -> Report:
    """Read a report that was kept.

    Raises:
        ValueError: the text is none, or of another version.
    """
    return _REPORT.validate_json(text)


def examine(snapshot: Snapshot, movement: Movement, now: datetime, *, with_chain: bool = True) -> Report:
    """Find which properties go with a movement. `with_chain`: and look at what moved before it.

    Raises what the methods of `Snapshot` do.
    """
    reach = _reach(snapshot, movement)
    side = _side(snapshot, movement)
    base, compared = base_of(side, movement)
    told = properties(compared, movement.end, snapshot.zone, edited=base is Base.EDITED)
    found = slices.search(told.columns, told.rejected)
    moved = sum(row.moved for row in side.rows)
    links = chain(snapshot, movement) if with_chain and moved and not movement.keys else ()
    return Report(
        made_at=now,
        movement=movement,
        outcome=_outcome(found, moved, reach),
        base=base,
        moved=moved,
        of=len(compared.rows),
        first_seen=side.first_seen,
        looked_at=found.looked_at,
        unexplained=found.unexplained + moved - found.rejected,
        findings=_findings(snapshot, movement, told, found, base),
        weak=found.weak[: slices.MOST_FOUND],
        counted=tuple(_counted(told)),
        not_compared=found.not_compared if moved else (),
        chain=links,
        unread_seconds=0 if movement.keys else _unread(reach),
        stores_read=len(reach.read),
        stores_asked=len(reach.readings),
        stores_later=_asked_later(snapshot, movement, reach),
        read_at=min((one.read_at for one in reach.readings if one.read_at), default=None),
        held=held_before(snapshot, movement) if links else (),
    )


def _reach(snapshot: Snapshot, movement: Movement) -> Reach:
    """Return how far the stores were read, without those that were first read later: nobody knows of them then.

    Where none had been read, all of them are lacking, and so is one that was never read to this day.
    """
    reach = snapshot.past(movement.stores).reach(movement.start, movement.end)
    begun = tuple(one for one in reach.readings if not one.first_read_at)
    return replace(reach, readings=begun) if any(one.read_at for one in begun) else reach


def _asked_later(snapshot: Snapshot, movement: Movement, reach: Reach) -> int:
    return len(snapshot.past(movement.stores).reach(movement.start, movement.end).readings) - len(reach.readings)


def _unread(reach: Reach) -> float:
    """Return how many seconds of the span no reading covers, of the store of which most is lacking."""
    return max((one.unread.total_seconds() for one in reach.readings), default=0.0)


def _side(snapshot: Snapshot, movement: Movement) -> Side:
    asked = snapshot.comparison(movement.stores)
    if movement.keys:
        return asked.chosen(movement.keys, movement.start, movement.end)
    return asked.moved(movement.what, movement.start, movement.end)


def _outcome(found: Search, moved: int, reach: Reach) -> Outcome:
    if found.found:
        return Outcome.FOUND
    if not moved:
        return Outcome.NOTHING_MOVED if reach.is_whole else Outcome.NOT_READ
    return Outcome.TOO_FEW if moved < slices.ENOUGH else Outcome.NO_SINGLE_CAUSE


def _findings(
    snapshot: Snapshot, movement: Movement, told: Properties, found: Search, base: Base
) -> tuple[Finding, ...]:
    if not found.found:
        return ()
    earlier, whole = _before(snapshot, movement, base)
    return tuple(_finding(one, told, earlier, whole) for one in found.found)


def _before(snapshot: Snapshot, movement: Movement, base: Base) -> tuple[Properties | None, bool]:
    """Return the properties of those that moved in the span before and of the others, and whether it was all read."""
    if movement.keys:
        return None, False
    before = movement.before()
    reach = _reach(snapshot, before)
    of_edited, side = base_of(_side(snapshot, before), before)
    edited = base is Base.EDITED and of_edited is Base.EDITED
    return properties(side, before.end, snapshot.zone, edited=edited), reach.is_whole


def _finding(one: Found, told: Properties, earlier: Properties | None, whole: bool) -> Finding:
    inside = slices.members(told.columns, one.slice)
    before = slices.measured(earlier.columns, earlier.rejected, one.slice.parts) if earlier else None
    on_sale = [
        row for row, has in zip(told.rows, inside & ~told.rejected, strict=True) if has and row.status == ON_SALE
    ]
    moved = [row for row, has in zip(told.rows, inside & told.rejected, strict=True) if has]
    return Finding(
        found=one,
        age=_age(before, whole),
        before=(before.k, before.of_rejected) if before else None,
        spared=_ids(told, inside & ~told.rejected),
        others=_ids(told, ~inside & told.rejected),
        on_sale=len(on_sale),
        at_risk=tuple((row.store, row.product_id) for row in on_sale[:MOST_MEMBERS]),
        moved=tuple((row.store, row.product_id) for row in moved[:MOST_MEMBERS]),
        reasons=_reasons([row.codes for row in moved]),
    )


def _reasons(codes: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Count listings by reason code, the commonest first."""
    counts = Counter(code for of_one in codes for code in set(reason_codes(of_one)))
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _age(before: Slice | None, whole: bool) -> Age:
    if before is None:
        return Age.NOT_KNOWN
    if before.k >= slices.FEWEST and before.adjusted <= slices.Q:
        return Age.ALWAYS
    return Age.NEW if whole else Age.NOT_KNOWN


def _ids(told: Properties, which: Mask) -> tuple[tuple[str, int], ...]:
    shown = [told.rows[index] for index in which.nonzero()[0][:MOST_SHOWN]]
    return tuple((row.store, row.product_id) for row in shown)


def _counted(told: Properties) -> list[Counted]:
    """Count the reasons of those that moved, and the commonest values of a few properties."""
    named = {column.name: column for column in told.columns}
    reasons = [one for column in told.counted for one in _values(column, told.rejected, of=int(told.rejected.sum()))]
    shown = [one for name in COUNTED if name in named for one in _values(named[name], told.rejected)]
    return [*sorted(reasons, key=lambda one: (not one.name.startswith("reason"), -one.listings)), *shown]


def _values(column: Column, rejected: Mask, of: int | None = None) -> list[Counted]:
    counts = [(value, listings) for value, listings in slices.by_value(column, rejected) if value]
    known = int((rejected & (column.codes != slices.UNKNOWN)).sum()) if of is None else of
    return [Counted(column.name, value, listings, known) for value, listings in counts[:MOST_COUNTED]]


def differences(before: Report, after: Report) -> Mapping[str, Sequence[tuple[Part, ...]]]:
    """Say which slices are named in the later of two reports and not in the earlier, and the other way round."""
    named = [{one.found.slice.parts: None for one in report.findings} for report in (before, after)]
    return {
        "no longer": [parts for parts in named[0] if parts not in named[1]],
        "new": [parts for parts in named[1] if parts not in named[0]],
        "still": [parts for parts in named[1] if parts in named[0]],
    }
