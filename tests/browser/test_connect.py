"""From an empty home to a connected store and a channel that was tested: no file edited, nothing started anew."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from tests.browser.stage import PATIENCE, wait_until_up
from tests.support import world_of

pytestmark = pytest.mark.browser

KEY, SECRET = "123456", "helloworld-secret"
MOST_CLICKS = 10


@pytest.fixture
def served(tmp_path):
    """`aexdash serve` on an empty home; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "aexdash", "serve", "--home", str(tmp_path / "home"), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    url = f"http://127.0.0.1:{port}"
    wait_until_up(url)
    yield url
    process.terminate()
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert SECRET not in said


@pytest.fixture
def platform(served):
    world = world_of(rejected=3, auditing=2, active=5)
    store = SimulatedStore(KEY, SECRET, world, callback=f"{served}/authorized", nick="blue_door")
    platform = SimulatedAliExpress({KEY: store})
    with platform.serve() as answering:
        platform.url = answering.url
        yield platform


class Clicks:
    """Counts what a person clicks on a page."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).click()
        self.count += 1


def fill_in(page: Page, click: Clicks, gateway: str, secret: str) -> None:
    page.get_by_label("Name of the store").fill("Blue door")
    page.get_by_label("App Key", exact=True).fill(KEY)
    page.get_by_label("App Secret", exact=True).fill(secret)
    page.get_by_text("Another gateway").click()
    click.count += 1
    page.get_by_label("Gateway", exact=True).fill(gateway)
    click("button", "Go on")


@pytest.fixture
def receiver():
    """A webhook of somebody else; `bodies` are the messages it took."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        server.bodies, server.url = bodies, f"http://127.0.0.1:{server.server_port}/hook"
        yield server
        server.shutdown()


def add_a_webhook(page: Page, url: str) -> None:
    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("radio", name="Channels").click()
    page.get_by_role("radio", name="Webhook (signed JSON)").click()
    page.get_by_label("Address", exact=True).fill(url)  # the form of this service is there: the name is its own
    page.get_by_label("Key", exact=True).fill("a-long-random-text")
    page.get_by_label("Name of the channel").fill("hook")
    page.get_by_role("button", name="Add channel").click()


def test_a_store_is_connected_from_an_empty_home_within_ten_clicks(page, served, platform, receiver, tmp_path):
    click = Clicks(page)
    page.goto(served)
    expect(page).to_have_url(f"{served}/connect")
    expect(page.get_by_text(f"{served}/authorized")).to_be_visible()
    fill_in(page, click, platform.url, "not-the-secret")
    click("link", "Sign in at AliExpress")
    click("link", "Allow")
    expect(page.get_by_text("the app secret of store Blue door is wrong")).to_be_visible()
    assert "not-the-secret" not in page.content()

    wrong, click.count = click.count, 0
    page.get_by_role("button", name="Enter something else").click()
    fill_in(page, click, platform.url, SECRET)
    click("link", "Sign in at AliExpress")
    click("link", "Allow")
    expect(page.get_by_text("You signed in as blue_door")).to_be_visible()
    expect(page.get_by_role("radio", name="Seller outside China")).to_be_checked()
    assert SECRET not in page.content()
    platform.faults.add(FaultKind.LATENCY, 0.2)
    click("button", "This is my store: read it")
    expect(page.get_by_text("Blue door is connected")).to_be_visible()
    expect(page.get_by_text("It has been read once")).to_be_visible()
    platform.faults.clear()
    click("link", "Open the overview")
    expect(page.get_by_text("5 listings held")).to_be_visible()
    assert click.count <= MOST_CLICKS, (click.count, wrong)

    add_a_webhook(page, receiver.url)
    page.get_by_role("button", name="Send a test over hook").click()
    expect(page.get_by_text("it went through")).to_be_visible()
    assert any(b'"kind": "test"' in body for body in receiver.bodies)  # beside the alerts that are open already
    assert "a-long-random-text" not in page.content()

    settings = tomllib.loads((tmp_path / "home" / "aexdash.toml").read_text())
    assert settings["store"]["main"]["title"] == "Blue door"
    assert stat.S_IMODE((tmp_path / "home" / "secrets.toml").stat().st_mode) == 0o600
