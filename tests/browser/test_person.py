"""A person in a browser: named once, kept over reloads and tabs, changed in the bar, asked where a click needs it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from aexdash.cards import CARDS, Band, Direction
from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.world import World
from aexdash.desk.annotations import Annotations
from aexdash.desk.bands import Sensitivity
from aexdash.ui.frame.person import COOKIE
from tests.browser.stage import A_MOMENT, finished, new_window

pytestmark = pytest.mark.browser

NOW = MARCH_JUMP + A_MOMENT


@pytest.fixture
def stage(stage_of, read):
    stage = stage_of(World(), NOW, read)
    stage.open_app()
    return stage


@pytest.fixture
def somebody(browser):
    """A browser that keeps no name yet."""
    context = new_window(browser)
    yield context
    context.close()


def opened(context, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    finished(page)
    return page


def bar(page: Page):
    return page.locator(".st-key-person").get_by_role("button")


def rename(page: Page, name: str) -> None:
    bar(page).click()
    field = page.get_by_label("Your name")
    field.fill(name)
    field.press("Enter")


def test_a_name_given_once_is_there_after_a_reload_and_in_a_second_tab(stage, somebody):
    first = opened(somebody, stage.url)
    expect(bar(first)).to_contain_text("Who are you?")
    rename(first, "Bj\u00f6rn, \u201cthe fix\u201d; 50 %")
    expect(bar(first)).to_contain_text("Bj\u00f6rn, \u201cthe fix\u201d; 50 %")
    expect(first.locator("html[data-name-turn]")).to_have_count(1)  # kept: a tab reads it once, when it is opened
    expect(bar(opened(somebody, f"{stage.url}/health"))).to_contain_text("Bj\u00f6rn, \u201cthe fix\u201d; 50 %")
    first.reload()
    expect(bar(first)).to_contain_text("Bj\u00f6rn, \u201cthe fix\u201d; 50 %")
    [cookie] = [one for one in somebody.cookies() if one["name"] == COOKIE]
    assert (cookie["path"], cookie["sameSite"], cookie["secure"]) == ("/", "Lax", False)


def test_a_name_changed_in_one_tab_is_not_put_back_by_another(stage, somebody):
    first, second = opened(somebody, stage.url), opened(somebody, stage.url)
    rename(first, "Olga")
    expect(bar(first)).to_contain_text("Olga")
    rename(second, "Ann")
    expect(bar(second)).to_contain_text("Ann")
    first.get_by_role("navigation").get_by_role("link", name="Health").click()
    finished(first)
    expect(bar(first)).to_contain_text("Olga")
    expect(bar(opened(somebody, stage.url))).to_contain_text("Ann")


def test_a_click_in_the_panel_asks_for_a_name_and_is_done_under_it(stage, somebody):
    listing = stage.held()[0]
    page = opened(somebody, f"{stage.url}/worklist?listing={listing.store}/{listing.product_id}")
    panel = page.get_by_role("dialog")
    panel.get_by_label("Paste what it says here").fill("Main image is too small.")
    panel.get_by_label("Paste what it says here").press("Tab")
    finished(page)
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog", name="Your name")).to_be_visible()
    page.get_by_role("dialog").get_by_label("Your name").fill("Olga")
    page.get_by_role("dialog").get_by_role("button", name="Go on").click()
    expect(page.get_by_role("dialog").get_by_label("Paste what it says here")).to_have_value("")
    expect(bar(page)).to_contain_text("Olga")
    kept = Annotations(stage.home / "desk.db").of(listing.store, listing.product_id)
    assert [(one.by, one.text) for one in kept] == [("Olga", "Main image is too small.")]


def test_who_gives_no_name_is_told_that_nothing_was_saved(stage, somebody):
    page = opened(somebody, f"{stage.url}/sensitivity?part=rules")
    page.get_by_role("switch", name="On: Anything is held").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog", name="Your name")).to_be_visible()
    finished(page)
    page.get_by_role("dialog").get_by_label("Your name").press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Nothing was saved: that needs a name.")).to_be_visible()
    expect(page.get_by_role("switch", name="On: Anything is held")).to_be_checked()


def test_what_a_colleague_changes_appears_by_itself(stage, page: Page):
    page.goto(f"{stage.url}/sensitivity")
    expect(page.get_by_role("button", name="Change band of Suppressed share")).to_be_visible()
    desk = Sensitivity(stage.home / "desk.db")
    share = CARDS["aex_listing_suppressed_pct"]
    desk.set_band(None, share, Band(Direction.LOWER, 30, 40), by="Olga, of the night", now=NOW + timedelta(minutes=1))
    expect(page.get_by_text("set by Olga, of the night")).to_be_visible()
