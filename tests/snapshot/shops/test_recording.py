"""Readings of a shop become periods: what stood when, who read it, and what a reading may not say."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.shops.records import ChannelFeedback, FeedbackState, ProductOnChannel, SourceState
from tests.snapshot.shops.shop import COMPLETE, FAILED, NOON, PARTIAL, ShopStory, product
from tests.support import examples

MINUTE = timedelta(minutes=1)


@pytest.fixture
def shop(tmp_path: Path) -> ShopStory:
    return ShopStory(tmp_path)


def test_what_is_read_stands_with_who_read_it_and_when(shop: ShopStory) -> None:
    says = ChannelFeedback("Google", FeedbackState.REQUIRES_ACTION, ("No GTIN",), NOON)
    parts = product("1", channels=("Point of Sale",), feedback=(says,), picture_url="https://shop.example/1.jpg")
    read = shop.read([*parts, ProductOnChannel("p1", "Online Store")])
    one = shop.standing()["v1"]
    assert (one.shop, one.product_id, one.sku, one.title) == ("front", "p1", "SKU-1", "Product 1")
    assert (one.price, one.currency, one.stock, one.tracked) == (Decimal("9.90"), "EUR", 5, True)
    assert one.channels == ("Online Store", "Point of Sale")
    assert one.feedback == (says,)
    assert (one.started_at, one.started_after, one.read_at) == (read, None, read)
    row = shop.report.shops()[0]
    assert (row.stores, row.currency, row.complete) == (("main",), "EUR", row.last)
    assert row.complete
    assert (row.complete.products, row.complete.variants, row.complete.changes) == (1, 1, 2)


def test_a_reading_without_a_change_writes_nothing_but_itself(shop: ShopStory) -> None:
    shop.read(product("1"))
    again = shop.read(product("1"))
    assert shop.report.readings()[0].changes == 0
    assert shop.standing()["v1"].read_at == again
    assert shop.db.conn.execute("SELECT count(*) FROM shop_period").fetchone() == (1,)


def test_a_change_lies_between_two_readings(shop: ShopStory) -> None:
    first = shop.read(product("1"))
    second = shop.read(product("1"))
    third = shop.read(product("1", state=SourceState.DRAFT, platform_state="DRAFT"))
    before, after = shop.report.history("front", "v1")
    assert (before.state, before.started_at, before.ended_after, before.ended_at) == (
        *(SourceState.ACTIVE, first, second - MINUTE, third),
    )
    assert (after.state, after.started_after, after.started_at) == (SourceState.DRAFT, second - MINUTE, third)
    assert shop.standing(second)["v1"].state is SourceState.ACTIVE
    assert shop.standing(third)["v1"].state is SourceState.DRAFT


def test_stock_has_periods_of_its_own(shop: ShopStory) -> None:
    first = shop.read(product("1", stock=2))
    second = shop.read(product("1", stock=0))
    assert len(shop.report.history("front", "v1")) == 1
    assert [(one.stock, one.started_at, one.ended_at) for one in shop.report.stock("front", "v1")] == [
        *((2, first, second), (0, second, None)),
    ]
    one = shop.standing()["v1"]
    assert (one.out_of_stock, one.stock_at, one.stock_after, one.started_at) == (True, second, first - MINUTE, first)
    assert shop.standing(first)["v1"].out_of_stock is False


def test_a_stock_that_is_not_counted_is_not_zero(shop: ShopStory) -> None:
    shop.read(product("1", stock=None, tracked=False))
    assert (shop.standing()["v1"].stock, shop.standing()["v1"].out_of_stock) == (None, None)


def test_only_a_complete_reading_says_that_something_is_gone(shop: ShopStory) -> None:
    shop.read([*product("1"), *product("2")])
    second = shop.read(product("1"), PARTIAL, message="It broke off.")
    third = shop.read([], FAILED, message="No token.")
    fourth = shop.read([], scope="some")
    assert set(shop.standing()) == {"v1", "v2"}
    assert [reading.outcome for reading in shop.report.readings()] == [COMPLETE, FAILED, PARTIAL, COMPLETE]
    assert shop.report.shops()[0].complete == shop.report.readings()[-1]
    fifth = shop.read(product("1"))
    assert set(shop.standing()) == {"v1"}
    assert all(set(shop.standing(moment)) == {"v1", "v2"} for moment in (second, third, fourth))
    gone = shop.report.history("front", "v2")[0]
    assert (gone.ended_as, gone.ended_at, gone.ended_after, gone.stock) == ("absent", fifth, NOON - MINUTE, 5)


def test_what_a_partial_reading_shows_counts(shop: ShopStory) -> None:
    shop.read(product("1", channels=("Online Store",)))
    second = shop.read([*product("1", price=Decimal("12"), channels=()), *product("2", channels=())], PARTIAL)
    one, two = shop.standing()["v1"], shop.standing()["v2"]
    assert (one.price, one.started_at) == (Decimal(12), second)
    assert one.channels == ("Online Store",), "a channel that did not come is not a channel that it left"
    assert (two.channels, two.started_after, two.read_at) == (None, NOON - MINUTE, second)


def test_a_mapping_file_stands_in_the_place_of_what_products_tell(shop: ShopStory) -> None:
    shop.read([*product("1", match_key="x"), *product("2", match_key="y")], keys={"SKU-1": "1005001"})
    assert {one.variant_id: one.match_key for one in shop.standing().values()} == {"v1": "1005001", "v2": None}


def test_a_variant_without_its_product_is_counted_and_not_kept(shop: ShopStory) -> None:
    shop.read(product("1")[1:], PARTIAL)
    assert shop.standing() == {}


def test_a_clock_that_was_set_back_puts_no_reading_before_another(shop: ShopStory) -> None:
    first = shop.read(product("1"))
    shop.now = NOON - timedelta(days=1)
    shop.read(product("1", stock=1))
    assert shop.standing()["v1"].stock_at == first + timedelta(milliseconds=1)


STATES = st.dictionaries(st.sampled_from("abcd"), st.tuples(st.sampled_from(["9", "10"]), st.integers(0, 2)))
READINGS = st.lists(st.tuples(STATES, st.sampled_from([COMPLETE, PARTIAL, FAILED])), max_size=7)


@settings(max_examples=examples(40), deadline=None)
@given(READINGS)
def test_any_story_is_told_as_it_was_read(tmp_path_factory: pytest.TempPathFactory, story: list[tuple]) -> None:
    """Against a plain model: what stands at the end of each reading is what a dictionary would hold."""
    shop = ShopStory(tmp_path_factory.mktemp("shop"))
    plain: dict[str, tuple[str, int]] = {}
    expected = {}
    for state, outcome in story:
        parts = [
            part for one, (price, stock) in state.items() for part in product(one, price=Decimal(price), stock=stock)
        ]
        ended = shop.read(parts, outcome)
        plain = dict(state) if outcome is COMPLETE else plain | state if outcome is PARTIAL else plain
        expected[ended] = plain
    for moment, wanted in expected.items():
        stood = {one.variant_id[1:]: (str(one.price), one.stock) for one in shop.standing(moment).values()}
        assert stood == wanted
    assert shop.standing(NOON - timedelta(days=1)) == {}
    shop.db.close()
