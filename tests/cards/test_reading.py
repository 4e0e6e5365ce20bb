"""What the cards say at a moment, in the period before it, and day by day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.cards import CARDS, CardValue
from aexdash.cards.reading import read_comparisons, read_lines, read_values
from aexdash.cards.recording import DAYS_A_RUN, record_cards
from aexdash.snapshot.measures.on_sale import KEPT
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store

HERO, RISK = "aex_rejected_auditing_listings", "aexdash_at_risk"


@pytest.fixture
def store(tmp_path) -> Store:
    """A store of which nothing was read yet."""
    return Store(tmp_path)


def swept(store: Store, *counts: int) -> None:
    """Record a sweep a day that shows so many held listings, and what the cards say of it."""
    for held in counts:
        store.sweep({one: REJECTED if one <= held else ACTIVE for one in range(1, 6)})
        record_cards(store.db, store.id, store.now)
        store.after(days=1)
    store.after(days=-1)


def test_values_are_of_the_stores_and_the_moment(store):
    other = Store(store.folder, "other", store.now)
    swept(store, 2, 3)
    other.sweep({1: AUDITING})
    snapshot = store.snapshot
    assert read_values(snapshot, ["main"], None)[HERO] == CardValue(3)
    assert read_values(snapshot, None, None)[HERO] == CardValue(4)
    assert read_values(snapshot, ["main"], NOON)[HERO] == CardValue(2)
    assert read_values(snapshot, ["main"], None).keys() == CARDS.keys()
    other.db.close()


def test_the_period_before_is_that_of_each_window(store):
    swept(store, 1, 2, 4)
    compared = read_comparisons(store.snapshot, None, None)
    assert (compared[HERO].before.value, compared["aex_rejected_listings_24h"].before.value) == (2, 1)
    assert compared[HERO].stores == ("main",)
    assert read_comparisons(store.snapshot, None, NOON + timedelta(days=1))[HERO].before.value == 1


def test_nothing_is_compared_with_a_time_that_nobody_read(store):
    swept(store, 1, 2, 4)
    compared = read_comparisons(store.snapshot, None, None)
    assert "aexdash_rerejection_rate" not in compared  # the 30 days before began long before the first reading
    assert "aexdash_time_to_clear_median_days" not in compared


def line_of(store, as_of, days):
    return [point.value for point in read_lines(store.snapshot, None, as_of, days)[HERO]]


def test_lines_are_of_the_ends_of_days_and_the_moment_itself(store):
    swept(store, 1, 2, 4)
    assert line_of(store, None, 5) == [None, None, 1, 2, 4]
    assert line_of(store, NOON + timedelta(days=1), 2) == [1, 2]
    assert read_lines(store.snapshot, None, None, 1).keys() == CARDS.keys()


def test_a_day_that_nobody_read_ends_with_no_data_and_the_days_before_it_are_written_once(store):
    store.tolerance = timedelta(hours=6)
    swept(store, 1)
    store.after(days=3).sweep({1: ACTIVE})
    assert record_cards(store.db, store.id, store.now) > 0
    assert record_cards(store.db, store.id, store.now) == 0
    assert line_of(store, None, 4) == [1, None, None, 0]


def test_a_long_pause_is_caught_up_a_fortnight_at_a_time(store):
    swept(store, 1)
    store.after(days=40).sweep({1: ACTIVE})
    ends = "SELECT count(*) FROM card_value WHERE card_key = ? AND day_end = 1"
    written = []
    for _ in range(4):
        record_cards(store.db, store.id, store.now)
        written += store.rows(ends, HERO)
    assert DAYS_A_RUN == 14
    assert written == [(14,), (28,), (40,), (40,)]


def test_parts_of_which_nothing_is_known_any_more_are_kept_as_no_data(store):
    swept(store, 1)
    kept = dict(store.db.conn.execute("SELECT card_key, value FROM card_value").fetchall())
    assert {part: kept.get(part) for part in KEPT} == dict.fromkeys(KEPT)


def at_risk(store: Store, at=None) -> CardValue:
    return read_values(store.snapshot, None, at)[RISK]


def test_nothing_is_at_risk_where_nothing_is_on_sale_and_nobody_knows_before_a_check(store):
    store.pulse({1: REJECTED})
    assert at_risk(store) == CardValue(None, note="No listing on sale was checked yet.")
    store.after(hours=1).sweep({1: REJECTED})
    assert at_risk(store) == CardValue(0, coverage=(0, 0), note="Nothing is on sale.")
    store.after(hours=1).sweep({1: REJECTED, 2: ACTIVE, 3: ACTIVE})
    assert at_risk(store) == CardValue(None, coverage=(0, 2), note="No listing on sale was checked yet.")
    store.db.execute("UPDATE status_period SET checked = 1, known = 2 WHERE product_id = 2")
    assert at_risk(store) == CardValue(0, coverage=(1, 2), low=0, high=1, note="0 found so far.")
