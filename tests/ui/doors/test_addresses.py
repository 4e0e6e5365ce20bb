"""What the real server answers at which address, and to whose websocket."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from aexdash.cli import serve
from aexdash.ui.frame import nav
from tests.browser.stage import open_app
from tests.ui.sample import with_history

pytestmark = pytest.mark.slow

NOT_THERE = (
    "/docs",
    "/secrets.toml",
    "/aexdash.toml",
    "/data/desk.db",
    "/worklist/more",
    "/.env",
    "/admin",
    "/pages/worklist.py",
    "/alerts",
    "/export",
    "/mcp/more",
    "/worklist.",
    "/WORKLIST",
    "/oauth2callback/x",
    "/_stcore",
)

ROUTES_OF_STREAMLIT = {
    "/_stcore/health": 200,
    "/_stcore/host-config": 200,
    "/_stcore/metrics": 200,
    "/favicon.png": 200,
    "/manifest.json": 200,
    "/index.html": 200,
    "/worklist/_stcore/health": 404,
    "/_stcore/agent/mcp": 404,
    "/media/none.csv": 404,
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The address of the real app on a home with listings."""
    home = with_history(tmp_path_factory.mktemp("home"))
    url, process = open_app(home, home / "clock.txt")
    yield url
    serve.end(process)


def as_browser(url: str, path: str) -> httpx.Response:
    return httpx.get(url + path, headers={"Accept": "text/html"})


def test_what_is_no_page_is_answered_404_without_the_shell(app):
    answers = {path: as_browser(app, path) for path in NOT_THERE}
    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(NOT_THERE, 404)
    assert {path for path, answer in answers.items() if "<script" in answer.text} == set()


def test_every_page_can_be_asked_for_cold_with_and_without_a_slash_at_its_end(app):
    pages = ["/", *(f"/{name}" for name in nav.pages() if name != "overview")]
    answers = {path: as_browser(app, f"{path}?store=main") for path in pages}
    assert {path: (answer.status_code, "</head>" in answer.text) for path, answer in answers.items()} == dict.fromkeys(
        pages, (200, True)
    )
    assert as_browser(app, "/worklist/").headers["location"].endswith("/worklist")
    assert httpx.get(f"{app}/overview?store=main").headers["location"].endswith("/?store=main")


def test_assets_routes_and_what_streamlit_asks_for_are_answered_as_before(app):
    assert {path: httpx.get(app + path).status_code for path in ROUTES_OF_STREAMLIT} == ROUTES_OF_STREAMLIT
    page = as_browser(app, "/").text
    asset = page.split('src="./static/')[1].split('"')[0]
    assert httpx.get(f"{app}/static/{asset}").status_code == 200
    ours = ("/healthz", "/news.json", "/page.js", "/export.csv", "/alerts.json")
    assert {path: httpx.get(app + path).status_code for path in ours} == dict.fromkeys(ours, 200)


@pytest.mark.parametrize(
    "told",
    [{"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "for=203.0.113.9"}, {"Via": "1.1 proxy"}],
    ids=lambda told: next(iter(told)),
)
def test_figures_of_the_process_are_not_for_those_whom_a_proxy_asks_for(app, told):
    assert httpx.get(f"{app}/_stcore/metrics", headers=told).status_code == 404


def handshake(url: str, origin: str | None, **headers: str) -> int:
    """Open the websocket of the pages as a page of another origin does; return the status of the answer."""
    try:
        with connect(url.replace("http", "ws", 1) + "/_stcore/stream", origin=origin, additional_headers=headers):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_the_websocket_is_for_pages_of_the_same_name_and_port(app):
    port = urlsplit(app).port
    wrong = (
        "http://localhost:3000",
        "http://127.0.0.1",
        f"http://localhost:{port}",
        f"http://127.0.0.1:{port + 1}",
        f"http://127.0.0.1:{port}.evil.example",
        f"http://evil@127.0.0.1:{port}",
        "http://evil.example",
        "null",
        "file://",
        "",
    )
    assert {origin: handshake(app, origin) for origin in wrong} == dict.fromkeys(wrong, 403)
    assert handshake(app, app) == 101


def test_a_forged_host_opens_neither_page_nor_websocket(app):
    parts = urlsplit(app)
    line = http.client.HTTPConnection(parts.hostname, parts.port)
    line.request("GET", "/", headers={"Host": "evil.example"})
    assert line.getresponse().status == 400
    line.close()
