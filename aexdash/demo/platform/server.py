"""Serves the simulated platform over real HTTP on a loopback port."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.concurrency import run_in_threadpool

Respond = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_START_SECONDS = 20.0
_END_SECONDS = 2.0
"""What is being answered has so long to end."""

_GIVEN_UP = (504, {"Content-Type": "text/plain;charset=utf-8"}, b"")


def application(respond: Respond, may_wait: Callable[[], bool] = lambda: True) -> Application:
    """Return an ASGI application whose every request is answered by `respond`, on a thread where it `may_wait`.

    A request that `respond` gives up on ends as HTTP 504. No framework stands between: at thousands of requests it
    would cost more than the answers.
    """

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        asked = (scope["method"], _url(scope, headers), headers, await _body(receive))
        try:
            given = await run_in_threadpool(respond, *asked) if may_wait() else respond(*asked)
        except TimeoutError:
            given = _GIVEN_UP
        await _send(send, *given)

    return answer


def _url(scope: Message, headers: dict[str, str]) -> str:
    query = scope["query_string"].decode("latin-1")
    target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    return f"{scope['scheme']}://{headers.get('host', '127.0.0.1')}{target}"


async def _body(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _send(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    named.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """A uvicorn server that says when it has started, and ends when it is told to.

    Uvicorn's own looks ten times a second whether it should end, and again whether all is answered: a third of a
    second altogether, at each of a thousand ends in the tests.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._told_to_end = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.ready.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)  # the headers of every answer
        await self._told_to_end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()  # at once where nothing is being answered, else after that
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=_END_SECONDS)
        for task in self.server_state.tasks:
            task.cancel()

    def end(self) -> None:
        """Tell it to end, from another thread."""
        self._loop.call_soon_threadsafe(self._told_to_end.set)


class Served:
    """A running server: `url` is its origin; `stop` ends it, also on leaving a `with`."""

    def __init__(self, app: Application, port: int, before_stop: Callable[[], None] | None) -> None:
        self._before_stop = before_stop
        self._socket = _listen(port)
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            interface="asgi3",
            date_header=False,
        )
        self._server = _Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="simulated-aliexpress", daemon=True
        )
        self._thread.start()
        if not self._server.ready.wait(_START_SECONDS):
            raise TimeoutError(f"the simulated AliExpress did not start on port {self.port}")

    def stop(self) -> None:
        """End the server and free its port; a second call does nothing."""
        if self._before_stop is not None:
            self._before_stop()
        if self._thread.is_alive():
            self._server.end()
        self._thread.join()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _listen(port: int) -> socket.socket:
    """Open the port, TCP named: asyncio sends small answers without delay only on sockets that say so."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def serve_in_thread(app: Application, port: int = 0, *, before_stop: Callable[[], None] | None = None) -> Served:
    """Serve `app` on 127.0.0.1 in a thread of its own; port 0 takes any free one.

    Raises:
        OSError: the port is in use.
    """
    return Served(app, port, before_stop)
