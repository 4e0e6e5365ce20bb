"""A reading of a shop from its first call to the snapshot: what is complete, what is partial, and what never is."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from aexdash.cli.worker import loops_beside
from aexdash.config.settings import load_settings
from aexdash.demo.shops.bigcommerce import SimulatedBigCommerce
from aexdash.demo.shops.shopify import SimulatedShopify
from aexdash.shops.records import SourceState
from aexdash.shops.shop import ToldToStop
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.shops import recording
from aexdash.snapshot.shops.readmodels import Matching, ReadingOutcome
from aexdash.sync import lease
from aexdash.sync.shop_reading import ShopReader
from aexdash.sync.worker.shop_watch import ShopWatch, mark_unwatched, reading
from tests.shops.goods import NOON, Pauses, goods
from tests.support import keep

CONFIG = """
[store.main]
model = "overseas"
[shop.front]
kind = "shopify"
address = "https://front.myshopify.com"
currency = "EUR"
[shop.big]
kind = "bigcommerce"
address = "https://api.bigcommerce.com/stores/abc123"
stores = ["main"]
"""
SECRETS = '[shop.front]\ntoken = "shpat_simulated"\n[shop.big]\ntoken = "simulated"\n'
COMPLETE, PARTIAL, FAILED = ReadingOutcome


class Home:
    """A home with two simulated shops, whose readings are a call."""

    def __init__(self, folder):
        self.folder, self.pauses = folder, Pauses()
        self.shopify = SimulatedShopify(goods, clock=self.pauses.clock)
        self.big = SimulatedBigCommerce(goods)
        (folder / "secrets.toml").write_text(SECRETS)
        (folder / "secrets.toml").chmod(0o600)
        self.configure(CONFIG)
        self.db = open_snapshot(self.settings.snapshot_path)
        self.writing = lease.writing(self.settings.lease_path, clock=self.pauses.clock, command="test")

    def configure(self, text):
        (self.folder / "aexdash.toml").write_text(text)
        self.settings = load_settings(self.folder)

    def reader(self, key="front"):
        respond = {"front": self.shopify, "big": self.big}[key].respond
        return ShopReader(
            self.settings,
            self.settings.shops[key],
            self.db,
            clock=self.pauses.clock,
            writing=self.writing,
            sleep=self.pauses.sleep,
            respond=respond,
        )

    def read(self, key="front", skus=()):
        self.pauses.now += timedelta(hours=1)
        return self.reader(key).read(skus=skus)

    @property
    def report(self):
        return Snapshot(self.settings.snapshot_path).shops()

    def standing(self, key="front"):
        return {one.variant_id: one for one in self.report.standing([key])}

    def row(self, key="front"):
        return next(shop for shop in self.report.shops() if shop.key == key)


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path)
    yield home
    home.db.close()


@pytest.mark.parametrize(("key", "stores"), [("front", ("main",)), ("big", ("main",))])
def test_a_whole_reading(home, key, stores):
    result = home.read(key)
    assert (result.outcome, result.products, result.variants, result.message) == (COMPLETE, 5, 6, "")
    row = home.row(key)
    assert (row.stores, row.currency, row.matching) == (stores, "EUR", Matching.SKU)
    assert (row.complete, row.complete.ended_at) == (row.last, home.pauses.now)
    boots = home.standing(key)["11"]
    told = (boots.sku, boots.title, boots.price, boots.currency, boots.stock)
    assert told == ("B-40", "Boots", Decimal("59.9"), "EUR", 3)
    assert "Online Store" in boots.channels


def test_a_change_at_the_source_is_told_with_both_readings(home):
    home.read()
    before = home.pauses.now
    boots, *rest = goods()
    home.shopify.goods = lambda: [replace(boots, status="DRAFT", channels=()), *rest]
    home.read()
    one = home.standing()["11"]
    assert (one.state, one.started_after, one.started_at) == (SourceState.DRAFT, before, home.pauses.now)


def test_a_partial_reading_takes_nothing_away_and_says_why(home):
    home.read()
    known = home.standing()
    home.shopify.faults.partial, home.shopify.faults.keeps_lines = True, 0.5
    result = home.read()
    assert result.outcome is PARTIAL
    assert result.message == "Shopify's bulk job ended early (INTERNAL_SERVER_ERROR): 7 lines came of it."
    assert home.standing() == known
    assert home.row().complete.outcome is COMPLETE
    assert home.row().last.message.startswith("Shopify's bulk job ended early")


def test_a_failed_reading_takes_nothing_away_and_never_says_zero(home):
    home.read()
    known = home.standing()
    home.shopify.faults.revoked = True
    result = home.read()
    assert (result.outcome, result.products, result.variants) == (FAILED, 0, 0)
    assert result.message == "Shopify refused the token of the shop front: it was revoked, or is not of this shop."
    assert home.standing() == known
    assert (home.row().complete.products, home.row().last.outcome) == (5, FAILED)
    assert "shpat_simulated" not in str(home.report.readings())


def test_an_empty_answer_is_believed_the_second_time(home):
    home.read()
    home.shopify.goods = list
    result = home.read()
    assert result.outcome is PARTIAL
    assert result.message == "The shop shows nothing, and 6 variants were known: a second reading must confirm it."
    assert len(home.standing()) == 6
    assert home.read().outcome is COMPLETE
    assert home.standing() == {}


def test_a_shop_that_was_always_empty_is(home):
    home.shopify.goods = list
    assert home.read().outcome is COMPLETE


def test_the_wrong_currency_is_not_read(home):
    home.shopify.currency = "USD"
    result = home.read()
    assert (result.outcome, result.message) == (
        FAILED,
        "The prices of the shop front are in USD, and its settings say EUR.",
    )
    assert "under [shop.front]" in result.advice


def test_another_shop_under_the_same_key_is_refused(home):
    home.read()
    home.shopify.domain = "other.myshopify.com"
    result = home.read()
    assert result.outcome is FAILED
    assert result.message.startswith("The shop front was front.myshopify.com and is other.myshopify.com now")
    assert len(home.standing()) == 6


def test_what_a_token_may_not_read_is_said_with_a_complete_reading(home):
    home.shopify.scopes = ("read_products", "read_inventory")
    result = home.read()
    assert (result.outcome, len(result.unread)) == (COMPLETE, 1)
    assert home.row().complete.unread == result.unread
    assert home.standing()["11"].channels is None


def test_a_few_skus_are_read_between_and_say_nothing_of_the_others(home):
    home.read()
    home.shopify.goods = lambda: [one for one in goods() if one.id == 4]
    result = home.read(skus=["BAG", "B-40"])
    assert (result.outcome, result.variants) == (COMPLETE, 1)
    assert len(home.standing()) == 6
    assert home.row().complete.ended_at < home.pauses.now


def test_variants_without_their_product_make_a_reading_partial(home):
    home.read("big")
    home.big.goods = lambda: [one for one in goods() if one.id != 1]
    answer = home.big._products
    home.big._products = lambda asked: [{**one, "variants": []} if one["id"] == 2 else one for one in answer(asked)]
    result = home.read("big")
    assert (result.outcome, result.message) == (PARTIAL, "Products that came without any variant: 1.")
    assert len(home.standing("big")) == 6


def test_a_mapping_file(home):
    home.configure(CONFIG.replace('currency = "EUR"', 'match = "mapping"\nmapping = "map.csv"'))
    assert home.read().message.startswith("The mapping file ")
    (home.folder / "map.csv").write_text("sku,listing\nB-40,1005001234567890\nBAG,A-BAG\n")
    assert home.read().outcome is COMPLETE
    keys = {one.variant_id: one.match_key for one in home.standing().values()}
    assert keys == {"11": "1005001234567890", "12": None, "21": None, "31": None, "41": "A-BAG", "51": "A-BAG"}
    (home.folder / "map.csv").write_text("sku,other\nB-40,1\n")
    assert home.read().message == "The mapping file map.csv has no columns sku and listing."


def test_a_shop_without_a_token_is_a_failed_reading(home):
    (home.folder / "secrets.toml").write_text("")
    home.configure(CONFIG)
    assert home.read().message.startswith("Shop front has no token: write one into ")
    assert home.row().last.outcome is FAILED


def test_a_reading_that_is_given_up_is_not_recorded(home):
    with pytest.raises(ToldToStop):
        home.reader().read(lambda: True)
    assert home.report.readings() == []


def test_a_watch_reads_when_it_is_time_and_says_a_problem_once(home):
    said = []
    watch = ShopWatch(home.settings.shops["front"], home.reader(), clock=home.pauses.clock, log=said.append, last=None)
    assert watch.step(lambda: False).outcome is COMPLETE
    home.pauses.now += timedelta(minutes=59)
    assert watch.step(lambda: False) is None
    home.pauses.now += timedelta(minutes=1)
    home.shopify.faults.revoked = True
    assert watch.step(lambda: False).outcome is FAILED
    home.pauses.now += timedelta(minutes=14)
    assert watch.step(lambda: False) is None
    home.pauses.now += timedelta(minutes=1)
    assert watch.step(lambda: False).outcome is FAILED
    assert len(said) == 1
    assert said[0].startswith("shop front: Shopify refused the token of the shop front")
    home.pauses.now = NOON - timedelta(days=1)
    home.shopify.faults.revoked = False
    assert watch.step(lambda: False).outcome is COMPLETE, "a clock that was set back stops nothing"


def test_a_restart_reads_nothing_before_its_time(home, monkeypatch):
    home.read()
    stop = threading.Event()
    monkeypatch.setattr("aexdash.sync.worker.shop_watch.ShopReader.read", lambda *_: pytest.fail("it was read at once"))
    with reading(home.settings, "front", home.writing, stop, clock=home.pauses.clock, log=pytest.fail) as step:
        assert [step() for _ in range(3)] == [None] * 3


def test_what_failed_before_a_restart_or_a_mended_setting_is_tried_at_once(home):
    home.shopify.faults.revoked = True
    home.read()
    home.shopify.faults.revoked = False
    last = recording.last_reading(home.db.conn, "front")
    assert last == (home.pauses.now, FAILED)
    watch = ShopWatch(home.settings.shops["front"], home.reader(), clock=home.pauses.clock, log=pytest.fail, last=last)
    assert watch.step(lambda: False).outcome is COMPLETE
    assert watch.step(lambda: False) is None


def test_shops_that_the_settings_no_longer_name_are_kept(home):
    home.read()
    home.read("big")
    (home.folder / "secrets.toml").write_text(SECRETS.split("[shop.big]", maxsplit=1)[0])
    home.configure(CONFIG.split("[shop.big]", maxsplit=1)[0])
    mark_unwatched(home.settings, home.db, home.writing)
    assert {shop.key: shop.watched for shop in home.report.shops()} == {"front": True, "big": False}
    assert home.report.of_store("main") == [home.row()]
    assert len(home.standing("big")) == 6
    assert {one.shop for one in home.report.standing()} == {"front"}


def test_the_worker_has_a_loop_for_each_shop_that_is_read(home):
    """So a shop delays neither another nor a store; settings of another thing restart none of them."""
    loops = loops_beside(threading.Event(), home.pauses.clock, pytest.fail)(home.settings)
    assert {name for name in loops if "shop" in name} == {"shops", "shop-front", "shop-big"}
    home.configure(CONFIG + "watched = false\n[channel.lead]\n")
    other = loops_beside(threading.Event(), home.pauses.clock, pytest.fail)(home.settings)
    assert {name for name in other if "shop" in name} == {"shops", "shop-front"}
    assert other["shop-front"].about == loops["shop-front"].about
    assert other["shops"].about != loops["shops"].about


def test_the_loop_of_a_shop_gives_up_when_told(home, monkeypatch):
    stop, said = threading.Event(), []
    reader = home.reader()
    read = reader.read

    def once(*asked):
        stop.set()
        return read(*asked)

    reader.read = once
    monkeypatch.setattr("aexdash.sync.worker.shop_watch.ShopReader", lambda *_, **__: reader)
    clock = home.pauses.clock
    loop = partial(reading, home.settings, "front", home.writing, stop, clock=clock, log=said.append)
    keep(loop, stop, clock, said.append)
    # Told to stop while it reads, it gives the reading up, and records nothing of it.
    assert (home.report.readings(), said) == ([], [])


def without(*numbers: int):
    """The goods without some products, by their number."""
    return lambda: [one for one in goods() if one.id not in numbers]


@pytest.mark.slow
def test_more_than_half_of_a_shop_gone_at_once_is_believed_the_second_time(home):
    home.read()
    known = home.standing()
    home.shopify.goods = without(1, 2, 3)  # four of six variants
    result = home.read()
    assert result.outcome is PARTIAL
    assert result.message == (
        "4 of 6 variants are gone at once: a second reading must confirm it, so they stay as they were."
    )
    assert home.standing() == known
    assert home.read().outcome is COMPLETE
    assert len(home.standing()) == 2


def test_half_of_a_shop_is_believed_at_once(home):
    home.read()
    home.shopify.goods = without(1, 2)
    assert home.read().outcome is COMPLETE
    assert len(home.standing()) == 3


def test_another_part_gone_the_second_time_confirms_only_what_both_lack(home):
    home.read()
    home.shopify.goods = without(1, 2, 3)
    home.read()
    home.shopify.goods = without(3, 4, 5)
    result = home.read()  # one of three was gone before too, and two of the other five are
    assert result.outcome is COMPLETE
    assert len(home.standing()) == 3
    home.shopify.goods = goods
    home.read()
    assert len(home.standing()) == 6


def test_what_comes_back_in_between_is_no_longer_waiting(home):
    home.read()
    home.shopify.goods = without(1, 2, 3)
    home.read()
    home.shopify.goods = goods
    assert home.read().outcome is COMPLETE
    home.shopify.goods = without(1, 2, 3)
    assert home.read().outcome is PARTIAL
    assert len(home.standing()) == 6
