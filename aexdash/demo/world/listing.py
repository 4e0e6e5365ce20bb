"""What a listing of the simulated store is at one moment, and the edits a seller makes to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from aexdash.model import Status

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EU_PERSON = 880_014_271
WITHOUT_EU_PERSON = "msr_eu_id"
PENDING_LAUNCH = "pending_launch"
"""The cause of an offline listing that waits to go on sale for the first time; not a `ws_display`."""


class Cause(StrEnum):
    """Why the simulated review rejects a listing. Each but the last can be seen in the listing's data."""

    PICTURE_SMALL = "picture_small"
    PICTURE_RATIO = "picture_ratio"
    ATTRIBUTE_MISSING = "attribute_missing"
    PROHIBITED_WORD = "prohibited_word"
    BRAND_WORD = "brand_word"
    RESTRICTED_GOODS = "restricted_goods"
    TITLE_ABUSE = "title_abuse"
    WRONG_CATEGORY = "wrong_category"
    PRICE = "price"
    QUALIFICATION = "qualification"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by what its address says; the simulated gateway draws it at exactly that size, in pixels."""

    number: int
    width: int = 1000
    height: int = 1000
    extension: str = "jpg"
    of: int | None = None
    """The listing it was taken from, where that is another one."""
    version: int = 0
    """Above 0 the address is another one, the picture the same."""

    def path(self, product_id: int) -> str:
        """Return the path of its address on the gateway, with the query of a version."""
        version = f"?v={self.version}" if self.version else ""
        return f"/img/{self.of or product_id}-{self.number}-{self.width}x{self.height}.{self.extension}{version}"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute as the listing has it filled in."""

    name_id: int
    name: str
    value_id: int
    value: str


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """One SKU: seller's code, price in text with two decimals, pieces in stock, and the value of its axis."""

    sku_id: str
    code: str
    price: str
    stock: int
    axis_id: int
    value_id: int
    value: str


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What a listing says about itself. `title` is the main subject, `titles` all of them by locale.

    `weight` is in kg as text, `sides` are length, width and height of the package in cm, `eu_person` is the id of the
    responsible person in the EU, `qualifications` are the keys of those filled in.
    """

    product_id: int
    category_id: int
    title: str
    titles: dict[str, str]
    pictures: tuple[Picture, ...]
    attributes: tuple[Attribute, ...]
    skus: tuple[SkuFacts, ...]
    currency: str = "USD"
    shape: str = "box"
    group_id: int | None = None
    freight_template_id: int = 1000
    source: str = "isv"
    weight: str = "0.350"
    sides: tuple[int, int, int] = (20, 15, 6)
    eu_person: int | None = EU_PERSON
    qualifications: tuple[str, ...] = ()

    def price_range(self) -> tuple[str, str]:
        """Return the lowest and the highest SKU price, as text."""
        prices = sorted((sku.price for sku in self.skus), key=float)
        return prices[0], prices[-1]


@dataclass(frozen=True, slots=True)
class Edit:
    """What the seller has changed since the listing was made; all of it, so that the last edit alone tells."""

    main: Picture | None = None
    dropped: tuple[str, ...] = ()
    added_words: str = ""
    category_id: int | None = None
    price_percent: int = 100
    price: str | None = None
    withdrawn: tuple[str, ...] = ()
    """Keys of qualifications that were taken off; WITHOUT_EU_PERSON for the responsible person."""
    revision: int = 0

    def repaired(self) -> Edit:
        """Return the edit that mends every defect: a picture of 1000 by 1000 at a new address, nothing left out."""
        main = Picture(10 * (self.revision + 1) + 1) if self.main else None
        return Edit(main=main, price_percent=self.price_percent, revision=self.revision + 1)


NO_EDIT = Edit()


def edited(facts: ListingFacts, edit: Edit) -> ListingFacts:
    """Return the facts with the edit applied."""
    if edit == NO_EDIT:
        return facts
    pictures = (edit.main, *facts.pictures[1:]) if edit.main else facts.pictures
    worded = with_words(facts, edit.added_words) if edit.added_words else facts
    return replace(
        worded,
        category_id=edit.category_id or facts.category_id,
        pictures=pictures,
        attributes=tuple(each for each in facts.attributes if each.name not in edit.dropped),
        skus=_repriced(facts.skus, edit),
        eu_person=None if WITHOUT_EU_PERSON in edit.withdrawn else facts.eu_person,
        qualifications=tuple(key for key in facts.qualifications if key not in edit.withdrawn),
    )


def with_words(facts: ListingFacts, words: str) -> ListingFacts:
    """Return the facts with words put behind the title in every language."""
    titles = {locale: f"{title} {words}" for locale, title in facts.titles.items()}
    return replace(facts, title=f"{facts.title} {words}", titles=titles)


def _repriced(skus: tuple[SkuFacts, ...], edit: Edit) -> tuple[SkuFacts, ...]:
    if edit.price is not None:
        return (replace(skus[0], price=edit.price), *skus[1:])
    if edit.price_percent == 100:
        return skus
    return tuple(replace(sku, price=f"{float(sku.price) * edit.price_percent / 100:.2f}") for sku in skus)


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing at one moment. `cause` is its `ws_display` while offline, `rejected_for` the reviewer's own reason."""

    facts: ListingFacts
    status: Status
    created: datetime
    modified: datetime
    cause: str | None = None
    rejected_for: str | None = None
    offline_at: datetime | None = None

    @property
    def product_id(self) -> int:
        """Its 16-digit id."""
        return self.facts.product_id

    @property
    def title(self) -> str:
        """Its main subject."""
        return self.facts.title
