"""`aexdash mcp` as a process: with the SDK's client, and with lines that nobody's client wrote."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.assistants import clients
from tests.assistants.shop import with_two_stores

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path):
    return with_two_stores(tmp_path)


def started(home: Path) -> tuple[list[str], dict[str, str]]:
    """The command and its environment."""
    return [sys.executable, "-m", "aexdash", "mcp", "--home", str(home)], {
        **os.environ,
        "AEXDASH_CLOCK_FILE": str(home / "clock.txt"),
    }


def test_the_client_of_the_sdk_is_answered(home):
    (program, *words), environment = started(home)

    async def ask() -> tuple[list[str], dict[str, Any]]:
        async with clients.of_program(command=program, args=words, env=environment, cwd=ROOT) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            return tools, (await client.call_tool("list_cards", {"store": "main"})).structured_content

    tools, cards = asyncio.run(ask())
    assert tools == ["list_cards", "answer", "list_listings", "explain_listing", "causes"]
    assert cards["says"] == "5 listings are held."


def test_a_line_that_is_no_message_is_answered_and_the_next_one_is_read(home):
    command, environment = started(home)
    ping = '{"jsonrpc": "2.0", "id": 6, "method": "ping"}'
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=-1, stderr=subprocess.DEVNULL
    ) as server:
        server.stdin.write("this is not JSON\n\n" + '{"jsonrpc": "2.0", "id":\n{"id": 5}\n' + f"{ping}\n")
        server.stdin.flush()
        answers = [json.loads(server.stdout.readline()) for _ in range(4)]
        rest, _ = server.communicate(timeout=30)
    assert (server.returncode, rest) == (0, "")
    assert [(one["id"], one["error"]["code"]) for one in answers[:3]] == [
        (None, -32700),
        (None, -32700),
        (None, -32600),
    ]
    assert answers[0]["error"]["message"] == "This line is not JSON: write one JSON-RPC message a line."
    assert answers[3]["id"] == 6


def test_lines_of_json_are_answered_and_nothing_else_is_written(home):
    """Newer and older words of the protocol; a warning about the settings goes elsewhere, and the end is quiet."""
    secrets = home / "secrets.toml"
    secrets.touch(mode=0o644)
    messages = [
        {
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "by hand", "version": "0"},
            },
        },
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "list_listings", "arguments": {"limit": 1}}},
        {"id": 3, "method": "resources/read", "params": {"uri": "aexdash://none"}},
    ]
    command, environment = started(home)
    lines = "".join(json.dumps({"jsonrpc": "2.0", **one}) + "\n" for one in messages)
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=-1, stderr=subprocess.PIPE
    ) as server:
        server.stdin.write(lines)
        server.stdin.flush()
        answers = {one["id"]: one for one in (json.loads(server.stdout.readline()) for _ in range(3))}
        rest, errors = server.communicate(timeout=30)
    assert (server.returncode, rest) == (0, "")
    assert "can be read by others" in errors
    assert answers[1]["result"]["serverInfo"]["name"] == "aexdash"
    assert "Order of calls" in answers[1]["result"]["instructions"]
    result = answers[2]["result"]
    assert result["structuredContent"]["count"] == 65
    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
    assert answers[3]["error"]["message"].startswith("There is no resource aexdash://none; there is aexdash://cards")
