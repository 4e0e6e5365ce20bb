"""The value objects that pages, exports and commands read from the snapshot; no SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from aexdash.model import (
    AttributeRule,
    CategoryRules,
    Lane,
    ListingAttribute,
    ListingQuality,
    Mark,
    Outcome,
    PictureFacts,
    Provenance,
    Resubmit,
    Sku,
    SnoozeUntil,
    Stage,
    Status,
)
from aexdash.statement import Reach


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
class Hero:
    """The hero count of a view's stores at a moment; `reach` says what it may speak for.

    All counts are None where no store was read. `as_of` is the oldest of the last readings of those that were,
    `held_at` the latest of those in which something is held: that it has been since `since` is known up to then.
    `at_least`: something was held already when a store was first read, so it may have been since before `since`.
    `stuck`: in audit for longer than is usual for their store, as the card *Stuck in audit* has it.
    """

    rejected: int | None
    auditing: int | None
    since: datetime | None  # since when the held count has been above zero without a break
    as_of: datetime | None
    taken_down: int | None = None
    active: int | None = None
    total: int | None = None  # every listing not deleted
    stuck: int | None = None
    at_least: bool = False
    held_at: datetime | None = None
    reach: Reach = field(default=Reach(), compare=False)

    @property
    def age(self) -> timedelta:
        """For how long something has been held without a break, when last read."""
        return max(self.held_at - self.since, timedelta()) if self.held_at and self.since else timedelta()

    @property
    def held(self) -> int | None:
        """Rejected and auditing together."""
        return None if self.rejected is None or self.auditing is None else self.rejected + self.auditing


@dataclass(frozen=True, slots=True)
class DayPoint:
    """A day's closing counts; None where no complete run covers the day (a gap, never a zero).

    They are those of the last moment of the day that was read; `reach` says of which stores. `is_open`: no reading
    speaks for the end of the day, so they may still change.
    """

    day: date
    rejected: int | None
    auditing: int | None
    active: int | None
    total: int | None
    newly_rejected: int | None
    reach: Reach = field(default=Reach(), compare=False)
    is_open: bool = False

    @property
    def is_part(self) -> bool:
        """Whether a store is left out that had been read before, so that the counts are no fall."""
        return self.rejected is not None and any(one.read_at for one in self.reach.missing)


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Distinct listings of a view with a reason code (or one of a family); `sole` of them have no other reason."""

    code: str
    listings: int
    sole: int
    provenance: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Listings on sale, or waiting to go on sale, on which a finding of ours stands.

    `of` counts all listings on sale or waiting, `checked` those of them whose detail was read and checked. Both are
    None where they are not known: before the first complete walk of the listings on sale, and at past moments.
    """

    listings: int
    checked: int | None
    of: int | None


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


@dataclass(frozen=True, slots=True)
class Facet:
    """One choice of a filter with the number of distinct listings it would show."""

    value: str
    label: str
    listings: int


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason as it stands (or stood) on a listing."""

    code: str
    provenance: Provenance
    text: str
    language: str | None
    measured: dict[str, object]
    first_seen_at: datetime
    vanished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldBack:
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
class WorkRow:
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

    @property
    def age(self) -> timedelta:
        """How long the listing has been held without a break, when last read."""
        return self.seen_at - self.held_since

    @property
    def at_least(self) -> bool:
        """Whether it may have been held for longer than its age: it was held already when we first looked."""
        return self.held_after is None

    @property
    def in_status(self) -> timedelta:
        """How long the listing has been in its present status, when last read."""
        return self.seen_at - self.started_at


@dataclass(frozen=True, slots=True)
class Tabs:
    """How many listings of a view are in each lane; what else is counted are listings to do.

    Of those, `rejected` and `auditing` are so by their status and make up `todo`, `mine` are of the person who asks,
    and `marks` has the number of each mark that any of them has.
    """

    todo: int
    waiting: int
    snoozed: int
    rejected: int = 0
    auditing: int = 0
    mine: int = 0
    marks: dict[Mark, int] = field(default_factory=dict)

    @property
    def regressed(self) -> int:
        """Those to do that were rejected again."""
        return self.marks.get(Mark.REGRESSED, 0)

    @property
    def total(self) -> int:
        """The listings of the view, in whatever lane."""
        return self.todo + self.waiting + self.snoozed


@dataclass(frozen=True, slots=True)
class Weight:
    """What frees: so many listings, and what they sold a day before they were held.

    `amount_low` and `amount_high` are sums of what is known, in one currency; both 0 where nothing is.
    """

    listings: int
    amount_low: float = 0.0
    amount_high: float = 0.0


@dataclass(frozen=True, slots=True)
class Blockers:
    """The held listings of a view by the set of reason codes that hold them; advice of the diagnosis holds nothing.

    A listing is free only when all codes of its set are fixed. `unknown` and `in_review` are those without any code.
    `currency` None: nothing is known of money, or there are several currencies.
    """

    sets: dict[frozenset[str], Weight]
    unknown: int
    in_review: int
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class AttemptDetail:
    """What the detail call told of a listing as it was rejected; units and None as in `aexdash.model.Detail`."""

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
class CampaignProgress:
    """Where the listings of a campaign are, as their stores were last read.

    Each is counted once, but `taken` and `regressed` are of those to do. `cleared` are on sale, `offline` and `deleted`
    are not and not held either. `other` have a status that we do not know, or no reading has shown them. Nothing is
    told of those in stores that were never read (`unread`) or that nobody reads any more (`archived`). `reach` is what
    all the other counts may speak for: it is of the stores that are not archived.
    """

    cleared: int
    offline: int
    deleted: int
    todo: int
    waiting: int
    snoozed: int
    other: int = 0
    taken: int = 0
    regressed: int = 0
    unread: int = 0
    archived: int = 0
    reach: Reach = field(default=Reach(), compare=False)

    @property
    def read(self) -> int:
        """The listings in stores that were read, which the progress is of."""
        return self.cleared + self.offline + self.deleted + self.todo + self.waiting + self.snoozed + self.other

    @property
    def total(self) -> int:
        """All listings of the campaign."""
        return self.read + self.unread + self.archived


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


@dataclass(frozen=True, slots=True)
class RunRow:
    """One sync run as *health* shows it."""

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
