"""The words and value objects that all rooms share. Knows no HTTP, no SQL, no Streamlit.

The platform's side (`aexdash.aliexpress`) makes these, `aexdash.sync.run` carries them, our side (`aexdash.snapshot`)
records them. Words are those of docs/design.md §4.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, get_args

BusinessModel = Literal["overseas", "pop", "choice", "overseas_managed"]
"""How a seller works with AliExpress; each has its own dialect of the listing calls (reference §3.1 to §3.4)."""

BUSINESS_MODELS: tuple[str, ...] = get_args(BusinessModel)


class Status(StrEnum):
    """The status of a listing in our words; the platform's own word is stored beside it."""

    ACTIVE = "active"
    AUDITING = "auditing"
    REJECTED = "rejected"
    OFFLINE = "offline"
    DELETED = "deleted"
    OTHER = "other"  # a status word that the reference does not know: shown as it came, never dropped


HELD = (Status.AUDITING, Status.REJECTED)
"""The statuses of a held listing, which the hero counts."""

UNKNOWN_REASON = "unknown"
"""The code under which a held listing without any reason is counted, unless it is in audit."""

IN_REVIEW = "in_review"
"""The code under which a listing in audit without any reason is counted: nothing was refused so far."""

NOTHING_FOUND = "nothing_found"
"""The code under which a listing on sale is counted of which nobody says anything and in which nothing was found."""

SILENT = (UNKNOWN_REASON, IN_REVIEW, NOTHING_FOUND)
"""The codes under which listings are counted of which nobody has said why."""

TAKEN_DOWN_CAUSES = ("violate_offline", "punish_offline")
"""`ws_display` causes by which AliExpress itself took a listing down (reference §3.1)."""


def unsaid(status: Status) -> str:
    """Return the code under which a listing without any standing reason is counted and shown."""
    return {Status.AUDITING: IN_REVIEW, Status.ACTIVE: NOTHING_FOUND}.get(status, UNKNOWN_REASON)


class AuditKind(StrEnum):
    """Why a listing is in audit, concluded from the status periods we saw before it."""

    FIRST_REVIEW = "first_review"
    RE_REVIEW = "re_review"
    RESUBMITTED = "resubmitted"
    UNKNOWN = "unknown"  # it was in audit when we first looked at the store


class Provenance(StrEnum):
    """Who says why a listing is held, the strongest first."""

    PLATFORM = "platform"
    SELLER_CENTER = "seller_center"
    CHECK = "check"
    DIAGNOSIS = "diagnosis"


class Certainty(StrEnum):
    """How sure we are that a listing's reasons are those of the audit."""

    TOLD = "told"  # the platform or Seller Center says so
    LIKELY = "likely"  # measured by us; AliExpress itself is silent
    ADVICE = "advice"  # the platform's quality diagnosis alone, which is not the audit's verdict
    NONE = "none"  # nobody has said or measured anything


class Resubmit(StrEnum):
    """What our measurements say about resubmitting a rejected listing."""

    NOT_YET = "not_yet"  # what was measured at the rejection still stands
    READY = "ready"  # what was measured at the rejection is mended


class Stage(StrEnum):
    """How far people are with a held listing. Only the platform's word that it is active again closes the case."""

    NEW = "new"
    TAKEN = "taken"
    FIXED = "fixed"
    SNOOZED = "snoozed"


class Lane(StrEnum):
    """Who has the next move on a held listing; every held listing is in exactly one lane."""

    TODO = "todo"  # people
    WAITING = "waiting"  # AliExpress: it was fixed, or it is in audit for no longer than is usual
    SNOOZED = "snoozed"  # nobody, until what the snooze waits for


class Mark(StrEnum):
    """What is noteworthy about a held listing beside its lane; it may have several."""

    REGRESSED = "regressed"  # rejected again, and to do
    TOO_LONG = "too_long"  # fixed, but AliExpress left it alone for too long: to do again
    STUCK = "stuck"  # in audit for longer than is usual for its store
    UNTOUCHED = "untouched"  # to do, and nobody has taken it for too long
    WOKEN = "woken"  # its snooze is over


