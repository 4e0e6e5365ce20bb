"""Asking on the overview: the key, the answer with its statement, a reading chosen, why it jumped, and the way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import finished
from tests.browser.test_clicks import SlowWay

pytestmark = pytest.mark.browser


def ask(page: Page, words: str) -> None:
    """Press the key of the box, type and press Enter."""
    finished(page)
    page.locator("body").press("/")
    box = page.get_by_role("textbox", name="Ask a question in plain words")
    expect(box).to_be_focused()
    box.fill(words)
    box.press("Enter")


def top_of(element: Locator) -> float:
    """How far below the top of the window an element begins, in pixels."""
    box = element.bounding_box()
    assert box
    return box["y"]


def test_a_lead_asks_from_the_overview_goes_on_and_asks_why(jumped, page: Page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(jumped.url)
    expect(page.get_by_role("heading", name="5 listings held")).to_be_visible()
    ask(page, "rejected listings by reason")
    expect(page.get_by_role("heading", name="4 listings rejected now.")).to_be_visible()
    expect(page.get_by_text(re.compile("^Read 9 Mar 2026")).first).to_be_visible()
    row = page.get_by_role("link", name="4 Main picture too small")
    finished(page)
    asked, read = page.get_by_text("Asked: rejected listings by reason"), page.get_by_text(re.compile("^Read as"))
    assert [top_of(one) for one in (asked, read, row)] == sorted(top_of(one) for one in (asked, read, row))
    row.click()
    expect(page).to_have_url(re.compile("/worklist.*reason=image.main_too_small"))
    page.go_back()
    expect(page.get_by_role("heading", name="4 listings rejected now.")).to_be_visible()

    ask(page, "and in audit?")
    expect(page.get_by_role("heading", name="1 listing in audit now.")).to_be_visible()
    expect(page).to_have_url(re.compile("then=and"))

    ask(page, "Why did it jump on 9 March?")
    expect(page.get_by_text("Too few to tell: 5 listings").first).to_be_visible()
    expect(page.get_by_text("Main picture too small 4, Brand missing 1").first).to_be_visible()

    ask(page, "rejected listings today")
    page.get_by_role("button", name="listings that were rejected, on Mon 9 Mar 2026, so far").click()
    expect(
        page.get_by_role("heading", name=re.compile("listings were rejected on Mon 9 Mar 2026, so far"))
    ).to_be_visible()


def test_a_question_is_answered_though_the_page_asks_for_news_before_it_has_heard_where_it_leads(jumped, page: Page):
    """The answer stood there for a moment, and then the window was empty: the news were those of the page before."""
    way = SlowWay(page)
    page.goto(jumped.url)
    expect(page.get_by_role("heading", name="5 listings held")).to_be_visible()
    finished(page)
    box = page.get_by_role("textbox", name="Ask a question in plain words")
    box.fill("rejected listings by reason")
    with way.held_back(page):
        box.press("Enter")
    expect(page.get_by_role("heading", name="4 listings rejected now.")).to_be_visible()
    finished(page)
    expect(page.get_by_role("link", name="4 Main picture too small")).to_be_visible()
    expect(page).to_have_url(re.compile("/ask.*q=rejected"))
