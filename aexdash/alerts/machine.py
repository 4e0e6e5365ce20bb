"""From readings to episodes: one step a reading. Pure functions, used on the present and by the back-test alike.

An episode has one event when it opens, one when it gets worse, one now and then when it is about something else, and
one when it closes. Nothing is sent here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aexdash.alerts.limits import fires, is_well, severity_at
from aexdash.alerts.model import Event, EventKind, Firing, Rule, RuleState
from aexdash.alerts.reading import Reading

Stepped = tuple[RuleState, Event | None]
"""Where a rule stands after a reading, and the event that came of it."""


def step(
    rule: Rule, state: RuleState, reading: Reading, at: datetime, *, trusted: bool = True, silenced: bool = False
) -> Stepped:
    """Take one reading of a rule about a store; return where the rule stands then, and the event that came of it.

    `trusted`: the reading is of a complete run that is not stale. `silenced`: the store has an open episode without
    data. A reading that cannot be judged leaves everything as it is. Where the clock was put back, moments that lie in
    the future are taken to be now, so that no length of time is negative.
    """
    state = _not_ahead(state, at)
    if reading.level is None or not _is_judged(rule, trusted=trusted, silenced=silenced):
        return state, None
    if state.firing is None:
        return _closed(rule, state, reading, reading.level, at)
    return _open(rule, state.firing, reading, reading.level, at)


def _is_judged(rule: Rule, *, trusted: bool, silenced: bool) -> bool:
    """Rules about missing data are judged by every reading, because missing data is what they are about."""
    return rule.condition.is_about_data or (trusted and not (silenced and rule.silenced))


def _closed(rule: Rule, state: RuleState, reading: Reading, level: float, at: datetime) -> Stepped:
    """Count how long it has been true; once it has held, open."""
    if not fires(rule.condition, level):
        return RuleState(), None
    since = state.true_since or at
    observations = min(state.observations + 1, rule.hold_observations)
    if at - since < timedelta(minutes=rule.hold_minutes) or observations < rule.hold_observations:
        return RuleState(since, observations), None
    severity = severity_at(rule.condition, rule.severity, level)
    firing = Firing(at, since, severity, reading.marks, at, last_sent_counts=reading.counts)
    return RuleState(firing=firing), Event(EventKind.OPENED, at, severity, since, reading)


def _open(rule: Rule, firing: Firing, reading: Reading, level: float, at: datetime) -> Stepped:
    if is_well(rule.condition, level):
        return _well(rule, firing, reading, at)
    firing = replace(firing, well_since=None)
    if not fires(rule.condition, level):
        return RuleState(firing=firing), None
    severity = severity_at(rule.condition, rule.severity, level)
    if severity.rank < firing.severity.rank:
        return _tell(EventKind.WORSENED, replace(firing, severity=severity), reading, at)
    if _is_news(firing, reading) and at - firing.last_sent_at >= timedelta(minutes=rule.change_minutes):
        return _tell(EventKind.CHANGED, firing, reading, at)
    return RuleState(firing=firing), None


def _well(rule: Rule, firing: Firing, reading: Reading, at: datetime) -> Stepped:
    """Wait until it has been well for long enough; then close."""
    since = firing.well_since or at
    if at - since < timedelta(minutes=rule.keep_minutes):
        return RuleState(firing=replace(firing, well_since=since)), None
    return RuleState(), _event(EventKind.CLOSED, firing, reading, at)


def _is_news(firing: Firing, reading: Reading) -> bool:
    """Say whether a mark was not in the last message, and more listings have it than then.

    When the other listings leave, a reason can become a mark although no listing more has it; that is no news.
    """
    return any(
        mark not in firing.last_sent_marks and reading.counts.get(mark, 1) > firing.last_sent_counts.get(mark, 0)
        for mark in reading.marks
    )


def _tell(kind: EventKind, firing: Firing, reading: Reading, at: datetime) -> Stepped:
    sent = replace(firing, last_sent_marks=reading.marks, last_sent_at=at, last_sent_counts=reading.counts)
    return RuleState(firing=sent), _event(kind, sent, reading, at)


def _event(kind: EventKind, firing: Firing, reading: Reading, at: datetime) -> Event:
    """Make an event; where the clock was put back, it is not earlier than the opening of the episode."""
    return Event(kind, max(at, firing.opened_at), firing.severity, firing.since, reading)


def _not_ahead(state: RuleState, at: datetime) -> RuleState:
    """Set moments that lie in the future, because the clock was put back, to now."""
    firing = state.firing
    if firing and (firing.last_sent_at > at or (firing.well_since or at) > at):
        well_since = firing.well_since and min(firing.well_since, at)
        firing = replace(firing, last_sent_at=min(firing.last_sent_at, at), well_since=well_since)
    true_since = state.true_since and min(state.true_since, at)
    return RuleState(true_since, state.observations, firing)
