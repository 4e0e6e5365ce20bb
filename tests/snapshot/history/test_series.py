"""The hero by hour, day and week: the published stories, gaps, and any history against a plain recomputation."""

from __future__ import annotations

import math
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aexdash.cards import CARDS, CardValue, value, values
from aexdash.cards.recording import record_cards
from aexdash.demo.world.moments import MARCH_JUMP, MARCH_PASSED, MARCH_RESUBMITTED
from aexdash.snapshot.history import card_values
from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.history.series import Bucket, CardPoint, Grain, HeldPoint, buckets
from aexdash.snapshot.query import Snapshot
from aexdash.statement import Claim
from aexdash.view import View
from tests.cards.plainly import Stay
from tests.cards.story import Story, moves
from tests.snapshot.store import ACTIVE, AUDITING, HELD, NOON, REJECTED, Store
from tests.support import examples

HERO, ON_SALE = "aex_rejected_auditing_listings", "aex_active_listings"
DAY, TICK = timedelta(days=1), timedelta(milliseconds=1)
LAMPS = dict.fromkeys(range(1, 41), ACTIVE)


def told(store: Store, grain: Grain, first: date, until: datetime | None = None) -> list[tuple[object, ...]]:
    """What was rejected, in audit, and moved to rejected, bucket by bucket."""
    moment = until or store.now
    points = store.snapshot.held_series(None, buckets(grain, first, moment), moment)
    return [(point.rejected, point.auditing, point.newly_rejected) for point in points]


@pytest.fixture
def march(store) -> Store:
    """The worked example: read every three hours from 8 March on, and at what happened."""
    passed = {at: number for number, at in enumerate(MARCH_PASSED, 1)}
    every = {datetime(2026, 3, 8, tzinfo=UTC) + hours * timedelta(hours=3) for hours in range(8 * 4 + 4)}
    for at in sorted(every | {MARCH_JUMP, MARCH_RESUBMITTED, *MARCH_PASSED}):
        store.now = at
        free = max((number for moment, number in passed.items() if moment <= at), default=0)
        held = {} if at < MARCH_JUMP else dict.fromkeys(range(free + 1, 6), AUDITING)
        if MARCH_JUMP <= at < MARCH_RESUBMITTED:
            held |= dict.fromkeys(range(1, 5), REJECTED)
        store.sweep(LAMPS | held)
    return store


def test_the_worked_example_day_by_day(march):
    assert told(march, Grain.DAY, date(2026, 3, 8), datetime(2026, 3, 12, 9, tzinfo=UTC)) == [
        (0, 0, 0),
        (0, 5, 4),
        (0, 2, 0),
        (0, 0, 0),
        (0, 0, 0),
    ]


def test_the_worked_example_hour_by_hour(march):
    hours = told(march, Grain.HOUR, date(2026, 3, 9), datetime(2026, 3, 9, 23, 59, tzinfo=UTC))
    assert hours == [(0, 0, 0)] * 6 + [(4, 1, 4)] + [(4, 1, 0)] * 7 + [(0, 5, 0)] * 10


def test_the_worked_example_is_one_week_from_monday_to_sunday(march):
    assert told(march, Grain.WEEK, date(2026, 3, 9)) == [(0, 0, 4)]
    assert told(march, Grain.WEEK, date(2026, 3, 8)) == [(0, 0, 0), (0, 0, 4)]


def test_a_past_moment_ends_its_own_hour_day_and_week(march):
    at = MARCH_JUMP
    assert {told(march, grain, at.date(), at)[-1] for grain in Grain} == {(4, 1, 4)}
    before = MARCH_JUMP - timedelta(milliseconds=1)
    assert {told(march, grain, at.date(), before)[-1] for grain in Grain} == {(0, 0, 0)}


def test_the_spike_of_38_stands_out_of_a_flow_of_two_a_day(store):
    places = dict.fromkeys(range(1, 101), ACTIVE)
    store.now = datetime(2026, 3, 6, 12, tzinfo=UTC)
    store.sweep(places)
    for rejected in (2, 4, 42):
        store.after(days=1).sweep(places | dict.fromkeys(range(1, rejected + 1), REJECTED))
    assert told(store, Grain.DAY, date(2026, 3, 6)) == [(0, 0, 0), (2, 0, 2), (4, 0, 2), (42, 0, 38)]
    assert told(store, Grain.WEEK, date(2026, 3, 6)) == [(4, 0, 4), (42, 0, 38)]


def test_what_was_there_at_the_first_reading_did_not_move(store):
    store.sweep({1: REJECTED, 2: AUDITING})
    assert told(store, Grain.DAY, store.now.date()) == [(1, 1, 0)]


