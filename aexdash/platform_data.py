"""What the platform told of a store in one run: pages of observations, details, categories, orders and pictures.

The platform's side (`aexdash.aliexpress`) makes these, `aexdash.sync.run` carries them, our side (`aexdash.snapshot`)
records them. Knows no HTTP, no SQL, no Streamlit. Words are those of docs/design.md §4.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from aexdash.model import Status


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
