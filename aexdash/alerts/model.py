"""Value objects: rules, their state for a store, episodes and events."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from aexdash.alerts.conditions import AnyCondition, PageLink
from aexdash.alerts.limits import Strict
from aexdash.alerts.reading import Reading
from aexdash.causes.movement import Movement
from aexdash.clock import DAY
from aexdash.model import Severity

EVERY_STORE = ""
"""The profile of a rule that watches every store."""


class QuietHours(Strict):
    """Hours of each day in which nobody is told, from `start` to `end` of a zone; over midnight where `end` is first.

    What would have been told then is told when they end, in one message.
    """

    start: time
    end: time
    zone: str


class Rule(Strict):
    """When somebody should be alerted about a store. `key` names the rule in addresses and logs; `profile` its stores.

    It must be true for `hold_minutes` and for `hold_observations` complete readings before an episode opens, and be
    well for `keep_minutes` before it closes. Two messages about one episode that only say what has changed are at least
    `change_minutes` apart. `silenced` rules say nothing while the store has an open episode without data.
    """

    key: str
    title: str
    condition: AnyCondition
    severity: Severity
    profile: str = EVERY_STORE
    enabled: bool = True
    hold_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    hold_observations: int = Field(default=1, ge=1, le=100)
    keep_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    change_minutes: int = Field(default=60, ge=0, le=7 * 24 * 60)
    silenced: bool = True
    quiet: QuietHours | None = None
    muted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Firing:
    """An open episode as `machine.step` needs it: since when, its severity, and what its last event said.

    The desk has the fields of the last event under the names given as aliases.
    """

    opened_at: datetime
    since: datetime
    severity: Severity
    last_sent_marks: Annotated[tuple[str, ...], Field(alias="told_marks")]
    last_sent_at: Annotated[datetime, Field(alias="told_at")]
    well_since: datetime | None = None
    last_sent_counts: Annotated[dict[str, int], Field(alias="told_counts")] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleState:
    """The state of a rule for a store: since when and for how many readings it is true, and its open episode."""

    true_since: datetime | None = None
    observations: int = 0
    firing: Firing | None = None


class EventKind(StrEnum):
    """The kinds of events of an episode."""

    OPENED = "opened"
    WORSENED = "worsened"  # its severity is worse
    CHANGED = "changed"  # it is about something else, or something more
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an episode, with the reading that caused it."""

    kind: EventKind
    at: datetime
    severity: Severity
    since: datetime
    reading: Reading


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as the desk has it, with its episode as it is now and its rule as it was then.

    `codes` are held listings by reason code, `codes_before` the same at the last event of the episode, or a day before
    the opening. `data_at` is when the store had last been read completely.
    """

    id: int
    episode: Episode
    event: Event
    rule: Rule
    codes: dict[str, int]
    codes_before: dict[str, int]
    data_at: datetime | None

    @property
    def page(self) -> PageLink:
        """The page that shows what the event is about."""
        return self.rule.condition.page(self.event.reading, self.episode.store)

    @property
    def is_about_listings(self) -> bool:
        """Whether it is about listings, so that the reasons of what is held say more of it; of a feed it is not."""
        return self.rule.condition.moves is not None or bool(self.event.reading.listings)

    @property
    def movement(self) -> Movement | None:
        """What moved up to the opening, from a day before it was true; None for a rule that is about no listings."""
        what, of = self.rule.condition.moves, self.episode
        return Movement(what, of.since - DAY, of.opened_at, (of.store,), about="alert") if what else None


@dataclass(frozen=True, slots=True)
class Episode:
    """One alert of a rule about a store, from opening to closing. `trace` is the id of it in messages.

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
