"""The cards beside the shop: what they count, of how much, and no zero that nobody vouches for."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from aexdash.cards import CARDS, CardValue, values
from aexdash.cards.recording import record_cards
from aexdash.cards.shops import NO_SHOP, NOT_COMPARED
from aexdash.shops.records import SourceState
from aexdash.view import View
from tests.snapshot.matched.both import Both, as_shown
from tests.snapshot.matched.test_recording import rejected_for
from tests.snapshot.shops.shop import PARTIAL, product
from tests.snapshot.store import ACTIVE, REJECTED, Store

DRIFT, FIXED = "aexdash_shop_drift", "aexdash_fixed_in_shop"


@pytest.fixture
def both(tmp_path) -> Both:
    return Both(Store(tmp_path))


def says(both: Both, key: str, at=None) -> CardValue:
    return values(both.store.snapshot.measures(None, at))[key]


def test_without_a_shop_there_is_no_number(both):
    both.store.db.execute("DELETE FROM shop_store")
    both.listings(_1=ACTIVE)
    assert says(both, DRIFT) == CardValue(None, note=NO_SHOP)
    assert says(both, FIXED) == CardValue(None, note=NO_SHOP)


def test_a_shop_of_which_nothing_was_read_is_no_zero(both):
    both.listings(_1=ACTIVE)
    both.compare()
    assert says(both, DRIFT) == CardValue(None, coverage=(0, 1), note=NOT_COMPARED)


def test_what_drifted_on_sale_is_counted_and_what_is_held_is_not(both):
    both.shop.read(
        [
            *product("1"),
            *product("2", state=SourceState.DRAFT),
            *product("3", price=Decimal(99)),
            *product("4", stock=0),
        ]
    )
    both.listings(_1=ACTIVE, _2=ACTIVE, _3=ACTIVE, _4=REJECTED, _5=ACTIVE)
    both.compare()
    assert says(both, DRIFT) == CardValue(3, coverage=(4, 4), low=3)
    both.shop.read(product("1", state=SourceState.ARCHIVED), PARTIAL)
    both.compare()
    assert says(both, DRIFT).value == 4


def test_of_a_partly_read_shop_it_is_at_least_so_many(both):
    both.shop.read([*product("1", state=SourceState.DRAFT), *product("2")], PARTIAL)
    both.listings(_1=ACTIVE, _2=ACTIVE, _3=ACTIVE)
    both.compare()
    told = says(both, DRIFT)
    assert (told.value, told.coverage, told.only_adds, told.still_reading) == (1, (2, 3), True, True)


def test_what_waits_for_a_push_is_what_its_view_lists(both):
    long = "Lamp " * 60
    both.shop.read(product("1", title=long))
    both.store.after(minutes=30).sweep({1: as_shown(1, REJECTED, title=long), 2: as_shown(2, REJECTED)})
    rejected_for(both, "title.too_long")
    both.shop.read(product("1", title="Lamp"))
    both.compare()
    assert says(both, FIXED).value == 1
    view = CARDS[FIXED].view or View()
    assert [row.product_id for row in both.store.snapshot.rows(view)] == [1]


def test_a_past_moment_has_the_value_that_was_stored_then(both):
    both.shop.read(product("1", state=SourceState.DRAFT))
    both.listings(_1=ACTIVE)
    both.compare()
    record_cards(both.store.db, both.store.id, both.store.now)
    then = both.store.now + timedelta(minutes=1)
    both.shop.read(product("1"))
    both.store.after(hours=1).sweep({1: as_shown(1, ACTIVE)})
    both.compare()
    assert (says(both, DRIFT).value, says(both, DRIFT, then).value) == (0, 1)
