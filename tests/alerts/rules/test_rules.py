"""Rules: those that ship are sound, what cannot work is said in a sentence, and so is what a rule does."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

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
from aexdash.alerts.facts import SyncHealth
from aexdash.alerts.limits import Way, fires, is_well
from aexdash.alerts.model import QuietHours, Rule
from aexdash.alerts.rules.problems import problems
from aexdash.alerts.rules.sentences import sentence
from aexdash.alerts.rules.shipped import DEFAULTS, notes
from aexdash.model import Severity
from tests.alerts.known import Known

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HERO = "aex_rejected_auditing_listings"
SHARE = "aex_listing_suppressed_pct"
ACTIVE = "aex_active_listings"
BELOW = Way.BELOW


def rule(condition, **other) -> Rule:
    return Rule(**{"key": "mine", "title": "Mine", "condition": condition, "severity": Severity.MEDIUM} | other)


def test_the_rules_that_ship_are_sound():
    assert {key: problems(shipped) for key, shipped in DEFAULTS.items()} == {key: [] for key in DEFAULTS}
    assert [key for key, shipped in DEFAULTS.items() if shipped.key != key or not shipped.enabled] == []


def test_only_missing_data_speaks_while_data_is_missing():
    speaking = {key for key, shipped in DEFAULTS.items() if not shipped.silenced}
    assert speaking == {key for key, shipped in DEFAULTS.items() if isinstance(shipped.condition, NoData)}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            rule(Threshold(card="aex_active_listing", limit=1)),
            "There is no card 'aex_active_listing'; did you mean 'aex_active_listings'.",
        ),
        (
            rule(Threshold(card=HERO, limit=0), title="x" * 61),
            "A name of a rule has at most 60 characters; this one has 61.",
        ),
        (rule(Threshold(card=SHARE, limit=100)), "It cannot fire: nothing is above 100 %."),
        (rule(Threshold(card=SHARE, limit=101)), "It cannot fire: nothing is above 101 %."),
        (rule(Threshold(card=HERO, limit=0, way=BELOW)), "It cannot fire: nothing is below 0."),
        (rule(Threshold(card=HERO, limit=-1)), "It could never recover: nothing is at or below -1."),
        (rule(Threshold(card=HERO, limit=5, recovers_at=-1)), "It could never recover: nothing is at or below -1."),
        (
            rule(Threshold(card=SHARE, limit=50, way=BELOW, recovers_at=110)),
            "It could never recover: nothing is at or above 110 %.",
        ),
        (
            rule(Threshold(card=HERO, limit=5, recovers_at=6)),
            "It must recover at or below the limit of 5, where it no longer fires.",
        ),
        (
            rule(Threshold(card=ACTIVE, limit=5, recovers_at=4, way=BELOW)),
            "It must recover at or above the limit of 5, where it no longer fires.",
        ),
        (rule(Threshold(card=HERO, limit=5, worse_at=5)), "The second limit must be above the first, 5."),
        (rule(Threshold(card=ACTIVE, limit=5, worse_at=9, way=BELOW)), "The second limit must be below the first, 5."),
        (rule(Threshold(card=SHARE, limit=5, worse_at=100)), "It cannot get worse: nothing is above 100 %."),
        (
            rule(Threshold(card=HERO, limit=5, worse_at=9), severity=Severity.CRITICAL),
            "Nothing is worse than critical: leave the second limit out, or take a lower severity.",
        ),
        (
            rule(Rise(card=HERO, limit=5, way=BELOW)),
            "A rise needs a limit above 0, a fall (below) a limit under 0.",
        ),
        (rule(Anomaly(card=HERO, limit=0)), "A rise needs a limit above 0, a fall (below) a limit under 0."),
        (
            rule(Rise(card=HERO, limit=-100, way=BELOW, relative=True)),
            "It cannot fire: nothing is below -100 %.",
        ),
        (rule(Rise(card=SHARE, limit=100)), "It cannot fire: nothing is above 100 %."),
        (rule(Concentration(limit=100)), "It cannot fire: nothing is above 100 %."),
        (
            rule(NewReason(limit=1, way=BELOW)),
            "Such a rule alerts above its limit, not below it.",
        ),
        (
            rule(NoData(silence=Silence.SIGN_IN, limit=72)),
            "Such a rule alerts below its limit, not above it.",
        ),
        (rule(NoData(silence=Silence.BUDGET, limit=100)), "It cannot fire: nothing is above 100 %."),
        (rule(NewReason(), title=" "), "A rule needs a name."),
        (
            rule(NewReason(), key="Mine!"),
            "The key of a rule is made of a-z, 0-9 and hyphens between them, so not 'Mine!'.",
        ),
        (
            rule(NewReason(), quiet=QuietHours(start=time(22), end=time(7), zone="Europe/Berlinn")),
            "There is no time zone 'Europe/Berlinn'; write one like Europe/Berlin.",
        ),
        (
            rule(NewReason(), quiet=QuietHours(start=time(22), end=time(7), zone="../etc/passwd")),
            "There is no time zone '../etc/passwd'; write one like Europe/Berlin.",
        ),
        (
            rule(NewReason(), quiet=QuietHours(start=time(22), end=time(22), zone="UTC")),
            "Quiet hours from 22:00 to 22:00 have no length; leave them out.",
        ),
        (
            rule(NewReason(), quiet=QuietHours(start=time(22, tzinfo=UTC), end=time(7), zone="UTC")),
            "Quiet hours are those of their zone: write them without an offset.",
        ),
        (
            rule(NewReason(), muted_until=datetime(2026, 3, 9)),  # noqa: DTZ001 - a moment without a zone is the point
            "The end of a mute needs a time zone.",
        ),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(wrong, said):
    assert problems(wrong) == [said]


@pytest.mark.parametrize(
    "sound",
    [
        Threshold(card=SHARE, limit=99.9, recovers_at=0),
        Threshold(card=ACTIVE, limit=4000, way=BELOW, recovers_at=4100, worse_at=1000),
        Rise(card=ACTIVE, limit=-10, way=BELOW, relative=True, recovers_at=-5, worse_at=-50),
        Anomaly(card=ACTIVE, limit=-4, way=BELOW),
        Anomaly(card=HERO, recovers_at=-1),
    ],
)
def test_what_can_work_is_not_spoken_against(sound):
    assert problems(rule(sound)) == []


def test_all_that_is_wrong_is_said():
    wrong = rule(Threshold(card=HERO, limit=-1, recovers_at=0), title="", key="")
    assert problems(wrong) == [
        "A rule needs a name.",
        "The key of a rule is made of a-z, 0-9 and hyphens between them, so not ''.",
        "It must recover at or below the limit of -1, where it no longer fires.",
    ]


SENTENCES = {
    "Rejected / Auditing Listings above 0 for 45 minutes; high above 20; well again at 0.": DEFAULTS["held"],
    "Rejected, 24 hours higher by more than 4 times the usual swing and 3 listings than is usual at this hour of "
    "the week; well again at 2 times the usual swing.": DEFAULTS["worse-than-usual"],
    "Suppressed share above 5 %; well again at 4.5 %.": DEFAULTS["share-of-catalogue"],
    "Share of one reason among 5 or more newly held in 24 hours above 60 %; well again at 50 %.": DEFAULTS["one-cause"],
    "Any listing with a reason that was not given for 30 days; well again at 0.": DEFAULTS["new-reason"],
    "Any listing in audit for longer than nine in ten audits of this store; well again at 0.": DEFAULTS["stuck"],
    "No complete reading for more than 30 minutes; well again at 30 minutes.": DEFAULTS["no-data"],
    "The sign-in ends in less than 72 hours; well again at 72 hours.": DEFAULTS["sign-in"],
    "Calls used of those allowed in this hour above 90 %; well again at 90 %.": DEFAULTS["budget"],
    "More than 2 runs in a row partial or failed; well again at 2 runs.": DEFAULTS["partial"],
    "Active listings lower by more than 10 % than at this hour the day before in 3 readings in a row; well again at "
    "-10 % after 2 hours.": rule(
        Rise(card=ACTIVE, limit=-10, way=BELOW, relative=True, days=1), hold_observations=3, keep_minutes=120
    ),
    "Active listings higher by more than 10 than the median of this hour on the 7 days before; well again at 5.": rule(
        Rise(card=ACTIVE, limit=10, recovers_at=5)
    ),
    "Share of one category among 5 or more newly held in 1 hour above 60 %; well again at 60 %.": rule(
        Concentration(shared=SharedTrait.CATEGORY, hours=1)
    ),
    "More than 3 listings rejected again in the last 48 hours for 1 week; well again at 3.": rule(
        OneListing(subject=Subject.REGRESSED, limit=3), hold_minutes=7 * 24 * 60
    ),
    "Any listing whose time for an appeal or a fix ends within 48 hours; well again at 0; quiet from 22:00 to 07:00, "
    "Asia/Shanghai, unless critical.": rule(
        OneListing(subject=Subject.DEADLINE), quiet=QuietHours(start=time(22), end=time(7), zone="Asia/Shanghai")
    ),
    "gone higher by more than 4 times the usual swing than is usual at this hour of the week; well again at 4 times "
    "the usual swing.": rule(Anomaly(card="gone", least=0)),
}


@pytest.mark.parametrize("said", SENTENCES)
def test_a_rule_is_a_plain_sentence(said):
    assert sentence(SENTENCES[said]) == said


def test_a_rule_on_a_card_without_data_is_noted_where_it_is_silent():
    known = Known({HERO: [(NOON - timedelta(days=1), 0)]}, read_how=SyncHealth(NOON))
    assert notes(DEFAULTS["held"], {"first": known, "second": Known()}, NOON) == [
        "Silent at second: Rejected / Auditing Listings has no data."
    ]
    assert notes(DEFAULTS["no-data"], {"first": known}, NOON) == []


def test_a_level_between_limit_and_recovery_neither_fires_nor_is_well():
    above, below = Threshold(card=HERO, limit=5, recovers_at=2), Threshold(card=HERO, limit=5, recovers_at=9, way=BELOW)
    assert [(fires(above, level), is_well(above, level)) for level in (2, 3, 5, 6)] == [
        (False, True),
        (False, False),
        (False, False),
        (True, False),
    ]
    assert [(fires(below, level), is_well(below, level)) for level in (9, 8, 5, 4)] == [
        (False, True),
        (False, False),
        (False, False),
        (True, False),
    ]