def test_a_day_that_was_not_read_is_a_gap_and_so_are_its_hours(store):
    store.tolerance = timedelta(minutes=5)
    store.sweep({1: REJECTED})
    store.after(days=3).sweep({1: REJECTED, 2: REJECTED})
    assert told(store, Grain.DAY, date(2026, 3, 8)) == [
        (None, None, None),
        (1, 0, 0),
        (None, None, None),
        (None, None, None),
        (2, 0, 1),
    ]
    hours = told(store, Grain.HOUR, date(2026, 3, 9))
    known = [index for index, (rejected, *_) in enumerate(hours) if rejected is not None]
    assert known == [12, 3 * 24 + 12]


def test_a_gap_says_whether_the_store_had_been_read_before(store):
    store.tolerance = timedelta(minutes=5)
    store.sweep({1: REJECTED})
    store.after(days=2).sweep({1: REJECTED})
    points = store.snapshot.held_series(None, buckets(Grain.DAY, date(2026, 3, 8), store.now), store.now)
    assert [(point.held, point.begun) for point in points] == [(None, False), (1, True), (None, True), (1, True)]


def test_a_run_that_was_partly_read_covers_nothing(store):
    store.tolerance = timedelta(minutes=5)
    store.sweep({1: REJECTED})
    store.after(days=1).sweep({}, incomplete=HELD)
    store.after(days=1).sweep({}, incomplete=HELD)
    assert told(store, Grain.DAY, date(2026, 3, 9)) == [(1, 0, 0), (None, None, None), (None, None, None)]


def test_a_clock_that_went_back_moves_nothing_to_an_earlier_hour(store):
    store.sweep(LAMPS)
    store.after(hours=-3).sweep(LAMPS | {1: REJECTED})
    assert told(store, Grain.HOUR, date(2026, 3, 9), store.now + timedelta(hours=3, minutes=1))[12:] == [(1, 0, 1)]


@pytest.mark.slow
def test_a_store_connected_half_a_year_later_is_no_gap_before(tmp_path):
    old, new = Store(tmp_path, "old"), Store(tmp_path, "new")
    for days in range(200):
        old.now = old.now + DAY if days else old.now
        old.sweep({1: REJECTED})
    new.now = old.now
    new.sweep({1: REJECTED, 2: REJECTED})
    points = old.snapshot.held_series(None, buckets(Grain.DAY, date(2026, 3, 9), old.now), old.now)
    assert [point.held for point in points] == [1] * 199 + [3]
    assert [
        point.held
        for point in old.snapshot.held_series(("new",), buckets(Grain.WEEK, old.now.date(), old.now), old.now)
    ] == [2]


def test_no_store_at_all_has_no_value(store):
    store.sweep({1: REJECTED})
    cut = buckets(Grain.DAY, store.now.date(), store.now)
    assert store.snapshot.held_series((), cut, store.now) == [
        HeldPoint(cut[0].start, cut[0].end, None, None, None, begun=False, at=store.now, is_open=True)
    ]
    assert store.snapshot.card_series((), HERO, cut, store.now) == [CardPoint(None)]


@pytest.fixture
def two(tmp_path) -> Iterator[tuple[Store, Store]]:
    """Two stores with five minutes of tolerance, read together at noon: two are rejected in one, three in the other."""
    stores = Store(tmp_path, "north"), Store(tmp_path, "south")
    for store, held in zip(stores, (2, 3), strict=True):
        store.tolerance = timedelta(minutes=5)
        store.sweep(LAMPS | dict.fromkeys(range(1, held + 1), REJECTED))
    yield stores
    for store in stores:
        store.db.close()


def test_a_store_in_a_hole_leaves_the_sum_of_the_others_as_a_part(two):
    north, south = two
    north.after(hours=2).sweep(LAMPS | {1: REJECTED})
    point = north.snapshot.held_series(None, buckets(Grain.HOUR, NOON.date(), north.now), north.now)[14]
    assert (point.held, point.is_part, point.reach.claim) == (1, True, Claim.PART)
    assert ([one.store for one in point.reach.read], len(point.reach.readings)) == (["north"], 2)
    south.after(hours=2).sweep(LAMPS)
    point = north.snapshot.held_series(None, buckets(Grain.HOUR, NOON.date(), north.now), north.now)[14]
    assert (point.held, point.is_part, point.reach.claim) == (1, False, Claim.KNOWN)


@pytest.mark.parametrize(
    ("low", "high", "value"),
    [
        pytest.param(0.1, 99.9, None, id="six of thousands were read"),
        pytest.param(40.0, None, None, id="what is not read can only add, nobody knows how much"),
        pytest.param(98.3, 99.7, 99.0, id="a narrow estimate"),
    ],
)
def test_an_estimate_that_tells_no_value_is_a_gap_with_its_limits(two, low, high, value):
    """A line through the middles of wide limits would be a trend that nobody read."""
    north, _ = two
    told = CardValue(99.0, coverage=(6, 4_326), low=low, high=high)
    card_values.keep(north.db, north.id, {"card": told}, NOON)
    cut = buckets(Grain.HOUR, NOON.date(), NOON)
    [*_, point] = north.snapshot.card_series(("north",), "card", cut, NOON)
    assert point.value == value
    assert point.doubt == (pytest.approx((low, high)) if high else (-math.inf, math.inf))


