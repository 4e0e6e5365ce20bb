"""Listings and their worklist as pages, exports and commands read them from the snapshot; no SQL.

Rows of which a view may have tens of thousands are named tuples: a frozen dataclass of forty fields takes eleven times
as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from aexdash.model import (
    Lane,
    ListingQuality,
    Mark,
    Provenance,
    Resubmit,
    SnoozeUntil,
    SourceWord,
    Stage,
    Status,
)
from aexdash.platform_data import AttributeRule, CategoryRules, ListingAttribute, PictureFacts, Sku


@dataclass(frozen=True, slots=True)
class KnownListing:
    """A listing that an imported row may be about. `store` is the key of its store, `status` its present status.

    `watched` is whether its store is still read, and not archived.
    """

    store: str
    product_id: int
    title: str
    status: Status
    watched: bool = True


class ReasonRow(NamedTuple):
    """A reason as it stands (or stood) on a listing. Reasons with the same figures may share `measured`."""

    code: str
    provenance: Provenance
    text: str
    language: str | None
    measured: Mapping[str, object]
    first_seen_at: datetime
    vanished_at: datetime | None = None


class HeldBack(NamedTuple):
    """What a listing sold a day before it was held, in units and in money, as ranges.

    One end is the mean of the 30 days before, the other that of the last 7 of them. `in_stock` None: not known.
    """

    units_low: float
    units_high: float
    amount_low: float
    amount_high: float
    currency: str | None
    sold: bool  # whether it sold anything in those days
    in_stock: bool | None


@dataclass(frozen=True, slots=True)
class OrdersKnown:
    """From when until when a store's orders were read.

    `connected` False: they could not be read, and `note` says why; an empty note means not yet.
    """

    connected: bool
    read_from: datetime | None
    read_until: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class SourceTold:
    """One thing in which a listing differs from the shop it comes from, as the last comparison told it.

    `there` and `here` are what stands on either side, as text; it came to be so there after `after` (None: it was so
    when first read) and by `since`. `code` is the reason whose cause is gone there, of what was mended.
    """

    word: SourceWord
    shop: str
    there: str
    here: str
    after: datetime | None = None
    since: datetime | None = None
    code: str = ""
    variants: tuple[str, ...] = ()
    figures: Mapping[str, object] = field(default_factory=dict)


class WorkRow(NamedTuple):
    """One listing of the worklist: what is known, since when, and where people are with it.

    It came into its status after `started_after` and by `started_at`. It has been held without a break, in one held
    status or the other, from after `held_after` and by `held_since`; of a listing that is not held, both are those of
    its status. None: it was so already when we first looked. Both lengths end at `seen_at`, when its store was last
    completely read, or the listing was seen to move since then.

    `stage` is the one that still counts: a listing that came back, was rejected again or whose snooze is over is new.
    `stage_at` is when it was set. `version` grows with every change that people make (0: none so far, and at past
    moments), the last at `changed_at` by `changed_by`. `snoozed_until`, `snooze_event` and `snooze_more` are what a
    snooze waits for: a moment, an event, so many more listings with the same reason.
    """

    store: str
    product_id: int
    title: str
    status: Status
    platform_status: str
    cause: str | None
    audit_kind: str | None
    attempt: int
    started_at: datetime
    started_after: datetime | None
    held_since: datetime
    held_after: datetime | None
    seen_at: datetime
    reasons: tuple[ReasonRow, ...]
    image_url: str | None
    thumbnail: str | None
    sku_codes: tuple[str, ...]
    category_id: int | None
    category: str
    price_min: str | None
    price_max: str | None
    currency: str | None
    modified_at: datetime | None
    modified_raw: str | None
    stage: Stage = Stage.NEW
    owner: str = ""
    note: str = ""
    snoozed_until: datetime | None = None
    resubmit: Resubmit | None = None  # only of rejected listings on which a finding stands or has vanished
    money: HeldBack | None = None  # only of held listings; None: not known
    lane: Lane = Lane.TODO
    marks: tuple[Mark, ...] = ()
    version: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""
    stage_at: datetime | None = None
    snooze_event: SnoozeUntil | None = None
    snooze_more: int = 0
    source: tuple[SourceTold, ...] = ()  # how it differs from its shop; nothing where the two were not compared
    source_words: tuple[SourceWord, ...] = ()  # what it is beside its shop; empty: its store has none
    held_unseen: bool = False  # nobody read for a while before it was first seen to be held
    status_unseen: bool = False  # nobody read for a while before it was first seen in its status

    @property
    def age(self) -> timedelta:
        """How long the listing has been held without a break, when last read."""
        return self.seen_at - self.held_since

    @property
    def at_least(self) -> bool:
        """Whether it may have been held for longer than its age: it was when we first looked, or looked again."""
        return self.held_unseen or self.held_after is None

    @property
    def in_status_at_least(self) -> bool:
        """Whether it may have been in its status for longer, for the same reasons."""
        return self.status_unseen or self.started_after is None

    @property
    def in_status(self) -> timedelta:
        """How long the listing has been in its present status, when last read."""
        return self.seen_at - self.started_at


@dataclass(frozen=True, slots=True)
class Facet:
    """One choice of a filter with the number of distinct listings it would show."""

    value: str
    label: str
    listings: int


@dataclass(frozen=True, slots=True)
class Tabs:
    """How many listings of a view are in each lane; what else is counted are listings to do.

    Of those, `rejected` and `auditing` are so by their status and make up `todo`, `mine` are of the person who asks,
    and `marks` has the number of each mark that any of them has. In whatever lane, `fixed_there` are those of which a
    measured cause is gone in their shop (None: no store was compared with a shop), the first since `fixed_since`; of
    `not_compared` that is not known.
    """

    todo: int
    waiting: int
    snoozed: int
    rejected: int = 0
    auditing: int = 0
    mine: int = 0
    marks: dict[Mark, int] = field(default_factory=dict)
    fixed_there: int | None = None
    fixed_since: datetime | None = None
    not_compared: int = 0

    @property
    def regressed(self) -> int:
        """Those to do that were rejected again."""
        return self.marks.get(Mark.REGRESSED, 0)

    @property
    def total(self) -> int:
        """The listings of the view, in whatever lane."""
        return self.todo + self.waiting + self.snoozed


@dataclass(frozen=True, slots=True)
class AttemptDetail:
    """What the detail call told of a listing as it was rejected; units and None as in `platform_data.Detail`."""

    titles: dict[str, str]
    image_urls: tuple[str, ...]
    attributes: tuple[ListingAttribute, ...]
    skus: tuple[Sku, ...]
    weight: str | None = None
    sides: tuple[str, ...] = ()
    eu_person: str | None = None
    qualifications: tuple[str, ...] | None = None
    description_chars: int | None = None
    description_pictures: int | None = None


@dataclass(frozen=True, slots=True)
class AttemptContent:
    """What a listing was as it was rejected. `detail` None: not read before the listing was changed again."""

    title: str
    image_urls: tuple[str, ...]
    price_min: str | None
    price_max: str | None
    currency: str | None
    category_id: int | None
    sku_codes: tuple[str, ...]
    detail: AttemptDetail | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One rejection of a listing: the `number`-th, seen at `at`, with its reason codes.

    `ended_at` and `ended_to` say when it left for which status; both None while it lasts. `content` None: what the
    listing was then is not known, because it was rejected before that was kept.
    """

    number: int
    at: datetime
    ended_at: datetime | None
    ended_to: Status | None
    codes: tuple[str, ...]
    content: AttemptContent | None = None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One status period of a listing's timeline, with the reasons seen in it.

    `note` is the evidence for a status that no list of AliExpress shows: that a listing is deleted.
    """

    status: Status
    platform_status: str
    cause: str | None
    audit_kind: str | None
    attempt: int
    started_after: datetime | None
    started_at: datetime
    ended_after: datetime | None
    ended_at: datetime | None
    reasons: tuple[ReasonRow, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListingCard:
    """Everything known of one listing."""

    row: WorkRow
    created_at: datetime | None
    created_raw: str | None
    first_seen_at: datetime
    periods: tuple[PeriodRow, ...]
    pictures: tuple[PictureFacts, ...]
    titles: dict[str, str]
    attributes: tuple[ListingAttribute, ...]
    category: CategoryRules | None
    skus: tuple[Sku, ...]
    detail_read_at: datetime | None
    extra: str = ""
    weight: str | None = None  # kg, as the platform wrote it
    sides: tuple[str, ...] = ()  # cm
    eu_person: str | None = None  # empty: the listing has none; None: not known
    qualifications: tuple[str, ...] | None = None  # keys of those filled in; None: not known
    quality: ListingQuality | None = None  # None: not scored yet, or scored again after the moment of the view
    orders: OrdersKnown | None = None

    @property
    def rules(self) -> tuple[AttributeRule, ...]:
        """What the category asks of each attribute; empty while that is not known."""
        return self.category.rules if self.category else ()
