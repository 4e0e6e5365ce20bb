"""What the past is asked for: the books of a span and the moves behind them, ages, times to clear. No SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aexdash.model import Status


class Flow(StrEnum):
    """A way into what is held, out of it, or from one held status to the other; each is a bar of the bridge."""

    FIRST_SEEN = "first_seen"
    REJECTED = "rejected"
    AUDITING = "auditing"
    ACTIVE = "active"
    OFFLINE = "offline"
    DELETED = "deleted"
    OTHER = "other"
    STAYED = "stayed"


ENTERING = (Flow.REJECTED, Flow.AUDITING, Flow.FIRST_SEEN)
"""`FIRST_SEEN`: held already when we first looked, so nobody knows that they moved in this span."""

LEAVING = (Flow.ACTIVE, Flow.OFFLINE, Flow.DELETED, Flow.OTHER)


class Between(StrEnum):
    """What differs between two moments, whatever lay between: held at the second alone, or at the first alone."""

    CAME = "came"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Books:
    """The books of what is held, after `start` and up to `end`: opening + entering - leaving = closing.

    `flows` names every flow, also with zero; `STAYED` counts in neither sum. `first_read`: when each store was first
    wholly read; a store is left out of it that never was. Before that moment nothing is known of it, and nothing held.
    """

    start: datetime
    end: datetime
    opening: int
    closing: int
    flows: Mapping[Flow, int]
    first_read: Mapping[str, datetime]

    @property
    def entered(self) -> int:
        """Everything that came in, first seen or moved."""
        return sum(self.flows[flow] for flow in ENTERING)

    @property
    def left(self) -> int:
        """Everything that went out."""
        return sum(self.flows[flow] for flow in LEAVING)


@dataclass(frozen=True, slots=True)
class Moved:
    """A listing that moved, with the codes that stood on it as held. `status_from` None: first time seen.

    `held_at` is a moment at which the time machine shows it held: as it entered, or just before it left.
    """

    store: str
    product_id: int
    title: str
    status_from: Status | None
    status_to: Status | None
    at: datetime
    held_at: datetime
    attempt: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Held listings whose status is so many days old: at least `least`, less than `below` (None: any more).

    `at_least` of them were there when we first looked, so they may be older.
    """

    least: int
    below: int | None
    rejected: int
    auditing: int
    at_least: int


@dataclass(frozen=True, slots=True)
class TimeToClear:
    """How long listings with a reason were held before they became active, in seconds. `code` empty: all of them."""

    code: str
    spells: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Regression:
    """A rejection that was not the listing's first. `still`: it stands at the moment asked about.

    `after` is what came right before: a status, or the audit kind where it was an audit.
    """

    store: str
    product_id: int
    title: str
    after: str
    at: datetime
    attempt: int
    codes: tuple[str, ...]
    still: bool


@dataclass(frozen=True, slots=True)
class Jump:
    """A run that showed suddenly many more listings held than the one before it."""

    at: datetime
    before: int
    after: int
