"""Every kind of condition is stored as it always was, and knows the page that shows what it is about."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from aexdash.alerts.conditions import KINDS, Concentration, NewReason, OneListing, Rise, SharedTrait, Subject, Threshold
from aexdash.alerts.episodes.records import read_state, write_state
from aexdash.alerts.model import Firing, Rule, RuleState
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.model import Severity

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)

STORED = {
    "held": '{"limit":0.0,"way":"above","recovers_at":null,"worse_at":20.0,"kind":"threshold",'
    '"card":"aex_rejected_auditing_listings"}',
    "worse-than-usual": '{"limit":4.0,"way":"above","recovers_at":2.0,"worse_at":null,"kind":"anomaly",'
    '"card":"aex_rejected_listings_24h","weeks":12,"least":3.0}',
    "one-cause": '{"limit":60.0,"way":"above","recovers_at":50.0,"worse_at":null,"kind":"concentration",'
    '"shared":"reason","least":5,"hours":24}',
    "new-reason": '{"limit":0.0,"way":"above","recovers_at":null,"worse_at":null,"kind":"new_reason","days":30}',
    "deadline": '{"limit":0.0,"way":"above","recovers_at":null,"worse_at":null,"kind":"one_listing",'
    '"subject":"deadline","hours":48}',
    "sign-in": '{"limit":72.0,"way":"below","recovers_at":null,"worse_at":null,"kind":"no_data","silence":"sign_in"}',
}
"""Conditions as desks hold them. Their text is compared: another order of fields would close what is open."""

STATE = (
    '{"true_since":null,"observations":0,"firing":{"opened_at":"2026-03-09T12:00:00Z","since":"2026-03-09T12:00:00Z",'
    '"severity":"high","told_marks":["image.dark"],"told_at":"2026-03-09T12:00:00Z","well_since":null,'
    '"told_counts":{"image.dark":4}}}'
)
"""The state of a rule as desks hold it."""


def test_conditions_are_stored_as_they_always_were():
    assert {key: DEFAULTS[key].condition.model_dump_json() for key in STORED} == STORED
    rise = Rise(card="aex_active_listings", limit=1)
    assert rise.model_dump_json() == (
        '{"limit":1.0,"way":"above","recovers_at":null,"worse_at":null,"kind":"rise","card":"aex_active_listings",'
        '"relative":false,"days":7}'
    )


def test_the_state_of_a_rule_is_stored_as_it_always_was():
    last = {"last_sent_marks": ("image.dark",), "last_sent_at": NOON, "last_sent_counts": {"image.dark": 4}}
    state = RuleState(firing=Firing(NOON, NOON, Severity.HIGH, **last))
    assert write_state(state) == STATE
    assert read_state(STATE) == state


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_of_every_kind_is_read_as_it_was_written(kind):
    rule = Rule(key="mine", title="Mine", condition=KINDS[kind].first(), severity=Severity.LOW)
    assert json.loads(rule.model_dump_json())["condition"]["kind"] == kind
    assert Rule.model_validate_json(rule.model_dump_json()) == rule


@pytest.mark.parametrize(
    ("condition", "reading", "page"),
    [
        (Threshold(card="aexdash_at_risk", limit=0), Reading(5), ("worklist", {"store": "eu", "status": "active"})),
        (Threshold(card="aexdash_taken_down", limit=0), Reading(5), ("worklist", {"store": "eu", "status": "offline"})),
        (
            Threshold(card="aexdash_money_held_back", limit=9),
            Reading(10),
            ("worklist", {"store": "eu", "order": "money"}),
        ),
        (Threshold(card="aex_active_listings", limit=9), Reading(10), ("", {"store": "eu"})),
        (Threshold(card="of another version", limit=9), Reading(10), ("", {"store": "eu"})),
        (NewReason(), Reading(1, marks=("image.dark",)), ("worklist", {"store": "eu", "reason": "image.dark"})),
        (
            Concentration(shared=SharedTrait.CATEGORY),
            Reading(90, marks=("7", "no number")),
            ("worklist", {"store": "eu", "category": "7"}),
        ),
        (
            OneListing(subject=Subject.STUCK),
            Reading(1, listings=(12,)),
            ("worklist", {"store": "eu", "status": "auditing", "order": "in_status", "listing": "eu/12"}),
        ),
    ],
)
def test_every_condition_knows_the_page_that_shows_what_it_is_about(condition, reading, page):
    assert condition.page(reading, "eu") == page
