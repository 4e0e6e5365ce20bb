"""A back-test says what the live engine said: the same openings and closings, whatever was read and whatever failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.alerts.backtest import Backtest, backtest
from aexdash.alerts.causes import HERO
from aexdash.alerts.conditions import Concentration, NoData, OneListing, Rise, Silence, Subject, Threshold
from aexdash.alerts.model import Rule
from aexdash.model import Outcome, Severity, Status
from aexdash.snapshot.recording.record import record_failure
from aexdash.snapshot.recording.worker_state import prune_runs
from tests.alerts.watched import ACTIVE, AUDITING, REJECTED, Watched
from tests.support import examples

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

COMPLETE, PARTIAL, FAILED = Outcome.COMPLETE, Outcome.PARTIAL, Outcome.FAILED

ONE_STEP = MINUTE
"""Rules about missing data are asked once a minute; all others at readings, which a back-test takes exactly."""

EVERY = dict.fromkeys(range(1, 7), ACTIVE)


def rule(key: str, condition: object, **words: object) -> Rule:
    return Rule(key=key, title=key, condition=condition, severity=Severity.MEDIUM, **words)  # type: ignore[arg-type]


OF_READINGS = (
    rule("any", Threshold(card=HERO, limit=0, worse_at=2)),
    rule("held-long", Threshold(card=HERO, limit=1), hold_minutes=45, keep_minutes=10),
    rule("three-times", Threshold(card=HERO, limit=0), hold_observations=3),
    rule("rise", Rise(card=HERO, limit=1, days=1)),
    rule("again", OneListing(subject=Subject.REGRESSED, hours=3)),
    rule("concentrated", Concentration(least=1, hours=2)),
)

OF_DATA = (
    rule("no-data", NoData(silence=Silence.WALK, limit=30), silenced=False),
    rule("no-data-long", NoData(silence=Silence.WALK, limit=50, recovers_at=5, worse_at=60), hold_minutes=20),
    rule("partial", NoData(silence=Silence.PARTIAL, limit=2), silenced=False),
)


ROUNDS = (1, 2, 30, 31, 32, 50, 51, 52, 60, 61, 62, 70, 71, 72)
"""Minutes after a run at which a limit or a hold of these rules is passed; an engine is asked at the others too."""


@dataclass(frozen=True)
class Attempt:
    """A run that ends so long after the one before, and where listings stand then."""

    pause: timedelta
    outcome: Outcome = COMPLETE
    moved: tuple[tuple[int, Status], ...] = ()


PAUSES = {
    "every minute": st.just(MINUTE),
    "every five minutes with outages": st.sampled_from([5 * MINUTE] * 6 + [29 * MINUTE, 31 * MINUTE, 2 * HOUR]),
    "nightly": st.sampled_from([22 * HOUR, 24 * HOUR, 26 * HOUR, 70 * HOUR]),
    "anyhow": st.sampled_from([MINUTE, 7 * MINUTE, 30 * MINUTE, 61 * MINUTE, 5 * HOUR, 22 * HOUR, 47 * HOUR]),
}

MOVES = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from([ACTIVE, REJECTED, AUDITING])),
    max_size=2,
    unique_by=lambda one: one[0],
)


@st.composite
def lives(draw: st.DrawFn) -> list[Attempt]:
    """A schedule, with failures and partial runs, of a store whose listings come and go."""
    pauses = PAUSES[draw(st.sampled_from(sorted(PAUSES)))]
    outcomes = st.sampled_from([COMPLETE] * 5 + [PARTIAL, FAILED])
    attempt = st.builds(Attempt, pauses, outcomes, MOVES.map(tuple))
    return [Attempt(MINUTE), *draw(st.lists(attempt, min_size=1, max_size=10))]


@contextmanager
def watched(tolerance: timedelta) -> Iterator[Watched]:
    """A store whose readings speak for the time after them for so long, under these rules alone."""
    with TemporaryDirectory() as folder:
        more = f"stale_after_seconds = {tolerance.total_seconds():.0f}\n"
        store = Watched(Path(folder), more=more)
        store.store.tolerance = tolerance
        store.only(*OF_READINGS, *OF_DATA)
        yield store
        store.close()


def live(store: Watched, attempts: Sequence[Attempt]) -> None:
    """Let the engine run beside the sync: a round after each run, and those of its loop that may say something."""
    complete = store.store.now
    for attempt in attempts:
        begun = store.store.now
        ends = begun + attempt.pause
        rounds = {since + minutes * MINUTE for since in (begun, complete) for minutes in ROUNDS}
        for at in sorted(at for at in rounds if begun < at < ends):
            store.store.now = at
            store.ask()
        complete = ends if attempt.outcome is COMPLETE else complete
        store.store.now = ends
        if attempt.outcome is FAILED:
            fail(store)
        else:
            store.read(dict(attempt.moved), outcome=attempt.outcome)


def fail(store: Watched) -> None:
    now, failed = store.store.now, {"error_kind": "down", "message": "", "calls": 1}
    record_failure(store.store.db, store.store.id, kind="pulse", started_at=now, finished_at=now, **failed)
    store.ask()


Episodes = list[tuple[datetime, datetime | None]]


def said(store: Watched, rule: Rule) -> Episodes:
    """The episodes that the live engine opened and closed."""
    return [(one.opened_at, one.closed_at) for one in reversed(store.episodes.of_rule(rule.key))]


def tried(store: Watched, rule: Rule, begin: datetime) -> Backtest:
    return backtest(rule, store.store.snapshot.alert_facts("main"), begin, store.store.now)


def differing(live: Episodes, tried: Backtest, step: timedelta) -> bool:
    replayed = [(one.opened_at, one.closed_at) for one in tried.episodes]
    return len(live) != len(replayed) or not all(
        _near(one, other, step) for pair in zip(live, replayed, strict=True) for one, other in zip(*pair, strict=True)
    )


def _near(one: datetime | None, other: datetime | None, step: timedelta) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= step


@pytest.mark.slow
@given(lives(), st.sampled_from([5 * MINUTE, DAY]))
@settings(deadline=None, max_examples=examples(40))
def test_a_back_test_says_what_the_live_engine_said(attempts, tolerance):
    with watched(tolerance) as store:
        begin = store.store.now
        live(store, attempts)
        for each in OF_READINGS:
            assert not differing(said(store, each), tried(store, each, begin), timedelta()), each.key
        for each in OF_DATA:
            assert not differing(said(store, each), tried(store, each, begin), ONE_STEP), each.key


@pytest.mark.slow
@given(lives())
@settings(deadline=None, max_examples=examples(40))
def test_what_coverage_says_is_enough_once_old_runs_are_deleted(attempts):
    """Within the tolerance of the store, which is how far two deleted readings were apart at most."""
    with watched(5 * MINUTE) as store:
        begin = store.store.now
        live(store, [*attempts, Attempt(40 * DAY)])
        prune_runs(store.store.db, store.store.now)
        for each in (*OF_READINGS, *OF_DATA):
            if each.hold_observations == 1:
                assert not differing(said(store, each), tried(store, each, begin), 5 * MINUTE + ONE_STEP), each.key


@pytest.mark.parametrize("tolerance", [5 * MINUTE, DAY], ids=["minutes", "a day"])
def test_an_outage_of_22_hours_fires_no_data_in_both(tolerance):
    with watched(tolerance) as store:
        begin = store.store.now
        live(store, [Attempt(MINUTE), Attempt(MINUTE), Attempt(22 * HOUR), Attempt(MINUTE)])
        (opened, closed) = said(store, OF_DATA[0])[0]
        (replayed,) = tried(store, OF_DATA[0], begin).episodes
        assert (replayed.opened_at, replayed.closed_at) == (opened, closed)
        assert closed - opened == 22 * HOUR - 31 * MINUTE


@pytest.mark.slow
def test_where_runs_are_deleted_and_readings_may_have_been_far_apart_nothing_is_said_of_missing_data():
    with watched(DAY) as store:
        begin = store.store.now
        live(store, [Attempt(MINUTE), *[Attempt(HOUR)] * 8])
        assert len(said(store, OF_DATA[0])) == 8
        live(store, [Attempt(40 * DAY)])
        prune_runs(store.store.db, store.store.now)
        found = tried(store, OF_DATA[0], begin)
        inside = [one.level for one in found.levels if begin + HOUR < one.at < begin + 7 * HOUR]
        assert set(inside) == {None}
        assert len(found.episodes) == 1  # the forty days, whose beginning coverage knows
