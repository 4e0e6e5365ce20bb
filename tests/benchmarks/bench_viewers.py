"""What people cost who have pages open: `python -m tests.benchmarks viewers`.

Viewers speak Streamlit's messages over its web socket (`viewer.py`), from a process of their own on the same machine.
Beside ours stands a page of one heading, served by Streamlit with the same settings, in turn, A B A B; and one of as
many lines of text as ours has elements: what is above that is ours, what is above the heading alone is Streamlit's.

- *A run*: the processor time that the server takes when one viewer lets a page run again, or clicks a chip of the
  worklist, which runs the worklist alone.
- *Runs a second*: ten viewers at once, each doing the next thing as soon as the last is answered.
- *An idle page*: ten pages open that nobody touches; each asks for news as its script does. The worker sleeps.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from tests.benchmarks.common import (
    EMPTY,
    PLAIN,
    Bench,
    Figure,
    beside,
    middle,
    processor_seconds,
    ratios,
    report,
    spread,
)
from tests.benchmarks.viewer import Viewer, all_at_once

FAMILIES = "filter-family"
PAGES = ("worklist", "", "history")
NAMES = {"worklist": "worklist", "": "overview", "history": "history"}
MOST_TIMES = {"worklist": 2.5, "": 4.0, "history": 5.0}
LEAST_A_SECOND = {"worklist": 40, "": 25}
MOST_IDLE = 0.2

Act = Callable[[Viewer], None]


def run_again(viewer: Viewer) -> None:
    """Let the page run again whole."""
    viewer.run()


def click_a_chip(viewer: Viewer) -> None:
    """Choose a family of reasons of the worklist, or take it off again."""
    viewer.click(FAMILIES)


def figures(bench: Bench) -> Iterator[Figure]:
    """One viewer, ten at once, ten who do nothing."""
    size = bench.size
    with (
        bench.app() as (url, pid),
        bench.bare("empty", EMPTY) as (floor, floor_pid),
        bench.bare("plain", PLAIN) as (lines, lines_pid),
    ):
        for page in PAGES:
            ours, empty, plain = [], [], []
            with open_pages(url, page, 1) as (one,), open_pages(floor, "", 1) as (other,):
                elements = one.elements
                with open_pages(lines, "", 1, f"elements={elements}") as (third,):
                    for _ in range(size.few_rounds):
                        ours.append(cost(one, pid, run_again, size.runs))
                        empty.append(cost(other, floor_pid, run_again, size.runs))
                        plain.append(cost(third, lines_pid, run_again, size.runs))
            yield beside(f"(n) {NAMES[page]} run again, server's processor", ours, empty, "ms", MOST_TIMES[page])
            yield beside(f"    {elements} lines of text run again, beside the heading", plain, empty, "ms")
            yield beside(f"    {NAMES[page]} beside as many lines of text", ours, plain, "ms")
        yield chip_cost(url, pid, floor, floor_pid, bench)
        for page, act in (("worklist", click_a_chip), ("", run_again), ("history", run_again)):
            yield at_once(url, floor, page, act, bench)
        yield from idle(url, pid, floor, floor_pid, bench)


@contextlib.contextmanager
def open_pages(url: str, page: str, number: int, query: str = "") -> Iterator[list[Viewer]]:
    """So many viewers of one page, warmed up."""
    viewers = [Viewer(url, page, seed, query=query) for seed in range(number)]
    for viewer in viewers:
        viewer.run()
    try:
        yield viewers
    finally:
        for viewer in viewers:
            viewer.close()


def cost(viewer: Viewer, pid: int, act: Act, times: int) -> float:
    """The milliseconds of the server's processor that one act costs, out of many."""
    before = processor_seconds(pid)
    for _ in range(times):
        act(viewer)
    return (processor_seconds(pid) - before) / times * 1000


def chip_cost(url: str, pid: int, floor: str, floor_pid: int, bench: Bench) -> Figure:
    """A chip of the worklist clicked, beside the empty page run again."""
    ours, empty = [], []
    with open_pages(url, "worklist", 1) as one, open_pages(floor, "", 1) as other:
        for _ in range(bench.size.few_rounds):
            ours.append(cost(one[0], pid, click_a_chip, bench.size.runs))
            empty.append(cost(other[0], floor_pid, run_again, bench.size.runs))
    return beside("    a chip of the worklist clicked", ours, empty, "ms")


def at_once(url: str, floor: str, page: str, act: Act, bench: Bench) -> Figure:
    """Runs a second with every viewer busy, beside the empty page."""
    ours, empty = [], []
    number, seconds = bench.size.viewers, bench.size.seconds
    with open_pages(url, page, number) as some, open_pages(floor, "", number) as others:
        for _ in range(bench.size.few_rounds):
            ours.append(all_at_once(some, act, seconds))
            empty.append(all_at_once(others, run_again, seconds))
    what = f"(o) {number} viewers, {NAMES[page]}: runs a second (of the empty page)"
    least = LEAST_A_SECOND.get(page)
    share = spread([100 * one for one in ratios(ours, empty)], "%")
    met = None if least is None else middle(ours) >= least
    return Figure(what, f">= {least}" if least else "", f"{spread(ours, '/s', 1)}, {share}", met)


def idle(url: str, pid: int, floor: str, floor_pid: int, bench: Bench) -> Iterator[Figure]:
    """The share of a core that one page takes which nobody touches, beside the empty page."""
    number, seconds, ours, empty = bench.size.viewers, bench.size.seconds, [], []
    with open_pages(url, "worklist", number) as some, open_pages(floor, "", number) as others:
        for _ in range(bench.size.few_rounds):
            ours.append(left_alone(some, pid, seconds) / number)
            empty.append(left_alone(others, floor_pid, seconds) / number)
    yield Figure(
        "(p) an idle page, share of a core", f"<= {MOST_IDLE} %", spread(ours, "%", 2), middle(ours) <= MOST_IDLE
    )
    yield Figure("    an idle empty page", "", spread(empty, "%", 2))


def left_alone(viewers: list[Viewer], pid: int, seconds: float) -> float:
    """Leave the pages open for so many seconds; return the share of a core that the server took, in percent."""
    stop = threading.Event()
    threads = [threading.Thread(target=viewer.watch, args=(stop,)) for viewer in viewers]
    for thread in threads:
        thread.start()
    before, begun = processor_seconds(pid), time.monotonic()
    stop.wait(seconds)
    share = (processor_seconds(pid) - before) / (time.monotonic() - begun) * 100
    stop.set()
    for thread in threads:
        thread.join()
    return share


if __name__ == "__main__":
    report(figures)
