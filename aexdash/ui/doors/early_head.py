"""The style of our pages and the scripts of all of them, put into Streamlit's own page before it is sent.

Streamlit can only add them while a page is drawn, as elements among others. What stands on the page by then has been
drawn without the style, and moves; and each script would be two elements more that every run of every page sends again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aexdash.ui.alerts import routes as alerts
from aexdash.ui.ask import box
from aexdash.ui.frame import again, names, nav, news, scripts
from aexdash.ui.frame.theme import LOOK_FILE

UI_FOLDER = Path(__file__).resolve().parents[1]

LOOK_FILES = [LOOK_FILE, *sorted(file for file in UI_FOLDER.glob("*/look.css") if file != LOOK_FILE)]
"""The style that all pages share, and those of single pages."""

SCRIPT_FILES = [
    scripts.BACKEND_FILE,
    again.PRESS_FILE,
    scripts.TYPING_FILE,
    scripts.COPY_FILE,
    names.SCRIPT_FILE,
    news.SCRIPT_FILE,
    nav.LEAD_FILE,
    alerts.SCRIPT_FILE,
    box.SCRIPT,
]
"""The scripts that a page keeps from its first moment on, whatever is drawn on it."""

SCRIPT = "/page.js"
"""The address of them all; the content security policy forbids them within the page itself."""

HEAD_BEGINS = b"<head>"
HEAD_ENDS = b"</head>"

_NOT_PASSED_ON = (b"if-none-match", b"if-modified-since", b"range", b"accept-encoding")
"""Headers by which a browser asks for less than the whole page, because it knows the file that Streamlit has, or for it
in a form that no style can be put into."""

_OF_THE_FILE = ("etag", "last-modified", "accept-ranges")


class EarlyHead:
    """ASGI middleware that puts the way to our scripts and our style into the head of every page.

    The scripts stand at its begin and so run before Streamlit's; the style stands at its end.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        style = "".join(f"<style>{file.read_text('utf-8')}</style>" for file in LOOK_FILES)
        self._ours = {
            HEAD_BEGINS: f'{HEAD_BEGINS.decode()}<script src="{SCRIPT}" defer></script>'.encode(),
            HEAD_ENDS: style.encode() + HEAD_ENDS,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; put ours into the answer where a browser asks for a page and gets one."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _asks_for_page(scope):
            await self._app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _NOT_PASSED_ON]
        await self._app({**scope, "headers": headers}, receive, _Answer(send, self._ours))


class _Answer:
    """Sends an answer on; one that is a page only when all of it is there, with ours in it."""

    def __init__(self, send: Send, ours: Mapping[bytes, bytes]) -> None:
        self._send, self._ours = send, ours
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
        page = self._page
        for place, ours in self._ours.items():
            page = page.replace(place, ours, 1)
        headers = MutableHeaders(scope=begin)
        for name in _OF_THE_FILE:
            del headers[name]
        headers["content-length"] = str(len(page))
        await self._send(begin)
        await self._send({"type": "http.response.body", "body": page})


def script(_request: Request) -> Response:
    """Send the scripts of all pages as one; browsers ask each time whether it has changed."""
    text = "\n".join(file.read_text("utf-8") for file in SCRIPT_FILES)
    return Response(text, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _asks_for_page(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _is_page(begin: Message) -> bool:
    headers = MutableHeaders(scope=begin)
    kind = headers.get("content-type", "")
    return begin["status"] == 200 and kind.startswith("text/html") and "content-encoding" not in headers
