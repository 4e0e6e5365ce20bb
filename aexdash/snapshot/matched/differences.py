"""What differs between a listing and the variants of its shop. Pure functions; what was not read differs in nothing.

Each difference has its figures, so that a page can say what stands on either side. Since when it is so is added where
it is kept (`recording`): that is told by the periods of the shop.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from rapidfuzz.distance import Indel

from aexdash.model import SourceWord
from aexdash.shops.records import FeedbackState, SourceState
from aexdash.snapshot.shops.readmodels import SourceVariant

DRIFT = Decimal("0.1")
"""A price drifts where it is more than this part above or below that of the shop."""

ALIKE = 0.9
"""Titles are alike where at least this part of their letters is the same in the same order."""

OUR_CHANNEL = "aliexpress"
"""What the name of a channel has in it that is AliExpress."""


STATES: Mapping[SourceState, SourceWord] = {
    SourceState.DRAFT: SourceWord.DRAFT,
    SourceState.ARCHIVED: SourceWord.ARCHIVED,
    SourceState.HIDDEN: SourceWord.HIDDEN,
    SourceState.DISABLED: SourceWord.HIDDEN,
    SourceState.UNLISTED: SourceWord.HIDDEN,
}
"""The words of the states in which a product is not on sale in its shop."""


@dataclass(frozen=True, slots=True)
class OurSku:
    """A SKU of a listing as its detail told it; the price is AliExpress' text."""

    code: str
    price: str | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class OurListing:
    """What is compared of a listing. `titles` are all that it has, the one of the list first.

    `price` is that of the list, `skus` those of the detail; None: the detail was not read. `modified_at` is when it was
    last changed by AliExpress' clock.
    """

    product_id: int
    titles: tuple[str, ...]
    price: str | None
    currency: str | None
    skus: tuple[OurSku, ...] | None
    modified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: in which shop, of which of its variants, and what stands there and here.

    `column` names what of the variants it is about, for whoever asks since when. `here` is empty where there is nothing
    to be set beside it. Texts of others: never trusted as anything but text.
    """

    word: SourceWord
    shop: str
    variants: tuple[str, ...]
    column: str
    there: str
    here: str = ""
    figures: Mapping[str, object] = field(default_factory=dict)


def differences(
    ours: OurListing, shop: str, variants: Sequence[SourceVariant], channels_of_shop: frozenset[str] | None
) -> Iterator[Difference]:
    """Yield what differs between a listing and the variants that it is, in the order of `SourceWord`.

    `channels_of_shop` are the channels of the whole shop, None where they were not read: only a shop that publishes
    something on AliExpress can publish something on other channels *only*.
    """
    yield from _states(shop, variants)
    yield from _channels(shop, variants, channels_of_shop)
    yield from _stock(shop, variants)
    yield from _price(ours, shop, variants)
    yield from _title(ours, shop, variants)
    yield from _feedback(shop, variants)


def _states(shop: str, variants: Sequence[SourceVariant]) -> Iterator[Difference]:
    for word in dict.fromkeys(STATES.values()):
        having = [one for one in variants if STATES.get(one.state) is word]
        if having:
            there = ", ".join(dict.fromkeys(one.platform_state or one.state.value for one in having))
            yield Difference(word, shop, _ids(having), "state", there, figures=_part(having, variants))


def _channels(
    shop: str, variants: Sequence[SourceVariant], channels_of_shop: frozenset[str] | None
) -> Iterator[Difference]:
    on_sale = [one for one in variants if one.state is SourceState.ACTIVE]
    nowhere = [one for one in on_sale if one.channels == ()]
    if nowhere:
        figures = _part(nowhere, variants)
        yield Difference(SourceWord.UNPUBLISHED, shop, _ids(nowhere), "channels", "no channel", figures=figures)
    if channels_of_shop is None or not any(map(_is_ours, channels_of_shop)):
        return
    elsewhere = [one for one in on_sale if one.channels and not any(map(_is_ours, one.channels))]
    if elsewhere:
        there = ", ".join(dict.fromkeys(name for one in elsewhere for name in one.channels or ()))
        figures = _part(elsewhere, variants)
        yield Difference(SourceWord.ELSEWHERE, shop, _ids(elsewhere), "channels", there, figures=figures)


def _is_ours(channel: str) -> bool:
    return OUR_CHANNEL in channel.casefold().replace(" ", "")


def _stock(shop: str, variants: Sequence[SourceVariant]) -> Iterator[Difference]:
    """A listing is out of stock where none of its variants has any left; one that nobody counts never is."""
    if variants and all(one.out_of_stock for one in variants):
        there = "0 in stock" if len(variants) == 1 else f"0 in stock, {len(variants):,} variants"
        yield Difference(SourceWord.OUT_OF_STOCK, shop, _ids(variants), "stock", there)


def _price(ours: OurListing, shop: str, variants: Sequence[SourceVariant]) -> Iterator[Difference]:
    drifted = [told for one in variants if (told := _drift(ours, one))]
    if not drifted:
        return
    of, there, here, currency = max(drifted, key=lambda told: (abs(told[2] / told[1] - 1), told[0].variant_id))
    figures = {"percent": f"{(here / there - 1) * 100:+.0f} %", "sku": of.sku or "", "of": len(variants)}
    ids = (of.variant_id, *(one.variant_id for one, *_ in drifted if one is not of))
    prices = (f"{there:.2f} {currency}", f"{here:.2f} {currency}")
    yield Difference(SourceWord.PRICE, shop, ids, "price", *prices, figures=figures)


def _drift(ours: OurListing, variant: SourceVariant) -> tuple[SourceVariant, Decimal, Decimal, str] | None:
    """Return both prices of a variant where they drift; None where they do not, or one of them is not known."""
    there = variant.price
    if there is None or there <= 0 or not variant.currency:
        return None
    for text, currency in _our_prices(ours, variant):
        here = _amount(text)
        if here is not None and currency == variant.currency and abs(here - there) > DRIFT * there:
            return variant, there, here, currency
    return None


def _our_prices(ours: OurListing, variant: SourceVariant) -> Iterable[tuple[str | None, str | None]]:
    """The price of the SKU that a variant is; of a listing with a single one, that of the list where none tells."""
    if ours.skus is None:
        return ()
    if len(ours.skus) == 1:
        [only] = ours.skus
        return [(only.price or ours.price, only.currency or ours.currency)]
    code = (variant.sku or "").casefold()
    same = [one for one in ours.skus if one.code.strip().casefold() == code and code]
    return [(one.price, one.currency or ours.currency) for one in same] if len(same) == 1 else ()


def _title(ours: OurListing, shop: str, variants: Sequence[SourceVariant]) -> Iterator[Difference]:
    titles = [title for title in ours.titles if title.strip()]
    apart = [one for one in variants if one.title.strip() and titles and not any(alike(one.title, t) for t in titles)]
    if apart and len(apart) == len(variants):
        yield Difference(SourceWord.TITLE, shop, _ids(apart), "title", apart[0].title, titles[0])


def alike(one: str, other: str) -> bool:
    """Whether two titles are the same but for case, spacing and a tenth of their letters."""
    one, other = (" ".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in (one, other))
    return one == other or Indel.normalized_similarity(one, other, score_cutoff=ALIKE) > 0


def _feedback(shop: str, variants: Sequence[SourceVariant]) -> Iterator[Difference]:
    asked = [
        (one, told) for one in variants for told in one.feedback or () if told.state is FeedbackState.REQUIRES_ACTION
    ]
    if asked:
        _, told = asked[0]
        there = ": ".join(filter(None, (told.channel, "; ".join(told.messages) or "asks for something")))
        ids = tuple(dict.fromkeys(one.variant_id for one, _ in asked))
        yield Difference(SourceWord.FEEDBACK, shop, ids, "feedback", there)


def _ids(variants: Iterable[SourceVariant]) -> tuple[str, ...]:
    return tuple(one.variant_id for one in variants)


def _part(having: Sequence[SourceVariant], variants: Sequence[SourceVariant]) -> dict[str, object]:
    return {} if len(having) == len(variants) else {"many": len(having), "of": len(variants)}


def _amount(text: str | None) -> Decimal | None:
    try:
        amount = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None
