"""When garbage is collected: between the runs of the pages, seldom, and all of it in the end."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import tomllib
import types
import weakref
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aexdash.ui.frame.garbage import ANEW_SECONDS, EVERY_SECONDS, SHARE, Collector, a_script_runs, collecting

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


class Node:
    """Something that only the collector can free: it knows itself."""

    def __init__(self) -> None:
        self.itself = self


def cycle() -> weakref.ref[Node]:
    """Make garbage; the small collection before it is what tells ours that something was made."""
    gc.collect(0)
    return weakref.ref(Node())


class Seconds:
    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module", autouse=True)
def other_tests_leave_no_garbage():
    """And set aside afterwards what tests/conftest.py had set aside before."""
    gc.collect()
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def python_collects_nothing():
    """Python's own collector is off, so that what was freed was freed by ours; nothing stays set aside."""
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


def test_garbage_is_collected_once_a_minute(clock):
    collector = Collector(runs=lambda: False, clock=clock, timer=clock)
    assert collector.look()
    garbage = cycle()
    clock.now = EVERY_SECONDS - 1
    assert not collector.look()
    assert garbage() is not None
    clock.now = EVERY_SECONDS
    assert collector.look()
    assert garbage() is None


def test_no_collection_begins_while_a_script_runs(clock):
    running = True
    collector = Collector(runs=lambda: running, clock=clock)
    garbage = cycle()
    clock.now = 100 * EVERY_SECONDS
    assert not collector.look()
    assert garbage() is not None
    running = False
    assert collector.look()
    assert garbage() is None


def test_where_nothing_was_made_nothing_is_walked(clock):
    collector = Collector(runs=lambda: False, clock=clock, timer=clock)
    assert collector.look()
    clock.now = EVERY_SECONDS
    assert not collector.look()


def test_a_long_collection_puts_the_next_one_off(clock):
    ticks = iter((0.0, 3.0))
    collector = Collector(runs=lambda: False, clock=clock, timer=lambda: next(ticks))
    assert collector.look()
    assert collector.pause == 3.0
    assert collector.seconds_left() == 3.0 / SHARE
    assert collector.seconds_left() > EVERY_SECONDS


def test_what_is_loaded_is_set_aside_and_what_comes_later_is_too(clock, monkeypatch):
    collector = Collector(runs=lambda: False, clock=clock, timer=clock)
    collector.look()
    aside = gc.get_freeze_count()
    assert aside > 10_000
    later = [Node() for _ in range(500)]
    cycle()
    clock.now += EVERY_SECONDS
    assert collector.look()
    assert gc.get_freeze_count() == pytest.approx(aside, abs=250)  # the same modules: nothing more is set aside
    monkeypatch.setitem(sys.modules, "a_page_seen_for_the_first_time", types.ModuleType("a_page"))
    cycle()
    clock.now += EVERY_SECONDS
    assert collector.look()
    assert gc.get_freeze_count() >= aside + len(later) - 250


def test_garbage_that_was_set_aside_is_found_within_the_hour(clock):
    collector = Collector(runs=lambda: False, clock=clock, timer=clock)
    one = Node()
    garbage = weakref.ref(one)
    collector.look()
    del one
    cycle()
    clock.now = EVERY_SECONDS
    assert collector.look()
    assert garbage() is not None
    cycle()
    clock.now = ANEW_SECONDS
    assert collector.look()
    assert garbage() is None


def test_a_run_of_streamlit_is_seen_as_one():
    def script():
        import streamlit as st  # noqa: PLC0415 - Streamlit takes the body alone

        from aexdash.ui.frame.garbage import a_script_runs  # noqa: PLC0415

        st.text(str(a_script_runs()))

    assert AppTest.from_function(script).run().text[0].value == "True"
    assert not a_script_runs()


def test_the_thread_ends_with_the_server():
    with collecting():
        assert "garbage" in {thread.name for thread in threading.enumerate()}
        assert gc.get_freeze_count() > 0
    assert "garbage" not in {thread.name for thread in threading.enumerate()}


def test_streamlit_is_told_to_leave_it_to_us():
    """The option is a hidden one: a Streamlit that knows it no more would say so in a warning."""
    assert tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["runner"]["postScriptGC"] is False
    asked = "from streamlit import config; print(config.get_option('runner.postScriptGC'))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")
