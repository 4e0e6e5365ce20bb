"""What each condition finds: its level, what that is made of, and what it says of itself."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.alerts.conditions import (
    Anomaly,
    Concentration,
    NewReason,
    NoData,
    OneListing,
    Rise,
    SharedTrait,
    Silence,
    Subject,
    Threshold,
)
from aexdash.alerts.facts import Doubt, Entered, Given, SyncHealth
from aexdash.alerts.limits import Way
from aexdash.alerts.machine import step
from aexdash.alerts.model import EventKind, RuleState
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.shipped import DEFAULTS
from tests.alerts.known import Known, read

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
LONG_AGO = NOON - 400 * DAY
HERO = "aex_rejected_auditing_listings"
REJECTED = "aex_rejected_listings_24h"
ACTIVE = "aex_active_listings"
SMALL, BRAND = "image.main_too_small", "attribute.brand_missing"


def since(card: str, *steps: tuple[datetime, float | None], **other) -> Known:
    return Known({card: steps}, **other)


def daily(card: str, values: list[float], now: float) -> Known:
    """A card that said one value a day, the last of them yesterday, and says another from this noon on."""
    begin = NOON - len(values) * DAY
    return since(card, *((begin + day * DAY, value) for day, value in enumerate(values)), (NOON, now))


def entered(product_id: int, *codes: str, hours_ago: float = 1, category: int | None = 7, name: str = "") -> Entered:
    return Entered(product_id, NOON - hours_ago * HOUR, category, codes, name)


def given(code: str, *listings: int, hours_ago: float = 1, before: datetime | None = None) -> Given:
    return Given(code, listings, NOON - hours_ago * HOUR, before)


COMPLETE, MONEY = "aex_required_attribute_completeness", "aexdash_money_held_back"


@pytest.mark.parametrize(
    ("doubt", "level"),
    [
        (None, 88),
        (Doubt(85, 89.9, 0.2), 88),  # all of it is beyond the limit
        (Doubt(85, 90.5, 0.2), None),
        (Doubt(-math.inf, math.inf, 0.2), None),
        (Doubt(79, 89.9, 0.2), None),  # it may be worse than the second limit, or not
    ],
)
def test_while_listings_are_read_a_rule_waits_until_the_rest_cannot_change_what_follows(doubt, level):
    facts = since(COMPLETE, (LONG_AGO, 95), (NOON, 88), doubts={COMPLETE: doubt} if doubt else {})
    rule = Threshold(card=COMPLETE, limit=90, way=Way.BELOW, worse_at=80)
    found = read(rule, facts, NOON)
    assert (found.level, found.value) == (level, 88)
    assert found.because == ("" if level else "Required attributes complete is still being read.")


def test_an_episode_stays_open_while_the_rest_may_still_be_bad_and_closes_once_it_cannot():
    rule = Threshold(card=COMPLETE, limit=90, way=Way.BELOW, recovers_at=92)
    open_, closed = (
        read(rule, since(COMPLETE, (LONG_AGO, 93), doubts={COMPLETE: Doubt(low, 96, 0.5)}), NOON) for low in (91, 92.5)
    )
    assert (open_.level, closed.level) == (None, 93)


def test_what_is_not_worked_out_yet_can_only_add_to_the_money_held_back():
    rule = Threshold(card=MONEY, limit=100)
    for low, level in ((120, 150), (80, None)):
        assert read(rule, since(MONEY, (LONG_AGO, 150), doubts={MONEY: Doubt(low, 200, 0.5)}), NOON).level == level


def test_a_threshold_reads_its_card_and_what_it_said_a_day_before():
    facts = since(ACTIVE, (LONG_AGO, 4310), (NOON, 4000))
    assert read(Threshold(card=ACTIVE, limit=4100, way=Way.BELOW), facts, NOON) == Reading(4000, 4000, 4310)


def test_a_card_without_data_says_so_and_has_no_level():
    because = "Rejected / Auditing Listings has no data."
    for facts in (Known(), since(HERO, (LONG_AGO, 0), (NOON, None))):
        for condition in (Threshold(card=HERO, limit=0), Rise(card=HERO, limit=1), Anomaly(card=HERO)):
            assert read(condition, facts, NOON) == Reading(None, because=because)


def test_a_card_of_another_version_is_said_and_never_asked_for():
    facts = since("gone", (LONG_AGO, 1))
    assert read(Anomaly(card="gone"), facts, NOON) == Reading(None, because="There is no card gone.")


def test_what_is_held_is_told_with_its_reasons_and_the_first_listings():
    facts = since(HERO, (LONG_AGO, 0), (NOON, 5), codes={SMALL: 4, BRAND: 1}, held=[15, 14, 13, 12, 11])
    assert read(Threshold(card=HERO, limit=0), facts, NOON) == Reading(
        5,
        5,
        0,
        marks=(SMALL,),
        listings=(15, 14, 13, 12, 11),
        because="4 of 5 share one reason: Main picture too small (80%).",
        counts={SMALL: 4, BRAND: 1},
    )


@pytest.mark.parametrize(
    ("held", "codes", "marks"),
    [
        (4, {SMALL: 3, BRAND: 1}, (SMALL, BRAND)),
        (5, {SMALL: 3, BRAND: 2}, (SMALL,)),
        (100, {SMALL: 20, BRAND: 19}, (SMALL,)),
        (5, {"in_review": 4, "unknown": 3}, ()),
    ],
)
def test_a_reason_is_a_mark_when_enough_listings_have_it(held, codes, marks):
    facts = since(HERO, (LONG_AGO, held), codes=codes)
    assert read(Threshold(card=HERO, limit=0), facts, NOON).marks == marks


def test_only_what_fires_is_looked_into():
    facts = since(HERO, (LONG_AGO, 5), codes={SMALL: 5}, held=[1, 2])
    assert read(Threshold(card=HERO, limit=5), facts, NOON) == Reading(5, 5, 5)


def test_a_rise_is_against_the_median_of_this_hour_on_the_days_before():
    facts = daily(ACTIVE, [100, 90, 900, 100, 110, 100, 100], now=80)
    assert read(Rise(card=ACTIVE, limit=10), facts, NOON) == Reading(-20, 80, 100)
    assert read(Rise(card=ACTIVE, limit=-10, way=Way.BELOW, relative=True), facts, NOON) == Reading(-20, 80, 100)


def test_a_relative_rise_from_nothing_is_in_percent_of_one():
    facts = daily(ACTIVE, [0] * 7, now=3)
    assert read(Rise(card=ACTIVE, limit=50, relative=True), facts, NOON) == Reading(300, 3, 0)


def test_a_rise_is_not_told_where_most_days_before_are_not_known():
    facts = daily(ACTIVE, [100, 100, 100], now=80)
    because = "Active listings at this hour is known for 3 of the 7 days before, fewer than half."
    assert read(Rise(card=ACTIVE, limit=10), facts, NOON) == Reading(None, 80, because=because)


def test_usual_is_the_same_hour_of_the_week_and_no_incident_of_the_past_changes_it():
    churn = [9.0 if day % 7 else 2.0 for day in range(56)]
    churn[-7] = churn[-21] = 250.0
    found = read(Anomaly(card=REJECTED), daily(REJECTED, churn, now=3), NOON)
    assert (found.value, found.baseline) == (3, 2)
    assert found.level == pytest.approx(1 / 2**0.5)


def test_a_store_that_never_rejects_anything_is_not_unusual_with_a_few():
    quiet = [0.0] * 56
    assert read(Anomaly(card=REJECTED), daily(REJECTED, quiet, now=4), NOON).level == 4.0
    assert read(Anomaly(card=REJECTED), daily(REJECTED, quiet, now=5), NOON).level == 5.0
    assert read(Anomaly(card=REJECTED, least=10), daily(REJECTED, quiet, now=10), NOON).level == 4.0


def test_a_percentage_has_no_chance_of_its_own_but_what_it_did_before():
    feed = "aex_listings_failing_feedonomics_validation"
    facts = daily(feed, [3.0] * 56, now=3.5)
    assert read(Anomaly(card=feed, least=0.2, limit=4), facts, NOON).level == pytest.approx(10)
    assert read(Anomaly(card=feed, least=0), facts, NOON).level == 0.5


def test_a_young_store_is_measured_by_its_last_days_and_a_new_one_not_at_all():
    facts = daily(REJECTED, [1.0] * 10, now=9)
    assert read(Anomaly(card=REJECTED), facts, NOON) == Reading(8, 9, 1)
    because = "Rejected, 24 hours is known for fewer than 7 days at this hour, too few to say what is usual."
    new = daily(REJECTED, [1.0] * 6, now=9)
    assert read(Anomaly(card=REJECTED), new, NOON) == Reading(None, 9, because=because)


def test_two_weeks_of_a_rule_that_asks_for_two_are_enough():
    facts = daily(REJECTED, [1.0] * 13 + [9.0], now=2)
    assert read(Anomaly(card=REJECTED, weeks=2), daily(REJECTED, [5.0] * 15, now=2), NOON).baseline == 5
    assert read(Anomaly(card=REJECTED, weeks=2), facts, NOON).baseline == 1


def test_a_limit_of_nothing_can_be_tried_though_it_cannot_be_saved():
    assert read(Anomaly(card=REJECTED, limit=0), daily(REJECTED, [1.0] * 56, now=5), NOON).level == pytest.approx(4 / 3)


def test_a_reason_never_seen_and_one_not_seen_for_long_are_new_and_others_are_not():
    reasons = [
        given(BRAND, 3, before=NOON - 31 * DAY),
        given(SMALL, 1, 2),
        given("title.empty", 4, before=NOON - 2 * DAY),
        given("unknown", 5),
        given("image.none", 6, hours_ago=25),
    ]
    assert read(NewReason(), since(HERO, (LONG_AGO, 0), reasons=reasons), NOON) == Reading(
        3,
        3,
        marks=(SMALL, BRAND),
        listings=(1, 2, 3),
        because="Main picture too small: never before. Brand missing: last given 6 Feb 2026.",
    )


def test_in_its_first_week_a_store_has_no_new_reasons():
    facts = since(HERO, (NOON - 6 * DAY, 0), reasons=[given(SMALL, 1)])
    assert read(NewReason(), facts, NOON) == Reading(
        None, because="Fewer than 7 days of history: too few to say what is new."
    )


def test_concentration_is_the_share_of_the_commonest_among_those_whose_reason_is_known():
    arrivals = [
        *(entered(one, SMALL, hours_ago=one) for one in range(1, 5)),
        entered(5, BRAND, SMALL),
        entered(6, BRAND),
        entered(7, "in_review"),
        entered(8),
        entered(9, BRAND, hours_ago=24),
    ]
    assert read(Concentration(), Known(arrivals=arrivals), NOON) == Reading(
        pytest.approx(100 * 5 / 6),
        pytest.approx(100 * 5 / 6),
        marks=(SMALL,),
        listings=(1, 5, 2, 3, 4),
        because="5 of 6 newly held whose reason is known share one: Main picture too small (83%).",
    )


def test_a_listing_that_came_twice_counts_once():
    arrivals = [entered(1, BRAND, hours_ago=5), *(entered(one, SMALL) for one in range(1, 6))]
    assert read(Concentration(), Known(arrivals=arrivals), NOON).level == 100


def test_few_have_nothing_in_common():
    facts = Known(arrivals=[entered(one, SMALL) for one in range(4)])
    because = "Fewer than 5 newly held whose reason is known."
    assert read(Concentration(), facts, NOON) == Reading(0, because=because)


@pytest.mark.parametrize(("name", "said"), [("", "category 7"), ("Shoes", "Shoes")])
def test_concentration_may_be_of_a_category(name, said):
    arrivals = [*(entered(one, name=name) for one in range(4)), entered(5, category=8), entered(6, category=None)]
    condition = Concentration(shared=SharedTrait.CATEGORY)
    assert read(condition, Known(arrivals=arrivals), NOON) == Reading(
        80,
        80,
        marks=("7",),
        listings=(0, 1, 2, 3),
        because=f"4 of 5 newly held whose category is known share one: {said} (80%).",
    )


def test_single_listings_are_named_each_by_a_mark_of_its_own():
    facts = Known(
        stuck_now=list(range(12)),
        due={1: NOON + 49 * HOUR, 2: NOON + 47 * HOUR, 3: NOON + HOUR, 4: NOON - HOUR},
        again={5: NOON - 49 * HOUR, 6: NOON - 47 * HOUR},
    )
    stuck = read(OneListing(subject=Subject.STUCK), facts, NOON)
    assert stuck == Reading(12, 12, marks=tuple(map(str, range(12))), listings=tuple(range(10)))
    near = read(OneListing(subject=Subject.DEADLINE), facts, NOON)
    assert near == Reading(2, 2, marks=("3", "2"), listings=(3, 2))
    assert read(OneListing(subject=Subject.REGRESSED), facts, NOON) == Reading(1, 1, marks=("6",), listings=(6,))


@pytest.mark.parametrize(
    ("silence", "how", "level", "because"),
    [
        (Silence.WALK, SyncHealth(NOON - 31 * HOUR / 60), 31, "The last complete reading was on 9 Mar 2026 11:29 UTC."),
        (
            Silence.WALK,
            SyncHealth(NOON + HOUR),
            60,
            "The last complete reading is stamped 60 min ahead of this clock: its age is not known.",
        ),
        (
            Silence.WALK,
            SyncHealth(NOON + HOUR, finished_at=NOON - HOUR),
            60,
            "The last complete reading is stamped 60 min ahead of this clock: its age is not known.",
        ),
        (
            Silence.WALK,
            SyncHealth(NOON + HOUR / 60, finished_at=NOON - HOUR / 60),
            1,
            "The last complete reading was on 9 Mar 2026 11:59 UTC.",
        ),
        (Silence.WALK, SyncHealth(None), None, "Nothing was read completely so far."),
        (Silence.SIGN_IN, SyncHealth(None, NOON + 2 * DAY), 48, "The sign-in ends on 11 Mar 2026 12:00 UTC."),
        (Silence.SIGN_IN, SyncHealth(None, NOON - HOUR), -1, "The sign-in ended on 9 Mar 2026 11:00 UTC."),
        (Silence.SIGN_IN, SyncHealth(None), None, "When the sign-in ends is not known."),
        (Silence.BUDGET, SyncHealth(None, None, 4600, 5000), 92, "4,600 of 5,000 calls of this hour are used."),
        (
            Silence.BUDGET,
            SyncHealth(None, None, 4600),
            None,
            "The calls of this hour, or how many there may be, are not known.",
        ),
        (Silence.PARTIAL, SyncHealth(None, unsuccessful_runs=3), 3, "Runs in a row that were partial or failed: 3."),
    ],
)
def test_missing_data_is_measured_and_said(silence, how, level, because):
    found = read(NoData(silence=silence, limit=1), Known(read_how=how), NOON)
    assert found == Reading(level, level, because=because)


def test_the_worked_example_opens_once_with_four_and_one_and_closes_once():
    """Reference cards.md §1: rejected on 9 March, resubmitted the same day, passed by 11 March."""
    hero = ((LONG_AGO, 0.0), (NOON, 5.0), (NOON + 50 * HOUR, 0.0))
    rejected = since(HERO, *hero, codes={SMALL: 4, BRAND: 1}, held=[1, 2, 3, 4, 5])
    resubmitted, passed = replace(rejected, codes={"in_review": 5}), replace(rejected, codes={}, held=[])
    rule, standing, events = DEFAULTS["held"], RuleState(), []
    for minute in range(-60, 55 * 60):
        at = NOON + minute * HOUR / 60
        facts = rejected if minute < 300 else resubmitted if minute < 50 * 60 else passed
        standing, event = step(rule, standing, read(rule.condition, facts, at), at)
        events += [event] if event else []
    assert [(event.kind, event.at, event.since) for event in events] == [
        (EventKind.OPENED, NOON + 45 * HOUR / 60, NOON),
        (EventKind.CLOSED, NOON + 50 * HOUR, NOON),
    ]
    assert events[0].reading.counts == {SMALL: 4, BRAND: 1}


def test_the_spike_of_38_opens_once_names_its_cause_and_ordinary_days_are_silent():
    """Reference cards.md §2: 1 or 2 a day, then 38 on 9 March, nearly all with one shared cause."""
    churn = [(LONG_AGO + day * DAY, 1.0 + day % 2) for day in range(400)]
    reasons = [given(SMALL, *range(36), hours_ago=0.5), given(BRAND, 36, 37, hours_ago=0.5)]
    facts = since(REJECTED, *churn, (NOON, 38.0), (NOON + DAY, 1.0), reasons=reasons)
    rule, standing, events = DEFAULTS["worse-than-usual"], RuleState(), []
    for hour in range(-90 * 24, 48):
        at = NOON + hour * HOUR
        standing, event = step(rule, standing, read(rule.condition, facts, at), at)
        events += [event] if event else []
    assert [(event.kind, event.at) for event in events] == [(EventKind.OPENED, NOON), (EventKind.CLOSED, NOON + DAY)]
    opened = events[0].reading
    assert (opened.value, opened.baseline, opened.marks) == (38, 1.5, (SMALL,))
    assert opened.because == "36 of 38 share one reason: Main picture too small (95%)."
