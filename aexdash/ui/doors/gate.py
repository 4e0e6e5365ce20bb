"""The gate before everything that the server answers: who has not signed in gets nothing but the way to do so.

It stands before routes, pages, uploads, files of Streamlit and the websocket alike, and lets through by name only what
tells nobody anything, so a new route is shut until somebody writes it down here. Of an open websocket each message is
asked anew: every run of a page, every part of one and every click begins with a message, so all of them end with the
session, in whichever tab.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import anyio.to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aexdash.clock import system_clock
from aexdash.config.in_force import in_force
from aexdash.config.sections.login import CALLBACK, LoginSettings
from aexdash.config.settings import ConfigError, Settings
from aexdash.desk.sessions import Session, Sessions
from aexdash.people.identity import NoIdentity, identity_of
from aexdash.storage.errors import StorageError
from aexdash.ui.doors import assistants, sign_in
from aexdash.ui.doors.provider import WayIn, claims_in
from aexdash.ui.frame import nav
from aexdash.ui.signed_in import COOKIE, of_request, of_server, rights_in, session_of
from aexdash.words.common import without_home

OPEN = frozenset(
    (
        sign_in.LOGIN,
        sign_in.START,
        sign_in.LOGOUT,
        sign_in.TO_STREAMLIT,
        "/auth/login",
        CALLBACK,
        "/healthz",
        "/readyz",
        "/metrics",
        "/favicon.png",
        "/manifest.json",
    )
)
"""What is answered to everybody: the ways in and out, and what tells no more than that there is a server, or
asks for itself who may know (`probes`)."""

OPEN_BELOW = ("/static/",)
"""The files of Streamlit itself, the same in every installation."""

ENDED = 1008
"""The code by which a websocket is closed (policy violation, RFC 6455 §7.4.1)."""

BELIEVED_SECONDS = 1.0
"""How long what the desk said of a session is believed for further messages of the same websocket."""

OTHERWISE = "The settings of the login were changed: start the server anew."


class Gate:
    """ASGI middleware; `way_in` is the one that the server was started with."""

    def __init__(self, app: ASGIApp, way_in: WayIn) -> None:
        self._app = app
        self._login, self._key = way_in.login, way_in.key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on where nobody signs in or somebody has; else say where to sign in."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        try:
            settings = (await anyio.to_thread.run_sync(in_force)).settings
        except ConfigError as error:
            if self._login.is_on:
                await _refuse(scope, receive, send, _plainly(503, without_home(str(error))))
            else:
                await self._app(scope, receive, send)
            return
        if _way_in(settings.login) != _way_in(self._login):
            await _refuse(scope, receive, send, _plainly(503, OTHERWISE))
        elif not settings.login.is_on:
            await self._app(scope, receive, send)
        else:
            await self._guard(scope, receive, _safely(send, settings), settings)

    async def _guard(self, scope: Scope, receive: Receive, send: Send, settings: Settings) -> None:
        path = scope["path"]
        if scope["type"] == "http" and path == CALLBACK:
            await self._app(scope, receive, _Return(scope, receive, send, settings, self._key))
            return
        if scope["type"] == "http" and (path in OPEN or path.startswith(OPEN_BELOW)):
            of_server.set(True)  # what is open says nothing of a store, and a health check is of all of them
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and path == assistants.PATH and assistants.may_ask(scope, settings):
            await self._app(scope, receive, send)  # says there what such a program may see
            return
        watched = _Watched(scope, settings)
        try:
            session = await watched.look()
        except StorageError as error:
            await _refuse(scope, receive, send, _plainly(503, without_home(str(error))))
            return
        if session is None:
            await _refuse(scope, receive, send, _to_sign_in(scope))
        elif not rights_in(session, settings).grants:
            await _refuse(scope, receive, send, _without_role(scope, session))
        elif scope["type"] == "http":
            of_request.set(session)  # each request has a context of its own
            await self._app(scope, receive, send)
        else:
            await self._app(scope, watched.receiving(receive, send), send)


def _without_role(scope: Scope, session: Session) -> Response:
    """Say to somebody who is signed in that nothing is granted to her, and to whom to turn."""
    who = session.identity
    groups = ", ".join(who.groups) or "none"
    sentence = (
        f"You are signed in as {who.name}, and no group of yours has a role here (your groups: {groups}). "
        "Ask whoever keeps aexdash running for one."
    )
    if scope["type"] == "http" and _is_page(scope):
        content = f'<p>{escape(sentence)}</p><p><a class="go" href="{sign_in.LOGOUT}">Log out</a></p>'
        return sign_in.said("You have no role here", content, status=403)
    return _plainly(403, sentence)


def _way_in(login: LoginSettings) -> tuple[str, ...]:
    """Return what of the settings the server knows from its start."""
    secret = login.client_secret.get_secret_value()
    return (login.metadata_url, login.client_id, secret, login.scope, login.prompt)


class _Watched:
    """The session of one request or websocket, looked at as long as that lasts."""

    def __init__(self, scope: Scope, settings: Settings) -> None:
        self._cookies, self._settings = HTTPConnection(scope).cookies, settings
        self._looked_at = 0.0

    async def look(self) -> Session | None:
        """Ask the desk for the session."""
        found = await anyio.to_thread.run_sync(session_of, self._cookies, self._settings)
        self._looked_at = time.monotonic()
        return found

    def receiving(self, receive: Receive, send: Send) -> Receive:
        """Return what receives a websocket's messages and ends it with the first one after the session has ended."""

        async def receive_while_signed_in() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not await self._stands():
                await send({"type": "websocket.close", "code": ENDED})
                return {"type": "websocket.disconnect", "code": ENDED}
            return message

        return receive_while_signed_in

    async def _stands(self) -> bool:
        if time.monotonic() - self._looked_at < BELIEVED_SECONDS:
            return True
        try:
            self._settings = (await anyio.to_thread.run_sync(in_force)).settings
            session = await self.look()
            return session is not None and bool(rights_in(session, self._settings).grants)
        except (ConfigError, StorageError):
            return False


