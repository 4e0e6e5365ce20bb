"""Words for the seller's own shops and their readings: how much was read, when, and what was in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from aexdash.shops.records import Part, ShopProduct, ShopVariant
from aexdash.snapshot.shops.readmodels import ReadingOutcome, ReadingRow, ShopRow
from aexdash.words.common import moment, plural, span

KINDS = {"shopify": "Shopify", "bigcommerce": "BigCommerce", "csv": "table"}


class Ended(Protocol):
    """How a reading of a shop ended, as the command that made it knows it."""

    @property
    def shop(self) -> str:
        """The key of the shop."""

    @property
    def outcome(self) -> ReadingOutcome:
        """What became of it."""

    @property
    def products(self) -> int:
        """How many products came."""

    @property
    def variants(self) -> int:
        """How many variants came."""

    @property
    def message(self) -> str:
        """Why it is not complete."""

    @property
    def advice(self) -> str:
        """What to do about that."""

    @property
    def of_skus(self) -> bool:
        """Whether it was asked for a few SKUs alone."""

    @property
    def unread(self) -> tuple[str, ...]:
        """What could not be read although it is."""


def shop_words(shop: ShopRow, now: datetime, zone: tzinfo = UTC) -> str:
    """Say of a shop when it was last read completely, of how much, and what has become of it since."""
    head = f"{shop.key} ({KINDS.get(shop.kind, shop.kind)}, for {', '.join(shop.stores) or 'no store'})"
    if not shop.watched:
        head += ", no longer read"
    if shop.complete is None:
        told = "never completely read, so what is missing in it is not known"
    else:
        ended = shop.complete.ended_at
        told = f"{_of(shop.complete)}, read {moment(ended, zone)} ({span(now - ended)} ago)"
    since = ""
    if shop.last is not None and shop.last != shop.complete:
        since = f" The last reading, {moment(shop.last.ended_at, zone)}, {_became(shop.last)}"
    unread = " ".join(shop.complete.unread) if shop.complete else ""
    return f"{head}: {told}.{since} {unread}".strip()


def freshness_words(shop: ShopRow, now: datetime, stale_after: float, zone: tzinfo = UTC) -> str:
    """Say how current a shop's facts are: `Front read 3 h ago`, or that this is stale, with the moment."""
    name = shop.title or shop.key
    if shop.complete is None:
        return f"{name} was never completely read, so what is missing in it is not known"
    ended = shop.complete.ended_at
    if ended > now:
        return f"{name}: its last reading is stamped {span(ended - now)} ahead of this clock, so its age is not known"
    said = f"{name} read {span(now - ended)} ago"
    return f"{said}, {moment(ended, zone)}: stale" if is_stale(shop, now, stale_after) else said


def is_stale(shop: ShopRow, now: datetime, stale_after: float) -> bool:
    """Whether what is known of a shop is older than it should be, or of no known age; never read counts too."""
    if shop.complete is None:
        return True
    return not 0 <= (now - shop.complete.ended_at).total_seconds() <= stale_after


def sample_words(parts: Iterable[Part]) -> str:
    """Say what the first products of a shop look like: how many came, how many lack a SKU, and three of them."""
    told = list(parts)
    titles = {one.product_id: (one.title, one.platform_state) for one in told if isinstance(one, ShopProduct)}
    variants = [one for one in told if isinstance(one, ShopVariant)]
    if not variants:
        return "It shows no product."
    lacking = sum(not one.sku for one in variants)
    without = f", {lacking:,} of them without a SKU" if lacking else ""
    named = "; ".join(_variant_words(one, titles) for one in variants[:3])
    many = f"{plural(len(titles), 'product')} with {plural(len(variants), 'variant')}{without}"
    return f"Its first page shows {many}, such as {named}."


def _variant_words(one: ShopVariant, titles: Mapping[str, tuple[str, str]]) -> str:
    title, state = titles.get(one.product_id, ("", ""))
    price = "no price" if one.price is None else f"price {one.price}"
    stock = (
        "stock not counted"
        if one.tracked is False
        else "stock not known"
        if one.stock is None
        else f"stock {one.stock:,}"
    )
    return f"{one.sku or 'no SKU'} ({title or 'without a title'}, {state or 'state not known'}, {price}, {stock})"


def reading_words(reading: ReadingRow, zone: tzinfo = UTC) -> str:
    """Say of one reading when it was, of what, and what became of it."""
    scope = "" if reading.scope == "catalogue" else " of a few SKUs"
    return f"{moment(reading.ended_at, zone)}  {reading.shop}: the reading{scope} {_became(reading)}"


def result_words(result: Ended) -> str:
    """Say how a reading ended, to who asked for it."""
    if result.outcome is ReadingOutcome.FAILED:
        return f"{result.shop}: not read. {result.message} {result.advice}".strip()
    counted = f"{plural(result.products, 'product')} with {plural(result.variants, 'variant')}"
    complete = result.outcome is ReadingOutcome.COMPLETE
    if complete and result.of_skus and not result.variants:
        return f"{result.shop}: the shop has none of these SKUs."
    if complete and result.of_skus:
        return f"{result.shop}: {counted} read by these SKUs. {' '.join(result.unread)}".strip()
    if result.outcome is ReadingOutcome.PARTIAL:
        why = f"{result.message} {result.advice}".strip()
        return f"{result.shop}: partly read, {counted}. {why} What did not come is as it was."
    return f"{result.shop}: {counted}, completely read. {' '.join(result.unread)}".strip()


def _of(reading: ReadingRow) -> str:
    return f"{plural(reading.products, 'product')} with {plural(reading.variants, 'variant')}"


def _became(reading: ReadingRow) -> str:
    if reading.outcome is ReadingOutcome.FAILED:
        return f"failed. {reading.message}".strip()
    if reading.outcome is ReadingOutcome.PARTIAL:
        return f"was partial: {_of(reading)} came. {reading.message}".strip()
    return f"was complete: {_of(reading)}, {plural(reading.changes, 'change')}."
