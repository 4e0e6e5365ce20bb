"""Pictures of every page, light and dark, on a desk and on a telephone: `python -m tests.browser.screenshots`.

AEXDASH_SCREENSHOTS names the folder they are kept in; without it that is `screenshots/` of the checkout.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from aexdash.demo.world.moments import MARCH_JUMP
from tests.browser.stage import FLAGS, find_browser, finished, jump_with_history
from tests.ui.alerts.alerted import kept, opened

FOLDER = Path(os.environ.get("AEXDASH_SCREENSHOTS") or Path(__file__).parents[2] / "screenshots")

PAGES = {
    "overview": "",
    "worklist": "worklist",
    "reasons": "reasons",
    "history": "history",
    "feed": "feed",
    "sensitivity-bands": "sensitivity",
    "sensitivity-rules": "sensitivity?part=rules",
    "sensitivity-channels": "sensitivity?part=channels",
    "sensitivity-episodes": "sensitivity?part=episodes",
    "health": "health",
    "settings": "settings",
    "settings-channels": "settings?part=channels",
    "connect": "connect",
}
THEMES = ("light", "dark")
SIZES = {"desk": {"width": 1280, "height": 800}, "telephone": {"width": 390, "height": 844}}


def pictures(browser: Browser, url: str, folder: Path) -> Iterator[Path]:
    """Take every picture, the whole height of the page; two runs of one checkout write the same names."""
    folder.mkdir(parents=True, exist_ok=True)
    for theme, (size, viewport) in product(THEMES, SIZES.items()):
        with browser.new_context(color_scheme=theme, viewport=viewport) as context:
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(f"{url}/{path}")
                expect(page.get_by_role("heading").first).to_be_visible()
                if name == "worklist":
                    expect(page.locator("tbody tr").first).to_be_visible()
                finished(page)
                yield shot(page, folder / f"{name}-{theme}-{size}.png")


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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stage = jump_with_history(Path(folder))
        kept(stage.home, opened(at=MARCH_JUMP))
        try:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
            for picture in pictures(browser, stage.open_app(), FOLDER):
                print(picture)
            browser.close()
        finally:
            stage.close()


if __name__ == "__main__":
    main()
