"""What conditions have in common that compare a card with its own past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aexdash.alerts.conditions.of_card import UP_AND_DOWN, CardCondition
from aexdash.alerts.facts import Facts
from aexdash.alerts.limits import Way


class Difference(CardCondition):
    """A condition on how far a card is from what it was. A fall is `below` a limit under 0."""

    is_difference = True

    def _value(self, facts: Facts, at: datetime) -> float | None:
        """Return the value only where it was known for nearly all its listings: reading more is no difference."""
        return facts.values(self.card, [at])[0]

    def _by_more_than(self) -> str:
        return f"{UP_AND_DOWN[self.way]} by more than {abs(self.limit):,.10g}{self.suffix}"

    def _problems_of_way(self) -> Iterator[str]:
        if self.limit == 0 or (self.limit > 0) is not (self.way is Way.ABOVE):
            yield "A rise needs a limit above 0, a fall (below) a limit under 0."
