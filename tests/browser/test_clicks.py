"""No click is lost while a page draws itself again after a sync, whatever is clicked on and however the two meet."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.world import World
from tests.browser.stage import A_MOMENT, PATIENCE, Stage, finished, settled
from tests.ui.alerts.alerted import kept, severe

pytestmark = pytest.mark.browser

NOW = MARCH_JUMP + A_MOMENT
EPISODES = itertools.count(1)
"""A page draws itself again for one more alert as it does for a sync that found something."""

KEEPS_PRESSES = "html[data-keeps-presses]"
"""The page once the script is there, which comes after the page itself."""

HEAR_NEWS = "document.querySelector('.st-key-show-news button').click()"
"""What the script of a page does when there is news."""

GATE_CODE = Path(__file__).with_name("gate")


class Gate:
    """Holds the app of a stage in the middle of drawing a page again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.environment = {"AEXDASH_TEST_GATE": str(folder), "PYTHONPATH": str(GATE_CODE)}

    def close(self) -> None:
        self.clear()
        (self.folder / "closed").touch()

    def clear(self) -> None:
        for file in self.folder.iterdir():
            file.unlink()

    def open(self) -> None:
        (self.folder / "open").touch()

    def wait_for(self, word: str, page: Page) -> None:
        """Wait until the app says a word; the browser goes on meanwhile."""
        pause = threading.Event()
        for _ in range(PATIENCE * 50):
            if (self.folder / word).exists():
                return
            page.evaluate("0")
            pause.wait(0.02)
        pytest.fail(f"The app never said {word!r}")


@pytest.fixture(scope="module")
def gated(tmp_path_factory, read):
    """A stage on 9 March with an app that a gate can hold."""
    folder = tmp_path_factory.mktemp("held")
    stage, gate = Stage(folder, World(), NOW, read), Gate(folder / "gate")
    stage.url = stage.open_another(**gate.environment)
    yield stage, gate
    stage.close()


@pytest.fixture
def held(gated):
    """The same, at its moment and with its gate open."""
    stage, gate = gated
    gate.clear()
    stage.move_to(NOW)
    return stage, gate


@pytest.fixture
def stage(held):
    return held[0]


CLICKS = {
    "a link to another page": ("reasons", "link", "Worklist", "/worklist?lane=todo&order=urgent"),
    "a link with a filter": ("", "link", "Main picture too small", "/worklist?reason=image.main_too_small"),
    "a chip": ("worklist", "button", "Image", "/worklist?reason=image"),
    "a choice": ("history", "radio", "7 days", "/history?span=7d"),
    "a part": ("sensitivity", "radio", "Channels", "/sensitivity?part=channels"),
    "a family": ("reasons", "radio", "Duplicate", "/reasons?family=duplicate"),
}


@pytest.mark.parametrize("what", CLICKS)
def test_what_is_clicked_on_while_the_page_begins_anew_is_what_comes(held, page: Page, what):
    path, role, name, address = CLICKS[what]
    stage, gate = held
    gate.clear()
    page.goto(f"{stage.url}/{path}")
    target = page.get_by_role(role, name=name).first
    expect(target).to_be_visible()
    finished(page)
    gate.close()
    kept(stage.home, severe(next(EPISODES)))
    gate.wait_for("waiting", page)
    target.click()
    gate.wait_for("asked", page)
    gate.open()
    expect(page).to_have_url(stage.url + address)
    settled(page)
    expect(page).to_have_url(stage.url + address)


