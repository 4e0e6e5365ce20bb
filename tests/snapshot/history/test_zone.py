"""Days of the workspace's time zone: the books balance on 23 and 25 hours, and a change of the zone loses nothing."""

from __future__ import annotations

import itertools
import tempfile
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aexdash.cards.recording import WHOLE_DAYS, record_cards
from aexdash.cards.registry import CARDS, value
from aexdash.clock import DAY, TICK, day_of, start_of_day, to_text, zone_name, zone_named
from aexdash.doctor.inside_snapshot import COUNT_CARDS
from aexdash.snapshot.history import flows
from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.history.facts import LEAVING, Flow
from aexdash.snapshot.history.series import Bucket, Grain, buckets
from aexdash.snapshot.recording import recount
from aexdash.storage.one_state import one_state
from tests.cards.story import Story, moves
from tests.snapshot.history.test_series import HERO, assert_adds_up, plainly
from tests.snapshot.store import ACTIVE, AUDITING, REJECTED, Store
from tests.support import examples

SHANGHAI, BERLIN, LORD_HOWE = map(zone_named, ("Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"))
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Shanghai")
CHANGES = [datetime(2026, *day, 20, tzinfo=UTC) for day in ((3, 6), (3, 27), (4, 3), (10, 2), (10, 23), (10, 30))]
"""Two days before clocks are changed in one of these zones."""

zones = st.sampled_from(ZONES).map(zone_named)
read = st.tuples(st.sampled_from(["first", "second"]), st.integers(1, 40), moves, zones)
RANDOM = settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tell(story: Story, key: str, hours: int, moved, zone) -> Store:
    """Record a sweep of a store under a setting of the zone."""
    if key in story.stores:
        story.stores[key].zone = zone
    story.read(key, hours, moved)
    store = story.stores[key]
    store.zone = zone
    return store


