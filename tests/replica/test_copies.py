"""Copies on another machine, with real parts: each part is killed, and no copy says more than it knows.

A worker reads a simulated AliExpress and has Litestream replicate; `aexdash follow` keeps copies in another home.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from aexdash.clock import system_clock
from aexdash.config.settings import load_settings
from aexdash.desk.decisions.work import Desk
from aexdash.model import Status
from aexdash.replica.litestream import LitestreamMissing, program
from aexdash.snapshot.beacon import BEHIND_AFTER
from aexdash.snapshot.file import reading
from aexdash.storage.errors import StorageUnreadable
from aexdash.storage.replicas import AT_REST
from aexdash.supervision.readiness import not_ready
from aexdash.view import View
from aexdash.words.statements import current_line, facts, read_words
from tests.replica.machines import LONGEST_WAIT, WRITER, listing, lives, machines, until

try:
    program()
except LitestreamMissing as missing:
    pytest.skip(str(missing), allow_module_level=True)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def two(tmp_path):
    with machines(tmp_path) as (made, world):
        yield made, world


def reject(world, number: int) -> None:
    """Let AliExpress reject one listing more."""
    world.put(listing(number, Status.REJECTED, system_clock()))


def test_what_the_worker_reads_and_people_decide_is_on_the_copy_and_says_how_far_behind_that_is(two):
    made, world = two
    made.work()
    made.follow()
    until(lambda: made.held() == 3)
    reject(world, 50)
    until(lambda: made.held() == 4)
    (first, *_) = made.copy.rows(View())
    Desk(made.worker_home / "desk.db").set_note("main", [first.product_id], "seen", by="Ana", now=system_clock())
    until(lambda: any(row.note == "seen" for row in made.copy.rows(View())))
    reach = made.copy.hero(View()).reach
    assert reach.copy_behind < BEHIND_AFTER
    assert "replica " in read_words(reach)
    assert " behind" in current_line(reach, made.copy.freshness(None, system_clock(), lambda _: 300), system_clock())
    assert facts(reach)["replica_behind_seconds"] <= BEHIND_AFTER.total_seconds()
    listed = subprocess.run(
        [sys.executable, "-m", "aexdash", "worklist", "--home", str(made.home)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(r"Replica \d+ s behind\.", listed.stderr)
    told = {one.what for one in not_ready(load_settings(made.home), system_clock())}
    assert told <= {"disk"}


def test_nothing_is_written_on_a_machine_that_follows(two):
    made, _ = two
    made.work()
    made.follow()
    until(lambda: made.held() == 3)
    until((made.home / "desk.db").exists)
    (first, *_) = made.copy.rows(View())
    for words in (["take", str(first.product_id), "--as", "Ana"], ["sync"], ["restore"], ["repair", "--new-desk"]):
        ran = subprocess.run(
            [sys.executable, "-m", "aexdash", words[0], "--home", str(made.home), *words[1:]],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode in (1, 2), words
        assert WRITER in ran.stderr or "backup" in ran.stderr, f"{words}: {ran.stderr}"
        assert "Traceback" not in ran.stderr
    assert made.held() == 3


def test_a_killed_follower_leaves_no_half_file_to_read_and_begins_again_by_a_fresh_restore(two):
    made, world = two
    made.work()
    follower = made.follow()
    until(lambda: made.held() == 3 and len(follower.litestreams) == 2)
    left = follower.litestreams
    follower.kill()
    until(lambda: not any(map(lives, left)))
    with pytest.raises(StorageUnreadable, match="may be half-written"), reading(made.home / "snapshot.db"):
        pass
    reject(world, 50)
    made.follow()
    until(lambda: made.held() == 4)
    until(lambda: len(list((made.home / "following").glob("snapshot-*"))) == 1)  # the old copy is cleared away


def test_a_follower_that_is_told_to_end_leaves_a_whole_copy_which_ages(two):
    made, _ = two
    made.work()
    follower = made.follow()
    until(lambda: made.held() == 3)
    assert follower.end() == 0
    assert (made.home / "snapshot.db").resolve().with_name(AT_REST).exists()
    assert made.held() == 3
    later = system_clock() + timedelta(minutes=2)
    told = {one.what: one.why for one in not_ready(load_settings(made.home), later)}
    assert told["worker"] == "aexdash follow is not running."
    assert "s behind https://desk.example.com." in told["replica"]


def test_a_follower_whose_litestream_is_killed_restores_anew_by_itself(two):
    made, world = two
    made.work()
    follower = made.follow()
    until(lambda: made.held() == 3 and len(follower.litestreams) == 2)
    before = (made.home / "snapshot.db").resolve()
    for pid in follower.litestreams:
        os.kill(pid, signal.SIGKILL)
    reject(world, 50)
    until(lambda: made.held() == 4)
    assert (made.home / "snapshot.db").resolve() != before
    until(lambda: made.restarts() >= 1)
    assert lives(follower.pid)


def test_a_killed_worker_takes_its_litestream_along_and_the_copy_goes_on_with_the_next_one(two):
    made, world = two
    worker = made.work()
    made.follow()
    until(lambda: made.held() == 3)
    (left,) = worker.litestreams
    worker.kill()
    until(lambda: not lives(left))
    assert made.held() == 3, "what was read stays readable"
    reject(world, 50)
    made.work()
    until(lambda: made.held() == 4)


def test_a_worker_whose_litestream_is_killed_begins_it_again(two):
    made, world = two
    worker = made.work()
    made.follow()
    until(lambda: made.held() == 3 and worker.litestreams)
    (before,) = worker.litestreams
    os.kill(before, signal.SIGKILL)
    until(lambda: worker.litestreams not in ([], [before]))
    reject(world, 50)
    until(lambda: made.held() == 4)


def test_a_change_that_is_missing_in_the_replica_is_never_skipped(two):
    """A reader keeps the copy from being patched while changes come, and one of them is deleted in the replica.

    The machine with the worker sends it again: it looks every half minute whether something is missing.
    """
    made, world = two
    made.work()
    made.follow()
    until(lambda: made.held() == 3)
    changes = made.replica / "snapshot" / "ltx" / "0"
    with reading(made.home / "snapshot.db") as connection:
        known = set(changes.iterdir())
        for number in (50, 51, 52):
            reject(world, number)
        until(lambda: len(set(changes.iterdir()) - known) >= 3)
        (*_, lost, _) = sorted(set(changes.iterdir()) - known)
        lost.unlink()
        assert connection.execute("SELECT count(*) FROM status_period WHERE status = 'rejected'").fetchone() == (3,)
    until(lambda: made.held() == 6, within=2 * LONGEST_WAIT)
    with contextlib.closing(made.copy.rows(View())) as rows:
        assert len(list(rows)) == 6


def test_a_replica_that_is_gone_is_told_and_the_copy_stays(two):
    made, _ = two
    worker = made.work()
    made.follow()
    until(lambda: made.held() == 3)
    worker.kill()
    shutil.rmtree(made.replica)
    ran = subprocess.run(
        [sys.executable, "-m", "aexdash", "doctor", "--home", str(made.home)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "problem  replica: it has no snapshot yet." in ran.stdout
    assert made.held() == 3


def test_a_file_of_its_own_is_never_replaced_by_a_copy(two):
    made, _ = two
    (made.home / "desk.db").write_text("people's")
    assert made.follow().wait() == 1
    assert (made.home / "desk.db").read_text() == "people's"
