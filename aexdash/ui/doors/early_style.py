"""The style of our pages, put into Streamlit's own page before it is sent.

Streamlit can only add a style while a page is drawn, as one element among others: what stands on the page by then has
been drawn without it, and moves.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aexdash.ui.frame.theme import LOOK_FILE

UI_FOLDER = Path(__file__).resolve().parents[1]

LOOK_FILES = [LOOK_FILE, *sorted(file for file in UI_FOLDER.glob("*/look.css") if file != LOOK_FILE)]
"""The style that all pages share, and those of single pages."""

HEAD_ENDS = b"</head>"

_NOT_PASSED_ON = (b"if-none-match", b"if-modified-since", b"range", b"accept-encoding")
"""Headers by which a browser asks for less than the whole page, because it knows the file that Streamlit has, or for it
in a form that no style can be put into."""

_OF_THE_FILE = ("etag", "last-modified", "accept-ranges")


class EarlyStyle:
    """ASGI middleware that puts our style at the end of the head of every page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._style = "".join(f"<style>{file.read_text('utf-8')}</style>" for file in LOOK_FILES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; put the style into the answer where a browser asks for a page and gets one."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _asks_for_page(scope):
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _NOT_PASSED_ON]
        await self._app({**scope, "headers": headers}, receive, _Answer(send, self._style.encode()))


class _Answer:
    """Sends an answer on; one that is a page only when all of it is there, with the style in it."""

    def __init__(self, send: Send, style: bytes) -> None:
        self._send, self._style = send, style
        self._begin: Message | None = None
        self._page = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._begin = message
        elif self._begin is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._page += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._begin)

    async def _send_page(self, begin: Message) -> None:
        page = self._page.replace(HEAD_ENDS, self._style + HEAD_ENDS, 1)
        headers = MutableHeaders(scope=begin)
        for name in _OF_THE_FILE:
            del headers[name]
        headers["content-length"] = str(len(page))
        await self._send(begin)
        await self._send({"type": "http.response.body", "body": page})


def _asks_for_page(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _is_page(begin: Message) -> bool:
    headers = MutableHeaders(scope=begin)
    kind = headers.get("content-type", "")
    return begin["status"] == 200 and kind.startswith("text/html") and "content-encoding" not in headers