def _to_sign_in(scope: Scope) -> Response:
    """Lead somebody who wants a page to the sign-in; say to everything else that it is refused."""
    wanted, kept = scope["path"], scope.get("query_string", b"").decode("latin-1")
    if not (scope["type"] == "http" and _is_page(scope)):
        return _plainly(
            401, f"Sign in at {sign_in.LOGIN} first: this needs a session, and yours has ended or was none."
        )
    onward = quote(f"{wanted}?{kept}" if kept else wanted, safe="")
    return RedirectResponse(f"{sign_in.LOGIN}?{sign_in.NEXT}={onward}", status_code=303)


def _is_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and (scope["path"] == "/" or scope["path"][1:] in nav.NAMES)


class _Return:
    """Sends the answer to somebody who comes back from the provider; where it says who that is, a session begins."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings, key: str) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._settings, self._key = settings, key
        self._refused = False

    async def __call__(self, message: Message) -> None:
        if self._refused:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            claims = claims_in(headers.getlist("set-cookie"), self._key)
            if claims is not None and not await self._begin(claims, headers):
                return
        await self._send(message)

    async def _begin(self, claims: Mapping[str, object], headers: MutableHeaders) -> bool:
        """Begin a session and have the browser keep it; return whether that could be done."""
        login = self._settings.login
        try:
            identity = identity_of(claims, name_claim=login.name_claim, groups_claim=login.groups_claim)
            sessions = Sessions(self._settings.sessions_path)
            secret = await anyio.to_thread.run_sync(sessions.start, identity, system_clock())
        except (NoIdentity, StorageError) as error:
            self._refused = True
            said = _plainly(503, f"You are not signed in: {without_home(str(error))}")
            await said(self._scope, self._receive, self._send)
            return False
        kept = Response()
        kept.set_cookie(COOKIE, secret, max_age=int(login.max_age.total_seconds()), httponly=True, samesite="lax")
        kept.delete_cookie(sign_in.NEXT_COOKIE)
        for line in kept.headers.getlist("set-cookie"):
            headers.append("set-cookie", line)
        headers["location"] = sign_in.page_of(HTTPConnection(self._scope).cookies.get(sign_in.NEXT_COOKIE, ""))
        return True


def _safely(send: Send, settings: Settings) -> Send:
    """Return what sends an answer whose cookies travel over https alone, where the pages are opened over it."""
    if not settings.address.startswith("https://"):
        return send

    async def send_safely(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            message = {**message, "headers": [_safe(*header) for header in message.get("headers", ())]}
        await send(message)

    return send_safely


def _safe(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    is_open = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return (name, value + b"; Secure") if is_open else (name, value)


async def _refuse(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": ENDED})
    else:
        await answer(scope, receive, send)


def _plainly(status: int, sentence: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=headers)
