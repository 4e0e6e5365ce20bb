"""What a snapshot can count at a moment, over one store or several: plain frozen records, no SQL.

A count is None where no complete walk vouches for it at that moment, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aexdash.model import Status


@dataclass(frozen=True, slots=True)
class Counts:
    """Listings by where they stand: `total` all not deleted, `taken_down` those that AliExpress put offline."""

    rejected: int | None = None
    auditing: int | None = None
    active: int | None = None
    offline: int | None = None
    total: int | None = None
    taken_down: int | None = None

    @property
    def held(self) -> int | None:
        """Rejected and auditing together."""
        return None if self.rejected is None or self.auditing is None else self.rejected + self.auditing


@dataclass(frozen=True, slots=True)
class Oldest:
    """The listing that has been in a status for longest. `at_least`: it was there already when we first looked."""

    store: str
    product_id: int
    since: datetime
    seconds: float
    at_least: bool


@dataclass(frozen=True, slots=True)
class ClosedSpell:
    """A spell that has ended: a listing was held without a break, then it left for `ended_to`.

    `codes` are the reason codes that stood as its periods ended, in order of the alphabet. `whole`: we saw it begin;
    where we did not, `seconds` is only the part that we saw.
    """

    seconds: float
    codes: tuple[str, ...]
    store: str
    product_id: int
    ended_to: Status
    ended_at: datetime
    whole: bool


@dataclass(frozen=True, slots=True)
class Stuck:
    """Audits that take longer than is usual for their store.

    `limits` in seconds, by store; `usual` names the stores with too few audits for a limit of their own.
    """

    listings: int
    limits: dict[str, float]
    usual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejections:
    """Rejections of a window; `again` of them came after an earlier rejection of the same listing."""

    all: int
    again: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """How far the required attributes of listings on sale are filled; known for `known` of `of` listings."""

    complete: int
    known: int
    of: int
    filled: int
    required: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The mean quality score of listings on sale, 0-100, with the mean of each part; known for `known` of `of`."""

    score: float
    parts: dict[str, float]
    known: int
    of: int


@dataclass(frozen=True, slots=True)
class Earnings:
    """A range of what listings sold a day before they were held, in one currency."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MoneyHeld:
    """What the held listings that still have stock sold a day in the 30 days before they were held.

    `amounts` by currency; worked out for `known` of the `of` listings held. Those that never sold in these days and
    those with nothing left in stock stand apart: they hold back nothing.
    """

    units: Earnings
    amounts: dict[str, Earnings]
    known: int
    of: int
    never_sold: int
    out_of_stock: int


@dataclass(frozen=True, slots=True)
class FeedShare:
    """Rows of the feed's validation files of a window; `newest` is the moment of the newest file up to now."""

    rejected: int
    rows: int
    files: int
    newest: datetime
