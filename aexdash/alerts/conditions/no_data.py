"""Nothing can be said of a store, or soon nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Literal, Self

from aexdash.alerts.conditions import form
from aexdash.alerts.conditions.base import Condition, PageLink
from aexdash.alerts.facts import Facts, SyncHealth
from aexdash.alerts.limits import Way, is_well
from aexdash.alerts.reading import Reading
from aexdash.clock import CLOCK_TOLERANCE
from aexdash.view import View
from aexdash.words.common import moment, span
from aexdash.words.statements import NOT_READ_YET

NO_LIMIT = "The calls of this hour, or how many there may be, are not known."


class Silence(StrEnum):
    """How data may be missing."""

    WALK = "walk"  # minutes since the last complete walk
    SIGN_IN = "sign_in"  # hours until the token expires
    BUDGET = "budget"  # percent of the hour's calls used
    PARTIAL = "partial"  # runs in a row that were partial or failed


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort of silence: its words on the form, its sentence, its unit, its limit to begin with, its levels."""

    words: str
    sentence: str
    suffix: str
    unit: str
    first_limit: float
    way: Way = Way.ABOVE
    reach: tuple[float, float] = (0.0, math.inf)


SORTS: Mapping[Silence, _Sort] = {
    Silence.WALK: _Sort("no complete reading", "No complete reading for more than {limit}", " minutes", "minutes", 30),
    Silence.SIGN_IN: _Sort(
        "the sign-in is about to end",
        "The sign-in ends in less than {limit}",
        " hours",
        "hours left",
        72,
        Way.BELOW,
        (-math.inf, math.inf),
    ),
    Silence.BUDGET: _Sort(
        "the calls of the hour are nearly used",
        "Calls used of those allowed in this hour above {limit}",
        " %",
        "percent of the calls",
        90,
        reach=(0.0, 100.0),
    ),
    Silence.PARTIAL: _Sort(
        "run after run is partial or fails", "More than {limit} in a row partial or failed", " runs", "runs in a row", 2
    ),
}


class NoData(Condition):
    """Nothing can be said, or soon nothing; level: see `Silence`. These rules alone speak where data is missing."""

    kind: Literal["no_data"] = "no_data"
    silence: Silence = Silence.WALK

    words = "Nothing can be said, or soon nothing"
    is_about_data = True
    note_says_it_all = True

    @classmethod
    def first(cls) -> Self:
        """Return: no complete reading for half an hour."""
        return cls(limit=30)

    @property
    def _sort(self) -> _Sort:
        return SORTS[self.silence]

    def read(self, facts: Facts, at: datetime) -> Reading:
        """Return how far it has come, as the last run left it."""
        known = facts.sync_health(at)
        match self.silence:
            case Silence.WALK:
                found = self._certain(_since(known, at, facts.zone), known)
                return self._not_cleared_by_a_clock(found, known, at)
            case Silence.SIGN_IN:
                return _left(known.token_expires_at, at, facts.zone)
            case Silence.BUDGET:
                return _used(known.calls_this_hour, known.calls_budget)
            case Silence.PARTIAL:
                runs = known.unsuccessful_runs
                return _found(runs, f"Runs in a row that were partial or failed: {runs}.")

    def _certain(self, found: Reading, known: SyncHealth) -> Reading:
        """Return what was found, without its level where that may have been lower and the runs are not kept."""
        if not known.or_later or found.level is None or is_well(self, found.level):
            return found
        return Reading(None, because="Which readings there were then is not kept.")

    def _not_cleared_by_a_clock(self, found: Reading, known: SyncHealth, at: datetime) -> Reading:
        """Return what was found, without a level that is well only because a reading is stamped ahead of the clock.

        The age of such a reading is not known, so an open episode stays open until something is read.
        """
        if _ahead(known, at) <= CLOCK_TOLERANCE or found.level is None or not is_well(self, found.level):
            return found
        return replace(found, level=None)

    def when(self) -> str:
        """Say it: `No complete reading for more than 30 minutes`."""
        return self._sort.sentence.format(limit=self._figure(self.limit))

    @property
    def unit(self) -> str:
        """The unit of this sort of silence."""
        return self._sort.unit

    @property
    def suffix(self) -> str:
        """The unit of this sort of silence after a figure."""
        return self._sort.suffix

    @property
    def way_wanted(self) -> Way | None:
        """Below for the hours that are left of the sign-in, above for all others."""
        return self._sort.way

    @property
    def reach(self) -> tuple[float, float]:
        """The levels of this sort of silence."""
        return self._sort.reach

    @property
    def limit_mark(self) -> str:
        """The sort of silence: its limits are minutes, hours, percent or runs."""
        return self.silence

    def page(self, reading: Reading, store: str) -> PageLink:
        """Return the health of the store."""
        return PageLink("health", View(store=store).to_query())

    def fields(self) -> tuple[form.Field, ...]:
        """List why nothing can be said."""
        return (form.ChoiceField("silence", "Because", {silence: sort.words for silence, sort in SORTS.items()}),)

    def changed(self, name: str, value: object) -> Self:
        """Return the condition with a field as somebody chose it; another silence brings limits of its own."""
        if name != "silence":
            return super().changed(name, value)
        sort = SORTS[Silence(str(value))]
        limits = {"limit": sort.first_limit, "recovers_at": None, "worse_at": None} if value != self.silence else {}
        return self._with({"silence": value, "way": sort.way, **limits})


def _since(known: SyncHealth, at: datetime, zone: tzinfo) -> Reading:
    """Minutes since the last complete reading; one that is stamped ahead of the clock is as silent as it is ahead."""
    if known.complete_at is None:
        return _never(known.added_at, at, zone)
    complete_at = known.finished_at or known.complete_at
    ahead = _ahead(known, at)
    if ahead > CLOCK_TOLERANCE:
        said = f"The last complete reading is stamped {span(ahead)} ahead of this clock: its age is not known."
        return _found(ahead / timedelta(minutes=1), said)
    minutes = max(0.0, (at - complete_at) / timedelta(minutes=1))
    return _found(minutes, f"The last complete reading was on {moment(complete_at, zone)}.")


def _ahead(known: SyncHealth, at: datetime) -> timedelta:
    """How far ahead of a moment the last complete reading is stamped; negative where it is not."""
    stamps = [stamp for stamp in (known.finished_at, known.complete_at) if stamp]
    return max((stamp - at for stamp in stamps), default=timedelta())


def _never(added_at: datetime | None, at: datetime, zone: tzinfo) -> Reading:
    """Minutes since the store was added: until its first reading could have ended, nothing is missing."""
    if added_at is None:
        return Reading(None, because="Nothing was read completely so far.")
    minutes = max(0.0, (at - added_at) / timedelta(minutes=1))
    said = f"The store was added on {moment(added_at, zone)} and is {NOT_READ_YET}."
    return _found(minutes, said)


def _left(expires_at: datetime | None, at: datetime, zone: tzinfo) -> Reading:
    if expires_at is None:
        return Reading(None, because="When the sign-in ends is not known.")
    ended = "ended" if expires_at <= at else "ends"
    return _found((expires_at - at) / timedelta(hours=1), f"The sign-in {ended} on {moment(expires_at, zone)}.")


def _used(calls: int, budget: int | None) -> Reading:
    if not budget:
        return Reading(None, because=NO_LIMIT)
    return _found(100 * calls / budget, f"{calls:,} of {budget:,} calls of this hour are used.")


def _found(level: float, because: str) -> Reading:
    return Reading(level, level, because=because)
