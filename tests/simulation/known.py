"""What is known of a store after each step, in plain dicts: what it really had, and what each run said of it.

`tests.promises.readings` says what may be claimed of such runs; it uses nothing of the product.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from aexdash.clock import from_text
from aexdash.demo.platform.faults import FaultKind
from aexdash.model import HELD, Outcome, Status
from tests.promises.readings import TICK, Run, StoreModel
from tests.simulation.promises import Promise, keep, open_statuses, read_only

RUNS = """
SELECT id, as_of, finished_at, outcome, error_kind, message FROM sync_run WHERE store_id = ? AND id > ? ORDER BY id
"""
WALKS = "SELECT status, complete FROM walk WHERE run_id = ?"
SAID_AT = """
SELECT product_id, status FROM status_period
WHERE store_id = ? AND status <> 'deleted' AND started_at <= ? AND (ended_at IS NULL OR ended_at > ?)
"""

Place = Status | None
"""Where a listing is; None: not in the store."""


@dataclass
class Reading:
    """One step of a store's loop, from outside: the clock before and after, and where each listing was meanwhile.

    `day` is the true one. `clock_told`: AliExpress' answers show that this machine's clock is minutes off.
    """

    began: datetime
    had: dict[int, set[Place]]
    ended: datetime
    day: date
    fault: str = ""
    clock_told: bool = False

    def only(self, number: int) -> tuple[bool, Place]:
        """Whether a listing stayed where it was all the time, and where."""
        places = self.had.get(number, {None})
        return len(places) == 1, next(iter(places))


@dataclass
class Known(StoreModel):
    """A store: its runs, the days on which it was read, and the number of the last run that was looked at.

    `finished_at` is when its last complete run ended, by this machine's clock of then.
    """

    days: set[date] = field(default_factory=set)
    last_run: int = 0
    finished_at: datetime | None = None

    def take_in(self, path: Path, reading: Reading) -> Counter[str]:
        """Take in what the runs of a step have written down, each compared with what was so; count them by outcome."""
        counts = Counter[str]()
        if not path.exists() or not path.stat().st_size:
            return counts
        with read_only(path) as connection:
            store = id_of(connection, self.key)
            runs = [] if store is None else connection.execute(RUNS, [store, self.last_run]).fetchall()
            for number, as_of, finished_at, outcome, error_kind, message in runs:
                self.last_run = number
                self.days.add(reading.day)
                counts[f"runs {outcome}"] += 1
                keep(Promise.GREEN_LIGHT, error_kind != "counts", message)
                run = self._failed()
                if outcome != Outcome.FAILED:
                    last = number == runs[-1][0]
                    said = open_statuses(connection, store) if last else said_at(connection, store, as_of)
                    walks = {Status(status): complete for status, complete in connection.execute(WALKS, [number])}
                    whole = frozenset(status for status, complete in walks.items() if complete)
                    run = Run(from_text(as_of), Outcome(outcome), whole, frozenset(walks), self.tolerance, said)
                    self._compare(run, reading)
                    self.finished_at = from_text(finished_at) if outcome == Outcome.COMPLETE else self.finished_at
                self.runs.append(run)
        return counts

    def current(self, now: datetime) -> bool:
        """Also by the clock by which the last complete run ended: its moment is later where that was put back."""
        return super().current(now) and self.finished_at is not None and now <= self.finished_at + self.tolerance

    def freshness(self, now: datetime) -> str:
        state = super().freshness(now)
        old = self.finished_at is not None and now > self.finished_at + self.tolerance
        return "stale" if state == "fresh" and old else state

    def _failed(self) -> Run:
        return Run(None, Outcome.FAILED, frozenset(), frozenset(), self.tolerance, self.said(None))

    def _compare(self, run: Run, reading: Reading) -> None:
        """Hold a run to what was so while it read."""
        lied = reading.fault == FaultKind.NO_LISTINGS
        wrong = self.wrong_moment(run, reading)
        keep(Promise.NO_OVERCLAIM, not wrong, wrong)
        keep(Promise.GREEN_LIGHT, not reading.clock_told, f"a run was recorded by a wrong clock, {reading.began}")
        for found in self.wrong_moves(run, reading):
            keep(Promise.GOES_WHERE_SAID, False, f"{self.key}: {found}")
        for found in self.wrong_wholeness(run, reading, lied=lied):
            keep(Promise.WHOLE, False, f"{self.key}: {found} ({run.outcome}, {reading.fault})")

    def wrong_moment(self, run: Run, reading: Reading) -> str:
        """Say what is wrong with the moment of a run: it lies within its step, or right after the run before."""
        last = self.recorded(None)
        assert run.at
        earliest = reading.began - TICK  # moments are written down in whole milliseconds
        if last and run.at <= last[-1].at:
            return f"run of {run.at} after one of {last[-1].at}"
        right_after = bool(last) and run.at == last[-1].at + TICK
        return "" if right_after or earliest <= run.at <= reading.ended else f"run of {run.at}, read by {reading.ended}"

    def wrong_moves(self, run: Run, reading: Reading) -> Iterator[str]:
        """Say which listings a run put where they never were, or took away though they are there."""
        before = self.said(None)
        for number in before.keys() | run.said.keys():
            was, now = before.get(number), run.said.get(number)
            if now is not was and now not in reading.had.get(number, {None}):
                yield f"{number} from {was} to {now}, while it was {_words(reading.had.get(number, {None}))}"

    def wrong_wholeness(self, run: Run, reading: Reading, *, lied: bool) -> Iterator[str]:
        """Say which listings a run left out of, or left in, a list that it calls read to its end.

        `lied`: a list said in good order that it is empty; only listings that were there before contradict it.
        """
        before = self.said(None)
        for number in before.keys() | run.said.keys() | reading.had.keys():
            stayed, there = reading.only(number)
            said = run.said.get(number)
            if not stayed:
                continue
            if there in run.whole and said is not there and not (lied and before.get(number) not in run.walked):
                yield f"{number} is {there}, read whole, and said to be {said}"
            if run.outcome is Outcome.COMPLETE and said in run.whole and said is not there:
                yield f"{number} is {there}, and said to be {said}, which was read whole"

    def entries(self, start: datetime, end: datetime) -> tuple[int, int]:
        """How many times a listing came to be held after a moment and up to another, and how many times it left."""
        came = left = 0
        previous: dict[int, Status] = {}
        for run in self.recorded(None):
            assert run.at
            if start < run.at <= end:
                came += sum(its in HELD and previous.get(one) not in HELD for one, its in run.said.items())
                left += sum(its in HELD and run.said.get(one) not in HELD for one, its in previous.items())
            previous = run.said
        return came, left

    def held_ids(self, at: datetime | None = None) -> set[int]:
        return {number for number, status in self.said(at).items() if status in HELD}

    def held_for(self, number: int) -> datetime:
        """Since when a listing has been held without a break, as the runs saw it."""
        runs = itertools.takewhile(lambda run: run.said.get(number) in HELD, reversed(self.recorded(None)))
        return _earliest(runs)

    def moments(self) -> list[datetime]:
        """The moments at which something may change: readings, their ends, and those just beside them."""
        edges = ((run.at, run.at + run.tolerance) for run in self.recorded(None) if run.at)
        return [at + by for pair in edges for at in pair for by in (-TICK, timedelta(), TICK)]


def id_of(connection: sqlite3.Connection, key: str) -> int | None:
    """The id of a store in the snapshot; None where it has none yet."""
    try:
        found = connection.execute("SELECT id FROM store WHERE key = ?", [key]).fetchone()
    except sqlite3.OperationalError:  # killed before its tables were made
        return None
    return found[0] if found else None


def said_at(connection: sqlite3.Connection, store: int, as_of: str) -> dict[int, Status]:
    """Where each listing was said to be by a run that another followed in the same step."""
    return {number: Status(status) for number, status in connection.execute(SAID_AT, [store, as_of, as_of])}


def _earliest(runs: Iterable[Run]) -> datetime:
    return min(run.at for run in runs if run.at)


def _words(places: set[Place]) -> str:
    return " or ".join(sorted(str(place) if place else "nowhere" for place in places))
