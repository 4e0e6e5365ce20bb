"""What could not be matched: nothing is dropped, each row says why, and no number claims more than was read."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.reconcile.funnel import Bound, Step, funnel
from aexdash.reconcile.unmatched import SURE, unmatched
from aexdash.shops.records import SourceState
from aexdash.snapshot.matched.matching import Fate
from aexdash.snapshot.matched.units import Side, TheirUnit
from aexdash.words.reconcile.funnel import settle_words, unmatched_words, why_unmatched
from tests.reconcile.test_funnel import NEVER, PART, STATUSES, UNITS, WHOLE, known_unit, reads
from tests.snapshot.matched.both import Both, as_shown
from tests.snapshot.shops.shop import product
from tests.snapshot.store import ACTIVE, REJECTED, Store
from tests.support import examples

THEIRS = st.lists(
    st.builds(
        TheirUnit,
        store=st.just("main"),
        product_id=st.integers(1, 99),
        title=st.just("Lamp"),
        status=st.sampled_from(STATUSES),
        fate=st.sampled_from(Fate),
    ),
    max_size=6,
    unique_by=lambda one: one.product_id,
)
READ = st.sampled_from([WHOLE, PART, NEVER])


@settings(max_examples=examples(200), deadline=None)
@given(units=UNITS, theirs=THEIRS, shop=READ, known=READ)
def test_what_is_matched_and_the_rows_are_all_there_is(units, theirs, shop, known):
    found = unmatched(funnel([Side("main", units, tuple(theirs), reads(shop=shop, known=known))]))
    skus, listings = [one for one in found.rows if one.is_sku], [one for one in found.rows if not one.is_sku]
    assert {one.variant_id for one in skus} == {one.variant_id for one in units if one.fate not in SURE}
    assert {one.product_id for one in listings} == {one.product_id for one in theirs if one.fate not in SURE}
    assert len(found.rows) == len(skus) + len(listings) == len(set(found.rows))
    assert all(why_unmatched(one) and settle_words(one) for one in found.rows)
    exact = {fate for fate, bound in found.of_skus.items() if bound is Bound.EXACT}
    assert exact == (set(found.of_skus) if shop is known is WHOLE else {Fate.NO_KEY} if shop is WHOLE else set())


def test_an_ambiguous_sku_and_listing_name_what_they_may_be(tmp_path):
    both = Both(Store(tmp_path))
    both.shop.read([*product("1"), *product("2", sku="SKU-1"), *product("3"), *product("4", sku=None), *product("5")])
    twins = {one: as_shown(one, ACTIVE, sku_codes=("SKU-3",)) for one in (3, 30)}
    both.store.sweep({1: as_shown(1, ACTIVE), **twins, 7: as_shown(7, REJECTED), 8: as_shown(8, ACTIVE, sku_codes=())})
    both.compare()
    sides, lacking = both.store.snapshot.beside_shops().sides(None, both.store.now, 30)
    found = unmatched(funnel(sides, lacking))
    told = [(one.variant_id or one.product_id, one.why, one.candidates, one.alike) for one in found.rows]
    assert told == [
        ("v1", Fate.AMBIGUOUS, ("1",), 2),
        ("v2", Fate.AMBIGUOUS, ("1",), 2),
        ("v3", Fate.AMBIGUOUS, ("3", "30"), 1),
        ("v4", Fate.NO_KEY, (), 0),
        ("v5", Fate.ALONE, (), 0),
        (1, Fate.AMBIGUOUS, ("SKU-1 in front (v1)", "SKU-1 in front (v2)"), 0),
        (3, Fate.AMBIGUOUS, ("SKU-3 in front",), 0),
        (30, Fate.AMBIGUOUS, ("SKU-3 in front",), 0),
        (7, Fate.ALONE, (), 0),
        (8, Fate.UNREAD, (), 0),
    ]
    assert why_unmatched(found.rows[0]) == "ambiguous SKU: on 2 variants, 1 listing"
    assert why_unmatched(found.rows[2]) == "ambiguous SKU: on 1 variant, 2 listings"
    assert unmatched_words(found) == (
        "SKUs of the shop: 3 found so far ambiguous SKU, 1 without a SKU code or key, at most 1 not at AliExpress. "
        "Listings: at least 3 ambiguous SKU, at least 1 not known to the shop, 1 SKU codes not read yet."
    )


def test_nothing_unmatched_is_said_of_all_and_of_what_was_read():
    side = Side("main", (known_unit(1),), (TheirUnit("main", 1, "Lamp", ACTIVE, Fate.MATCHED),), reads())
    assert unmatched_words(unmatched(funnel([side]))) == (
        "Every SKU of the shop is a listing, and every listing a SKU."
    )
    part = replace(side, reads=reads(known=PART))
    assert unmatched_words(unmatched(funnel([part]))) == "None so far, of what was read."


def test_a_draft_that_is_at_no_listing_may_be_meant_so():
    draft = known_unit(1, fate=Fate.ALONE, listing=None, status=None, sold=None, state=SourceState.DRAFT)
    [row] = unmatched(funnel([Side("main", (draft,), (), reads())])).rows
    assert settle_words(row) == "nothing, if it is not meant to be sold: it is not for sale in the shop"
    assert funnel([Side("main", (draft,), (), reads())]).step(Step.SHOP).passed.number == 1
