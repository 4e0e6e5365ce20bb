"""A page that is opened first begins without a failure in the browser's console."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import finished

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", ["", "worklist", "history?span=7d"])
def test_the_first_load_of_a_page_asks_for_nothing_that_is_not_there(jumped, page: Page, path):
    failed, said = [], []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto(f"{jumped.url}/{path}")
    expect(page.locator("[data-freshness]")).to_be_visible()
    finished(page)
    assert (failed, said) == ([], [])