@pytest.mark.parametrize("what", CLICKS)
def test_what_is_pressed_while_the_page_moves_under_the_pointer_is_what_comes(stage, page: Page, what):
    path, role, name, address = CLICKS[what]
    page.goto(f"{stage.url}/{path}")
    target = page.get_by_role(role, name=name).first
    expect(target).to_be_visible()
    expect(page.locator(KEEPS_PRESSES)).to_be_attached()
    finished(page)
    expect(page.get_by_test_id("stAlert").filter(has_text="Stale")).to_have_count(0)
    target.hover()
    page.mouse.down()
    stage.move_to(NOW + timedelta(hours=3))
    page.evaluate(HEAR_NEWS)  # which the script does not do while something is pressed; an answer may be late
    expect(page.get_by_test_id("stAlert").filter(has_text="Stale")).to_be_visible()
    settled(page)
    page.mouse.up()
    expect(page).to_have_url(stage.url + address)


MOMENTS = {"replaced": 0, "left out for a moment": 500}
"""What a drawing does to what is pressed, and after how many milliseconds it is there again."""


@pytest.mark.parametrize("what", MOMENTS)
def test_a_link_that_a_drawing_puts_elsewhere_while_it_is_pressed_is_followed(stage, page: Page, what):
    page.goto(stage.url)
    target = page.get_by_role("link", name="Main picture too small").first
    expect(target).to_be_visible()
    expect(page.locator(KEEPS_PRESSES)).to_be_attached()
    finished(page)
    target.hover()
    page.mouse.down()
    target.evaluate(
        """(link, after) => {
            const both = link.closest(".stPageLink"), place = both.parentElement, anew = both.cloneNode(true);
            both.remove();
            place.style.paddingTop = "200px";
            window.anew = () => place.append(anew);
            if (!after) window.anew();
        }""",
        MOMENTS[what],
    )
    page.mouse.up()
    if MOMENTS[what]:
        page.evaluate("(after) => window.setTimeout(window.anew, after)", MOMENTS[what])
    expect(page).to_have_url(f"{stage.url}/worklist?reason=image.main_too_small")


def test_a_press_that_is_dragged_away_clicks_on_nothing(stage, page: Page):
    page.goto(f"{stage.url}/worklist")
    chip = page.get_by_role("button", name="Image")
    expect(chip).to_be_visible()
    expect(page.locator(KEEPS_PRESSES)).to_be_attached()
    finished(page)
    chip.hover()
    page.mouse.down()
    page.mouse.move(600, 600)
    page.mouse.up()
    page.get_by_role("button", name="Required attribute").click()
    expect(page).to_have_url(f"{stage.url}/worklist?reason=attribute")


class SlowWay:
    """The way from the app to a page; while it is held, what the app says waits, and the page goes on asking."""

    def __init__(self, page: Page) -> None:
        self.held: list[bytes | str] | None = None
        self.asked = 0
        self.is_running = False
        self.never_ends = False
        page.route_web_socket("**/_stcore/stream", self._carry)

    def _carry(self, way: WebSocketRoute) -> None:
        self.page, self.app = way, way.connect_to_server()
        way.on_message(self._ask)
        self.app.on_message(self._answer)

    def _ask(self, said: bytes | str) -> None:
        self.asked += BackMsg.FromString(said).HasField("rerun_script")
        self.app.send(said)

    def _answer(self, said: bytes | str) -> None:
        told = ForwardMsg.FromString(said)
        if told.HasField("session_status_changed"):
            self.is_running = told.session_status_changed.script_is_running
            if self.never_ends and not self.is_running:
                self.held = self.held or []
        self.page.send(said) if self.held is None else self.held.append(said)

    @contextlib.contextmanager
    def held_back(self, page: Page) -> Iterator[None]:
        """Hold back what the app says while something is done, and until the page has then asked for news twice."""
        with self.silent():
            yield
            self.ask_for_news_twice(page)

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Hold back what the app says while something is done."""
        self.held = []
        yield
        self._let_go()

    @contextlib.contextmanager
    def endless(self) -> Iterator[None]:
        """Hold back what the app says from the end of a run on, so that the page takes it for unfinished."""
        self.never_ends = True
        yield
        self.never_ends = False
        self._let_go()

    def _let_go(self) -> None:
        waiting, self.held = self.held or [], None
        for said in waiting:
            self.page.send(said)

    def ask_for_news_twice(self, page: Page) -> None:
        """Have the page do what it does when there is news, once the app has answered and when it has answered that."""
        for _ in range(2):
            self._wait(page, lambda: bool(self.held) and not self.is_running)
            already = self.asked
            page.evaluate(HEAR_NEWS)
            self._wait(page, lambda already=already: self.asked > already)
        self._wait(page, lambda: bool(self.held) and not self.is_running)

    def _wait(self, page: Page, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; the browser goes on meanwhile."""
        until = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < until, "The page never asked, or the app never answered"
            page.evaluate("new Promise(requestAnimationFrame)")


