"""The door for assistants: off unless set, shut to pages of others, and opened once as long as the server lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from aexdash.ui.doors import assistants
from tests.assistants.shop import with_two_stores

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "by hand", "version": "0"}},
}
CARDS = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "list_cards", "arguments": {}}}
ACCEPT = {"Accept": "application/json, text/event-stream"}

Ask = Callable[..., list[httpx.Response]]


@pytest.fixture
def ask(tmp_path, monkeypatch) -> Ask:
    """Requests one after the other through one door, as the server has it open; `setting` is that of assistants."""

    def ask_(
        *requests: dict, setting: str = "http = true", ended: bool = False, **headers: str
    ) -> list[httpx.Response]:
        home = with_two_stores(tmp_path, setting=setting)
        monkeypatch.setenv("AEXDASH_HOME", str(home))
        monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(home / "clock.txt"))
        return asyncio.run(_through_a_door(requests, ACCEPT | headers, ended=ended))

    return ask_


async def _through_a_door(requests, headers, *, ended: bool) -> list[httpx.Response]:
    door = assistants.AssistantsDoor()
    app = httpx.ASGITransport(Starlette(routes=[Route(assistants.PATH, door)]))
    async with httpx.AsyncClient(transport=app, base_url="http://localhost:8501") as client, AsyncExitStack() as open_:
        await open_.enter_async_context(door.open())
        if ended:
            await open_.aclose()
        return [await client.request(**{"method": "POST", "url": "/mcp", "headers": headers} | one) for one in requests]


def test_it_is_off_unless_the_settings_say_so(ask):
    (answer,) = ask({"json": HELLO}, setting="")
    assert (answer.status_code, answer.text) == (404, f"{assistants.OFF}\n")


def test_a_question_is_answered_and_nothing_is_kept_between_two(ask):
    hello, cards = ask({"json": HELLO}, {"json": CARDS})
    assert hello.json()["result"]["serverInfo"]["name"] == "aexdash"
    assert cards.json()["result"]["structuredContent"]["says"] == "65 listings are held."
    assert "mcp-session-id" not in hello.headers


def test_what_answers_is_begun_once_and_only_when_asked(ask, monkeypatch):
    begun = []
    from aexdash.assistants import server  # noqa: PLC0415 - takes each process a second

    whole = server.OverHttp.__init__

    def counted(self, *given) -> None:
        begun.append(1)
        whole(self, *given)

    monkeypatch.setattr(server.OverHttp, "__init__", counted)
    ask({"json": HELLO}, setting="")
    assert begun == []
    ask({"json": HELLO}, {"json": CARDS}, {"json": CARDS})
    assert begun == [1]


@pytest.mark.parametrize(
    ("header", "text", "status"),
    [
        ("origin", "http://evil.example", 403),
        ("origin", "http://localhost:3000", 403),
        ("origin", "null", 403),
        ("origin", "http://[::1", 403),
        ("origin", "http://localhost:8501", 200),
        ("host", "evil.example", 421),
        ("host", "localhost.evil.example:8501", 421),
        ("host", "[::1", 421),
        ("host", "127.0.0.1:8501", 200),
    ],
)
def test_a_page_of_somebody_else_is_not_let_in(ask, header, text, status):
    (answer,) = ask({"json": HELLO}, **{header: text})
    assert answer.status_code == status
    assert status == 200 or answer.text.endswith(".\n")


def test_the_address_of_the_settings_may_ask_behind_a_proxy(ask):
    """The proxy passes a request on under our own name, with the origin that the browser saw."""
    setting = 'http = true\n[alerts]\naddress = "https://desk.example"'
    assert ask({"json": HELLO}, setting=setting, origin="https://desk.example")[0].status_code == 200
    assert ask({"json": HELLO}, setting=setting, origin="https://desk.example.evil")[0].status_code == 403


TOKEN = "a-token-of-this-test"
SECOND = {"name": "list_listings", "arguments": {"view": {"store": "second"}}}
SECOND = {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": SECOND}
WITH_TOKEN = 'http = true\nstores = ["main"]'


def test_with_a_token_who_knows_it_alone_is_answered_and_told_of_the_stores_of_the_settings(ask, monkeypatch):
    monkeypatch.setenv("AEXDASH_ASSISTANTS_TOKEN", TOKEN)
    for given in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": f"Basic {TOKEN}"}):
        (answer,) = ask({"json": CARDS}, setting=WITH_TOKEN, **given)
        assert (answer.status_code, answer.text) == (401, f"{assistants.UNKNOWN}\n")
    answers = ask({"json": CARDS}, {"json": SECOND}, setting=WITH_TOKEN, Authorization=f"Bearer {TOKEN}")
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["result"]["isError"] for answer in answers] == [False, True]
    assert "There is no store 'second'; there is main." in answers[1].text
    (answer,) = ask({"json": SECOND}, setting="http = true", Authorization=f"Bearer {TOKEN}")
    assert (answer.status_code, answer.json()["result"]["isError"]) == (200, False)


def test_what_is_too_long_or_no_json_is_refused(ask):
    from aexdash.assistants.server import MOST_BYTES  # noqa: PLC0415 - takes each process a second

    long = b'{"jsonrpc": "' + b"x" * MOST_BYTES + b'"}'
    answers = ask({"content": long}, {"content": b"{"}, **{"Content-Type": "application/json"})
    assert [answer.status_code for answer in answers] == [413, 400]
    assert ask({"data": {"jsonrpc": "2.0"}})[0].status_code == 400


def test_only_post_is_answered(ask):
    answers = ask(*({"method": method} for method in ("GET", "DELETE", "PUT", "OPTIONS")))
    assert [answer.status_code for answer in answers] == [405] * 4


def test_more_than_a_few_at_once_are_asked_to_come_again(ask, monkeypatch):
    monkeypatch.setattr(assistants, "MOST_WAITING", 0)
    (answer,) = ask({"json": HELLO})
    assert (answer.status_code, answer.text) == (503, f"{assistants.BUSY}\n")


def test_a_server_that_has_ended_says_so(ask):
    (answer,) = ask({"json": HELLO}, ended=True)
    assert (answer.status_code, answer.text.startswith("The server is starting or ending")) == (503, True)
