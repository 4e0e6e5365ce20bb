"""What is in a simulated shop: products with variants, the channels they are on, and what channels say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SimulatedVariant:
    """A variant. `stock` None: it is not counted. `price` None inherits that of the product (BigCommerce)."""

    id: int
    sku: str | None
    price: Decimal | None
    stock: int | None
    title: str = "Default Title"


@dataclass(frozen=True, slots=True)
class SimulatedProduct:
    """A product. `status` is Shopify's word: ACTIVE, DRAFT, ARCHIVED or UNLISTED; the other platform has its own of it.

    `channels` are names; `says` is what the app of a channel demands, by its name; `fields` are metafields by
    `namespace.key`, or custom fields by their name.
    """

    id: int
    title: str
    variants: tuple[SimulatedVariant, ...]
    updated_at: datetime
    status: str = "ACTIVE"
    picture: str | None = None
    channels: tuple[str, ...] = ("Online Store",)
    says: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
