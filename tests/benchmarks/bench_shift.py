"""How far pages move while they load, on a desk and on a telephone: `python -m tests.benchmarks shift`.

The browser says it (`layout-shift` of PerformanceObserver): each time that something which is already drawn moves, the
share of the screen that it covered before and after, times how far it went, as a share of the screen. Of the sums of
those at most a second apart, within five seconds at most, the largest counts; that is the *cumulative layout shift*, of
which 0.1 is called good. A page is opened in a new tab with a warm cache, until its script is idle and nothing has
come late for a moment; the first load, which fetches the scripts, is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import BrowserContext

from tests.benchmarks.bench_load import FRONT_PAGE, PAGES, WATCH
from tests.benchmarks.common import Bench, Figure, middle, report, settle, spread

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
    with bench.app() as (ours, _), bench.browser() as browser:
        for screen, viewport in SCREENS.items():
            with browser.new_context(viewport=viewport) as context:
                for name in PAGES[: bench.size.pages]:
                    address = ours if name == FRONT_PAGE else f"{ours}/{name}"
                    shifts = [shifted(context, address, bench.size.quiet_ms) for _ in range(bench.size.loads)]
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


if __name__ == "__main__":
    report(figures)
