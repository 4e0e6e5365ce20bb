"""Pictures of every page, light and dark, on a desk and on a telephone: `python -m tests.browser.screenshots`.

AEXDASH_SCREENSHOTS names the folder they are kept in; without it that is `screenshots/` of the checkout. The pictures
of README and docs are taken of the demo, as somebody sees it who has just started it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.ui.frame.nav import HELP
from aexdash.ui.frame.person import COOKIE
from tests.browser.stage import FLAGS, find_browser, finished, free_port, jump_with_history, wait_until_up
from tests.ui.alerts.alerted import kept, opened

FOLDER = Path(os.environ.get("AEXDASH_SCREENSHOTS") or Path(__file__).parents[2] / "screenshots")

PAGES = {
    "overview": "",
    "ask": "ask",
    "worklist": "worklist",
    "reasons": "reasons",
    "history": "history",
    "feed": "feed",
    "sensitivity-bands": "sensitivity",
    "sensitivity-rules": "sensitivity?part=rules",
    "sensitivity-channels": "sensitivity?part=channels",
    "sensitivity-episodes": "sensitivity?part=episodes",
    "reconcile": "reconcile",
    "causes": "causes",
    "health": "health",
    "settings": "settings",
    "settings-channels": "settings?part=channels",
    "connect": "connect",
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = {"desk": {"width": 1280, "height": 800}, "telephone": {"width": 390, "height": 844}}

DOCS = Path(__file__).parents[2] / "docs"
OF_THE_DEMO = {
    "overview": ("?store=demo", "desk"),
    "worklist": ("worklist?store=demo&lane=todo&order=urgent", "desk"),
    "history": ("history?store=demo", "desk"),
    "phone": ("?store=demo", "telephone"),
}
FIRST_SWEEP = 10 * 60 * 1000
"""Milliseconds in which the worker of a demo that has just begun has read every detail."""

EVERY_PAGE = {name: f"{name}?store=demo" for name in HELP} | {
    "overview": "?store=demo",
    "worklist": "worklist?store=demo&lane=todo&order=urgent",
    "connect": "connect",
    "settings": "settings",
}
"""The pages that *How to read each page* shows, each as the demo has it."""

COLOURS = 96
"""Of a picture in the docs: enough for pages, and a third of the bytes."""


def pictures(browser: Browser, url: str, folder: Path) -> Iterator[Path]:
    """Take every picture, the whole height of the page; two runs of one checkout write the same names."""
    folder.mkdir(parents=True, exist_ok=True)
    for theme, (size, viewport) in product(THEMES, SIZES.items()):
        with browser.new_context(color_scheme=theme, viewport=viewport) as context:
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(f"{url}/{path}")
                expect(page.get_by_role("heading").first).to_be_visible()
                _listed(page, name)
                finished(page)
                yield shot(page, folder / f"{name}-{theme}-{size}.png")


def _listed(page: Page, name: str) -> None:
    """Wait for the rows of the worklist, which its component draws when all else stands."""
    if name == "worklist":
        expect(page.locator("tbody tr").first).to_be_visible()


def shot(page: Page, picture: Path) -> Path:
    """Take the picture of a whole page: the window is made as high as what it scrolls over."""
    before = page.viewport_size
    assert before
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": before["width"], "height": max(before["height"], height)})
    finished(page)
    page.screenshot(path=picture, animations="disabled")
    page.set_viewport_size(before)
    return picture


def pictures_of_docs(browser: Browser, url: str) -> Iterator[Path]:
    """Take the pictures of README and docs: the first screen of pages, once every detail is read."""
    with as_lead(browser, url, "light", "desk") as page:
        page.goto(f"{url}/?store=demo")
        expect(page.get_by_text("Active listings").first).to_be_visible()
        expect(page.get_by_text("Still reading")).to_have_count(0, timeout=FIRST_SWEEP)
    for name, (path, size) in OF_THE_DEMO.items():
        with as_lead(browser, url, "light", size) as page:
            page.goto(f"{url}/{path}")
            yield first_screen(page, name, DOCS / f"{name}.png")
    for theme, size in product(THEMES, SIZES):
        with as_lead(browser, url, theme, size) as page:
            page.goto(url)
            why = page.locator("a[href*='causes?']").first.get_attribute("href")
            for name, path in (EVERY_PAGE | {"causes": str(why).lstrip("/")}).items():
                page.goto(f"{url}/{path}")
                yield first_screen(page, name, DOCS / "screens" / f"{name}-{theme}-{size}.png")


@contextmanager
def as_lead(browser: Browser, url: str, theme: Literal["light", "dark"], size: str) -> Iterator[Page]:
    """Open a tab in which the lead of the demo has said who she is."""
    with browser.new_context(color_scheme=theme, viewport=SIZES[size]) as context:
        context.add_cookies([{"name": COOKIE, "value": "Lead", "url": url}])
        yield context.new_page()


def first_screen(page: Page, name: str, picture: Path) -> Path:
    """Take what is seen without scrolling, once all is drawn, with few colours."""
    expect(page.get_by_role("heading").first).to_be_visible()
    _listed(page, name)
    finished(page)
    picture.parent.mkdir(exist_ok=True)
    page.screenshot(path=picture, animations="disabled")
    Image.open(picture).convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE).save(picture, optimize=True)
    return picture


@contextmanager
def demo(home: Path) -> Iterator[str]:
    """Start the demo as a person would, and wait until its past is read; give its address."""
    port = free_port()
    command = [sys.executable, "-u", "-m", "aexdash", "demo", "--port", str(port), "--home", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        next(line for line in process.stdout if line.startswith("The demo is on"))
        wait_until_up(f"http://localhost:{port}/healthz")
        try:
            yield f"http://localhost:{port}"
        finally:
            process.terminate()


def main() -> None:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        with demo(Path(folder) / "demo") as url:
            for picture in pictures_of_docs(browser, url):
                print(picture)
        stage = jump_with_history(Path(folder))
        kept(stage.home, opened(at=MARCH_JUMP))
        try:
            for picture in pictures(browser, stage.open_app(), FOLDER):
                print(picture)
        finally:
            stage.close()
        browser.close()


if __name__ == "__main__":
    main()
