"""Alerts in a browser: the title of the tab, a notification that was allowed, the keyboard, a telephone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.world import World
from tests.browser.stage import A_MOMENT, Stage, finished, settled
from tests.ui.alerts.alerted import kept, opened, severe

pytestmark = pytest.mark.browser

NOW = MARCH_JUMP + A_MOMENT

NOTED = """
window.noted = [];
window.Notification = function (title, more) { window.noted.push([title, more.body, more.tag]); };
window.Notification.permission = "default";
window.Notification.requestPermission = async () => (window.Notification.permission = "granted");
"""
"""Notes the notifications that a page asks the browser for, which allows them when it is asked: a browser without
windows has none to show, and refuses them whatever is granted."""


def with_an_alert(stage: Stage) -> Stage:
    """Open an episode, and the app."""
    kept(stage.home, opened(at=MARCH_JUMP))
    stage.open_app()
    return stage


@pytest.fixture
def alerted(stage_of, read):
    """A stage on 9 March on which one episode is open."""
    return with_an_alert(stage_of(World(), NOW, read))


@pytest.fixture(scope="module")
def alerted_to_look_at(tmp_path_factory, read):
    """The same for tests that only look."""
    stage = with_an_alert(Stage(tmp_path_factory.mktemp("alerted"), World(), NOW, read))
    yield stage
    stage.close()


def test_the_tab_counts_what_is_open_until_somebody_acknowledges_it_by_keyboard(alerted, page: Page):
    page.goto(alerted.url)
    expect(page.get_by_text("1 open alert")).to_be_visible()
    expect(page).to_have_title("(1) Overview · aexdash")
    kept(alerted.home, severe())
    expect(page).to_have_title("(2) Overview · aexdash")
    page.get_by_text("2 open alerts").click()
    button = page.get_by_role("button", name="Acknowledge")
    for count, title in ((2, "(1) Overview · aexdash"), (1, "Overview · aexdash")):
        expect(button).to_have_count(count)  # the line stays open
        settled(page)
        button.first.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_title(title)
    expect(page.get_by_text("2 open alerts, all seen")).to_be_visible()


OPEN_AND_ACKNOWLEDGE = """() => {
    const line = document.querySelector(".st-key-open-alerts details");
    line.querySelector("summary").click();
    [...line.querySelectorAll("button")].find((one) => one.textContent.includes("Acknowledge")).click();
}"""


def test_the_line_stays_open_for_whoever_acknowledges_faster_than_the_server_hears_that_it_was_opened(
    alerted, page: Page
):
    page.goto(alerted.url)
    expect(page.get_by_text("1 open alert")).to_be_visible()
    kept(alerted.home, severe())
    expect(page).to_have_title("(2) Overview · aexdash")
    finished(page)
    page.evaluate(OPEN_AND_ACKNOWLEDGE)
    expect(page.get_by_text("1 more seen")).to_be_visible()
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(1)


def test_a_notification_comes_where_it_was_allowed_and_for_what_is_new_alone(alerted, page: Page):
    page.add_init_script(NOTED)
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    page.goto(f"{alerted.url}/sensitivity?part=channels")
    expect(page.get_by_text("Off in this browser.")).to_be_visible()
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("On in this browser, while a page of aexdash is open.")).to_be_visible()
    assert page.evaluate("window.noted") == []
    kept(alerted.home, opened("stuck", 3, at=MARCH_JUMP - timedelta(minutes=1)))
    page.evaluate("() => window.aexdashAlerts.look()")
    assert page.evaluate("() => window.noted.map((one) => one[0])") == ["low: Stuck in audit"]
    page.evaluate("() => window.aexdashAlerts.look()")
    assert len(page.evaluate("() => window.noted")) == 1
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_text("Off in this browser.")).to_be_visible()
    assert refused == []


PARTS = {
    "rules&rule=worse-than-usual": "Alert rules",
    "channels": "Channels",
    "episodes&episode=1": "Alerts",
}


@pytest.mark.parametrize("part", PARTS)
def test_the_parts_of_sensitivity_stand_in_the_address_and_fit_a_telephone(alerted_to_look_at, page: Page, part):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{alerted_to_look_at.url}/sensitivity?part={part}")
    expect(page.get_by_role("radio", name=PARTS[part], checked=True)).to_be_visible()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
