"""Collects cyclic garbage between the runs of the pages, instead of after each of them.

Left alone, Streamlit walks every object of the process after each run of a script, which took most of the server's
time; `.streamlit/config.toml` switches that off (`runner.postScriptGC`). Here what was imported is set aside, because
it lives as long as the process, and the rest is walked once a minute, when no script runs. Python's own collector stays
on: it does the work while the server is never quiet.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK_SECONDS = 0.25
"""How often the thread looks for a quiet moment once a collection is due."""

EVERY_SECONDS = 60.0
SHARE = 0.01
"""The most of the time that collections may take: a long one puts the next one off for longer."""

ANEW_SECONDS = 3600.0
"""How often what was set aside is walked too, in case something of it has become garbage."""

SCRIPT_THREAD = "ScriptRunner.scriptThread"
"""What Streamlit calls the thread in which it runs a script; the thread ends with the run."""


def a_script_runs() -> bool:
    """Whether Streamlit is running a page, or a part of one, for anybody."""
    return any(thread.name == SCRIPT_THREAD for thread in threading.enumerate())


class Collector:
    """Collects garbage in quiet moments; `clock` and `timer` count seconds.

    None of its collections begins while a script runs, sooner than `EVERY_SECONDS` after the last one, or when nothing
    was made since. A run that is asked for while one goes on waits for its end; `pause` is how long the last one took,
    in seconds.
    """

    def __init__(
        self,
        runs: Callable[[], bool] = a_script_runs,
        clock: Callable[[], float] = time.monotonic,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.pause = 0.0
        self._runs, self._clock, self._timer = runs, clock, timer
        self._due = self._anew = clock()
        self._modules = self._made = 0

    def look(self) -> bool:
        """Collect if it is time to and nobody is kept waiting; answer whether it was done."""
        if self.seconds_left() > 0 or self._made == _collections() or self._runs():
            return False
        begun = self._timer()
        self._collect()
        self.pause = self._timer() - begun
        self._due = self._clock() + max(EVERY_SECONDS, self.pause / SHARE)
        self._made = _collections()
        return True

    def seconds_left(self) -> float:
        """How long until the next collection is due, in seconds; none or less when it is."""
        return self._due - self._clock()

    def _collect(self) -> None:
        """Collect; set aside what is left when modules have come since, or when that is long ago."""
        if len(sys.modules) == self._modules and self._clock() < self._anew:
            gc.collect()
            return
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._modules, self._anew = len(sys.modules), self._clock() + ANEW_SECONDS


def _collections() -> int:
    """How many collections there have been, Python's own too: it begins one whenever some hundred objects were made."""
    return sum(generation["collections"] for generation in gc.get_stats())


@contextmanager
def collecting() -> Iterator[None]:
    """Set aside what is loaded, and collect in a thread of its own until the block ends."""
    collector, stop = Collector(), threading.Event()
    collector.look()
    thread = threading.Thread(target=_keep_collecting, args=(collector, stop), name="garbage", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_collecting(collector: Collector, stop: threading.Event) -> None:
    while not stop.wait(max(LOOK_SECONDS, collector.seconds_left())):
        collector.look()
