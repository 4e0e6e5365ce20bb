"""Memory of the app while viewers click for a long time: `python -m tests.benchmarks.bench_soak [MINUTES] [--living]`.

Each viewer clicks a chip of the worklist about once a second and looks at another page now and then; after one in fifty
clicks the page is closed and a new one opened, as people do. The resident memory of the app is read twenty times, with
the descriptors it has open. Part of `make bench` for two minutes; the documented figures are of longer ones.

With `--living` the pages are those of `aexdash demo`, beside its worker, which reads stores that move: then the memory
and descriptors of every process of it are read, and how long the write-ahead logs of its files are.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx

from tests.benchmarks.common import Bench, Figure, bench, free_port, middle, resident_mb
from tests.benchmarks.viewer import Viewer
from tests.browser.stage import wait_until_up

FILTERS = "filter-"
THINKS_SECONDS = 1.0
OTHER_PAGES = ("", "history", "reasons", "health")
READINGS = 20
MOST_GROWTH = 0.03
"""How much more may be resident in the last quarter of the readings than in the third."""


def figures(folder: Bench) -> Iterator[Figure]:
    """Read the memory again and again while viewers click."""
    seconds, number = folder.size.soak_seconds, folder.size.viewers
    with folder.app() as (url, pid), clicking(url, number) as clicked:
        readings: list[float] = []
        for minutes in turns(seconds):
            readings.append(resident_mb(pid)[0])
            what = f"    after {minutes:.1f} min: resident, descriptors, clicks"
            yield Figure(what, "", f"{readings[-1]:.1f} MB, {descriptors(pid)}, {sum(clicked):,}")
    yield growth(readings, number, seconds)


def living(viewers: int, seconds: float) -> Iterator[Figure]:
    """Read the memory of each process of the demo, and its logs, while viewers click and its stores move."""
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as (url, pid):
        readings: list[float] = []
        with clicking(url, viewers) as clicked:
            for minutes in turns(seconds):
                each = [(resident_mb(one)[0], descriptors(one)) for one in (pid, *children(pid))]
                logs = sum(log.stat().st_size for log in Path(folder).rglob("*.db-wal")) / 1e6
                readings.append(sum(resident for resident, _ in each))
                told = ", ".join(f"{resident:.0f} MB / {files}" for resident, files in each)
                what = f"    after {minutes:.1f} min: resident / descriptors of each process, logs, clicks"
                yield Figure(what, "", f"{told}; {logs:.1f} MB; {sum(clicked):,}")
    yield growth(readings, viewers, seconds)


@contextlib.contextmanager
def demo(home: Path) -> Iterator[tuple[str, int]]:
    """Run the demo, and wait until all its stores are read; its address and process id."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "aexdash", "demo", "--port", str(port), "--home", str(home)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_up(f"{url}/healthz")
        while httpx.get(f"{url}/readyz", timeout=60).status_code != 200:
            time.sleep(1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def children(pid: int) -> list[int]:
    """The processes that a process has begun."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def descriptors(pid: int) -> int:
    """How many descriptors a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def turns(seconds: float) -> Iterator[float]:
    """The minutes after which to read, each when it has come."""
    begun = time.monotonic()
    for turn in range(1, READINGS + 1):
        time.sleep(max(0.0, begun + turn * seconds / READINGS - time.monotonic()))
        yield turn * seconds / READINGS / 60


@contextlib.contextmanager
def clicking(url: str, number: int) -> Iterator[list[int]]:
    """Let so many viewers click for the length of a block; how often each has."""
    stop, clicked, failed = threading.Event(), [0] * number, list[BaseException]()
    threads = [threading.Thread(target=click_on, args=(url, index, stop, clicked, failed)) for index in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield clicked
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]


def growth(readings: list[float], viewers: int, seconds: float) -> Figure:
    """The last quarter of the readings beside the third: what is kept for ten minutes is there by then."""
    quarter = len(readings) // 4
    early, late = middle(readings[-2 * quarter : -quarter]), middle(readings[-quarter:])
    what = f"(r) {viewers} viewers for {seconds / 60:.1f} min: resident, third quarter -> last"
    reached = f"{early:.1f} -> {late:.1f} MB = {late / early - 1:+.1%}"
    return Figure(what, f"<= +{MOST_GROWTH:.0%}", reached, late <= early * (1 + MOST_GROWTH))


def click_on(url: str, index: int, stop: threading.Event, clicked: list[int], failed: list[BaseException]) -> None:
    """Click until told to stop."""
    chance = random.Random(index)
    try:
        viewer = Viewer(url, "worklist", index)
        while not stop.wait(chance.uniform(0.5, 1.5) * THINKS_SECONDS):
            chips = [key for key, chip in viewer.chips.items() if key.startswith(FILTERS) and chip.words]
            if chips:
                viewer.click(chance.choice(chips))
            else:
                viewer.run()
            clicked[index] += 1
            if chance.random() < 0.1:
                Viewer(url, chance.choice(OTHER_PAGES)).close()
            if chance.random() < 0.02:
                viewer.close()
                viewer = Viewer(url, "worklist", index)
        viewer.close()
    except Exception as error:
        failed.append(error)


def main(minutes: float, viewers: int, *, of_living: bool) -> None:
    """Soak for so many minutes."""
    with bench() as folder:
        folder.size = replace(folder.size, soak_seconds=minutes * 60, viewers=viewers)
        for figure in living(viewers, minutes * 60) if of_living else figures(folder):
            print(figure.line(), flush=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("minutes", type=float, nargs="?", default=2)
    asked.add_argument("--viewers", type=int, default=10)
    asked.add_argument("--living", action="store_true")
    given = asked.parse_args()
    main(given.minutes, given.viewers, of_living=given.living)
