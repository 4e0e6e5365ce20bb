import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.testing.v1 import AppTest, local_script_runner

from aexdash.ui.doors import failed
from aexdash.ui.doors.headers import SecurityHeaders
from aexdash.ui.doors.routes import routes
from aexdash.ui.frame.person import NAME
from tests.ui.sample import home

SHELL = Path(__file__).resolve().parents[2] / "aexdash" / "ui" / "frame" / "shell.py"

OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open a page of a home directory, with the parameters of its address, as a link to it does in a new tab.

    Somebody named Lead is at it; with another `person` she is, and with an empty one nobody has said so.
    """

    def open_(folder: Path, page: str = "overview", /, *, person: str = "Lead", **query: str) -> AppTest:
        monkeypatch.setenv("AEXDASH_HOME", str(folder))
        monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(folder / "clock.txt"))
        st.cache_data.clear()
        st.cache_resource.clear()
        answer_as_the_app_does(monkeypatch)
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        if page != "overview":
            app.switch_page(f"../../../pages/{page}.py")
        if person:
            app.session_state[NAME] = person
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_


def answer_as_the_app_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an error that nobody caught be told as app.py has it told; a test of Streamlit knows no app."""
    begin = local_script_runner.LocalScriptRunner.__init__

    def begin_with(self: local_script_runner.LocalScriptRunner, *args: object, **ways: object) -> None:
        begin(self, *args, **ways)
        self._on_script_error = failed.say

    monkeypatch.setattr(local_script_runner.LocalScriptRunner, "__init__", begin_with)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], httpx.Response]:
    """A browser before the doors of a home directory."""
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(home(tmp_path) / "clock.txt"))
    app = httpx.ASGITransport(Starlette(routes=routes(), middleware=[Middleware(SecurityHeaders)]))

    async def get(path: str) -> httpx.Response:
        async with httpx.AsyncClient(transport=app, base_url="http://localhost") as client:
            return await client.get(path)

    return lambda path: asyncio.run(get(path))
