"""Alerts say only what they know: reading more, joining, or not being read is no rise, no fall and no recovery."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.alerts.causes import HERO, STUCK
from aexdash.alerts.conditions import Anomaly, OneListing, Rise, Subject, Threshold
from aexdash.alerts.model import Rule
from aexdash.cards import CARDS
from aexdash.cards.registry import value
from aexdash.clock import to_text
from aexdash.model import Outcome, Severity
from aexdash.snapshot.history.card_values import mark_valued
from aexdash.view import View
from tests.alerts.watched import ACTIVE, AUDITING, REJECTED, Watched, words

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
AT_RISK = "aexdash_at_risk"

KEEP = """
INSERT INTO card_value (store_id, card_key, at, value, known, of_total) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET value = excluded.value, known = excluded.known, of_total = excluded.of_total
"""


@pytest.fixture
def watched(tmp_path):
    store = Watched(tmp_path)
    yield store
    store.close()


def rule(key: str, condition: object) -> Rule:
    return Rule(key=key, title=key, condition=condition, severity=Severity.LOW)  # type: ignore[arg-type]


def measured(store: Watched, at_risk: int, known: int, of: int) -> list[tuple[str, str]]:
    """Read the store an hour later, when details were known for so many of so many listings; return what was told."""
    store.store.after(hours=1)
    bound = [store.store.id, AT_RISK, to_text(store.store.now), at_risk, known, of]
    with store.store.db.conn:
        store.store.db.execute(KEEP, bound)
    store.store.pulse({one: status for one, status in store.places.items() if status is not ACTIVE})
    mark_valued(store.store.db, store.store.id)
    return words(store.ask())


@pytest.mark.slow
def test_more_reading_of_details_is_no_rise_and_no_alert(watched):
    """A frozen store of 1,000 listings, 120 of them at risk, whose details are read one after the other."""
    watched.only(
        rule("many", Threshold(card=AT_RISK, limit=40)),
        rule("rise", Rise(card=AT_RISK, limit=10, days=1)),
        rule("unusual", Anomaly(card=AT_RISK)),
    )
    watched.read({1: ACTIVE})
    for known in range(25, 800, 25):
        assert measured(watched, known * 120 // 1000, known, 1000) == []
    told = [measured(watched, known * 120 // 1000, known, 1000) for known in range(800, 1001, 5)]
    assert [one for one in told if one] == [[("many", "opened")]]
    assert [measured(watched, 120, 1000, 1000) for _ in range(30)] == [[]] * 30
    facts = watched.store.snapshot.alert_facts("main")
    found = Rise(card=AT_RISK, limit=10, days=1).read(facts, watched.store.now)
    assert (found.value, found.baseline, found.level) == (120, 120, 0)


def test_a_rule_on_a_card_that_is_known_for_few_listings_says_that_it_is_still_being_read(watched):
    watched.read({1: ACTIVE})
    measured(watched, 5, 140, 4775)
    facts = watched.store.snapshot.alert_facts("main")
    found = Threshold(card=AT_RISK, limit=0).read(facts, watched.store.now)
    assert (found.level, found.because) == (
        None,
        f"{CARDS[AT_RISK].title} is still being read.",
    )


def test_hours_that_nobody_read_are_no_baseline(watched):
    """Nothing was held before an outage; the day after it, nobody can say what the same hour of the outage was."""
    watched.store.tolerance = 5 * MINUTE
    watched.read({1: ACTIVE, 2: ACTIVE})
    watched.read({1: REJECTED, 2: REJECTED}, hours=30)
    facts = watched.store.snapshot.alert_facts("main")
    found = Rise(card=HERO, limit=1, days=1).read(facts, watched.store.now)
    assert (found.level, found.baseline) == (None, None)


@pytest.mark.slow
def test_a_store_that_joins_is_no_rise(watched):
    watched.only(
        rule("more", Rise(card=HERO, limit=1, days=1)),
        rule("on-sale", Rise(card="aex_active_listings", limit=1, days=1)),
        "worse-than-usual",
        "new-reason",
        "regressed",
        "one-cause",
    )
    there = dict.fromkeys(range(1, 30), ACTIVE) | dict.fromkeys(range(30, 60), REJECTED)
    assert watched.read(there, codes=dict.fromkeys(range(30, 60), "image.dark")) == []
    assert [watched.read(hours=1) for _ in range(23)] == [[]] * 23


@pytest.mark.parametrize("outcome", [Outcome.PARTIAL, None], ids=["partial", "none"])
def test_an_outage_or_a_partial_reading_clears_nothing_and_starts_nothing_but_no_data(watched, outcome):
    watched.only(rule("held", Threshold(card=HERO, limit=0)), rule("many", Threshold(card=HERO, limit=1)), "no-data")
    watched.read({1: REJECTED, 2: ACTIVE, 3: ACTIVE})
    told = []
    for moved in ({2: REJECTED, 3: REJECTED}, {1: ACTIVE, 2: ACTIVE, 3: ACTIVE}):
        watched.store.after(minutes=20)
        told += words(watched.read(moved, outcome=outcome) if outcome else watched.ask())
    assert told == [("no-data", "opened")]
    assert {one.rule_key for one in watched.episodes.open()} == {"held", "no-data"}


def test_a_store_that_was_never_read_is_not_read_yet_and_the_rule_waits_its_minutes_from_when_it_was_added(watched):
    watched.only("no-data")
    assert watched.ask() == []
    watched.store.after(minutes=30)
    assert watched.ask() == []
    watched.store.after(minutes=1)
    (opened,) = watched.ask()
    assert opened.event.reading.because == "The store was added on 9 Mar 2026 12:00 UTC and is not read yet."
    assert words(watched.read({1: ACTIVE}, minutes=1)) == [("no-data", "closed")]


@pytest.mark.slow
def test_stuck_is_one_thing_for_alert_card_hero_and_back_test(watched):
    """By the store's own limit, and as of the last reading, whatever the clock says."""
    watched.read(dict.fromkeys(range(1, 61), ACTIVE))
    for begun in range(1, 41, 2):  # twenty audits of six hours each
        watched.read({begun: AUDITING}, hours=1)
        watched.read({begun: ACTIVE}, hours=6)
    watched.read({50: AUDITING, 51: AUDITING}, hours=1)
    watched.read({52: AUDITING}, hours=5)
    watched.read(hours=2)
    watched.store.after(days=3)
    snapshot = watched.store.snapshot
    facts = snapshot.alert_facts("main")
    stuck = facts.stuck(watched.store.now)
    assert sorted(stuck) == [50, 51]
    assert value(CARDS[STUCK], snapshot.measures(["main"])).value == len(stuck)
    assert snapshot.hero(View(store="main")).stuck == len(stuck)
    read_at = facts.sync_health_now().complete_at
    assert facts.value(STUCK, read_at) == len(stuck)
    assert OneListing(subject=Subject.STUCK).read(facts, read_at).level == len(stuck)
