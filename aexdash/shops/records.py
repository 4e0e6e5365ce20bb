"""What is read of a shop: products, their variants, and the channels they are published on. Plain values, no HTTP.

A shop sends them in any order, a variant also before its product (a Shopify bulk file promises no order), so each names
the product it belongs to. Whoever records them puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class SourceState(StrEnum):
    """The state of a product in the shop it comes from; the shop's own word is kept beside it.

    Active is not yet published: that is told by channel.
    """

    ACTIVE = "active"
    DRAFT = "draft"
    ARCHIVED = "archived"
    UNLISTED = "unlisted"  # Shopify: open to whoever has the link, in no collection and no search
    HIDDEN = "hidden"  # BigCommerce: not visible in the storefront
    DISABLED = "disabled"  # BigCommerce: visible, and cannot be bought
    OTHER = "other"  # a word that the reference does not know: shown as it came


class FeedbackState(StrEnum):
    """What a channel's own app says of a product."""

    ACCEPTED = "accepted"
    REQUIRES_ACTION = "requires_action"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ChannelFeedback:
    """What a sales channel says of a product. `messages` are its words, never trusted as HTML. `at` is in UTC."""

    channel: str
    state: FeedbackState
    messages: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShopProduct:
    """A product of a shop. `product_id` is the shop's own id as text; `updated_at` is by the shop's clock, in UTC.

    `match_key` is the text of the field that the settings name for matching; None where it has none. `feedback` and
    `channels` are None where they could not be read, and empty where there are none; further channels may come as
    `ProductOnChannel`. `updated_at` moves for an order too: it does not say that the seller edited something.
    """

    product_id: str
    title: str
    state: SourceState
    platform_state: str
    picture_url: str | None = None
    updated_at: datetime | None = None
    match_key: str | None = None
    channels: tuple[str, ...] | None = None
    feedback: tuple[ChannelFeedback, ...] | None = None


@dataclass(frozen=True, slots=True)
class ShopVariant:
    """A variant of a product, the thing that has a SKU; a product without variants has the one that stands for it.

    `stock` is the number that can be sold, None where the shop does not count it or it was not read: never 0 for that.
    `tracked` tells these apart: False is not counted, None not known. `price` is in the currency of the shop.
    """

    variant_id: str
    product_id: str
    sku: str | None
    title: str = ""
    price: Decimal | None = None
    stock: int | None = None
    tracked: bool | None = None
    picture_url: str | None = None
    updated_at: datetime | None = None
    match_key: str | None = None


@dataclass(frozen=True, slots=True)
class ProductOnChannel:
    """A product is published on a channel of the shop."""

    product_id: str
    channel: str


Part = ShopProduct | ShopVariant | ProductOnChannel
"""One thing that a shop tells while it is read."""


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """What a shop says of itself and of us.

    `identity` is its own name on its platform, None where it has none. `currency` is the one its prices are in, None
    where it does not tell. `unread` are sentences on what cannot be read with this token, for example its channels;
    what they name stays unknown.
    """

    name: str = ""
    identity: str | None = None
    currency: str | None = None
    scopes: tuple[str, ...] | None = None
    unread: tuple[str, ...] = ()
