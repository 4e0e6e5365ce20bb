"""A card is not what is usual at this hour of the week."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from aexdash.alerts.baselines import LEAST_DAYS, Usual, usual
from aexdash.alerts.conditions import form
from aexdash.alerts.conditions.difference import Difference
from aexdash.alerts.conditions.of_card import SPIKE
from aexdash.alerts.facts import Facts
from aexdash.alerts.reading import Reading
from aexdash.cards.reference_page import SIGN
from aexdash.words.card_units import card_title


class Anomaly(Difference):
    """A card is further from what is usual at this hour of the week than chance explains; level: robust deviations.

    Usual is the median of the same hour and weekday, one hour to either side, in the `weeks` weeks before. `least` is
    the least difference that matters, in the unit of the card.
    """

    kind: Literal["anomaly"] = "anomaly"
    limit: float = 4.0
    weeks: int = Field(default=8, ge=2, le=26)
    least: float = Field(default=3.0, ge=0)

    words = "A number is not what is usual at this hour"

    @classmethod
    def first(cls) -> Self:
        """Return: more rejected than usual."""
        return cls(card=SPIKE)

    def compare(self, value: float, facts: Facts, at: datetime) -> Reading:
        """Return how many deviations the value is from the usual one."""
        known = usual(facts, self.card, at, self.weeks)
        if known is None:
            short = f"is known for fewer than {LEAST_DAYS} days at this hour, too few to say what is usual"
            return Reading(None, value, because=f"{card_title(self.card)} {short}.")
        return Reading((value - known.middle) / self._deviation(known), value, known.middle)

    def _deviation(self, known: Usual) -> float:
        """Return one deviation in the unit of the card: the greatest of spread, chance, and `least` / limit.

        A count that never changed has a spread of 0, but by chance counts vary by the square root of the usual one. The
        last part keeps a difference below `least` from reaching the limit.
        """
        chance = math.sqrt(max(known.middle, 1)) if self.card_unit == "listings" else 0.0
        matters = self.least / abs(self.limit or 1)
        return max(known.spread, chance, matters) or 1.0

    def when(self) -> str:
        """Say it: `… higher by more than 4 deviations and 3 listings than is usual at this hour of the week`."""
        sign = SIGN[self.card_unit] if self.card_unit else ""
        least = f" and {self.least:,.10g}{sign or ' listings'}" if self.least else ""
        return f"{card_title(self.card)} {self._by_more_than()}{least} than is usual at this hour of the week"

    @property
    def unit(self) -> str:
        """Deviations."""
        return "times the usual swing"

    @property
    def suffix(self) -> str:
        """Deviations after a figure."""
        return " times the usual swing"

    @property
    def reach(self) -> tuple[float, float]:
        """Any number."""
        return -math.inf, math.inf

    def fields(self) -> tuple[form.Field, ...]:
        """List the card, the way, the weeks, and the least difference that matters."""
        return (
            *super().fields(),
            form.CountField("weeks", "Compared with (weeks)", 2, 26),
            form.NumberField("least", f"Least that matters ({self.card_unit or 'of the card'})"),
        )
