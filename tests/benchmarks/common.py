"""What the benchmarks share: the large snapshot, servers on free ports, a browser, and figures for one table."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from aexdash.cli import serve
from aexdash.clock import CLOCK_FILE_VARIABLE, to_text
from aexdash.snapshot.file import open_snapshot
from tests.benchmarks.synthetic import NOW, STORE_KEY, build
from tests.browser.stage import FLAGS, find_browser, wait_until_up

FOLDER_VARIABLE = "AEXDASH_BENCH_FOLDER"
PATIENCE_MS = 60_000


class Skipped(Exception):
    """A part cannot be measured here, and why; nothing is broken."""


@dataclass(frozen=True)
class Size:
    """How much of everything is measured."""

    listings: int = 1_000_000
    held: int = 20_000
    days: int = 400
    periods: int = 3_000_000
    small: int = 100_000
    """Listings of a store beside the large one, of a sweep that is recorded, and of a store that pulses."""
    smaller: int = 2_000
    checked: int = 5_000
    rounds: int = 9
    runs: int = 30
    """How often a page is run again in a round."""
    few_rounds: int = 5
    rules: int = 200
    stores: int = 50
    days_of_rules: int = 90
    starts: int = 3
    viewers: int = 10
    loads: int = 6
    pages: int = 8
    """Pages that are loaded, at the most."""
    chips: int = 7
    seconds: float = 5
    """How long viewers click in one round, and how long a page is left alone."""
    soak_seconds: float = 120
    reads: int = 10_000
    """Reads of a copy on a machine that follows, while its Litestream is killed `kills` times."""
    kills: int = 20
    changed: int = 100_000
    """Listings that one transaction changes, whose lag is measured `lags` times."""
    lags: int = 100
    catalogue: int = 100_000
    """Listings of each of fifty stores, where it is measured how far one machine goes."""
    crowds: tuple[int, ...] = (10, 25, 50, 100)
    """Viewers at a time, there."""
    processes: tuple[int, ...] = (1, 2, 4)
    crowd_seconds: float = 60
    quiet_ms: int = 600
    """How long a page has to be idle before it counts as drawn."""
    one_app_for_all: bool = False
    """Whether parts share what they open: the app, the empty apps beside it and the browser."""


FULL = Size()
TOY = Size(
    listings=3_000,
    held=300,
    days=260,
    periods=6_000,
    small=1_500,
    smaller=800,
    checked=20,
    rounds=1,
    runs=1,
    few_rounds=1,
    rules=30,
    stores=2,
    days_of_rules=10,
    starts=1,
    viewers=2,
    loads=1,
    pages=1,
    chips=1,
    seconds=0.25,
    soak_seconds=2,
    reads=40,
    kills=1,
    changed=500,
    lags=2,
    catalogue=200,
    crowds=(2,),
    processes=(2,),
    crowd_seconds=2,
    quiet_ms=200,
    one_app_for_all=True,
)
"""Enough of everything that each part runs through; its figures mean nothing."""


@dataclass(frozen=True)
class Figure:
    """One measured thing: what, the target in words, what was reached in words; `met` None where there is no target."""

    what: str
    target: str
    reached: str
    met: bool | None = None

    def line(self) -> str:
        """The figure as a row of the table."""
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        return f"{self.what:66}  {self.target:>10}  {self.reached:>44}  {verdict}".rstrip()


class Bench:
    """The folder of one run; what is large is built in it once and shared. `AEXDASH_BENCH_FOLDER` keeps it.

    A part opens its app, an empty app beside it and its browser with the methods here: each part has its own, because a
    process that has served another part is another thing to measure. At toy size nothing is measured and starting them
    would be most of the work: the first part that asks opens them, and they stay open until `at_the_end`.
    """

    def __init__(self, folder: Path, size: Size = FULL, at_the_end: contextlib.ExitStack | None = None) -> None:
        self.folder, self.size = folder, size
        self._at_the_end = at_the_end or contextlib.ExitStack()
        self._open: dict[str, Any] = {}

    def snapshot(self) -> Path:
        """The snapshot of the large store, checkpointed into one file; one that was kept is brought up to date."""
        path = self.built("large", lambda path: build(path, self.size.listings, self.size.held, self.size.days).close())
        open_snapshot(path).close()
        return path

    def built(self, name: str, make: Callable[[Path], object]) -> Path:
        """A file of that name and of this size of everything, made unless it is there already."""
        path = self.folder / f"{name}-{self.size.listings}.db"
        if not path.exists():
            beside = path.with_suffix(".part.db")
            beside.unlink(missing_ok=True)
            make(beside)
            beside.replace(path)
        return path

    def fresh(self, name: str) -> Path:
        """An empty folder of that name."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        (self.folder / name).mkdir()
        return self.folder / name

    def home(self, name: str) -> Path:
        """A home directory with that snapshot, its clock standing at the last run."""
        home = self.fresh(name)
        shutil.copy(self.snapshot(), home / "snapshot.db")
        (home / "aexdash.toml").write_text(f'[store.{STORE_KEY}]\ntitle = "Synthetic"\nmodel = "overseas"\n')
        (home / "now").write_text(to_text(NOW))
        return home

    @property
    def app_home(self) -> Path:
        """The home that the app serves, once it is open."""
        return self.folder / "app"

    def app(self) -> AbstractContextManager[tuple[str, int]]:
        """The pages of a home with the large snapshot; the address and the process id."""
        return self._opened("app", lambda: app_on(self.home("app")))

    def bare(self, name: str, script: str) -> AbstractContextManager[tuple[str, int]]:
        """An app of a few lines to stand beside ours; the address and the process id."""
        return self._opened(name, lambda: bare(self.fresh(name), script))

    def browser(self) -> AbstractContextManager[Browser]:
        """The browser; a part closes the pages that it opens in it."""
        return self._opened("browser", chromium)

    @contextlib.contextmanager
    def _opened(self, name: str, opening: Callable[[], AbstractContextManager[Any]]) -> Iterator[Any]:
        """What is asked for: a new one for this part, or at toy size the one that all parts share."""
        if not self.size.one_app_for_all:
            with opening() as own:
                yield own
            return
        if name not in self._open:
            self._open[name] = self._at_the_end.enter_context(opening())
        yield self._open[name]


