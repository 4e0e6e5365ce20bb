"""The websocket of the pages is for our own pages alone: exact name and port.

Streamlit accepts every port of this machine, so a page of any other program here could have driven the desk. A browser
always says where a script comes from, and no script can change that. What says nothing is no browser, and has nobody's
cookies.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import net_util

POLICY_VIOLATION = 1008


class OwnOrigin:
    """ASGI middleware that refuses websockets that pages of another origin open."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; refuse the handshake of a websocket from elsewhere with 403."""
        if scope["type"] == "websocket" and not is_own(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        await self._app(scope, receive, send)


def ask_nobody_outside() -> None:
    """Keep Streamlit from asking a host of others for the address of this machine, for as long as the process stands.

    It asks where it greets whoever started it on every address, and for each origin that it does not know at once.
    """
    net_util.get_external_ip = _not_known


def _not_known() -> None:
    return None


def is_own(headers: Headers) -> bool:
    """Whether a request comes from a page of the name and port that it asks, or of server.corsAllowedOrigins."""
    origin = headers.get("origin")
    if origin is None:
        return True
    if origin in st.get_option("server.corsAllowedOrigins"):
        return True
    return bool(place(origin)) and place(origin) == headers.get("host", "").lower()


def place(address: str) -> str:
    """Return name and port of an address as they are written; empty for none."""
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket that never closes
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""
