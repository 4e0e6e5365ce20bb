"""What a run draws reaches the browser in its order and before the run's end, in few hand-overs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import StopException

from aexdash.ui.frame.bundles import Bundles
from tests.benchmarks.common import free_port
from tests.benchmarks.viewer import HALF_DONE, Viewer
from tests.browser.stage import wait_until_up

APP = """
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from aexdash.ui.frame import bundles


@asynccontextmanager
async def lifespan(_app):
    with bundles.serving():
        yield


app = st.App(Path(__file__).with_name("page.py"), lifespan=lifespan)
"""

PAGE = """
import streamlit as st

from aexdash.ui.frame.bundles import bundled


@st.fragment
@bundled()
def part():
    for number in range(60):
        st.text(f"part {number}")


with bundled():
    if "begun" not in st.session_state:
        st.session_state["begun"] = True
        st.text("thrown away")
        st.rerun()
    for number in range(60):
        st.text(f"page {number}")
    part()
st.text("after it")
"""


class Listening(Viewer):
    """Somebody who keeps what she is told, in its order."""

    def __init__(self, url: str) -> None:
        self.told: list[str] = []
        self.part = ""
        super().__init__(url)

    def _received(self) -> ForwardMsg:
        message = super()._received()
        if message.HasField("delta") and message.delta.new_element.HasField("text"):
            self.told.append(message.delta.new_element.text.body)
            self.part = message.delta.fragment_id or self.part
        if message.WhichOneof("type") == "script_finished":
            self.told.append("again" if message.script_finished == HALF_DONE else "end")
        return message


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bundles")
    (folder / "app.py").write_text(APP)
    (folder / "page.py").write_text(PAGE)
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        wait_until_up(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
        server.terminate()


PART = [f"part {number}" for number in range(60)]
ALL = [*(f"page {number}" for number in range(60)), *PART, "after it", "end"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*must be used as a context manager:DeprecationWarning")
def test_a_page_a_part_of_it_and_one_that_begins_anew_are_told_whole_in_order_and_before_their_end(url):
    viewer = Listening(url)
    assert viewer.told[viewer.told.index("again") + 1 :] == ALL
    for part, told in (("", ALL), (viewer.part, [*PART, "end"])) * 5:
        viewer.told.clear()
        viewer.run(part)
        assert viewer.told == told
    viewer.close()


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that turns in a thread of its own, as that of a server does."""
    turning = asyncio.new_event_loop()
    thread = threading.Thread(target=turning.run_forever, name="loop")
    thread.start()
    yield turning
    turning.call_soon_threadsafe(turning.stop)
    thread.join()
    turning.close()


def test_a_hundred_pieces_wake_the_server_a_few_times_and_it_alone_sends_them(loop, monkeypatch):
    woken, sent = [], []
    wake = loop.call_soon_threadsafe
    monkeypatch.setattr(loop, "call_soon_threadsafe", lambda do, *about: (woken.append(do), wake(do, *about)))
    bundles = Bundles(lambda piece: sent.append((piece, threading.current_thread().name)), lambda: None, loop)
    for piece in range(100):
        bundles(piece)
    bundles.end()
    assert sent == [(piece, "loop") for piece in range(100)]
    assert len(woken) < 10


def test_what_is_drawn_before_a_long_wait_is_sent_meanwhile(loop):
    arrived = threading.Event()
    bundles = Bundles(lambda _: arrived.set(), lambda: None, loop)
    bundles("the bar")
    assert arrived.wait(10)


def test_a_run_that_is_to_end_ends_at_the_next_piece_and_leaves_that_out(loop):
    sent: list[str] = []
    asked = threading.Event()

    def look() -> None:
        if asked.is_set():
            raise StopException

    bundles = Bundles(sent.append, look, loop)
    bundles("before")
    asked.set()
    with pytest.raises(StopException):
        bundles("behind")
    bundles.end()
    assert sent == ["before"]


def test_a_server_that_has_ended_keeps_no_run_waiting():
    sent: list[str] = []
    ended = asyncio.new_event_loop()
    ended.close()
    bundles = Bundles(sent.append, lambda: None, ended)
    bundles("last words")
    bundles.end()
    assert sent == ["last words"]
