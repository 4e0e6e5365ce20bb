"""Random stores, random runs: after each, the snapshot says what a plain ledger says, and the books balance."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aexdash.clock import DAY, from_text, to_text
from aexdash.model import HELD, Status
from aexdash.platform_data import WalkReport
from aexdash.snapshot.file import transaction
from aexdash.snapshot.recording.record import Staging
from aexdash.snapshot.tallies import Hero
from aexdash.view import View
from tests.snapshot.recording.ledger import CAUSES, Ledger, Walk
from tests.snapshot.store import EVERY, NOON, Store, entered_left, shown
from tests.support import examples

IDS = tuple(range(1005000000000001, 1005000000000007))
HISTORY = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Planned:
    """A run as hypothesis thinks it up; `answers` are what look-ups of missing listings would say, None: nothing."""

    statuses: tuple[Status, ...]
    attempts: tuple[tuple[dict[int, str | None], ...], ...]
    complete: tuple[bool, ...]
    answers: dict[int, tuple[Status, str | None] | None]
    seconds: int
    killed: bool


pages = st.dictionaries(st.sampled_from(IDS), st.sampled_from(CAUSES), max_size=len(IDS))
places = st.tuples(st.sampled_from([*EVERY, Status.DELETED, Status.OTHER]), st.sampled_from(CAUSES))


@st.composite
def planned_runs(draw: st.DrawFn) -> Planned:
    statuses = draw(st.sampled_from([HELD, EVERY, EVERY]))
    return Planned(
        statuses=statuses,
        attempts=tuple(draw(st.lists(pages, min_size=1, max_size=2).map(tuple)) for _ in statuses),
        complete=tuple(draw(st.sampled_from([True, True, True, False])) for _ in statuses),
        answers={one: draw(st.none() | places) for one in IDS},
        seconds=draw(st.sampled_from([-7200, -1, 0, 1, 60, 3600, 40000, 90000, 300000])),
        killed=draw(st.sampled_from([False, False, False, True])),
    )


class KilledError(Exception):
    """Stands for the end of the process before the commit."""


class Journal:
    """A store and the ledger beside it, taking the same runs."""

    def __init__(self, folder: Path) -> None:
        self.store, self.ledger = Store(folder), Ledger()
        self.clock = NOON

    def run(self, planned: Planned) -> None:
        self.clock += timedelta(seconds=planned.seconds)
        walks = [
            Walk(status, list(attempts), complete, self.clock - timedelta(seconds=9 - index))
            for index, (status, attempts, complete) in enumerate(
                zip(planned.statuses, planned.attempts, planned.complete, strict=True)
            )
        ]
        staging = Staging(self.store.db, self.store.id)
        for walk in walks:
            stage(staging, walk)
        missing = {lost.product_id for lost in staging.missing()}
        look_ups = {one: place for one, place in planned.answers.items() if one in missing and place is not None}
        for one, (status, cause) in look_ups.items():
            staging.add_look_up(shown(one, status, cause=cause if status is Status.OFFLINE else None))
        self.store.now = self.clock
        if planned.killed:
            self.kill(staging)
            return
        before = self.tables()
        result = self.store.record(staging)
        plain = {
            one: (status, cause if status is Status.OFFLINE else None) for one, (status, cause) in look_ups.items()
        }
        periods_written = self.ledger.record(walks, plain, self.clock)
        assert result.as_of == self.ledger.moments[-1]
        assert (result.changes == 0) == (before == self.tables())
        assert result.changes >= periods_written

    def kill(self, staging: Staging) -> None:
        before = self.everything()
        with pytest.raises(KilledError):
            self.record_and_die(staging)
        assert self.everything() == before

    def record_and_die(self, staging: Staging) -> None:
        with transaction(self.store.db):
            self.store.record(staging)
            raise KilledError

    def tables(self) -> list[list[tuple[object, ...]]]:
        return [self.store.rows(f"SELECT * FROM {table}") for table in ("listing", "status_period")]

    def everything(self) -> list[str]:
        return list(self.store.db.conn.iterdump())


def stage(staging: Staging, walk: Walk) -> None:
    for attempt in walk.attempts:
        staging.begin_walk(walk.status)
        staging.add(
            shown(one, walk.status, cause=cause if walk.status is Status.OFFLINE else None)
            for one, cause in attempt.items()
        )
    staging.end_walk(
        WalkReport(walk.status, walk.started_at, walk.started_at, 0, 0, 1, len(walk.attempts), walk.complete)
    )


def held_walks(
    auditing: tuple[int, ...], rejected: tuple[int, ...], *, rejected_complete: bool = True, seconds: int
) -> Planned:
    """A pulse whose two walks showed these listings in one attempt each, and no look-up said anything."""
    shown_by = (dict.fromkeys(auditing), dict.fromkeys(rejected))
    return Planned(
        HELD,
        tuple((attempt,) for attempt in shown_by),
        (True, rejected_complete),
        dict.fromkeys(IDS),
        seconds,
        killed=False,
    )


def missed_twice_then_back(seconds: int) -> list[Planned]:
    """Two complete walks miss a listing, an incomplete one shows it again, and then it is elsewhere."""
    one = IDS[:1]
    return [
        held_walks((), one, seconds=seconds),
        held_walks((), (), seconds=seconds),
        held_walks((), (), seconds=seconds),
        held_walks((), one, rejected_complete=False, seconds=seconds),
        held_walks(one, (), seconds=seconds),
    ]


@pytest.mark.slow
@HISTORY
@example(missed_twice_then_back(seconds=3600))
@example(missed_twice_then_back(seconds=-7200))
@given(st.lists(planned_runs(), min_size=1, max_size=7))
def test_the_snapshot_says_what_was_last_shown_and_the_books_balance(runs: list[Planned]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        for planned in runs:
            journal.run(planned)
            check_periods(journal)
            check_counts(journal)
        check_days(journal)
        check_moments(journal)
        journal.store.db.close()


def check_periods(journal: Journal) -> None:
    """Every period, with its ranges, is the ledger's; a listing has one open period."""
    for one in IDS:
        recorded = journal.store.periods(
            one,
            "status, cause, audit_kind, attempt, came_from, started_after, started_at, ended_after, ended_at, ended_to",
        )
        expected = [
            (
                period.status.value,
                period.cause if period.status is Status.OFFLINE else None,
                period.kind,
                period.attempt,
                period.came_from.value if period.came_from else None,
                text(period.started_after),
                text(period.started_at),
                text(period.ended_after),
                text(period.ended_at),
                period.ended_to.value if period.ended_to else None,
            )
            for period in journal.ledger.periods.get(one, [])
        ]
        assert recorded == expected
    assert (
        journal.store.rows("SELECT product_id FROM status_period WHERE ended_at IS NULL GROUP BY 1 HAVING count(*) > 1")
        == []
    )


