"""Listings beside their shop, comparison after comparison: what is kept, since when it is so, and what is not known."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal

import pytest

from aexdash.cli.worker import loops_beside
from aexdash.clock import to_text
from aexdash.config.sections.shops import ShopSettings
from aexdash.config.settings import Settings
from aexdash.model import Provenance, Reason
from aexdash.platform_data import Detail, Observation
from aexdash.shops.records import SourceState
from aexdash.snapshot.evidence.api import open_period_ids, record_details, record_reasons
from aexdash.snapshot.matched import recording
from aexdash.snapshot.matched.recording import refresh_sources
from aexdash.snapshot.version import version
from aexdash.sync.worker.source_watch import SourceWatch
from tests.snapshot.matched.both import Both, as_shown
from tests.snapshot.shops.shop import FAILED, PARTIAL, ShopStory, product
from tests.snapshot.store import ACTIVE, DELETED, NOON, OFFLINE, REJECTED, SHOP_STALE_AFTER

HOUR = timedelta(hours=1)


@pytest.fixture
def both(store):
    return Both(store)


def test_each_listing_is_told_what_differs_and_since_when(both):
    both.shop.read([*product("1"), *product("2"), *product("3")])
    both.listings(_1=ACTIVE, _2=ACTIVE, _3=REJECTED, _4=OFFLINE)
    both.compare()
    assert both.words() == {1: "same", 2: "same", 3: "same", 4: "missing"}
    draft_by = both.shop.read(
        [
            *product("1", state=SourceState.DRAFT, platform_state="DRAFT"),
            *product("2", price=Decimal(20), stock=0),
            *product("3"),
        ]
    )
    both.compare()
    assert both.words() == {1: "draft", 2: "out_of_stock|price", 3: "same", 4: "missing"}
    [draft] = both.told(1)
    assert (draft["there"], draft["shop"], draft["since"]) == ("DRAFT", "front", to_text(draft_by))
    assert draft["after"] == to_text(NOON - timedelta(minutes=1))
    assert [(one["there"], one["here"]) for one in both.told(2)] == [("0 in stock", ""), ("20.00 EUR", "9.90 EUR")]


def test_what_is_so_since_before_another_change_keeps_its_since(both):
    first = both.shop.read(product("1", state=SourceState.DRAFT, platform_state="DRAFT"))
    both.shop.read(product("1", state=SourceState.DRAFT, platform_state="DRAFT", price=Decimal("9.50")))
    both.listings(_1=ACTIVE)
    both.compare()
    [draft] = both.told(1)
    assert (draft["since"], draft["after"]) == (to_text(first), None)


def test_nothing_new_writes_nothing_and_a_change_ends_a_period(both):
    both.shop.read(product("1"))
    both.listings(_1=ACTIVE)
    assert both.compare() == 1
    assert both.compare() == 0
    both.shop.read(product("1", state=SourceState.ARCHIVED, platform_state="ARCHIVED"))
    both.compare()
    assert both.store.rows("SELECT words, ended_at IS NULL FROM listing_source ORDER BY id") == [
        ("|same|", 0),
        ("|archived|", 1),
    ]


def test_listings_are_compared_a_few_at_a_time_and_none_is_left_out(both, monkeypatch):
    monkeypatch.setattr(recording, "BATCH", 2)
    drafts = [part for one in "345" for part in product(one, state=SourceState.DRAFT, platform_state="DRAFT")]
    both.shop.read([*product("1"), *product("2", stock=0), *drafts])
    both.listings(_1=ACTIVE, _2=ACTIVE, _3=ACTIVE, _4=REJECTED, _5=OFFLINE, _6=ACTIVE, _7=ACTIVE)
    assert both.compare() == 7
    told = {1: "same", 2: "out_of_stock", 3: "draft", 4: "draft", 5: "draft", 6: "missing", 7: "missing"}
    assert both.words() == told
    assert both.compare() == 0
    staging = both.store.stage({}, walks=[])
    for gone in (5, 6):
        staging.add_look_up(Observation(gone, DELETED, ""))
    both.store.record(staging)
    assert both.compare() == 2
    assert both.words() == {one: words for one, words in told.items() if one not in (5, 6)}


def test_what_is_read_of_a_shop_meanwhile_is_for_the_next_comparison(both, monkeypatch):
    """One reading tells what matches, the next would tell of other variants: a comparison sees one of them alone."""
    both.shop.read([*product("1"), *product("2", stock=0)])
    both.listings(_1=ACTIVE, _2=ACTIVE)
    read_variants = recording.with_variants

    def after_another_reading(*asked):
        both.shop.read(product("1", stock=0))
        return read_variants(*asked)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(recording, "with_variants", after_another_reading)
        both.compare()
    assert both.words() == {1: "same", 2: "out_of_stock"}
    both.compare()
    assert both.words() == {1: "out_of_stock", 2: "missing"}


@pytest.mark.parametrize("outcome", [PARTIAL, FAILED])
def test_a_shop_that_was_not_read_to_its_end_has_nothing_missing(both, outcome):
    both.shop.read(product("1"), outcome)
    both.listings(_1=ACTIVE, _2=ACTIVE)
    both.compare()
    assert both.words() == {1: "same" if outcome is PARTIAL else "not_known", 2: "not_known"}
    both.shop.read(product("1"))
    both.compare()
    assert both.words() == {1: "same", 2: "missing"}


def test_ambiguous_codes_and_listings_without_any_are_told_and_never_dropped(both):
    both.shop.read([*product("1"), *product("2", sku="SKU-1"), *product("3", sku="sku-3")])
    both.store.sweep({1: as_shown(1, ACTIVE), 2: as_shown(2, ACTIVE, sku_codes=()), 3: as_shown(3, ACTIVE)})
    both.compare()
    assert both.words() == {
        1: "ambiguous",
        2: "not_known",
        3: "probable",
    }  # only a detail tells the codes of the second
    record_details(both.store.db, both.store.id, [Detail(2, ACTIVE, "x", None, {}, (), (), (), None, None)], NOON)
    both.compare()
    assert both.words() == {1: "ambiguous", 2: "no_key", 3: "probable"}
    assert both.told(3)[0]["there"] == "sku-3"


def test_another_picture_there_counts_where_the_listing_was_not_changed_since(both):
    both.shop.read(product("1", picture_url="https://cdn.example/old.jpg"))
    both.shop.read(product("1", picture_url="https://cdn.example/new.jpg"))
    both.store.sweep({1: as_shown(1, ACTIVE, modified_at=NOON - HOUR)})
    both.compare()
    assert both.words() == {1: "picture"}
    both.store.sweep({1: as_shown(1, ACTIVE, modified_at=NOON + 2 * HOUR)})
    both.compare()
    assert both.words() == {1: "same"}


def test_a_picture_that_nobody_saw_change_is_no_change(both):
    both.shop.read(product("1", picture_url="https://cdn.example/new.jpg"))
    both.store.sweep({1: as_shown(1, ACTIVE, modified_at=NOON - HOUR)})
    both.compare()
    assert both.words() == {1: "same"}


def rejected_for(both, code: str) -> None:
    [period] = open_period_ids(both.store.db, both.store.id, [1]).values()
    record_reasons(both.store.db, period, [Reason(code, Provenance.CHECK)], [Provenance.CHECK], both.store.now)


def test_what_was_mended_there_since_the_rejection_waits_for_aliexpress(both):
    long = "Lamp " * 60
    both.shop.read(product("1", title=long))
    both.store.after(minutes=30).sweep({1: as_shown(1, REJECTED, title=long)})
    rejected_for(both, "title.too_long")
    both.compare()
    assert both.words() == {1: "same"}
    by = both.shop.read(product("1", title="Lamp"))
    both.compare()
    assert both.words() == {1: "fixed|title"}
    [fixed, _] = both.told(1)
    assert (fixed["code"], fixed["there"], fixed["since"]) == ("title.too_long", "Lamp", to_text(by))


def test_what_was_right_there_all_along_was_not_mended_since(both):
    both.shop.read(product("1", title="Lamp"))
    both.store.sweep({1: as_shown(1, REJECTED, title="Lamp " * 60)})
    rejected_for(both, "title.too_long")
    both.compare()
    assert both.words() == {1: "title"}


def test_what_came_to_the_shop_since_was_not_mended_there(both):
    both.store.sweep({1: as_shown(1, REJECTED, title="Lamp " * 60)})
    rejected_for(both, "title.too_long")
    both.shop.now = NOON + HOUR
    both.shop.read(product("2"))
    both.shop.read([*product("1", title="Lamp"), *product("2")])
    both.compare()
    assert both.words() == {1: "title"}


def test_a_listing_that_is_gone_and_a_store_without_a_shop_have_nothing(both, store):
    both.shop.read(product("1"))
    both.listings(_1=ACTIVE)
    both.compare()
    store.db.execute("UPDATE shop SET watched = 0")
    both.compare()
    assert both.words() == {}
    assert store.rows("SELECT * FROM source_compared") == []


def test_the_worker_compares_when_a_shop_was_read_and_else_at_leisure(both):
    both.listings(_1=ACTIVE)
    now = [NOON + HOUR]
    watch = SourceWatch(both.store.db, nullcontext, lambda: now[0], SHOP_STALE_AFTER)
    assert watch.step() == 1  # never compared
    assert watch.step() == 0
    both.shop.now = NOON + 2 * HOUR
    both.shop.read(product("1"))
    now[0] = NOON + 3 * HOUR
    assert (watch.step(), both.words()) == (1, {1: "same"})
    both.store.after(hours=4).sweep({1: as_shown(1, REJECTED, title="Other thing")})
    assert watch.step() == 0  # it rests
    now[0] = NOON + 5 * HOUR
    assert (watch.step(), both.words()) == (1, {1: "title"})


def until(both) -> list[object]:
    return [at for (at,) in both.store.rows("SELECT speaks_until FROM source_compared")]


def test_it_is_kept_up_to_when_the_reading_of_the_shop_speaks(both):
    both.listings(_1=ACTIVE)
    both.compare()
    assert until(both) == [None]  # no complete reading
    read = both.shop.read(product("1"))
    both.compare()
    assert until(both) == [to_text(read + 3 * HOUR)]
    later = both.shop.read(product("1"), FAILED)
    both.compare()
    assert until(both) == [to_text(read + 3 * HOUR)]
    assert later > read


def test_of_several_shops_the_one_that_speaks_least_long_counts(both):
    both.listings(_1=ACTIVE)
    first = both.shop.read(product("1"))
    other = ShopStory(both.store.folder, "other", first + HOUR)
    then = other.read(product("1"))
    now, tolerances = then + HOUR, {"front": 5 * 3600.0, "other": 3600.0}
    refresh_sources(both.store.db, "main", now, tolerances.__getitem__)
    assert until(both) == [to_text(then + HOUR)]
    refresh_sources(both.store.db, "main", now, lambda _: 7200.0)
    assert until(both) == [to_text(first + 2 * HOUR)]


def test_with_another_tolerance_every_store_is_compared_again_and_pages_hear_of_it(both):
    both.listings(_1=ACTIVE)
    read = both.shop.read(product("1"))
    now = read + HOUR
    assert SourceWatch(both.store.db, nullcontext, lambda: now, SHOP_STALE_AFTER).step() == 1
    before = version(both.store.db.conn)
    assert SourceWatch(both.store.db, nullcontext, lambda: now, lambda _: 7200.0).step() == 1
    assert until(both) == [to_text(read + 2 * HOUR)]
    assert version(both.store.db.conn) > before


def test_the_worker_begins_to_compare_anew_when_a_tolerance_is_changed(tmp_path):
    def about(tolerance: int) -> object:
        shop = ShopSettings(key="front", kind="csv", file="shop.csv", stale_after_seconds=tolerance)
        beside = loops_beside(threading.Event(), lambda: NOON, print)
        return beside(Settings(home=tmp_path, shops={"front": shop}))["sources"].about

    assert about(3600) == about(3600) != about(7200)
