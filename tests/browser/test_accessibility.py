"""Every page for those who hear it, who have no mouse, who need contrast, and who hold it in one hand."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.stage import finished, sign

pytestmark = pytest.mark.browser

PAGES = {
    "overview": "",
    "ask": "ask?q=rejected listings by reason",
    "worklist": "worklist",
    "panel": "worklist?listing={listing}",
    "bands": "sensitivity",
    "rules": "sensitivity?part=rules",
    "a rule": "sensitivity?part=rules&rule=held",
    "channels": "sensitivity?part=channels",
    "history": "history",
    "reconcile": "reconcile?with=numbers",
    "connect": "connect",
    "settings": "settings",
    "new channel": "settings?part=channels",
}
SIZES = {"desk": (1280, 800), "telephone": (390, 844)}

NAMES = """() => [...document.querySelectorAll("button, a[href], input, [role=combobox]")]
    .filter((node) => node.tabIndex >= 0)
    .filter((node) => node.checkVisibility({ visibilityProperty: true }) && node.offsetParent)
    .filter((node) => !node.closest("[inert], [aria-hidden=true], [data-testid=stDataFrame], .js-plotly-plot"))
    .map((node) => [node.tagName, node.getAttribute("aria-label") ?? (node.type === "radio" ? node.labels[0] : node)])
    .map(([kind, name]) => [kind, (name?.innerText ?? name ?? "").replace("expand_more", "").trim()])
"""
"""Every control in the way of the Tab key, by its kind and name; tables and charts have controls of their own."""

RING = "one => [getComputedStyle(one).outlineStyle, getComputedStyle(one).outlineWidth]"
LINE = "one => getComputedStyle(one).boxShadow"
BESIDE = """told => {
    const names = document.createElement("span");
    names.dataset.names = told;
    document.body.append(names);
}"""
"""Other names for the same controls, as a page has them for a moment while it is drawn anew."""
LEVELS = "all => all.map((one) => Number(one.tagName[1]))"


AT_ONCE = "*, *::before, *::after { transition: none !important }"
"""Colours change with the theme at once. What is scrolled out of sight fades only when something else is drawn: to wait
for it to end can take for ever."""


def go(stage, page: Page, name: str) -> None:
    listing = stage.held()[0]
    page.goto(f"{stage.url}/{PAGES[name].format(listing=f'{listing.store}/{listing.product_id}')}")
    page.get_by_role("navigation", include_hidden=True).wait_for(state="attached")
    page.get_by_role("heading").first.wait_for()
    finished(page)


@pytest.fixture(scope="module", params=PAGES)
def shown(request, jumped, window):
    """A tab that shows a page; it is opened once and looked at in every theme and size."""
    sign(window)
    page = window.new_page()
    go(jumped, page, request.param)
    page.add_style_tag(content=AT_ONCE)
    yield page
    page.close()


def look(page: Page, theme: str, size: str) -> None:
    """Show what a page shows in a theme and a size, and wait until it is drawn so."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", theme)
    finished(page)


@axe.needed
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(shown: Page, theme, size):
    look(shown, theme, size)
    assert axe.serious(shown) == []


def test_every_control_has_a_name_of_its_own_and_headings_go_down_a_step_at_a_time(shown: Page):
    look(shown, "light", "desk")
    levels = shown.locator("h1, h2, h3, h4").evaluate_all(LEVELS)
    assert [step for step in pairwise(levels) if step[1] > step[0] + 1] == []
    named = Counter((kind, words) for kind, words in shown.evaluate(NAMES))
    assert {words: times for (_, words), times in named.items() if times > 1 or not words} == {}


def test_the_links_to_the_pages_show_the_focus_and_apart_from_it_the_page_that_is_shown(jumped, page: Page):
    go(jumped, page, "bands")
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    shown, other = links.filter(has_text="Sensitivity"), links.filter(has_text="Health")
    expect(shown).to_have_attribute("aria-current", "page")
    shown.focus()
    page.keyboard.press("Tab")
    expect(other).to_be_focused()
    assert (other.evaluate(RING), other.evaluate(LINE)) == (["solid", "2px"], "none")
    assert shown.evaluate(RING)[0] == "none"
    assert shown.evaluate(LINE) != "none"


def test_each_link_to_a_page_opens_that_page_in_a_new_tab_too(jumped, page: Page):
    go(jumped, page, "rules")
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    assert [link.evaluate("one => new URL(one.href).pathname") for link in links.all()] == [
        "/",
        "/ask",
        "/worklist",
        "/reasons",
        "/feed",
        "/history",
        "/sensitivity",
        "/health",
        "/settings",
    ]


WAYS = {
    "control": {"modifiers": ["Control"]},
    "shift": {"modifiers": ["Shift"]},
    "the middle button": {"button": "middle"},
}
LEADS = {"Overview": ("history", "/"), "Main picture too small": ("", "/worklist?reason=image.main_too_small")}


@pytest.mark.parametrize("name", LEADS)
def test_a_link_clicked_with_a_key_or_the_middle_button_opens_elsewhere_and_leaves_this_page(jumped, page: Page, name):
    path, leads = LEADS[name]
    page.goto(f"{jumped.url}/{path}")
    link = page.get_by_role("link", name=name).first
    expect(link).to_be_visible()
    finished(page)
    assert link.evaluate("one => one.href") == jumped.url + leads  # what *copy address* copies
    for how in WAYS.values():
        with page.context.expect_page() as opened:
            link.click(**how)
        opened.value.wait_for_url(jumped.url + leads)
        opened.value.close()
    finished(page)
    expect(page).to_have_url(f"{jumped.url}/{path}")
    link.click()
    expect(page).to_have_url(jumped.url + leads)


def test_a_page_with_the_names_of_before_beside_those_of_now_goes_on(jumped, page: Page):
    go(jumped, page, "overview")
    told = page.evaluate("() => document.querySelector('[data-names*=sibling-]').dataset.names")
    page.evaluate(BESIDE, told.replace("History", "Line of days"))
    expect(page.get_by_role("link", name="Line of days").first).to_be_visible()
    page.locator("[data-names*='Line of days']").evaluate("one => one.remove()")
    expect(page.get_by_role("link", name="History › Rejected").first).to_be_visible()
