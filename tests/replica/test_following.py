"""One copy and what looks after it, in this process: only a whole file is put in place, and none stands still."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack
from datetime import timedelta

import pytest

from aexdash.config.settings import load_settings
from aexdash.replica import following, litestream
from aexdash.replica.following import originals
from aexdash.replica.litestream import LitestreamMissing, ReplicaError, program
from aexdash.replica.replicating import replicating
from aexdash.snapshot import beacon
from aexdash.storage.errors import StorageTooNew
from aexdash.storage.replicas import is_replica, writer_of
from tests.replica.churn import homes
from tests.replica.machines import children_of, until
from tests.snapshot.store import NOON, REJECTED, Store
from tests.support import MovedClock

try:
    program()
except LitestreamMissing as missing:
    pytest.skip(str(missing), allow_module_level=True)

pytestmark = pytest.mark.slow


@pytest.fixture
def two(tmp_path):
    """The settings of a machine whose snapshot is replicated, and of one that may follow it."""
    writer, follower = homes(tmp_path)
    store = Store(writer)
    store.sweep({1: REJECTED})
    store.db.close()
    with replicating(load_settings(writer), MovedClock()):
        settings = load_settings(writer)
        config = litestream.write_config(settings)
        until(lambda: litestream.is_there(config, settings.snapshot_path))
        yield settings, load_settings(follower)


def test_a_copy_that_stands_still_though_the_replica_has_more_is_given_up_and_a_slow_one_is_not(two):
    writer, follower = two
    snapshot, _ = originals(follower)
    clock = MovedClock()
    before = set(children_of(os.getpid()))
    with ExitStack() as opened:
        step = opened.enter_context(following.following(follower, snapshot, threading.Event(), clock))
        assert is_replica(follower.snapshot_path)
        assert writer_of(follower.snapshot_path) == "https://desk.example.com"
        (patching,) = set(children_of(os.getpid())) - before
        os.kill(patching, signal.SIGSTOP)
        newest = litestream.newest(litestream.write_config(follower), snapshot.path)
        beacon.write(writer.snapshot_path, NOON + timedelta(seconds=10))  # the same again would be no change
        until(lambda: litestream.newest(litestream.write_config(follower), snapshot.path) > newest)
        for _ in range(2):
            clock.move(seconds=31)
            step()
        clock.move(seconds=31)
        with pytest.raises(ReplicaError, match="stands still though the replica has more"):
            step()
        os.kill(patching, signal.SIGCONT)
        copy = snapshot.path.resolve()
        until(lambda: litestream.applied(copy) > newest)
        clock.move(seconds=31)
        step()


def test_a_copy_of_a_replica_that_was_begun_anew_is_given_up(two):
    """Else changes of the new one would be patched into it, as soon as their numbers have come up to its own."""
    _, follower = two
    snapshot, _ = originals(follower)
    clock = MovedClock()
    with following.following(follower, snapshot, threading.Event(), clock) as step:
        copy = snapshot.path.resolve()
        copy.with_name(f"{copy.name}-txid").write_text(f"{litestream.applied(copy) + 7:016x}\n")
        clock.move(seconds=31)
        with pytest.raises(ReplicaError, match="The replica of the snapshot was begun anew"):
            step()


def test_the_copy_of_before_stays_for_who_has_just_looked_up_where_it_lies(two):
    """It was taken away with the same breath, and a page that was about to open it said that there is no snapshot."""
    _, follower = two
    snapshot, _ = originals(follower)
    clock = MovedClock()
    with following.following(follower, snapshot, threading.Event(), clock):
        looked_up = snapshot.path.resolve()
    clock.move(seconds=60)
    with following.following(follower, snapshot, threading.Event(), clock) as step:
        assert snapshot.path.resolve() != looked_up
        clock.move(seconds=4)
        step()
        assert looked_up.exists()
        clock.move(seconds=1)
        step()
        assert not looked_up.exists()
        assert snapshot.path.exists()


def test_what_a_newer_version_wrote_is_not_put_in_place(two):
    writer, follower = two
    store = Store(writer.home)
    with store.db.conn:
        store.db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'aexdash-snapshot', '9999_later', '')")
    store.db.close()
    config = litestream.write_config(writer)
    until(lambda: litestream.newest(config, writer.snapshot_path) > 1)
    snapshot, _ = originals(follower)
    with (
        pytest.raises(StorageTooNew, match="newer version of aexdash"),
        following.following(follower, snapshot, threading.Event(), MovedClock()),
    ):
        pass
    assert not follower.snapshot_path.exists()


def test_a_link_of_somebodys_own_is_not_taken_for_a_copy(two):
    writer, follower = two
    follower.desk_path.symlink_to(writer.snapshot_path)
    with pytest.raises(ReplicaError, match="a file of this machine's own"):
        following.refuse_own_files(follower)
