"""Assistants before the real server, and Streamlit's own endpoint, which stays shut in every way of serving."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from aexdash.cli.serve import end, start_app
from tests.assistants import clients
from tests.assistants.shop import with_two_stores

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

SWITCHED_ON = {"STREAMLIT_SERVER_ENABLE_AGENT_API": "true"}

ENDPOINT = (("POST", "interact"), ("POST", "mcp"), ("GET", "mcp"), ("GET", "openapi.json"), ("OPTIONS", "interact"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(program: subprocess.Popen[bytes], port: int) -> Iterator[str]:
    """The address of a server once it answers; it is ended with the block."""
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert program.poll() is None, "the server has ended"
            try:
                httpx.get(f"{address}/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.1)  # until it listens, which nothing tells us
        yield address
    finally:
        end(program)


def refused(address: str) -> list[int]:
    """How each way into Streamlit's endpoint is answered."""
    return [httpx.request(method, f"{address}/_stcore/agent/{name}").status_code for method, name in ENDPOINT]


@pytest.fixture
def home(tmp_path):
    return with_two_stores(tmp_path, setting="http = true")


def test_serve_and_demo_answer_our_assistants_and_not_streamlits(home, monkeypatch):
    """Both start the app this way. The environment switches Streamlit's endpoint on, and it stays shut."""
    for name, value in (SWITCHED_ON | {"AEXDASH_CLOCK_FILE": str(home / "clock.txt")}).items():
        monkeypatch.setenv(name, value)
    port = free_port()

    async def ask(address: str, mode: str) -> tuple[list[str], str]:
        async with clients.of_address(f"{address}/mcp", mode) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            return tools, (await client.call_tool("list_cards", {})).structured_content["says"]

    with serving(start_app(home, port), port) as address:
        assert refused(address) == [404] * len(ENDPOINT)
        for mode in ("legacy", "auto"):
            tools, says = asyncio.run(ask(address, mode))
            assert tools == ["list_cards", "answer", "list_listings", "explain_listing", "causes"]
            assert says == "65 listings are held."


@pytest.mark.parametrize(
    "words",
    [
        (
            "streamlit",
            "run",
            "app.py",
            "--server.enableAgentApi=true",
            "--server.headless=true",
            "--server.port={port}",
        ),
        ("uvicorn", "app:app", "--port", "{port}", "--log-level", "warning"),
    ],
    ids=["streamlit run app.py", "uvicorn app:app"],
)
def test_by_hand_streamlits_endpoint_stays_shut_too(home, words):
    port = free_port()
    command = [sys.executable, "-m", *(word.replace("{port}", str(port)) for word in words)]
    environment = {**os.environ, **SWITCHED_ON, "AEXDASH_HOME": str(home)}
    program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    with serving(program, port) as address:
        assert refused(address) == [404] * len(ENDPOINT)
        assert "aexdash mcp" in httpx.get(f"{address}/_stcore/agent/openapi.json").text
