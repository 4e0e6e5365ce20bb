"""What a rule asks, what it found, and what came of it. Value objects only.

Every condition is reduced to one number, its *level*: a card's value, a rise, a distance from what is usual, a share, a
number of listings, minutes without data. It fires when the level goes beyond its limit and recovers when the level is
back at `recovers_at`, so that hold, recovery and worsening are the same for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

EVERY_STORE = ""
"""The profile of a rule that watches every store."""


class Severity(StrEnum):
    """How bad it is, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 is the worst."""
        return list(Severity).index(self)


class Way(StrEnum):
    """On which side of its limit a level fires."""

    ABOVE = "above"
    BELOW = "below"


class Subject(StrEnum):
    """What a single listing may be named for."""

    STUCK = "stuck"  # in audit for longer than the store's own 90th percentile
    DEADLINE = "deadline"  # the end of an appeal, or of the time for a fix, is near
    REGRESSED = "regressed"  # rejected again


class Silence(StrEnum):
    """How data may be missing."""

    WALK = "walk"  # minutes since the last complete walk
    SIGN_IN = "sign_in"  # hours until the token expires
    BUDGET = "budget"  # percent of the hour's calls used
    PARTIAL = "partial"  # runs in a row that were partial or failed


class Shared(StrEnum):
    """What many new ones may have in common."""

    REASON = "reason"
    CATEGORY = "category"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Limited(_Strict):
    """A level, the limit it must not cross, and where it is well again (None: at the limit itself).

    `worse_at` is a second limit, from which on the episode is one severity worse.
    """

    limit: float
    way: Way = Way.ABOVE
    recovers_at: float | None = None
    worse_at: float | None = None


class Threshold(Limited):
    """A card is above, or below, a limit; level: its value."""

    kind: Literal["threshold"] = "threshold"
    card: str


class Rise(Limited):
    """A card is higher, or lower, than it was; level: the difference, or its percentage where `relative`.

    The baseline is the median of what the card said at the same time of day on the `days` days before.
    """

    kind: Literal["rise"] = "rise"
    card: str
    relative: bool = False
    days: int = Field(default=7, ge=1, le=90)


class Anomaly(Limited):
    """A card is further from what is usual at this hour of the week than chance explains; level: robust deviations.

    Usual is the median of the same hour and weekday, one hour to either side, in the `weeks` weeks before. `least` is
    the least difference that matters, in the unit of the card.
    """

    kind: Literal["anomaly"] = "anomaly"
    card: str
    limit: float = 4.0
    weeks: int = Field(default=8, ge=2, le=26)
    least: float = Field(default=3.0, ge=0)


class NewReason(Limited):
    """A reason comes up that was never seen, or not for `days` days; level: the listings that have it."""

    kind: Literal["new_reason"] = "new_reason"
    limit: float = 0
    days: int = Field(default=30, ge=1, le=365)


class Concentration(Limited):
    """Most of what was newly held in the last `hours` has one thing in common; level: its percentage.

    Silent below `least` newly held listings.
    """

    kind: Literal["concentration"] = "concentration"
    limit: float = 60
    shared: Shared = Shared.REASON
    least: int = Field(default=5, ge=1)
    hours: int = Field(default=24, ge=1, le=24 * 30)


class OneListing(Limited):
    """Single listings that need somebody now; level: how many.

    `hours`: a deadline is near when so many are left; a regression is told for so long.
    """

    kind: Literal["one_listing"] = "one_listing"
    limit: float = 0
    subject: Subject
    hours: int = Field(default=48, ge=1, le=24 * 30)


class NoData(Limited):
    """Nothing can be said, or soon nothing; level: see `Silence`. These rules alone speak where data is missing."""

    kind: Literal["no_data"] = "no_data"
    silence: Silence = Silence.WALK


Condition = Annotated[
    Threshold | Rise | Anomaly | NewReason | Concentration | OneListing | NoData, Field(discriminator="kind")
]


class Quiet(_Strict):
    """Hours of each day in which nobody is told, from `start` to `end` of a zone; over midnight where `end` is first.

    What would have been told then is told when they end, in one message.
    """

    start: time
    end: time
    zone: str


class Rule(_Strict):
    """When somebody should be told of a store. `key` names it in addresses and logs; `profile` says whose stores.

    It must be true for `hold_minutes` and for `hold_observations` complete readings before an episode opens, and be
    well for `keep_minutes` before it closes. Two messages about one episode that only say what has changed are at least
    `change_minutes` apart. `silenced` rules say nothing while the store has an open episode without data.
    """

    key: str
    title: str
    condition: Condition
    severity: Severity
    profile: str = EVERY_STORE
    enabled: bool = True
    hold_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    hold_observations: int = Field(default=1, ge=1, le=100)
    keep_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    change_minutes: int = Field(default=60, ge=0, le=7 * 24 * 60)
    silenced: bool = True
    quiet: Quiet | None = None
    muted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a condition found at a moment. `level` None: it cannot be told, which neither opens nor closes anything.

    `value` and `baseline` are in the unit of the card, where there is one. `marks` are what it is about: reason codes,
    category ids or product ids, by which a material change is told. `listings` are ids, the first to look at in front.
    `because` is what one should know of it, a sentence: the shared cause, or why nothing can be told. `counts` are the
    listings by reason code, also of codes that are no marks, where the reading is about several listings.
    """

    level: float | None
    value: float | None = None
    baseline: float | None = None
    marks: tuple[str, ...] = ()
    listings: tuple[int, ...] = ()
    because: str = ""
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Firing:
    """An open episode as the machine needs it. What begins with `told` is what the last message said, and when."""

    opened_at: datetime
    since: datetime
    severity: Severity
    told_marks: tuple[str, ...]
    told_at: datetime
    well_since: datetime | None = None
    told_counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands with a store: true since when and for how many readings, and what is open."""

    true_since: datetime | None = None
    observations: int = 0
    firing: Firing | None = None


class EventKind(StrEnum):
    """What there is to tell of an episode."""

    OPENED = "opened"
    WORSENED = "worsened"  # its severity is worse
    CHANGED = "changed"  # it is about something else, or something more
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to tell of an episode, with the reading that brought it."""

    kind: EventKind
    at: datetime
    severity: Severity
    since: datetime
    reading: Reading


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it is kept: `codes` are held listings by reason code, `codes_before` those at the last message.

    `rule` is the rule as it was. `data_at` is when the store had last been read completely.
    """

    id: int
    episode: Episode
    event: Event
    rule: Rule
    codes: dict[str, int]
    codes_before: dict[str, int]
    data_at: datetime | None


@dataclass(frozen=True, slots=True)
class Episode:
    """One alert of a rule about a store, from opening to closing. `trace` is what messages about it are told apart by.

    `severity`, `reading` and `at` are those of its last event. `acknowledged_by`, `owner` and `note` are people's.
    """

    id: int
    trace: str
    rule_key: str
    title: str
    store: str
    severity: Severity
    since: datetime
    opened_at: datetime
    closed_at: datetime | None
    at: datetime
    reading: Reading
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    owner: str = ""
    note: str = ""
