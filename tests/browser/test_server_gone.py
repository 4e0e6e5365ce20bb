"""A page stands still when its server is gone; it says so, and no young age stays on it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from aexdash.cli import serve
from tests.browser.stage import open_app

pytestmark = pytest.mark.browser

SAID = "getComputedStyle(document.querySelector('.st-key-freshness'), '::after').content"

TOLD = """() => {
    const dialog = document.querySelector('[role="dialog"]');
    const after = (one) => getComputedStyle(one, "::after").content;
    return [after(dialog.querySelector("h2")), after(dialog.querySelector("h2 + div")), dialog.innerText];
}"""


def test_a_page_whose_server_is_gone_hides_how_young_its_data_was_and_says_in_our_words_what_is_lost(page, jumped):
    url, app = open_app(jumped.home, jumped.clock_file)
    page.goto(url)
    age = page.locator(".st-key-freshness").get_by_text("read ")
    expect(age).to_be_visible()
    expect(page.locator("html[data-asks-for-news]")).to_be_attached()
    serve.end(app)
    expect(page.locator("html[data-server-gone]")).to_be_attached()
    expect(age).to_be_hidden()
    said = page.evaluate(SAID)
    assert said.startswith('"the server has not answered for '), said
    assert "this page stands still, and its ages are of then" in said

    expect(page.locator('[role="dialog"][data-connection-lost]')).to_be_attached()
    title, sentence, rest = page.evaluate(TOLD)
    assert title == '"The server does not answer"'
    assert "goes on by itself once it answers again" in sentence
    assert "yourscript" not in rest
    expect(page.get_by_text("yourscript")).to_be_hidden()
