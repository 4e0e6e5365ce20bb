"""A chip clicked until the rows are drawn, beside a bare counter: `python -m tests.benchmarks click`.

Both apps are open in one Chromium and are clicked in turn, A B A B. The page itself takes the time, so the driver of
the browser is not measured: from its own `click` event until everything that the click asked for is drawn. For the
worklist that is the new count in the heading, other rows in the list, and the frame after them. For the counter it is
the new number and the frame after it. Ours holds 20,000 of 1,000,000 listings; every click picks a family of reasons
that was not picked before in this run of the server, so no row is kept from an earlier click. The counter is the
smallest Streamlit app with a button, with the same settings.

Bytes are those that Chromium received: every web socket frame (payload) and every HTTP answer (as encoded on the wire),
counted by the browser's own protocol, from the click until the page has been quiet, and for a load with a warm browser
cache (Streamlit's scripts are the same for every app; the first visit ever fetches them once).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Page

from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.benchmarks.common import (
    COUNTER,
    PATIENCE_MS,
    Bench,
    Figure,
    beside,
    report,
    settle,
    within,
)
from tests.benchmarks.synthetic import NOW, REASONS

MOST_TIMES, MOST_BYTES = 1.6, 150_000
VIEWPORT = {"width": 1280, "height": 800}
CHIP, BUTTON = ".st-key-filter-family button", ".stButton button"
ROWS, NO_ROWS = ".st-key-rows [data-testid=stBidiComponentIsolated]", ""

WATCH = """
([selector, label, wanted, rows]) => {
    const list = () => rows ? document.querySelector(rows)?.shadowRoot : null;
    const listed = () => [...(list()?.querySelectorAll('.pid') ?? [])].map(one => one.textContent).join();
    const before = listed();
    const counted = () => [...document.querySelectorAll('h2')].some(head => head.textContent.startsWith(wanted));
    const isOther = () => !rows || (listed() && listed() !== before);
    const button = [...document.querySelectorAll(selector)].find(one => one.textContent.startsWith(label));
    button.setAttribute('data-bench', '');
    window.took = new Promise((answer, refuse) => button.addEventListener('click', () => {
        setTimeout(() => refuse(new Error(`${label}: no ${wanted} on screen`)), 60000);
        const begun = performance.now();
        const look = () => {
            if (!counted() || !isOther()) return;
            seen.disconnect();
            button.removeAttribute('data-bench');
            requestAnimationFrame(() => requestAnimationFrame(() => answer(performance.now() - begun)));
        };
        const seen = new MutationObserver(look);
        const all = {childList: true, subtree: true, characterData: true, attributes: true};
        [document.body, list()].filter(Boolean).forEach(where => seen.observe(where, all));
    }, {capture: true, once: true}));
    return null;
}
"""


class Wire:
    """Adds up what a page receives."""

    def __init__(self, page: Page) -> None:
        self.frames = self.answers = 0
        self._session = page.context.new_cdp_session(page)
        self._session.on("Network.webSocketFrameReceived", self._frame)
        self._session.on("Network.loadingFinished", self._answer)
        self._session.send("Network.enable")

    def _frame(self, event) -> None:
        payload = event["response"]["payloadData"]
        binary = event["response"]["opcode"] == 2
        self.frames += len(base64.b64decode(payload)) if binary else len(payload)

    def _answer(self, event) -> None:
        self.answers += int(event["encodedDataLength"])

    def since(self) -> int:
        """The bytes received since this was last asked."""
        received, self.frames, self.answers = self.frames + self.answers, 0, 0
        return received

    def stop(self) -> None:
        """Count no more; counting costs the page time."""
        self._session.detach()


def figures(bench: Bench) -> Iterator[Figure]:
    """Click chips and the counter in turn; weigh clicks and loads."""
    size, quiet = bench.size, bench.size.quiet_ms
    with (
        bench.app() as (ours, _),
        bench.bare("counter", COUNTER) as (floor, _),
        bench.browser() as browser,
        browser.new_context(viewport=VIEWPORT) as context,
    ):
        (worklist, wire), (bare, bare_wire) = (opened(context, url, quiet) for url in (f"{ours}/worklist", floor))
        first = [one.since() / 1e6 for one in (wire, bare_wire)]
        bare_wire.stop()
        chips, counter, click_bytes = clicked(bench, {"ours": worklist, "bare": bare}, wire)
        yield beside(
            "(d) a family's chip -> rows drawn, beside a counter", chips["on"], counter["on"], "ms", MOST_TIMES
        )
        yield beside("    the chip taken off again", chips["off"], counter["off"], "ms")
        yield weighed("(d) bytes of a click", click_bytes)
        for name, path in (("worklist", "/worklist"), ("overview", "/"))[: size.pages]:
            received = loads(context, ours + path, size.loads, quiet)[-3:]
            yield weighed(f"(d) bytes of a page load, warm: {name}", received)
        reached = f"{first[0]:.1f} / {first[1]:.1f} MB"
        yield Figure("    the first load ever, scripts and all: our worklist / bare", "", reached)


def clicked(bench: Bench, pages: dict[str, Page], wire: Wire):
    """Click every chip on and off, the counter after each; return the milliseconds and the bytes of a click."""
    snapshot, taxonomy = Snapshot(bench.app_home / "snapshot.db", clock=lambda: NOW), load_taxonomy()
    quiet, every = bench.size.quiet_ms, snapshot.count(View())
    made = {code.partition(".")[0] for code, _ in REASONS}
    families = [family for family in snapshot.family_counts(View()) if family.code in made]
    chips: dict[str, list[float]] = {"on": [], "off": []}
    counter: dict[str, list[float]] = {"on": [], "off": []}
    received: list[int] = []
    clicks = 0
    for family in families[: bench.size.chips]:
        for way, count in (("on", family.listings), ("off", every)):
            settle(pages["ours"], quiet)
            wire.since()
            label = taxonomy.label(family.code)
            chips[way].append(click(pages["ours"], CHIP, label, f"{count:,} listing", ROWS))
            settle(pages["ours"], quiet)
            if way == "on":
                received.append(wire.since())
            clicks += 1
            counter[way].append(click(pages["bare"], BUTTON, "More", f"{clicks:,} clicks", NO_ROWS))
    return chips, counter, received


def click(page: Page, selector: str, label: str, wanted: str, rows: str) -> float:
    """Click with the mouse; return the milliseconds until the heading begins with what is wanted and all is drawn."""
    page.bring_to_front()  # a tab behind another gets no frames
    page.evaluate(WATCH, [selector, label, wanted, rows])
    page.locator("[data-bench]").click()
    return float(page.evaluate("window.took"))


def opened(context: BrowserContext, url: str, quiet: int) -> tuple[Page, Wire]:
    """Open a page in a new tab and wait until it is drawn; its wire has counted all it received."""
    page = context.new_page()
    wire = Wire(page)
    page.goto(url)
    page.locator("h2, [data-testid=stMetric]").first.wait_for(timeout=PATIENCE_MS)
    settle(page, quiet)
    return page, wire


def loads(context: BrowserContext, url: str, times: int, quiet: int) -> list[int]:
    """The bytes that loading a page takes, each time in a new tab of the same browser; the first may fetch scripts."""
    received = []
    for _ in range(times):
        page, wire = opened(context, url, quiet)
        received.append(wire.since())
        page.close()
    return received


def weighed(what: str, received: list[int]) -> Figure:
    """A figure of bytes against the budget."""
    return within(what, MOST_BYTES / 1000, [one / 1000 for one in received], "kB", 1)


if __name__ == "__main__":
    report(figures)
