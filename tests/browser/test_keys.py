"""Every key of the table does what the table says, no quick key is lost, and forty listings go to zero by keyboard."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from aexdash.snapshot.query import Snapshot
from aexdash.ui.worklist import keys
from aexdash.view import View
from tests.browser.many import FIRST, NOW, Many
from tests.browser.stage import finished, settled
from tests.browser.test_clicks import SlowWay
from tests.browser.test_list import current, row

pytestmark = pytest.mark.browser

LISTINGS = 40
MOST_SECONDS, MOST_KEYS = 240, 2


@contextlib.contextmanager
def forty(folder: Path) -> Iterator[Many]:
    """A home of forty listings in the order of the product ids, of which those are listed that are to do.

    Nothing was measured on them, so nothing is asked before one is marked fixed.
    """
    many = Many(folder, LISTINGS, explained=False)
    many.url = f"{many.open_app()}/worklist?stage=new&order=product_id"
    yield many
    many.close()


@pytest.fixture
def many(tmp_path):
    with forty(tmp_path) as many:
        yield many


@pytest.fixture(scope="module")
def undecided(tmp_path_factory):
    """The same for tests that decide nothing."""
    with forty(tmp_path_factory.mktemp("undecided")) as many:
        yield many


def opened(page: Page, url: str) -> Page:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(url)
    row(page, 0).wait_for()
    finished(page)
    return page


def stages(many: Many) -> dict[int, Stage]:
    """The stages of the listings that somebody has decided on, by number."""
    snapshot = Snapshot(many.home / "snapshot.db", many.home / "desk.db", clock=lambda: NOW)
    return {one.product_id - FIRST: one.stage for one in snapshot.page(View(), 200) if one.stage is not Stage.NEW}


def changes(many: Many, number: int) -> list[str]:
    """The stages that a listing was given, the last first."""
    return [one.after for one in Desk(many.home / "desk.db").log("main", FIRST + number) if one.field == "stage"]


def does_next_and_previous(many, page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(row(page, 2)).to_be_focused()
    page.keyboard.press("k")
    expect(row(page, 1)).to_be_focused()
    assert current(page) == str(FIRST + 1)
    page.keyboard.press("ArrowDown")
    expect(row(page, 2)).to_be_focused()
    page.keyboard.press("End")
    expect(row(page, LISTINGS - 1)).to_be_focused()
    expect(row(page, LISTINGS - 1)).to_be_in_viewport()


def does_open(many, page):
    page.keyboard.press("j")
    for key, close in (("o", "Escape"), ("Enter", "Escape")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page).to_have_url(f"{many.url}&listing=main%2F{FIRST + 1}")
        settled(page)
        page.keyboard.press(close)
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page).to_have_url(many.url)
        expect(row(page, 1)).to_be_focused()


def does_tick(many, page):
    page.keyboard.press("x")
    expect(page.get_by_text("1 listing ticked")).to_be_visible()
    expect(row(page, 0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("x")
    expect(page.get_by_text("Nothing ticked")).to_be_visible()


def does_all(many, page):
    page.keyboard.press("a")
    expect(page.get_by_text(f"{LISTINGS} listings ticked")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text("Nothing ticked")).to_be_visible()


def does_take(many, page):
    page.keyboard.press("t")
    expect(row(page, 0)).to_have_count(0)
    assert stages(many) == {0: Stage.TAKEN}


def does_fix(many, page):
    page.keyboard.press("j")
    page.keyboard.press("f")
    expect(row(page, 1)).to_have_count(0)
    assert stages(many) == {1: Stage.FIXED}
    assert current(page) == str(FIRST + 2)
    page.keyboard.press("j")
    expect(row(page, 3)).to_be_focused()
    page.keyboard.press("u")  # the listing comes back where it stood, and what is pressed next is meant for it
    expect(row(page, 1)).to_be_focused()
    assert [row(page, number).get_attribute("aria-rowindex") for number in (0, 1, 2)] == ["2", "3", "4"]
    assert stages(many) == {}


def does_snooze(many, page):
    page.keyboard.press("s")
    expect(page.get_by_role("group", name="Snooze for how long").get_by_role("button")).to_have_count(5)
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Snooze for how long")).to_be_hidden()
    page.keyboard.press("s")
    page.keyboard.press("2")
    expect(row(page, 0)).to_have_count(0)
    assert stages(many) == {0: Stage.SNOOZED}


def does_back(many, page):
    page.goto(many.url.replace("stage=new&", ""))
    expect(row(page, 0)).to_be_visible()
    finished(page)
    page.keyboard.press("t")
    expect(row(page, 0)).to_contain_text("taken")
    page.keyboard.press("k")
    page.keyboard.press("b")
    expect(row(page, 0)).to_contain_text("to do")
    assert stages(many) == {}


def does_seller_center(many, page):
    page.context.route("https://gsp.aliexpress.com/**", lambda route: route.fulfill(body="Seller Center"))
    with page.expect_popup() as popup:
        page.keyboard.press("g")
    assert popup.value.url.endswith(f"productId={FIRST}")
    popup.value.close()


def does_copy(many, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("c")
    expect(page.get_by_role("status").filter(has_text=f"copied {FIRST}")).to_have_text(f"copied {FIRST}")
    assert page.evaluate("navigator.clipboard.readText()") == str(FIRST)
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("2 listings ticked")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("status").filter(has_text="copied")).to_have_text("copied 2 product ids")
    assert page.evaluate("navigator.clipboard.readText()") == f"{FIRST}\n{FIRST + 1}"


def does_copy_with_titles(many, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("Shift+C")
    expect(page.get_by_role("status").filter(has_text="copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{FIRST} · Desk lamp 0, ")
    assert copied.endswith(f"productId={FIRST}")
    expect(page.get_by_role("dialog")).to_have_count(0)


def does_search(many, page):
    page.keyboard.press("/")
    expect(page.get_by_placeholder("Title, product id or SKU")).to_be_focused()
    page.keyboard.type("jfx")
    expect(page.get_by_placeholder("Title, product id or SKU")).to_have_value("jfx")
    assert current(page) == str(FIRST)


def does_help(many, page):
    page.keyboard.press("?")
    overlay = page.get_by_role("dialog", name="Keys of the worklist")
    expect(overlay).to_be_visible()
    shown = overlay.locator("tr").all_inner_texts()
    assert [line.split("\t")[-1].strip() for line in shown] == [key.does for key in keys.KEYS]
    expect(overlay).to_contain_text(keys.for_which())
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()


def opens_to_type(many, page, key):
    page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page).to_have_url(f"{many.url}&listing=main%2F{FIRST}")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)


def does_owner(many, page):
    opens_to_type(many, page, "w")


def does_note(many, page):
    opens_to_type(many, page, "n")


LOOKS = {
    "next": does_next_and_previous,
    "previous": does_next_and_previous,
    "open": does_open,
    "owner": does_owner,
    "note": does_note,
    "tick": does_tick,
    "all": does_all,
    "seller_center": does_seller_center,
    "help": does_help,
    "copy_with_titles": does_copy_with_titles,
    "copy": does_copy,
    "search": does_search,
}
"""Keys that decide nothing, those last that leave something ticked or typed."""

DECIDES = {"take": does_take, "fix": does_fix, "snooze": does_snooze, "back": does_back}


def test_every_key_that_the_list_answers_is_tried():
    answered = {key.name for key in keys.KEYS if key.in_list == "component"}
    assert answered == {*LOOKS, *DECIDES}


def test_the_keys_that_decide_nothing_do_what_the_table_says(undecided, page: Page, subtests):
    opened(page, undecided.url)
    for name, does in LOOKS.items():
        with subtests.test(name):
            does(undecided, page)
            page.keyboard.press("Home")
    assert stages(undecided) == {}


@pytest.mark.parametrize("what", DECIDES)
def test_a_key_that_decides_does_what_the_table_says(many, page: Page, what):
    DECIDES[what](many, opened(page, many.url))


TYPED = ("owner", "note")


@pytest.mark.parametrize("name", TYPED)
def test_with_listings_ticked_what_is_typed_is_for_them_and_the_button_says_how_many(many, page: Page, name):
    opened(page, many.url)
    for key in ("j", "x", "j", "x", "j", (name == "owner" and "w") or "n"):
        page.keyboard.press(key)
    field, save = {
        "owner": ("Owner (empty: nobody)", "Set owner for 2 listings"),
        "note": ("Note (empty: none)", "Save note for 2 listings"),
    }[name]
    expect(page.get_by_label(field)).to_be_focused()
    expect(page.get_by_role("button", name=save)).to_be_visible()
    page.keyboard.type("Li")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Nothing ticked")).to_be_visible()
    expect(page.get_by_label(field)).to_have_count(0)
    settled(page)
    snapshot = Snapshot(many.home / "snapshot.db", many.home / "desk.db", clock=lambda: NOW)
    wrote = {one.product_id - FIRST for one in snapshot.page(View(), 200) if "Li" in (one.owner, one.note)}
    assert wrote == {1, 2}


def test_three_quick_keys_lose_none_and_do_none_twice(many, page: Page):
    opened(page, many.url)
    page.keyboard.press("j")
    page.evaluate(
        "keys => keys.forEach(key => document.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true})))",
        ["f", "t", "f"],
    )
    for number in (1, 2, 3):
        expect(row(page, number)).to_have_count(0)
    settled(page)
    assert stages(many) == {1: Stage.FIXED, 2: Stage.TAKEN, 3: Stage.FIXED}
    assert [changes(many, number) for number in (1, 2, 3)] == [["fixed"], ["taken"], ["fixed"]]


def test_an_answer_that_comes_late_leaves_the_cursor_with_whoever_has_gone_on(many, page: Page):
    way = SlowWay(page)
    opened(page, many.url)
    page.keyboard.press("f")
    expect(row(page, 0)).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    settled(page)
    with way.held_back(page):
        page.keyboard.press("u")
        page.keyboard.press("j")
        expect(row(page, 2)).to_be_focused()
        page.keyboard.press("t")
        expect(row(page, 3)).to_be_focused()
    expect(row(page, 0)).to_be_visible()
    expect(row(page, 2)).to_have_count(0)
    settled(page)
    expect(row(page, 3)).to_be_focused()
    assert current(page) == str(FIRST + 3)
    page.keyboard.press("f")
    expect(row(page, 3)).to_have_count(0)
    settled(page)
    assert stages(many) == {2: Stage.TAKEN, 3: Stage.FIXED}


def test_a_panel_that_is_closed_while_it_is_drawn_anew_stays_closed_and_the_list_answers(many, page: Page):
    way = SlowWay(page)
    opened(page, many.url)
    page.keyboard.press("o")
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("1 of 40")
    settled(page)
    with way.held_back(page):
        page.keyboard.press("f")
        way.ask_for_news_twice(page)  # by then the app has said how the panel looks now
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
    expect(row(page, 0)).to_have_count(0)
    settled(page)
    expect(panel).to_have_count(0)
    expect(page).to_have_url(many.url)
    row(page, 2).get_by_role("checkbox").click()
    expect(page.get_by_text("1 listing ticked")).to_be_visible()
    assert stages(many) == {0: Stage.FIXED}


def test_a_key_that_is_held_down_decides_once(many, page: Page):
    opened(page, many.url)
    page.keyboard.down("f")
    page.keyboard.down("f")
    page.keyboard.down("f")
    page.keyboard.up("f")
    expect(row(page, 0)).to_have_count(0)
    settled(page)
    assert stages(many) == {0: Stage.FIXED}


def test_keys_do_nothing_to_the_past_and_say_why(undecided, page: Page):
    opened(page, f"{undecided.url.replace('stage=new&', '')}&as_of=2026-03-08T12:00:00Z")
    for key in "fts":
        page.keyboard.press(key)
        expect(page.get_by_role("status").filter(has_text="a moment of the past")).to_be_visible()
    assert stages(undecided) == {}


def test_forty_listings_are_worked_to_zero_by_keyboard(many, page: Page):
    opened(page, many.url)
    plans = (["f"], ["f"], ["t"], ["s", "3"])
    pressed, decided, began = 0, 0, time.monotonic()
    while decided < LISTINGS:
        for key in plans[decided % len(plans)]:
            page.keyboard.press(key)
            pressed += 1
        decided += 1
    expect(page.get_by_text("No listing matches these filters.")).to_be_visible()
    seconds = time.monotonic() - began
    made = stages(many)
    print(f"{decided} listings to zero: {pressed} keys, {pressed / decided:.2f} a listing, {seconds:.1f} s")
    assert made == {
        number: (Stage.FIXED, Stage.FIXED, Stage.TAKEN, Stage.SNOOZED)[number % 4] for number in range(LISTINGS)
    }
    assert all(len(changes(many, number)) == 1 for number in range(LISTINGS))
    assert pressed / decided <= MOST_KEYS
    assert seconds < MOST_SECONDS
