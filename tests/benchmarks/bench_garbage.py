"""Garbage collected between the runs beside after each run: `python -m tests.benchmarks garbage`.

The same home is served twice: as we serve it, and as Streamlit would, which collects all garbage after each run and
sets nothing aside. Measured in turn, A B A B, by the viewers of `bench_viewers`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from aexdash.clock import CLOCK_FILE_VARIABLE
from tests.benchmarks.bench_viewers import NAMES, PAGES, click_a_chip, cost, left_alone, open_pages, run_again
from tests.benchmarks.common import Bench, Figure, bare, middle, ratios, report, spread
from tests.benchmarks.viewer import Viewer, all_at_once

APP = """
import streamlit as st

from aexdash.ui.doors.routes import routes

app = st.App({shell!r}, routes=routes())
"""
SHELL = Path(__file__).resolve().parents[2] / "aexdash" / "ui" / "frame" / "shell.py"

Measure = Callable[[list[Viewer], int], float]


@contextlib.contextmanager
def left_to_streamlit(folder: Path, home: Path) -> Iterator[tuple[str, int]]:
    """Serve the pages of a home without our collector and with Streamlit's."""
    with bare(
        folder,
        APP.format(shell=str(SHELL)),
        STREAMLIT_RUNNER_POST_SCRIPT_GC="true",
        AEXDASH_HOME=str(home),
        PYTHONPATH=str(SHELL.parents[3]),
        **{CLOCK_FILE_VARIABLE: str(home / "now")},
    ) as (url, pid):
        yield url, pid


def figures(bench: Bench) -> Iterator[Figure]:
    """A run, ten viewers, an idle page: collected after each run -> between the runs."""
    size, many = bench.size, bench.size.viewers
    with bench.app() as after, left_to_streamlit(bench.fresh("streamlit"), bench.app_home) as before:

        def compared(what: str, page: str, viewers: int, unit: str, measure: Measure) -> Figure:
            old, new = [], []
            with open_pages(before[0], page, viewers) as some, open_pages(after[0], page, viewers) as others:
                for _ in range(size.few_rounds):
                    old.append(measure(some, before[1]))
                    new.append(measure(others, after[1]))
            reached = f"{middle(old):.1f} -> {middle(new):.1f} {unit} = {spread(ratios(new, old), 'x', 2)}"
            return Figure(what, "", reached)

        for page in PAGES:
            what = f"(q) {NAMES[page]} run again, server's processor"
            yield compared(what, page, 1, "ms", lambda some, pid: cost(some[0], pid, run_again, size.runs))
        for page, act in (("worklist", click_a_chip), ("", run_again)):
            what = f"    {many} viewers, {NAMES[page]}: runs a second"
            yield compared(what, page, many, "/s", lambda some, _, act=act: all_at_once(some, act, size.seconds))
        what = f"    {many} idle pages, share of a core"
        yield compared(what, "worklist", many, "%", lambda some, pid: left_alone(some, pid, size.seconds))


if __name__ == "__main__":
    report(figures)
