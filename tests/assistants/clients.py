"""Clients that the SDK of the protocol has: of a server of ours in memory, at an address, or of a program.

The SDK takes a second to import, so it is imported where a client is made: each process of a test run imports all
modules of tests, and one alone makes clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.client import Client


def of_server(*home_and_clock: Any) -> Client:
    from mcp.client import Client  # noqa: PLC0415

    from aexdash.assistants.server import server_of  # noqa: PLC0415

    return Client(server_of(*home_and_clock))


def of_address(url: str, mode: str) -> Client:
    from mcp.client import Client  # noqa: PLC0415

    return Client(url, mode=mode)


def of_program(**started: Any) -> Client:
    """A client of a program that it starts: `command`, `args`, `env` and `cwd`."""
    from mcp.client import Client  # noqa: PLC0415
    from mcp.client.stdio import StdioServerParameters, stdio_client  # noqa: PLC0415

    return Client(stdio_client(StdioServerParameters(**started)))
