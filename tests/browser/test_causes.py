"""From a movement to the deed in a browser: why it jumped on 9 March, what the spike goes with, and who shares it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from aexdash.causes.kept import Reports
from aexdash.causes.report import to_json
from tests.browser.stage import settled
from tests.causes.reports import MOVEMENT, a_finding, a_report
from tests.demo.march import MARCH_PICTURE_IDS

pytestmark = pytest.mark.browser


def test_why_it_jumped_on_9_march_is_told_with_the_honest_size_of_the_evidence(jumped, page: Page):
    page.goto(f"{jumped.url}/history?span=7d&moves=came")
    page.get_by_role("link", name="Why? What goes with it").click()
    expect(page.get_by_text("5 listings came to be held")).to_be_visible()
    expect(page.get_by_text("Too few to tell: 5 listings, and nothing is said of fewer than 20.")).to_be_visible()
    expect(page.get_by_text("Reasons, of 5: Main picture too small 4, Brand missing 1.")).to_be_visible()
    expect(page.get_by_text("Listing quality score: not known")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Markdown", exact=True).click()
    assert download.value.suggested_filename.startswith("aexdash-report-")
    page.go_back()
    expect(page.get_by_role("link", name="Too few to tell: 5 listings")).to_be_visible()


def test_from_what_a_report_names_one_click_leads_to_just_those_that_share_it(jumped, page: Page):
    finding = replace(a_finding(moved=4, on_sale=0), moved=tuple(("main", one) for one in MARCH_PICTURE_IDS))
    report = to_json(a_report(finding, movement=replace(MOVEMENT, stores=None)))
    number = Reports(jumped.home / "desk.db").keep("named", report, by="Olga", now=jumped.now())
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{jumped.url}/causes?report={number}")
    expect(page.get_by_role("heading", name="Goes with picture address")).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="4 held now").click()
    expect(page).to_have_url(f"{jumped.url}/worklist?shares={number}.1")
    expect(page.get_by_text("4 listings").first).to_be_visible()
    expect(page.get_by_role("link", name=f"Report {number}")).to_be_visible()
