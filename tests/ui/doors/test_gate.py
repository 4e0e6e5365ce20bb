"""Where people sign in, who has not gets nothing but the way to do so, at every address that the server has."""

from __future__ import annotations

import asyncio
import csv
import io
import stat
from contextlib import suppress
from datetime import timedelta

import httpx
import pytest
from starlette.responses import Response
from streamlit import config
from streamlit.web.server.starlette import starlette_auth_routes
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from aexdash.clock import to_text
from aexdash.desk.sessions import Sessions
from aexdash.ui.doors import assistants, gate, provider, sign_in
from aexdash.ui.doors.routes import routes
from aexdash.ui.frame import nav
from tests.people.signing import Browser, app_with_login, identity_provider, secret_of
from tests.people.signing import sign_in as signed_in
from tests.ui.sample import IN_AUDIT, NOW, REJECTED, with_history

pytestmark = pytest.mark.slow

OF_STREAMLIT = (
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/upload_file/some-session/some-file",
    "/_stcore/bidi-components/worklist/list.js",
    "/media/0123456789abcdef.csv",
    "/component/worklist/index.html",
    "/index.html",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return with_history(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def app(home):
    """The address of an app whose people sign in at a provider."""
    with identity_provider() as issuer, app_with_login(home, issuer) as url:
        yield url


@pytest.fixture(autouse=True)
def _closed():
    yield
    Browser.close_all()


@pytest.fixture
def stranger(app):
    return Browser(app)


def ours() -> list[str]:
    """The addresses of all our routes, with something in the places of what varies."""
    listed = [route.path for route in (*routes(), *sign_in.routes())]
    return [path.replace("{name}", "0" * 64 + ".jpg") for path in (*listed, assistants.PATH)]


def test_no_route_and_no_page_answers_a_stranger(stranger):
    """A new route is in this list by itself; one that is to be open has to be written into `gate.OPEN`."""
    pages = {"/", *(f"/{name}" for name in nav.pages())}
    asked = {*ours(), *OF_STREAMLIT, *pages} - gate.OPEN
    assert len(asked) > 50
    answers = {path: stranger.get(path) for path in sorted(asked)}
    assert {path: answer.status_code for path, answer in answers.items()} == {
        path: 303 if path in pages else 401 for path in asked
    }
    assert {answers[path].headers["location"].split("?")[0] for path in pages} == {"/login"}
    assert {
        path for path, answer in answers.items() if path not in pages and "Sign in at /login" not in answer.text
    } == set()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_no_other_method_goes_round_the_gate(stranger, method):
    paths = ("/export.csv", "/news.json", "/_stcore/upload_file/a/b", assistants.PATH, "/worklist")
    assert {path: stranger.request(method, path).status_code for path in paths} == dict.fromkeys(paths, 401)


def test_what_is_open_tells_nobody_anything(stranger):
    health = stranger.get("/healthz").json()
    assert health.keys() == {"status", "reading", "snapshot_version"}
    assert health["reading"] == "fresh"  # of every store, though a stranger may see none
    page = stranger.get("/login").text
    assert "Sign in" in page
    assert "Ankle" not in page
    assert {
        "/login",
        "/login/start",
        "/logout",
        "/auth/login",
        "/auth/logout",
        "/oauth2callback",
        "/healthz",
        "/readyz",
        "/metrics",
        "/favicon.png",
        "/manifest.json",
    } == gate.OPEN


def test_whoever_signs_in_lands_on_the_page_that_was_wanted_and_gets_what_was_refused(app):
    ana = signed_in(app, "ana", "/worklist?lane=todo")
    assert (ana.landed.status_code, ana.landed.headers["location"]) == (302, "/worklist?lane=todo")
    assert ana.get("/worklist?lane=todo").status_code == 200
    rows = list(csv.DictReader(io.StringIO(ana.get("/export.csv").content.decode("utf-8-sig"))))
    assert {row["Product id"].strip() for row in rows} == {str(one) for one in (*REJECTED, IN_AUDIT)}
    assert ana.get("/news.json").json()["mark"]
    assert ana.get("/login").headers["location"] == "/"
    ana.get("/logout")


def test_a_copied_cookie_is_dead_with_the_log_out_whichever_browser_has_it(app, home):
    ana = signed_in(app, "ana")
    thief = Browser(app, ana.cookies)
    other = signed_in(app, "ana")
    assert thief.get("/export.csv").status_code == 200
    out = ana.get("/logout")
    assert (out.status_code, out.headers["location"]) == (303, "/auth/logout")
    assert [thief.get(path).status_code for path in ("/export.csv", "/news.json", "/")] == [401, 401, 303]
    assert ana.get("/export.csv").status_code == 401
    assert other.get("/export.csv").status_code == 200  # another session of the same person goes on
    assert "/oauth2/end_session" in ana.get("/auth/logout").headers["location"]
    other.get("/logout")


def test_nobody_is_let_in_by_a_sign_in_alone_and_is_told_why_and_what_to_do(app):
    eve = signed_in(app, "eve")
    page = eve.get("/worklist")
    assert page.status_code == 403
    assert "You are signed in as Eve, and no group of yours has a role here" in page.text
    assert "warehouse" in page.text
    assert "Log out" in page.text
    refused = eve.get("/export.csv")
    assert (refused.status_code, refused.headers["content-type"]) == (403, "text/plain; charset=utf-8")
    with pytest.raises(InvalidStatus):
        handshake(app, dict(eve.cookies))
    eve.get("/logout")


def test_an_assistant_is_let_in_by_its_token_and_to_nothing_but_its_door(tmp_path):
    home = with_history(tmp_path)
    token = "a-token-of-this-test"
    with identity_provider() as issuer, app_with_login(home, issuer) as url:
        asking = Browser(url)
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "list_cards", "arguments": {}}}
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
        assert asking.post(assistants.PATH, json=asked, headers=headers).status_code == 401
        with (home / "aexdash.toml").open("a") as file:
            file.write("\n[assistants]\nhttp = true\n")
        with (home / "secrets.toml").open("a") as file:
            file.write(f'\n[assistants]\ntoken = "{token}"\n')
        answer = asking.post(assistants.PATH, json=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        assert '"isError":false' in answer.text.replace(" ", "")
        assert (
            asking.post(assistants.PATH, json=asked, headers=headers | {"Authorization": "Bearer x"}).status_code == 401
        )
        others = ("/export.csv", "/alerts.json", "/_stcore/host-config")
        assert {path: asking.get(path, headers=headers).status_code for path in others} == dict.fromkeys(others, 401)


def test_a_role_that_is_taken_away_ends_what_it_allowed_at_once(app, home):
    rita = signed_in(app, "rita")
    settings = home / "aexdash.toml"
    whole = settings.read_text()
    assert rita.get("/export.csv").status_code == 200
    settings.write_text(whole.replace('"readers" = "viewer"', ""))
    try:
        assert rita.get("/export.csv").status_code == 403
    finally:
        settings.write_text(whole)
    rita.get("/logout")


def test_the_cookies_of_streamlit_alone_let_nobody_in(app):
    ana = signed_in(app, "ana")
    without = [(name, value) for name, value in ana.cookies.items() if name.startswith("_streamlit")]
    assert "_streamlit_user" in dict(without)
    assert Browser(app, dict(without)).get("/export.csv").status_code == 401
    ana.get("/logout")


def test_a_session_ends_by_its_age_and_one_from_the_future_counts_for_nothing(app, home):
    ana = signed_in(app, "ana")
    clock = home / "clock.txt"
    statuses = []
    try:
        for hours in (11.9, 12.1, -1, 0):
            clock.write_text(to_text(NOW + timedelta(hours=hours)))
            statuses.append(ana.get("/export.csv").status_code)
    finally:
        clock.write_text(to_text(NOW))
    assert statuses == [200, 401, 401, 200]
    ana.get("/logout")


def handshake(app: str, cookies: dict[str, str]):
    kept = "; ".join(f"{name}={value}" for name, value in cookies.items())
    address = app.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(address, origin=app, additional_headers={"Cookie": kept} if kept else {}, subprotocols=["streamlit"])


def test_the_websocket_opens_for_a_session_alone_and_ends_with_the_first_message_after_it(app, home):
    with pytest.raises(InvalidStatus) as refused:
        handshake(app, {})
    assert refused.value.response.status_code == 403
    ana = signed_in(app, "ana")
    with handshake(app, dict(ana.cookies)) as line:
        Sessions(home / "desk.db").end_all("Ana Ruiz", by="test", now=NOW)
        assert closed_with(line) == gate.ENDED


def closed_with(line: ClientConnection) -> int:
    """Send messages until the websocket is closed, for two seconds: for one, what the desk said before is believed."""
    for _ in range(20):
        line.send(b"")
        with suppress(TimeoutError):
            try:
                line.recv(timeout=0.1)
            except ConnectionClosed as closed:
                return closed.rcvd.code
    pytest.fail("the websocket of an ended session still answers")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/logout",
        "/export.csv",
        "/../x",
        "javascript:x",
        "/%0d",
    ],
)
def test_the_way_back_from_the_provider_leads_to_pages_of_ours_alone(wanted):
    assert sign_in.page_of(wanted) == "/"