def test_an_estimate_of_one_store_makes_the_sum_of_several_one(two):
    for store in two:
        store.sweep(LAMPS)
    north, south = two
    card_values.keep(north.db, north.id, {"card": CardValue(100.0)}, NOON)
    card_values.keep(south.db, south.id, {"card": CardValue(90.0, coverage=(6, 900), low=3.0, high=890.0)}, NOON)
    [*_, point] = north.snapshot.card_series(None, "card", buckets(Grain.HOUR, NOON.date(), NOON), NOON)
    assert point.value is None


def test_where_all_stores_are_in_a_hole_there_is_a_gap(two):
    north, south = two
    for store in two:
        store.after(hours=3).sweep(LAMPS)
    hours = north.snapshot.held_series(None, buckets(Grain.HOUR, NOON.date(), south.now), south.now)[11:]
    assert [(point.held, point.begun) for point in hours] == [
        (None, False),
        (5, True),
        (None, True),
        (None, True),
        (0, True),
    ]
    assert hours[2].reach.claim is Claim.NOT_READ_SINCE


def test_a_store_that_is_not_connected_yet_makes_no_part_of_what_is_known(two):
    north, _ = two
    late = Store(north.folder, "late", NOON + 3 * DAY)
    point = north.snapshot.held_series(None, buckets(Grain.HOUR, NOON.date(), NOON), NOON)[-1]
    assert (point.held, point.is_part, point.reach.claim) == (5, False, Claim.PART)
    late.db.close()


def test_a_bucket_whose_end_was_not_read_is_open_and_says_how_far_it_was_read(store):
    store.tolerance = timedelta(minutes=5)
    store.sweep(LAMPS)
    store.after(hours=2, minutes=5).sweep(LAMPS | {1: REJECTED})
    store.after(days=1, hours=9, minutes=54).sweep(LAMPS)  # the reading of 23:59 speaks beyond midnight
    days = store.snapshot.held_series(None, buckets(Grain.DAY, NOON.date(), store.now), store.now)
    assert [(point.is_open, point.read_until, point.newly_rejected, point.moves_at_least) for point in days] == [
        (True, NOON + timedelta(hours=2, minutes=5), 1, True),
        (True, NOON + timedelta(days=1, hours=11, minutes=59), 0, True),
    ]
    store.after(minutes=4).sweep(LAMPS)
    closed = store.snapshot.held_series(None, buckets(Grain.DAY, date(2026, 3, 10), store.now), store.now)[0]
    assert (closed.is_open, closed.unread) == (False, timedelta(hours=23, minutes=59))
    running = store.snapshot.held_series(None, buckets(Grain.HOUR, date(2026, 3, 11), store.now), store.now)[-1]
    assert (running.is_open, running.moves_at_least, running.unread) == (True, True, timedelta())


def test_a_store_whose_value_is_not_known_leaves_that_of_the_others_on_card_and_chart(two):
    """One store was never read of what is on sale."""
    north, _ = two
    late = Store(north.folder, "late", NOON)
    late.pulse({})
    for store in (*two, late):
        record_cards(store.db, store.id, NOON)
    [*_, point] = north.snapshot.card_series(None, ON_SALE, buckets(Grain.HOUR, NOON.date(), NOON), NOON)
    card = values(north.snapshot.measures(None, NOON))[ON_SALE]
    assert (point.value, point.reach.claim) == (card.value, card.reach.claim) == (75, Claim.PART)
    late.db.close()


def test_days_have_24_hours_where_clocks_are_changed_and_weeks_begin_on_monday():
    """29 March and 25 October 2026 have 23 and 25 hours in Europe."""
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
        assert len(buckets(Grain.HOUR, day, last)) == 24
        assert [bucket.start.isoweekday() for bucket in buckets(Grain.WEEK, day, last + 8 * DAY)] == [1, 1, 1]
    midnight = datetime(2026, 3, 10, tzinfo=UTC)
    assert buckets(Grain.DAY, date(2026, 3, 9), midnight - timedelta(milliseconds=1)) == [
        Bucket(midnight - DAY, midnight)
    ]
    assert buckets(Grain.DAY, date(2026, 3, 9), midnight)[-1] == Bucket(midnight, midnight + DAY)


