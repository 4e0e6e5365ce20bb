"""The value objects of the past: the books of a span and the moves behind them, ages, times to clear. No SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from aexdash.model import Status
from aexdash.statement import Reach


class Flow(StrEnum):
    """How a listing became held, stopped being held, or moved between the held statuses; each is a bar of the bridge.

    `REJECTED` and `AUDITING`: it became held by entering that status. `FIRST_SEEN`: it was held when we first read the
    store, so nobody knows when it moved. `STAYED`: it moved from one held status to the other. The others name the
    status that it left for.
    """

    FIRST_SEEN = "first_seen"
    REJECTED = "rejected"
    AUDITING = "auditing"
    ACTIVE = "active"
    OFFLINE = "offline"
    DELETED = "deleted"
    OTHER = "other"
    STAYED = "stayed"


ENTERING = (Flow.REJECTED, Flow.AUDITING)
LEAVING = (Flow.ACTIVE, Flow.OFFLINE, Flow.DELETED, Flow.OTHER)


class Between(StrEnum):
    """The difference between two moments, whatever happened in between."""

    CAME = "came"  # held at the second moment but not at the first
    GONE = "gone"  # held at the first moment but not at the second


@dataclass(frozen=True, slots=True)
class Books:
    """The books of held listings after `start` and up to `end`: opening + first seen + entered - left = closing.

    `flows` counts the listings of every flow, also with zero; `STAYED` belongs to no sum. `first_read` has the first
    complete reading of each store by its key, without stores that were never read completely. Before that moment
    nothing is known of a store: the books count nothing of it as held, and what it held then as first seen.

    `opening_reach` and `closing_reach` say which stores were read at the two moments; of the others opening and closing
    contain what was last read. The window of `closing_reach` is the span, of each store from its first reading on.
    """

    start: datetime
    end: datetime
    opening: int
    closing: int
    flows: Mapping[Flow, int]
    first_read: Mapping[str, datetime]
    opening_reach: Reach = field(default=Reach(), compare=False)
    closing_reach: Reach = field(default=Reach(), compare=False)

    @property
    def first_seen(self) -> int:
        """The listings that were held when their store was first read: nobody saw them come."""
        return self.flows[Flow.FIRST_SEEN]

    @property
    def connected(self) -> dict[str, datetime]:
        """The stores that were first read within the span, and when."""
        return {key: at for key, at in self.first_read.items() if self.start < at <= self.end}

    @property
    def begun(self) -> bool:
        """Whether any store had been read by the start."""
        return any(at <= self.start for at in self.first_read.values())

    @property
    def entered(self) -> int:
        """All listings that became held; without those that were held when their store was first read."""
        return sum(self.flows[flow] for flow in ENTERING)

    @property
    def left(self) -> int:
        """All listings that stopped being held."""
        return sum(self.flows[flow] for flow in LEAVING)


@dataclass(frozen=True, slots=True)
class Moved:
    """A move of a listing, with the codes of its reasons while it was held.

    `status_from` None: it was first seen then. `held_at` is a moment at which it was held, for a link to the worklist
    of that moment: when it entered, or just before it left. `attempt` counts its rejections so far. `category` is the
    id of its category while it was held, None where nobody told it.
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
    category: int | None = None


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Counts of held listings by how long they have been held without a break: `least` days or more, less than `below`.

    `below` None: no upper limit. `at_least` of them were held when we first read the store, or came while nobody read:
    they may be older.
    """

    least: int
    below: int | None
    rejected: int
    auditing: int
    at_least: int


@dataclass(frozen=True, slots=True)
class TimeToClear:
    """How long listings with a reason were held before they became active, in seconds. `code` empty: with any reason.

    `spells` is the number of spells measured.
    """

    code: str
    spells: int
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Regression:
    """A rejection that was not the listing's first. `still`: it is rejected at the end of the span.

    `after` is what came right before it: a status, or an audit kind where it came from audit.
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
    """A run that showed many more held listings than the one before it.

    `last_before` is the last moment before it for which a reading speaks, `store` the title of the store.
    """

    at: datetime
    before: int
    after: int
    last_before: datetime | None = None
    store: str = field(default="", compare=False)
