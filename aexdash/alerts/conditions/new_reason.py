"""A reason comes up that is new."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Literal, Self

from pydantic import Field

from aexdash.alerts.baselines import LEAST_DAYS, whole_hour
from aexdash.alerts.causes import FIRST, HERO, UNSAID
from aexdash.alerts.conditions import form
from aexdash.alerts.conditions.base import Condition, PageLink
from aexdash.alerts.facts import Facts, Given
from aexdash.alerts.reading import Reading
from aexdash.clock import DAY
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.compared.listings import What
from aexdash.view import View
from aexdash.words.common import full_day, plural

TOO_YOUNG = f"Fewer than {LEAST_DAYS} days of history: too few to say what is new."


class NewReason(Condition):
    """A reason comes up that was never seen, or not for `days` days; level: the listings that have it."""

    kind: Literal["new_reason"] = "new_reason"
    limit: float = 0
    days: int = Field(default=30, ge=1, le=365)

    words = "A reason that is new"
    note_says_it_all = True

    @classmethod
    def first(cls) -> Self:
        """Return: any reason that was not given for 30 days."""
        return cls()

    def read(self, facts: Facts, at: datetime) -> Reading:
        """Look at the last 24 hours. A store known for less than a week has only new reasons, so nothing is said."""
        if facts.values(HERO, [whole_hour(at) - LEAST_DAYS * DAY])[0] is None:
            return Reading(None, because=TOO_YOUNG)
        new = [one for one in facts.given(at - DAY, at) if self._is_new(one)]
        new.sort(key=lambda one: (-len(one.listings), one.code))
        listings = list(dict.fromkeys(listing for one in new for listing in one.listings))
        return Reading(
            len(listings),
            len(listings),
            marks=tuple(one.code for one in new),
            listings=tuple(listings[:FIRST]),
            because=" ".join(_last_given(one, facts.zone) for one in new),
        )

    @property
    def lapses(self) -> tuple[timedelta, ...]:
        """When a reason was given a day ago."""
        return (DAY,)

    def _is_new(self, one: Given) -> bool:
        if one.code in UNSAID:
            return False
        return one.before is None or one.first_at - one.before > self.days * DAY

    def when(self) -> str:
        """Say it: `Any listing with a reason that was not given for 30 days`."""
        which = f"with a reason that was not given for {plural(self.days, 'day')}"
        return f"{listings_words(self.limit)} {which}"

    @property
    def unit(self) -> str:
        """Listings."""
        return "listings"

    @property
    def moves(self) -> What | None:
        """Whatever came to be held."""
        return What.HELD

    def page(self, reading: Reading, store: str) -> PageLink:
        """Return the worklist of the reasons."""
        return PageLink("worklist", View(store=store, reasons=reading.marks).to_query())

    def fields(self) -> tuple[form.Field, ...]:
        """List the days."""
        return (form.CountField("days", "Not seen for (days)", 1, 365),)


def listings_words(limit: float) -> str:
    """Say how many listings it takes: any, or more than so many."""
    return f"More than {limit:,.10g} listings" if limit else "Any listing"


def _last_given(one: Given, zone: tzinfo) -> str:
    last = f"last given {full_day(one.before, zone)}" if one.before else "never before"
    return f"{load_taxonomy().label(one.code)}: {last}."