@pytest.mark.slow
@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(["first", "second"]), st.integers(1, 70), moves), min_size=2, max_size=7))
def test_any_history_at_any_grain_equals_a_plain_recomputation(readings):
    """Also: hours add up to days and days to weeks, and the hero's card says the same as the periods."""
    with tempfile.TemporaryDirectory() as folder:
        story, read = Story(Path(folder)), defaultdict(list)
        for key, hours, moved in readings:
            story.read(key, hours, moved)
            read[key].append(story.now)
            record_cards(story.stores[key].db, story.stores[key].id, story.now)
        snapshot = next(iter(story.stores.values())).snapshot
        with snapshot.together():
            for where in (None, *[(key,) for key in read]):
                among = {key: read[key] for key in where or read}
                assert_as_recomputed(
                    snapshot, where, [stay for stay in story.stays if stay.store in among], among, story
                )
        story.close()


def assert_as_recomputed(
    snapshot: Snapshot,
    where: tuple[str, ...] | None,
    stays: list[Stay],
    among: dict[str, list[datetime]],
    story: Story,
) -> None:
    """The history of some stores at every grain is that of their stays and readings."""
    series = {}
    for grain in Grain:
        cut = buckets(grain, min(story.connected.values()).date() - DAY, story.now)
        series[grain] = snapshot.held_series(where, cut, story.now)
        assert series[grain] == [plainly(bucket, stays, among, story.now) for bucket in cut]
        for point, hero, sale in zip(
            series[grain],
            snapshot.card_series(where, HERO, cut, story.now, combine=Combine.SUM),
            snapshot.card_series(where, ON_SALE, cut, story.now, combine=Combine.SUM),
            strict=True,
        ):
            assert_as_of(snapshot, where, point, {HERO: hero, ON_SALE: sale})
    assert_adds_up(series[Grain.HOUR], series[Grain.DAY])
    assert_adds_up(series[Grain.DAY], series[Grain.WEEK])


def assert_as_of(
    snapshot: Snapshot, where: tuple[str, ...] | None, point: HeldPoint, cards: dict[str, CardPoint]
) -> None:
    """A point of the chart says what hero and cards say as of its moment: the same number, with the same claim."""
    assert point.at
    hero = snapshot.hero(View(store=where[0] if where else None, as_of=point.at))
    assert (point.rejected, point.auditing) == (hero.rejected, hero.auditing)
    assert (point.reach.claim, point.reach.readings) == (hero.reach.claim, hero.reach.readings)
    assert cards[HERO].value == point.held
    measures = snapshot.measures(where, point.at)
    for key, of_card in cards.items():
        card = value(CARDS[key], measures)
        assert (of_card.value, of_card.reach.claim) == (card.value, card.reach.claim)


def plainly(bucket: Bucket, stays: list[Stay], read: dict[str, list[datetime]], now: datetime) -> HeldPoint:
    """A bucket, looked at stay by stay, as of its last moment for which a reading of any store speaks."""
    last = min(bucket.end - TICK, now)
    spoken = [min(at + DAY, last) for moments in read.values() for at in moments if at <= last]
    at = max((until for until in spoken if until >= bucket.start), default=None)
    begun = any(moments[0] <= last for moments in read.values())
    point = HeldPoint(bucket.start, bucket.end, None, None, None, begun, at or last)
    if at is None:
        return replace(point, is_open=last < bucket.end - TICK)
    there = {key for key, moments in read.items() if any(one <= at <= one + DAY for one in moments)}
    held = [stay.status for stay in stays if stay.store in there and stay.at(at)]
    moved = [stay for stay in stays if stay.status is REJECTED and stay.seen and bucket.start <= stay.start <= last]
    return replace(
        point,
        rejected=held.count(REJECTED),
        auditing=held.count(AUDITING),
        newly_rejected=len(moved),
        is_open=at < bucket.end - TICK,
        unread=max(not_read(max(bucket.start, moments[0]), at, moments) for moments in read.values()),
    )


def not_read(start: datetime, end: datetime, moments: list[datetime]) -> timedelta:
    """How much of a span lies more than a day after each reading before it."""
    reached, missed = start, timedelta()
    for at in moments:
        if at < end and at + DAY > start:
            missed += max(at - reached, timedelta())
            reached = max(reached, min(at + DAY, end))
    return missed + max(end - reached, timedelta())


def assert_adds_up(fine: list[HeldPoint], coarse: list[HeldPoint]) -> None:
    """What moved adds up, and what was held at the end is the same, wherever all of it was read."""
    for point in coarse:
        parts = [part for part in fine if point.start <= part.start < point.end]
        if all(part.held is not None and not part.is_part for part in (*parts, point)):
            assert sum(part.newly_rejected or 0 for part in parts) == point.newly_rejected
            assert (parts[-1].rejected, parts[-1].auditing) == (point.rejected, point.auditing)
