"""Single listings need somebody now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field

from aexdash.alerts.causes import FIRST, STUCK
from aexdash.alerts.conditions import form
from aexdash.alerts.conditions.base import Condition, PageLink
from aexdash.alerts.conditions.new_reason import listings_words
from aexdash.alerts.facts import Facts
from aexdash.alerts.reading import Reading
from aexdash.model import Status
from aexdash.view import View
from aexdash.words.common import plural


class Subject(StrEnum):
    """What a single listing may be named for."""

    STUCK = "stuck"  # in audit for longer than the store's own 90th percentile
    DEADLINE = "deadline"  # the end of an appeal, or of the time for a fix, is near
    REGRESSED = "regressed"  # rejected again


SUBJECT_WORDS: Mapping[Subject, str] = {
    Subject.STUCK: "stuck in audit",
    Subject.DEADLINE: "a deadline is near",
    Subject.REGRESSED: "rejected again",
}

_WHICH: Mapping[Subject, str] = {
    Subject.STUCK: "in audit for longer than nine in ten audits of this store",
    Subject.DEADLINE: "whose time for an appeal or a fix ends within {hours}",
    Subject.REGRESSED: "rejected again in the last {hours}",
}


class OneListing(Condition):
    """Single listings that need somebody now; level: how many.

    `hours`: a deadline is near when so many are left; a regression is told for so long.
    """

    kind: Literal["one_listing"] = "one_listing"
    limit: float = 0
    subject: Subject
    hours: int = Field(default=48, ge=1, le=24 * 30)

    words = "A listing that needs somebody now"

    @classmethod
    def first(cls) -> Self:
        """Return: any listing that is stuck in audit."""
        return cls(subject=Subject.STUCK)

    def read(self, facts: Facts, at: datetime) -> Reading:
        """Return the listings, each a mark of its own."""
        hours = timedelta(hours=self.hours)
        match self.subject:
            case Subject.STUCK:
                listings = facts.stuck(at)
            case Subject.DEADLINE:
                listings = facts.deadlines(at, at + hours)
            case Subject.REGRESSED:
                listings = facts.regressed(at - hours, at)
        count = len(listings)
        return Reading(count, count, marks=tuple(str(one) for one in listings), listings=tuple(listings[:FIRST]))

    @property
    def moved_by(self) -> str | None:
        """The card of what is stuck, which counts the same listings; what else there is moves with any listing."""
        return STUCK if self.subject is Subject.STUCK else None

    @property
    def has_reasons(self) -> bool:
        """Not of what is long in audit: most of what is held for a reason is other listings, which are rejected."""
        return self.subject is not Subject.STUCK

    @property
    def lapses(self) -> tuple[timedelta, ...]:
        """When a rejection is not told any more."""
        return (timedelta(hours=self.hours),) if self.subject is Subject.REGRESSED else ()

    def when(self) -> str:
        """Say it: `Any listing rejected again in the last 24 hours`."""
        return f"{listings_words(self.limit)} {_WHICH[self.subject].format(hours=plural(self.hours, 'hour'))}"

    @property
    def unit(self) -> str:
        """Listings."""
        return "listings"

    def page(self, reading: Reading, store: str) -> PageLink:
        """Return the worklist, of what is in audit where that is measured, with the one listing opened where one is."""
        alone = {"listing": f"{store}/{reading.listings[0]}"} if len(reading.listings) == 1 else {}
        in_audit = self.subject is Subject.STUCK
        view = View(statuses=(Status.AUDITING,), order="in_status") if in_audit else View()
        return PageLink("worklist", view.replace(store=store).to_query() | alone)

    def fields(self) -> tuple[form.Field, ...]:
        """List what a listing is named for, and the hours where they matter."""
        subject = form.ChoiceField("subject", "A listing is", SUBJECT_WORDS)
        if self.subject is Subject.STUCK:
            return (subject,)
        label = "Ends within (hours)" if self.subject is Subject.DEADLINE else "Told for (hours)"
        return subject, form.CountField("hours", label, 1, 24 * 30, mark=self.subject)
