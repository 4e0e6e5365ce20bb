"""Beyond this machine the pages listen only where somebody asks people who they are, however the server is started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit import net_util
from streamlit.web.server import server_util

from aexdash.cli import serve
from aexdash.cli.serve import ROOT
from aexdash.ui.doors.binding import NearOnly, why_not
from aexdash.ui.doors.origin import ask_nobody_outside
from tests.browser import ready
from tests.browser.stage import free_port, when_up

PATIENCE = 120

FILE = """
[server]
address = "0.0.0.0"
"""

SHUT = "http://127.0.0.1:9"
"""A proxy behind whose port nothing listens."""

TRUSTED = '{"X-Forwarded-Email": "email"}'


@pytest.mark.slow
def test_no_way_of_starting_opens_the_pages_beyond_this_machine(tmp_path):
    elsewhere = tmp_path / "checkout"
    (elsewhere / ".streamlit").mkdir(parents=True)
    (elsewhere / ".streamlit" / "config.toml").write_text(FILE)
    (elsewhere / "app.py").write_text((ROOT / "app.py").read_text())
    started = {
        "flag": (ROOT, ["--server.address=0.0.0.0"], {}),
        "no address": (ROOT, ["--server.address="], {}),
        "environment": (ROOT, [], {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}),
        "file": (elsewhere, [], {}),
        "trusted headers": (ROOT, ["--server.address=0.0.0.0", f"--server.trustedUserHeaders={TRUSTED}"], {}),
    }
    sentences = {name: refusal(tmp_path, name, *how) for name, how in started.items()}
    assert "server.trustedUserHeaders" in sentences.pop("trusted headers")
    assert len(set(sentences.values())) == 1
    assert sentences["flag"].startswith("aexdash does not listen on 0.0.0.0, because whoever reaches it would see")


@pytest.mark.slow
def test_the_pages_start_without_a_word_of_a_library(tmp_path):
    port, said = free_port(), (tmp_path / "out", tmp_path / "err")
    flags = [f"--server.port={port}", f"--server.address={serve.HOST}", "--server.headless=true"]
    app = ready.start_server(ROOT / "app.py", flags, {**os.environ, "AEXDASH_HOME": str(tmp_path / "home")}, said)
    try:
        when_up(port)
    finally:
        serve.end(app)
    assert said[1].read_text() == ""


@pytest.mark.slow
def test_on_every_address_no_host_of_others_is_asked_for_this_one(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "aexdash.toml").write_text("[login]\nby_proxy = true\n")
    port, said = free_port(), (tmp_path / "out", tmp_path / "err")
    flags = [f"--server.port={port}", "--server.address=0.0.0.0", "--server.headless=true"]
    # Where nothing is let out, Streamlit says that it asked: Did not auto detect external IP.
    surroundings = {**os.environ, "AEXDASH_HOME": str(home), "http_proxy": SHUT, "https_proxy": SHUT}
    app = ready.start_server(ROOT / "app.py", flags, surroundings, said)
    try:
        when_up(port)
    finally:
        serve.end(app)
    assert (said[0].read_text(), said[1].read_text()) == ("", "")


def test_an_origin_that_nobody_knows_is_refused_without_asking_outside(monkeypatch):
    asked = []
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda url, **_: asked.append(url))
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    ask_nobody_outside()
    assert not server_util.is_url_from_allowed_origins("https://elsewhere.example.com")
    assert asked == []


def refusal(home: Path, name: str, folder: Path, flags: list[str], environment: dict[str, str]) -> str:
    """Start the app of a folder; return the last line of what it says when it ends with exit code 2."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "AEXDASH_HOME": str(home), **environment}
    said = home / f"{name} out", home / f"{name} err"
    app = ready.start_server(folder / "app.py", ["--server.port=0", *flags], surroundings, said)
    assert app.wait(PATIENCE) == 2
    return said[1].read_text().splitlines()[-1]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.1", "::1", "localhost", "::ffff:127.0.0.1"])
def test_this_machine_is_open_to_itself(address):
    assert why_not(address, has_trusted_headers=False) == ""
    assert why_not(address, has_trusted_headers=True) == ""


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "10.0.0.1", "desk.example.com", "::ffff:10.0.0.1"])
def test_a_proxy_that_asks_opens_every_address_but_never_to_headers_that_anybody_could_write(
    address, tmp_path, monkeypatch
):
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    assert "does not listen" in why_not(address, has_trusted_headers=False)
    (tmp_path / "aexdash.toml").write_text("[login]\nby_proxy = true\n")
    assert why_not(address, has_trusted_headers=False) == ""
    assert "server.trustedUserHeaders" in why_not(address, has_trusted_headers=True)
    (tmp_path / "aexdash.toml").write_text("[login]\nby_proxy = false\n")
    assert "does not listen" in why_not(address, has_trusted_headers=False)


def test_settings_that_cannot_be_read_open_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    (tmp_path / "aexdash.toml").write_text("[login]\nby_proxy = true\n[store]\nx = 1\n")
    assert "does not listen" in why_not("0.0.0.0", has_trusted_headers=False)


async def socket(connection):
    await connection.accept()
    await connection.close()


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("10.1.2.3", 403), ("::ffff:10.1.2.3", 403)])
def test_a_server_that_was_told_its_address_itself_answers_nothing_that_arrives_from_afar(
    address, status, tmp_path, monkeypatch
):
    monkeypatch.setenv("AEXDASH_HOME", str(tmp_path))
    routes = [Route("/", lambda _: PlainTextResponse("the page")), WebSocketRoute("/socket", socket)]
    app = NearOnly(Starlette(routes=routes))

    async def arriving(scope, receive, send):
        await app({**scope, "server": (address, 8501)} if "server" in scope else scope, receive, send)

    client = TestClient(arriving)
    answer = client.get("/")
    assert (answer.status_code, "the page" in answer.text) == (status, status == 200)
    if status == 200:
        with client.websocket_connect("/socket"):
            pass
    else:
        with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect("/socket"):
            pass
        assert refused.value.code == 1008
