"""What is compared, what differs and why, and what a comparison may claim: value objects, and their JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from aexdash.model import Status


class Kind(StrEnum):
    """How a row of their list, or a listing of ours, differs."""

    ONLY_HERE = "only here"
    ONLY_THERE = "only there"
    STATUS = "status differs"
    REPEATED = "repeated"  # another row of a listing that their list has already
    UNREADABLE = "unreadable"  # a row that names no listing


class Why(StrEnum):
    """Why something differs, in the order in which the explanations are tried: the first that holds."""

    SCOPE = "scope"
    MOVED = "moved"
    NEWER = "newer"
    GROUPING = "grouping"
    VARIANT = "variant"
    UNEXPLAINED = "unexplained"


class Outcome(StrEnum):
    """What a comparison came to."""

    AGREES = "agrees"
    PART = "agrees in part"  # what was read of it agrees; some stores were not read at that moment
    EXPLAINED = "explained"  # it differs, and each difference has an explanation that was read
    WAITING = "waiting"  # the next reading has to tell some of the differences
    POSSIBLE = "possible"  # numbers alone were compared: what would explain them is said, and proves nothing
    UNEXPLAINED = "unexplained"
    NOT_KNOWN = "not known"  # nobody read the stores at that moment


@dataclass(frozen=True, slots=True)
class TheirRow:
    """A row of their list. `product_id` None: it names its listing by `sku`, or not at all, and `note` says why not.

    `status` is what the row says of itself, None where it says nothing. `written` is what stands in the cell.
    """

    row: int
    written: str
    product_id: int | None
    sku: str = ""
    status: Status | None = None
    note: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class TheirList:
    """A list of Seller Center: its rows, where they come from, and what is to be said of the file."""

    source: str
    rows: tuple[TheirRow, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoreRead:
    """How far a store was read. `known`: its readings speak for the moment of the comparison.

    `read_at` is the last complete reading of what is compared by that moment, `read_again_at` the next one after it.
    """

    store: str
    title: str
    known: bool
    read_at: datetime | None
    read_again_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something differs. `sure` False: it would explain it, and nothing that was read proves it.

    `detail` names what it is about: a category, a status, a store, or what is wrong with a row. A move happened after
    `after` (None: not known) and by `by`; of what is newer than our reading, these are the readings around it.
    """

    why: Why
    sure: bool = True
    detail: str = ""
    after: datetime | None = None
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs, with its one reason.

    `store` is empty and `product_id` None where nothing is known of what the row names. `theirs` and `ours` are the
    statuses there and here, None where that side has none. `delta` is what it adds on the way from their count to
    ours: 1, 0 or −1. `row` is the row of their list, 0 for none.
    """

    kind: Kind
    store: str
    product_id: int | None
    theirs: Status | None
    ours: Status | None
    delta: int
    reason: Reason
    row: int = 0
    written: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A term of a bridge: so many differences with one explanation, and what they add."""

    why: Why
    sure: bool
    count: int
    delta: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Bridge:
    """From their number to ours: `theirs` and the steps add up to `ours`. `ours` None: not known, and no step."""

    statuses: tuple[Status, ...]
    theirs: int
    ours: int | None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A comparison as it was made, with what it speaks for.

    `at` is the moment of their list; `scope` the stores that were asked for, None all that are watched. `listed` are
    the statuses that their list was said to show. Of its rows `agreed` agree, `aside` are of other statuses and
    `not_known` may be about a store that nobody read then. `numbers`: no ids were compared. `list` is what they had, so
    that it can be compared again.
    """

    made_at: datetime
    at: datetime
    scope: tuple[str, ...] | None
    source: str
    numbers: bool
    listed: tuple[Status, ...]
    stores: tuple[StoreRead, ...]
    outcome: Outcome
    bridges: tuple[Bridge, ...]
    differences: tuple[Difference, ...] = ()
    agreed: int = 0
    aside: int = 0
    not_known: int = 0
    notes: tuple[str, ...] = ()
    list: TheirList | None = None

    @property
    def differs_by(self) -> int:
        """How many things differ; of typed numbers, how far they are apart in all."""
        if self.numbers:
            return sum(abs(bridge.ours - bridge.theirs) for bridge in self.bridges if bridge.ours is not None)
        return len(self.differences)

    @property
    def read_at(self) -> datetime | None:
        """The oldest of the last readings of the stores that it is of."""
        return min((one.read_at for one in self.stores if one.known and one.read_at), default=None)

    @property
    def is_part(self) -> bool:
        """Whether it is of some of the stores that were asked for, and not of all."""
        known = [one.known for one in self.stores]
        return any(known) and not all(known)


def steps_of(differences: Sequence[Difference]) -> tuple[Step, ...]:
    """Add up differences by explanation, in the order of `Why`, what is sure first."""
    counts: Counter[tuple[Why, bool]] = Counter()
    deltas: Counter[tuple[Why, bool]] = Counter()
    for one in differences:
        which = (one.reason.why, one.reason.sure)
        counts[which] += 1
        deltas[which] += one.delta
    order = sorted(counts, key=lambda which: (list(Why).index(which[0]), not which[1]))
    return tuple(Step(why, sure, counts[why, sure], deltas[why, sure]) for why, sure in order)


_RECONCILIATION = TypeAdapter(Reconciliation)


def to_facts(result: Reconciliation) -> dict[str, Any]:
    """Return a comparison as plain values, ready to be written as JSON; ids are numbers there."""
    facts: dict[str, Any] = _RECONCILIATION.dump_python(result, mode="json")
    return facts


def to_json(result: Reconciliation) -> str:
    """Write a comparison as JSON, as it is kept."""
    return _RECONCILIATION.dump_json(result).decode()


def from_json(text: str) -> Reconciliation:
    """Read a comparison that was kept.

    Raises:
        ValueError: the text is none, or of another version.
    """
    return _RECONCILIATION.validate_json(text)
