"""A menu that somebody has opened stays open until she closes it, whatever changes; then the page shows it."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Page, expect

from tests.browser.many import Many
from tests.browser.stage import finished
from tests.browser.test_keys import forty, opened
from tests.ui.alerts.alerted import kept, severe

pytestmark = pytest.mark.browser

WAITS = "Newer data waits for the open menu"
MENUS = ("Export", "Views", "Columns", "Rules", "More filters", "Campaigns", "Lead is your name; change it")
EPISODES = itertools.count(1)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    with forty(tmp_path_factory.mktemp("many")) as many:
        yield many


def mark(page: Page) -> str:
    """What stands for all that the page shows."""
    return str(page.locator("[data-news-mark]").get_attribute("data-news-mark"))


def change_something(many: Many, page: Page, shown: str) -> None:
    """Have an alert open, and wait until the page has heard of it twice."""
    kept(many.home, severe(next(EPISODES)))
    for _ in range(2):
        with page.expect_response(lambda one: "/news.json" in one.url and one.json()["mark"] != shown):
            pass


@pytest.mark.parametrize("name", MENUS)
def test_an_open_menu_outlasts_what_changes_and_the_page_shows_it_once_it_is_closed(many, page: Page, name):
    opened(page, many.url)
    page.get_by_role("button", name=name, exact=True).click()
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu).to_be_visible()
    finished(page)
    shown = mark(page)
    change_something(many, page, shown)
    expect(menu).to_be_visible()
    expect(page.locator("[data-freshness]")).to_have_text(WAITS)
    assert mark(page) == shown
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(page.locator(f'[data-news-mark="{shown}"]')).to_have_count(0)
    expect(page.locator("[data-freshness]")).not_to_have_text(WAITS)


def test_a_list_of_choices_stays_open_too(many, page: Page):
    opened(page, many.url)
    page.get_by_role("combobox", name="Order").click()
    choices = page.get_by_role("listbox")
    expect(choices).to_be_visible()
    finished(page)
    change_something(many, page, mark(page))
    expect(choices).to_be_visible()
    page.keyboard.press("Escape")
