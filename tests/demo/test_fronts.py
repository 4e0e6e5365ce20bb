"""The shops of the demo: of the same products as its listings, with oddities, read over HTTP by the real client."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.demo import fronts
from aexdash.demo.launch import prepare
from aexdash.demo.past import DemoStore
from aexdash.demo.platform.server import application, serve_in_thread
from aexdash.demo.world.world import World
from aexdash.model import HELD, Status
from aexdash.shops.account import ShopKind
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.shops.readmodels import ReadingOutcome
from aexdash.sync import lease
from aexdash.sync.shop_reading import ShopReader

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def clock():
    return NOW


@pytest.fixture(scope="module")
def stores():
    return [
        DemoStore("demo", "Demo", "50000001", "overseas", World(3, 60, worked_example=False), front=ShopKind.SHOPIFY),
        DemoStore(
            "supplier", "S", "50000002", "choice", World(7, 40, worked_example=False), front=ShopKind.BIGCOMMERCE
        ),
        DemoStore("managed", "M", "50000004", "overseas_managed", World(11, 10, worked_example=False)),
    ]


@pytest.fixture(scope="module")
def read(stores, tmp_path_factory):
    """A home whose shops were read in the past of the demo, and now over HTTP."""
    home = tmp_path_factory.mktemp("demo")
    shops = fronts.fronts_of(stores)
    with serve_in_thread(application(fronts.before(lambda *_: (404, {}, b""), shops, clock))) as server:
        settings = prepare(home, stores, server.url)
        said = []
        fronts.read_past(settings, shops, NOW, said.append)
        fronts.read_past(settings, shops, NOW, said.append)  # what was read is not read again
        with closing(open_snapshot(settings.snapshot_path)) as db:
            writing = lease.writing(settings.lease_path, clock=clock, command="test")
            for key, shop in settings.shops.items():
                reader = ShopReader(settings, shop, db, clock=clock, writing=writing, sleep=fronts._shortly)
                with closing(reader):
                    assert reader.read().outcome is ReadingOutcome.COMPLETE
                assert key in ("front", "outlet")
        assert said == []
        yield Snapshot(settings.snapshot_path).shops()


def test_each_shop_is_of_its_store_and_has_a_past(read):
    assert {shop.key: (shop.kind, shop.stores, shop.currency) for shop in read.shops()} == {
        "front": ("shopify", ("demo",), "USD"),
        "outlet": ("bigcommerce", ("supplier",), "USD"),
    }
    assert [reading.began_at for reading in read.readings("front")] == [NOW, NOW - timedelta(hours=20)]
    assert read.readings("front")[0].changes > 0


@pytest.mark.parametrize(("key", "place"), [("front", 0), ("outlet", 1)])
def test_the_skus_are_those_of_the_listings(read, stores, key, place):
    world = stores[place].world
    listed = {
        sku.code: sku
        for status in (Status.ACTIVE, *HELD, Status.OFFLINE)
        for one in world.ids(status, NOW)
        for sku in world.listing(one, NOW).facts.skus
    }
    found = {one.sku: one for one in read.standing([key]) if one.sku}
    assert len(listed.keys() & found.keys()) > 0.8 * len(listed)
    assert {sku for sku in found if sku not in listed} == {f"NEW-{number:03}" for number in range(1, 26)}
    same = [sku for sku in listed.keys() & found.keys() if f"{found[sku].price:.2f}" == listed[sku].price]
    assert len(same) > 0.8 * len(listed.keys() & found.keys())


def test_some_of_everything_is_odd_and_held_ones_more_often():
    ids = range(1, 20_001)
    for held, times in ((False, 1), (True, fronts.OF_HELD)):
        odd = Counter(fronts.oddity_of(one, held=held) for one in ids)
        for name, share in fronts.SHARES.items():
            assert odd[name] == pytest.approx(len(ids) * share * times / 1000, rel=0.25)


def test_a_rejected_title_or_price_is_mended_in_the_shop_an_hour_later(stores):
    """So the demo has listings that wait for nothing but a push."""
    store, mended = stores[0], 0
    for hours in range(0, 24 * 20, 6):
        now = NOW - timedelta(hours=hours)
        for product_id in store.world.ids(Status.REJECTED, now):
            listing = store.world.listing(product_id, now)
            before = store.world.listing(product_id, now - fronts.MENDED_AFTER)
            shown = fronts._mended(store, listing, now)
            if before is None or before.status is not Status.REJECTED:
                assert shown is listing
            elif shown.facts != listing.facts:
                fixed = store.world.repaired(product_id, now)
                assert (shown.facts.title, shown.facts.skus) == (fixed.title, fixed.skus)
                assert shown.facts.pictures == listing.facts.pictures  # only a title and prices are mended there
                mended += 1
    assert mended > 0
