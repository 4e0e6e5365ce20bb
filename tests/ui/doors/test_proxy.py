"""The samples for nginx and Caddy in the docs, run by real ones: pages and websocket pass, forged headers do not."""

from __future__ import annotations

import http.server
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from aexdash.cli import serve
from tests.browser.stage import free_port, open_app, wait_until_up
from tests.docs.markdown import Page
from tests.ui.sample import with_history

NGINX = os.environ.get("AEXDASH_NGINX") or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CADDY = os.environ.get("AEXDASH_CADDY") or shutil.which("caddy")

pytestmark = pytest.mark.slow

AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {server}
}}
"""

AROUND_CADDY = """
{{
    admin off
    auto_https off
}}
{server}
"""

NAMING = {
    "X-Forwarded-User": "owner",
    "X-Forwarded-Email": "owner@example.com",
    "X-Forwarded-Groups": "leads",
    "Forwarded": "for=127.0.0.1",
    "X-Forwarded-For": "127.0.0.1",
}


def sample(language: str) -> str:
    """The block of the page, but for what a test on loopback has no use for: certificates, and a login of the proxy."""
    [block] = [block for block in Page("docs/how-to/deploy.md").blocks if block.language == language]
    lines = block.code.splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith(("ssl_", "auth_basic")))


def nginx(folder: Path, port: int, upstream: str) -> list[str]:
    """Write what nginx is told, the sample among it; the command that runs it."""
    server = sample("nginx").replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace("127.0.0.1:8501", upstream)
    server = server.replace("server_name desk.example.com", "server_name 127.0.0.1")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, server=server))
    return [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


def caddy(folder: Path, port: int, upstream: str) -> list[str]:
    """Write what Caddy is told, the sample among it; the command that runs it."""
    server = sample("caddy").replace("desk.example.com", f"http://127.0.0.1:{port}").replace("127.0.0.1:8501", upstream)
    (folder / "Caddyfile").write_text(AROUND_CADDY.format(server=server))
    return [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


PROXIES = [
    pytest.param(
        command,
        id=name,
        marks=pytest.mark.skipif(
            not program, reason=f"There is no {name} here, so its sample in docs/how-to/deploy.md is not run."
        ),
    )
    for name, program, command in (("nginx", NGINX, nginx), ("Caddy", CADDY, caddy))
]

Command = Callable[[Path, int, str], list[str]]


@contextmanager
def proxy(command: Command, folder: Path, upstream: str) -> Iterator[str]:
    """Run a proxy with its sample before a server; its address."""
    port = free_port()
    surroundings = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    running = subprocess.Popen(command(folder, port, upstream), stderr=subprocess.DEVNULL, env=surroundings)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(30)


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that it was asked with."""

    def do_GET(self) -> None:
        body = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("command", PROXIES)
def test_headers_that_name_people_are_the_proxys_own(tmp_path, command):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as upstream:
        threading.Thread(target=upstream.serve_forever, args=(0.01,), daemon=True).start()
        with proxy(command, tmp_path, f"127.0.0.1:{upstream.server_address[1]}") as url:
            forged = {**NAMING, "X-Forwarded-For": "203.0.113.9"}
            seen = dict(line.split(": ", 1) for line in httpx.get(url, headers=forged).text.splitlines() if line)
        upstream.shutdown()
    assert {name: value for name, value in seen.items() if name in NAMING} == {"X-Forwarded-For": "127.0.0.1"}


@pytest.mark.parametrize("command", PROXIES)
def test_pages_and_their_websocket_pass_and_nothing_of_elsewhere_does(tmp_path, command):
    home = with_history(tmp_path / "home")
    address, app = open_app(home, home / "clock.txt")
    try:
        with proxy(command, tmp_path, address.removeprefix("http://")) as url:
            assert "</head>" in httpx.get(f"{url}/worklist", headers={"Accept": "text/html"}).text
            assert httpx.get(f"{url}/_stcore/metrics").status_code == 404
            assert status(url, url) == 101
            assert status(url, address) == 403
    finally:
        serve.end(app)


def status(url: str, origin: str) -> int:
    try:
        with connect(url.replace("http", "ws", 1) + "/_stcore/stream", origin=origin):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code
