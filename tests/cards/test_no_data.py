"""What a card says where data is missing, doubtful or apart: never a zero that nobody vouches for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aexdash.cards import CARDS, CardValue, values
from aexdash.cards.recording import record_cards
from aexdash.cards.trade import NO_ORDERS
from aexdash.clock import DAY, TICK, to_text
from aexdash.snapshot.history import card_values
from aexdash.snapshot.measures.facts import Oldest
from aexdash.snapshot.recording.record import ensure_store
from aexdash.snapshot.trade.orders import OrderState, keep_order_state
from aexdash.words.cards import NOT_CONFIRMED, claimed_number, tell
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store

COMPLETENESS, QUALITY = "aex_required_attribute_completeness", "aex_listing_quality_score"
FEED, MONEY = "aex_listings_failing_feedonomics_validation", "aexdash_money_held_back"
OLDEST = "aexdash_oldest_rejected_days"
MEDIAN, P90 = "aexdash_time_to_clear_median_days", "aexdash_time_to_clear_p90_days"

QUALITY_ROW = """
INSERT INTO listing_quality (store_id, product_id, score, pictures, attributes, title, description, skus, required,
    filled, worst, at) VALUES (?, ?, ?, ?, ?, 50, NULL, 80, ?, ?, 'pictures', ?)
"""
FILE = "INSERT INTO feed_file (store_id, name, digest, read_at, dated_at, rows, rejected) VALUES (?, ?, ?, ?, ?, ?, ?)"
SOLD = """
INSERT INTO held_sales
    (period_id, units_low, units_high, amount_low, amount_high, currency, sold, in_stock, computed_at)
