from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aexdash.sync import lease

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)

HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from aexdash.sync import lease
with lease.hold(Path(sys.argv[1]), clock=lambda: datetime(2026, 3, 9, 12, tzinfo=UTC), command="sync"):
    print("held", flush=True)
    sys.stdin.read()
"""


def clock() -> datetime:
    return NOW


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "snapshot.lock"


@pytest.fixture
def other(lock: Path) -> object:
    """Another process that holds the lease until it is ended."""
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        if process.poll() is None:
            process.kill()


def test_a_lease_is_held_and_let_go(lock: Path) -> None:
    with lease.hold(lock, clock=clock, command="sync"):
        assert lease.is_held(lock)
        who = lease.holder(lock)
        assert who is not None
        assert (who.pid, who.command, who.since) == (os.getpid(), "sync", NOW)
    assert not lease.is_held(lock)
    assert lease.holder(lock) is None


def test_a_second_writer_is_told_who_the_first_is(lock: Path, other: subprocess.Popen[str]) -> None:
    with pytest.raises(lease.LeaseHeld) as caught, lease.hold(lock, clock=clock, command="worker"):
        pytest.fail("two writers at once")
    assert caught.value.holder is not None
    assert caught.value.holder.pid == other.pid
    assert f"written by sync, process {other.pid} on " in str(caught.value)
    assert "since 2026-03-09 12:00 UTC; wait until it ends, or end it." in str(caught.value)


def test_the_kernel_frees_the_lease_of_a_killed_holder(lock: Path, other: subprocess.Popen[str]) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert lease.holder(lock) is not None  # its note outlived it
    assert not lease.is_held(lock)
    with lease.hold(lock, clock=clock, command="worker"):
        who = lease.holder(lock)
        assert who is not None
        assert who.pid == os.getpid()


def test_a_waiting_writer_says_so_once_and_then_has_it(lock: Path, other: subprocess.Popen[str]) -> None:
    told: list[lease.Holder | None] = []

    def end_the_other(holder: lease.Holder | None) -> None:
        told.append(holder)
        other.kill()

    with lease.hold(lock, clock=clock, command="worker", wait=True, waiting=end_the_other):
        assert lease.is_held(lock)
    assert [holder.pid for holder in told if holder] == [other.pid]


@pytest.mark.usefixtures("other")
def test_a_stop_ends_the_waiting(lock: Path) -> None:
    stop = threading.Event()
    with (
        pytest.raises(lease.LeaseHeld),
        lease.hold(lock, clock=clock, command="worker", wait=True, stop=stop, waiting=lambda _: stop.set()),
    ):
        pytest.fail("two writers at once")


def test_an_error_inside_lets_go(lock: Path) -> None:
    with pytest.raises(ZeroDivisionError), lease.hold(lock, clock=clock, command="sync"):
        raise ZeroDivisionError
    assert not lease.is_held(lock)


def test_a_directory_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    path = tmp_path / "home" / "snapshot.lock"
    with (
        pytest.raises(lease.LeaseNotWritable, match=r"home cannot be written \(.+\): check disk and permissions"),
        lease.hold(path, clock=clock, command="sync"),
    ):
        pytest.fail("nothing could be locked there")


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": 1}', '{"pid": "x", "host": "", "command": "", "since": ""}'])
def test_a_note_that_cannot_be_read_is_nobody(lock: Path, note: str) -> None:
    lock.with_name("snapshot.lock.holder.json").write_text(note)
    assert lease.holder(lock) is None


def test_threads_of_a_worker_hold_it_together_and_the_last_lets_go(tmp_path):
    path = tmp_path / "snapshot.lock"
    together = lease.Shared(lease.writing(path, clock=clock, command="worker"))
    with together():
        with together():
            assert lease.is_held(path)
        assert lease.is_held(path)
    assert not lease.is_held(path)
    with together():
        assert lease.is_held(path)
    assert not lease.is_held(path)
