"""Which variant of a shop is which listing of a store. Pure functions; nothing is dropped and nothing is guessed.

A variant is matched by its SKU code, or by the key that the settings name (a field of the shop, a mapping file). A key
is a product id of AliExpress where the store has a listing of that id, else a SKU code. Case counts: what only differs
in case is *probable*, and shown as such. A code on several variants or on several listings is *ambiguous*: nobody can
tell which is which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a variant, or of a listing, when they were matched; exactly one of these."""

    MATCHED = "matched"
    PROBABLE = "probable"  # the codes are the same but for upper and lower case
    AMBIGUOUS = "ambiguous"  # its code is on several variants or on several listings
    NO_KEY = "no_key"  # it has no code to be matched by
    ALONE = "alone"  # the other side has nothing of its code
    UNREAD = "unread"  # of a listing: its codes are told by its detail, which was not read yet


@dataclass(frozen=True, slots=True)
class Keyed:
    """A variant of a shop with what it is matched by; None or empty is no key."""

    variant_id: str
    product_id: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a variant; `listings` are the product ids that it is, or of an ambiguous one may be."""

    fate: Fate
    listings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """What became of each variant and of each listing. `variants_of` are those that are a listing, or may be."""

    of_variant: Mapping[str, Found]
    of_listing: Mapping[int, Fate]
    variants_of: Mapping[int, tuple[str, ...]]


Codes = Mapping[int, Collection[str] | None]
"""The SKU codes of listings by their product ids; None where nobody has read them."""


def match(variants: Iterable[Keyed], codes: Codes, *, by_id: bool) -> Matches:
    """Match the variants of one shop with the listings of one store.

    `codes` are the SKU codes of each listing by its product id, None where they were not read. `by_id`: a key may be a
    product id of AliExpress.
    """
    told = list(variants)
    listings_of = _by_code(codes)
    keys = {one.variant_id: (one.key or "").strip() for one in told}
    found: dict[str, Found] = {one.variant_id: Found(Fate.NO_KEY) for one in told if not keys[one.variant_id]}
    by_key: dict[str, list[Keyed]] = defaultdict(list)
    for one in told:
        if one.variant_id not in found:
            by_key[keys[one.variant_id]].append(one)
    left: dict[str, list[Keyed]] = {}
    for key, claimants in by_key.items():
        if by_id and (listing := _as_id(key)) in codes:
            sure = len({one.product_id for one in claimants}) == 1
            _all(found, claimants, Found(Fate.MATCHED if sure else Fate.AMBIGUOUS, (int(listing or 0),)))
        elif key in listings_of:
            sure = len(claimants) == 1 and len(listings_of[key]) == 1
            _all(found, claimants, Found(Fate.MATCHED if sure else Fate.AMBIGUOUS, listings_of[key]))
        else:
            left[key] = claimants
    _by_case(found, left, {code: ids for code, ids in listings_of.items() if code not in by_key})
    return _matches(found, codes)


def _by_code(codes: Codes) -> dict[str, tuple[int, ...]]:
    """Return the listings of each code, trimmed, in the order of their ids."""
    found: dict[str, set[int]] = defaultdict(set)
    for listing, several in codes.items():
        for code in several or ():
            if trimmed := code.strip():
                found[trimmed].add(listing)
    return {code: tuple(sorted(ids)) for code, ids in found.items()}


def _as_id(key: str) -> int | None:
    return int(key) if key.isascii() and key.isdigit() and len(key) < 19 and key[0] != "0" else None


def _all(found: dict[str, Found], claimants: Iterable[Keyed], told: Found) -> None:
    for one in claimants:
        found[one.variant_id] = told


def _by_case(found: dict[str, Found], left: Mapping[str, list[Keyed]], free: Mapping[str, tuple[int, ...]]) -> None:
    """Match what is left by codes without their case; a code that some variant has exactly is no longer free."""
    folded: dict[str, set[int]] = defaultdict(set)
    for code, ids in free.items():
        folded[code.casefold()] |= set(ids)
    claimed: dict[str, list[Keyed]] = defaultdict(list)
    for key, claimants in left.items():
        claimed[key.casefold()] += claimants
    for fold, claimants in claimed.items():
        ids = tuple(sorted(folded.get(fold, ())))
        if not ids:
            _all(found, claimants, Found(Fate.ALONE))
        else:
            sure = len(claimants) == 1 and len(ids) == 1
            _all(found, claimants, Found(Fate.PROBABLE if sure else Fate.AMBIGUOUS, ids))


def _matches(found: Mapping[str, Found], codes: Codes) -> Matches:
    """Turn round what became of the variants: what became of each listing."""
    variants: dict[Fate, dict[int, list[str]]] = {fate: defaultdict(list) for fate in Fate}
    for variant, told in found.items():
        for listing in told.listings:
            variants[told.fate][listing].append(variant)
    of_listing: dict[int, Fate] = {}
    variants_of: dict[int, tuple[str, ...]] = {}
    for listing, several in codes.items():
        sure = variants[Fate.MATCHED].get(listing, []) + variants[Fate.PROBABLE].get(listing, [])
        if sure:
            of_listing[listing] = Fate.MATCHED if listing in variants[Fate.MATCHED] else Fate.PROBABLE
            variants_of[listing] = tuple(sure)
        elif maybe := variants[Fate.AMBIGUOUS].get(listing):
            of_listing[listing], variants_of[listing] = Fate.AMBIGUOUS, tuple(maybe)
        elif several is None:
            of_listing[listing] = Fate.UNREAD
        else:
            of_listing[listing] = Fate.ALONE if any(code.strip() for code in several) else Fate.NO_KEY
    return Matches(found, of_listing, variants_of)
