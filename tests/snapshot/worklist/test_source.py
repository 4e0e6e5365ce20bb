"""The filter `source` and what a row says of its shop: now, at a past moment, and beside the lanes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.desk.decisions.work import Desk
from aexdash.model import Lane, SourceWord, Stage
from aexdash.shops.records import SourceState
from aexdash.snapshot.readmodels import Facet
from aexdash.view import View
from aexdash.words.reconcile.source import cells, chips
from tests.snapshot.matched.both import Both, as_shown
from tests.snapshot.shops.shop import product
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store


@pytest.fixture
def both(store: Store) -> Both:
    """Five held at noon: one as in the shop, one a draft there, one not there, and two of a store without reasons."""
    both = Both(store)
    both.shop.read([*product("1"), *product("2", state=SourceState.DRAFT, platform_state="DRAFT"), *product("4")])
    both.listings(_1=REJECTED, _2=REJECTED, _3=AUDITING, _4=ACTIVE)
    both.compare()
    return both


def ids(both: Both, **view: object) -> list[int]:
    return sorted(row.product_id for row in both.store.snapshot.rows(View(**view)))


def test_each_choice_opens_its_listings_and_the_facets_count_them(both):
    facets = both.store.snapshot.facets(View())["source"]
    assert facets == [Facet("draft", "draft", 1), Facet("missing", "missing", 1), Facet("same", "same", 1)]
    for facet in facets:
        assert len(ids(both, sources=(SourceWord(facet.value),))) == facet.listings
    assert ids(both, sources=(SourceWord.DRAFT, SourceWord.MISSING)) == [2, 3]
    assert View.from_query({"source": "draft,missing"}).sources == (SourceWord.DRAFT, SourceWord.MISSING)


def test_a_row_says_what_differs_in_which_shop_and_since_when(both):
    rows = {row.product_id: row for row in both.store.snapshot.rows(View())}
    assert chips(rows[1], {}, both.store.now) == ["no difference"]
    assert chips(rows[2], {"front": "Shopify"}, both.store.now) == ["draft in Shopify since before 12:00"]
    assert chips(rows[3], {}, both.store.now) == ["not in front"]
    words, told = cells(rows[2], {})
    assert words == "draft"
    assert told == "draft in front (so when first read, 9 Mar 2026 12:00 UTC): DRAFT"


def test_a_past_moment_shows_what_was_told_then(both):
    then = both.store.now + timedelta(minutes=1)
    both.shop.read([*product("1"), *product("2"), *product("3"), *product("4")])
    both.compare()
    assert ids(both, sources=(SourceWord.DRAFT,)) == []
    assert ids(both, sources=(SourceWord.DRAFT,), as_of=then) == [2]
    assert ids(both, sources=(SourceWord.DRAFT,), as_of=NOON + timedelta(minutes=1)) == []


def test_a_store_without_a_shop_is_nothing_of_it(store):
    store.sweep({1: as_shown(1, REJECTED)})
    [row] = store.snapshot.rows(View())
    assert (row.source, row.source_words) == ((), ())
    assert store.snapshot.facets(View())["source"] == []
    assert list(store.snapshot.rows(View(sources=(SourceWord.SAME,)))) == []


def test_what_a_listing_is_beside_its_shop_moves_it_to_no_other_lane(both):
    Desk(both.store.desk_path).set_stage("main", [2], Stage.FIXED, by="ann", now=both.store.now)
    by_lane = {lane: ids(both, lanes=(lane,)) for lane in Lane}
    assert sorted(one for several in by_lane.values() for one in several) == [1, 2, 3]
    drafts = {lane: ids(both, lanes=(lane,), sources=(SourceWord.DRAFT,)) for lane in Lane}
    assert drafts == {Lane.TODO: [], Lane.WAITING: [2], Lane.SNOOZED: []}
