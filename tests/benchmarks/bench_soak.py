"""Memory of the app while ten viewers click for a long time: `python -m tests.benchmarks.bench_soak [MINUTES]`.

Each viewer clicks a chip of the worklist about once a second and looks at another page now and then; after one in fifty
clicks the page is closed and a new one opened, as people do. The resident memory of the app is read twenty times, with
the descriptors it has open. Part of `make bench` for two minutes; the documented figure is of twenty.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.common import Bench, Figure, bench, middle, resident_mb
from tests.benchmarks.viewer import Viewer

FILTERS = "filter-"
THINKS_SECONDS = 1.0
OTHER_PAGES = ("", "history", "reasons", "health")
READINGS = 20
MOST_GROWTH = 0.03
"""How much more may be resident in the last quarter of the readings than in the third."""


def figures(folder: Bench) -> Iterator[Figure]:
    """Read the memory again and again while viewers click."""
    seconds, number = folder.size.soak_seconds, folder.size.viewers
    stop, clicked, failed = threading.Event(), [0] * number, []
    with folder.app() as (url, pid):
        threads = [
            threading.Thread(target=click_on, args=(url, index, stop, clicked, failed)) for index in range(number)
        ]
        for thread in threads:
            thread.start()
        readings: list[float] = []
        begun = time.monotonic()
        for turn in range(1, READINGS + 1):
            stop.wait(max(0.0, begun + turn * seconds / READINGS - time.monotonic()))
            readings.append(resident_mb(pid)[0])
            files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
            what = f"    after {turn * seconds / READINGS / 60:.1f} min: resident, descriptors, clicks"
            yield Figure(what, "", f"{readings[-1]:.1f} MB, {files}, {sum(clicked):,}")
        stop.set()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]
    yield growth(readings, number, seconds)


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
            viewer.click(chance.choice([key for key in viewer.chips if key.startswith(FILTERS)]))
            clicked[index] += 1
            if chance.random() < 0.1:
                Viewer(url, chance.choice(OTHER_PAGES)).close()
            if chance.random() < 0.02:
                viewer.close()
                viewer = Viewer(url, "worklist", index)
        viewer.close()
    except Exception as error:
        failed.append(error)


def main(minutes: float) -> None:
    """Soak for so many minutes."""
    with bench() as folder:
        folder.size = replace(folder.size, soak_seconds=minutes * 60)
        for figure in figures(folder):
            print(figure.line(), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 2)
