"""What differs between a listing and its variants: at the limit, beyond it, and nothing where nothing is known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.model import SourceWord
from aexdash.shops.records import ChannelFeedback, FeedbackState, SourceState
from aexdash.snapshot.matched.differences import OurListing, OurSku, alike, differences
from aexdash.snapshot.matched.mended import gone_there
from aexdash.snapshot.shops.readmodels import SourceVariant
from tests.snapshot.store import NOON

LISTING = OurListing(1, ("Desk lamp, oak",), "10.00", "EUR", (OurSku("A-1", "10.00", "EUR"),), NOON)
BASE = {
    "shop": "front",
    "variant_id": "v",
    "product_id": "p",
    "sku": "A-1",
    "match_key": None,
    "variant_title": "",
    "title": "Desk lamp, oak",
    "state": SourceState.ACTIVE,
    "platform_state": "ACTIVE",
    "channels": ("Online",),
    "feedback": None,
    "price": Decimal("10.00"),
    "currency": "EUR",
    "tracked": True,
    "picture_url": None,
    "started_at": NOON,
    "started_after": None,
    "read_at": NOON,
    "stock": 3,
}


def variant(**facts) -> SourceVariant:
    return SourceVariant(**(BASE | facts))


def words(*variants, ours=LISTING, channels=None) -> dict[str, tuple[str, str]]:
    told = differences(ours, "front", variants, channels)
    return {one.word.value: (one.there, one.here) for one in told}


def test_what_is_the_same_on_both_sides_differs_in_nothing():
    assert words(variant()) == {}


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (SourceState.DRAFT, "draft"),
        (SourceState.ARCHIVED, "archived"),
        (SourceState.HIDDEN, "hidden"),
        (SourceState.DISABLED, "hidden"),
        (SourceState.UNLISTED, "hidden"),
        (SourceState.OTHER, None),
    ],
)
def test_the_state_of_a_product_is_told_in_the_words_of_its_shop(state, word):
    assert words(variant(state=state, platform_state="SO")) == ({word: ("SO", "")} if word else {})


def test_of_several_variants_those_in_a_state_are_counted():
    [one] = differences(LISTING, "front", [variant(), variant(variant_id="w", state=SourceState.DRAFT)], None)
    assert (one.word, one.variants, one.figures) == (SourceWord.DRAFT, ("w",), {"many": 1, "of": 2})


@pytest.mark.parametrize(
    ("channels", "of_shop", "found"),
    [
        (None, None, {}),
        ((), None, {"unpublished": ("no channel", "")}),
        (("Online",), frozenset({"Online"}), {}),
        (("Online",), frozenset({"Online", "AliExpress by Connector"}), {"elsewhere": ("Online", "")}),
        (("Ali Express",), frozenset({"Ali Express"}), {}),
    ],
)
def test_only_a_shop_that_publishes_on_aliexpress_can_publish_elsewhere_only(channels, of_shop, found):
    assert words(variant(channels=channels), channels=of_shop) == found
    assert words(variant(channels=channels, state=SourceState.DRAFT), channels=of_shop).keys() == {"draft"}


@pytest.mark.parametrize(
    ("stocks", "found"),
    [((0,), True), ((-2,), True), ((None,), False), ((0, 1), False), ((0, 0), True), ((0, None), False)],
)
def test_out_of_stock_is_a_listing_of_which_nothing_is_left(stocks, found):
    several = [variant(variant_id=str(index), stock=stock) for index, stock in enumerate(stocks)]
    assert ("out_of_stock" in words(*several)) is found


@pytest.mark.parametrize(
    ("there", "here", "drifts"),
    [("10.00", "11.00", False), ("10.00", "11.01", True), ("10.00", "9.00", False), ("10.00", "8.99", True)],
)
def test_a_price_drifts_beyond_a_tenth_of_that_of_the_shop(there, here, drifts):
    ours = OurListing(1, LISTING.titles, here, "EUR", (OurSku("A-1", here, "EUR"),), NOON)
    found = words(variant(price=Decimal(there)), ours=ours)
    assert found == ({"price": (f"{there} EUR", f"{here} EUR")} if drifts else {})


@pytest.mark.parametrize(
    ("facts", "skus"),
    [
        ({"currency": "USD"}, (OurSku("A-1", "99", "EUR"),)),
        ({"currency": None}, (OurSku("A-1", "99", "EUR"),)),
        ({"price": None}, (OurSku("A-1", "99", "EUR"),)),
        ({"price": Decimal(0)}, (OurSku("A-1", "99", "EUR"),)),
        ({}, (OurSku("A-1", "", "EUR"), OurSku("B", "1", "EUR"))),
        ({}, (OurSku("A-2", "99", "EUR"), OurSku("B", "99", "EUR"))),
        ({}, None),
    ],
)
def test_a_price_that_is_not_known_or_in_another_currency_drifts_from_nothing(facts, skus):
    assert words(variant(**facts), ours=OurListing(1, LISTING.titles, "99", "EUR", skus, NOON)) == {}


def test_the_widest_drift_is_told_with_its_sku():
    ours = OurListing(1, LISTING.titles, None, "EUR", (OurSku("A-1", "12", "EUR"), OurSku("a-2", "30", None)), NOON)
    [one] = differences(ours, "front", [variant(), variant(variant_id="w", sku="A-2")], None)
    assert (one.variants, one.figures) == (("w", "v"), {"percent": "+200 %", "sku": "A-2", "of": 2})


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("DESK  lamp, oak", True),
        ("Desk lamp, oak.", True),
        ("Desk lamp in oak, dimmable, with USB", False),
        ("Ｄｅｓｋ lamp, oak", True),
    ],
)
def test_titles_are_alike_but_for_case_spaces_and_a_tenth_of_their_letters(title, same):
    assert ("title" not in words(variant(title=title))) is same


@given(st.text(max_size=30), st.text(max_size=30))
def test_alike_is_the_same_both_ways_and_every_title_is_like_itself(one, other):
    assert alike(one, one)
    assert alike(one, other) == alike(other, one)


def test_a_channel_that_asks_for_something_is_told_in_its_words():
    asks = ChannelFeedback("Market", FeedbackState.REQUIRES_ACTION, ("Add a brand", "Add a size"))
    fine = ChannelFeedback("Online", FeedbackState.ACCEPTED)
    assert words(variant(feedback=(fine, asks))) == {"feedback": ("Market: Add a brand; Add a size", "")}
    assert words(variant(feedback=(fine,))) == {}


@pytest.mark.parametrize(
    ("codes", "model", "facts", "gone"),
    [
        ("|title.too_long@check|", "pop", {}, {"title.too_long": "title"}),
        ("|title.too_long@check|", "pop", {"title": "x" * 129}, {}),
        ("|title.too_long@platform|", "pop", {}, {}),
        ("|title.characters@check|", "pop", {}, {"title.characters": "title"}),
        ("|title.characters@check|", "overseas", {}, {}),
        (
            "|title.repeated_words@check|price.out_of_range@check|",
            "pop",
            {},
            {"title.repeated_words": "title", "price.out_of_range": "price"},
        ),
        ("|price.out_of_range@check|", "pop", {"price": None}, {}),
        ("|price.out_of_range@check|", "pop", {"price": Decimal(0)}, {}),
        ("|image.main_too_small@check|", "pop", {}, {}),
        ("", "pop", {}, {}),
    ],
)
def test_a_cause_is_gone_there_only_where_it_can_be_measured_there(codes, model, facts, gone):
    assert gone_there(codes, model, [variant(**facts)]) == gone
