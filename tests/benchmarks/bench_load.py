"""Each page loaded until its script is idle, beside an empty Streamlit page: `python -m tests.benchmarks load`.

Both are opened in new tabs of one Chromium, in turn, A B A B, with a warm browser cache (Streamlit's scripts are the
same for every app; the first load, which is left out, fetches them) and the same settings. The page itself takes the
time: from its navigation until something is drawn and Streamlit marks its script as not running.
"""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import BrowserContext

from tests.benchmarks.common import EMPTY, Bench, Figure, beside, report

PAGES = ("overview", "worklist", "reasons", "feed", "history", "sensitivity", "health", "settings")
FRONT_PAGE = "overview"
MOST_TIMES = {"overview": 1.5, "worklist": 1.5, "history": 1.5}
VIEWPORT = {"width": 1280, "height": 800}

WATCH = """
window.idle = new Promise((answer, refuse) => {
    let state = null;
    setTimeout(() => refuse(new Error(`not idle after a minute: ${state}`)), 60000);
    const look = () => {
        state = document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state');
        if (state === 'notRunning' && document.querySelector('[data-testid=stElementContainer]')) {
            seen.disconnect();
            answer(performance.now());
        }
    };
    const seen = new MutationObserver(look);
    seen.observe(document, {childList: true, subtree: true, attributeFilter: ['data-test-script-state']});
});
"""


def figures(bench: Bench) -> Iterator[Figure]:
    """Load every page and the empty one in turn."""
    with (
        bench.app() as (ours, _),
        bench.bare("empty", EMPTY) as (floor, _),
        bench.browser() as browser,
        browser.new_context(viewport=VIEWPORT) as context,
    ):
        for name in PAGES[: bench.size.pages]:
            address = ours if name == FRONT_PAGE else f"{ours}/{name}"
            rounds = [(loaded(context, address), loaded(context, floor)) for _ in range(bench.size.loads)]
            page, empty = zip(*(rounds[1:] or rounds), strict=True)
            yield beside(f"(s) {name} loaded, script idle", page, empty, "ms", MOST_TIMES.get(name))


def loaded(context: BrowserContext, url: str) -> float:
    """Load a page in a new tab; return the milliseconds until its script is idle."""
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    took = float(page.evaluate("window.idle"))
    page.close()
    return took


if __name__ == "__main__":
    report(figures)
