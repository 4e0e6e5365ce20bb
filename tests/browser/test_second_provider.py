"""A second identity provider, one that nobody here wrote: people sign in, and the log-out ends its session too."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.stage import free_port, new_window, wait_until_up
from tests.people.signing import app_with_login
from tests.ui.sample import with_history

HERE = Path(__file__).parent

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (shutil.which("node") and (HERE / "node_modules" / "oidc-provider").is_dir()),
        reason="There is no node here, or npm could not install oidc-provider, so nobody signs in at it.",
    ),
]

SETTINGS = 'scope = "openid profile groups"\nprompt = "login"\n'


@pytest.fixture
def app(tmp_path):
    port = free_port()
    with app_with_login(with_history(tmp_path), f"http://127.0.0.1:{port}", more=SETTINGS) as url:
        command = ["node", str(HERE / "provider.mjs"), str(port), url]
        provider = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until_up(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
        yield url
        provider.terminate()
        provider.wait(30)


def sign_in(page: Page) -> None:
    page.get_by_role("link", name="Sign in").click()
    page.locator("[name=login]").fill("ana")
    page.locator("[name=password]").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_people_sign_in_at_a_second_provider_and_its_session_ends_with_ours(app, browser):
    context = new_window(browser)
    page = context.new_page()
    page.goto(f"{app}/history")
    sign_in(page)
    expect(page).to_have_url(f"{app}/history")
    page.get_by_role("button", name="Ana Ruiz is signed in; log out").click()
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    page.route("**/auth/logout", hold)
    with page.expect_response(lambda one: one.status == 401):  # the page hears that the session has ended
        # The way out is held: a click that waits for it would wait for ever where it begins at once.
        page.get_by_role("button", name="Log out", exact=True).click(no_wait_after=True)
    with page.expect_response(lambda one: one.status == 401):  # and again: it does not lead away from the way out
        pass
    slow[0].continue_()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page).to_have_url(re.compile(f"{re.escape(app)}/login"))
    page.goto(f"{app}/export.csv")
    expect(page.get_by_text("Sign in at /login first")).to_be_visible()
    context.close()
