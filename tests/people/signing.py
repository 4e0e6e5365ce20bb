"""An identity provider on loopback, an app whose people sign in there, and a browser without a window to do so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import httpx

from aexdash.clock import CLOCK_FILE_VARIABLE
from aexdash.ui.signed_in import COOKIE
from tests.browser import ready
from tests.browser.stage import free_port, wait_until_up

PEOPLE: dict[str, dict[str, object]] = {
    "ana": {"name": "Ana Ruiz", "email": "ana@example.com", "groups": ["leads"]},
    "bob": {"name": "Bob", "email": "bob@example.com", "groups": ["desk"]},
    "rita": {"name": "Rita", "email": "rita@example.com", "groups": ["readers"]},
    "eve": {"name": "Eve", "email": "eve@example.com", "groups": ["warehouse"]},
}

LOGIN = """
[alerts]
address = "{address}"

[login]
metadata_url = "{provider}/.well-known/openid-configuration"
client_id = "aexdash"
{more}
[login.roles]
"leads" = "owner"
"desk" = "operator"
"readers" = "viewer"
"""


@contextmanager
def identity_provider(people: Mapping[str, Mapping[str, object]] = PEOPLE) -> Iterator[str]:
    """Serve a provider that knows some people, as a process of its own; its address."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for sub, claims in people.items():
        command += ["--user-claims", json.dumps({"sub": sub, **claims})]
    provider = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        provider.terminate()
        provider.wait(30)


@contextmanager
def app_with_login(home: Path, provider: str, *, more: str = "", address: str = "") -> Iterator[str]:
    """Serve the app of a home where people sign in at a provider; `more` stands under `[login]`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = home / "aexdash.toml"
    table = LOGIN.format(address=address or url, provider=provider, more=more)
    settings.write_text(f"{settings.read_text()}\n{table}", encoding="utf-8")
    (home / "secrets.toml").touch(mode=0o600)
    with (home / "secrets.toml").open("a", encoding="utf-8") as file:
        file.write('\n[login]\nclient_secret = "only for this test"\n')
    environment = {**os.environ, CLOCK_FILE_VARIABLE: str(home / "clock.txt")}
    app = ready.start_app(home, port, environment)
    try:
        wait_until_up(f"{url}/healthz")
        yield url
    finally:
        app.terminate()
        app.wait(30)


class Browser(httpx.Client):
    """A browser without a window; `landed` is where its sign-in ended."""

    landed: httpx.Response
    opened: ClassVar[list[Browser]] = []

    def __init__(self, url: str, cookies: Mapping[str, str] | None = None) -> None:
        super().__init__(base_url=url, headers={"Accept": "text/html"}, cookies=dict(cookies or {}))
        self.opened.append(self)

    @classmethod
    def close_all(cls) -> None:
        while cls.opened:
            cls.opened.pop().close()


def sign_in(url: str, sub: str, wanted: str = "/") -> Browser:
    """Sign in as one of the people of the provider, on the way to a page."""
    browser = Browser(url)
    at = browser.get("/login/start", params={"next": wanted})
    while "/oauth2/authorize" not in str(at.headers["location"]):
        at = browser.get(at.headers["location"])
    back = browser.post(at.headers["location"], data={"sub": sub})
    browser.landed = browser.get(back.headers["location"])
    return browser


def secret_of(browser: Browser) -> str:
    """What a browser keeps of its session."""
    return browser.cookies[COOKIE]
