"""A reason chip clicked until the new count shows, beside a bare counter: `python -m tests.benchmarks.bench_click`.

Both apps are open in one Chromium and are clicked in turn, A B A B. The page itself takes the time: from its own
`click` event to the mutation that shows the new number, so the driver of the browser is not measured. Ours holds 20,000
of 1,000,000 listings; every click picks a reason that was not picked before in this run of the server, so no row is
kept from an earlier click. The counter is the smallest Streamlit app with a button, on Streamlit's own settings.

Bytes are those that Chromium received: every web socket frame (payload) and every HTTP answer (as encoded on the wire),
counted by the browser's own protocol, from the click until the page has been quiet, and for a load with a warm browser
cache (Streamlit's scripts are the same for every app; the first visit ever fetches them once).
"""

from __future__ import annotations

import base64
import statistics
from collections.abc import Iterator

from playwright.sync_api import BrowserContext, Page

from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.benchmarks.common import PATIENCE_MS, Bench, Figure, app_on, bare_counter, chromium, report
from tests.benchmarks.synthetic import NOW, REASONS

MOST_TIMES, MOST_BYTES = 1.5, 150_000
QUIET_MS = 600

WATCH = """
([selector, label, wanted]) => {
    const has = () => [...document.querySelectorAll('h2')].some(head => head.textContent.startsWith(wanted));
    const button = [...document.querySelectorAll(selector)].find(one => one.textContent.startsWith(label));
    button.setAttribute('data-bench', '');
    window.took = new Promise((answer, refuse) => button.addEventListener('click', () => {
        setTimeout(() => refuse(new Error(`${label}: no ${wanted} on screen`)), 20000);
        const begun = performance.now();
        const seen = new MutationObserver(() => {
            if (has()) { seen.disconnect(); button.removeAttribute('data-bench'); answer(performance.now() - begun); }
        });
        seen.observe(document.body, {childList: true, subtree: true, characterData: true});
    }, {capture: true, once: true}));
    return null;
}
"""
CHIP, BUTTON = ".st-key-filter-reason button", ".stButton button"


class Wire:
    """Adds up what a page receives."""

    def __init__(self, page: Page) -> None:
        self.frames = self.answers = 0
        session = page.context.new_cdp_session(page)
        session.on("Network.webSocketFrameReceived", self._frame)
        session.on("Network.loadingFinished", self._answer)
        session.send("Network.enable")

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


def figures(bench: Bench) -> Iterator[Figure]:
    """Click chips and the counter in turn; weigh clicks and loads."""
    home = bench.home("click")
    with app_on(home) as (ours, _), bare_counter(bench.fresh("counter")) as bare, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        pages = {"ours": opened(context, f"{ours}/worklist"), "bare": opened(context, bare)}
        wire = Wire(pages["ours"])
        chips, counter, click_bytes = clicked(home, pages, wire)
        ratio = statistics.median(chips["on"]) / statistics.median(counter)
        yield Figure(
            "(d) a reason chip -> the new count, beside a bare counter",
            f"<= {MOST_TIMES}x",
            f"{statistics.median(chips['on']):.0f} / {statistics.median(counter):.0f} ms = {ratio:.2f}x",
            ratio <= MOST_TIMES,
        )
        ratio = statistics.median(chips["off"]) / statistics.median(counter)
        yield Figure("    the chip taken off again", "", f"{statistics.median(chips['off']):.0f} ms = {ratio:.2f}x")
        yield weighed("(d) bytes of a click, median (greatest)", click_bytes)
        for name, path in (("worklist", "/worklist"), ("overview", "/")):
            yield weighed(f"(d) bytes of a page load, warm: {name}", loads(context, ours + path)[1:])
        fresh = browser.new_context(viewport={"width": 1280, "height": 800})
        first = [loads(fresh, url, 1)[0] / 1e6 for url in (f"{ours}/worklist", bare)]
        yield Figure(
            "    the first load ever, scripts and all: our worklist / bare", "", f"{first[0]:.1f} / {first[1]:.1f} MB"
        )


def clicked(home, pages: dict[str, Page], wire: Wire):
    """Click every chip on and off, the counter after each; return the milliseconds and the bytes of a click."""
    snapshot, taxonomy = Snapshot(home / "snapshot.db", clock=lambda: NOW), load_taxonomy()
    every = snapshot.count(View())
    made = {code for code, _ in REASONS}
    reasons = [reason for reason in snapshot.reason_counts(View()) if reason.code in made]
    chips: dict[str, list[float]] = {"on": [], "off": []}
    counter: list[float] = []
    received: list[int] = []
    for reason in reasons:
        for way, count in (("on", reason.listings), ("off", every)):
            settle(pages["ours"])
            wire.since()
            chips[way].append(click(pages["ours"], CHIP, taxonomy.label(reason.code), f"{count:,} listings"))
            settle(pages["ours"])
            if way == "on":
                received.append(wire.since())
            counter.append(click(pages["bare"], BUTTON, "More", f"{len(counter) + 1:,} clicks"))
    return chips, counter, received


def click(page: Page, selector: str, label: str, wanted: str) -> float:
    """Click with the mouse; return the milliseconds until a heading begins with the wanted text."""
    page.evaluate(WATCH, [selector, label, wanted])
    page.locator("[data-bench]").click()
    return float(page.evaluate("window.took"))


def opened(context: BrowserContext, url: str) -> Page:
    """Open a page and wait until it is drawn."""
    page = context.new_page()
    page.goto(url)
    page.locator("h2, [data-testid=stMetric]").first.wait_for(timeout=PATIENCE_MS)
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until the app is idle and has been so for a moment."""
    page.locator("[data-testid=stApp]:not([data-test-script-state=running])").wait_for(timeout=PATIENCE_MS)
    page.wait_for_timeout(QUIET_MS)


def loads(context: BrowserContext, url: str, times: int = 4) -> list[int]:
    """The bytes that loading a page takes, each time in a new tab of the same browser; the first may fetch scripts."""
    received = []
    for _ in range(times):
        page = context.new_page()
        wire = Wire(page)
        page.goto(url)
        page.locator("h2, [data-testid=stMetric]").first.wait_for(timeout=PATIENCE_MS)
        settle(page)
        received.append(wire.since())
        page.close()
    return received


def weighed(what: str, received: list[int]) -> Figure:
    """A figure of bytes against the budget."""
    middle = int(statistics.median(received))
    return Figure(
        what,
        f"<= {MOST_BYTES // 1000} kB",
        f"{middle / 1000:.1f} ({max(received) / 1000:.1f}) kB",
        middle <= MOST_BYTES,
    )


if __name__ == "__main__":
    report(figures)
