"""Lines of standard input that are no messages: each is answered as JSON-RPC wants it, and the next one is read.

The SDK passes them over in silence, and whoever wrote one waits.
"""

from __future__ import annotations

import contextvars
from types import TracebackType
from typing import Any, Self, cast

import mcp_types as types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

NOT_JSON = "This line is not JSON: write one JSON-RPC message a line."
NO_MESSAGE = "This line is JSON and no message of JSON-RPC: it lacks jsonrpc, method or id, or has them otherwise."


class Messages:
    """The messages among what is read; what is none is answered with an error that belongs to no request."""

    # The protocols of both streams are private to the SDK: what it is given stands in for what it reads.
    def __init__(self, reads: Any, writes: Any) -> None:
        self._reads, self._writes = reads, writes

    @property
    def last_context(self) -> contextvars.Context | None:
        """The context of who sent the last message, which the SDK restores."""
        found: contextvars.Context | None = getattr(self._reads, "last_context", None)
        return found

    async def receive(self) -> SessionMessage:
        """Return the next message.

        Raises:
            anyio.EndOfStream: nothing more is written.
        """
        while isinstance(read := await self._reads.receive(), Exception):
            await self._answer(read)
        return cast("SessionMessage", read)

    async def aclose(self) -> None:
        """Read no more."""
        await self._reads.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage:
        while isinstance(read := await self._reads.__anext__(), Exception):
            await self._answer(read)
        return cast("SessionMessage", read)

    async def _answer(self, wrong: Exception) -> None:
        if (error := error_of(wrong)) is not None:
            await self._writes.send(SessionMessage(types.JSONRPCError(jsonrpc="2.0", id=None, error=error)))

    async def __aenter__(self) -> Self:
        await self._reads.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return cast("bool | None", await self._reads.__aexit__(kind, error, trace))


def error_of(wrong: Exception) -> types.ErrorData | None:
    """Return what is answered to a line that is no message; None to an empty one, which says nothing."""
    if not isinstance(wrong, ValidationError):
        return types.ErrorData(code=types.PARSE_ERROR, message=NOT_JSON)
    found = wrong.errors(include_url=False, include_context=False)
    if any(one["type"] == "json_invalid" for one in found):
        blank = not str(found[0]["input"]).strip()
        return None if blank else types.ErrorData(code=types.PARSE_ERROR, message=NOT_JSON)
    return types.ErrorData(code=types.INVALID_REQUEST, message=NO_MESSAGE)
