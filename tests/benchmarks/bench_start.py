"""From `aexdash demo` to the first complete page in Chromium: `python -m tests.benchmarks.bench_start`.

The command is started as a person would start it, on an empty home and a free port, with a browser already open that
goes to the page as soon as the port answers. Taken are the seconds until the hero of all stores is on screen with its
split and its reasons, and until the command says that the demo is on (its past is read, the live worker begins). Then
somebody opens the page anew and clicks on the CSV of its first reason, until the file is on her disk. Then
the same home is started again. A bare counter app, started the same way between the runs, is the floor: Python,
Streamlit and the browser without anything of ours.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from aexdash.cli import serve
from tests.benchmarks.common import (
    COUNTER,
    PATIENCE_MS,
    Bench,
    Figure,
    bare,
    beside,
    free_port,
    middle,
    report,
    spread,
)
from tests.browser.stage import wait_until_up

AIM_SECONDS = 6
AIM_SECONDS_TO_CSV = 3
PATIENCE_SECONDS = 300
HERO = "listings held"
WHY = "h2:has-text('Why'), [data-testid=stHeading]:has-text('Why')"


def figures(bench: Bench) -> Iterator[Figure]:
    """Start on an empty home, with the floor in between; then with the home kept."""
    first: list[float] = []
    told: list[float] = []
    floor: list[float] = []
    again: list[float] = []
    files: list[float] = []
    with bench.browser() as browser:
        for number in range(bench.size.starts):
            home = bench.fresh("start")
            started(browser, home, first, told if bench.size.starts > 1 else None, files)
            floor.append(counter_started(browser, bench.fresh(f"floor-{number}")))
        for _ in range(bench.size.starts - 1):
            started(browser, home, again, None)
    what = "(g) aexdash demo, empty home -> hero and reasons in Chromium"
    yield Figure(what, f"< {AIM_SECONDS} s", spread(first, "s", 1), middle(first) < AIM_SECONDS)
    yield beside("    beside a bare counter app, started the same way", first, floor, "s")
    one_click = "    page opened -> CSV of its first reason on the disk, 1 click"
    yield Figure(one_click, f"< {AIM_SECONDS_TO_CSV} s", spread(files, "s", 1), middle(files) < AIM_SECONDS_TO_CSV)
    if told and again:
        yield Figure("    until its past is read and the stores live", "", spread(told, "s", 1))
        yield Figure("    the home kept, started again", "", spread(again, "s", 1))


def started(
    browser: Browser, home: Path, complete: list[float], on: list[float] | None, files: list[float] | None = None
) -> None:
    """Start the demo; add the seconds until the page is complete and, if wanted, until the command says it is on.

    With `files`, add then the seconds from opening the page anew to the CSV of its first reason.
    """
    port = free_port()
    begun = time.perf_counter()
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "aexdash", "demo", "--port", str(port), "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    listener = threading.Thread(target=_listen, args=(demo, begun, [] if on is None else on), daemon=True)
    listener.start()
    try:
        with _page(browser, f"http://127.0.0.1:{port}") as page:
            page.get_by_text(HERO).first.wait_for(timeout=PATIENCE_MS)
            page.locator(WHY).first.wait_for(timeout=PATIENCE_MS)
            complete.append(time.perf_counter() - begun)
        if on is not None:
            listener.join(timeout=PATIENCE_SECONDS)
        if files is not None:
            files.append(csv_of_a_reason(browser, f"http://127.0.0.1:{port}"))
    finally:
        serve.end(demo, within=15)


def csv_of_a_reason(browser: Browser, url: str) -> float:
    """Open the page and click on the CSV of its first reason; return the seconds until the file is written."""
    begun = time.perf_counter()
    with _page(browser, url) as page:
        with page.expect_download(timeout=PATIENCE_MS) as download:
            page.get_by_role("link", name="CSV of").first.click(timeout=PATIENCE_MS)
        download.value.path()
        return time.perf_counter() - begun


def _listen(demo: subprocess.Popen[str], begun: float, on: list[float]) -> None:
    for line in demo.stdout or ():
        if "The demo is on" in line:
            on.append(time.perf_counter() - begun)
            return


def counter_started(browser: Browser, folder: Path) -> float:
    """Start the bare counter; return the seconds until its button is on screen."""
    begun = time.perf_counter()
    with bare(folder, COUNTER) as (url, _), _page(browser, url) as page:
        page.get_by_role("button", name="More").wait_for(timeout=PATIENCE_MS)
        return time.perf_counter() - begun


@contextlib.contextmanager
def _page(browser: Browser, url: str):
    wait_until_up(url)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


if __name__ == "__main__":
    report(figures)
