"""BigCommerce over HTTP: pages, limits, channels, and what stays unknown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from aexdash.shops.account import ShopAccount, ShopKind
from aexdash.shops.bigcommerce import NO_CHANNELS, NO_STORE, parts_of
from aexdash.shops.errors import PartlyRead, ShopBusy, ShopFault, ShopForbids, ShopRefused, ShopUnreadable
from aexdash.shops.kinds import open_shop
from aexdash.shops.records import ChannelFeedback, FeedbackState, ShopVariant, SourceState
from tests.shops.bigcommerce_api import HeldBigCommerce, best
from tests.shops.goods import NOON, PICTURE, Pauses, by_id, goods, served


def marketed():
    """The goods, the bags also on a marketplace, which refuses the hat."""
    boots, hat, scarf, bag, other = goods()
    on_both = ("Marketplace", "Online Store")
    return [
        replace(boots, channels=("Online Store",)),
        replace(hat, says={"Marketplace": "refused"}),
        *(scarf, replace(bag, channels=on_both), replace(other, channels=("Marketplace",))),
    ]


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
def simulated():
    """The double, of which nothing may be asked, and which may answer nothing, that the API does not describe."""
    held = HeldBigCommerce(marketed, api=best())
    yield held
    assert held.problems == []


@pytest.fixture
def connect(simulated, pauses):
    with served(simulated) as url:
        opened = []

        def connected(path="/stores/abc123", **more):
            told = {"key": "big", "kind": ShopKind.BIGCOMMERCE, "token": "simulated", "address": url + path, **more}
            opened.append(open_shop(ShopAccount(**told), clock=pauses.clock, sleep=pauses.sleep))
            return opened[-1]

        yield connected
        for shop in opened:
            shop.close()


def read(shop, parts=None):
    shop.facts()
    return by_id(list(shop.catalogue() if parts is None else parts))


def test_the_whole_catalogue(connect):
    products, variants, _ = read(connect(match_field="aliexpress_id"))
    boots = products["1"]
    assert (boots.title, boots.state, boots.platform_state) == ("Boots", SourceState.ACTIVE, "available")
    assert (boots.picture_url, boots.updated_at, boots.match_key) == (PICTURE, NOON, "1005001234567890")
    assert [products[one].state.value for one in "2345"] == ["hidden", "disabled", "active", "active"]
    assert products["2"].platform_state == "available, not visible"
    assert (variants["11"].sku, variants["11"].title, variants["11"].price) == ("B-40", "40", Decimal("59.9"))
    assert (variants["11"].stock, variants["12"].stock, variants["12"].tracked) == (3, 0, True)
    assert (variants["21"].stock, variants["21"].tracked) == (None, False), "not counted is not out of stock"
    assert variants["21"].price == Decimal("19.0"), "a price of null inherits"
    assert (variants["31"].sku, variants["41"].sku, variants["51"].sku) == (None, "BAG", "BAG")


def test_channels_and_what_they_say(connect):
    products, _, _ = read(connect())
    assert {one: product.channels for one, product in products.items()} == {
        "1": ("Online Store",),
        "2": (),
        "3": (),
        "4": ("Marketplace", "Online Store"),
        "5": ("Marketplace",),
    }
    assert products["2"].feedback == (ChannelFeedback("Marketplace", FeedbackState.REQUIRES_ACTION, ("rejected",)),)
    assert products["1"].feedback == ()


def test_who_answers(connect):
    facts = connect().facts()
    assert (facts.name, facts.identity, facts.currency, facts.unread) == ("Front", "abc123", "EUR", ())


def test_what_a_token_may_not_read_stays_unknown(connect, simulated):
    simulated.faults.forbidden = ("/v3/channels", "/v2/store")
    shop = connect()
    facts = shop.facts()
    assert (facts.currency, facts.identity, facts.unread) == (None, "abc123", (NO_STORE, NO_CHANNELS))
    products, _, _ = by_id(list(shop.catalogue()))
    assert {(one.channels, one.feedback) for one in products.values()} == {(None, None)}


def test_a_token_that_may_not_read_products_reads_nothing(connect, simulated):
    simulated.faults.forbidden = ("/v3/catalog",)
    with pytest.raises(ShopForbids, match="may not read this: You don't have a required scope"):
        connect().facts()


def test_pages_of_250(connect, simulated):
    (many,) = marketed()[4:]
    simulated.goods = lambda: [
        replace(many, id=one, variants=(replace(many.variants[0], id=one, sku=f"S-{one}"),)) for one in range(1, 602)
    ]
    products, variants, _ = read(connect())
    assert (len(products), len(variants)) == (601, 601)
    assert {product.channels for product in products.values()} == {("Marketplace",)}
    asked = [one for one in simulated.asked if one.startswith("/v3/catalog/products?limit=250")]
    assert len(asked) == 3


def test_a_few_skus(connect, simulated):
    shop = connect()
    _, variants, _ = read(shop, shop.some(["B-41", "BAG", "gone"]))
    assert set(variants) == {"11", "12", "41", "51"}, "the other variants of their products come along"


def test_the_limit_is_kept_before_it_is_passed(connect, simulated, pauses):
    simulated.left = 3
    read(connect())
    assert pauses.slept == [30.0]


@pytest.mark.parametrize(("names_its_reset", "waits"), [(True, 30.0), (False, 5.0)])
def test_a_throttled_question_waits_for_the_reset(connect, simulated, pauses, names_its_reset, waits):
    simulated.faults.throttled, simulated.faults.names_its_reset = 2, names_its_reset
    assert connect().facts().currency == "EUR"
    assert pauses.slept == [waits, waits]
    simulated.faults.throttled = 99
    with pytest.raises(ShopBusy, match="BigCommerce takes no more questions"):
        connect().facts()


def test_a_fault_of_theirs_is_waited_out(connect, simulated, pauses):
    simulated.faults.fails = 2
    assert connect().facts().currency == "EUR"
    simulated.faults.fails = 99
    with pytest.raises(ShopFault, match=r"could not answer \(status 503\): Service unavailable"):
        connect().facts()


def test_a_revoked_token_has_its_sentence(connect, simulated):
    simulated.faults.revoked = True
    with pytest.raises(ShopRefused, match="refused the token of the shop big: it was revoked") as refused:
        connect().facts()
    assert "each read-only" in refused.value.advice
    with pytest.raises(ShopRefused, match="The shop big has no token"):
        connect(token="").facts()


def test_an_address_without_a_store_has_its_sentence(connect):
    with pytest.raises(ShopRefused, match="There is no BigCommerce store at"):
        connect(path="/stores/other").facts()


def test_pages_that_repeat_are_a_partial_reading(connect, simulated):
    shop = connect()
    shop.facts()
    (many,) = marketed()[4:]
    simulated.goods = lambda: [replace(many, id=one) for one in range(1, 602)]
    simulated.faults.repeats_pages = True
    with pytest.raises(PartlyRead, match="pages repeat: page 2 shows what came before"):
        list(shop.catalogue())


def test_fewer_products_than_counted_are_a_partial_reading(connect, simulated):
    shop = connect()
    shop.facts()
    simulated.faults.loses = 2
    with pytest.raises(PartlyRead, match="counts 5 products and 3 came"):
        list(shop.catalogue())


def test_something_else_than_a_list_is_no_empty_shop(connect, simulated):
    shop = connect()
    shop.facts()
    simulated.compares = False  # these are no answers of BigCommerce
    simulated._answer = lambda *_: (200, {}, b'{"data": null}')
    with pytest.raises(ShopUnreadable, match="without a list of products"):
        list(shop.catalogue())
    simulated._answer = lambda *_: (200, {}, b"<html>")
    with pytest.raises(ShopUnreadable, match=r"no JSON \(status 200\)"):
        list(shop.catalogue())


TRACKED = [("none", None, False), ("product", 7, True), ("variant", 2, True), ("?", None, None)]


@pytest.mark.parametrize(("tracking", "stock", "tracked"), TRACKED)
def test_stock_counts_only_where_it_is_tracked(tracking, stock, tracked):
    product = {"id": 1, "inventory_tracking": tracking, "inventory_level": 7}
    product["variants"] = [{"id": 2, "inventory_level": 2}]
    (variant,) = (part for part in parts_of(product, "", None, {}) if isinstance(part, ShopVariant))
    assert (variant.stock, variant.tracked) == (stock, tracked)