def test_a_choice_stands_though_the_page_asks_for_news_before_it_has_seen_what_the_choice_changed(stage, page: Page):
    way = SlowWay(page)
    page.goto(f"{stage.url}/history")
    expect(page.get_by_role("group", name="From (UTC)")).to_be_visible()
    settled(page)
    with way.held_back(page):
        page.get_by_role("radio", name="7 days").click()
    expect(page).to_have_url(f"{stage.url}/history?span=7d")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible()
    settled(page)
    page.get_by_role("radio", name="Hours").click()
    expect(page).to_have_url(f"{stage.url}/history?span=7d&grain=hour")


def test_filters_that_were_left_do_not_come_back_with_what_the_page_asked_before_it_heard_of_that(stage, page: Page):
    way = SlowWay(page)
    page.goto(f"{stage.url}/worklist?reason=image&status=rejected")
    expect(page.get_by_role("heading", name="filtered")).to_be_visible()
    finished(page)
    with way.held_back(page):
        page.get_by_role("button", name="Clear filters").click()
        stage.move_to(NOW + timedelta(hours=3))  # what was read is stale by now: the page is drawn as a whole meanwhile
    expect(page.get_by_test_id("stAlert").filter(has_text="Stale")).to_be_visible()
    expect(page).to_have_url(f"{stage.url}/worklist")
    finished(page)
    expect(page.get_by_role("heading", name="filtered")).to_have_count(0)
    expect(page.get_by_role("link", name="Worklist")).to_have_attribute("href", "worklist")
    page.get_by_role("button", name="Required attribute").click()
    expect(page).to_have_url(f"{stage.url}/worklist?reason=attribute")


def test_a_link_to_the_page_that_is_shown_changes_its_address_too(stage, page: Page):
    page.goto(f"{stage.url}/history?span=7d")
    link = page.get_by_role("link", name="Link to this moment")
    expect(link).to_be_visible()
    finished(page)
    leads_to = link.get_attribute("href")
    link.click()
    expect(page.get_by_text("not as it is now")).to_be_visible()
    expect(page).to_have_url(f"{stage.url}/{leads_to}")
    page.go_back()
    expect(page).to_have_url(f"{stage.url}/history?span=7d")
    expect(page.get_by_text("not as it is now")).to_have_count(0)


def test_a_campaign_stands_though_the_page_asks_for_news_before_it_has_seen_it(stage, page: Page):
    way = SlowWay(page)
    page.goto(f"{stage.url}/worklist?lane=todo&reason=image&order=product_id")
    expect(page.get_by_role("heading", name="filtered")).to_be_visible()
    finished(page)
    page.get_by_role("button", name="Campaigns").click()
    page.get_by_label("Name", exact=True).fill("Slow")
    settled(page)
    with way.held_back(page):
        page.get_by_role("button", name="as a campaign").click()
    expect(page.locator(".st-key-campaign-head")).to_contain_text("Slow")
    finished(page)
    expect(page).to_have_url(f"{stage.url}/worklist?campaign=slow")
    page.get_by_role("radio", name="To do").click()
    expect(page).to_have_url(f"{stage.url}/worklist?lane=todo&campaign=slow&order=urgent")
