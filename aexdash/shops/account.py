"""Everything that is needed to read one shop: where it is, by which key, and what its variants are matched by."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class ShopKind(StrEnum):
    """What a shop speaks."""

    SHOPIFY = "shopify"
    BIGCOMMERCE = "bigcommerce"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class ShopAccount:
    """One shop. `address` is its origin, or that of its API; `file` is the table of a CSV instead.

    A Shopify shop has a permanent `token`, or `client_id` and `client_secret`, by which tokens of a day are got.
    `match_field` is the field whose text variants are matched by: `namespace.key` of a metafield (Shopify), the name of
    a custom field (BigCommerce), a heading (CSV); empty: none. `currency` is the one that its prices must be in.
    """

    key: str
    kind: ShopKind
    address: str = ""
    file: Path | None = None
    token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    match_field: str = ""
    currency: str = ""
