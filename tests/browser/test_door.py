"""What a browser lets the pages do and with whom it lets them speak."""

from __future__ import annotations

import socket

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import settled

pytestmark = pytest.mark.browser

SPEAK = """address => new Promise(done => {
  document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective), {once: true});
  new WebSocket(address).onopen = () => done("open");
})"""


def test_a_page_has_its_websocket_and_no_other_not_even_of_this_machine(jumped, page: Page):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        other = f"ws://127.0.0.1:{listening.getsockname()[1]}/"
        refused = []
        page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(jumped.url)
        settled(page)
        expect(page.get_by_text("listings held").first).to_be_visible()
        assert refused == []
        assert page.evaluate(SPEAK, f"{jumped.url.replace('http', 'ws', 1)}/_stcore/stream") == "open"
        assert page.evaluate(SPEAK, other) == "connect-src"
        assert page.evaluate(SPEAK, "wss://elsewhere.example/") == "connect-src"


def test_an_address_that_is_none_says_so_in_a_sentence(jumped, page: Page):
    page.goto(f"{jumped.url}/secrets.toml")
    expect(page.get_by_text("There is no such page here; the pages begin at /.")).to_be_visible()
