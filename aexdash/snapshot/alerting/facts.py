"""What rules ask of a store: plain frozen records, no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """A listing that came into rejected or auditing: its category, and the reasons it has had since, by code.

    `category_name` is empty where the platform has not told it.
    """

    product_id: int
    at: datetime
    category: int | None
    codes: tuple[str, ...]
    category_name: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A reason as listings that were held were given it: the last time before the span, how many got it in the span."""

    code: str
    listings: tuple[int, ...]
    first_at: datetime
    before: datetime | None


@dataclass(frozen=True, slots=True)
class SyncHealth:
    """How well a store is read at a moment. None: not known, or not limited."""

    complete_at: datetime | None
    token_expires_at: datetime | None = None
    calls_this_hour: int = 0
    calls_budget: int | None = None
    unsuccessful_runs: int = 0
