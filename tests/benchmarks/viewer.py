"""Somebody who has a page open, without a browser: Streamlit's own messages over its web socket.

A viewer opens a page, clicks chips, lets the page run again, and asks for news as the script of the page does. Each run
ends with the message that says that the script has finished, so the time is that of the server and of the way there.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from typing import TypeVar

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

T = TypeVar("T")

PATIENCE = 60
NEWS = re.compile(r'data-news-of="([^"]*)"')
PAUSE = 2.0
"""Seconds between two questions for news (aexdash/ui/frame/news.js)."""

HALF_DONE = ForwardMsg.FINISHED_EARLY_FOR_RERUN
WELL_DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass(frozen=True)
class Chips:
    """A row of chips on the page: the id of the widget, the part of the page that it runs, its words."""

    widget: str
    part: str
    words: tuple[str, ...]
    several: bool


class Viewer:
    """One open page of an app; `runs` counts how often its script has finished, `elements` those of the last run."""

    def __init__(self, url: str, page: str = "", seed: int = 1, *, cookie: str = "", query: str = "") -> None:
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        headers = {"Cookie": cookie} if cookie else None
        self._socket = connect(
            address,
            subprotocols=["streamlit"],
            max_size=None,
            compression=None,
            open_timeout=PATIENCE,
            additional_headers=headers,
        )
        self._url, self._page, self._query = url, page, query
        self._chosen: dict[str, list[str]] = {}
        self._chance = random.Random(seed)
        self.chips: dict[str, Chips] = {}
        self.news = ""
        self.runs = self.elements = 0
        self.run()

    def run(self, part: str = "") -> None:
        """Run the page again, or one part of it, and wait for its end."""
        asked = BackMsg()
        asked.rerun_script.page_name = self._page
        asked.rerun_script.query_string = self._query
        asked.rerun_script.fragment_id = part
        for widget, words in self._chosen.items():
            state = asked.rerun_script.widget_states.widgets.add()
            state.id = widget
            state.string_array_value.data.extend(words)
        self._socket.send(asked.SerializeToString())
        self.elements = 0
        while not self._has_finished(self._received()):
            pass
        self.runs += 1

    def click(self, key: str) -> None:
        """Click any chip of a row, on or off."""
        chips = self.chips[key]
        chosen, word = self._chosen.get(chips.widget, []), self._chance.choice(chips.words)
        others = [one for one in chosen if one != word] if chips.several else []
        self._chosen[chips.widget] = others if word in chosen else [*others, word]
        self.run(chips.part)

    def watch(self, stop: threading.Event) -> None:
        """Do nothing but ask for news, where the page does, until told to stop; there is none."""
        with httpx.Client(base_url=self._url, timeout=PATIENCE) as browser:
            while not stop.wait(PAUSE):
                if self.news:
                    browser.get(self.news)

    def close(self) -> None:
        """Leave the page."""
        self._socket.close()

    def _received(self) -> ForwardMsg:
        message = ForwardMsg()
        message.ParseFromString(self._socket.recv(timeout=PATIENCE))
        return message

    def _has_finished(self, message: ForwardMsg) -> bool:
        what = message.WhichOneof("type")
        self.elements += what in ("delta", "ref_hash")
        if what == "delta" and message.delta.new_element.WhichOneof("type") == "button_group":
            self._see(message.delta.new_element.button_group, message.delta.fragment_id)
        elif what == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(f"the page shows an error: {message.delta.new_element.exception.message}")
        elif what == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif what == "delta" and (asks := NEWS.search(message.delta.new_element.html.body)):
            self.news = unescape(asks[1])
        elif what == "script_finished" and message.script_finished != HALF_DONE:
            if message.script_finished not in WELL_DONE:
                raise RuntimeError("the page's script did not run to its end")
            return True
        return False

    def _see(self, group: ButtonGroup, part: str) -> None:
        several = group.click_mode == ButtonGroup.MULTI_SELECT
        key = group.id.split("-", 2)[-1]
        self.chips[key] = Chips(group.id, part, tuple(option.content for option in group.options), several)
        if group.set_value:
            self._chosen[group.id] = list(group.raw_values)


def beside_each_other(do: Callable[[T], None], of: Iterable[T]) -> None:
    """Do something of each, all in threads at once; once all have ended, raise what the first that failed raised."""
    failed: list[Exception] = []

    def one(what: T) -> None:
        try:
            do(what)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=one, args=(what,)) for what in of]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def all_at_once(viewers: list[Viewer], act: Callable[[Viewer], None], seconds: float) -> float:
    """Let every viewer act as fast as it is answered for so many seconds; return the runs a second of all together."""
    begun, before = time.monotonic(), sum(viewer.runs for viewer in viewers)

    def busy(viewer: Viewer) -> None:
        while time.monotonic() - begun < seconds:
            act(viewer)

    beside_each_other(busy, viewers)
    return (sum(viewer.runs for viewer in viewers) - before) / (time.monotonic() - begun)
