"""What could not be matched between a shop and AliExpress, a row for each SKU and each listing. Pure functions.

Nothing is dropped: with those that were matched, these are all variants of the shops and all listings of the stores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aexdash.model import Status
from aexdash.reconcile.funnel import Bound, Funnel, Step
from aexdash.shops.records import SourceState
from aexdash.snapshot.matched.matching import Fate
from aexdash.snapshot.matched.units import TheirUnit, Unit

SURE = (Fate.MATCHED, Fate.PROBABLE)
"""What became of what was matched."""

ORDER = (Fate.AMBIGUOUS, Fate.NO_KEY, Fate.ALONE, Fate.UNREAD)
"""The order of rows: what somebody has to settle first, what only a reading settles last."""

FOR_SALE = frozenset({SourceState.ACTIVE, SourceState.OTHER})


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A SKU of a shop that is no listing for sure, or a listing that is no SKU for sure.

    A SKU has `shop`, `variant_id` and `state`; a listing has `product_id` and `status`. `sku` is its code, of a listing
    all of them. `candidates` are product ids of a SKU, and SKUs with their shop of a listing. `alike` counts the SKUs
    of that shop with the same key, where they are ambiguous.
    """

    store: str
    sku: str
    title: str
    why: Fate
    shop: str = ""
    variant_id: str = ""
    state: SourceState | None = None
    product_id: int | None = None
    status: Status | None = None
    candidates: tuple[str, ...] = ()
    alike: int = 0

    @property
    def is_sku(self) -> bool:
        """Whether it is a SKU of a shop; else it is a listing."""
        return self.product_id is None

    @property
    def is_for_sale(self) -> bool:
        """Whether somebody would buy it where it is."""
        return self.state in FOR_SALE if self.is_sku else self.status is Status.ACTIVE


@dataclass(frozen=True, slots=True)
class Unmatcheds:
    """All rows, and what the numbers of SKUs and of listings may claim by what became of them."""

    rows: tuple[Unmatched, ...]
    of_skus: Mapping[Fate, Bound]
    of_listings: Mapping[Fate, Bound]


def unmatched(funnel: Funnel) -> Unmatcheds:
    """Return what could not be matched of what a funnel is counted of: SKUs of shops first, each side by why."""
    units = funnel.step(Step.SHOP).passed.units
    theirs = [one for several in funnel.reverse.of.values() for one in several]
    alike = Counter(_same(one) for one in units if one.fate is Fate.AMBIGUOUS)
    names = _names(units)
    skus = [_of_sku(one, alike[_same(one)]) for one in units if one.fate not in SURE]
    listings = [_of_listing(one, names) for one in theirs if one.fate not in SURE]
    rows = (*sorted(skus, key=_place), *sorted(listings, key=_place))
    return Unmatcheds(rows, _of_skus(funnel), {fate: funnel.reverse.bounds[fate] for fate in ORDER})


def _names(units: Iterable[Unit]) -> dict[tuple[str, str], str]:
    """Name each variant by its SKU and its shop; where a shop has that SKU more than once, by its id there too."""
    units = list(units)
    many = Counter((one.store, one.shop, one.sku) for one in units)
    return {
        (one.shop, one.variant_id): f"{one.sku or one.variant_id} in {one.shop}"
        f"{f' ({one.variant_id})' if one.sku and many[one.store, one.shop, one.sku] > 1 else ''}"
        for one in units
    }


def _of_skus(funnel: Funnel) -> dict[Fate, Bound]:
    """What the number of unmatched SKUs may claim.

    A SKU that is *alone* so far may be a listing whose codes nobody has read; what is ambiguous so far may be settled,
    and become more, by whatever is read. Of a shop that was read in part there may be more.
    """
    part_of_shop = not funnel.step(Step.SHOP).read.whole
    part_of_theirs = not funnel.step(Step.KNOWN).read.whole
    no_key = Bound.AT_LEAST if part_of_shop else Bound.EXACT
    alone = no_key if not part_of_theirs else Bound.NOT_KNOWN if part_of_shop else Bound.AT_MOST
    ambiguous = Bound.NOT_KNOWN if part_of_shop or part_of_theirs else Bound.EXACT
    return {Fate.AMBIGUOUS: ambiguous, Fate.NO_KEY: no_key, Fate.ALONE: alone}


def _same(one: Unit) -> tuple[str, str, str]:
    return one.store, one.shop, one.key.casefold()


def _of_sku(one: Unit, alike: int) -> Unmatched:
    return Unmatched(
        store=one.store,
        sku=one.sku,
        title=one.title,
        why=one.fate,
        shop=one.shop,
        variant_id=one.variant_id,
        state=one.state,
        candidates=tuple(str(listing) for listing in one.candidates),
        alike=alike,
    )


def _of_listing(one: TheirUnit, names: Mapping[tuple[str, str], str]) -> Unmatched:
    return Unmatched(
        store=one.store,
        sku=", ".join(one.codes),
        title=one.title,
        why=one.fate,
        product_id=one.product_id,
        status=one.status,
        candidates=tuple(names[variant] for variant in one.candidates),
    )


def _place(one: Unmatched) -> tuple[object, ...]:
    return (ORDER.index(one.why), not one.is_for_sale, one.store, one.shop, one.sku.casefold(), one.sku, one.product_id)
