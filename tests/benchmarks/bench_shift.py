"""How far pages move while they load, on a desk and on a telephone: `python -m tests.benchmarks shift`.

The browser says it (`layout-shift` of PerformanceObserver): each time that something which is already drawn moves, the
share of the screen that it covered before and after, times how far it went, as a share of the screen. Of the sums of
those at most a second apart, within five seconds at most, the largest counts; that is the *cumulative layout shift*, of
which 0.1 is called good. A page is opened in a new tab with a warm cache, until its script is idle and nothing has
come late for a moment; the first load, which fetches the scripts, is left out.

`python -m tests.benchmarks.bench_shift http://localhost:8501` measures an app that runs already, the demo for instance.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from playwright.sync_api import Browser, BrowserContext

from tests.benchmarks.bench_load import FRONT_PAGE, PAGES, WATCH
from tests.benchmarks.common import FULL, Bench, Figure, chromium, middle, report, settle, spread

MOST = 0.1
SCREENS = {"desk": {"width": 1280, "height": 800}, "telephone": {"width": 390, "height": 844}}

SHIFTS = """
window.moved = 0;
let sum = 0, first = 0, last = 0;
new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
        if (shift.hadRecentInput) continue;
        const goesOn = shift.startTime - last < 1000 && shift.startTime - first < 5000;
        if (!goesOn) { sum = 0; first = shift.startTime; }
        last = shift.startTime;
        sum += shift.value;
        window.moved = Math.max(window.moved, sum);
    }
}).observe({type: 'layout-shift', buffered: true});
"""


def figures(bench: Bench) -> Iterator[Figure]:
    """Load every page on both screens."""
    size = bench.size
    with bench.app() as (ours, _), bench.browser() as browser:
        yield from of_pages(browser, ours, PAGES[: size.pages], size.loads, size.quiet_ms)


def of_pages(browser: Browser, url: str, pages: Sequence[str], loads: int, quiet_ms: int) -> Iterator[Figure]:
    """Load each of these pages so many times on both screens; the pages are drawn after `quiet_ms` without a change."""
    for screen, viewport in SCREENS.items():
        with browser.new_context(viewport=viewport) as context:
            for name in pages:
                address = url if name == FRONT_PAGE else f"{url}/{name}"
                shifts = [shifted(context, address, quiet_ms) for _ in range(loads)]
                counted = shifts[1:] or shifts
                what = f"(t) layout shift of {name} on a {screen}"
                yield Figure(what, f"<= {MOST}", spread(counted, "", 3).replace("  ", " "), middle(counted) <= MOST)


def shifted(context: BrowserContext, url: str, quiet_ms: int) -> float:
    """Load a page in a new tab; return its cumulative layout shift."""
    page = context.new_page()
    page.add_init_script(WATCH + SHIFTS)
    page.goto(url)
    page.evaluate("window.idle")
    settle(page, quiet_ms)
    moved = float(page.evaluate("window.moved"))
    page.close()
    return moved


def of_a_running_app(url: str) -> None:
    """Print the figures of an app that runs already."""
    with chromium() as browser:
        for figure in of_pages(browser, url, PAGES, FULL.loads, FULL.quiet_ms):
            print(figure.line(), flush=True)


if __name__ == "__main__":
    of_a_running_app(sys.argv[1]) if sys.argv[1:] else report(figures)
