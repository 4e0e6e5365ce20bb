"""A card is above or below a limit."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Literal, Self

from aexdash.alerts.baselines import whole_hour
from aexdash.alerts.causes import HERO
from aexdash.alerts.conditions.of_card import CardCondition
from aexdash.alerts.facts import Facts
from aexdash.alerts.limits import Way
from aexdash.alerts.reading import Reading
from aexdash.clock import DAY
from aexdash.desk.bands import HIGHEST
from aexdash.words.card_units import card_title


class Threshold(CardCondition):
    """A card is above, or below, a limit; level: its value."""

    kind: Literal["threshold"] = "threshold"

    words = "A number is above or below a limit"
    level_is_value = True
    baseline_words = "a day before"

    @classmethod
    def first(cls) -> Self:
        """Return: anything is held."""
        return cls(card=HERO, limit=0)

    def compare(self, value: float, facts: Facts, at: datetime) -> Reading:
        """Return the value as the level; the baseline is what the card said a day before."""
        return Reading(value, value, facts.values(self.card, [whole_hour(at - DAY)])[0])

    def when(self) -> str:
        """Say it: `Suppressed share above 5 %`."""
        return f"{card_title(self.card)} {self.way.value} {self._figure(self.limit)}"

    @property
    def reach(self) -> tuple[float, float]:
        """From 0 to where the unit ends."""
        return 0.0, HIGHEST.get(self.unit, math.inf)

    def _ways(self) -> dict[Way, str]:
        return {way: way.value for way in Way}
