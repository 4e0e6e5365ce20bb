"""What a rule would have said of a store's past, by the very code that runs: `read` and `step` over stored history.

Looked at are the moments at which something could have come of it: whenever the card, or what is held, said something
else, each hour, and when a hold or a wait for recovery ended. Messages that only say what has changed are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aexdash.alerts.causes import HERO
from aexdash.alerts.conditions import read
from aexdash.alerts.facts import Condition, Entered, Given
from aexdash.alerts.machine import step
from aexdash.alerts.model import Anomaly, Event, EventKind, NoData, Rise, Rule, Severity, Standing, Threshold
from aexdash.snapshot.alerting.store import StoreFacts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STALE_AFTER = timedelta(minutes=5)
NEVER = 10**9
"""Minutes after which nothing opens."""

STUCK = "aexdash_stuck_in_audit"


@dataclass(frozen=True, slots=True)
class Tried:
    """An episode that would have been; `closed_at` None: it would be open now. `severity` is the worst it had."""

    opened_at: datetime
    closed_at: datetime | None
    severity: Severity
    because: str


@dataclass(frozen=True, slots=True)
class Level:
    """The level at a moment; None where it could not be told, or where the store was not read."""

    at: datetime
    level: float | None
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """What would have come of a rule from `start` to `end`. `firing` is how long episodes would have been open."""

    start: datetime
    end: datetime
    episodes: tuple[Tried, ...]
    levels: tuple[Level, ...]

    @property
    def times(self) -> int:
        """How often it would have fired."""
        return len(self.episodes)

    @property
    def firing(self) -> timedelta:
        """For how long, in all."""
        return sum(((one.closed_at or self.end) - one.opened_at for one in self.episodes), timedelta())

    @property
    def known(self) -> bool:
        """Whether the level could be told at any moment at all."""
        return any(one.level is not None for one in self.levels)

    def sentence(self, days: int) -> str:
        """Say it in a sentence."""
        span = "day" if days == 1 else f"{days} days"
        if not self.known:
            return f"Nothing of the last {span} could be judged by this rule."
        if not self.times:
            return f"This rule would not have fired in the last {span}."
        often = "once" if self.times == 1 else f"{self.times} times"
        return f"This rule would have fired {often} in the last {span}, for {_long(self.firing)}."


class Levels:
    """The facts behind levels alone: what an episode is about is looked up for messages, and nobody is told here."""

    def __init__(self, facts: StoreFacts) -> None:
        self._facts = facts
        self.value, self.values = facts.value, facts.values
        self.deadlines, self.regressed, self.condition = facts.deadlines, facts.regressed, facts.condition

    def entered(self, start: datetime, end: datetime) -> list[Entered]:
        """As the store's facts."""
        return self._facts.entered(start, end)

    def given(self, start: datetime, end: datetime) -> list[Given]:
        """As the store's facts."""
        return self._facts.given(start, end)

    def held_codes(self, at: datetime) -> dict[str, int]:
        """Nobody is told."""
        return {}

    def first_held(self, at: datetime, limit: int) -> list[int]:
        """Nobody is told."""
        return []

    def stuck(self, at: datetime) -> list[int]:
        """As many as the card of the store counted then; which they were is not looked up."""
        return list(range(int(self._facts.value(STUCK, at) or 0)))


def backtest(
    rule: Rule, facts: StoreFacts, start: datetime, end: datetime, *, stale_after: timedelta = STALE_AFTER
) -> Backtest:
    """Try a rule on the past of a store, after `start` and up to `end`; whether it is switched on is no matter.

    A moment counts as not read when the last complete reading before it is older than `stale_after`.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    levels: list[Level] = []
    events: list[Event] = []
    standing, asked = Standing(), Levels(facts)
    for at in _moments(rule, facts, start, end):
        trusted = _is_read(asked.condition(at), at, stale_after)
        reading = read(rule.condition, asked, at)
        standing, event = step(rule, standing, reading, at, trusted=trusted)
        judged = trusted or isinstance(rule.condition, NoData)
        levels.append(Level(at, reading.level if judged else None, reading.baseline))
        events += [event] if event else []
    return Backtest(start, end, _episodes(events), tuple(levels))


def stood(rule: Rule, facts: StoreFacts, at: datetime, *, stale_after: timedelta = STALE_AFTER) -> Standing:
    """Return where a rule would stand just before a moment, had it been asked for a day and its hold before that.

    For a rule that is asked for the first time: what has been true for days need not hold once more. Nothing is open.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    waiting = rule.model_copy(update={"hold_minutes": NEVER, "hold_observations": 1})
    standing, asked = Standing(), Levels(facts)
    start = at - DAY - timedelta(minutes=rule.hold_minutes)
    for moment in _moments(rule, facts, start, at):
        if moment < at:
            trusted = _is_read(asked.condition(moment), moment, stale_after)
            standing, _ = step(waiting, standing, read(rule.condition, asked, moment), moment, trusted=trusted)
    return standing


def _long(firing: timedelta) -> str:
    """Say how long in the unit that reads best: minutes below two hours, days from three on."""
    for unit, name, least in ((DAY, "days", 3), (HOUR, "hours", 2)):
        if firing >= least * unit:
            return f"{firing / unit:,.0f} {name}"
    minutes = round(firing / timedelta(minutes=1))
    return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"


def _moments(rule: Rule, facts: StoreFacts, start: datetime, end: datetime) -> list[datetime]:
    card = rule.condition.card if isinstance(rule.condition, Threshold | Rise | Anomaly) else HERO
    moved = facts.moments(card, start, end)
    hours = [start + HOUR * number for number in range(1, int((end - start) / HOUR) + 1)]
    waits = {timedelta(minutes=minutes) for minutes in (rule.hold_minutes, rule.keep_minutes)} - {timedelta()}
    later = [at + wait for at in moved for wait in waits]
    return sorted(at for at in {*moved, *hours, *later, end} if start < at <= end)


def _is_read(condition: Condition, at: datetime, stale_after: timedelta) -> bool:
    return (
        condition.complete_at is not None
        and at - condition.complete_at <= stale_after
        and not condition.unsuccessful_runs
    )


def _episodes(events: Sequence[Event]) -> tuple[Tried, ...]:
    found: list[Tried] = []
    for event in events:
        if event.kind is EventKind.OPENED:
            found.append(Tried(event.at, None, event.severity, event.reading.because))
        elif found:
            last = found[-1]
            closed = event.at if event.kind is EventKind.CLOSED else None
            found[-1] = Tried(last.opened_at, closed, min(last.severity, event.severity, key=_rank), last.because)
    return tuple(found)


def _rank(severity: Severity) -> int:
    return severity.rank
