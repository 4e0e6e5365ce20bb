"""What a card is: a number with its definition. Value objects only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.measures.measures import Measures
from aexdash.view import View


class Window(StrEnum):
    """The span that a card looks at (reference cards.md §3)."""

    RT = "RT"  # the moment itself
    H24 = "24H"  # the 24 hours up to the moment
    D7 = "7D"  # whole calendar days, ending where the day of the moment starts
    D30 = "30D"
    D90 = "90D"
    TODAY = "T"  # the day of the moment, as far as it has come


class Direction(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"
    TARGET = "target"
    NONE = "none"


class Need(StrEnum):
    """Data without which a card has nothing to say."""

    HELD_WALKS = "held walks"
    SWEEPS = "sweeps"
    DETAILS = "details"
    ORDERS = "orders"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Band:
    """The limits that turn a value into a state, in the unit of its card.

    Lower is better: performing up to `good`, needs attention above `bad`, stable between. Higher is better: performing
    from `good` on, needs attention below `bad`. Target: fine within `bad` of `good`. No direction: always stable.
    """

    direction: Direction
    good: float
    bad: float


class About(StrEnum):
    """Which listings a card's value is about, for what names them beside the value."""

    HELD = "held"  # those that are rejected or in audit at the moment
    NEWLY_REJECTED = "newly rejected"  # those that the last 24 hours brought
    NONE = "none"  # none in particular


NO_BAND = Band(Direction.NONE, 0, 0)


@dataclass(frozen=True, slots=True)
class CardValue:
    """What a card says. `value` None is no data, and `note` says why; otherwise `note` is what one should know of it.

    A share carries its two halves, a range its two ends (then `value` is the middle). `coverage` is (known, of).
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    coverage: tuple[int, int] | None = None
    low: float | None = None
    high: float | None = None
    currency: str | None = None
    note: str = ""


Kind = Literal["hero", "sibling", "ours"]
Unit = Literal["listings", "percent", "score", "days", "money a day"]
Chart = Literal["bar", "line"]


@dataclass(frozen=True, slots=True)
class Card:
    """A number with everything that has to be said about it; all that shows a number reads it from here.

    `measure` asks the measures of a moment for it. `combine` says how the values of several stores become one in its
    history; at a moment, `measure` itself looks at all of them. `covers` goes before the two numbers of a coverage.
    `view` is the worklist in which the listings behind the value come first, of every store; None where no listing of
    the worklist is behind it. `is_about` says which listings and reasons explain the value.
    """

    key: str
    title: str
    kind: Kind
    formula: str
    unit: Unit
    window: Window
    band: Band
    why_band: str
    alert: str
    roles: tuple[str, ...]
    source: str
    lag: str
    needs: tuple[Need, ...]
    measure: Callable[[Measures], CardValue]
    chart: Chart = "line"
    combine: Combine = Combine.SUM
    named_for_alerts: str = ""
    covers: str = ""
    view: View | None = None
    is_about: About = About.NONE

    @property
    def sentiment_key(self) -> str:
        """The key of its band and its alerts: the one that the product of reference cards.md names, or its own."""
        return self.named_for_alerts or self.key
