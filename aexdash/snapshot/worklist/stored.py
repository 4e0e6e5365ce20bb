"""A listing of the worklist as its columns are stored: moments are texts, words are words, and lists are JSON.

`rows.work_row` makes of it the `WorkRow` that pages, workbooks and commands read. A CSV is texts again, so it is
written from this.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

StoredSaid = tuple[str, str, str, str | None, str]
"""What a reason says: its code, provenance, text, language, and what was measured."""

StoredReason = tuple[StoredSaid, str, str | None]
"""What a reason says, when it was first seen, and when it vanished."""


class StoredRow(NamedTuple):
    """A row as a query of the worklist returns it; what each field is, `WorkRow` says."""

    period_id: int
    store: str
    product_id: int
    title: str
    status: str
    platform_status: str
    cause: str | None
    audit_kind: str | None
    attempt: int
    started_at: str
    started_after: str | None
    held_since: str
    held_after: str | None
    seen_at: str
    held_unseen: int
    status_unseen: int
    image_url: str | None
    thumbnail: str | None
    sku_codes: str
    category_id: int | None
    category: str
    price_min: str | None
    price_max: str | None
    currency: str | None
    modified_at: str | None
    modified_raw: str | None
    stage: str
    owner: str
    note: str
    snoozed_until: str | None
    advice: str
    lane: str
    marks: str
    version: int | None
    changed_at: str | None
    changed_by: str | None
    stage_at: str | None
    snooze_event: str
    snooze_more: int | None
    source_words: str | None
    source_told: str | None
    units_low: float
    units_high: float
    amount_low: float
    amount_high: float
    money_currency: str | None
    sold: int | None
    in_stock: int | None


Stored = tuple[StoredRow, Sequence[StoredReason]]
"""A row with its reasons, the strongest provenance first."""
