from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

SHELL = Path(__file__).resolve().parents[2] / "aexdash" / "ui" / "shell.py"

OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open a page of a home directory, with the parameters of its address, as the shell would."""

    def open_(folder: Path, page: str = "overview", /, **query: str) -> AppTest:
        monkeypatch.setenv("AEXDASH_HOME", str(folder))
        monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(folder / "clock.txt"))
        st.cache_data.clear()
        app = AppTest.from_file(str(SHELL), default_timeout=30)
        if page != "overview":
            app.run()
            app.switch_page(f"../../pages/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_
