"""What is counted of the snapshot, as pages, exports and commands read it, with what it may speak for; no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from aexdash.model import (
    Provenance,
)
from aexdash.statement import Reach


@dataclass(frozen=True, slots=True)
class Hero:
    """The hero count of a view's stores at a moment; `reach` says what it may speak for.

    All counts are None where no store was read. `as_of` is the oldest of the last readings of those that were,
    `held_at` the latest of those in which something is held: that it has been since `since` is known up to then.
    `at_least`: something was held already when a store was first read, or read again after nobody had for a while, so
    it may have been since before `since`.
    `stuck`: in audit for longer than is usual for their store, as the card *Stuck in audit* has it.
    """

    rejected: int | None
    auditing: int | None
    since: datetime | None  # since when the held count has been above zero without a break
    as_of: datetime | None
    taken_down: int | None = None
    active: int | None = None
    total: int | None = None  # every listing not deleted
    stuck: int | None = None
    at_least: bool = False
    held_at: datetime | None = None
    reach: Reach = field(default=Reach(), compare=False)

    @property
    def age(self) -> timedelta:
        """For how long something has been held without a break, when last read."""
        return max(self.held_at - self.since, timedelta()) if self.held_at and self.since else timedelta()

    @property
    def held(self) -> int | None:
        """Rejected and auditing together."""
        return None if self.rejected is None or self.auditing is None else self.rejected + self.auditing


@dataclass(frozen=True, slots=True)
class DayPoint:
    """A day's closing counts; None where no complete run covers the day (a gap, never a zero).

    They are those of the last moment of the day that was read; `reach` says of which stores. `is_open`: no reading
    speaks for the end of the day, so they may still change.
    """

    day: date
    rejected: int | None
    auditing: int | None
    active: int | None
    total: int | None
    newly_rejected: int | None
    reach: Reach = field(default=Reach(), compare=False)
    is_open: bool = False

    @property
    def is_part(self) -> bool:
        """Whether a store is left out that had been read before, so that the counts are no fall."""
        return self.rejected is not None and any(one.read_at for one in self.reach.missing)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Distinct listings of a view with a reason code (or one of a family); `sole` of them have no other reason."""

    code: str
    listings: int
    sole: int
    provenance: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Listings on sale, or waiting to go on sale, on which a finding of ours stands.

    `of` counts all listings on sale or waiting, `checked` those of them whose detail was read and checked. Both are
    None where they are not known: before the first complete walk of the listings on sale, and at past moments.
    """

    listings: int
    checked: int | None
    of: int | None


@dataclass(frozen=True, slots=True)
class Weight:
    """What frees: so many listings, and what they sold a day before they were held.

    `amount_low` and `amount_high` are sums of what is known, in one currency; both 0 where nothing is.
    """

    listings: int
    amount_low: float = 0.0
    amount_high: float = 0.0


@dataclass(frozen=True, slots=True)
class Blockers:
    """The held listings of a view by the set of reason codes that hold them; advice of the diagnosis holds nothing.

    A listing is free only when all codes of its set are fixed. `unknown`, `in_review` and `nothing_found`, which are on
    sale, are those without any code. `currency` None: nothing is known of money, or there are several currencies.
    """

    sets: dict[frozenset[str], Weight]
    unknown: int
    in_review: int
    currency: str | None = None
    nothing_found: int = 0


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """Where the listings of a campaign are, as their stores were last read.

    Each is counted once, but `taken` and `regressed` are of those to do. `cleared` are on sale and were held when the
    campaign was made or since; `never_held` are on sale and were not, so nobody has cleared them. `offline` and
    `deleted` are not on sale and not held either. `other` have a status that we do not know, or no reading has shown
    them. Nothing is told of those in stores that were never read (`unread`) or that nobody reads any more (`archived`).
    `reach` is what all the other counts may speak for: it is of the stores that are not archived.
    """

    cleared: int
    offline: int
    deleted: int
    todo: int
    waiting: int
    snoozed: int
    other: int = 0
    taken: int = 0
    regressed: int = 0
    unread: int = 0
    archived: int = 0
    never_held: int = 0
    reach: Reach = field(default=Reach(), compare=False)

    @property
    def read(self) -> int:
        """The listings in stores that were read, which the progress is of."""
        held = self.todo + self.waiting + self.snoozed
        return self.cleared + self.never_held + self.offline + self.deleted + held + self.other

    @property
    def total(self) -> int:
        """All listings of the campaign."""
        return self.read + self.unread + self.archived
