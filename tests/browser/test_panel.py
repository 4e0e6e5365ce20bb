"""The panel of a listing in a browser: its keys do what they say, what is done moves on, the focus is in the field."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from tests.browser.many import FIRST, NOW, Many
from tests.browser.stage import finished, settled
from tests.browser.test_list import row

pytestmark = pytest.mark.browser

LISTINGS = 12


@pytest.fixture
def many(tmp_path):
    """A home of twelve listings, listed by product id, of which those that are to do."""
    many = Many(tmp_path, LISTINGS)
    many.url = f"{many.open_app()}/worklist?stage=new&order=product_id"
    yield many
    many.close()


def opened(page: Page, many: Many, number: int = 0) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{many.url}&listing=main%2F{FIRST + number}")
    shows(page, number)
    finished(page)


def shows(page: Page, number: int) -> None:
    """Wait until the panel is of a listing."""
    panel = page.get_by_role("dialog", name="Listing")
    panel.locator("code").filter(has_text=str(FIRST + number)).wait_for()
    settled(page)


def kept(many: Many, number: int) -> WorkRow:
    snapshot = Snapshot(many.home / "snapshot.db", many.home / "desk.db", clock=lambda: NOW)
    [found] = snapshot.rows_of([("main", FIRST + number)])
    return found


def test_the_product_id_is_copied_by_a_button_and_chosen_where_that_is_not_allowed(many, page: Page):
    opened(page, many)
    button = page.get_by_role("button", name="Copy product id")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }")
    button.click()
    page.wait_for_function("id => getSelection().toString() === id", arg=str(FIRST))
    expect(button).to_have_text("Copy")
    page.evaluate("() => { delete navigator.clipboard.writeText }")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == str(FIRST)


def test_the_keys_of_the_panel_decide_and_move_on(many, page: Page):
    opened(page, many)
    page.keyboard.press("t")
    expect(row(page, 0)).to_contain_text("taken")  # the page behind shows it at once
    shows(page, 0)  # whoever takes it works on it
    assert (kept(many, 0).stage, kept(many, 0).owner) == (Stage.TAKEN, "Lead")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Mark fixed all the same")).to_be_visible()
    settled(page)
    page.keyboard.press("f")
    shows(page, 1)
    assert kept(many, 0).stage is Stage.FIXED
    expect(row(page, 0)).to_have_count(0)
    page.keyboard.press("j")
    shows(page, 2)
    page.keyboard.press("k")
    shows(page, 1)
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="A week")).to_be_visible()
    settled(page)
    page.keyboard.press("3")
    shows(page, 2)
    assert kept(many, 1).stage is Stage.SNOOZED
    page.keyboard.press("u")
    shows(page, 1)
    assert kept(many, 1).stage is Stage.NEW
    expect(row(page, 1)).to_have_count(1)


def test_a_note_is_typed_at_once_and_saved_by_the_keyboard(many, page: Page):
    opened(page, many, 4)
    page.keyboard.press("n")
    field = page.get_by_role("dialog").get_by_label("Note (empty: none)")
    expect(field).to_be_focused()
    page.keyboard.type("ask tomorrow")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog").get_by_text("Note: ask tomorrow")).to_be_visible()
    assert kept(many, 4).note == "ask tomorrow"
    expect(field).to_have_count(0)  # until then what is typed is for the note
    settled(page)
    page.keyboard.press("w")
    expect(page.get_by_role("dialog").get_by_label("Owner (empty: nobody)")).to_be_focused()
    page.keyboard.type("Li")
    page.keyboard.press("Enter")
    shows(page, 5)
    assert (kept(many, 4).owner, kept(many, 4).stage) == ("Li", Stage.TAKEN)


def test_from_an_act_to_the_next_listing_it_takes_less_than_a_moment(many, page: Page):
    opened(page, many)
    took = []
    for number in range(5):
        page.keyboard.press("s")
        expect(page.get_by_role("button", name="A week")).to_be_visible()
        settled(page)
        began = time.monotonic()
        page.keyboard.press("3")
        code = page.get_by_role("dialog").locator("code")
        expect(code.filter(has_text=str(FIRST + number + 1))).to_be_visible()
        took.append(time.monotonic() - began)
        settled(page)
    print(f"act to next: {', '.join(f'{one * 1000:.0f} ms' for one in took)}")
    assert [one.after for one in Desk(many.home / "desk.db").log("main", FIRST) if one.field == "stage"] == ["snoozed"]
    assert all(kept(many, number).stage is Stage.SNOOZED for number in range(5))
