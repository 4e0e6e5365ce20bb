from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.demo.world.catalogue import BRAND, CATEGORIES, CATEGORY_BY_ID
from aexdash.demo.world.listing import Cause
from aexdash.demo.world.moments import (
    CENSUS,
    CHURN_FROM,
    FIRST_SPIKE,
    MARCH_CLEARED,
    MARCH_FIXED,
    MARCH_HELD,
    MARCH_JUMP,
    MARCH_JUMP_BEGINS,
    MARCH_PASSED,
    MARCH_RESUBMITTED,
    QUIET_FROM,
    last_spike,
)
from aexdash.demo.world.objectionable_words import objectionable
from aexdash.demo.world.world import World
from aexdash.model import Status
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS
from tests.support import examples

SECOND = timedelta(seconds=1)
LIVE = st.integers(min_value=86_400, max_value=3 * 365 * 86_400).map(
    lambda after: CHURN_FROM + timedelta(seconds=after)
)

FIRST_YEAR = st.integers(0, 290 * 86_400).map(lambda after: CHURN_FROM + timedelta(seconds=after))


SPIKE_DAYS = 4
"""A spike is cleared on the third day after it broke out."""


def in_spike(at: datetime) -> bool:
    day = at.astimezone(UTC).date()
    spike = last_spike(day)
    return spike is not None and (day - spike).days < SPIKE_DAYS


def held(world: World, at: datetime) -> tuple[int, int]:
    counts = world.counts(at)
    return counts[Status.REJECTED], counts[Status.AUDITING]


def test_the_census_counts_4820_listings_of_which_4310_are_active(world: World) -> None:
    counts = world.counts(CENSUS)
    assert counts == {
        Status.ACTIVE: 4310,
        Status.AUDITING: 0,
        Status.REJECTED: 0,
        Status.OFFLINE: 510,
        Status.DELETED: 0,
    }


def test_offline_listings_of_the_census_have_every_kind_of_cause(world: World) -> None:
    shown = (world.listing(number, CENSUS) for number in world.ids(Status.OFFLINE, CENSUS))
    causes = Counter(listing.cause for listing in shown if listing)
    assert set(causes) == {"expire_offline", "user_offline", "violate_offline", "punish_offline", "degrade_offline"}
    assert causes["expire_offline"] > causes["violate_offline"] > causes["punish_offline"] > 0


@pytest.mark.slow
def test_thirty_kinds_of_category_are_all_stocked(world: World) -> None:
    shown = (world.listing(number, CENSUS) for number in world.ids(Status.ACTIVE, CENSUS))
    assert {listing.facts.category_id for listing in shown if listing} == {each.category_id for each in CATEGORIES}
    assert len(CATEGORIES) == len(CATEGORY_BY_ID) == 30


def test_product_ids_have_16_digits_and_are_unique(world: World) -> None:
    ids = [number for status in Status for number in world.ids(status, CENSUS)]
    assert len(set(ids)) == 4820
    assert {len(str(number)) for number in ids} == {16}
    assert list(world.ids(Status.ACTIVE, CENSUS)) != sorted(world.ids(Status.ACTIVE, CENSUS))


def test_the_weeks_before_the_worked_example_are_quiet(world: World) -> None:
    hours = range(int((MARCH_JUMP_BEGINS - QUIET_FROM) / timedelta(hours=5)))
    assert {held(world, QUIET_FROM + timedelta(hours=5 * hour)) for hour in hours} == {(0, 0)}
    assert held(world, MARCH_JUMP_BEGINS - SECOND) == (0, 0)


def test_the_worked_example_goes_0_5_5_0(world: World) -> None:
    assert held(world, MARCH_JUMP) == (4, 1)
    assert held(world, datetime(2026, 3, 9, 12, tzinfo=UTC)) == (4, 1)
    assert held(world, MARCH_RESUBMITTED) == (0, 5)
    assert held(world, datetime(2026, 3, 9, 23, 59, tzinfo=UTC)) == (0, 5)
    assert [sum(held(world, moment)) for moment in MARCH_PASSED] == [4, 3, 2, 1, 0]
    assert held(world, MARCH_CLEARED) == (0, 0)
    assert datetime(2026, 3, 11, 12, tzinfo=UTC) >= MARCH_CLEARED


def test_the_worked_example_walks_up_one_by_one_and_names_its_five(world: World) -> None:
    assert [sum(held(world, moment)) for moment in MARCH_HELD] == [1, 2, 3, 4, 5]
    assert set(world.ids(Status.REJECTED, MARCH_JUMP)) == set(MARCH_PICTURE_IDS)
    assert list(world.ids(Status.AUDITING, MARCH_JUMP)) == [MARCH_BRAND_ID]
    assert set(world.ids(Status.AUDITING, MARCH_RESUBMITTED)) == {*MARCH_PICTURE_IDS, MARCH_BRAND_ID}


