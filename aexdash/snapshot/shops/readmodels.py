"""Shops, their readings and their variants as pages, exports and commands read them from the snapshot; no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from aexdash.shops.records import ChannelFeedback, SourceState


class ReadingOutcome(StrEnum):
    """What became of a reading of a shop. Only a complete one says that something is not there."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class Matching(StrEnum):
    """What variants of a shop are matched with listings by."""

    SKU = "sku"
    FIELD = "field"  # a metafield or column that the settings name
    MAPPING = "mapping"  # a file of our own


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading of a shop. It speaks of the time from `began_at` to `ended_at`.

    `products` and `variants` are those that came, `message` says why it is not complete, and `unread` what could not be
    read although it is, for example the channels.
    """

    id: int
    shop: str
    scope: str
    began_at: datetime
    ended_at: datetime
    outcome: ReadingOutcome
    products: int
    variants: int
    changes: int
    error_kind: str | None
    message: str
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShopRow:
    """A shop, with the stores whose listings come from it.

    `complete` is its last complete reading, `last` its last of any outcome; None: there was none yet. What is told of
    its variants is told as of `complete`; without one, nothing is known to be missing.
    """

    key: str
    kind: str
    title: str
    matching: Matching
    currency: str | None
    stores: tuple[str, ...]
    watched: bool
    complete: ReadingRow | None = None
    last: ReadingRow | None = None


@dataclass(frozen=True, slots=True)
class SourceVariant:
    """A variant of a shop as it stood at a moment.

    It came into this state after `started_after` (None: it was so when first read) and by `started_at`, and its stock
    the same. It was last seen so by `read_at`, the end of the last reading that showed it. None in `channels`,
    `feedback`, `price`, `stock` and `tracked` is *not known*; `stock` is None too where `tracked` is False: it is not
    counted. `updated_at` is by the shop's clock and moves for orders too. `ended_at` and `ended_as` (`changed`,
    `absent`) say when it was no longer so; `ended_after` when it last was.
    """

    shop: str
    variant_id: str
    product_id: str
    sku: str | None
    match_key: str | None
    title: str
    variant_title: str
    state: SourceState
    platform_state: str
    channels: tuple[str, ...] | None
    feedback: tuple[ChannelFeedback, ...] | None
    price: Decimal | None
    currency: str | None
    tracked: bool | None
    picture_url: str | None
    started_at: datetime
    started_after: datetime | None
    read_at: datetime
    stock: int | None = None
    stock_at: datetime | None = None
    stock_after: datetime | None = None
    updated_at: datetime | None = None
    ended_at: datetime | None = None
    ended_after: datetime | None = None
    ended_as: str | None = None

    @property
    def out_of_stock(self) -> bool | None:
        """Whether it can be sold no more; None: not known, or not counted."""
        return self.stock <= 0 if self.stock is not None else None


class VariantKeys(NamedTuple):
    """What a variant of a shop may be matched by, and its channels; all as in `SourceVariant`."""

    variant_id: str
    product_id: str
    sku: str | None
    match_key: str | None
    channels: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class StockPeriod:
    """How many of a variant could be sold, from when until when; None: not known, or not counted."""

    stock: int | None
    started_at: datetime
    started_after: datetime | None
    ended_at: datetime | None
    ended_after: datetime | None
