"""A list of Seller Center in a real browser: copied ids, what came of them, the file, and the line beside the hero."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.world import World
from tests.browser.stage import A_MOMENT, finished
from tests.browser.test_worked_example import ids_in
from tests.demo.march import MARCH_BRAND_ID, MARCH_PICTURE_IDS

pytestmark = pytest.mark.browser

DESK, TELEPHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def one_line(page: Page) -> bool:
    """Whether the line with the comparison takes no more room than without, and hides nothing of the one below."""
    statuses = page.locator(".st-key-statuses").bounding_box()
    below = page.locator(".st-key-lanes").bounding_box()
    last = page.locator(".st-key-statuses .stPageLink").last.bounding_box()
    assert statuses
    assert below
    assert last
    inside = last["x"] + last["width"] <= statuses["x"] + statuses["width"] + 1
    return inside and statuses["height"] < 24 and last["y"] + last["height"] <= below["y"] + 8


def test_copied_ids_become_reasons_a_file_and_a_line_beside_the_hero(stage_of, read, page: Page):
    stage = stage_of(World(), MARCH_JUMP + A_MOMENT, read)
    page.set_viewport_size(DESK)
    page.goto(stage.open_app())
    finished(page)
    height = page.locator(".st-key-hero").bounding_box()
    page.get_by_role("link", name="compare with Seller Center").click()
    expect(page).to_have_url(f"{stage.url}/reconcile")
    page.get_by_role("radio", name="Copied ids").click()
    page.get_by_role("textbox", name="Product ids").fill("\n".join(map(str, (*MARCH_PICTURE_IDS, 1005009999999999))))
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="Differs by 2, not all explained")).to_be_visible()
    expect(page).to_have_url(f"{stage.url}/reconcile?with=ids&report=1")
    expect(page.get_by_text("Held: 5 there").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert ids_in(Path(download.value.path()).read_bytes()) == {MARCH_BRAND_ID, 1005009999999999}

    page.goto(stage.url)
    line = page.get_by_role("link", name="differs by 2, not all explained")
    expect(line).to_be_visible()
    finished(page)
    assert page.locator(".st-key-hero").bounding_box() == height
    assert one_line(page)
    page.set_viewport_size(TELEPHONE)
    finished(page)
    assert one_line(page)
    line.click()
    expect(page.get_by_role("heading", name="Differs by 2, not all explained")).to_be_visible()