@pytest.mark.parametrize("position", range(4))
def test_the_pictures_of_march_are_640_then_1000_at_a_new_address(world: World, position: int) -> None:
    product_id = MARCH_PICTURE_IDS[position]
    before = world.listing(product_id, QUIET_FROM)
    during = world.listing(product_id, MARCH_JUMP)
    after = world.listing(product_id, MARCH_RESUBMITTED)
    assert before
    assert during
    assert after
    mains = [listing.facts.pictures[0] for listing in (before, during, after)]
    assert (mains[1].width, mains[1].height) == (640, 640)
    assert (mains[2].width, mains[2].height) == (1000, 1000)
    assert min(mains[0].width, mains[0].height) >= 1000
    assert len({main.path(product_id) for main in mains}) == 3
    assert before.modified < during.modified < MARCH_HELD[position]
    assert after.modified == MARCH_FIXED[position]


def test_the_brand_of_march_is_missing_until_it_is_filled_in(world: World) -> None:
    def brands(at: datetime) -> list[str]:
        listing = world.listing(MARCH_BRAND_ID, at)
        assert listing
        assert BRAND in CATEGORY_BY_ID[listing.facts.category_id].required_attributes()
        return [each.value for each in listing.facts.attributes if each.name == BRAND.english]

    assert brands(MARCH_JUMP) == []
    assert brands(MARCH_RESUBMITTED) == brands(QUIET_FROM) != []


def test_nothing_else_is_held_to_the_end_of_14_march(world: World) -> None:
    moments = [MARCH_CLEARED + timedelta(hours=hour) for hour in range(85)]
    assert {held(world, moment) for moment in moments if moment < CHURN_FROM} == {(0, 0)}


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(12))
@given(st.lists(FIRST_YEAR, min_size=2, max_size=4))
def test_an_answer_does_not_hang_on_what_was_asked_before(moments: list[datetime]) -> None:
    forth, back = World(seed=11, listings=200), World(seed=11, listings=200)
    statuses = (Status.ACTIVE, Status.AUDITING, Status.REJECTED, Status.OFFLINE)

    def answers(world: World, asked: list[datetime]) -> dict[datetime, list[object]]:
        return {
            at: [[world.listing(number, at) for number in world.ids(status, at)] for status in statuses] for at in asked
        }

    assert answers(forth, moments) == answers(back, moments[::-1])


@pytest.mark.slow
@settings(deadline=None)
@given(LIVE)
def test_between_10_and_40_are_held_and_up_to_75_while_a_spike_lasts(world: World, at: datetime) -> None:
    rejected, auditing = held(world, at)
    assert 10 <= rejected + auditing <= (75 if in_spike(at) else 40)


@pytest.mark.slow
@settings(deadline=None)
@given(LIVE)
def test_counts_lists_and_listings_agree(world: World, at: datetime) -> None:
    for status, count in world.counts(at).items():
        ids = world.ids(status, at)
        assert count == len(ids) == len(set(ids))
        assert {listing.status for number in ids[:40] if (listing := world.listing(number, at))} <= {status}


@pytest.mark.slow
@settings(deadline=None)
@given(LIVE)
def test_something_held_changes_within_a_hundred_minutes(world: World, at: datetime) -> None:
    looks = [set(world.ids(Status.AUDITING, at + timedelta(minutes=20 * step))) for step in range(6)]
    assert any(look != looks[0] for look in looks)


