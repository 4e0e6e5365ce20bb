"""What the five tools cost an assistant: they are sent to its model with every question that a person asks it."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any

from tests.assistants import clients

MOST_TOKENS = 1_500

BYTES_A_TOKEN = 3.5
"""Fewer than any tokenizer makes of this text that was tried: docs/assistants.md has the four counts."""


def listed() -> list[dict[str, Any]]:
    """The tools as they are sent to a client."""

    async def ask():
        async with clients.of_server() as client:
            return await client.list_tools()

    return [tool.model_dump(by_alias=True, exclude_none=True, mode="json") for tool in asyncio.run(ask()).tools]


def size_of(tools: object) -> int:
    """How many bytes of compact JSON something is."""
    return len(json.dumps(tools, ensure_ascii=False, separators=(",", ":")).encode())


def tokens_of(size: int) -> int:
    """How many tokens so many bytes are at most."""
    return math.ceil(size / BYTES_A_TOKEN)
