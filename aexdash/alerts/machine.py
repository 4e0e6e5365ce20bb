"""The state machine of a rule: each reading may open, change or close an episode. Pure functions, also for back-tests.

An episode has an event when it opens, when it gets worse, when it is about something else (not too often), and when
it closes. Nothing is sent here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aexdash.alerts.limits import fires, is_well, severity_at
from aexdash.alerts.model import Event, EventKind, Firing, Rule, RuleState
from aexdash.alerts.reading import Reading

Stepped = tuple[RuleState, Event | None]
"""The state of a rule after a reading, and the event of that reading, if any."""


def step(
    rule: Rule, state: RuleState, reading: Reading, at: datetime, *, trusted: bool = True, silenced: bool = False
) -> Stepped:
    """Take one reading of a rule about a store; return the new state and the event, if there is one.

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
    """Say whether a reading counts; rules about missing data count every one, also without trusted data."""
    return rule.condition.is_about_data or (trusted and not (silenced and rule.silenced))


def _closed(rule: Rule, state: RuleState, reading: Reading, level: float, at: datetime) -> Stepped:
    """Without open episode: count how long the condition has been true; open one after the hold."""
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
    """With an open episode that is well again: close it after the recovery time."""
    since = firing.well_since or at
    if at - since < timedelta(minutes=rule.keep_minutes):
        return RuleState(firing=replace(firing, well_since=since)), None
    return RuleState(), _event(EventKind.CLOSED, firing, reading, at)


def _is_news(firing: Firing, reading: Reading) -> bool:
    """Say whether a reading has a mark that was not in the last message and that more listings have than then.

    A reason can also become a mark only because other listings left; that is no news.
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
