"""People sign in at a provider in a real browser, act under the name that it told, and are out everywhere at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import finished, new_window
from tests.people.signing import app_with_login, identity_provider
from tests.ui.sample import REJECTED, with_history

pytestmark = pytest.mark.browser

DEAD_WITHIN = 5_000
"""Milliseconds from the end of a session to the sign-in, in whichever tab."""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = with_history(tmp_path_factory.mktemp("home"))
    with identity_provider() as issuer, app_with_login(home, issuer) as url:
        yield url


@pytest.fixture
def browser_of(browser):
    """Browsers of several people, each with cookies of its own."""
    opened = []

    def open_(cookies=()):
        context = new_window(browser)
        context.add_cookies(cookies)
        opened.append(context)
        return context.new_page()

    yield open_
    for context in opened:
        context.close()


def sign_in(page: Page, url: str, who: str) -> None:
    """Open an address as a stranger, and sign in as one of the people of the provider."""
    page.goto(url)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name=who, exact=True).first.click()


def test_a_person_signs_in_acts_logs_out_and_her_copied_cookie_is_dead(app, browser_of):
    ana = browser_of()
    sign_in(ana, f"{app}/worklist?reason=image", "ana")
    expect(ana).to_have_url(f"{app}/worklist?reason=image")
    expect(ana.get_by_text(f"{len(REJECTED)} listings").first).to_be_visible()
    finished(ana)
    expect(ana.get_by_role("button", name="Ana Ruiz is signed in; log out")).to_be_visible()

    thief = browser_of(ana.context.cookies())
    thief.goto(f"{app}/worklist")
    expect(thief.get_by_text("listings").first).to_be_visible()
    finished(thief)

    ana.get_by_role("button", name="Ana Ruiz is signed in; log out").click()
    out = ana.get_by_role("button", name="Log out", exact=True)
    expect(out).to_be_visible()
    assert ana.get_by_role("textbox", name="Your name").count() == 0
    out.click()
    expect(thief).to_have_url(re.compile("/login"), timeout=DEAD_WITHIN)
    thief.goto(f"{app}/export.csv")
    expect(thief.get_by_text("Sign in at /login first")).to_be_visible()
    ana.goto(f"{app}/worklist")
    expect(ana).to_have_url(re.compile("/login"))


def test_an_owner_ends_all_sessions_of_a_person_on_the_page(app, browser_of):
    bob, ana = browser_of(), browser_of()
    sign_in(bob, f"{app}/history", "bob")
    expect(bob.get_by_role("heading", name="History").first).to_be_visible()
    sign_in(ana, f"{app}/settings?part=people", "ana")
    ana.get_by_role("button", name="End all sessions of Bob").click()
    expect(bob).to_have_url(re.compile("/login"), timeout=DEAD_WITHIN)
    expect(ana.get_by_text("The sessions of Bob have ended.")).to_be_visible()
    expect(ana.get_by_role("button", name="End all sessions of Bob")).to_have_count(0)


def test_a_viewer_is_offered_nothing_that_would_be_refused(app, browser_of):
    rita = browser_of()
    sign_in(rita, f"{app}/worklist?listing=main/{REJECTED[0]}", "rita")
    expect(rita.get_by_text(f"{len(REJECTED) + 1} listings").first).to_be_visible()
    finished(rita)
    expect(rita.get_by_role("button", name="Sync now")).to_be_disabled()
    for offered in ("Take", "Bring back"):
        expect(rita.get_by_role("button", name=offered, exact=True)).to_have_count(0)
    rita.goto(f"{app}/settings")
    expect(rita.get_by_text("are for owners to see and to change")).to_be_visible()


def test_a_key_that_a_viewer_presses_all_the_same_is_refused_in_a_sentence(app, browser_of):
    rita = browser_of()
    sign_in(rita, f"{app}/worklist", "rita")
    second = rita.locator("tbody tr").nth(1)
    expect(second).to_be_visible()
    finished(rita)
    rita.keyboard.press("j")
    expect(second).to_be_focused()
    rita.keyboard.press("t")
    expect(rita.get_by_text("That needs the role operator, which you do not have here").first).to_be_visible()
    rita.goto(f"{app}/worklist?owner=Rita")
    expect(rita.get_by_role("heading", name="0 listings")).to_be_visible()
