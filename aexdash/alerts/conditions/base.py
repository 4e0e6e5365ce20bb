"""The base class of conditions: how one is read, its limits, problems, words, page and form fields.

Every condition is reduced to one number, its *level*: a card's value, a rise, a distance from what is usual, a share, a
number of listings, minutes without data. It fires when the level goes beyond its limit and recovers when the level is
back at `recovers_at`, so that hold, recovery and worsening are the same for all of them.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple, Self

from aexdash.alerts.conditions.form import Field
from aexdash.alerts.facts import Facts
from aexdash.alerts.limits import Limited, Way, recovery
from aexdash.alerts.reading import Reading
from aexdash.cards.model import Unit
from aexdash.model import Severity
from aexdash.snapshot.compared.listings import What

OTHER = {Way.ABOVE: Way.BELOW, Way.BELOW: Way.ABOVE}


class PageLink(NamedTuple):
    """A page, empty for the front page, and the parameters of its address."""

    page: str
    query: dict[str, str]


class Condition(Limited):
    """What a rule asks of a store. One class a condition; `kind` is its word in stored rules.

    The same code reads the present and the past. A level that is not known is None, and the reading says why.
    """

    kind: str

    words: ClassVar[str]
    """What the form of a rule calls it."""

    is_about_data: ClassVar[bool] = False
    """It is about missing data, so it is also asked while data is missing, once a minute."""

    note_says_it_all: ClassVar[bool] = False
    """The note of its reading says what was found, so the bare level beside it would only repeat that."""

    level_is_value: ClassVar[bool] = False
    """Its level is the value of its card itself."""

    is_difference: ClassVar[bool] = False
    """Its limit is a difference: people write how much lower something is without a sign."""

    baseline_words: ClassVar[str] = "usually"
    """What the baseline of its reading is, said before the figure."""

    @classmethod
    @abstractmethod
    def first(cls) -> Self:
        """Return what the form of a new rule begins with."""

    @abstractmethod
    def read(self, facts: Facts, at: datetime) -> Reading:
        """Return what the condition finds at a moment."""

    @abstractmethod
    def when(self) -> str:
        """Say when it fires, as the beginning of a sentence."""

    @property
    @abstractmethod
    def unit(self) -> str:
        """The name of the unit of its level and its limits, in the plural."""

    @property
    def way_wanted(self) -> Way | None:
        """The only way on which it makes sense; None: both do."""
        return Way.ABOVE

    @property
    def suffix(self) -> str:
        """The unit of its level, to go after the figure in a sentence; empty for listings."""
        return ""

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the greatest level that there can be."""
        return 0.0, math.inf

    @property
    def moved_by(self) -> str | None:
        """The key of the card at whose changes the level may change; None: at any reading that found something new."""
        return None

    @property
    def lapses(self) -> tuple[timedelta, ...]:
        """How long after such a change the level may change once more, by time alone."""
        return ()

    @property
    def moves(self) -> What | None:
        """The moves of listings that it is about, of which can be asked what goes with them; None: it is about none."""
        return None

    @property
    def has_reasons(self) -> bool:
        """Whether the reasons of all that is held say more of what it measures."""
        return True

    @property
    def card_unit(self) -> Unit | None:
        """The unit of the value and the baseline of its readings; None where it watches no card."""
        return None

    @property
    def limit_mark(self) -> str:
        """What the limits mean, where another field of the form decides that; empty otherwise."""
        return ""

    @abstractmethod
    def page(self, reading: Reading, store: str) -> PageLink:
        """Return the page that shows what a reading of a store is about."""

    @abstractmethod
    def fields(self) -> tuple[Field, ...]:
        """List the fields of the form beside the limits, as they are for the condition as it stands."""

    def changed(self, name: str, value: object) -> Self:
        """Return the condition with a field as somebody chose it.

        Raises:
            ValidationError: the field cannot have that value.
        """
        return self._with({name: value})

    def _with(self, changes: dict[str, object]) -> Self:
        return type(self).model_validate({**self.model_dump(), **changes})

    def problems(self, severity: Severity) -> list[str]:
        """List the problems of the condition in a rule of a severity, a sentence each; empty when there are none."""
        return [*self._problems_of_way(), *self._problems_of_limit(), *self._problems_of_second_limit(severity)]

    def _problems_of_way(self) -> Iterator[str]:
        wanted = self.way_wanted
        if wanted is not None and self.way is not wanted:
            yield f"Such a rule alerts {wanted.value} its limit, not {self.way.value} it."

    def _problems_of_limit(self) -> Iterator[str]:
        sign, lowest, highest = self._signed_reach()
        well, other = recovery(self), OTHER[self.way].value
        if sign * self.limit >= highest:
            yield f"It cannot fire: nothing is {self.way.value} {self._figure(self.limit)}."
        if sign * well < lowest:
            yield f"It could never recover: nothing is at or {other} {self._figure(well)}."
        if sign * well > sign * self.limit:
            limit = self._figure(self.limit)
            yield f"It must recover at or {other} the limit of {limit}, where it no longer fires."

    def _problems_of_second_limit(self, severity: Severity) -> Iterator[str]:
        if self.worse_at is None:
            return
        if severity is Severity.CRITICAL:
            yield "Nothing is worse than critical: leave the second limit out, or take a lower severity."
        sign, _, highest = self._signed_reach()
        if sign * self.worse_at <= sign * self.limit:
            yield f"The second limit must be {self.way.value} the first, {self._figure(self.limit)}."
        elif sign * self.worse_at >= highest:
            yield f"It cannot get worse: nothing is {self.way.value} {self._figure(self.worse_at)}."

    def _signed_reach(self) -> tuple[int, float, float]:
        """A sign that turns *below* into *above*, and by it the least and the greatest level."""
        lowest, highest = self.reach
        return (1, lowest, highest) if self.way is Way.ABOVE else (-1, -highest, -lowest)

    def _figure(self, level: float) -> str:
        return f"{level:,.10g}{self.suffix}"