def entered(world: World, first: datetime, every: timedelta) -> int:
    """Count the listings that are held at one look of a day and were not at the look before."""
    looks = [first + step * every for step in range(timedelta(days=1) // every + 1)]
    held_then = [{*world.ids(Status.REJECTED, at), *world.ids(Status.AUDITING, at)} for at in looks]
    return sum(len(now - before) for before, now in pairwise(held_then))


@pytest.mark.parametrize("day", [10, 45, 100])
def test_a_day_that_is_watched_is_no_more_of_a_disaster_than_one_read_now_and_then(world: World, day: int) -> None:
    first = CHURN_FROM + timedelta(days=day)
    assert not in_spike(first)
    watched, sparse = entered(world, first, timedelta(minutes=10)), entered(world, first, timedelta(hours=6))
    assert 20 <= watched <= 40
    assert sparse >= 0.7 * watched


@pytest.mark.slow
def test_numbers_stay_steady_for_years(world: World) -> None:
    days = [CHURN_FROM + timedelta(days=day, hours=day % 24) for day in range(1, 1200, 7)]
    counts = [world.counts(day) for day in days]
    assert all(4000 <= each[Status.ACTIVE] <= 4600 for each in counts)
    assert all(4600 <= sum(each.values()) - each[Status.DELETED] <= 5100 for each in counts)


def rejections(world: World, first: datetime, days: int) -> Counter[datetime]:
    """Count the listings that turn rejected, by day, as seen every 18 minutes: no rejection is shorter than 20."""
    entered: Counter[datetime] = Counter()
    before = set(world.ids(Status.REJECTED, first))
    for step in range(1, days * 80 + 1):
        at = first + timedelta(minutes=18 * step)
        now = set(world.ids(Status.REJECTED, at))
        entered[first + timedelta(days=(step - 1) // 80)] += len(now - before)
        before = now
    return entered


def test_an_ordinary_day_brings_a_few_rejections_and_a_spike_brings_38(world: World) -> None:
    spike = datetime(2026, 4, 6, tzinfo=UTC)
    entered = rejections(world, spike - timedelta(days=6), 7)
    assert 38 <= entered[spike] <= 45
    ordinary = [entered[spike - timedelta(days=before)] for before in range(1, 7)]
    assert all(0 <= count <= 7 for count in ordinary)
    assert 1 <= sum(ordinary) / 6 <= 4


def test_a_spike_has_one_cause_and_is_cleared_in_three_days(world: World) -> None:
    morning = datetime(2026, 4, 6, 8, tzinfo=UTC)
    shown = [world.listing(number, morning) for number in world.ids(Status.REJECTED, morning)]
    struck = [
        each for each in shown if each and (each.facts.pictures[0].width, each.facts.pictures[0].height) == (600, 600)
    ]
    assert len(struck) >= 38
    assert {each.rejected_for for each in struck} == {Cause.PICTURE_SMALL}
    later = [world.listing(each.product_id, morning + timedelta(days=3)) for each in struck]
    assert sum(each.status is Status.ACTIVE for each in later if each) >= 36


def test_a_spike_is_never_older_than_28_days() -> None:
    assert last_spike(FIRST_SPIKE - timedelta(days=1)) is None
    ages = [
        (day - spike).days
        for day in (FIRST_SPIKE + timedelta(days=n) for n in range(900))
        if (spike := last_spike(day))
    ]
    assert (min(ages), max(ages), len(ages)) == (0, 27, 900)


@pytest.mark.slow
def test_causes_of_rejection_can_be_seen_in_the_listing(world: World) -> None:
    seen: Counter[str] = Counter()
    for day in range(0, 400, 2):
        at = CHURN_FROM + timedelta(days=day, hours=11)
        for number in world.ids(Status.REJECTED, at):
            listing = world.listing(number, at)
            assert listing
            assert listing.rejected_for
            seen[listing.rejected_for] += 1
            main, facts = listing.facts.pictures[0], listing.facts
            names = {each.name for each in facts.attributes}
            category = CATEGORY_BY_ID.get(facts.category_id)
            required = {each.english for each in category.required_attributes()} if category else set()
            match listing.rejected_for:
                case Cause.PICTURE_SMALL:
                    assert min(main.width, main.height) < 800
                case Cause.PICTURE_RATIO:
                    assert not 1 <= main.height / main.width <= 1.3
                case Cause.ATTRIBUTE_MISSING:
                    assert required - names
                case Cause.PROHIBITED_WORD | Cause.BRAND_WORD | Cause.RESTRICTED_GOODS:
                    assert objectionable(listing.title)
                case Cause.PRICE:
                    assert not all(0.01 <= float(price) <= 999_999 for price in facts.price_range())
                case Cause.WRONG_CATEGORY:
                    assert category is None or not any(noun in listing.title for noun in category.noun)
                case Cause.TITLE_ABUSE:
                    assert max(Counter(listing.title.split()).values()) >= 6
                case Cause.QUALIFICATION:
                    assert category
                    assert set(category.certificates()) > set(facts.qualifications) or facts.eu_person is None
                case _:
                    pass
    assert set(seen) == set(Cause)


def test_listings_come_and_go(world: World) -> None:
    at = CHURN_FROM + timedelta(days=200)
    born = {number for status in Status for number in world.ids(status, at)} - {
        number for status in Status for number in world.ids(status, CENSUS)
    }
    assert len(born) > 300
    assert world.counts(at)[Status.DELETED] > 200
    assert all(world.listing(number, CENSUS) is None for number in born)


def test_a_listing_never_heard_of_is_none(world: World) -> None:
    assert world.listing(1, CENSUS) is None


def test_a_small_world_keeps_its_proportions(small_world: World) -> None:
    counts = [small_world.counts(CHURN_FROM + timedelta(days=day, hours=9)) for day in range(2, 700, 9)]
    assert all(240 <= each[Status.ACTIVE] <= 300 for each in counts)
    assert all(1 <= each[Status.AUDITING] + each[Status.REJECTED] <= 20 for each in counts)