SELECT id, ?, ?, ?, ?, ?, ?, ?, started_at FROM status_period
WHERE store_id = ? AND product_id = ? AND status IN ('rejected', 'auditing') AND ended_at IS NULL
"""


@pytest.fixture
def store(tmp_path) -> Store:
    """A store of which nothing was read yet."""
    return Store(tmp_path)


def says(store: Store, key: str, at: datetime | None = None) -> CardValue:
    return values(store.snapshot.measures(None, at))[key]


def test_before_the_first_sync_no_card_has_a_value(store):
    found = values(store.snapshot.measures(None))
    assert {key: value.value for key, value in found.items()} == dict.fromkeys(CARDS)
    assert all(value.note for value in found.values())


def test_a_profile_without_stores_has_no_data(store):
    store.sweep({1: REJECTED})
    found = values(store.snapshot.measures([]))
    assert {key: value.value for key, value in found.items()} == dict.fromkeys(CARDS)


def test_a_pulse_alone_tells_what_is_held_and_nothing_of_the_rest(store):
    store.pulse({1: REJECTED, 2: AUDITING})
    found = values(store.snapshot.measures(None))
    known = {key for key, value in found.items() if value.value is not None}
    assert known == {
        "aex_rejected_auditing_listings",
        "aex_rejected_listings_24h",
        "aexdash_oldest_rejected_days",
        "aexdash_oldest_auditing_days",
        "aexdash_stuck_in_audit",
    }
    assert found["aex_active_listings"].note == "No complete sweep of every status yet."


def test_a_listing_that_was_rejected_when_first_read_is_at_least_so_old(store):
    store.sweep({1: REJECTED, 2: ACTIVE})
    store.after(days=2).sweep({1: REJECTED, 2: REJECTED})
    store.after(hours=12).sweep({1: REJECTED, 2: REJECTED})
    store.after(days=3)
    assert says(store, OLDEST) == CardValue(2.5, note="At least: it stood there when this store was first read.")
    since = NOON
    assert store.snapshot.measures(None).oldest(REJECTED) == Oldest("main", 1, since, 2.5 * 86400, at_least=True)


AUDIT_OLDEST, STUCK = "aexdash_oldest_auditing_days", "aexdash_stuck_in_audit"


def told(store: Store, key: str, at: datetime | None = None) -> tuple[str, str]:
    """The value of a card in words, and its state."""
    said = tell(CARDS[key], says(store, key, at), CARDS[key].band)
    return said.value, said.verdict.word


def test_what_stood_there_at_the_first_reading_is_of_no_age_that_could_be_good(store):
    """A store connected a minute ago once had *Oldest rejection 0 days, Performing* and no audit that was stuck."""
    store.sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE})
    for key, value in ((OLDEST, "not known"), (AUDIT_OLDEST, "not known"), (STUCK, "not known")):
        assert told(store, key) == (value, NOT_CONFIRMED)
        assert claimed_number(says(store, key)) is None
    store.after(days=4)
    store.sweep({1: REJECTED, 2: AUDITING, 3: ACTIVE})
    assert told(store, OLDEST) == ("at least 4 days", "Needs attention")
    assert told(store, AUDIT_OLDEST) == ("at least 4 days", NOT_CONFIRMED)
    assert told(store, STUCK) == ("1", "Stable")
    assert told(store, OLDEST, NOON) == ("not known", NOT_CONFIRMED)
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: REJECTED})
    assert (told(store, OLDEST), told(store, STUCK)) == (("0 days", "Performing"), ("0", "Performing"))


def test_what_came_while_nobody_read_may_be_as_old_as_that(store):
    store.sweep({1: ACTIVE, 2: ACTIVE})
    store.after(days=11).sweep({1: REJECTED, 2: AUDITING})
    assert told(store, OLDEST) == ("not known", NOT_CONFIRMED)
    assert says(store, OLDEST).note == "At most 11.0 days: nobody read for a while before some were first seen there."
    assert told(store, STUCK) == ("not known", NOT_CONFIRMED)
    assert says(store, STUCK).note.startswith("At most 1: nobody read for a while before some were first seen there.")


def test_of_several_stores_the_oldest_is_at_least_so_old_where_another_may_be_older(store, tmp_path):
    store.sweep({1: ACTIVE})
    store.after(hours=1).sweep({1: REJECTED})
    store.after(hours=23).sweep({1: REJECTED})
    assert told(store, OLDEST) == ("1 day", "Performing")
    other = Store(tmp_path, "other", now=store.now)
    other.sweep({2: REJECTED})
    assert told(store, OLDEST) == ("at least 1 day", NOT_CONFIRMED)
    other.db.close()


def test_spells_that_nobody_saw_begin_are_counted_apart(store):
    store.sweep({1: REJECTED, 2: ACTIVE, 3: ACTIVE, 4: ACTIVE})
    store.after(days=1).sweep({1: REJECTED, 2: REJECTED, 3: REJECTED, 4: REJECTED})
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: REJECTED, 4: REJECTED})
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE, 4: REJECTED})
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE, 4: REJECTED})
    note = "Without 1 that nobody saw come or go."
    assert says(store, MEDIAN) == CardValue(1.5, denominator=2, note=note)
    assert says(store, P90) == CardValue(2.0, denominator=2, note=note)


def test_spells_that_came_or_went_while_nobody_read_are_counted_apart(store):
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    store.after(days=1).sweep({1: ACTIVE, 2: REJECTED, 3: REJECTED})
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: REJECTED})
    store.after(days=8).sweep({1: REJECTED, 2: ACTIVE, 3: ACTIVE})
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE})
    assert says(store, MEDIAN) == CardValue(1.0, denominator=1, note="Without 2 that nobody saw come or go.")


def test_spells_that_were_all_seen_to_begin_need_no_word(store):
    store.sweep({1: ACTIVE})
    assert says(store, MEDIAN) == CardValue(
        None, note="No listing that was seen to come and to go was cleared in the part of these 30 days that was read."
    )
    store.after(days=1).sweep({1: REJECTED})
    store.after(days=1).sweep({1: ACTIVE})
    store.after(days=1).sweep({1: ACTIVE})
    assert says(store, MEDIAN) == CardValue(1.0, denominator=1)


def test_stores_without_enough_audits_of_their_own_are_named(store, tmp_path):
    other = Store(tmp_path, "other")
    for one in (store, other):
        one.sweep({1: ACTIVE, 2: ACTIVE})
        one.after(hours=1).sweep({1: AUDITING, 2: ACTIVE})
        one.after(days=4).sweep({1: AUDITING, 2: AUDITING})
    note = (
        "At most 4: nobody read for a while before some were first seen there. "
        "Three days are the limit for main, other: too few audits have ended."
    )
    assert says(store, "aexdash_stuck_in_audit") == CardValue(2, note=note)
    other.db.close()


def test_a_clock_that_went_backwards_makes_no_negative_age(store):
    store.sweep({1: ACTIVE})
    store.after(hours=1).sweep({1: REJECTED})
    record_cards(store.db, store.id, store.now)
    store.after(hours=-3).sweep({1: REJECTED, 2: REJECTED})
    oldest = says(store, OLDEST)
    assert oldest.value == pytest.approx(TICK / DAY)  # between the stamps of the two readings
    assert oldest.note != "Nothing is rejected."
    assert record_cards(store.db, store.id, store.now) >= 0


def test_stores_connected_half_a_year_apart(store, tmp_path):
    """Before the second was connected the sums are those of the first; from then on of both."""
    store.sweep({1: REJECTED, 2: ACTIVE})
    record_cards(store.db, store.id, store.now)
    late = Store(tmp_path, "late", store.after(days=182).now)
    total = says(store, "aex_total_listings")
    assert (total.value, total.reach.claim) == (2, "not read since")
    assert [one.store for one in total.reach.missing] == ["late"]
    store.sweep({1: REJECTED, 2: ACTIVE})
    late.sweep({1: AUDITING, 2: ACTIVE, 3: ACTIVE})
    record_cards(late.db, late.id, late.now)
    before, after = NOON + timedelta(days=1), store.now
    assert says(store, "aex_total_listings", before).value == 2
    assert says(store, "aex_total_listings", after).value == 5
    assert says(store, "aex_listing_suppressed_pct", after) == CardValue(40.0, 2, 5)
    points = store.snapshot.card_history(None, "aex_total_listings", NOON, after)
    assert [(point.at, point.value) for point in points] == [(NOON, 2), (after, 5)]
    late.db.close()


def test_completeness_and_quality_are_of_listings_on_sale_alone_and_say_of_how_many(store):
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE, 4: REJECTED, 5: ACTIVE})
    for row in ((1, 90, 100, 80, 4, 4), (2, 70, 40, 80, 4, 3), (3, 50, 10, 80, None, None), (4, 0, 0, 0, 4, 0)):
        store.db.execute(QUALITY_ROW, [store.id, *row, to_text(NOON)])
    note = "7 of 8 required attributes are filled (87.5 %)."
    expected = CardValue(50.0, 2, 4, coverage=(2, 4), low=25, high=75, note=note)  # of the two unknown none, or both
    assert says(store, COMPLETENESS) == expected
    note = "Pictures would raise it most: 50 of 100 now, up to 17.6 points to gain."
    assert says(store, QUALITY) == CardValue(70.0, 280, 4, coverage=(3, 4), low=52.5, high=77.5, note=note)


def test_the_past_of_completeness_is_what_was_said_then(store):
    store.sweep({1: ACTIVE, 2: ACTIVE})
    store.db.execute(QUALITY_ROW, [store.id, 1, 90, 100, 80, 4, 4, to_text(NOON)])
    record_cards(store.db, store.id, NOON)
    store.after(days=1).sweep({1: ACTIVE, 2: ACTIVE})
    store.db.execute(QUALITY_ROW, [store.id, 2, 50, 40, 80, 4, 1, to_text(store.now)])
    assert says(store, COMPLETENESS).value == 100  # what the last sync said
    record_cards(store.db, store.id, store.now)
    assert [says(store, COMPLETENESS, at).value for at in (NOON, store.now, None)] == [100, 50, 50]
    assert store.snapshot.measures(None, NOON).quality().parts == {
        "pictures": 100,
        "attributes": 80,
        "title": 50,
        "skus": 80,
    }
    assert says(store, COMPLETENESS, NOON - timedelta(minutes=1)).value is None


def test_money_is_a_range_with_what_stands_apart(store):
    store.sweep(dict.fromkeys(range(1, 6), ACTIVE))
    store.after(days=1).sweep(dict.fromkeys(range(1, 6), REJECTED))
    assert says(store, MONEY).note == NO_ORDERS
    refused = OrderState().refused(store.now, "App 123456 may not call it for store main.")
    keep_order_state(store.db, store.id, refused)
    assert says(store, MONEY).note == "Not connected: App 123456 may not call it for store main."
    keep_order_state(store.db, store.id, OrderState(True))
    assert says(store, MONEY) == CardValue(
        None, coverage=(0, 5), note="What the held listings sold was not worked out yet."
    )
    for one, row in {
        1: (1, 2, 10, 20, "USD", 1, 1),
        2: (1, 1, 5, 5, "USD", 1, None),
        3: (0, 0, 0, 0, None, 0, 1),
    }.items():
        store.db.execute(SOLD, [*row, store.id, one])
    store.db.execute(SOLD, [9, 9, 90, 90, "USD", 1, 0, store.id, 4])
    assert says(store, MONEY) == CardValue(
        20.0,
        coverage=(4, 5),
        low=15.0,
        high=25.0,
        currency="USD",
        note="2.0–3.0 units a day; 1 without sales in those 30 days; 1 out of stock.",
    )
    store.db.execute(SOLD, [1, 1, 7, 8, "EUR", 1, 1, store.id, 5])
    assert says(store, MONEY).value is None
    assert says(store, MONEY).note == (
        "Several currencies, which are not added up: 7.00–8.00 EUR, 15.00–25.00 USD a day."
    )


def test_what_was_sold_stays_with_a_listing_that_moves_on_to_audit(store):
    store.sweep({1: ACTIVE})
    store.after(days=1).sweep({1: REJECTED})
    store.db.execute("INSERT INTO order_state (store_id, connected) VALUES (?, 1)", [store.id])
    store.db.execute(SOLD, [1, 2, 10, 20, "USD", 1, 1, store.id, 1])
    store.after(days=1).sweep({1: AUDITING})
    assert (says(store, MONEY).value, says(store, MONEY).coverage) == (15, (1, 1))
    assert says(store, MONEY, store.now - timedelta(hours=1)).value == 15


def test_the_feed_is_of_seven_whole_days(store):
    store.sweep({1: ACTIVE})
    assert says(store, FEED).note.startswith("Not connected")
    midnight = datetime(2026, 3, 9, tzinfo=UTC)
    files = {
        "today": (midnight, 10, 10),
        "in": (midnight - timedelta(days=7), 100, 6),
        "old": (midnight - timedelta(days=7, milliseconds=1), 9, 9),
    }
    for name, (at, rows, rejected) in files.items():
        store.db.execute(FILE, [store.id, name, name, to_text(NOON), to_text(at), rows, rejected])
    assert says(store, FEED) == CardValue(6.0, 6, 100)
    assert (
        says(store, FEED, NOON + timedelta(days=30)).note
        == "No rows in these 7 whole days; the newest file is of 2026-03-09."
    )


def test_codes_of_a_spell_are_those_of_all_its_periods(store):
    store.sweep({1: ACTIVE})
    for status, codes in ((REJECTED, "|a.one@check|"), (AUDITING, "|b.two@platform|a.one@check|"), (ACTIVE, "")):
        store.after(days=1).sweep({1: status})
        store.db.execute("UPDATE status_period SET codes = ? WHERE ended_at IS NULL", [codes])
    (spell,) = store.snapshot.measures(None).spells_closed(lambda until: (NOON, until))
    assert (spell.codes, spell.seconds, spell.ended_to, spell.whole) == (("a.one", "b.two"), 2 * 86400, ACTIVE, True)


def test_a_second_store_makes_no_share_of_shares(store, tmp_path):
    other = Store(tmp_path, "other")
    store.sweep({1: REJECTED})
    other.sweep(dict.fromkeys(range(1, 10), ACTIVE))
    for one in (store, other):
        record_cards(one.db, one.id, NOON)
    key = "aex_listing_suppressed_pct"
    assert says(store, key) == CardValue(10.0, 1, 10)
    (point,) = store.snapshot.card_history(None, key, NOON, NOON, combine=CARDS[key].combine)
    assert (point.value, point.numerator, point.denominator) == (10.0, 1, 10)
    median = CARDS["aexdash_time_to_clear_median_days"]
    assert store.snapshot.card_history(None, median.key, NOON, NOON, combine=median.combine) == []
    other.db.close()


def test_a_store_kept_for_its_history_has_no_part_unless_it_is_named(store):
    store.sweep({1: REJECTED})
    ensure_store(store.db, key="main", title="Main", model="overseas", now=NOON, watched=False)
    assert says(store, "aex_total_listings").value is None
    assert values(store.snapshot.measures(["main"]))["aex_total_listings"].value == 1


def test_what_is_at_least_0_is_kept_as_a_gap_and_no_chart_draws_a_0(store):
    """The chart of *Oldest rejection* began with a 0 where the card beside it said that its age is not known."""
    store.sweep({1: REJECTED, 2: AUDITING})
    kept = "SELECT card_key, value FROM card_value WHERE card_key IN (?, ?, ?)"
    record_cards(store.db, store.id, store.now)
    assert {value for _, value in store.db.conn.execute(kept, [OLDEST, AUDIT_OLDEST, STUCK])} <= {None}
    store.after(hours=1).sweep({1: ACTIVE, 2: ACTIVE})
    store.after(hours=1).sweep({1: ACTIVE, 2: AUDITING})
    record_cards(store.db, store.id, store.now)
    last = [card_values.latest(store.db.conn, store.id, key, store.now) for key in (OLDEST, AUDIT_OLDEST, STUCK)]
    assert [one and one.value for one in last] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("first", "kept"), [(0, None), (1, 1.0)])
def test_of_a_day_of_which_a_part_was_not_read_no_0_is_kept_but_what_was_seen_is(store, first, kept):
    key, still = "aex_rejected_listings_24h", dict.fromkeys(range(1, 4), ACTIVE)
    store.sweep(still)
    store.after(hours=40).sweep(still | dict.fromkeys(range(1, first + 1), REJECTED))
    record_cards(store.db, store.id, store.now)
    assert card_values.latest(store.db.conn, store.id, key, store.now).value == kept
    for _ in range(2):
        store.after(hours=20).sweep(still)
    record_cards(store.db, store.id, store.now)
    assert card_values.latest(store.db.conn, store.id, key, store.now).value == 0
