"""Resident memory of app and worker with a snapshot of a million listings: `python -m tests.benchmarks.bench_memory`.

The app is the process that `aexdash serve` starts; Chromium visits overview, worklist and history, and the CSV of all
held rows is fetched. The worker (`worker.py`) is a process that imports what `aexdash serve` imports and runs the real
sync through the real client: a pulse of the 20,000 held, a first sweep of all 1,000,000 (every listing differs from
what was known, the worst case) and the same sweep again with nothing changed. Its platform is a function in the same
process that writes each page as text, and costs about 8 MB for the ids. Evidence is off. Read from /proc, in MB of 10^6
bytes: what is resident at the end, and the highest it ever was, which is what is held against the target.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from playwright.sync_api import expect

from tests.benchmarks.common import Bench, Figure, fetch, report, resident_mb, settle

MOST_MB = 300
IN_TIME = 60_000


def figures(bench: Bench) -> Iterator[Figure]:
    """The app, then the worker in a process of its own."""
    yield from app(bench)
    command = [sys.executable, "-m", "tests.benchmarks.worker", str(bench.home("memory"))]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in map(json.loads, told.splitlines()):
        yield weighed(f"(h) worker after {line['what']}", line["now"], line["peak"])
        took = f"{line['processor']:.1f} s of the processor, {line['changes']:,} changes"
        yield Figure(f"    {line['what']}", "", took)


def weighed(what: str, now: float, peak: float) -> Figure:
    """A figure of memory against the target."""
    return Figure(f"{what}: highest (now)", f"<= {MOST_MB} MB", f"{peak:.0f} ({now:.0f}) MB", peak <= MOST_MB)


def app(bench: Bench) -> Iterator[Figure]:
    """Visit the pages and fetch the CSV."""
    with bench.app() as (url, pid), bench.browser() as browser, browser.new_page() as page:
        for path, words in (
            ("/", "listings held"),
            ("/worklist", f"{bench.size.held:,} listings"),
            ("/history", "History"),
        ):
            page.goto(url + path)
            expect(page.get_by_text(words).first).to_be_visible(timeout=IN_TIME)
            settle(page, bench.size.quiet_ms)
        yield weighed("(h) app after overview, worklist and history", *resident_mb(pid))
        size = len(fetch(f"{url}/export.csv"))
        yield weighed(f"(h) app after the CSV ({size / 1e6:.1f} MB) too", *resident_mb(pid))


if __name__ == "__main__":
    report(figures)
