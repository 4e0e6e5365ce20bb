"""What the card counts as drifted is what the page lists, in random worlds; both by the same condition."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.cards import values
from aexdash.exports.beside_shop import words_of
from aexdash.shops.records import SourceState
from aexdash.snapshot.matched.drifted import DIFFERS, DRIFTS
from tests.snapshot.matched.both import Both, as_shown
from tests.snapshot.shops.shop import COMPLETE, PARTIAL, product
from tests.snapshot.store import ACTIVE, AUDITING, OFFLINE, REJECTED, Store
from tests.support import examples

THERE = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {},
        optional={
            "state": st.sampled_from(SourceState),
            "stock": st.sampled_from([0, 5]),
            "price": st.sampled_from([Decimal("9.90"), Decimal(20)]),
            "title": st.sampled_from(["Another thing altogether", "Product 1"]),
        },
    ),
)
HERE = st.sampled_from([ACTIVE, AUDITING, OFFLINE, REJECTED])


@settings(max_examples=examples(60), deadline=None)
@given(worlds=st.lists(st.tuples(THERE, HERE), min_size=1, max_size=6), whole=st.booleans())
def test_the_card_counts_what_is_listed(worlds, whole, tmp_path_factory):
    both = Both(Store(tmp_path_factory.mktemp("home")))
    parts = [
        part for one, (there, _) in enumerate(worlds, 1) if there is not None for part in product(str(one), **there)
    ]
    both.shop.read(parts, COMPLETE if whole else PARTIAL)
    both.store.sweep({one: as_shown(one, here) for one, (_, here) in enumerate(worlds, 1)})
    both.compare()
    beside = both.store.snapshot.beside_shops()
    [listed] = beside.drifted()
    card = values(both.store.snapshot.measures(None, None))["aexdash_shop_drift"]
    assert len(listed.listings) == listed.counted.listings
    assert card.value in (listed.counted.listings, None)
    assert (card.value is None) == (listed.counted.of > 0 and listed.counted.compared == 0)
    kept, on_sale = both.words(), {one for one, (_, here) in enumerate(worlds, 1) if here is ACTIVE}
    plainly = {one for one in on_sale if set(kept[one].split("|")) & {word.value for word in DRIFTS}}
    assert {one.product_id for one in listed.listings} == plainly
    [every] = beside.drifted(None, DIFFERS)
    assert {one.product_id for one in every.listings} == {
        one for one in on_sale if kept[one] not in ("same", "not_known")
    }


def test_a_store_without_a_shop_is_not_counted_and_one_difference_lists_what_has_it(tmp_path):
    both = Both(Store(tmp_path))
    both.shop.read(
        [*product("1", state=SourceState.DRAFT, title="Something else"), *product("2", title="Something else")]
    )
    both.listings(_1=ACTIVE, _2=ACTIVE)
    beside = both.store.snapshot.beside_shops()
    assert beside.drifted() == []
    both.compare()
    [drafts], [titles] = beside.drifted(None, words_of("draft")), beside.drifted(None, words_of("title"))
    assert [one.product_id for one in drafts.listings] == [1]
    assert [one.product_id for one in titles.listings] == [1, 2]
    assert titles.listings[1].told[0].there == "Something else"
    assert drafts.counted.shop_read_at is not None
