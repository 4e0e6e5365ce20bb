"""Stores, their runs and how current they are, as pages and commands read them from the snapshot; no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from aexdash.model import (
    Outcome,
)


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store of the snapshot. The patterns `edit_url` and `item_url` contain `{product_id}`."""

    id: int
    key: str
    title: str
    model: str
    currency: str | None
    edit_url: str
    item_url: str
    watched: bool


@dataclass(frozen=True, slots=True)
class Freshness:
    """How current the data is. `read_at` is when the last complete run ended, by the clock (None: no data yet).

    `state`: `never` (no complete run yet), `fresh`, `stale` (older than the store's tolerance), `partial` (the last run
    was partly read), `failed` (the last run failed), `ahead` (the last complete run is stamped later than now, so its
    age is not known), `archived` (no longer synced, kept for its history). `stamped` is that later moment.
    """

    state: str
    read_at: datetime | None
    next_at: datetime | None
    last_outcome: Outcome | None
    message: str = ""
    banned_until: datetime | None = None
    working_on: str = ""
    stamped: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunRow:
    """One sync run as *health* shows it.

    `platform_auditing` and `platform_active` are AliExpress's own counts, `our_auditing` and `our_active` what we had
    by then; `our_active_at` is when what is on sale was last completely read by then, which a run need not do.
    """

    id: int
    store: str
    kind: str
    started_at: datetime
    finished_at: datetime
    as_of: datetime | None
    outcome: Outcome
    calls: int
    seen: int
    changes: int
    unresolved: int
    error_kind: str | None
    message: str
    platform_auditing: int | None
    our_auditing: int | None = None
    platform_active: int | None = None
    our_active: int | None = None
    our_active_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WalkRow:
    """The last walk of one status of a store."""

    store: str
    status: str
    finished_at: datetime
    reported: int | None
    seen: int
    attempts: int
    complete: bool
    note: str


@dataclass(frozen=True, slots=True)
class StoreGauges:
    """What of a store can be measured at a moment; None is not known.

    `runs` counts those that ended within the last hour, by kind and outcome. `calls_this_hour` is what the worker said
    within the last hour.
    """

    store: str
    read_at: datetime | None
    banned_until: datetime | None
    calls_this_hour: int | None
    calls_budget: int | None
    runs: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """A store's condition: schedule, bans, token, budget, and how far details and pictures are known."""

    store: StoreRow
    freshness: Freshness
    token_expires_at: datetime | None
    calls_this_hour: int
    calls_budget: int | None
    ban_text: str
    details_known: int
    listings: int
    pictures_known: int
    walks: tuple[WalkRow, ...] = field(default=())
