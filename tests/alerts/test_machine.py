"""Episodes: they open once, are told worse and changed, and close once, whatever readings and clocks do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from aexdash.alerts.conditions import NoData, Threshold
from aexdash.alerts.limits import Way
from aexdash.alerts.machine import step
from aexdash.alerts.model import Event, EventKind, Firing, Rule, RuleState
from aexdash.alerts.reading import Reading
from aexdash.model import Severity
from tests.support import examples

pytestmark = pytest.mark.slow

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HERO = "aex_rejected_auditing_listings"
OPENED, WORSENED, CHANGED, CLOSED = EventKind


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def held(**other) -> Rule:
    condition = Threshold(card=HERO, limit=2, recovers_at=0, worse_at=20)
    return Rule(key="held", title="Held", condition=condition, severity=Severity.HIGH, **other)


def told(rule: Rule, *readings: tuple[int, float | None, str], **how: bool) -> list[tuple[int, EventKind]]:
    """The events of readings, each (minutes after noon, level, marks), with the minute of each."""
    standing, events = RuleState(), []
    for at, level, marks in readings:
        standing, event = step(rule, standing, Reading(level, marks=tuple(marks)), NOON + minutes(at), **how)
        if event:
            events.append((at, event.kind))
    return events


def test_an_episode_opens_once_and_closes_once_not_once_a_reading():
    assert told(held(), (0, 5, ""), (1, 5, ""), (2, 6, ""), (3, 0, ""), (4, 0, "")) == [(0, OPENED), (3, CLOSED)]


def test_an_opening_says_since_when_it_is_true():
    standing, _ = step(held(hold_minutes=10), RuleState(), Reading(5), NOON)
    standing, event = step(held(hold_minutes=10), standing, Reading(6), NOON + minutes(10))
    assert event == Event(OPENED, NOON + minutes(10), Severity.HIGH, NOON, Reading(6))
    assert standing == RuleState(firing=Firing(NOON + minutes(10), NOON, Severity.HIGH, (), NOON + minutes(10)))


def test_what_does_not_hold_for_long_enough_is_not_told():
    rule = held(hold_minutes=10)
    assert told(rule, (0, 5, ""), (9, 5, ""), (10, 1, ""), (11, 5, ""), (20, 5, "")) == []
    assert told(rule, (0, 5, ""), (10, 5, "")) == [(10, OPENED)]


def test_what_is_not_seen_often_enough_is_not_told():
    rule = held(hold_observations=3)
    assert told(rule, (0, 5, ""), (60, 5, "")) == []
    assert told(rule, (0, 5, ""), (1, 5, ""), (2, 5, "")) == [(2, OPENED)]


def test_between_limit_and_recovery_nothing_opens_and_nothing_closes():
    assert told(held(), (0, 1, ""), (1, 2, "")) == []
    assert told(held(), (0, 3, ""), (1, 1, ""), (2, 3, ""), (3, 2, "")) == [(0, OPENED)]


def test_it_closes_only_after_it_was_well_for_long_enough():
    rule = held(keep_minutes=30)
    assert told(rule, (0, 5, ""), (1, 0, ""), (20, 1, ""), (21, 0, ""), (50, 0, ""), (51, 0, "")) == [
        (0, OPENED),
        (51, CLOSED),
    ]


def test_worse_is_told_once_in_an_episode():
    assert told(held(), (0, 5, ""), (1, 21, ""), (2, 5, ""), (3, 40, ""), (4, 0, ""), (5, 40, "")) == [
        (0, OPENED),
        (1, WORSENED),
        (4, CLOSED),
        (5, OPENED),
    ]


def test_nothing_is_worse_than_critical():
    rule = held().model_copy(update={"severity": Severity.CRITICAL})
    assert told(rule, (0, 5, ""), (1, 21, "")) == [(0, OPENED)]


def test_a_change_is_told_when_a_mark_comes_up_and_not_more_often_than_it_may():
    assert told(held(), (0, 5, "a"), (10, 5, "ab"), (59, 5, "ab"), (60, 5, "ab"), (61, 5, "abc"), (120, 5, "abc")) == [
        (0, OPENED),
        (60, CHANGED),
        (120, CHANGED),
    ]


def test_that_a_mark_has_gone_is_no_news():
    assert told(held(), (0, 5, "ab"), (100, 5, "a"), (200, 5, "")) == [(0, OPENED)]


def test_a_reason_that_is_a_mark_only_because_the_others_left_is_no_news():
    standing = RuleState(firing=Firing(NOON, NOON, Severity.HIGH, ("a",), NOON, last_sent_counts={"a": 9, "b": 1}))
    left, grown = Reading(3, marks=("a", "b"), counts={"a": 2, "b": 1}), Reading(9, marks=("b",), counts={"b": 4})
    assert step(held(), standing, left, NOON + minutes(99)) == (standing, None)
    assert step(held(), standing, grown, NOON + minutes(99))[1].kind is CHANGED


def test_what_is_not_known_or_not_to_be_trusted_changes_nothing():
    is_open = RuleState(firing=Firing(NOON, NOON, Severity.HIGH, (), NOON))
    for standing in (RuleState(), RuleState(NOON, 1), is_open):
        for level in (0, 5, 40):
            assert step(held(), standing, Reading(level), NOON + minutes(5), trusted=False) == (standing, None)
        assert step(held(), standing, Reading(None), NOON + minutes(5)) == (standing, None)


def test_a_silenced_rule_says_nothing_and_goes_on_afterwards():
    assert told(held(), (0, 5, ""), silenced=True) == []
    assert told(held(silenced=False), (0, 5, ""), silenced=True) == [(0, OPENED)]


def test_a_rule_about_missing_data_speaks_where_data_is_missing():
    rule = held().model_copy(update={"condition": NoData(limit=30)})
    assert told(rule, (0, 31, ""), (1, 0, ""), trusted=False, silenced=True) == [(0, OPENED), (1, CLOSED)]


def test_below_a_limit_is_as_above_one_turned_over():
    condition = Threshold(card=HERO, limit=90, way=Way.BELOW, recovers_at=95, worse_at=50)
    rule = Rule(key="low", title="Low", condition=condition, severity=Severity.LOW)
    assert told(rule, (0, 90, ""), (1, 89, ""), (2, 94, ""), (3, 49, ""), (4, 95, "")) == [
        (1, OPENED),
        (3, WORSENED),
        (4, CLOSED),
    ]


@pytest.mark.parametrize("back", [1, 60, 60 * 24 * 30])
def test_a_clock_that_is_put_back_opens_nothing_again_closes_nothing_and_makes_no_time_negative(back):
    rule = held(hold_minutes=10, keep_minutes=10)
    readings = [(0, 5, ""), (10, 5, ""), (10 - back, 5, ""), (11 - back, 0, ""), (20 - back, 0, "")]
    assert told(rule, *readings) == [(10, OPENED)]
    assert told(rule, *readings, (21 - back, 0, "")) == [(10, OPENED), (21 - back, CLOSED)]


def test_an_episode_is_not_closed_before_it_was_opened():
    standing, opened = step(held(), RuleState(), Reading(5), NOON)
    _, closed = step(held(), standing, Reading(0), NOON - minutes(60))
    assert (opened.at, closed.at, closed.since) == (NOON, NOON, NOON)


def test_a_hold_goes_on_after_the_clock_was_put_back():
    assert told(held(hold_minutes=10), (0, 5, ""), (-60, 5, ""), (-51, 5, ""), (-50, 5, "")) == [(-50, OPENED)]


@dataclass(frozen=True)
class Seen:
    """A reading as the plain model keeps it."""

    at: datetime
    level: float | None
    marks: tuple[str, ...]
    judged: bool
    event: EventKind | None = None


def expected(rule: Rule, past: list[Seen], now: Seen) -> EventKind | None:
    """What should be told, worked out anew from everything that was ever read."""
    if not now.judged or now.level is None:
        return None
    whole = [*past, now]
    is_open = next((seen.event is not CLOSED for seen in reversed(past) if seen.event), False)
    level = now.level
    if not is_open:
        run = latest_run(whole, lambda one: one > rule.condition.limit)
        counted = sum(seen.judged and seen.level is not None for seen in run)
        has_held = run and now.at - min(seen.at for seen in run) >= minutes(rule.hold_minutes)
        return OPENED if has_held and counted >= rule.hold_observations else None
    episode = whole[max(place for place, seen in enumerate(past) if seen.event is OPENED) :]
    if level <= rule.condition.recovers_at:
        run = latest_run(episode, lambda one: one <= rule.condition.recovers_at)
        return CLOSED if now.at - min(seen.at for seen in run) >= minutes(rule.keep_minutes) else None
    if level <= rule.condition.limit:
        return None
    if level > rule.condition.worse_at:
        was_worse = any(seen.judged and (seen.level or 0) > rule.condition.worse_at for seen in episode[:-1])
        if not was_worse:
            return WORSENED
    last = max(place for place, seen in enumerate(episode) if seen.event)
    waited = now.at - min(seen.at for seen in episode[last:])
    is_news = not set(now.marks) <= set(episode[last].marks)
    return CHANGED if is_news and waited >= minutes(rule.change_minutes) else None


def latest_run(seen: list[Seen], wanted) -> list[Seen]:
    """The latest readings of which all that could be judged are as wanted, from the first that could; events end it."""
    run: list[Seen] = []
    for one in reversed(seen):
        if one.event or (one.judged and one.level is not None and not wanted(one.level)):
            break
        run.insert(0, one)
    while run and (not run[0].judged or run[0].level is None):
        run.pop(0)
    return run


class Episodes(RuleBasedStateMachine):
    """Readings of one rule about one store, in any order of levels, trust and clocks."""

    @initialize(hold=st.integers(0, 5), seen=st.integers(1, 3), keep=st.integers(0, 5), change=st.integers(0, 10))
    def begin(self, hold, seen, keep, change):
        self.rule = held(hold_minutes=hold, hold_observations=seen, keep_minutes=keep, change_minutes=change)
        self.standing, self.now = RuleState(), NOON
        self.past: list[Seen] = []
        self.events: list[Event] = []

    @rule(
        level=st.sampled_from([None, 0, 0, 1, 2, 3, 3, 20, 21]),
        marks=st.lists(st.sampled_from("abc"), unique=True, max_size=3).map(tuple),
        passed=st.sampled_from([0, 1, 1, 2, 5, 30, -1, -7, -600]),
        trusted=st.sampled_from([True, True, True, False]),
        silenced=st.sampled_from([False, False, False, True]),
    )
    def read(self, level, marks, passed, trusted, silenced):
        self.now += minutes(passed)
        now = Seen(self.now, level, marks, trusted and not silenced)
        wanted = expected(self.rule, self.past, now)
        reading = Reading(level, marks=marks)
        self.standing, event = step(self.rule, self.standing, reading, self.now, trusted=trusted, silenced=silenced)
        assert (event.kind if event else None) is wanted
        self.past.append(Seen(now.at, level, marks, now.judged, wanted))
        if event:
            assert event.reading == reading
            self.events.append(event)

    @invariant()
    def episodes_open_and_close_in_turn(self):
        kinds = [event.kind for event in getattr(self, "events", [])]
        ends = [kind for kind in kinds if kind in (OPENED, CLOSED)]
        assert ends == [OPENED, CLOSED] * (len(ends) // 2) + [OPENED] * (len(ends) % 2)
        assert not kinds or kinds[0] is OPENED
        if kinds:
            assert (self.standing.firing is None) is (ends[-1] is CLOSED)

    @invariant()
    def nothing_lasts_less_than_no_time(self):
        opened = None
        for event in getattr(self, "events", []):
            opened = event.at if event.kind is OPENED else opened
            assert event.since <= opened <= event.at


Episodes.TestCase.settings = settings(max_examples=examples(150), stateful_step_count=40, deadline=None)
test_any_readings_make_the_episodes_that_a_plain_model_makes = Episodes.TestCase
