"""Runs a rule on the stored history of a store, with the code that runs live: the condition's `read`, and `step`.

The rule is asked at each moment at which an episode could open or close: whenever the card it watches, or the number of
held listings, changed; each whole hour; and when a hold or a wait for recovery ended. *Changed* events are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aexdash.alerts.facts import Entered, Given, SyncHealth
from aexdash.alerts.machine import step
from aexdash.alerts.model import Event, EventKind, Rule, RuleState
from aexdash.model import Severity
from aexdash.snapshot.alerting.store import StoreFacts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEVER = 10**9
"""A hold of this many minutes never ends, so that no episode opens."""

STUCK = "aexdash_stuck_in_audit"


@dataclass(frozen=True, slots=True)
class PastEpisode:
    """An episode that would have opened; `closed_at` None: it would be open now. `severity` is its worst."""

    opened_at: datetime
    closed_at: datetime | None
    severity: Severity
    because: str


@dataclass(frozen=True, slots=True)
class Level:
    """The level at a moment; None when it was not known or the store was not read."""

    at: datetime
    level: float | None
    baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """The episodes and levels of a rule from `start` to `end`."""

    start: datetime
    end: datetime
    episodes: tuple[PastEpisode, ...]
    levels: tuple[Level, ...]

    @property
    def times(self) -> int:
        """How many episodes would have opened."""
        return len(self.episodes)

    @property
    def firing(self) -> timedelta:
        """For how long episodes would have been open, in all."""
        return sum(((one.closed_at or self.end) - one.opened_at for one in self.episodes), timedelta())

    @property
    def known(self) -> bool:
        """Whether the level was known at any moment at all."""
        return any(one.level is not None for one in self.levels)

    def sentence(self, days: int) -> str:
        """Say in a sentence how often and for how long the rule would have fired."""
        span = "day" if days == 1 else f"{days} days"
        if not self.known:
            return f"Nothing of the last {span} could be judged by this rule."
        if not self.times:
            return f"This rule would not have fired in the last {span}."
        often = "once" if self.times == 1 else f"{self.times} times"
        return f"This rule would have fired {often} in the last {span}, for {_long(self.firing)}."


class LevelFacts:
    """The facts that levels need. Facts used only in messages are not read, because a back-test sends none."""

    def __init__(self, facts: StoreFacts) -> None:
        self._facts = facts
        self.value, self.values, self.doubt = facts.value, facts.values, facts.doubt
        self.deadlines, self.regressed, self.sync_health = facts.deadlines, facts.regressed, facts.sync_health

    def entered(self, start: datetime, end: datetime) -> list[Entered]:
        """As the store's facts."""
        return self._facts.entered(start, end)

    def given(self, start: datetime, end: datetime) -> list[Given]:
        """As the store's facts."""
        return self._facts.given(start, end)

    def held_codes(self, at: datetime) -> dict[str, int]:
        """None: only a message would say them."""
        return {}

    def first_held(self, at: datetime, limit: int) -> list[int]:
        """None: only a message would say them."""
        return []

    def stuck(self, at: datetime) -> list[int]:
        """Return as many placeholder ids as the card counted then; which listings they were is not read."""
        return list(range(int(self._facts.value(STUCK, at) or 0)))


def backtest(rule: Rule, facts: StoreFacts, start: datetime, end: datetime, *, stale_after: timedelta) -> Backtest:
    """Try a rule on the past of a store, after `start` and up to `end`, also a rule that is switched off.

    A moment counts as not read when the last complete reading before it is older than `stale_after`.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    levels: list[Level] = []
    events: list[Event] = []
    state, level_facts = RuleState(), LevelFacts(facts)
    for at in _moments(rule, facts, start, end):
        trusted = _is_read(level_facts.sync_health(at), at, stale_after)
        reading = rule.condition.read(level_facts, at)
        state, event = step(rule, state, reading, at, trusted=trusted)
        judged = trusted or rule.condition.is_about_data
        levels.append(Level(at, reading.level if judged else None, reading.baseline))
        events += [event] if event else []
    return Backtest(start, end, _episodes(events), tuple(levels))


def state_before(rule: Rule, facts: StoreFacts, at: datetime, *, stale_after: timedelta) -> RuleState:
    """Return the state of a rule just before a moment, as if it had been asked for a day and its hold before that.

    For a new rule: a condition that has been true for days need not wait for its hold again. No episode is open.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    waiting = rule.model_copy(update={"hold_minutes": NEVER, "hold_observations": 1})
    state, level_facts = RuleState(), LevelFacts(facts)
    start = at - DAY - timedelta(minutes=rule.hold_minutes)
    for moment in _moments(rule, facts, start, at):
        if moment < at:
            trusted = _is_read(level_facts.sync_health(moment), moment, stale_after)
            state, _ = step(waiting, state, rule.condition.read(level_facts, moment), moment, trusted=trusted)
    return state


def _long(firing: timedelta) -> str:
    """Write a length of time: in minutes below two hours, in days from three on, else in hours."""
    for unit, name, least in ((DAY, "days", 3), (HOUR, "hours", 2)):
        if firing >= least * unit:
            return f"{firing / unit:,.0f} {name}"
    minutes = round(firing / timedelta(minutes=1))
    return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"


def _moments(rule: Rule, facts: StoreFacts, start: datetime, end: datetime) -> list[datetime]:
    moved = facts.moments(rule.condition.moved_by, start, end)
    hours = [start + HOUR * number for number in range(1, int((end - start) / HOUR) + 1)]
    waits = {timedelta(minutes=minutes) for minutes in (rule.hold_minutes, rule.keep_minutes)} - {timedelta()}
    later = [at + wait for at in moved for wait in waits]
    return sorted(at for at in {*moved, *hours, *later, end} if start < at <= end)


def _is_read(health: SyncHealth, at: datetime, stale_after: timedelta) -> bool:
    return health.complete_at is not None and at - health.complete_at <= stale_after and not health.unsuccessful_runs


def _episodes(events: Sequence[Event]) -> tuple[PastEpisode, ...]:
    found: list[PastEpisode] = []
    for event in events:
        if event.kind is EventKind.OPENED:
            found.append(PastEpisode(event.at, None, event.severity, event.reading.because))
        elif found:
            last = found[-1]
            closed = event.at if event.kind is EventKind.CLOSED else None
            found[-1] = PastEpisode(last.opened_at, closed, min(last.severity, event.severity, key=_rank), last.because)
    return tuple(found)


def _rank(severity: Severity) -> int:
    return severity.rank
