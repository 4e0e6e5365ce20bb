"""Fixtures of the browser tests: one browser, tabs in it, and stages to play on.

What takes long is made once: one window for all tests, one home that was read by the real command and that other homes
begin with, one app for tests that only look. A test that writes has a home and an app of its own, forked from a process
that has loaded all of it (tests/browser/ready.py).
"""

from __future__ import annotations

from datetime import datetime

import pytest

from aexdash.cli import serve
from aexdash.demo.world.moments import MARCH_JUMP
from aexdash.demo.world.world import World
from tests.browser.stage import A_MOMENT, FLAGS, IN_TIME, Stage, find_browser, jump_with_history, new_window, sign


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": find_browser(), "args": FLAGS, "timeout": IN_TIME}


@pytest.fixture(scope="session")
def window(browser):
    """The one window of all tests: to open one takes a browser longer than to draw a page.

    A tab stays open in it to the end. With the last tab of a site the process would end that has compiled its scripts.
    """
    window = new_window(browser)
    stays = window.new_page()
    stays.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
    stays.goto(f"http://{serve.HOST}:9/")
    yield window
    window.close()


@pytest.fixture
def page(window):
    """A new tab of somebody named Lead. Its server has a port of its own, so what a page keeps is its own too."""
    sign(window)
    page = window.new_page()
    yield page
    page.close()
    window.clear_cookies()
    window.clear_permissions()


@pytest.fixture
def stage_of(tmp_path):
    """Make stages; each is taken down when the test ends."""
    stages = []

    def make(world, at: datetime, begun: Stage | None = None) -> Stage:
        stages.append(Stage(tmp_path / str(len(stages)), world, at, begun))
        return stages[-1]

    yield make
    for stage in stages:
        stage.close()


@pytest.fixture(scope="session")
def read(tmp_path_factory):
    """A stage on 9 March, after the jump, read once by the command; to begin others with, so it has no app."""
    stage = Stage(tmp_path_factory.mktemp("read"), World(), MARCH_JUMP + A_MOMENT)
    assert stage.sync("--pulse")["held"] == 5
    yield stage
    stage.close()


@pytest.fixture
def unvisited(jumped):
    """The address of a server that nobody has visited, on the home of `jumped`."""
    yield jumped.open_another()
    serve.end(jumped.apps.pop())


@pytest.fixture(scope="session")
def jumped(tmp_path_factory):
    """A stage on 9 March, after the jump, with its history and an app; for tests that only look."""
    stage = jump_with_history(tmp_path_factory.mktemp("jumped"))
    stage.open_app()
    yield stage
    stage.close()
