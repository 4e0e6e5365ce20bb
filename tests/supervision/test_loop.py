"""A loop that fails begins again: after growing pauses, said once, counted, and well again by itself."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.log import Line, about
from aexdash.storage.errors import StorageDamaged, StorageNotWritable
from aexdash.supervision import states
from aexdash.supervision.loop import Told, keep_going
from aexdash.supervision.states import LoopBook, LoopRecord, worker_state
from tests.support import NOON, MovedClock

FULL = StorageNotWritable("The disk is full, so the snapshot stays as it was; free some space.")


class Looping:
    """A loop in this thread that does at each step what it was told to: raise an error, or nothing."""

    def __init__(self, *steps: Exception | None) -> None:
        self.clock, self.stop, self.record = MovedClock(), threading.Event(), LoopRecord()
        self.said, self.pauses, self.begun = [], [], 0
        self._steps = iter(steps)

    def run(self, name: str = "alerts", told: Told | None = None) -> Looping:
        keep_going(
            name,
            self.opened,
            self.stop,
            self.record,
            clock=self.clock,
            log=self.said.append,
            told=told,
            pause=self.pause,
        )
        return self

    @contextmanager
    def opened(self):
        self.begun += 1
        yield self.step

    def step(self) -> None:
        try:
            what = next(self._steps)
        except StopIteration:
            self.stop.set()
            return
        if what is not None:
            raise what

    def pause(self, _stop: threading.Event, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.move(seconds=seconds)


def test_the_pause_doubles_from_a_second_to_a_minute_and_what_is_in_the_way_is_said_once():
    loop = Looping(*[FULL] * 9).run()
    assert loop.pauses[:9] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert loop.said == [f"alerts: {FULL}"]
    assert loop.begun == 10
    assert loop.record.state.restarts == 9


def test_a_loop_that_ran_well_for_a_minute_is_well_again_and_says_so():
    loop = Looping(FULL, FULL, *[None] * 61, FULL).run()
    assert loop.said == [f"alerts: {FULL}", "alerts: works again.", f"alerts: {FULL}"]
    assert loop.pauses[:2] == [1, 2]
    assert loop.pauses[-2] == 1, "after a minute without an error the pauses begin anew"


def test_a_loop_that_fails_now_and_then_is_not_well_in_between():
    loop = Looping(FULL, *[None] * 10, FULL, *[None] * 10).run()
    assert loop.record.state.failing_since == NOON
    assert loop.pauses[11] == 2


def test_what_stays_in_the_way_is_said_again_every_hour():
    loop = Looping(*[FULL] * 66).run()
    assert loop.said == [f"alerts: {FULL}"] * 2


def test_an_error_that_nobody_foresaw_is_named_by_its_place_and_tells_no_content():
    loop = Looping(KeyError("secret-token")).run()
    assert loop.said == ["alerts: an error that nobody foresaw (KeyError); it begins again by itself."]
    assert "secret-token" in loop.said[0].trace
    assert loop.said[0].fields == {"loop": "alerts"}
    assert "secret-token" not in loop.record.state.error


def test_an_error_that_comes_when_told_to_stop_ends_the_loop_without_a_word():
    loop = Looping()
    loop.step = lambda: (loop.stop.set(), (_ for _ in ()).throw(FULL))
    loop.run()
    assert (loop.said, loop.begun) == ([], 1)


def test_an_error_that_is_let_through_ends_the_loop():
    loop = Looping(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        keep_going("x", loop.opened, loop.stop, loop.record, clock=loop.clock, log=print, let_through=ZeroDivisionError)


def test_a_loop_cannot_run_after_five_minutes_of_failing_and_hangs_after_half_an_hour_without_a_sign():
    record = LoopRecord()
    record.fails("no", NOON)
    assert not record.state.cannot_run(NOON + states.LONG, states.LONG)
    assert record.state.cannot_run(NOON + states.LONG + timedelta(seconds=1), states.LONG)
    hanging = LoopRecord()
    hanging.alive(NOON)
    assert not hanging.state.hangs(NOON + states.STUCK_AFTER)
    assert hanging.state.hangs(NOON + states.STUCK_AFTER + timedelta(seconds=1))
    hanging.rests(NOON + states.STUCK_AFTER)
    assert not hanging.state.hangs(NOON + timedelta(days=1))


@given(st.lists(st.one_of(st.just("fails"), st.integers(1, 90)), max_size=30))
def test_it_is_failing_from_its_first_failure_until_a_minute_has_passed_without_one(story):
    """Against a plain model: the moments of failures and of steps that went well."""
    record, clock, since, well = LoopRecord(), MovedClock(), None, None
    for event in story:
        if event == "fails":
            record.fails("no", clock())
            since, well = since or clock(), None
        else:
            clock.move(seconds=event)
            record.rests(clock())
            well = well or clock()
            if clock() - well >= timedelta(minutes=1):
                since = None
        assert record.state.failing_since == since


def test_the_file_tells_at_once_when_a_loop_begins_to_fail_and_else_every_ten_seconds(tmp_path):
    book = LoopBook(tmp_path, NOON)
    book.record("alerts")
    book.keep(NOON)
    book.keep(NOON + timedelta(seconds=9))
    assert worker_state(tmp_path).at == NOON
    book.record("alerts").fails("no", NOON)
    book.keep(NOON + timedelta(seconds=9))
    assert worker_state(tmp_path).loops["alerts"].error == "no"
    book.keep(NOON + timedelta(seconds=19))
    assert worker_state(tmp_path).at == NOON + timedelta(seconds=19)


def test_a_home_that_cannot_be_written_is_told_by_a_file_that_grows_old(tmp_path):
    book = LoopBook(tmp_path, NOON)
    book.keep(NOON)
    (tmp_path / "worker.json.part").mkdir()
    book.keep(NOON + timedelta(minutes=2))
    assert worker_state(tmp_path).is_silent(NOON + timedelta(minutes=2))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1, "at": "2026-01-01"}'])
def test_a_file_that_is_none_of_ours_tells_nothing(tmp_path, content):
    (tmp_path / "worker.json").write_text(content)
    assert worker_state(tmp_path) is None


def test_a_line_says_what_it_is_about_and_keeps_what_it_said_itself():
    said = []
    log = about(about(said.append, loop="sync-main"), store="main", run=1)
    log(Line("pulse failed", run=7))
    log("a plain text")
    assert [(line, line.fields) for line in said] == [
        ("pulse failed", {"loop": "sync-main", "store": "main", "run": 7}),
        ("a plain text", {"loop": "sync-main", "store": "main", "run": 1}),
    ]


def test_what_is_in_the_way_of_several_loops_is_told_by_one_of_them_until_it_is_over_there():
    told = Told()
    first = Looping(FULL, FULL).run("alerts", told)
    other = Looping(FULL, RuntimeError("x"), *[None] * 62).run("causes", told)
    assert [line.detail for line in first.said] == [False]
    assert [line.detail for line in other.said] == [True, False, False], "what nobody foresaw is told by each"
    well = Looping(FULL, *[None] * 62).run("alerts", told)
    assert [(str(line), line.detail) for line in well.said] == [
        (f"alerts: {FULL}", False),
        ("alerts: works again.", False),
    ]
    assert [line.detail for line in Looping(FULL).run("feed", told).said] == [False]


def test_a_damaged_file_is_told_by_one_loop_however_each_comes_upon_it():
    """A desk that was damaged while the worker ran gave a line for each way in which SQLite called it damaged."""
    told = Told()
    ways = ("(not a database); move", "or not an aexdash file (malformed); move", "(page 3 is never used); put")
    said = [
        Looping(StorageDamaged(f"The desk d is damaged {way} it.")).run(name, told).said
        for way, name in zip(ways, ("alerts", "causes", "feed"), strict=True)
    ]
    assert [line.detail for lines in said for line in lines if "damaged" in line] == [False, True, True]
    other = Looping(StorageDamaged("The snapshot s is damaged (not a database); move it.")).run("sync", told).said
    assert [line.detail for line in other] == [False]
