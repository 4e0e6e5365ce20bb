"""The list of the worklist in a browser: nothing moves by itself, names stay in sight, cards on a telephone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from tests.browser.many import FIRST, NOW, Many
from tests.browser.stage import finished, settled, sign
from tests.ui.sample import HOSTILE

pytestmark = pytest.mark.browser

LISTINGS, HOSTILE_AT = 60, 8
DESK, TELEPHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory):
    """A home that tests only look at, and the address of its worklist, in the order of the product ids."""
    many = Many(tmp_path_factory.mktemp("many"), LISTINGS, hostile=HOSTILE_AT)
    yield f"{many.open_app()}/worklist?order=product_id"
    many.close()


@pytest.fixture(scope="module")
def tab(looked_at, window):
    """A tab that shows that worklist."""
    sign(window)
    page = opened(window.new_page(), looked_at)
    yield page
    page.close()


@pytest.fixture
def listed(tab):
    """The same tab at the first row, with nothing ticked."""
    tab.bring_to_front()
    row(tab, 0).focus()
    yield tab
    scroller(tab).evaluate("node => node.scrollTo(0, 0)")
    while tab.locator("tr[aria-selected=true]").count():
        tab.keyboard.press("a")
        settled(tab)


@pytest.fixture
def changing(tmp_path):
    """A home that a test reads anew."""
    many = Many(tmp_path, LISTINGS)
    many.url = f"{many.open_app()}/worklist?order=product_id"
    yield many
    many.close()


def opened(page: Page, url: str, size=DESK) -> Page:
    page.set_viewport_size(size)
    page.goto(url)
    row(page, 0).wait_for()
    finished(page)
    return page


def row(page: Page, number: int) -> Locator:
    """The row of a listing by its number."""
    return page.locator("tbody tr", has=page.locator(".pid", has_text=str(FIRST + number)))


def scroller(page: Page) -> Locator:
    return page.locator(".scroll")


def place(of: Locator) -> dict[str, float]:
    box = of.bounding_box()
    assert box
    return {"x": round(box["x"]), "y": round(box["y"])}


def current(page: Page) -> str:
    """The product id of the current listing."""
    return page.locator("tr.current .pid").inner_text()


def test_a_listing_that_enters_or_leaves_moves_nothing_and_is_shown_when_asked(changing, page: Page):
    opened(page, changing.url)
    for number in (2, 21):
        row(page, number).get_by_role("checkbox").click()
    expect(page.get_by_text("2 listings ticked")).to_be_visible()
    row(page, 20).locator("td.held").click()
    for _ in range(3):
        page.keyboard.press("j")
    expect(row(page, 23)).to_be_focused()
    settled(page)
    before = place(row(page, 23)), scroller(page).evaluate("node => node.scrollTop")
    assert before[1] > 0

    held = [number for number in range(LISTINGS) if number not in (1, 22)]
    changing.read([*held, LISTINGS + 5], on_sale=[1, 22])
    expect(page.get_by_role("button", name="1 new, 2 left · show")).to_be_visible()
    expect(page.get_by_text("59 listings").first).to_be_visible()
    assert (place(row(page, 23)), scroller(page).evaluate("node => node.scrollTop")) == before
    expect(row(page, 23)).to_be_focused()
    expect(page.get_by_text("2 listings ticked")).to_be_visible()
    expect(row(page, 22).locator(".state")).to_have_text(re.compile("^(no longer in this view|on sale since .*)$"))

    page.get_by_role("button", name="1 new, 2 left · show").click()
    expect(row(page, 22)).to_have_count(0)
    expect(row(page, LISTINGS + 5)).to_have_count(1)
    for number in (2, 21):
        expect(row(page, number).get_by_role("checkbox")).to_be_checked()
    expect(page.locator("tr[aria-selected=true]")).to_have_count(2)
    assert current(page) == str(FIRST + 23)


def test_what_a_colleague_does_is_seen_in_the_row_without_a_click(changing, page: Page):
    opened(page, changing.url)
    Desk(changing.home / "desk.db").set_owner("main", [FIRST + 3], "Olga", by="Olga", now=NOW)
    expect(row(page, 3)).to_contain_text("Olga")


def test_the_name_stays_in_sight_when_the_rest_is_scrolled_sideways(listed: Page):
    name, tick = row(listed, 1).locator(".title"), row(listed, 1).get_by_role("checkbox")
    was = place(name), place(tick), place(row(listed, 1).locator("td.do"))
    scroller(listed).evaluate("node => node.scrollLeft = 500")
    assert (place(name), place(tick)) == was[:2]
    assert place(row(listed, 1).locator("td.do")) != was[2]
    expect(row(listed, 1).locator(".title")).to_be_in_viewport()


def test_two_lines_stand_in_the_row_and_the_whole_text_when_it_has_the_focus_and_nothing_moves(listed: Page):
    text = row(listed, 2).locator("td.do .clip")
    cut = "node => node.scrollHeight > node.clientHeight + 1"
    line = text.evaluate("node => parseFloat(getComputedStyle(node).lineHeight)")
    assert text.evaluate(cut)
    assert round(text.bounding_box()["height"] / line) == 2
    marks = row(listed, 3).locator("td.stage")
    expect(marks.locator(".chip")).to_have_count(2)  # stuck, and nobody took it: both are whole
    ends = "node => [...node.querySelectorAll('.chip')].map(one => one.getBoundingClientRect().bottom)"
    assert max(marks.evaluate(ends)) <= marks.locator(".inner").evaluate("node => node.getBoundingClientRect().bottom")
    below = place(row(listed, 3)), place(row(listed, 9))
    row(listed, 2).focus()
    assert not text.evaluate(cut)
    assert "shorten it to" in text.inner_text()
    expect(row(listed, 2)).to_contain_text("Title too long")
    assert (place(row(listed, 3)), place(row(listed, 9))) == below
    listed.keyboard.press("j")
    assert text.evaluate(cut)


def test_a_small_desk_shows_all_columns_to_work_with_beside_two_scroll_bars(listed):
    listed.set_viewport_size({"width": DESK["width"] - 30, "height": DESK["height"]})
    expect(row(listed, 0)).to_be_visible()
    last = listed.locator("th.resubmit").evaluate("head => head.offsetLeft + head.offsetWidth")
    assert last <= scroller(listed).evaluate("node => node.clientWidth")
    listed.set_viewport_size(DESK)


def test_a_long_text_widens_no_column(changing, page: Page):
    opened(page, changing.url)
    columns = page.locator("thead :is(th, td)")
    widths = "heads => heads.map(head => Math.round(head.getBoundingClientRect().width))"
    before = columns.evaluate_all(widths)
    Desk(changing.home / "desk.db").set_note("main", [FIRST + 1], "asked the supplier " * 40, by="Olga", now=NOW)
    page.reload()
    expect(row(page, 1).locator(".note")).to_contain_text("asked the supplier")
    finished(page)  # while a page is drawn anew, the list can stand on it twice for a moment
    assert columns.evaluate_all(widths) == before
    row(page, 1).focus()
    assert row(page, 1).locator(".note").evaluate("node => node.scrollWidth <= node.clientWidth + 1")


def test_a_hostile_title_is_text_and_nothing_of_it_works(listed: Page):
    title = row(listed, HOSTILE_AT).locator(".title")
    assert title.evaluate("node => node.textContent") == HOSTILE
    assert title.evaluate("node => node.childElementCount") == 0
    assert row(listed, HOSTILE_AT).get_by_role("link").evaluate_all(
        "links => links.map(one => new URL(one.href).host)"
    ) == [
        "gsp.aliexpress.com",
        "www.aliexpress.com",
    ]


def test_every_control_of_the_list_has_a_name_of_its_own(listed: Page):
    names = listed.locator(".list").evaluate(
        "list => [...list.querySelectorAll('button, a, input')].filter(node => node.checkVisibility())"
        ".map(node => node.getAttribute('aria-label') || node.textContent)"
    )
    assert all(names)
    assert len(names) == len(set(names)) > 3 * LISTINGS


def test_one_row_takes_part_in_the_tab_order(listed: Page):
    listed.keyboard.press("j")
    inside = listed.locator("tbody :is(tr, a, button, input)[tabindex='0']")
    assert inside.evaluate_all("all => new Set(all.map(one => one.closest('tr'))).size") == 1
    expect(listed.get_by_role("grid")).to_have_attribute("aria-multiselectable", "true")


def test_on_a_telephone_rows_are_cards_and_nothing_is_scrolled_sideways(looked_at, page: Page):
    opened(page, looked_at, TELEPHONE)
    card = row(page, 0)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= TELEPHONE["width"]
    assert card.evaluate("node => getComputedStyle(node).display") == "grid"
    for inside in (card.locator(".title"), card.locator("td.do"), card.get_by_role("button", name="Open")):
        box = inside.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= TELEPHONE["width"]
    expect(card.locator("td.do")).to_contain_text("upload at least 800×800")
    card.get_by_role("checkbox").click()
    expect(page.get_by_text("1 listing ticked")).to_be_attached()
    card.get_by_role("button", name="Open").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page).to_have_url(f"{looked_at}&listing=main%2F{FIRST}")


def test_the_cursor_follows_the_panel_and_gets_the_focus_back(listed: Page, looked_at):
    for _ in range(4):
        listed.keyboard.press("j")
    listed.keyboard.press("o")
    expect(listed.get_by_role("dialog")).to_be_visible()
    expect(listed).to_have_url(f"{looked_at}&listing=main%2F{FIRST + 4}")
    settled(listed)
    listed.keyboard.press("j")
    assert current(listed) == str(FIRST + 4)
    listed.keyboard.press("Escape")
    expect(listed.get_by_role("dialog")).to_have_count(0)
    expect(listed).to_have_url(looked_at)
    settled(listed)
    listed.keyboard.press("j")
    assert current(listed) == str(FIRST + 5)


def test_a_range_is_ticked_with_shift(listed: Page):
    row(listed, 1).get_by_role("checkbox").click()
    row(listed, 4).get_by_role("checkbox").click(modifiers=["Shift"])
    expect(listed.get_by_text("4 listings ticked")).to_be_visible()
    expect(listed.locator("tr[aria-selected=true]")).to_have_count(4)
    listed.get_by_role("checkbox", name="Tick all of this page").click()
    expect(listed.get_by_text(f"{LISTINGS} listings ticked")).to_be_visible()


def test_an_act_uses_the_ticks_up(changing, page: Page):
    opened(page, changing.url + "&stage=new")
    row(page, 4).get_by_role("checkbox").click()  # nothing was measured on it, so nothing is asked
    expect(page.get_by_text("1 listing ticked")).to_be_visible()
    page.keyboard.press("f")
    expect(row(page, 4)).to_have_count(0)
    expect(page.get_by_text("Nothing ticked")).to_be_visible()
    entries = Desk(changing.home / "desk.db").log("main", FIRST + 4)
    assert [entry.after for entry in entries if entry.field == "stage"] == [Stage.FIXED]
