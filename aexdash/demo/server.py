"""Serves the simulated platform over real HTTP on a loopback port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Respond = Callable[[str, str, dict[str, str], bytes], tuple[int, dict[str, str], bytes]]

_VERBS = ["GET", "POST", "DELETE"]
_START_SECONDS = 20.0


def application(respond: Respond) -> Starlette:
    """Return an ASGI application whose every request is answered by `respond`, on a thread of the pool.

    A request that `respond` gives up on ends as HTTP 504.
    """

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        try:
            status, headers, answer = await run_in_threadpool(
                respond, request.method, str(request.url), dict(request.headers), body
            )
        except TimeoutError:
            return Response(status_code=504)
        return Response(answer, status, headers)

    return Starlette(routes=[Route("/{path:path}", endpoint, methods=_VERBS)])


class _Server(uvicorn.Server):
    """A uvicorn server that says when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


class Served:
    """A running server: `url` is its origin; `stop` ends it, also on leaving a `with`."""

    def __init__(self, app: Starlette, port: int, before_stop: Callable[[], None] | None) -> None:
        self._before_stop = before_stop
        self._socket = _listen(port)
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=2
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
        self._server.should_exit = True
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


def serve_in_thread(app: Starlette, port: int = 0, *, before_stop: Callable[[], None] | None = None) -> Served:
    """Serve `app` on 127.0.0.1 in a thread of its own; port 0 takes any free one.

    Raises:
        OSError: the port is in use.
    """
    return Served(app, port, before_stop)
