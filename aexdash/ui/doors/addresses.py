"""Which addresses there are. Streamlit answers every other one with the page, as if it had found something.

Its figures about this process are for who sits at this machine: a proxy passes on what others ask.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from aexdash.ui.doors.binding import is_near
from aexdash.ui.doors.origin import place
from aexdash.ui.frame import nav

OF_STREAMLIT = ("/_stcore/", "/media/", "/component/", "/static/", "/auth/")
"""What begins so is Streamlit's, which says itself what of it there is."""

FILES_OF_STREAMLIT = ("/", "/index.html", "/favicon.png", "/manifest.json", "/oauth2callback")

METRICS = "/_stcore/metrics"

PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
"""Headers by which a proxy says that it asks for somebody else."""


class KnownAddresses:
    """ASGI middleware that answers 404 where there is no page, no route and no file."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._routes = tuple(routes)
        self._pages = {f"/{name}" for name in nav.NAMES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say that there is nothing there."""
        if scope["type"] == "http" and not self._is_known(scope):
            sentence = "There is no such page here; the pages begin at /.\n"
            await PlainTextResponse(sentence, status_code=404)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_known(self, scope: Scope) -> bool:
        path = _below_base(scope["path"])
        if path == METRICS:
            return is_asked_here(scope)
        if path in FILES_OF_STREAMLIT or path.startswith(OF_STREAMLIT):
            return True
        first, _, rest = path[1:].partition("/")
        if f"/{first}" in self._pages:
            # A page asks for these beside itself, and hears from Streamlit that they are at the root.
            return not rest or rest.startswith("_stcore/")
        return any(route.matches(scope)[0] is not Match.NONE for route in self._routes)


def _below_base(path: str) -> str:
    """Return a path without the one that the whole app may stand behind."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return path.removeprefix(f"/{base}") or "/" if base else path


def is_asked_here(scope: Scope) -> bool:
    """Whether a program on this machine asks, by a name of this machine, and no proxy for somebody else."""
    headers, client = Headers(scope=scope), scope.get("client")
    if any(name in headers for name in PASSED_ON):
        return False
    name = place(f"http://{headers.get('host', '')}").rpartition(":")[0] or headers.get("host", "")
    return (client is None or is_near(client[0])) and is_near(name.strip("[]"))


def knows_token(scope: Scope, token: str) -> bool:
    """Whether a program sends a token as `Authorization: Bearer`; no where there is none to send."""
    scheme, _, given = Headers(scope=scope).get("authorization", "").partition(" ")
    return bool(token) and scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
