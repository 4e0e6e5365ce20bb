"""Which variant is which listing: against a plain model, and each is in exactly one class."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aexdash.snapshot.matched.matching import Fate, Found, Keyed, match

CODES = st.sampled_from(["A-1", "a-1", "B-2", "b-2", " A-1 ", "C", "", "1001", "1002", "9999"])
LISTINGS = st.dictionaries(
    st.sampled_from([1001, 1002, 1003, 1004]), st.none() | st.lists(CODES, max_size=3), max_size=4
)
VARIANTS = st.lists(st.tuples(st.sampled_from("pqr"), st.none() | CODES), max_size=7).map(
    lambda rows: [Keyed(f"v{index}", product, key) for index, (product, key) in enumerate(rows)]
)


def plainly(variant: Keyed, variants: list[Keyed], codes: dict[int, list[str]], *, by_id: bool) -> Found:
    """What became of one variant, by looking at every other one and at every listing."""
    codes = {one: several or [] for one, several in codes.items()}
    key = (variant.key or "").strip()
    if not key:
        return Found(Fate.NO_KEY)
    keys = [(one, (one.key or "").strip()) for one in variants]
    if by_id and any(str(listing) == key for listing in codes):
        products = {one.product_id for one, other in keys if other == key}
        return Found(Fate.MATCHED if len(products) == 1 else Fate.AMBIGUOUS, (int(key),))
    having = tuple(sorted(one for one, several in codes.items() if key in [code.strip() for code in several]))
    if having:
        alone = len(having) == 1 and sum(other == key for _, other in keys) == 1
        return Found(Fate.MATCHED if alone else Fate.AMBIGUOUS, having)
    taken = {other for _, other in keys}
    alike = tuple(
        sorted(
            one
            for one, several in codes.items()
            if any(code.strip().casefold() == key.casefold() and code.strip() not in taken for code in several)
        )
    )
    if not alike:
        return Found(Fate.ALONE)
    rivals = 0
    for _, other in keys:
        exact = any(other in [code.strip() for code in several] for several in codes.values())
        is_id = by_id and any(str(listing) == other for listing in codes)
        rivals += other.casefold() == key.casefold() and not exact and not is_id
    return Found(Fate.PROBABLE if rivals == 1 and len(alike) == 1 else Fate.AMBIGUOUS, alike)


@given(VARIANTS, LISTINGS, st.booleans())
def test_each_variant_is_what_looking_at_everything_says(variants, codes, by_id):
    matches = match(variants, codes, by_id=by_id)
    assert dict(matches.of_variant) == {one.variant_id: plainly(one, variants, codes, by_id=by_id) for one in variants}


@given(VARIANTS, LISTINGS, st.booleans())
def test_each_listing_is_in_one_class_and_has_the_variants_that_say_so(variants, codes, by_id):
    matches = match(variants, codes, by_id=by_id)
    assert set(matches.of_listing) == set(codes)
    for listing, fate in matches.of_listing.items():
        of = {one: told.fate for one, told in matches.of_variant.items() if listing in told.listings}
        sure = {one for one, of_it in of.items() if of_it in (Fate.MATCHED, Fate.PROBABLE)}
        assert set(matches.variants_of.get(listing, ())) == (sure or set(of))
        if Fate.MATCHED in of.values():
            assert fate is Fate.MATCHED
        elif sure:
            assert fate is Fate.PROBABLE
        elif of:
            assert fate is Fate.AMBIGUOUS
        else:
            several = codes[listing]
            known = Fate.ALONE if any(code.strip() for code in several or ()) else Fate.NO_KEY
            assert fate is (Fate.UNREAD if several is None else known)


def test_a_field_of_a_product_is_of_all_its_variants_and_never_of_two_products():
    codes = {1001: ["A"], 1002: []}
    red, blue = Keyed("red", "boots", "1002"), Keyed("blue", "boots", "1002")
    told = match([red, blue], codes, by_id=True)
    assert told.of_variant == {"red": Found(Fate.MATCHED, (1002,)), "blue": Found(Fate.MATCHED, (1002,))}
    assert told.of_listing == {1001: Fate.ALONE, 1002: Fate.MATCHED}
    other = match([red, Keyed("green", "shoes", "1002")], codes, by_id=True)
    assert {one.fate for one in other.of_variant.values()} == {Fate.AMBIGUOUS}
    assert match([red], codes, by_id=False).of_variant == {"red": Found(Fate.ALONE)}


def test_a_code_that_differs_in_case_is_probable_and_never_takes_what_another_has_exactly():
    told = match([Keyed("v", "p", "a-1")], {1: ["A-1"]}, by_id=False)
    assert (told.of_variant["v"].fate, told.of_listing[1]) == (Fate.PROBABLE, Fate.PROBABLE)
    told = match([Keyed("v", "p", "a-1"), Keyed("w", "p", "A-1")], {1: ["A-1"]}, by_id=False)
    assert told.of_variant == {"v": Found(Fate.ALONE), "w": Found(Fate.MATCHED, (1,))}
