"""The guided tour of the worked example, step by step, as somebody new walks it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aexdash.config.settings import load_settings
from aexdash.demo.launch import DemoStore, live_through, march_readings, prepare
from aexdash.demo.world.world import World
from aexdash.sync.kit import ALL_EVIDENCE
from aexdash.words.tour import EXAMPLE, STEPS
from tests.browser.stage import Stage, finished
from tests.browser.test_worked_example import ids_in
from tests.demo.march import MARCH_PICTURE_IDS

pytestmark = pytest.mark.browser

LONG_AFTER = datetime(2026, 11, 28, 12, tzinfo=UTC)
FILE_STEP = 4

HEADINGS = (
    "0 listings held",
    "5 listings held",
    "5 listings",
    "4 listings",
    "4 listings",
    "5 listings held",
    "0 listings held",
    "History",
    "Sensitivity",
)


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """A stage with the worked example, read to its end and kept, as the demo does it; nobody writes on a tour."""
    march = DemoStore(
        EXAMPLE, "Worked example", "50000003", "overseas", World(), watched=False, past_limits=ALL_EVIDENCE
    )
    stage = Stage(tmp_path_factory.mktemp("example"), World(), LONG_AFTER)
    prepare(stage.home, [march], stage.gateway.url)
    live_through(march, load_settings(stage.home), march_readings(), log=pytest.fail, alerts=True)
    stage.open_app()
    yield stage
    stage.close()


def test_the_tour_is_begun_with_one_click_and_walked_to_its_end_and_out(example, page: Page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(example.url)
    offer = page.get_by_role("link", name="the tour, nine steps")
    assert "tour=1" in (offer.get_attribute("href") or "")
    offer.click()
    for number, step in enumerate(STEPS, 1):
        bar = page.locator(".st-key-tour")
        expect(bar).to_contain_text(f"{number} of {len(STEPS)} · {step.name}")
        expect(page.get_by_role("heading", name=HEADINGS[number - 1]).first).to_be_visible()
        finished(page)
        assert f"tour={number}" in page.url
        if number == FILE_STEP:
            with page.expect_download() as download:
                bar.get_by_role("link", name="CSV of these four").click()
            assert ids_in(Path(download.value.path()).read_bytes()) == set(MARCH_PICTURE_IDS)
        if number < len(STEPS):
            name = f"Next: {STEPS[number].name} ›"
            bar.get_by_role("link", name=name).click()
    page.get_by_role("link", name="End the tour").click()
    expect(page.locator(".st-key-tour")).to_have_count(0)
    expect(page).to_have_url(f"{example.url}/")


def test_a_link_from_a_page_to_itself_is_in_the_address_in_reload_and_on_the_way_back(example, page: Page):
    """Streamlit draws what such a link leads to and leaves the address: a reload showed another moment."""
    there = "As it was 9 Mar 2026 07:45 Madrid"
    first = f"{example.url}/history?store={EXAMPLE}&as_of=2026-03-09T06%3A45%3A00.000Z"
    page.goto(first)
    bar = page.locator(".st-key-time-machine")
    expect(bar).to_contain_text(there)
    finished(page)
    page.get_by_role("link", name="Before the last change").click()
    expect(bar).not_to_contain_text(there)
    finished(page)
    second = page.url
    assert second != first
    assert "as_of=2026-03-09T06%3A" in second
    words = bar.locator("p").first.inner_text()
    page.reload()
    expect(bar).to_contain_text(words)
    page.go_back()
    expect(bar).to_contain_text(there)
    expect(page).to_have_url(first)


def test_on_a_telephone_the_time_machine_is_two_lines_the_tour_one_and_why_is_on_the_first_screen(example, page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{example.url}/?tour=2")
    expect(page.locator(".st-key-tour")).to_contain_text("2 of 9 · The jump")
    expect(page.get_by_role("link", name="Main picture too small")).to_be_visible()
    finished(page)
    for place, most in (("time-machine", 80), ("tour", 44)):
        box = page.locator(f".st-key-{place}").bounding_box()
        assert box
        assert box["height"] <= most, place
    box = page.get_by_role("heading", name="Why").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 844
    page.get_by_role("button", name="Tell more").click()
    expect(page.get_by_text("Held listings sell nothing until somebody notices.").last).to_be_visible()
    page.get_by_role("link", name="End the tour").click()
    expect(page.locator(".st-key-tour")).to_have_count(0)
