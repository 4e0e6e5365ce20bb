"""The door for assistants: `/mcp` on the port of the pages, which answers where the settings switch it on.

What it takes a second to load is loaded with the first request that is let in. Where nobody signs in and there is no
token, whoever reaches the port may ask, as with the pages; what a page of somebody else makes a browser send is not let
in. A program that knows the token may read as a viewer may, in the stores of the settings; a person who has signed in,
what she may see.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import streamlit as st
from anyio.abc import TaskGroup, TaskStatus
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError, Settings
from aexdash.ui.doors.addresses import knows_token
from aexdash.ui.signed_in import of_program, of_request
from aexdash.words.common import without_home

if TYPE_CHECKING:
    from aexdash.assistants.server import OverHttp

PATH = "/mcp"

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""The names that are answered where no others are allowed."""

MOST_WAITING = 16
"""Requests that are answered or wait at once; more are asked to come again."""

OFF = "Assistants are not answered here; write http = true under [assistants] in aexdash.toml to switch that on."
UNKNOWN = "Assistants are answered here that send the token of [assistants] in secrets.toml as Authorization: Bearer."
BUSY = "Too many assistants ask at once; ask again in a few seconds."


class AssistantsDoor:
    """ASGI application for `/mcp`. It answers within `open()`, which lasts as long as the server."""

    def __init__(self) -> None:
        self._tasks: TaskGroup | None = None
        self._answers: OverHttp | None = None
        self._waiting = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer assistants within the block; what was begun for them ends with it."""
        async with anyio.create_task_group() as tasks:
            self._tasks, self._starting = tasks, anyio.Lock()
            try:
                yield
            finally:
                self._tasks = self._answers = None
                tasks.cancel_scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say in a sentence why not."""
        try:
            settings = (await anyio.to_thread.run_sync(in_force)).settings
        except ConfigError as error:
            await _refused(503, without_home(str(error)))(scope, receive, send)
            return
        if refused := _why_not(scope, settings) or self._full():
            await refused(scope, receive, send)
            return
        if knows_token(scope, settings.assistants.token.get_secret_value()):
            of_program.set(settings.assistants.rights)
        self._waiting += 1
        try:
            answers = await self._started()
            await answers(scope, receive, send)
        finally:
            self._waiting -= 1

    def _full(self) -> PlainTextResponse | None:
        if self._tasks is None:
            return _refused(503, "The server is starting or ending; ask again in a few seconds.")
        return _refused(503, BUSY) if self._waiting >= MOST_WAITING else None

    async def _started(self) -> OverHttp:
        tasks = self._tasks
        assert tasks is not None
        async with self._starting:
            if self._answers is None:
                self._answers = await tasks.start(_keep_answering)
            return self._answers


async def _keep_answering(*, task_status: TaskStatus[OverHttp]) -> None:
    """Load what answers, and keep it running until this task is ended."""
    answers = await anyio.to_thread.run_sync(_load)
    async with answers.running():
        task_status.started(answers)
        await anyio.sleep_forever()


def _load() -> OverHttp:
    from aexdash.assistants.server import OverHttp  # noqa: PLC0415 - takes a second, and most never ask

    return OverHttp()


def _why_not(scope: Scope, settings: Settings) -> PlainTextResponse | None:
    """Refuse a request where assistants are off, and one that a page of somebody else made a browser send."""
    headers = Headers(scope=scope)
    if not settings.assistants.http:
        return _refused(404, OFF)
    host, origin = headers.get("host", ""), headers.get("origin")
    if not _is_ours(_name(f"//{host}")):
        return _refused(421, f"Assistants are not answered under the name {host!r}; use {settings.address}{PATH}.")
    if origin is not None and _place(origin) not in (_place(f"//{host}"), _place(settings.address)):
        return _refused(403, "Pages of other sites may not ask here; an assistant's own program may.")
    if settings.assistants.token.get_secret_value() and not (may_ask(scope, settings) or of_request.get()):
        return _refused(401, UNKNOWN)
    if scope["method"] != "POST":  # there is nothing to listen to, and nothing is kept that could be ended
        return _refused(405, "Assistants ask here with POST alone; there are no sessions and no streams.")
    return None


def may_ask(scope: Scope, settings: Settings) -> bool:
    """Whether a program may ask here without a session: assistants are answered, and it knows their token."""
    return settings.assistants.http and knows_token(scope, settings.assistants.token.get_secret_value())


def _is_ours(name: str) -> bool:
    allowed = [one for one in st.get_option("server.allowedHosts") or () if one != "*"] or LOOPBACK
    return any(name == one or (one.startswith("*.") and name.endswith(one[1:])) for one in allowed)


def _name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:  # a bracket that never closes
        return ""


def _place(address: str) -> str:
    """Return name and port of an address as they are written; empty for none."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""


def _refused(status: int, sentence: str) -> PlainTextResponse:
    return PlainTextResponse(f"{sentence}\n", status_code=status)