def books(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The stored books and flows of days."""
    return {table: store.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in ("day_bridge", "day_flow")}


@pytest.mark.slow
@RANDOM
@given(st.sampled_from(CHANGES), st.lists(read, min_size=2, max_size=7), zones)
@example(  # midnight on Lord Howe lies in the hour that nobody read, between two readings that found the same
    CHANGES[0], [("first", 16, {}, UTC), ("first", 25, {}, UTC), ("first", 1, {}, LORD_HOWE)], UTC
)
def test_any_history_in_any_zone_equals_a_plain_recomputation(start, readings, zone):
    """Also: hours add up to days and days to weeks, in whatever zones the books of the stores were cut."""
    with tempfile.TemporaryDirectory() as folder:
        story, at = Story(Path(folder), now=start), defaultdict(list)
        for key, hours, moved, of in readings:
            store = tell(story, key, hours, moved, of)
            at[key].append(story.now)
            record_cards(store.db, store.id, story.now, of)
        store.zone = zone
        first = day_of(min(story.connected.values()), zone) - DAY
        with one_state():
            for where in (None, *[(key,) for key in at]):
                among = {key: at[key] for key in where or at}
                stays = [stay for stay in story.stays if stay.store in among]
                series = {}
                for grain in Grain:
                    cut = buckets(grain, first, story.now, zone)
                    series[grain] = store.snapshot.held_series(where, cut, story.now)
                    assert series[grain] == [plainly(bucket, stays, among, story.now) for bucket in cut]
                    held = store.snapshot.card_series(where, HERO, cut, story.now, combine=Combine.SUM)
                    assert [point.value for point in held] == [point.held for point in series[grain]]
                assert_adds_up(series[Grain.HOUR], series[Grain.DAY])
                assert_adds_up(series[Grain.DAY], series[Grain.WEEK])
                days = store.snapshot.days(where, day_of(story.now, zone), len(series[Grain.DAY]))
                assert [point.rejected for point in days] == [point.rejected for point in series[Grain.DAY]]
        story.close()


@RANDOM
@given(st.sampled_from(CHANGES), st.lists(read, min_size=2, max_size=8), zones)
def test_the_books_balance_on_every_day_whatever_zone_they_were_cut_in(start, readings, zone):
    """The flows of a span are those of its periods, and the stored days are what counting them again gives."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder), now=start)
        for key, hours, moved, of in readings:
            store = tell(story, key, hours, moved, of)
            assert recount.differences(store.db.conn, COUNT_CARDS) == []
        first = day_of(min(story.connected.values()), zone)
        days = [first + DAY * number for number in range((day_of(story.now, zone) - first).days + 2)]
        edges = [start_of_day(day, zone) for day in days]
        spans = [*itertools.pairwise(edges), (edges[0], edges[-1]), (edges[0] + TICK * 7, story.now)]
        for begin, end in spans:
            told = store.snapshot.past(None).books(begin, end)
            arrived, left = (sum(told.flows[flow] for flow in which) for which in (ARRIVING, LEAVING))
            assert told.opening + arrived - left == told.closing
            for one in story.stores.values():
                plain = flows._counted(one.db.conn, one.id, begin, end)
                assert flows.count(one.db.conn, one.id, begin, end) == plain
        story.close()


ARRIVING = tuple(flow for flow in Flow if flow not in LEAVING and flow.value != "stayed")


@RANDOM
@given(st.sampled_from(CHANGES), st.lists(read, min_size=1, max_size=6), zones, zones)
def test_a_change_of_the_zone_and_back_leaves_the_books_as_they_were(start, readings, zone, other):
    with tempfile.TemporaryDirectory() as folder:
        story = Story(Path(folder), now=start)
        for key, hours, moved, _ in readings:
            store = tell(story, key, min(hours, 20), moved, zone)
        told = []
        for of in (zone, other, zone):  # runs that find nothing new, under each setting
            for key in story.stores:
                tell(story, key, 0, {}, of)
            assert set(store.rows("SELECT books_zone FROM store")) == {(zone_name(of),)}
            told.append(books(store))
        before, _, after = told
        assert after["day_flow"] == before["day_flow"]
        new = [row for row in after["day_bridge"] if row not in before["day_bridge"]]
        assert [row for row in after["day_bridge"] if row not in new] == before["day_bridge"]
        # A day of 23 hours between two readings had no run, but it was covered: nothing moved in it.
        assert {row[4:7] for row in new} <= {(0, 0, 0)}
        story.close()


@pytest.fixture
def shanghai(tmp_path) -> Store:
    """Rejected at 15:30 and 16:30 UTC, half an hour before and after midnight in Shanghai; read every half hour."""
    store = Store(tmp_path, now=datetime(2026, 3, 9, 14, 0, tzinfo=UTC), zone=SHANGHAI)
    for step in range(8):
        held = 0 if step < 3 else 1 if step < 5 else 3
        store.sweep({one: REJECTED if one <= held else ACTIVE for one in range(1, 6)})
        record_cards(store.db, store.id, store.now, SHANGHAI)
        store.after(minutes=30)
    store.after(minutes=-30)
    return store


def test_the_day_of_a_lead_in_shanghai_begins_at_her_midnight(shanghai):
    of_day = shanghai.snapshot.past(None).books(start_of_day(date(2026, 3, 10), SHANGHAI), shanghai.now)
    assert (of_day.opening, of_day.entered, of_day.closing) == (1, 2, 3)
    days = shanghai.snapshot.days(None, date(2026, 3, 10), 2)
    assert [(day.day.day, day.rejected, day.newly_rejected) for day in days] == [(9, 1, 1), (10, 3, 2)]
    kept = shanghai.rows("SELECT day, opening, entered, left_count, closing FROM day_bridge WHERE status = 'rejected'")
    assert kept == [("2026-03-09", 0, 1, 0, 1), ("2026-03-10", 1, 2, 0, 3)]


def test_the_values_at_the_end_of_a_day_are_stored_at_its_midnight(shanghai):
    ends = shanghai.rows("SELECT at, value FROM card_value WHERE card_key = ? AND day_end = 1", HERO)
    assert ends == [("2026-03-09T15:59:59.999Z", 1)]


def test_until_the_next_sync_pages_read_the_books_of_the_old_zone_as_what_they_are(shanghai):
    held = {one: REJECTED if one <= 3 else ACTIVE for one in range(1, 6)}
    of_shanghai = books(shanghai)
    shanghai.zone = UTC
    shanghai.after(minutes=5).sweep(held)
    of_utc, version = books(shanghai), shanghai.snapshot.version()
    shanghai.zone = SHANGHAI
    cut = buckets(Grain.DAY, date(2026, 3, 9), shanghai.now, SHANGHAI)
    assert [point.newly_rejected for point in shanghai.snapshot.held_series(None, cut, shanghai.now)] == [1, 2]
    assert books(shanghai) == of_utc != of_shanghai
    shanghai.after(minutes=5).sweep(held)
    assert books(shanghai) == of_shanghai
    assert shanghai.snapshot.version() > version  # pages read again
    assert [point.newly_rejected for point in shanghai.snapshot.held_series(None, cut, shanghai.now)] == [1, 2]


def test_a_run_that_is_lost_leaves_the_books_in_the_zone_they_had(shanghai, monkeypatch):
    before = books(shanghai)
    shanghai.zone = BERLIN
    monkeypatch.setattr("aexdash.snapshot.recording.books.check", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        shanghai.after(minutes=5).sweep({1: REJECTED})
    assert books(shanghai) == before
    assert shanghai.rows("SELECT books_zone FROM store") == [("Asia/Shanghai",)]


@pytest.mark.slow
def test_cards_of_whole_days_are_worked_out_anew_when_the_zone_changes(tmp_path):
    store = Store(tmp_path, now=datetime(2026, 3, 1, 17, 0, tzinfo=UTC), zone=UTC)
    for day in range(6):
        store.sweep({one: REJECTED if one <= day % 3 else ACTIVE for one in range(1, 6)})
        record_cards(store.db, store.id, store.now, UTC)
        store.after(days=1)
    of_utc = values_of_whole_days(store)
    for zone in (SHANGHAI, UTC):
        store.zone = zone
        record_cards(store.db, store.id, store.now, zone)
        kept = values_of_whole_days(store)
        ends = {at for _, at in kept}
        assert {to_text(start_of_day(date(2026, 3, day), zone) - TICK) for day in range(3, 7)} <= ends
        for (key, at), stored in kept.items():
            then = datetime.fromisoformat(at)
            assert stored == value(CARDS[key], store.snapshot.measures(None, then)).value
    assert {key: kept[key] for key in of_utc if key in kept and key[1].endswith("59.999Z")} == {
        key: stored for key, stored in of_utc.items() if key[1].endswith("59.999Z")
    }


def values_of_whole_days(store: Store) -> dict[tuple[str, str], object]:
    """The stored values of the cards that count whole days."""
    rows = store.rows("SELECT card_key, at, value FROM card_value WHERE at < ?", to_text(store.now - DAY))
    return {(str(key), str(at)): said for key, at, said in rows if key in WHOLE_DAYS}


@pytest.mark.parametrize(
    ("zone", "day", "lengths"),
    [
        (BERLIN, date(2026, 10, 25), [60] * 25),
        (BERLIN, date(2026, 3, 29), [60] * 23),
        (LORD_HOWE, date(2026, 4, 5), [60, 60, 30, *[60] * 22]),
        (LORD_HOWE, date(2026, 10, 4), [60, 60, 30, *[60] * 21]),
        (zone_named("Asia/Kathmandu"), date(2026, 3, 9), [60] * 24),
    ],
)
def test_the_hours_of_a_day_are_those_of_the_clocks_there(zone, day, lengths):
    end = start_of_day(day + DAY, zone) - TICK
    hours = buckets(Grain.HOUR, day, end, zone)
    assert [(hour.end - hour.start) / timedelta(minutes=1) for hour in hours] == lengths
    assert buckets(Grain.DAY, day, end, zone) == [Bucket(hours[0].start, hours[-1].end)]


def test_a_day_that_a_zone_left_out_is_no_bucket():
    apia = zone_named("Pacific/Apia")
    cut = buckets(Grain.DAY, date(2011, 12, 29), datetime(2011, 12, 31, tzinfo=UTC), apia)
    assert [day_of(bucket.start, apia) for bucket in cut] == [date(2011, 12, 29), date(2011, 12, 31)]


def test_audits_count_in_the_day_of_the_zone(shanghai):
    shanghai.after(minutes=5).sweep({1: AUDITING, 2: REJECTED, 3: REJECTED, 4: ACTIVE, 5: ACTIVE})
    days = shanghai.snapshot.days(None, date(2026, 3, 10), 1)
    assert [(day.rejected, day.auditing) for day in days] == [(2, 1)]


def test_the_day_that_runs_ends_now_and_no_store_is_left_out_because_its_reading_will_be_old_at_midnight(tmp_path):
    north, south = (Store(tmp_path, key, now=datetime(2026, 3, 9, 8, 0, tzinfo=UTC)) for key in ("north", "south"))
    for store, minutes in ((north, 0), (south, 2)):
        store.tolerance = timedelta(minutes=15)
        store.after(minutes=minutes).sweep({1: REJECTED})
    [today] = south.snapshot.days(None, date(2026, 3, 9), 1)
    assert (today.rejected, today.is_part, today.is_open) == (2, False, True)


def test_the_books_of_a_span_take_whole_days_as_they_are_kept(shanghai):
    told = shanghai.snapshot.past(None).books(
        datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 10, 9, tzinfo=UTC)
    )
    assert (told.opening, told.flows[Flow.REJECTED], told.closing) == (0, 3, 3)
