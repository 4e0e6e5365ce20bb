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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from aexdash.cli import serve
from aexdash.clock import CLOCK_FILE_VARIABLE, to_text
from tests.benchmarks.synthetic import NOW, STORE_KEY, build
from tests.browser.stage import FLAGS, find_browser, wait_until_up

LISTINGS, HELD, DAYS = 1_000_000, 20_000, 400
FOLDER_VARIABLE = "AEXDASH_BENCH_FOLDER"
PATIENCE_MS = 60_000


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
        return f"{self.what:64}  {self.target:>12}  {self.reached:>34}  {verdict}".rstrip()


class Bench:
    """The folder of one run; what is large is built in it once and shared. `AEXDASH_BENCH_FOLDER` keeps it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def snapshot(self) -> Path:
        """The snapshot of a million listings, checkpointed into one file."""
        path = self.folder / "large.db"
        if not path.exists():
            beside = self.folder / "large.part.db"
            build(beside, LISTINGS, HELD, DAYS).close()
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


@contextlib.contextmanager
def bench() -> Iterator[Bench]:
    """The folder for one run: the one the environment names, else a temporary one."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
        yield Bench(Path(named))
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Bench(Path(folder))


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
def app_on(home: Path) -> Iterator[tuple[str, int]]:
    """Serve the pages of a home as `aexdash serve` does; give the address and the process id."""
    port = free_port()
    before = os.environ.get(CLOCK_FILE_VARIABLE)
    os.environ[CLOCK_FILE_VARIABLE] = str(home / "now")
    try:
        app = serve.start_app(home, port)
    finally:
        if before is None:
            del os.environ[CLOCK_FILE_VARIABLE]
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


@contextlib.contextmanager
def bare_counter(folder: Path) -> Iterator[str]:
    """Serve the smallest Streamlit app that answers a click: a button and the number of its clicks."""
    script = folder / "counter.py"
    script.write_text(COUNTER)
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none"]
    command += ["--browser.gatherUsageStats=false"]
    with server(command, f"http://127.0.0.1:{port}", cwd=folder) as url:
        yield url


@contextlib.contextmanager
def server(command: list[str], url: str, *, cwd: Path | None = None) -> Iterator[str]:
    """Run a server until it is no longer needed."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with _ended(process):
        wait_until_up(url)
        yield url


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        serve.end(process)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine, 1280 by 800 pages."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


def fetch(url: str) -> bytes:
    """Fetch a whole answer as a program would."""
    with urllib.request.urlopen(url, timeout=300) as answer:
        return answer.read()


def timed(question: Callable[[], object]) -> float:
    """The milliseconds that a question takes."""
    begun = time.perf_counter()
    question()
    return (time.perf_counter() - begun) * 1000


def side_by_side(questions: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Ask A B A B …; return the median milliseconds of each, the first round (cold caches) left out."""
    times: dict[str, list[float]] = {name: [] for name in questions}
    for number in range(rounds + 1):
        for name, question in questions.items():
            took = timed(question)
            if number:
                times[name].append(took)
    return {name: statistics.median(taken) for name, taken in times.items()}


def resident_mb(pid: int | str = "self") -> tuple[float, float]:
    """The resident memory of a process, now and at its highest, in MB of 10^6 bytes (Linux)."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, peak = (int(lines[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))
    return now, peak


def processor_seconds(pid: int | str = "self") -> float:
    """The processor time that a process has used so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
