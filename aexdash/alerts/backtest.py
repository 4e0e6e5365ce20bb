"""Runs a rule on the stored history of a store, with the code that runs live: the condition's `read`, and `step`.

The rule is asked when the live engine asked it: at complete readings, and about missing data in the rounds of the loop.
Of these only those are taken at which an episode could open or close, so openings and closings are those of the live
engine to one evaluation step: a reading, or a round. *Changed* events are left out.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from aexdash.alerts.baselines import whole_hour
from aexdash.alerts.causes import STUCK
from aexdash.alerts.facts import Entered, Given
from aexdash.alerts.limits import recovery
from aexdash.alerts.machine import step
from aexdash.alerts.model import Event, EventKind, Rule, RuleState
from aexdash.model import Severity
from aexdash.snapshot.alerting.past_readings import PastReadings
from aexdash.snapshot.alerting.store import StoreFacts

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

ROUND = timedelta(minutes=1)
"""The live engine asks about missing data at least this often."""

NEVER = 10**9
"""A hold of this many minutes never ends, so that no episode opens."""


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

    @property
    def judged(self) -> timedelta:
        """For how long the rule could be judged; of the rest it is not known whether it would have fired."""
        ends = [*(one.at for one in self.levels[1:]), self.end]
        known = (end - one.at for one, end in zip(self.levels, ends, strict=False) if one.level is not None)
        return sum(known, timedelta())

    def judged_words(self) -> str:
        """Say for how long the rule could be judged, where that was not the whole time; else nothing."""
        whole = not self.known or self.judged > self.end - self.start - HOUR
        return "" if whole else f"It could be judged for {_long(self.judged)} of these."

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
        self.deadlines, self.regressed, self.sync_health = facts.deadlines, facts.regressed, facts.past.health
        self.zone = facts.zone

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


def backtest(rule: Rule, facts: StoreFacts, start: datetime, end: datetime) -> Backtest:
    """Try a rule on the past of a store, after `start` and up to the present, `end`; also one that is switched off.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    facts.refresh(end)
    levels: list[Level] = []
    events: list[Event] = []
    state, level_facts = RuleState(), LevelFacts(facts)
    for at in moments_asked(rule, facts, start, end):
        reading = rule.condition.read(level_facts, at)
        state, event = step(rule, state, reading, at)
        levels.append(Level(at, reading.level, reading.baseline))
        events += [event] if event else []
    if not rule.condition.is_about_data:
        levels += [Level(at, None) for at in facts.past.gaps(start, end)]
    return Backtest(start, end, _episodes(events), tuple(sorted(levels, key=lambda one: one.at)))


def state_before(rule: Rule, facts: StoreFacts, at: datetime) -> RuleState:
    """Return the state of a rule just before a moment, as if it had been asked for a day and its hold before that.

    For a new rule: a condition that has been true for days need not wait for its hold again. No episode is open.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    waiting = rule.model_copy(update={"hold_minutes": NEVER, "hold_observations": 1})
    state, level_facts = RuleState(), LevelFacts(facts)
    start = at - DAY - timedelta(minutes=rule.hold_minutes)
    for moment in moments_asked(rule, facts, start, at):
        if moment < at:
            state, _ = step(waiting, state, rule.condition.read(level_facts, moment), moment)
    return state


def _long(firing: timedelta) -> str:
    """Write a length of time: in minutes below two hours, in days from three on, else in hours."""
    for unit, name, least in ((DAY, "days", 3), (HOUR, "hours", 2)):
        if firing >= least * unit:
            return f"{firing / unit:,.0f} {name}"
    minutes = round(firing / timedelta(minutes=1))
    return f"{minutes} minute" if minutes == 1 else f"{minutes} minutes"


def moments_asked(rule: Rule, facts: StoreFacts, start: datetime, end: datetime) -> list[datetime]:
    """Return the moments at which a rule was asked and its answer could be another one, after `start` and up to `end`.

    A rule about missing data is asked in every round of the loop, every other rule at each complete reading.
    """
    wanted = _rounds(rule, facts, start, end) if rule.condition.is_about_data else _readings(rule, facts, start, end)
    return sorted(at for at in wanted if start < at <= end)


def _readings(rule: Rule, facts: StoreFacts, start: datetime, end: datetime) -> set[datetime]:
    """Return the complete readings at or after what moves the level, each whole hour, and the end of each wait."""
    condition, past = rule.condition, facts.past
    moved = facts.moments(condition.moved_by, start, end) if condition.moved_by else past.changed(start, end)
    lapsed = [at + lapse for at in moved for lapse in condition.lapses]
    asked = _asked(past, {start, *moved, *lapsed, *_hours(start, end)}, end)
    asked |= _asked(past, {at + wait for at in asked for wait in _waits(rule)}, end)
    more = rule.hold_observations - 1 + (condition.moved_by is None)  # reasons are recorded after the reading
    return asked | {later for at in asked if more for later in past.after(at, more)}


def _asked(past: PastReadings, moments: Set[datetime], end: datetime) -> set[datetime]:
    """Return the first complete reading at or after each moment."""
    found = (past.next_reading(at) for at in moments if at <= end)
    return {at for at in found if at is not None}


def _rounds(rule: Rule, facts: StoreFacts, start: datetime, end: datetime) -> set[datetime]:
    """Return the rounds at which missing data begins, ends or passes a limit, whole hours, and the end of waits."""
    levels = _levels(rule)
    quiet = timedelta(minutes=max(0.0, min(levels)))
    longest = timedelta(minutes=max(levels)) + sum(_waits(rule), timedelta()) + ROUND * (rule.hold_observations + 1)
    turns = facts.past.turns(start - longest, end, quiet)
    turns += [facts.past.added_at] if facts.past.added_at else []
    crossed = [at + timedelta(minutes=level) + ROUND for at in turns for level in levels]
    begun = {*turns, *crossed}
    begun |= {at + ROUND * number for at in begun for number in range(1, rule.hold_observations)}
    return {*begun, *(at + wait for at in begun for wait in _waits(rule)), *_hours(start, end), end}


def _levels(rule: Rule) -> list[float]:
    """Return the levels at which something follows, in minutes since the last reading."""
    condition = rule.condition
    return [one for one in (condition.limit, recovery(condition), condition.worse_at) if one is not None]


def _waits(rule: Rule) -> list[timedelta]:
    return [timedelta(minutes=minutes) for minutes in (rule.hold_minutes, rule.keep_minutes) if minutes]


def _hours(start: datetime, end: datetime) -> list[datetime]:
    first = whole_hour(start) + HOUR
    return [first + HOUR * number for number in range(int((end - first) / HOUR) + 1)]


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
