"""The chart of *history* in a browser: marked, told in words, and saved as a picture without any other host."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import settled

pytestmark = pytest.mark.browser


def test_the_chart_is_saved_as_a_picture_and_no_other_host_is_asked(jumped, page: Page):
    elsewhere: list[str] = []
    ours = (jumped.url, jumped.url.replace("http", "ws", 1), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(ours) else elsewhere.append(request.url))
    page.goto(f"{jumped.url}/history?span=7d")
    chart = page.get_by_test_id("stPlotlyChart").first
    expect(chart.locator(".main-svg").first).to_be_visible()
    chart.hover()
    with page.expect_download() as download:
        chart.locator(".modebar-btn").first.click()
    picture = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == "aexdash-history-2026-03-03-2026-03-09.png"
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    assert width > 1000
    assert height > 500
    assert elsewhere == []


def test_grain_and_span_are_in_the_address_and_survive_a_reload(jumped, page: Page):
    page.goto(f"{jumped.url}/history")
    expect(page.get_by_text("New reason: Main picture too small, 4 of 5 listings")).to_be_visible()
    page.get_by_role("radio", name="7 days").click()
    expect(page).to_have_url(f"{jumped.url}/history?span=7d")
    settled(page)
    page.get_by_role("radio", name="Hours").click()
    expect(page).to_have_url(f"{jumped.url}/history?span=7d&grain=hour")
    page.reload()
    expect(page.get_by_text("Held at the end of the hour")).to_be_visible()


def test_the_chart_fits_a_telephone(jumped, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{jumped.url}/history")
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
