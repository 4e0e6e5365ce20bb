"""The tools and resources as a server of the Model Context Protocol: the only module that imports `mcp`, with `lines`.

The plain server of the SDK and not its `MCPServer`: schemas are ours, an error is our sentence and nothing before it,
and no logging is set up for the whole process.
"""

from __future__ import annotations

import json
import logging
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from starlette.types import Receive, Scope, Send

from aexdash import __version__
from aexdash.assistants.lines import Messages
from aexdash.assistants.resources import RESOURCES
from aexdash.assistants.scope import CannotAnswerError
from aexdash.assistants.tools import INSTRUCTIONS, TOOLS, Tool, call
from aexdash.clock import Clock, system_clock
from aexdash.config.in_force import in_force
from aexdash.config.settings import ConfigError
from aexdash.reasons.taxonomy import TaxonomyError
from aexdash.words.common import without_home

LOGGER = logging.getLogger(__name__)

NAME = "aexdash"

MOST_BYTES = 65_536
"""Of one request over HTTP: the longest that can make sense names a thousand listings."""

AT_ONCE = 2
"""Calls that are carried out beside each other; others wait, so that assistants never keep the pages from theirs."""

JSON = "application/json"

ONLY_READS = types.ToolAnnotations(read_only_hint=True, open_world_hint=False)
"""For the dialogue of the client. What holds is `aexdash.storage.only_reading`."""

Context = ServerRequestContext[dict[str, Any]]


def server_of(home: Path | None = None, clock: Clock = system_clock) -> Server[dict[str, Any]]:
    """Make the server of a home (None: that of the environment); it asks for the settings in force at every call."""
    at_once = anyio.CapacityLimiter(AT_ONCE)

    async def list_tools(_context: Context, _asked: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def call_tool(_context: Context, asked: types.CallToolRequestParams) -> types.CallToolResult:
        act = partial(call, asked.name, asked.arguments or {}, home, clock)
        try:
            result = await anyio.to_thread.run_sync(act, limiter=at_once)
        except CannotAnswerError as error:
            return _failed(str(error))
        except Exception:
            LOGGER.exception("The tool %r failed", asked.name)
            return _failed("aexdash itself failed at this; say so, and that its log has the details.")
        content = result.model_dump(mode="json")
        return types.CallToolResult(content=[_text(_json(content))], structured_content=content)

    async def list_resources(
        _context: Context, _asked: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[
                types.Resource(uri=uri, name=name, description=says, mime_type=JSON)
                for uri, (name, says, _) in RESOURCES.items()
            ]
        )

    async def read_resource(_context: Context, asked: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        uri = str(asked.uri)
        if uri not in RESOURCES:
            raise MCPError(types.INVALID_PARAMS, f"There is no resource {uri}; there is {', '.join(RESOURCES)}.")
        try:
            text = RESOURCES[uri][2](in_force(home).settings)
        except (ConfigError, TaxonomyError) as error:
            raise MCPError(types.INTERNAL_ERROR, without_home(str(error), home)) from None
        return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, text=text, mime_type=JSON)])

    return Server(
        NAME,
        version=__version__,
        title="aexdash",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def run_stdio(home: Path) -> None:
    """Answer one assistant over standard input and output until it closes them."""

    async def serve() -> None:
        server = server_of(home)
        async with stdio_server() as (reads, writes):
            await server.run(Messages(reads, writes), writes, server.create_initialization_options())

    anyio.run(serve)


class OverHttp:
    """Answers assistants over HTTP within `running()`, which can be entered once. Nothing is kept between requests."""

    def __init__(self, home: Path | None = None, clock: Clock = system_clock) -> None:
        self._manager = StreamableHTTPSessionManager(
            server_of(home, clock), json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )
        self.running = self._manager.run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._manager.handle_request(scope, receive, send)


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        description=tool.says,
        input_schema=tool.takes,
        output_schema=tool.gives,
        annotations=ONLY_READS,
    )


def _failed(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[_text(sentence)], is_error=True)


def _text(text: str) -> types.TextContent:
    return types.TextContent(text=text)


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
