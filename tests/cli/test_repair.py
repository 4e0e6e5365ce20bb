"""`aexdash repair`, and what the doctor says before and after it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from aexdash.storage.file import with_fold
from tests.cli.bench import NOON, Bench


def damage(bench: Bench, sql: str) -> None:
    with closing(sqlite3.connect(bench.home / "snapshot.db")) as connection, connection:
        with_fold(connection)  # triggers of the snapshot call it
        connection.execute(sql)


def lines_of_doctor(bench: Bench) -> dict[str, str]:
    result = bench.run("doctor")
    lines = [line.split("  ", 1) for line in result.stdout.splitlines()]
    return {rest.strip().split(": ", 1)[0]: f"{word.strip()}: {rest.strip()}" for word, rest in lines}


def test_a_repair_without_a_snapshot_is_one_sentence(bench: Bench) -> None:
    result = bench.run("repair")
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 1)
    assert "There is no snapshot at " in result.stderr


@pytest.mark.slow
def test_a_false_zero_fails_the_sync_is_named_by_the_doctor_and_mended(bench: Bench) -> None:
    bench.sign_in()
    bench.run("sync")
    damage(bench, "UPDATE status_count SET listings = 0 WHERE status = 'rejected'")
    failed = bench.run("sync")
    assert failed.exit_code == 1
    assert "the list accounts for 4, the snapshot has 4 open periods and keeps a count of 0." in failed.output
    line = "listings in a status (store_id 1, status rejected): listings 0 → listings 4"
    said = lines_of_doctor(bench)["kept counts"]
    assert said == (
        f"problem: kept counts: 1 kept rows are not what they are counted to be: {line}. "
        "aexdash repair counts them again; it keeps a copy of the snapshot."
    )
    repaired = bench.run("repair")
    copy = bench.home / "snapshot.before-repair.20260309T120000Z.db"
    assert (repaired.exit_code, copy.exists()) == (0, True)
    assert repaired.stdout.splitlines() == [
        line,
        "12 listings will be compared fact by fact by the next run",
        f"The snapshot as it was before is kept as {copy}.",
    ]
    assert lines_of_doctor(bench)["kept counts"].startswith("ok: ")
    assert bench.run("repair").stdout == "Nothing had to be repaired.\n"
    assert bench.run("sync").stdout.startswith("main: complete. 5 held (4 rejected, 1 in audit), ")


@pytest.mark.slow
def test_a_period_that_ended_by_itself_is_read_again_by_the_run_after_a_repair(bench: Bench) -> None:
    """What the platform said is not kept twice: the repair only sees to it that the next run looks at every listing."""
    bench.sign_in()
    bench.run("sync")
    damage(
        bench,
        "UPDATE status_period SET ended_at = started_at, ended_to = 'active' "
        "WHERE id = (SELECT min(id) FROM status_period WHERE status = 'rejected')",
    )
    assert bench.run("sync").exit_code == 1
    assert lines_of_doctor(bench)["kept counts"].startswith("problem: ")
    bench.run("repair")
    bench.at(NOON + timedelta(minutes=1))
    assert bench.run("sync").stdout.startswith("main: complete. 5 held (4 rejected, 1 in audit), ")


@pytest.mark.slow
def test_moments_ahead_of_the_clock_are_moved_back_only_when_that_is_asked(bench: Bench) -> None:
    bench.at(NOON + timedelta(hours=2))
    bench.sign_in()
    bench.run("sync")
    one = json.loads(bench.run("worklist", "--json").stdout.splitlines()[0])["product_id"]
    assert bench.run("take", one, "--as", "Olga").exit_code == 0
    bench.at(NOON)
    assert "Last reading is stamped 2 h ahead of this clock: age unknown." in bench.run("worklist").stderr
    wrong = lines_of_doctor(bench)["moments"]
    assert wrong.startswith("problem: moments: some are stamped ahead of this machine's clock (main: ")
    assert "desk: " in wrong
    said = bench.run("repair").stdout.splitlines()
    assert (said[0], said[1].startswith("Moments: some are stamped ahead")) == ("Nothing had to be repaired.", True)
    moved = bench.run("repair", "--future-moments").stdout.splitlines()
    assert moved[0].startswith("main: ")
    assert "moments ahead of the clock moved back in their order, the latest from 2026-03-09 14:00:00 to " in moved[0]
    desk = bench.home / "desk.before-repair.20260309T120000Z.db"
    assert moved[-2].startswith(
        "desk: 1 moments ahead of the clock moved back in their order, the latest from 2026-03-09"
    )
    assert moved[-1] == f"The desk as it was before is kept as {desk}."
    assert desk.exists()
    assert lines_of_doctor(bench)["moments"].startswith("ok: ")
    assert bench.run("worklist").stderr.endswith("Read at 2026-03-09 12:00:00 UTC.\n")
