"""Keeps the pages on this machine as long as nobody has to sign in to them, however the server was started.

Two looks, because a server is started in many ways. When the app is loaded, the address that Streamlit was told (by its
file, the environment, a flag or by nobody: then it means every address) ends the process. A server of another kind, as
`uvicorn app:app --host 0.0.0.0`, tells the app nothing of its address; so each request is asked where it arrived.
"""

from __future__ import annotations

import ipaddress
import sys

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aexdash.config.file import is_loopback
from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError

EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - what Streamlit listens on where nobody names an address

WHAT_TO_DO = (
    "Listen on 127.0.0.1, or set up a login under [login] in aexdash.toml; where a proxy with a login of its own "
    "stands in front, say so there with by_proxy = true."
)


def refuse_open_door() -> None:
    """End this process with exit code 2 and one sentence where it would let in people whom nobody asks who they are."""
    sentence = why_not(
        st.get_option("server.address"), has_trusted_headers=bool(st.get_option("server.trustedUserHeaders"))
    )
    if sentence:
        print(sentence, file=sys.stderr, flush=True)
        raise SystemExit(2)


def why_not(address: str | None, *, has_trusted_headers: bool) -> str:
    """Say why the pages may not listen on an address; empty where they may. No address is every one."""
    address = address or EVERY_ADDRESS
    if is_near(address):
        return ""
    if has_trusted_headers:
        return (
            f"aexdash does not listen on {address} while server.trustedUserHeaders is set: whoever reaches it "
            "could write those headers herself; listen on 127.0.0.1 behind the proxy that writes them."
        )
    if is_let_in_by_somebody():
        return ""
    why = "because whoever reaches it would see and change everything"
    return f"aexdash does not listen on {address}, {why}. {WHAT_TO_DO}"


def is_let_in_by_somebody() -> bool:
    """Whether something asks people who they are before they reach a page; no where the settings cannot be read."""
    try:
        login = in_force().settings.login
    except ConfigError:
        return False
    return login.is_on or login.by_proxy


def is_near(host: str) -> bool:
    """Whether a host is this machine, an IPv4 address in the clothes of IPv6 too."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return is_loopback(host)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


class NearOnly:
    """ASGI middleware that refuses what arrives at an address of this machine that others reach."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with 403; `server` of the scope is the end of the connection on this side."""
        if scope["type"] in ("http", "websocket") and not _may_arrive_at(scope.get("server")):
            await _refuse(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _may_arrive_at(server: tuple[str, int | None] | None) -> bool:
    """Nothing and a path are a unix socket, which file modes guard."""
    if not server or server[1] is None or is_near(server[0]):
        return True
    return is_let_in_by_somebody() and not st.get_option("server.trustedUserHeaders")


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    sentence = f"aexdash answers on this machine alone, because nobody signs in. {WHAT_TO_DO}\n"
    await PlainTextResponse(sentence, status_code=403)(scope, receive, send)
