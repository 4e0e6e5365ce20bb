"""A real store, app and browser: the simulated AliExpress over HTTP, the commands as processes, Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from aexdash.cli import serve
from aexdash.clock import CLOCK_FILE_VARIABLE, from_text, to_text
from aexdash.config.settings import load_settings
from aexdash.demo.launch import SECRET, DemoStore, live_through, march_readings
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.world import World
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import WorkRow
from aexdash.ui.frame.person import COOKIE
from aexdash.view import View
from tests.browser import ready

BROWSERS = (
    "chromium-headless-shell",  # the same engine without windows: half the work for each page
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # what has been compiled for one tab is there for the next
]
A_MOMENT = timedelta(minutes=5)
PATIENCE = 120
"""Seconds after which something will never come. No test waits so long for what does come, however busy the machine."""
LONGER = 5
"""A command may take so many times as long: a sweep asks for thousands of listings."""
IN_TIME = PATIENCE * 1000
expect.set_options(timeout=IN_TIME)

App = ready.Process | subprocess.Popen[bytes]

UNFINISHED = ("stSkeleton", "stMetricSkeleton", "stStatusWidget")

STAND_STILL = """{
    const still = new CSSStyleSheet();
    still.replaceSync("[data-testid=stSkeleton], [data-testid=stAppSkeleton] * { animation: none !important }");
    document.adoptedStyleSheets.push(still);
}"""
"""Has the places of what is still to come not shimmer. Where no graphics card draws, the processor draws sixty frames a
second of it: more than half of all the work of a page, and the more the busier the machine."""


def find_browser() -> str:
    """The Chrome or Chromium of this machine; .ci/browser says what to install when there is none."""
    named = [os.environ.get("AEXDASH_CHROME"), *(shutil.which(name) for name in BROWSERS), MAC]
    return next(path for path in named if path and Path(path).exists())


class Stage:
    """One store on a simulated platform, its home, and a time that the platform, the commands and the app share.

    `begun` is another stage whose home this one begins with a copy of. The other one must stay up: its platform still
    answers for the pictures of what was read there.
    """

    def __init__(self, folder: Path, world, at: datetime, begun: Stage | None = None) -> None:
        self.home = folder / "home"
        if begun:
            shutil.copytree(begun.home, self.home, ignore=shutil.ignore_patterns("tokens"))
        self.home.mkdir(parents=True, exist_ok=True)
        self.clock_file = folder / "now"
        self.move_to(at)
        store = SimulatedStore("123456", SECRET, world, token_seconds=10**8, refresh_seconds=10**8)
        self.platform = SimulatedAliExpress({"123456": store}, self.now)
        self.gateway = self.platform.serve()
        self.configure(model="overseas", gateway=self.gateway.url, app_key="123456", calls_per_second=0)
        tokens = self.platform.issue_tokens("123456")
        (self.home / "secrets.toml").touch(mode=0o600)
        (self.home / "secrets.toml").write_text(
            f'[store.main]\napp_secret = "{SECRET}"\naccess_token = "{tokens["access_token"]}"\n'
            f'refresh_token = "{tokens["refresh_token"]}"\n'
        )
        self.apps: list[App] = []
        self.url = ""

    def configure(self, **settings: object) -> None:
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        (self.home / "aexdash.toml").write_text("\n".join(["[store.main]", 'title = "My store"', *lines, ""]))

    def now(self) -> datetime:
        return from_text(self.clock_file.read_text())

    def move_to(self, at: datetime) -> None:
        """Move everybody's time; the file is replaced whole, so that nobody reads half a moment."""
        beside = self.clock_file.with_suffix(".part")
        beside.write_text(to_text(at))
        beside.replace(self.clock_file)

    def held(self) -> list[WorkRow]:
        """The held listings as the worklist has them, those that are held longest first."""
        return Snapshot(self.home / "snapshot.db", self.home / "desk.db", clock=self.now).page(View(), 100, 0)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run an aexdash command as a person would."""
        environment = {**os.environ, CLOCK_FILE_VARIABLE: str(self.clock_file)}
        words = (*words, "--home", str(self.home))
        return ready.run_command(words, environment, self.home.parent, LONGER * PATIENCE)

    def sync(self, *words: str) -> dict[str, object]:
        """Sync, and return what the last line of --json says."""
        done = self.command("sync", *words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def open_app(self) -> str:
        """Start the app on a free port and return its address once it answers; nobody has visited it before."""
        self.url, app = open_app(self.home, self.clock_file)
        self.apps.append(app)
        return self.url

    def open_another(self, **environment_too: str) -> str:
        """Start an app beside that of `url` as `aexdash serve` starts it, and return its address."""
        port = free_port()
        with pytest.MonkeyPatch.context() as environment:
            for name, value in {CLOCK_FILE_VARIABLE: str(self.clock_file), **environment_too}.items():
                environment.setenv(name, value)
            self.apps.append(serve.start_app(self.home, port))
        return when_up(port)

    def get(self, path: str) -> bytes:
        """Fetch something from the app as a program would."""
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
            return answer.read()

    def close(self) -> None:
        for app in self.apps:
            serve.end(app)
        self.gateway.stop()


def jump_with_history(folder: Path) -> Stage:
    """A stage on 9 March, after the jump, with its history; nobody has opened an app on it yet."""
    stage = Stage(folder, World(), MARCH_JUMP + A_MOMENT)
    store = DemoStore("main", "My store", "123456", "overseas", World())
    readings = [reading for reading in march_readings() if reading[0] < MARCH_JUMP]
    live_through(store, load_settings(stage.home), readings, log=pytest.fail)
    assert stage.sync("--pulse")["held"] == 5
    return stage


def new_window(browser: Browser) -> BrowserContext:
    """Open a window with cookies of its own, for tabs that are as patient as the tests are."""
    window = browser.new_context()
    window.set_default_timeout(IN_TIME)
    window.add_init_script(STAND_STILL)
    return window


def sign(window: BrowserContext, name: str = "Lead") -> None:
    """Have a window say who sits at it, in tabs that it opens from now on."""
    window.add_cookies([{"name": COOKIE, "value": name, "domain": serve.HOST, "path": "/"}])


def settled(page: Page) -> None:
    """Wait until the server is reached and no run of the page is under way; the sign of a run comes later than it.

    Playwright's `wait_for` only looks. Each look of its `expect` at what is not there yet describes the whole page for
    the message of a failure, at the cost of what the page itself is doing meanwhile.
    """
    done = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
    page.locator(done).wait_for(timeout=IN_TIME)


def finished(page: Page) -> None:
    """Wait until all of a page is drawn, what it loads late too: from then on nothing moves by itself."""
    settled(page)
    for unfinished in UNFINISHED:
        expect(page.get_by_test_id(unfinished)).to_have_count(0)
    page.evaluate("document.fonts.ready")


def open_app(home: Path, clock_file: Path) -> tuple[str, App]:
    """Start the app of a home on a free port; return its address once it answers, and what `serve.end` ends."""
    port = free_port()
    app = ready.start_app(home, port, {**os.environ, CLOCK_FILE_VARIABLE: str(clock_file)})
    return when_up(port), app


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        return int(probe.getsockname()[1])


def when_up(port: int) -> str:
    """Wait for an app on a port to answer; return its address."""
    url = f"http://{serve.HOST}:{port}"
    wait_until_up(f"{url}/healthz")
    return url


def wait_until_up(url: str) -> None:
    """Wait for a server to answer at all."""
    pause = threading.Event()
    for _ in range(PATIENCE * 10):
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            pause.wait(0.1)
        else:
            return
    pytest.fail(f"{url} did not come up within {PATIENCE} s")