class SnoozeUntil(StrEnum):
    """What ends a snooze, beside or instead of a moment."""

    STATUS = "status"  # AliExpress changes the status
    WORSE = "worse"  # it is rejected again, has a new reason, or more listings have the same reason


class Outcome(StrEnum):
    """How a sync run ended."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class Severity(StrEnum):
    """How bad an alert is, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The position in this list; 0 is the worst."""
        return list(Severity).index(self)

    @property
    def worse(self) -> Severity:
        """The next worse severity; for critical, critical itself."""
        return list(Severity)[max(0, self.rank - 1)]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason or finding on a listing.

    `code` is a code of data/reasons.toml (`image.main_too_small`). `text` is the raw text or enum value it came from,
    in `language` (ISO 639-1) where that is known. `measured` holds the figures of a check, ready to be written as JSON.
    """

    code: str
    provenance: Provenance
    text: str = ""
    language: str | None = None
    measured: dict[str, object] = field(default_factory=dict)


_CERTAINTY = {
    Provenance.PLATFORM: Certainty.TOLD,
    Provenance.SELLER_CENTER: Certainty.TOLD,
    Provenance.CHECK: Certainty.LIKELY,
    Provenance.DIAGNOSIS: Certainty.ADVICE,
}

_STRONGEST_FIRST = tuple(Provenance)


def certainty(provenances: Iterable[Provenance]) -> Certainty:
    """Return the certainty of a listing whose reasons have these provenances: that of the strongest one."""
    strongest = min(provenances, key=_STRONGEST_FIRST.index, default=None)
    return _CERTAINTY[strongest] if strongest else Certainty.NONE


