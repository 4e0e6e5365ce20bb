"""Shopify over HTTP, its answers executed on its own schema where that was fetched."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from graphql import build_schema

from aexdash.demo.shops.shopify import SimulatedShopify
from aexdash.demo.shops.small_schema import SDL
from aexdash.shops.account import ShopAccount, ShopKind
from aexdash.shops.errors import PartlyRead, ShopBusy, ShopFault, ShopForbids, ShopRefused, ShopUnreadable
from aexdash.shops.kinds import open_shop
from aexdash.shops.records import ChannelFeedback, FeedbackState, SourceState
from aexdash.shops.shop import ToldToStop
from tests.shops.goods import NOON, PICTURE, Pauses, by_id, goods, served
from tests.shops.schemas import best

ACCOUNT = {"key": "front", "kind": ShopKind.SHOPIFY, "token": "shpat_simulated"}


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
def simulated(pauses):
    return SimulatedShopify(goods, clock=pauses.clock, schema=best())


@pytest.fixture
def connect(simulated, pauses):
    """Connect to the simulated shop over HTTP."""
    with served(simulated) as url:
        opened = []

        def connected(path="", **more):
            told = {**ACCOUNT, "address": url + path, **more}
            opened.append(open_shop(ShopAccount(**told), clock=pauses.clock, sleep=pauses.sleep))
            return opened[-1]

        yield connected
        for shop in opened:
            shop.close()


def test_the_whole_catalogue_comes_by_one_job(connect, simulated, pauses):
    shop = connect(match_field="custom.aliexpress_id")
    products, variants, channels = by_id(list(shop.catalogue()))
    boots = products["1"]
    assert (boots.title, boots.state, boots.platform_state) == ("Boots", SourceState.ACTIVE, "ACTIVE")
    assert (boots.picture_url, boots.updated_at, boots.match_key) == (PICTURE, NOON, "1005001234567890")
    assert (boots.channels, boots.feedback) == ((), ())
    assert channels == {("1", "Online Store"), ("1", "Point of Sale"), ("4", "Online Store"), ("5", "Online Store")}
    assert [products[one].state.value for one in "2345"] == ["draft", "archived", "unlisted", "active"]
    assert products["2"].feedback == (ChannelFeedback("Google", FeedbackState.REQUIRES_ACTION, ("No GTIN",), NOON),)
    small, large = variants["11"], variants["12"]
    assert (small.product_id, small.sku, small.title, small.price) == ("1", "B-40", "40", Decimal("59.90"))
    assert (small.stock, small.tracked, large.stock, large.tracked) == (3, True, 0, True)
    assert (variants["21"].stock, variants["21"].tracked) == (None, False)
    assert variants["31"].sku is None
    assert (variants["41"].sku, variants["51"].sku) == ("BAG", "BAG")
    assert sum("bulkOperationRunQuery" in question for question in simulated.asked) == 1


def test_who_answers(connect):
    facts = connect().facts()
    assert (facts.name, facts.identity, facts.currency) == ("Front", "front.myshopify.com", "EUR")
    assert (facts.scopes, facts.unread) == (("read_inventory", "read_products", "read_publications"), ())


def test_a_few_skus_by_small_pages(connect):
    shop = connect()
    products, variants, channels = by_id(list(shop.some(["B-41", "BAG", "gone", "hat"])))
    assert set(variants) == {"12", "41", "51"}, "a search does not look at the case, and hat is not HAT"
    assert (products["1"].channels, channels) == (("Online Store", "Point of Sale"), set())


def test_a_full_page_of_channels_may_not_be_all(connect, simulated, monkeypatch):
    monkeypatch.setattr("aexdash.shops.shopify_queries.CHANNELS_A_PRODUCT", 2)
    products, _, _ = by_id(list(connect().some(["B-41", "BAG"])))
    assert (products["1"].channels, products["4"].channels) == (None, ("Online Store",))


def test_a_throttled_question_is_asked_again_after_the_bucket_filled(connect, simulated, pauses):
    shop = connect()
    for status in (200, 429):
        simulated.faults.throttled, simulated.faults.throttled_status = 2, status
        assert shop.facts().currency == "EUR"
    assert pauses.slept == [1.0] * 4


def test_a_shop_that_stays_throttled_is_given_up_with_a_sentence(connect, simulated):
    simulated.faults.throttled = 99
    with pytest.raises(ShopBusy, match="Shopify takes no more questions for now"):
        connect().facts()


def test_a_fault_of_theirs_is_waited_out(connect, simulated, pauses):
    simulated.faults.fails = 3
    assert connect().facts().currency == "EUR"
    assert pauses.slept == [0.5, 1.0, 2.0]
    simulated.faults.fails = 99
    with pytest.raises(ShopFault, match=r"Shopify could not answer \(status 503\)"):
        connect().facts()


def test_a_revoked_token_has_its_sentence(connect, simulated):
    simulated.faults.revoked = True
    with pytest.raises(ShopRefused, match="refused the token of the shop front: it was revoked") as refused:
        list(connect().catalogue())
    assert "read_products, read_inventory and read_publications" in refused.value.advice
    assert "shpat_simulated" not in f"{refused.value} {refused.value.advice}"


@pytest.fixture
def by_credentials(pauses):
    return SimulatedShopify(goods, clock=pauses.clock, schema=best(), client_id="id", client_secret="secret")


def test_tokens_of_a_day_are_renewed_before_they_end_and_once_when_refused(by_credentials, pauses):
    with served(by_credentials) as url:
        account = ShopAccount(**{**ACCOUNT, "token": "", "client_id": "id", "client_secret": "secret", "address": url})
        shop = open_shop(account, clock=pauses.clock, sleep=pauses.sleep)
        shop.facts()
        pauses.now += timedelta(hours=23)
        shop.facts()
        assert by_credentials.tokens_given == 1
        pauses.now += timedelta(minutes=51)
        shop.facts()
        assert by_credentials.tokens_given == 2
        by_credentials.tokens.clear()
        shop.facts()
        assert by_credentials.tokens_given == 3
        by_credentials.faults.revoked = True
        with pytest.raises(ShopRefused, match="refused the token"):
            shop.facts()
        assert by_credentials.tokens_given == 4, "a refused token is renewed once, not for ever"
        shop.close()


def test_refused_credentials_have_their_sentence(by_credentials, pauses):
    with served(by_credentials) as url:
        account = ShopAccount(**{**ACCOUNT, "token": "", "client_id": "id", "client_secret": "no", "address": url})
        shop = open_shop(account, clock=pauses.clock, sleep=pauses.sleep)
        with pytest.raises(ShopRefused, match="refused client_id and client_secret of the shop front"):
            shop.facts()
        shop.close()


@pytest.mark.parametrize(
    ("scopes", "unread"),
    [
        (("read_products", "read_publications"), "What is in stock is not known: read_inventory is missing."),
        (
            ("read_products", "read_inventory"),
            "On which channels a product is published is not known: read_publications is missing.",
        ),
    ],
)
def test_what_a_token_may_not_read_stays_unknown(connect, simulated, scopes, unread):
    simulated.scopes = scopes
    shop = connect()
    assert shop.facts().unread == (unread,)
    products, variants, channels = by_id(list(shop.catalogue()))
    assert len(variants) == 6
    if "stock" in unread:
        assert {(one.stock, one.tracked) for one in variants.values()} == {(None, None)}
    else:
        assert ({one.channels for one in products.values()}, channels) == ({None}, set())


def test_a_token_that_may_not_read_products_reads_nothing(connect, simulated):
    simulated.scopes = ("read_orders",)
    with pytest.raises(ShopForbids, match="may not read products"):
        connect().facts()


def test_who_may_write_may_read(connect, simulated):
    simulated.scopes = ("write_products", "write_inventory", "write_publications")
    assert connect().facts().unread == ()


def test_a_schema_without_a_field_leaves_out_that_alone(connect, simulated):
    simulated.schema = build_schema(SDL.replace("feedback: ResourceFeedback", ""))
    shop = connect()
    (unread,) = shop.facts().unread
    assert unread.startswith("What channels say of a product is not known: Shopify did not take our question: ")
    assert "Cannot query field 'feedback'" in unread
    products, variants, _ = by_id(list(shop.catalogue()))
    assert (len(variants), {one.feedback for one in products.values()}) == (6, {None})


def test_a_schema_without_what_everything_rests_on_is_not_read(connect, simulated):
    simulated.schema = build_schema(SDL.replace("  sku: String\n", ""))
    with pytest.raises(ShopUnreadable, match="did not begin the bulk job: Cannot query field 'sku'"):
        list(connect().catalogue())


def test_a_partial_file_is_a_partial_reading(connect, simulated):
    simulated.faults.partial, simulated.faults.keeps_lines = True, 0.5
    parts, said = kept(connect().catalogue(), PartlyRead)
    assert (len(parts), said) == (7, "Shopify's bulk job ended early (INTERNAL_SERVER_ERROR): 7 lines came of it.")


def kept(parts_of, error):
    """What came before an error, and its sentence."""
    parts = []
    try:
        for part in parts_of:
            parts.append(part)
    except error as raised:
        return parts, str(raised)
    raise AssertionError("it ended without an error")


def test_a_file_with_fewer_lines_than_counted_is_partial_and_what_came_counts(connect, simulated):
    simulated.faults.keeps_lines = 0.8
    parts, said = kept(connect().catalogue(), PartlyRead)
    assert (len(parts), said) == (12, "Shopify's bulk job counted 15 objects and 12 came.")


def test_a_job_that_ends_without_a_file_has_its_sentence(connect, simulated):
    simulated.faults.job_error = "ACCESS_DENIED"
    with pytest.raises(ShopForbids, match="bulk job was refused: the token may not read"):
        list(connect().catalogue())
    simulated.faults.job_error = "TIMEOUT"
    with pytest.raises(ShopFault, match=r"ended without a file \(TIMEOUT\)"):
        list(connect().catalogue())


def test_a_job_of_somebody_else_is_waited_for(connect, simulated, pauses):
    simulated.faults.busy_jobs, simulated.faults.polls_until_ready = 2, 3
    assert len(by_id(list(connect().catalogue()))[1]) == 6
    assert pauses.slept == [30.0, 30.0, 3.0, 3.0]


def test_a_shop_without_products_is_read_to_its_end(connect, simulated):
    simulated.goods = list
    assert list(connect().catalogue()) == []


def test_pages_that_repeat_do_not_go_on_for_ever(connect, simulated):
    simulated.faults.repeats_pages = True
    with pytest.raises(PartlyRead, match="pages repeat"):
        list(connect().some(["BAG"]))


def test_a_job_that_brings_less_than_the_shop_counts_is_partial(connect, simulated):
    shop = connect()
    many, few = goods() * 40, goods()
    simulated.goods = lambda: few if any("bulkOperation(" in one for one in simulated.asked[-1:]) else many
    with pytest.raises(PartlyRead, match="counts at least 200 products and 5 came"):
        list(shop.catalogue())


def test_a_count_that_ends_at_ten_thousand_is_only_at_least(connect, simulated):
    """A count that is capped asks for no more than came."""
    simulated.faults.count_cap = True
    assert len(by_id(list(connect().catalogue()))[1]) == 6


def test_a_job_is_cancelled_when_told_to_stop(connect, simulated):
    simulated.faults.polls_until_ready = 99
    stops = iter([False, False, True])
    with pytest.raises(ToldToStop):
        list(connect().catalogue(lambda: next(stops)))
    assert "bulkOperationCancel" in simulated.asked[-1]


def test_an_address_without_a_shop_has_its_sentence(connect, simulated):
    with pytest.raises(ShopRefused, match=r"There is no Shopify shop at 127\.0\.0\.1"):
        connect(path="/elsewhere").facts()
