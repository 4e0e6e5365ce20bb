"""What only a browser can show: cold visits, the view in the address, the page that follows the snapshot."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aexdash.demo.world.moments import MARCH_FIXED, MARCH_JUMP, MARCH_PASSED
from aexdash.demo.world.world import World
from tests.browser.stage import A_MOMENT, finished
from tests.browser.test_worked_example import ids_in
from tests.demo.march import MARCH_PICTURE_IDS

pytestmark = pytest.mark.browser

HEADINGS = {
    "": "listings held",
    "ask": "In English, Chinese, Russian or Spanish.",
    "worklist": "5 listings",
    "reasons": "What Seller Center says",
    "feed": "Feed validation",
    "history": "History",
    "sensitivity": "A profile is a named set of stores",
    "reconcile": "Compared with Seller Center",
    "health": "Is what I see true?",
    "settings": "Its key in files, addresses and commands is main.",
}


@pytest.mark.parametrize("path", HEADINGS)
def test_a_deep_link_opens_its_page_on_a_server_that_nobody_visited_before(unvisited, page: Page, path):
    page.goto(f"{unvisited}/{path}")
    expect(page.get_by_text(HEADINGS[path]).first).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_role("link", name="Worklist").first).to_be_visible()


def test_a_chip_filters_the_address_keeps_it_and_the_csv_holds_just_that(jumped, page: Page):
    page.goto(f"{jumped.url}/worklist")
    expect(page.get_by_text("5 listings").first).to_be_visible()
    page.get_by_role("button", name="Image").click()
    expect(page).to_have_url(f"{jumped.url}/worklist?reason=image")
    page.get_by_role("button", name="Main picture too small").click()
    expect(page).to_have_url(f"{jumped.url}/worklist?reason=image.main_too_small")
    expect(page.get_by_text("4 listings").first).to_be_visible()

    page.reload()
    expect(page.get_by_text("4 listings").first).to_be_visible()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert ids_in(Path(download.value.path()).read_bytes()) == set(MARCH_PICTURE_IDS)

    page.go_back()
    page.go_back()
    expect(page.get_by_text("5 listings").first).to_be_visible()


def test_the_filters_behind_the_row_come_when_they_are_opened_and_stay_for_the_next_choice(jumped, page: Page):
    page.goto(f"{jumped.url}/worklist")
    expect(page.get_by_text("5 listings").first).to_be_visible()
    age = page.get_by_role("radiogroup", name="Held at least").get_by_role("radio", name="1 day")
    expect(age).to_have_count(0)
    page.get_by_role("button", name="More filters").click()
    age.click()
    expect(page).to_have_url(f"{jumped.url}/worklist?age=1d")
    expect(page.get_by_text("1 set")).to_be_visible()
    age.click()
    expect(page).to_have_url(f"{jumped.url}/worklist")
    expect(age).to_be_visible()
    expect(page.get_by_text("5 listings").first).to_be_visible()


def test_the_page_follows_a_sync_and_keeps_the_filter_and_says_when_it_is_stale(stage_of, read, page: Page):
    stage = stage_of(World(), MARCH_JUMP + A_MOMENT, read)
    page.goto(f"{stage.open_app()}/worklist?reason=image.main_too_small")
    expect(page.get_by_text("4 listings").first).to_be_visible()
    stage.move_to(MARCH_FIXED[0] + timedelta(minutes=1))
    stage.sync("--pulse")
    expect(page.get_by_text("3 listings").first).to_be_visible()
    expect(page.get_by_role("button", name="Main picture too small 3", pressed=True)).to_be_visible()
    expect(page).to_have_url(f"{stage.url}/worklist?reason=image.main_too_small")

    stage.move_to(MARCH_FIXED[0] + timedelta(hours=3))
    page.reload()
    expect(page.get_by_text("3 listings").first).to_be_visible()
    expect(page.get_by_text("stale").first).to_be_visible()


def test_an_overview_left_open_tells_each_reading_as_listings_pass(stage_of, read, page: Page):
    stage = stage_of(World(), MARCH_JUMP + A_MOMENT, read)
    page.goto(stage.open_app())
    expect(page.get_by_role("link", name="the 5 listings held")).to_be_visible()
    for moment, held in zip(MARCH_PASSED[-3:-1], ("2 listings", "1 listing"), strict=True):
        stage.move_to(moment + timedelta(minutes=1))
        stage.sync("--pulse")
        expect(page.get_by_role("link", name=f"the {held} held")).to_be_visible()
    assert len(stage.held()) == 1


def test_from_the_first_screen_the_file_of_one_reason_is_one_click_away(jumped, page: Page):
    page.goto(jumped.url)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of Main picture too small").click()
    assert ids_in(Path(download.value.path()).read_bytes()) == set(MARCH_PICTURE_IDS)
    expect(page.get_by_text("listings held").first).to_be_visible()


FIRST_SCREEN = {
    "is anything held": ("heading", "5 listings held"),
    "why": ("link", "Main picture too small"),
    "and why else": ("link", "Brand missing"),
    "what can be done now": ("link", "To fix now 4"),
    "the rejected ones": ("link", "4 rejected"),
    "a card beside it": ("img", "Suppressed share, 30 days"),
}


def test_the_first_screen_answers_without_scrolling(jumped, page: Page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(jumped.url)
    for role, name in FIRST_SCREEN.values():
        expect(page.get_by_role(role, name=name).first).to_be_visible()
    finished(page)
    boxes = {
        what: page.get_by_role(role, name=name).first.bounding_box() for what, (role, name) in FIRST_SCREEN.items()
    }
    for words in ("read", "Today:"):
        boxes[words] = page.get_by_text(words).first.bounding_box()
    for what, box in boxes.items():
        assert box, what
        assert box["y"] + box["height"] <= 800, what
    assert page.locator(".st-key-topbar").bounding_box()["y"] < 20  # no empty strip on top
    page.get_by_role("link", name="the 5 listings held").click()
    expect(page).to_have_url(f"{jumped.url}/worklist")
