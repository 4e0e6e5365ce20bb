"""The settings files of assistants, as the page writes them: of the form their makers document, and they start ours."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from aexdash.config.settings import load_settings
from tests.assistants import clients
from tests.assistants.shop import with_two_stores

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/assistants.md").read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]

CLAUDE_DESKTOP = {"command", "args"}
"""Of each entry of `mcpServers`: modelcontextprotocol.io/quickstart/user."""

VS_CODE = [{"type", "command", "args"}, {"type", "url"}, {"type", "url", "headers"}]
"""Of the entries of `servers`, as the page has them: code.visualstudio.com/docs/agents/reference/mcp-configuration."""


def entries() -> list[dict[str, Any]]:
    return [entry for block in BLOCKS for entry in next(iter(block.values())).values()]


def test_they_have_the_form_that_their_makers_document():
    claude, *vs_code = BLOCKS
    assert claude.keys() == {"mcpServers"}
    assert [entry.keys() for entry in claude["mcpServers"].values()] == [CLAUDE_DESKTOP]
    assert [block.keys() for block in vs_code] == [{"servers"}] * len(VS_CODE)
    servers = [entry for block in vs_code for entry in block["servers"].values()]
    assert [entry.keys() for entry in servers] == VS_CODE
    assert [entry["type"] for entry in servers] == ["stdio", "http", "http"]


@pytest.mark.slow
@pytest.mark.parametrize("entry", [one for one in entries() if "command" in one], ids=lambda one: one.get("type", "-"))
def test_a_client_of_others_that_reads_them_is_answered(tmp_path, entry):
    """Only where the program and the home lie is of this machine; each argument stands as it is written."""
    home = with_two_stores(tmp_path)
    assert Path(entry["command"]).name == "aexdash"
    at = entry["args"].index("--home") + 1
    words = [*entry["args"][:at], str(home), *entry["args"][at + 1 :]]
    program = str(Path(sys.executable).with_name("aexdash"))
    environment = {**os.environ, "AEXDASH_CLOCK_FILE": str(home / "clock.txt")}

    async def ask() -> str:
        async with clients.of_program(command=program, args=words, env=environment, cwd=tmp_path) as client:
            return (await client.call_tool("answer", {"words": "how many are held"})).structured_content["says"]

    assert "65" in asyncio.run(ask())


SWITCHES = [block for block in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "http" in block]


def test_the_address_over_http_is_the_one_that_the_app_answers(tmp_path):
    entry, _ = [one for one in entries() if "url" in one]
    assert entry["url"] == "http://localhost:8501/mcp"
    switch, _ = SWITCHES
    (tmp_path / "aexdash.toml").write_text(f'{switch}\n[store.main]\nmodel = "overseas"\n')
    assert load_settings(tmp_path).assistants.http


def test_the_token_where_people_sign_in_is_the_one_that_the_program_sends(tmp_path):
    _, entry = [one for one in entries() if "url" in one]
    public, secret = SWITCHES[1].split("# secrets.toml\n")
    (tmp_path / "aexdash.toml").write_text(f'{public}\n[store.main]\nmodel = "overseas"\n')
    (tmp_path / "secrets.toml").touch(mode=0o600)
    (tmp_path / "secrets.toml").write_text(secret)
    read = load_settings(tmp_path).assistants
    assert read.http
    assert read.stores == ("main",)
    assert entry["headers"] == {"Authorization": f"Bearer {read.token.get_secret_value()}"}
    assert re.fullmatch(r"https://[a-z.]+/mcp", entry["url"])
