"""Words for the seller's own shops and their readings: how much was read, when, and what was in the way."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Protocol

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
