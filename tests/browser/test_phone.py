"""On a telephone, 390 pixels wide, a lead sees whose move it is, and finds, reads, takes and marks fixed one listing.

Nothing moves sideways.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from aexdash.desk.decisions.work import Desk
from tests.browser.many import FIRST, Many
from tests.browser.stage import finished
from tests.browser.test_list import row

pytestmark = pytest.mark.browser

SIDEWAYS = "() => document.querySelector('[data-testid=stMain]').scrollWidth - window.innerWidth"
"""Pixels by which the page is wider than the screen."""

BESIDE = """() => [...document.querySelectorAll('[class*=st-key-worklist] :is(button, input)')]
    .filter(one => !one.closest('[class*="st-key-chips-"]') && one.getBoundingClientRect().right > window.innerWidth)
    .map(one => one.textContent)"""
"""The controls of the page that have to be scrolled to sideways; the chips of reasons may, and fade there."""


@pytest.fixture
def many(tmp_path):
    many = Many(tmp_path, 12, explained=False)
    many.url = many.open_app()
    yield many
    many.close()


def test_one_listing_is_found_read_taken_and_marked_fixed_with_a_thumb(many, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{many.url}/worklist?lane=todo&order=product_id")
    expect(row(page, 0)).to_be_visible()
    finished(page)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.evaluate(BESIDE) == []
    fades = "() => getComputedStyle(document.querySelector('.st-key-pages')).maskImage"
    assert "gradient" in page.evaluate(fades)

    search = page.get_by_placeholder("Title, product id or SKU")
    search.fill(str(FIRST + 4))
    search.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    card = row(page, 4)
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390

    card.get_by_role("button", name="Open").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text(str(FIRST + 4)).first).to_be_visible()
    finished(page)
    assert page.evaluate(SIDEWAYS) <= 0
    panel.get_by_role("button", name="Take").click()
    expect(card).to_contain_text("taken")
    expect(panel).to_be_visible()  # it is hers to work on now
    finished(page)
    panel.get_by_role("button", name="Mark fixed").click()
    expect(panel).to_have_count(0)  # it goes on to the next one, and there is none
    expect(page.get_by_text("1 marked fixed").first).to_be_visible()
    told = [(entry.field, entry.after) for entry in Desk(many.home / "desk.db").log("main", FIRST + 4)]
    assert sorted(told) == [("owner", "Lead"), ("stage", "fixed"), ("stage", "taken")]
    assert page.evaluate(SIDEWAYS) <= 0


MOST_OF_THE_BAR = 96
"""Pixels that the bar of pages, the store and how fresh the data is may take together."""


def test_whose_move_it_is_stands_on_the_first_screen_of_a_telephone_below_a_short_bar(jumped, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(jumped.url)
    todo = page.get_by_role("link", name="To fix now 4")
    expect(todo).to_be_visible()
    expect(page.get_by_role("link", name="Main picture too small")).to_be_visible()
    finished(page)
    bar, first = page.locator(".st-key-topbar").bounding_box(), page.locator(".st-key-hero").bounding_box()
    assert bar
    assert first
    assert bar["y"] + bar["height"] <= MOST_OF_THE_BAR
    assert first["y"] < 160
    for role, name in (("link", "To fix now 4"), ("link", "waiting for AliExpress 1"), ("heading", "Why")):
        box = page.get_by_role(role, name=name).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 844, name
    assert page.evaluate(SIDEWAYS) <= 0


def test_the_end_of_a_range_is_not_cut_off_on_a_telephone(jumped, page: Page):
    """*82.9-92.4 of 100* ended in *of 10*."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{jumped.url}/")
    finished(page)
    over = page.locator(".st-key-siblings [data-testid=stMetricValue] p").first.evaluate(
        """value => {
            value.textContent = '82.9–92.4 of 100'
            const whole = document.createRange()
            whole.selectNodeContents(value)
            const tile = value.closest('[class*=st-key-sibling-]').getBoundingClientRect()
            return whole.getBoundingClientRect().right - tile.right
        }"""
    )
    assert over < 0