@dataclass(frozen=True, slots=True)
class PlatformSignal:
    """A value of the platform that explains a status, untranslated; `field` names its field (`audit_failure_type`)."""

    field: str
    value: str
    text: str = ""
    detail: dict[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Observation:
    """A listing as one page of one walk (or one look-up) showed it.

    Prices are the platform's text. `*_raw` are the platform's time texts, the field without `_raw` the same moment in
    UTC (None where the text was absent or unreadable). `extra` is a JSON text of the fields we have no name for.
    """

    product_id: int
    status: Status
    platform_status: str
    title: str = ""
    image_urls: tuple[str, ...] = ()
    price_min: str | None = None
    price_max: str | None = None
    currency: str | None = None
    created_at: datetime | None = None
    created_raw: str | None = None
    modified_at: datetime | None = None
    modified_raw: str | None = None
    offline_at: datetime | None = None
    offline_raw: str | None = None
    cause: str | None = None  # ws_display, for offline listings
    category_id: int | None = None
    sku_codes: tuple[str, ...] = ()
    product_type: str | None = None
    signals: tuple[PlatformSignal, ...] = ()
    signals_told: bool = True  # False: this answer has no field for signals, so earlier ones stay
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a walk. `reported` is the platform's total of the whole walk, None where it gave none.

    `notes` are sentences on items that could not be read.
    """

    number: int
    total_pages: int
    reported: int | None
    observations: tuple[Observation, ...]
    read_at: datetime
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListingAttribute:
    """An attribute of a listing and its value; ids are None for attributes that the seller made up."""

    name_id: int | None
    name: str
    value_id: int | None
    value: str


@dataclass(frozen=True, slots=True)
class Sku:
    """One SKU of a listing; `price` is the platform's text, `stock` is in pieces, None where it is not known."""

    sku_id: str
    code: str
    price: str | None
    stock: int | None
    currency: str | None = None


class SourceWord(StrEnum):
    """What a listing is beside its shop; the words of the filter `source`."""

    FIXED = "fixed"  # changed there since the rejection, and the measured cause is gone there, but not here
    DRAFT = "draft"
    ARCHIVED = "archived"
    HIDDEN = "hidden"  # not to be seen or bought there: hidden, disabled, unlisted
    UNPUBLISHED = "unpublished"  # active, and published on no channel
    ELSEWHERE = "elsewhere"  # published on other channels only
    OUT_OF_STOCK = "out_of_stock"
    PRICE = "price"
    TITLE = "title"
    PICTURE = "picture"  # another picture there than when the listing was last changed here
    FEEDBACK = "feedback"  # a channel of the shop asks for something
    MISSING = "missing"  # the shop has none of its codes
    PROBABLE = "probable"  # its code differs in case alone
    AMBIGUOUS = "ambiguous"
    NO_KEY = "no_key"
    NOT_KNOWN = "not_known"  # its shop was not read
    SAME = "same"  # nothing that was read differs


@dataclass(frozen=True, slots=True)
class Outside:
    """What a description names outside of AliExpress: hosts of links, kinds of contact, names of other shops."""

    links: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """What the detail call returns beyond the list: category, attributes, SKUs, titles by locale.

    None means that the answer said nothing of it.
    """

    product_id: int
    status: Status
    platform_status: str
    category_id: int | None
    titles: dict[str, str]
    image_urls: tuple[str, ...]
    attributes: tuple[ListingAttribute, ...]
    skus: tuple[Sku, ...]
    modified_raw: str | None
    modified_at: datetime | None
    cause: str | None = None
    observation: Observation | None = None  # the same reply read as an observation, for a look-up by id
    extra: str = ""
    weight: str | None = None  # gross weight in kg, the platform's text
    sides: tuple[str, ...] = ()  # length, width and height of the package in cm, the platform's texts
    eu_person: str | None = None  # id of the EU responsible person; empty text: the listing has none
    qualifications: tuple[str, ...] | None = None  # keys of the qualifications filled in
    description_chars: int | None = None  # characters of the description that a buyer can read
    description_pictures: int | None = None
    outside: Outside | None = None  # what the description names, in all its languages; its text is not kept


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """What a category asks of one attribute (reference §4.8). `values` are the allowed texts, empty when free."""

    attribute_id: int
    name: str
    required: bool
    input_type: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QualificationRule:
    """A certificate that a category asks for (`aliexpress.category.qualifications.list`, reference §4.8)."""

    key: str
    label: str
    required: bool


@dataclass(frozen=True, slots=True)
class CategoryRules:
    """A category and what it asks for. `name` is empty where the account may not ask for it; None is not known."""

    category_id: int
    name: str
    rules: tuple[AttributeRule, ...]
    leaf: bool | None = None
    qualifications: tuple[QualificationRule, ...] | None = None
    eu_person_needed: bool | None = None


@dataclass(frozen=True, slots=True)
class ObjectionableWord:
    """A word of a title that the platform objects to, with its types (`BRAND_TYPE`, …, reference §4.5)."""

    word: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListingQuality:
    """The quality score of a listing, 0-100, and the scores of its parts (`aexdash.checks.quality.PARTS`).

    A part that could not be measured is None. `required` is the number of attributes that the category requires,
    `filled` how many of them the listing has; both None while not known. `worst` is a sentence on what would raise the
    score most, empty where nothing would.
    """

    score: float
    parts: dict[str, float | None]
    required: int | None
    filled: int | None
    worst: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What the platform's quality diagnosis says of a listing (reference §4.6); advice, not the audit's verdict."""

    product_id: int
    problem_type: str
    description: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """Units of one listing in one order (reference sources.md §3). It must hold nothing about the buyer.

    Ids are texts; `unit_price` is the platform's text; `status`, `fund_status` and `end_reason` are its words for the
    order. `created_raw` is its time text.
    """

    order_id: str
    line_id: str
    product_id: int
    sku_code: str
    units: int
    unit_price: str | None
    currency: str | None
    created_at: datetime
    created_raw: str | None
    status: str
    fund_status: str = ""
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class WalkReport:
    """The result of one walk. `complete` is defined in docs/design.md §4; where it is False, `note` says why."""

    status: Status
    started_at: datetime
    finished_at: datetime
    reported: int | None
    seen: int
    pages: int
    attempts: int
    complete: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """What was measured on a picture. `state`: measured, unreachable, refused, not_a_picture or too_large."""

    url: str
    state: str
    width: int | None = None
    height: int | None = None
    format: str | None = None
    size_bytes: int | None = None
    thumbnail: str | None = None  # file name in the thumbnail cache
    note: str = ""
    content: str | None = None  # digest of its first bytes and its size: the same picture under another address
