"""What rules ask of a store, now and in its past, against what was read of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.alerts.backtest import backtest
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.model import Outcome
from aexdash.snapshot.alerting.facts import Entered, Given, SyncHealth
from tests.alerts.watched import ACTIVE, AUDITING, REJECTED, Watched

HERO = "aex_rejected_auditing_listings"
SMALL, BRAND, TRADEMARK = "image.main_too_small", "attribute.brand_missing", "ip.trademark"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def watched(tmp_path):
    """Four days: 1 held when first read; 2 and 3 rejected on day 2, 4 in audit; 2 active on day 3; again on day 4."""
    store = Watched(tmp_path)
    store.read({1: REJECTED} | dict.fromkeys(range(2, 11), ACTIVE))
    store.read({2: REJECTED, 3: REJECTED}, codes={2: SMALL, 3: TRADEMARK}, days=2)
    store.read({4: AUDITING}, codes={4: BRAND}, hours=1)
    store.read({2: ACTIVE}, hours=23)
    store.read({2: REJECTED}, codes={2: SMALL}, days=1)
    yield store
    store.close()


@pytest.fixture
def facts(watched):
    return watched.store.snapshot.alert_facts("main", {TRADEMARK: 7})


def test_a_card_is_what_it_said_at_the_moment(watched, facts):
    now = watched.store.now
    moments = [now - 5 * DAY, now - 4 * DAY, now - 2 * DAY, now - 2 * DAY + HOUR, now - DAY, now]
    assert facts.values(HERO, moments) == [None, 1, 3, 4, 3, 4]
    assert [facts.value(HERO, at) for at in moments] == facts.values(HERO, moments)
    moved = facts.moments(HERO, now - 3 * DAY, now)
    assert [at for at in moved if at.minute == 0] == [now - 2 * DAY, now - 2 * DAY + HOUR, now - DAY, now]
    assert {at.hour for at in moved if at.minute} == {23}  # what it said at the end of each day is kept too


def test_listings_that_became_held_are_told_with_the_reasons_they_had_by_then(watched, facts):
    now = watched.store.now
    assert facts.entered(now - 3 * DAY, now - 2 * DAY + HOUR) == [
        Entered(4, now - 2 * DAY + HOUR, None, (BRAND,)),
        Entered(3, now - 2 * DAY, None, (TRADEMARK,)),
        Entered(2, now - 2 * DAY, None, (SMALL,)),
    ]
    assert facts.entered(now - 9 * DAY, now - 3 * DAY) == []  # what was first seen held did not enter


def test_reasons_are_told_with_the_last_time_before(watched, facts):
    now = watched.store.now
    assert facts.given(now - DAY, now) == [Given(SMALL, (2,), now, now - 2 * DAY)]
    assert facts.given(now - 3 * DAY, now - DAY) == [
        Given(BRAND, (4,), now - 2 * DAY + HOUR, None),
        Given(SMALL, (2,), now - 2 * DAY, None),
        Given(TRADEMARK, (3,), now - 2 * DAY, None),
    ]


def test_what_is_held_by_reason_now_and_then(watched, facts):
    now = watched.store.now
    assert facts.held_codes(now) == {SMALL: 1, TRADEMARK: 1, BRAND: 1, "unknown": 1}
    assert facts.held_codes(now - DAY) == {TRADEMARK: 1, BRAND: 1, "unknown": 1}
    assert facts.first_held(now, 2) == [2, 4]


def test_a_deadline_is_seven_days_after_the_rejection_and_of_listings_that_are_still_rejected(watched, facts):
    now = watched.store.now
    deadline = now - 2 * DAY + 7 * DAY
    assert facts.deadlines(deadline - HOUR, deadline) == [3]
    assert facts.deadlines(deadline, deadline + DAY) == []
    assert facts.deadlines(now - 3 * DAY, deadline) == []  # on that day it was not rejected yet


def test_regressions_are_those_of_the_span(watched, facts):
    now = watched.store.now
    assert facts.regressed(now - HOUR, now) == [2]
    assert facts.regressed(now - 3 * DAY, now - HOUR) == []


def test_how_well_a_store_is_read_now_and_in_the_past(watched, facts):
    now = watched.store.now
    assert facts.sync_health(now) == SyncHealth(now)
    assert facts.sync_health(now - 5 * DAY) == SyncHealth(None)
    watched.read(outcome=Outcome.PARTIAL, hours=1)
    watched.read(outcome=Outcome.PARTIAL, hours=1)
    assert facts.refresh()
    assert facts.sync_health(now + 2 * HOUR) == SyncHealth(now, unsuccessful_runs=2)


def test_what_was_asked_is_kept_until_the_store_is_read_again(watched, facts):
    now = watched.store.now
    assert facts.refresh()
    assert (facts.refresh(), facts.value(HERO, now)) == (False, 4)
    watched.read({3: ACTIVE, 4: ACTIVE}, hours=1)
    assert facts.value(HERO, now + HOUR) == 4
    assert (facts.refresh(), facts.value(HERO, now + HOUR)) == (True, 2)


def test_a_store_that_is_not_there_has_no_facts(watched):
    facts, now = watched.store.snapshot.alert_facts("nowhere"), watched.store.now
    assert (facts.value(HERO, now), facts.entered(now - DAY, now), facts.given(now - DAY, now)) == (None, [], [])
    assert (facts.stuck(now), facts.sync_health(now)) == ([], SyncHealth(None))
    tried = backtest(DEFAULTS["held"], facts, now - DAY, now)
    assert tried.sentence(1) == "Nothing of the last day could be judged by this rule."