def test_pages_of_other_sites_log_nobody_out(app):
    ana = signed_in(app, "ana")
    assert ana.get("/logout", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert ana.get("/export.csv").status_code == 200
    ana.get("/logout")


def test_the_desk_keeps_no_text_that_lets_anybody_in(app, home):
    ana = signed_in(app, "ana")
    kept = b"".join(file.read_bytes() for file in home.glob("desk.db*"))
    assert kept
    assert secret_of(ana).encode() not in kept
    assert stat.S_IMODE((home / provider.KEY_FILE).stat().st_mode) == 0o600
    ana.get("/logout")


def test_over_https_every_cookie_is_for_https_alone(tmp_path):
    home = with_history(tmp_path)
    with identity_provider() as issuer, app_with_login(home, issuer, address="https://desk.example.com") as url:
        client = Browser(url)
        at = client.get("/login/start")
        set_cookies = at.headers.get_list("set-cookie") + client.get(at.headers["location"]).headers.get_list(
            "set-cookie"
        )
        assert {line.split("=")[0] for line in set_cookies} >= {"aexdash-next", "_streamlit_session"}
        assert [line for line in set_cookies if "secure" not in line.lower()] == []


def test_a_login_that_is_switched_on_off_or_over_while_the_server_stands_shuts_it_until_it_is_started_anew(tmp_path):
    home = with_history(tmp_path)
    with identity_provider() as issuer, app_with_login(home, issuer) as url:
        settings = home / "aexdash.toml"
        whole = settings.read_text()
        settings.write_text(whole.replace('client_id = "aexdash"', 'client_id = "another"'))
        said = httpx.get(f"{url}/export.csv")
        assert (said.status_code, said.text) == (503, f"{gate.OTHERWISE}\n")
        settings.write_text(whole.split("[login]")[0])
        (home / "secrets.toml").write_text("")
        assert httpx.get(f"{url}/export.csv").status_code == 503
        settings.write_text("not toml at all")
        assert httpx.get(f"{url}/export.csv").status_code == 503


def test_what_streamlit_says_of_who_came_back_is_read_as_it_is_written():
    """A contract with Streamlit: where it writes its cookie another way, nobody can sign in and this fails first."""
    was = config.get_option("server.cookieSecret")
    key = "0" * 64
    config.set_option("server.cookieSecret", key)
    try:
        for groups in (["a"], [f"group number {number}" for number in range(400)]):
            claims = {"sub": "ana", "name": "Ána", "groups": groups, "is_logged_in": True, "origin": "http://x"}
            answer = Response()
            asyncio.run(starlette_auth_routes._set_auth_cookie(answer, claims, {}))
            lines = answer.headers.getlist("set-cookie")
            assert provider.claims_in(lines, key) == claims
            assert provider.claims_in(lines, "1" * 64) is None
            assert provider.claims_in([line.replace("_streamlit_user", "_other") for line in lines], key) is None
    finally:
        config.set_option("server.cookieSecret", was)
