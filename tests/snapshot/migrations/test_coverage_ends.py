"""Coverage that an earlier version joined over whole days ends, after the upgrade, with the tolerance of a reading."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
import statistics
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from aexdash.clock import from_text, to_text
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.migrations import migrations
from tests.snapshot.store import NOON
from tests.support import examples

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LEAST, MOST = 5 * MINUTE, 25 * HOUR
"""The shortest and the longest tolerance that an upgrade supposes."""

Spell = tuple[datetime, datetime, datetime]
"""A row of coverage: from, to, and until when its last reading speaks."""


def old_spells(readings: Sequence[datetime]) -> list[list[datetime]]:
    """The readings as earlier versions joined them: those of the same or of neighbouring days."""
    spells: list[list[datetime]] = []
    for at in readings:
        if spells and at.date() - spells[-1][-1].date() <= DAY:
            spells[-1].append(at)
        else:
            spells.append([at])
    return spells


def upgraded(path: Path, readings: Iterable[datetime], pruned: Iterable[datetime] = ()) -> list[Spell]:
    """The coverage of a store after the upgrade; the runs of the `pruned` readings had been deleted before."""
    kept, gone = sorted(readings), set(pruned)
    with contextlib.closing(Database(path)) as db:
        migrations.apply(db, stop_before="0005_coverage_ends")
        with db.conn:
            db.execute("INSERT INTO store (key, title, model, added_at) VALUES ('main', 'Main', 'overseas', 'x')")
            for spell in old_spells(sorted([*kept, *gone])):
                row = [to_text(spell[0]), to_text(spell[-1])]
                db.execute("INSERT INTO coverage (store_id, from_at, to_at) VALUES (1, ?, ?)", row)
            for at in kept:
                write_run(db.conn, at)
    open_snapshot(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT from_at, to_at, until_at FROM coverage ORDER BY from_at").fetchall()
    return [(from_text(begun), from_text(to), from_text(until)) for begun, to, until in rows]


def write_run(connection: sqlite3.Connection, at: datetime, *, rejected_complete: bool = True) -> None:
    """A run of that moment with its two held walks."""
    now = to_text(at)
    run = connection.execute(
        "INSERT INTO sync_run (store_id, kind, started_at, finished_at, as_of, outcome) VALUES (1, 'pulse', ?, ?, ?,"
        " 'complete')",
        [now, now, now],
    ).lastrowid
    for status, complete in (("auditing", True), ("rejected", rejected_complete)):
        connection.execute(
            "INSERT INTO walk (run_id, store_id, status, started_at, finished_at, seen, pages, attempts, complete)"
            " VALUES (?, 1, ?, ?, ?, 0, 1, 1, ?)",
            [run, status, now, now, int(complete)],
        )


def every(step: timedelta, count: int, first: datetime = NOON) -> list[datetime]:
    return [first + step * number for number in range(count)]


def test_daily_runs_stay_one_spell_that_ends_25_hours_after_the_last(tmp_path):
    days = every(DAY, 5)
    assert upgraded(tmp_path / "snapshot.db", days) == [(days[0], days[-1], days[-1] + 25 * HOUR)]


def test_an_outage_of_22_hours_between_hourly_runs_becomes_a_gap(tmp_path):
    before, after = every(HOUR, 4), every(HOUR, 4, NOON + 25 * HOUR)
    assert upgraded(tmp_path / "snapshot.db", before + after) == [
        (NOON, NOON + 3 * HOUR, NOON + 6 * HOUR),
        (NOON + 25 * HOUR, NOON + 28 * HOUR, NOON + 31 * HOUR),
    ]


def test_a_late_and_an_early_run_of_neighbouring_days_are_two_spells_of_a_store_read_every_minute(tmp_path):
    first, second = every(MINUTE, 3), every(MINUTE, 3, NOON + 35 * HOUR)
    assert upgraded(tmp_path / "snapshot.db", first + second) == [
        (NOON, first[-1], first[-1] + LEAST),
        (second[0], second[-1], second[-1] + LEAST),
    ]


def test_the_only_reading_of_a_store_speaks_for_five_minutes(tmp_path):
    assert upgraded(tmp_path / "snapshot.db", [NOON]) == [(NOON, NOON, NOON + LEAST)]


def test_coverage_of_runs_that_were_deleted_after_30_days_stays_and_what_follows_is_cut(tmp_path):
    months = every(HOUR, 24 * 60)
    last = months[-1]
    pruned = [at for at in months if at < last - 30 * DAY]
    outage = [at for at in months if last - 10 * DAY < at < last - 9 * DAY]
    kept = [at for at in months if at not in {*pruned, *outage}]
    assert upgraded(tmp_path / "snapshot.db", kept, pruned) == [
        (NOON, last - 29 * DAY - HOUR, last - 29 * DAY + 2 * HOUR),
        (last - 29 * DAY, last - 10 * DAY, last - 10 * DAY + 3 * HOUR),
        (last - 9 * DAY, last, last + 3 * HOUR),
    ]


def test_a_run_that_read_half_of_what_is_held_is_no_reading(tmp_path):
    path = tmp_path / "snapshot.db"
    with contextlib.closing(Database(path)) as db:
        migrations.apply(db, stop_before="0005_coverage_ends")
        with db.conn:
            db.execute("INSERT INTO store (key, title, model, added_at) VALUES ('main', 'Main', 'overseas', 'x')")
            db.execute("INSERT INTO coverage (store_id, from_at, to_at) VALUES (1, ?, ?)", [to_text(NOON)] * 2)
            write_run(db.conn, NOON)
            write_run(db.conn, NOON + HOUR, rejected_complete=False)
    open_snapshot(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT from_at, until_at FROM coverage").fetchall()
    assert rows == [(to_text(NOON), to_text(NOON + LEAST))]


gaps = st.lists(st.sampled_from([MINUTE, 20 * MINUTE, HOUR, 7 * HOUR, 22 * HOUR, DAY, 30 * HOUR, 3 * DAY]), max_size=9)


@settings(max_examples=examples(60), deadline=None)
@given(gaps)
def test_after_the_upgrade_a_moment_is_covered_if_a_reading_lies_at_most_one_tolerance_before_it(between):
    readings = list(itertools.accumulate(between, initial=NOON))
    tolerance = max(LEAST, min(MOST, 3 * statistics.median(between))) if between else LEAST
    with tempfile.TemporaryDirectory() as folder:
        spells = upgraded(Path(folder) / "snapshot.db", readings)
    second = timedelta(seconds=1)
    for edge in itertools.chain.from_iterable((at, at + tolerance) for at in readings):
        for moment in (edge - second, edge, edge + second):
            covered = any(begun <= moment <= until for begun, _, until in spells)
            assert covered == any(at <= moment <= at + tolerance for at in readings), moment
