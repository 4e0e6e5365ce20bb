"""A page stands still when its server is gone; it says so, and no young age stays on it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from aexdash.cli import serve

pytestmark = pytest.mark.browser

SAID = "getComputedStyle(document.querySelector('.st-key-freshness'), '::after').content"


def test_a_page_whose_server_is_gone_greys_and_hides_how_young_its_data_was(page, jumped):
    page.goto(jumped.open_another())
    age = page.locator(".st-key-freshness").get_by_text("read ")
    expect(age).to_be_visible()
    expect(page.locator("html[data-asks-for-news]")).to_be_attached()
    serve.end(jumped.apps.pop())
    expect(page.locator("html[data-server-gone]")).to_be_attached()
    expect(age).to_be_hidden()
    said = page.evaluate(SAID)
    assert said.startswith('"the server has not answered for '), said
    assert "this page stands still" in said
