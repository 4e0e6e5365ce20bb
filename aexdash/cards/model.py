"""The value objects of cards: a card is a number with its definition."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.measures.scope import Kind as Counted
from aexdash.statement import Reach
from aexdash.view import View


class Window(StrEnum):
    """The span of time that a card measures (reference cards.md §3)."""

    RT = "RT"  # the moment itself
    H24 = "24H"  # the 24 hours up to the moment
    D7 = "7D"  # whole calendar days, ending where the day of the moment starts
    D30 = "30D"
    D90 = "90D"
    TODAY = "T"  # the day of the moment, as far as it has come


class Direction(StrEnum):
    """Whether lower or higher values are better, or those near a target; `NONE`: neither is."""

    LOWER = "lower"
    HIGHER = "higher"
    TARGET = "target"
    NONE = "none"


class Need(StrEnum):
    """Data that a card needs; without it, it shows no data."""

    HELD_WALKS = "complete readings of what is held"
    SWEEPS = "sweeps"
    DETAILS = "details"
    ORDERS = "orders"
    FEED = "feed"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class Band:
    """The limits that turn a value into a state, in the unit of its card.

    - lower is better: performing up to `good`, needs attention above `bad`, stable between
    - higher is better: performing from `good` on, needs attention below `bad`, stable between
    - target: performing where the value differs from `good` by at most `bad`, else it needs attention
    - no direction: always stable
    """

    direction: Direction
    good: float
    bad: float


class About(StrEnum):
    """Which listings a card counts; alerts name these, and their reasons, beside the value."""

    HELD = "held"  # those that are rejected or in audit at the moment
    NEWLY_REJECTED = "newly rejected"  # those that the last 24 hours brought
    NONE = "none"  # none in particular


NO_BAND = Band(Direction.NONE, 0, 0)

MORE = 0.5
"""By how much, in days or listings, a value may be more before it is called *at least* so much: readings are never
without any time between them."""


@dataclass(frozen=True, slots=True)
class CardValue:
    """The value of a card. `value` None is no data, and `note` says why; otherwise `note` is a remark on the value.

    A share has `numerator` and `denominator`. A range has `low` and `high`, and `value` lies in it. `coverage` is
    (listings of which the data is known, all listings). `reach` says what the value may speak for. `only_adds`: what is
    not known yet can only add to the value. `most` is how much it may be where nobody saw the beginning of what it
    measures; infinity: nobody knows.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    coverage: tuple[int, int] | None = None
    low: float | None = None
    high: float | None = None
    currency: str | None = None
    note: str = ""
    reach: Reach = field(default=Reach(), compare=False)
    only_adds: bool = field(default=False, compare=False)
    most: float | None = field(default=None, compare=False)

    @property
    def at_least(self) -> bool:
        """Whether it may be so much more that the value alone would tell another thing."""
        return self.value is not None and self.most is not None and self.most - self.value >= MORE

    @property
    def still_reading(self) -> bool:
        """Whether the value speaks for all listings, but was not read of all of them."""
        return self.value is not None and self.coverage is not None and self.coverage[0] < self.coverage[1]

    @property
    def bounds(self) -> tuple[float, float]:
        """The limits between which the value lies once all listings are read; equal where all are.

        They are infinite where nothing is known of how the others are. The range of a value of which everything was
        read is not doubt but part of it: there the value itself counts.
        """
        if self.value is None:
            return math.nan, math.nan
        if not self.still_reading:
            return self.value, self.most if self.at_least and self.most is not None else self.value
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None or self.only_adds else self.high
        return low, high


@dataclass(frozen=True, slots=True)
class Comparison:
    """A card's value beside that of the period before, both of the same stores; `whole`: of all that were asked."""

    current: CardValue
    before: CardValue
    stores: tuple[str, ...]
    whole: bool = True


Kind = Literal["hero", "sibling", "ours"]
Unit = Literal["listings", "percent", "score", "days", "money a day"]
Chart = Literal["bar", "line"]


@dataclass(frozen=True, slots=True)
class Card:
    """The definition of a number.

    - `measure` computes the value from the measures of a moment, over all their stores together.
    - `combine` says how stored values of several stores become one in the history.
    - `alert` says in words when the default alert rule fires, `why_band` why the band is what it is.
    - `covers` stands before the two numbers of a coverage: *details known for* 90 of 100.
    - `view` is the worklist with the listings behind the value, of every store; None where there is no such worklist.
    - `listed_at` is the page that lists them instead, with the words of its address; None where there is none.
    - `is_about` says which listings and reasons explain the value.
    - `only_adds`: of some listings it may not be known yet what they add to it, but they can take nothing away.
    - `counts` says which counts have to be confirmed by complete walks for it.
    - `throughout`: it is of the stores read throughout its window, or as long as any. What a store that joined
      since has to tell is cut short by its first reading: only short times to clear, only first rejections.
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
    listed_at: tuple[str, Mapping[str, str]] | None = None
    is_about: About = About.NONE
    counts: Counted = "held"
    only_adds: bool = False
    throughout: bool = False

    @property
    def sentiment_key(self) -> str:
        """The key of its band and alerts: the one of the published product (reference cards.md), else its own."""
        return self.named_for_alerts or self.key
