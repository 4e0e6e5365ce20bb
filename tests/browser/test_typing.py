"""What is typed after a key that opens a field goes into the field, however late that comes, and decides nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from aexdash.model import Stage
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.browser.many import FIRST, NOW
from tests.browser.stage import settled
from tests.browser.test_clicks import SlowWay
from tests.browser.test_keys import forty, opened, stages
from tests.browser.test_list import row

pytestmark = pytest.mark.browser

SENTENCE = "this was sent back by ana"
"""It has the keys of taking, fixing, snoozing, going back, undoing, noting, owning and ticking in it."""

FIELDS = {"n": "Note (empty: none)", "w": "Owner (empty: nobody)"}
"""The keys that open a field, and what it is called."""


@pytest.fixture
def many(tmp_path):
    with forty(tmp_path) as many:
        yield many


def in_the_list(page: Page) -> None:
    page.keyboard.press("j")


def with_two_ticked(page: Page) -> None:
    for key in "jxjx":
        page.keyboard.press(key)
    expect(page.get_by_text("2 listings ticked")).to_be_visible()
    settled(page)


def in_the_panel(page: Page) -> None:
    page.keyboard.press("o")
    expect(page.get_by_role("dialog")).to_contain_text("1 of 40")
    settled(page)


OF = {"in the list": {1}, "with two ticked": {1, 2}, "in the panel": {0}}
"""Whom the text is for, by number."""

PLACES = {"in the list": in_the_list, "with two ticked": with_two_ticked, "in the panel": in_the_panel}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("key", FIELDS)
def test_what_is_typed_before_a_field_is_there_goes_into_it_and_decides_nothing(many, page: Page, key, place):
    way = SlowWay(page)
    opened(page, many.url)
    PLACES[place](page)
    with way.silent():
        page.keyboard.press(key)
        page.keyboard.type(f"{SENTENCE}xx")
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
    page.keyboard.type(", twice")  # while the field comes, takes the focus, or has it
    field = page.get_by_label(FIELDS[key])
    expect(field).to_have_value(f"{SENTENCE}, twice")
    expect(field).to_be_focused()
    settled(page)
    expect(field).to_have_value(f"{SENTENCE}, twice")
    assert stages(many) == {}
    page.keyboard.press("Control+Enter" if key == "n" else "Enter")
    expect(field).to_have_count(0)
    settled(page)
    snapshot = Snapshot(many.home / "snapshot.db", many.home / "desk.db", clock=lambda: NOW)
    rows = {one.product_id - FIRST: one for one in snapshot.page(View(), 200)}
    wrote = {number for number, one in rows.items() if f"{SENTENCE}, twice" in (one.owner, one.note)}
    assert wrote == OF[place]


def test_a_field_that_is_opened_with_the_mouse_keeps_what_is_typed_at_once_too(many, page: Page):
    way = SlowWay(page)
    opened(page, many.url)
    in_the_panel(page)
    with way.silent():
        page.get_by_role("dialog").get_by_role("button", name="Note").click()
        page.keyboard.type(SENTENCE)
    expect(page.get_by_label(FIELDS["n"])).to_have_value(SENTENCE)
    assert stages(many) == {}


DRAW_ANEW = """field => {
    const another = field.cloneNode();
    another.value = "";
    field.replaceWith(another);
}"""
"""Put an empty field in the place of another, as a page does that draws it anew."""


SAY_NO_MORE = """() => {
    for (const one of document.querySelectorAll("[data-focus]")) delete one.dataset.focus;
}"""
"""Leave out which field has the focus, as the next run of a page does."""


@contextlib.contextmanager
def a_field_of_a_page_that_is_drawn_on(many, page: Page, key: str) -> Iterator[Locator]:
    """The field of two ticked listings that a key has opened, on a page that is not drawn to its end meanwhile."""
    way = SlowWay(page)
    opened(page, many.url)
    with_two_ticked(page)
    field = page.get_by_label(FIELDS[key])
    with way.endless():
        page.keyboard.press(key)
        expect(field).to_be_focused()
        yield field


@pytest.mark.parametrize("key", FIELDS)
def test_a_field_that_the_page_names_no_more_gets_what_is_typed_all_the_same(many, page: Page, key):
    with a_field_of_a_page_that_is_drawn_on(many, page, key) as field:
        page.evaluate(SAY_NO_MORE)
        field.evaluate(DRAW_ANEW)
        page.keyboard.type("sent back")
        expect(field).to_have_value("sent back")
    assert stages(many) == {}


@pytest.mark.parametrize("key", FIELDS)
def test_what_was_typed_into_a_field_that_is_drawn_anew_while_the_page_is_goes_into_the_new_one(many, page: Page, key):
    with a_field_of_a_page_that_is_drawn_on(many, page, key) as field:
        page.keyboard.type("sent ba")
        field.evaluate(DRAW_ANEW)
        page.keyboard.type("ck")
        expect(field).to_have_value("sent back")
        expect(field).to_be_focused()
        page.keyboard.press("Tab")
        expect(field).not_to_be_focused()
    assert stages(many) == {}


def test_a_note_can_be_written_and_saved_before_its_field_is_there(many, page: Page):
    way = SlowWay(page)
    opened(page, many.url)
    in_the_list(page)
    with way.silent():
        page.keyboard.press("n")
        page.keyboard.type(SENTENCE)
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_contain_text(SENTENCE)
    expect(page.get_by_label(FIELDS["n"])).to_have_count(0)
    assert stages(many) == {}


def test_after_the_key_of_snoozing_in_the_panel_a_digit_waits_for_the_choices_and_a_letter_does_nothing(
    many, page: Page
):
    way = SlowWay(page)
    opened(page, many.url)
    in_the_panel(page)
    with way.silent():
        page.keyboard.press("s")
        page.keyboard.press("t")
        page.keyboard.press("2")
    expect(page).to_have_url(f"{many.url}&listing=main%2F{FIRST + 1}")
    settled(page)
    assert stages(many) == {0: Stage.SNOOZED}


def test_escape_takes_the_key_back_and_what_was_typed_with_it(many, page: Page):
    way = SlowWay(page)
    opened(page, many.url)
    in_the_list(page)
    with way.silent():
        page.keyboard.press("n")
        page.keyboard.type("text")
        page.keyboard.press("Escape")
    field = page.get_by_label(FIELDS["n"])
    expect(field).to_have_value("")
    settled(page)
    assert stages(many) == {}
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)
    expect(row(page, 1)).to_be_focused()
    page.keyboard.press("t")
    expect(row(page, 1)).to_have_count(0)
    assert stages(many) == {1: Stage.TAKEN}