def text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None


def check_counts(journal: Journal) -> None:
    if not journal.ledger.moments:
        return
    now = journal.ledger.moments[-1]
    counts = journal.ledger.counts(now)
    recorded = dict(journal.store.db.conn.execute("SELECT status, listings FROM status_count").fetchall())
    assert Counter({Status(word): count for word, count in recorded.items()}) == counts
    ((since,),) = journal.store.rows("SELECT held_since FROM store")
    assert since == text(journal.ledger.held_since(now))


def check_days(journal: Journal) -> None:
    """Each day opens as the last one closed, balances, and closes as the ledger stood after the day's last run."""
    last_of_day = {to_text(moment)[:10]: moment for moment in journal.ledger.moments}
    for status in Status:
        closing = 0
        days = journal.store.rows(
            "SELECT day, opening, entered, left_count, closing FROM day_bridge WHERE status = ? ORDER BY day",
            status.value,
        )
        assert [day for day, *_ in days] == sorted(last_of_day)
        for day, opening, entered, left, closed in days:
            assert (opening, opening + entered - left) == (closing, closed)
            assert closed == journal.ledger.counts(last_of_day[day])[status]
            closing = closed


def check_moments(journal: Journal) -> None:
    """At any moment of the past, and between any two, the read side says what the ledger says."""
    snapshot, ledger = journal.store.snapshot, journal.ledger
    around = sorted({moment + timedelta(seconds=off) for moment in ledger.moments for off in (-1, 0)})
    for at in around:
        view = View(as_of=at)
        assert snapshot.count(view) == len(ledger.held(at))
        assert {row.product_id for row in snapshot.rows(view)} == ledger.held(at)
        hero = snapshot.hero(view)
        if not any(moment <= at <= moment + DAY for moment in ledger.covered):
            assert hero == Hero(None, None, None, None)
        else:
            assert (hero.rejected, hero.auditing) == tuple(
                ledger.counts(at)[s] for s in (Status.REJECTED, Status.AUDITING)
            )
            assert hero.since == ledger.held_since(at)
    for start in around:
        for end in around:
            if start <= end:
                books = snapshot.past(None).books(start, end)
                assert (books.opening, books.closing) == (len(ledger.held(start)), len(ledger.held(end)))
                assert books.opening + books.first_seen + books.entered - books.left == books.closing
                entered, left = entered_left(snapshot, None, start, end)
                assert (len(entered), len(left)) == (books.first_seen + books.entered, books.left)


def test_moments_of_a_store_never_go_back(store: Store) -> None:
    first = store.sweep({1: Status.ACTIVE})
    second = store.after(hours=-3).sweep({1: Status.REJECTED})
    third = store.sweep({1: Status.ACTIVE})
    assert [run.as_of for run in (first, second, third)] == [
        NOON,
        NOON + timedelta(milliseconds=1),
        NOON + timedelta(milliseconds=2),
    ]
    assert from_text(to_text(third.as_of)).tzinfo is UTC
