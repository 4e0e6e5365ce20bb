"""The value objects of measures, for one store or several at a moment; no SQL.

A count that no complete walk confirms at that moment is None, never 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from aexdash.estimate import Range
from aexdash.model import Status


@dataclass(frozen=True, slots=True)
class Counts:
    """Listings by status: `total` all that are not deleted, `taken_down` those that AliExpress put offline."""

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
    """The listing that has been in a status for longest, and for how many seconds, up to when its store was last read.

    `at_least`: it was in it when we first read the store, so it may have been longer. `most` is for how many seconds it
    or another may have been in it, by when their stores were read before they were first seen there; infinity: nobody
    knows.
    """

    store: str
    product_id: int
    since: datetime
    seconds: float
    at_least: bool
    most: float = field(default=math.inf, compare=False)


@dataclass(frozen=True, slots=True)
class ClosedSpell:
    """A spell that has ended: a listing was held without a break for `seconds`, then it left for `ended_to`.

    `codes` are the codes of the reasons that stood when its periods ended, in alphabetical order. `whole` False:
    nobody saw it begin or end, as it had begun when we first read the store, or nobody read the store right before it
    came or went; so `seconds` may be more or less than it was held.
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
    """The number of audits that take longer than is usual for their store.

    `limits` are in seconds, by store key; `usual` are the keys of the stores with too few audits for a limit of their
    own, which have the general one. `began_by` are the moments by which a stuck audit had begun, by store key: its
    limit before its last reading. `unseen` are the audits that do not count, and may be stuck: nobody read
    the store for a while before they were first seen.
    """

    listings: int
    limits: dict[str, float]
    usual: tuple[str, ...] = ()
    began_by: dict[str, datetime] = field(default_factory=dict)
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Rejections:
    """The number of rejections in a window; `again` of them followed an earlier rejection of the same listing."""

    all: int
    again: int


@dataclass(frozen=True, slots=True)
class Estimated:
    """A sum over `of` listings, of which it was read for `known`.

    `total` is exact once all are read. Before that it is an estimate, with the interval in which the sum lies, or None
    where there is none: values that earlier versions stored have no interval.
    """

    middle: float
    total: Range | None
    known: int
    of: int

    @property
    def interval(self) -> Range | None:
        """The interval while some are not read; None where all are, or nothing is known of the others."""
        return self.total if self.known < self.of else None


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many listings on sale have all required attributes.

    Those of which the details are known have `filled` of `required` required attributes.
    """

    complete: Estimated
    filled: int
    required: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The sum of the quality scores of listings on sale, each 0-100, and the mean of each part of those scored."""

    score: Estimated
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class Earnings:
    """A range of what listings sold a day before they were held, in units or in one currency."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class MoneyHeld:
    """What the held listings that still have stock sold a day in the 30 days before they were held.

    `amounts` are by currency; they are known for `known` of the `of` held listings. `never_sold` of these sold nothing
    in those days and `out_of_stock` have no stock left; both hold back nothing.
    """

    units: Earnings
    amounts: dict[str, Earnings]
    known: int
    of: int
    never_sold: int
    out_of_stock: int


@dataclass(frozen=True, slots=True)
class FeedShare:
    """The rows of the feed's validation files in a window; `newest` is the moment of the newest file of all."""

    rejected: int
    rows: int
    files: int
    newest: datetime
