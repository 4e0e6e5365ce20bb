"""How rules do on the invented store-days: messages, false ones, incidents missed, delays."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aexdash.alerts import machine
from aexdash.alerts.baselines import of_values, same_time
from aexdash.alerts.conditions import Anomaly, Threshold
from aexdash.alerts.model import EventKind, Rule, RuleState
from aexdash.alerts.reading import Reading
from aexdash.alerts.rules.shipped import DEFAULTS
from aexdash.model import Severity
from tests.alerts.days import CARD, FIRST_JUDGED, HOURS, JUDGED, Hourly, Incident, Store, moment
from tests.alerts.known import Known, read

Look = Callable[[Known, datetime], Reading]

KINDS = ("spike", "ramp", "weekend")

SIGMA_DAYS = 28

WARMED_UP = FIRST_JUDGED - 7 * 24
"""Rules run a week before they are judged, so that what is open at the first hour was opened by the rule itself."""

OURS = DEFAULTS["worse-than-usual"]
ABOVE_ZERO = Rule(key="above-0", title="> 0", condition=Threshold(card=CARD, limit=0), severity=Severity.HIGH)


@dataclass(frozen=True)
class Alarm:
    """An episode: the hour it opened, and the hour it closed or the life ended."""

    start: int
    end: int


@dataclass(frozen=True)
class Outcome:
    """What a rule made of an incident: hours until its message, None where there was none."""

    incident: Incident
    delay: int | None


@dataclass(frozen=True)
class Tally:
    """Messages sent at an opening, how many of them were `false`, and hours open while nothing was wrong (`idle`)."""

    messages: int = 0
    false: int = 0
    idle: int = 0
    outcomes: tuple[Outcome, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.messages + other.messages,
            self.false + other.false,
            self.idle + other.idle,
            self.outcomes + other.outcomes,
        )

    def told(self, kind: str = "") -> str:
        """Incidents that were told, of all there were of a kind."""
        delays = [one.delay for one in self.outcomes if kind in ("", one.incident.kind)]
        return f"{sum(delay is not None for delay in delays)} of {len(delays)}"

    @property
    def delay(self) -> str:
        """The median of the delays of what was told."""
        delays = [one.delay for one in self.outcomes if one.delay is not None]
        return f"{statistics.median(delays):g} h" if delays else "–"


def above_zero(facts: Known, at: datetime) -> Reading:
    """The default of the card: anything at all."""
    return read(ABOVE_ZERO.condition, facts, at)


def three_sigma(facts: Known, at: datetime) -> Reading:
    """How far a value is above the mean and three standard deviations of the same hour of the last 28 days."""
    value, before = facts.value(CARD, at), same_time(facts, CARD, at, SIGMA_DAYS)
    return Reading(None if value is None else value - statistics.fmean(before) - 3 * statistics.pstdev(before))


def worse_than_usual(facts: Known, at: datetime) -> Reading:
    """The rule that ships."""
    return read(OURS.condition, facts, at)


def without_floor(facts: Known, at: datetime) -> Reading:
    """The same median and deviation of the hours of the week, but nothing below which a deviation cannot fall."""
    assert isinstance(OURS.condition, Anomaly)
    weeks = range(1, OURS.condition.weeks + 1)
    moments = [at - timedelta(weeks=week, hours=shift) for week in weeks for shift in (1, 0, -1)]
    usual = of_values([value for value in facts.values(CARD, moments) if value is not None])
    value = facts.value(CARD, at)
    return Reading(None if value is None else (value - usual.middle) / (usual.spread or 0.1))


METHODS: dict[str, tuple[Rule, Look]] = {
    "`> 0`": (ABOVE_ZERO, above_zero),
    "mean + 3 σ of 28 days": (ABOVE_ZERO, three_sigma),
    "median and MAD without floor": (OURS, without_floor),
    "*worse than usual*": (OURS, worse_than_usual),
}


def alarms(rule: Rule, look: Look, store: Store) -> list[Alarm]:
    """The episodes that a rule has in the days that count, by the machine that runs live."""
    facts, standing = Hourly(series=store.series), RuleState()
    found: list[Alarm] = []
    for hour in range(WARMED_UP, HOURS):
        standing, event = machine.step(rule, standing, look(facts, moment(hour)), moment(hour))
        if event and event.kind is EventKind.OPENED:
            found.append(Alarm(hour, HOURS))
        elif event and event.kind is EventKind.CLOSED:
            found[-1] = Alarm(found[-1].start, hour)
    return [alarm for alarm in found if alarm.end > FIRST_JUDGED]


def tally(alarms: Sequence[Alarm], incidents: Sequence[Incident]) -> Tally:
    """Hold alarms against what happened. An incident is told by a message that comes while the card shows it."""
    opened = [alarm.start for alarm in alarms if alarm.start >= FIRST_JUDGED]
    open_hours = {hour for alarm in alarms for hour in range(max(alarm.start, FIRST_JUDGED), alarm.end)}
    wrong = {hour for incident in incidents for hour in incident.shown}
    outcomes = (
        Outcome(one, next((start - one.start for start in opened if start in one.shown), None))
        for one in incidents
        if one.start >= FIRST_JUDGED
    )
    return Tally(len(opened), sum(start not in wrong for start in opened), len(open_hours - wrong), tuple(outcomes))


def figures(stores: Sequence[Store], method: str) -> Tally:
    """How a method did on all stores together."""
    rule, look = METHODS[method]
    return sum((tally(alarms(rule, look, store), store.incidents) for store in stores), Tally())


def table(stores: Sequence[Store]) -> str:
    """The figures of all methods as a Markdown table."""
    found = {method: figures(stores, method) for method in METHODS}
    incidents = len(found["`> 0`"].outcomes)
    head = ["rule", "messages", "of them false", "incidents told", *(f"{kind}s" for kind in KINDS), "delay, median"]
    rows = [[*head, "hours open for nothing"], ["---"] * (len(head) + 1)]
    for method, one in found.items():
        kinds = [one.told(kind) for kind in KINDS]
        rows.append([method, f"{one.messages}", f"{one.false}", one.told(), *kinds, one.delay, f"{one.idle:,}"])
    lines = [
        f"{len(stores) * JUDGED} store-days, {incidents} incidents",
        "",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join(lines)