@contextlib.contextmanager
def bench(size: Size = FULL) -> Iterator[Bench]:
    """The folder for one run: the one the environment names, else a temporary one."""
    with contextlib.ExitStack() as at_the_end:
        folder = Path(os.environ.get(FOLDER_VARIABLE) or at_the_end.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        yield Bench(folder, size, at_the_end)


def report(figures: Callable[[Bench], Iterator[Figure]]) -> None:
    """Run one benchmark and print its figures as they come."""
    with bench() as folder:
        for figure in figures(folder):
            print(figure.line(), flush=True)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def app_on(home: Path, **variables: str) -> Iterator[tuple[str, int]]:
    """Serve the pages of a home as `aexdash serve` does; give the address and the process id."""
    port = free_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(CLOCK_FILE_VARIABLE, str(home / "now"))
        for name, value in variables.items():
            environment.setenv(name, value)
        app = serve.start_app(home, port)
    with _ended(app):
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}", app.pid


COUNTER = """
import streamlit as st

st.session_state.setdefault("count", 0)


def more() -> None:
    st.session_state["count"] += 1


st.button("More", on_click=more)
st.markdown(f"## {st.session_state['count']:,} clicks")
"""
"""The smallest Streamlit app that answers a click: a button and the number of its clicks."""

EMPTY = """
import streamlit as st

st.markdown("## Empty")
"""
"""A page with nothing on it but its heading."""

PLAIN = """
import streamlit as st

for number in range(int(st.query_params.get("elements", "1"))):
    st.markdown(f"Line {number}")
"""
"""A page with as many elements as its address asks for, each a line of text: what Streamlit alone takes for them."""


