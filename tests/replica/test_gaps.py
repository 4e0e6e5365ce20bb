"""A change that is missing in the replica: it is found wherever it is, and what is behind it can be restored again."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.config.settings import load_settings
from aexdash.replica import litestream
from aexdash.replica.gaps import Gap, find_gap, first_gap
from aexdash.replica.litestream import Changes, LitestreamMissing, ReplicaError, program
from aexdash.replica.replicating import LOOK_EVERY, replicating
from aexdash.snapshot import beacon
from tests.replica.machines import until
from tests.support import MovedClock

try:
    program()
except LitestreamMissing as missing:
    pytest.skip(str(missing), allow_module_level=True)

SPANS = st.tuples(st.integers(1, 30), st.integers(0, 8)).map(lambda one: (one[0], one[0] + one[1]))


@given(st.lists(st.tuples(st.sampled_from([0, 1, 2]), SPANS)), st.none() | st.integers(1, 30))
def test_a_gap_is_the_first_number_behind_the_newest_snapshot_that_nothing_has(files, snapshot):
    listed = [Changes(level, first, last) for level, (first, last) in files]
    listed += [Changes(9, 1, snapshot)] if snapshot else []
    there = {number for one in listed for number in range(one.first, one.last + 1)}
    missing = [number for number in range((snapshot or 0) + 1, max(there, default=0)) if number not in there]
    gap = first_gap(listed)
    assert (gap.first if gap else None) == (missing[0] if missing else None)
    if gap:
        assert not there & set(range(gap.first, gap.last + 1))
        assert gap.last + 1 in there


def test_a_gap_is_told_as_one_change_or_several():
    assert (str(Gap(4, 4)), str(Gap(4, 6))) == ("change 4", "changes 4 to 6")


def newest(home) -> int:
    return litestream.newest(home / litestream.CONFIG, home / "snapshot.db")


def changed(home, clock) -> None:
    """Change the snapshot, and wait until the replica has that."""
    before = newest(home)
    clock.move(seconds=1)
    beacon.write(home / "snapshot.db", clock())
    until(lambda: newest(home) > before)


def lose_a_change(home, clock) -> Path:
    """Take one out of the replica that was not joined with others, and is followed by another; return where it was.

    Every half minute those that are there are joined; one of three attempts a second apart is not across that moment.
    """
    while True:
        for _ in range(3):
            changed(home, clock)
        one = home / f"replica/snapshot/ltx/0/{newest(home) - 1:016x}-{newest(home) - 1:016x}.ltx"
        one.unlink()
        if find_gap(home / litestream.CONFIG, home / "snapshot.db"):
            return one


def restored(home) -> str:
    """Restore the replica into a file of its own; return the error, or nothing."""
    target = home / "restored.db"
    for path in home.glob("restored.db*"):
        path.unlink()
    config, original = str(home / litestream.CONFIG), str(home / "snapshot.db")
    asked = [program(), "restore", "-no-expand-env", "-config", config, "-o", str(target), original]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stderr


def looked(clock, step) -> None:
    clock.move(seconds=LOOK_EVERY.total_seconds())
    step()


@pytest.mark.slow
def test_a_change_that_was_lost_is_sent_again(home):
    clock = MovedClock()
    with replicating(load_settings(home), clock) as step:
        until(lambda: newest(home))
        lost = lose_a_change(home, clock)
        assert "non-contiguous" in restored(home)
        with pytest.raises(ReplicaError, match=r"The replica lost change \d+ of the snapshot; it is sent again"):
            looked(clock, step)
    with replicating(load_settings(home), clock) as step:
        assert lost.exists()
        assert restored(home) == ""
        looked(clock, step)


@pytest.mark.slow
def test_where_a_lost_change_is_nowhere_any_more_a_whole_snapshot_takes_its_place(home):
    clock = MovedClock()
    with replicating(load_settings(home), clock) as step:
        until(lambda: newest(home))
        lost = lose_a_change(home, clock)
        (home / f".snapshot.db-litestream/ltx/0/{lost.name}").unlink()
        with pytest.raises(ReplicaError, match="The replica lost change"):
            looked(clock, step)
    with replicating(load_settings(home), clock) as step:
        until(lambda: not find_gap(home / litestream.CONFIG, home / "snapshot.db"))
        assert restored(home) == ""
        assert '"interval"' in (home / litestream.CONFIG).read_text()
        looked(clock, step)
        assert '"interval"' not in (home / litestream.CONFIG).read_text(), "once is enough"
        changed(home, clock)
    assert restored(home) == ""


@pytest.mark.slow
def test_a_replica_that_was_emptied_is_begun_anew(home):
    clock = MovedClock()
    with replicating(load_settings(home), clock):
        until(lambda: newest(home))
        changed(home, clock)
    shutil.rmtree(home / "replica")
    (oldest, *_) = sorted((home / ".snapshot.db-litestream/ltx/0").iterdir())
    oldest.unlink()  # as it is after five minutes

    def told(step) -> str:
        with pytest.raises(ReplicaError) as raised:
            until(step)
        return str(raised.value)

    with replicating(load_settings(home), clock) as step:
        assert told(step).startswith("Litestream lacks changes to snapshot.db that it has to send;")
    with replicating(load_settings(home), clock) as step:
        until(lambda: newest(home))
        assert restored(home) == ""
        step()
