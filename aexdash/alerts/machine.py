"""From readings to episodes: one step a reading, pure, the same for what is live and for what is tried on the past.

An episode opens once, is told worse once, is told changed now and then, and closes once. Nothing is sent here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aexdash.alerts.limits import fires, is_well, severity_at
from aexdash.alerts.model import Event, EventKind, Firing, NoData, Reading, Rule, Standing

Step = tuple[Standing, Event | None]


def step(
    rule: Rule, standing: Standing, reading: Reading, at: datetime, *, trusted: bool = True, silenced: bool = False
) -> Step:
    """Take one reading of a rule about a store; return where the rule stands then, and what there is to tell.

    `trusted`: the reading is of a complete run that is not stale. `silenced`: the store has an open episode without
    data. A reading that cannot be judged leaves everything as it is. A clock that was put back makes no time negative,
    opens nothing again and closes nothing: what seems to lie ahead is taken to be now.
    """
    standing = _not_ahead(standing, at)
    if reading.level is None or not _is_judged(rule, trusted=trusted, silenced=silenced):
        return standing, None
    if standing.firing is None:
        return _closed(rule, standing, reading, reading.level, at)
    return _open(rule, standing.firing, reading, reading.level, at)


def _is_judged(rule: Rule, *, trusted: bool, silenced: bool) -> bool:
    """Rules about missing data are judged always: by what is missing they see it."""
    return isinstance(rule.condition, NoData) or (trusted and not (silenced and rule.silenced))


def _closed(rule: Rule, standing: Standing, reading: Reading, level: float, at: datetime) -> Step:
    """Count how long it has been true; once it has held, open."""
    if not fires(rule.condition, level):
        return Standing(), None
    since = standing.true_since or at
    observations = min(standing.observations + 1, rule.hold_observations)
    if at - since < timedelta(minutes=rule.hold_minutes) or observations < rule.hold_observations:
        return Standing(since, observations), None
    severity = severity_at(rule.condition, rule.severity, level)
    firing = Firing(at, since, severity, reading.marks, at, told_counts=reading.counts)
    return Standing(firing=firing), Event(EventKind.OPENED, at, severity, since, reading)


def _open(rule: Rule, firing: Firing, reading: Reading, level: float, at: datetime) -> Step:
    if is_well(rule.condition, level):
        return _well(rule, firing, reading, at)
    firing = replace(firing, well_since=None)
    if not fires(rule.condition, level):
        return Standing(firing=firing), None
    severity = severity_at(rule.condition, rule.severity, level)
    if severity.rank < firing.severity.rank:
        return _tell(EventKind.WORSENED, replace(firing, severity=severity), reading, at)
    if _is_news(firing, reading) and at - firing.told_at >= timedelta(minutes=rule.change_minutes):
        return _tell(EventKind.CHANGED, firing, reading, at)
    return Standing(firing=firing), None


def _well(rule: Rule, firing: Firing, reading: Reading, at: datetime) -> Step:
    """Wait until it has been well for long enough; then close."""
    since = firing.well_since or at
    if at - since < timedelta(minutes=rule.keep_minutes):
        return Standing(firing=replace(firing, well_since=since)), None
    return Standing(), _event(EventKind.CLOSED, firing, reading, at)


def _is_news(firing: Firing, reading: Reading) -> bool:
    """Something is a mark that was none in the last message, and not only because there is less of all the rest."""
    return any(
        mark not in firing.told_marks and reading.counts.get(mark, 1) > firing.told_counts.get(mark, 0)
        for mark in reading.marks
    )


def _tell(kind: EventKind, firing: Firing, reading: Reading, at: datetime) -> Step:
    told = replace(firing, told_marks=reading.marks, told_at=at, told_counts=reading.counts)
    return Standing(firing=told), _event(kind, told, reading, at)


def _event(kind: EventKind, firing: Firing, reading: Reading, at: datetime) -> Event:
    """No event of an episode is before its opening, whatever the clock says."""
    return Event(kind, max(at, firing.opened_at), firing.severity, firing.since, reading)


def _not_ahead(standing: Standing, at: datetime) -> Standing:
    """Bring moments that a clock put back has left in the future to now."""
    firing = standing.firing
    if firing and (firing.told_at > at or (firing.well_since or at) > at):
        well_since = firing.well_since and min(firing.well_since, at)
        firing = replace(firing, told_at=min(firing.told_at, at), well_since=well_since)
    true_since = standing.true_since and min(standing.true_since, at)
    return Standing(true_since, standing.observations, firing)
