"""Keeps Streamlit's own agent endpoint shut, whatever its settings, the environment or a command line say.

It shows programs every page and lets them press every button, without a name (docs/decisions/0012). Ours is `/mcp`.
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SHUT = "/_stcore/agent"

SENTENCE = "Streamlit's agent endpoint is off in aexdash; assistants ask at /mcp where that is on, or by aexdash mcp.\n"


class NoAgentEndpoint:
    """ASGI middleware that answers 404 for the paths of Streamlit's agent endpoint."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it; the path may stand behind a base path."""
        if scope["type"] == "http" and SHUT in scope["path"]:
            await PlainTextResponse(SENTENCE, status_code=404)(scope, receive, send)
            return
        await self._app(scope, receive, send)
