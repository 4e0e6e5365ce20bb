"""The value objects of `StoreFacts`; no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """Between which values a card lies once all listings are read, and the share of them that is read."""

    low: float
    high: float
    read: float


@dataclass(frozen=True, slots=True)
class Entered:
    """A listing that became held at `at`, its category, and the codes of the reasons it has had since.

    `category_name` is empty where it is not known.
    """

    product_id: int
    at: datetime
    category: int | None
    codes: tuple[str, ...]
    category_name: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A reason that held listings were given in a span: which listings, and when first.

    `before` is when a held listing was last given it before the span; None where none was.
    """

    code: str
    listings: tuple[int, ...]
    first_at: datetime
    before: datetime | None


@dataclass(frozen=True, slots=True)
class SyncHealth:
    """How well a store is read at a moment. None: not known, or not limited.

    `complete_at` is the moment of the last complete reading, which never goes back, `finished_at` when it ended by the
    clock (None: at that moment); `unsuccessful_runs` counts the partial and failed runs
    since the last complete one. `or_later`: the runs of that time are not kept, and the last complete reading may have
    been later. `added_at` is when the store was added, for one that was not read yet.
    """

    complete_at: datetime | None
    token_expires_at: datetime | None = None
    calls_this_hour: int = 0
    calls_budget: int | None = None
    unsuccessful_runs: int = 0
    finished_at: datetime | None = None
    or_later: bool = False
    added_at: datetime | None = field(default=None, compare=False)
