"""A card is higher or lower than it was."""

from __future__ import annotations

import math
import statistics
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from aexdash.alerts.baselines import same_time
from aexdash.alerts.conditions import form
from aexdash.alerts.conditions.difference import Difference
from aexdash.alerts.conditions.of_card import SPIKE
from aexdash.alerts.facts import Facts
from aexdash.alerts.reading import Reading
from aexdash.desk.bands import HIGHEST
from aexdash.words.card_units import card_title


class Rise(Difference):
    """A card is higher, or lower, than it was; level: the difference, or its percentage where `relative`.

    The baseline is the median of what the card said at the same time of day on the `days` days before.
    """

    kind: Literal["rise"] = "rise"
    relative: bool = False
    days: int = Field(default=7, ge=1, le=90)

    words = "A number is higher or lower than it was"

    @classmethod
    def first(cls) -> Self:
        """Return: five more rejected than on the days before."""
        return cls(card=SPIKE, limit=5)

    def compare(self, value: float, facts: Facts, at: datetime) -> Reading:
        """Return the difference. A rise from a baseline of 0 has no percentage: it is taken in percent of 1."""
        before = same_time(facts, self.card, at, self.days)
        if 2 * len(before) < self.days:
            known = f"known for {len(before)} of the {self.days} days before, fewer than half"
            return Reading(None, value, because=f"{card_title(self.card)} at this hour is {known}.")
        baseline = statistics.median(before)
        difference = value - baseline
        return Reading(100 * difference / (baseline or 1) if self.relative else difference, value, baseline)

    def when(self) -> str:
        """Say it: `Suppressed share higher by more than 2 % than at this hour the day before`."""
        than = f"the median of this hour on the {self.days} days before"
        than = "at this hour the day before" if self.days == 1 else than
        return f"{card_title(self.card)} {self._by_more_than()} than {than}"

    @property
    def unit(self) -> str:
        """Percent where it is relative, else the unit of the card."""
        return "percent" if self.relative else super().unit

    @property
    def suffix(self) -> str:
        """Percent where it is relative, else the unit of the card."""
        return " %" if self.relative else super().suffix

    @property
    def reach(self) -> tuple[float, float]:
        """A fall of all there was, to a rise to where the unit ends; a percentage has no upper end."""
        full = HIGHEST.get(self.card_unit or "", math.inf)
        return (-100.0, math.inf) if self.relative else (-full, full)

    def fields(self) -> tuple[form.Field, ...]:
        """List the card, the way, amount or percentage, and the days."""
        return (
            *super().fields(),
            form.ChoiceField("relative", "By", {False: "an amount", True: "a percentage"}),
            form.CountField("days", "Than on the days before (days)", 1, 90),
        )