@contextlib.contextmanager
def bare(folder: Path, script: str, **variables: str) -> Iterator[tuple[str, int]]:
    """Serve a script of a few lines with the settings of our own app; give the address and the process id."""
    (folder / "bare.py").write_text(script)
    shutil.copytree(serve.ROOT / ".streamlit", folder / ".streamlit", dirs_exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "bare.py", f"--server.port={port}"]
    with server(command, f"http://127.0.0.1:{port}", cwd=folder, **variables) as (url, pid):
        yield url, pid


@contextlib.contextmanager
def server(command: list[str], url: str, *, cwd: Path | None = None, **variables: str) -> Iterator[tuple[str, int]]:
    """Run a server until it is no longer needed; give the address and the process id."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=cwd, stdout=quiet, stderr=quiet, env={**os.environ, **variables})
    with _ended(process):
        wait_until_up(url)
        yield url, process.pid


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        serve.end(process)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


def settle(page: Page, quiet_ms: int) -> None:
    """Wait until the app is idle and has been so for a moment."""
    page.locator("[data-testid=stApp]:not([data-test-script-state=running])").wait_for(timeout=PATIENCE_MS)
    page.wait_for_timeout(quiet_ms)


def fetch(url: str) -> bytes:
    """Fetch a whole answer as a program would."""
    with urllib.request.urlopen(url, timeout=300) as answer:
        return answer.read()


def timed(question: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """The milliseconds that a question takes, by a clock that tells seconds."""
    begun = clock()
    question()
    return (clock() - begun) * 1000


def side_by_side(
    questions: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Ask A B A B …; return the milliseconds of each by round, the first round (cold caches) left out.

    `clock` may be `time.process_time` for what this process does alone: then others on the machine matter less.
    """
    times: dict[str, list[float]] = {name: [] for name in questions}
    for number in range(rounds + 1):
        for name, question in questions.items():
            took = timed(question, clock)
            if number:
                times[name].append(took)
    return times


def asked_again(question: Callable[[], object], rounds: int) -> list[float]:
    """Ask one question; return the milliseconds by round, the first round left out."""
    return side_by_side({"it": question}, rounds)["it"]


middle = statistics.median


def spread(values: Sequence[float], unit: str, digits: int = 0) -> str:
    """The median and, in brackets, the least and the greatest: `116 ms (110–131)`."""
    least, most = (f"{value:,.{digits}f}" for value in (min(values), max(values)))
    return f"{middle(values):,.{digits}f} {unit} ({least}–{most})"


def ratios(ours: Sequence[float], floor: Sequence[float]) -> list[float]:
    """Ours over the floor, round by round: what slows the machine for a while slows both."""
    return [one / other for one, other in zip(ours, floor, strict=True)]


def beside(what: str, ours: Sequence[float], floor: Sequence[float], unit: str, most: float | None = None) -> Figure:
    """A figure of ours beside a floor of the same rounds; `most` is how many times the floor it may be."""
    times, digits = ratios(ours, floor), 0 if unit == "ms" else 2
    values = f"{middle(ours):,.{digits}f} / {middle(floor):,.{digits}f} {unit}"
    met = None if most is None else middle(times) <= most
    return Figure(what, "" if most is None else f"<= {most:g}x", f"{values} = {spread(times, 'x', 2)}", met)


def within(what: str, most: float, values: Sequence[float], unit: str, digits: int = 0) -> Figure:
    """A figure whose median may be so much at the most."""
    return Figure(what, f"<= {most:g} {unit}", spread(values, unit, digits), middle(values) <= most)


def resident_mb(pid: int | str = "self") -> tuple[float, float]:
    """The resident memory of a process, now and at its highest, in MB of 10^6 bytes (Linux)."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, peak = (int(lines[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))
    return now, peak


def processor_seconds(pid: int | None = None) -> float:
    """The processor time that a process, or this one, has used so far, to the nanosecond (Linux)."""
    return time.process_time() if pid is None else time.clock_gettime((~pid << 3) | 2)  # as clock_getcpuclockid(3) does
