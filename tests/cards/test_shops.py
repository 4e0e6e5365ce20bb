"""The cards beside the shop: what they count, of how much, and no zero that nobody vouches for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aexdash.alerts.conditions.threshold import Threshold
from aexdash.cards import CARDS, CardValue, comparison, values
from aexdash.cards.recording import record_cards
from aexdash.cards.shops import NO_SHOP, NOT_COMPARED
from aexdash.shops.records import SourceState
from aexdash.snapshot.matched.recording import refresh_sources
from aexdash.statement import Claim, Reach, StoreReading
from aexdash.view import View
from aexdash.words.cards import NOT_CONFIRMED, tell, verdict
from aexdash.words.statements import claim_words
from tests.snapshot.matched.both import Both, as_shown
from tests.snapshot.matched.test_recording import rejected_for
from tests.snapshot.shops.shop import PARTIAL, product
from tests.snapshot.store import ACTIVE, NOON, REJECTED, SHOP_STALE_AFTER, Store

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


def pulse(both: Both, **after: float) -> datetime:
    """What a run of the store does so long after the last: it reads, keeps its cards; return when."""
    both.store.after(**after).sweep({1: as_shown(1, ACTIVE)})
    record_cards(both.store.db, both.store.id, both.store.now)
    return both.store.now


def compare_now(both: Both) -> None:
    refresh_sources(both.store.db, "main", both.store.now, SHOP_STALE_AFTER)


def alert(both: Both, at: datetime) -> float | None:
    """The level that a rule on the card finds."""
    facts = both.store.snapshot.alert_facts("main", {})
    facts.refresh(at)
    return Threshold(kind="threshold", card=DRIFT, limit=0).read(facts, at).level


def state(both: Both) -> str:
    return verdict(says(both, DRIFT), CARDS[DRIFT].band).word


def test_what_the_shop_was_read_too_long_ago_for_is_shown_and_neither_judged_nor_compared_nor_told(both):
    read = both.shop.read(product("1", state=SourceState.DRAFT))
    both.listings(_1=ACTIVE)
    compare_now(both)
    in_time = pulse(both, hours=3)
    assert (state(both), alert(both, in_time)) == ("Stable", 1)
    late = pulse(both, hours=1)
    told = says(both, DRIFT)
    assert (told.value, told.reach.claim, told.reach.read_at) == (1, Claim.NOT_READ_SINCE, read)
    assert tell(CARDS[DRIFT], told, CARDS[DRIFT].band).notes[0] == "shop not read since 9 Mar 2026 12:00 UTC"
    assert (state(both), alert(both, late)) == (NOT_CONFIRMED, None)
    assert comparison(CARDS[DRIFT], both.store.snapshot.measures(None), in_time) is None
    assert says(both, FIXED).reach.claim is Claim.NOT_READ_SINCE
    assert says(both, "aex_active_listings").reach.claim is Claim.KNOWN
    both.shop.now = both.store.after(minutes=1).now
    both.shop.read(product("1"))
    compare_now(both)
    again = pulse(both, minutes=1)
    assert (state(both), alert(both, again)) == ("Performing", 0)
    compared = comparison(CARDS[DRIFT], both.store.snapshot.measures(None), in_time)
    assert compared is not None
    assert (compared.current.value, compared.before.value) == (0, 1)
    then = says(both, DRIFT, late)
    assert (then.value, then.note, then.reach.claim) == (None, "", Claim.NOT_READ_SINCE)
    assert tell(CARDS[DRIFT], then, CARDS[DRIFT].band).notes[0] == "shop not read since 9 Mar 2026 12:00 UTC"
    assert comparison(CARDS[DRIFT], both.store.snapshot.measures(None), late) is None


def test_a_comparison_of_an_older_version_vouches_for_nothing_until_the_next(both):
    both.shop.read(product("1"))
    both.listings(_1=ACTIVE)
    compare_now(both)
    both.store.db.execute("UPDATE source_compared SET speaks_until = NULL")
    assert says(both, DRIFT).reach.claim is Claim.NOT_READ_SINCE
    compare_now(both)
    assert says(both, DRIFT).reach.claim is Claim.KNOWN


def test_of_several_stores_the_one_whose_shop_is_silent_is_named():
    each = [StoreReading(key, key.title(), NOON, current=True) for key in ("main", "second")]
    told = Reach(tuple(each)).as_of_shops({"second": NOON - timedelta(hours=4)})
    assert claim_words(told) == "shop of Second not read since 9 Mar 2026 08:00 UTC"
    second_silent = Reach((each[0], replace(each[1], current=False))).as_of_shops({"main": NOON - timedelta(hours=4)})
    assert claim_words(second_silent) == (
        "1 of 2 stores not read since 9 Mar 2026 12:00 UTC: Second · shop of Main not read since 9 Mar 2026 08:00 UTC"
    )
    gap = Reach((StoreReading("main", "Main", NOON, current=False),), moment=NOON + timedelta(days=1))
    assert gap.as_of_shops({"main": NOON - timedelta(hours=4)}) == gap


@pytest.mark.parametrize(
    ("is_current", "shop_hours_before", "of", "says"),
    [
        (True, 4, 8, "shop not read since 9 Mar 2026 08:00 UTC"),
        (True, -2, 12, "shop not read since 9 Mar 2026 14:00 UTC"),
        (False, 4, 8, "not read since 9 Mar 2026 12:00 UTC · shop not read since 9 Mar 2026 08:00 UTC"),
        (False, -2, 12, "not read since 9 Mar 2026 12:00 UTC · shop not read since 9 Mar 2026 14:00 UTC"),
    ],
)
def test_store_and_shop_each_say_when_they_were_read_and_the_number_is_of_the_older(
    is_current, shop_hours_before, of, says
):
    """The earlier of both was said of whichever was silent: that a store was not read since its shop was."""
    store = Reach((StoreReading("main", "Main", NOON, current=is_current),))
    told = store.as_of_shops({"main": NOON - timedelta(hours=shop_hours_before)})
    assert (claim_words(told), told.read_at) == (says, datetime(2026, 3, 9, of, tzinfo=UTC))
