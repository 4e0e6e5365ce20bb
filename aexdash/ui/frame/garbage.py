"""Collects cyclic garbage between the runs of the pages, instead of after each of them.

By default Streamlit runs a full collection after each run of a script, which took most of the server's time;
`.streamlit/config.toml` switches that off (`runner.postScriptGC`). Here imported objects are frozen (`gc.freeze`),
because they live as long as the process, and the rest is collected once a minute, when no script runs. Python's own
collector stays on: it does the work while scripts run all the time.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aexdash.storage import one_state

LOOK_SECONDS = 0.25
"""Seconds between two looks for a moment without a running script, once a collection is due."""

EVERY_SECONDS = 60.0
"""The least time between two collections."""

SHARE = 0.01
"""The largest share of time that collections may take: after a long one the next comes later."""

ANEW_SECONDS = 3600.0
"""Seconds between two collections of the frozen objects too, in case some have become garbage."""

SCRIPT_THREAD = "ScriptRunner.scriptThread"
"""The name of the thread in which Streamlit runs a script; the thread ends with the run."""


def a_script_runs() -> bool:
    """Whether Streamlit is running a page, or a part of one, for anybody."""
    return any(thread.name == SCRIPT_THREAD for thread in threading.enumerate())


class Collector:
    """Collects garbage while no script runs; `clock` and `timer` count seconds.

    A collection does not begin while a script runs, sooner than `EVERY_SECONDS` after the last one, or when Python's
    own collector has not run since. A script that starts during one waits for its end; `pause` is how long the last
    one took, in seconds.
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
        """Collect if it is due and no script runs; return whether a collection ran."""
        if self.seconds_left() > 0 or self._made == _collections() or self._runs():
            return False
        begun = self._timer()
        self._collect()
        self.pause = self._timer() - begun
        self._due = self._clock() + max(EVERY_SECONDS, self.pause / SHARE)
        self._made = _collections()
        return True

    def seconds_left(self) -> float:
        """Seconds until the next collection is due; 0 or less when it is due now."""
        return self._due - self._clock()

    def _collect(self) -> None:
        """Collect; freeze what is left when modules were imported since, or an hour after the last freeze."""
        if len(sys.modules) == self._modules and self._clock() < self._anew:
            gc.collect()
            return
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._modules, self._anew = len(sys.modules), self._clock() + ANEW_SECONDS


def _collections() -> int:
    """How many collections there have been, Python's own included; a higher number means objects were made since."""
    return sum(generation["collections"] for generation in gc.get_stats())


@contextmanager
def collecting() -> Iterator[None]:
    """Freeze what is loaded, and collect in a background thread until the block ends."""
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
        one_state.close_idle()
