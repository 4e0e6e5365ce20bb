"""The probes: what is not ready is named with 503, and only this machine or whoever has the token is answered."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette

from aexdash.clock import from_text
from aexdash.supervision import page_time
from aexdash.supervision.states import LoopBook
from aexdash.ui.doors import probes
from tests.ui.sample import with_history

TOKEN = "a-long-random-text-of-yours"


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Ask the probes of a home from an address, with headers."""
    home = with_history(tmp_path)
    monkeypatch.setenv("AEXDASH_HOME", str(home))
    monkeypatch.setenv("AEXDASH_CLOCK_FILE", str(home / "clock.txt"))

    def ask_(path: str, client: str = "127.0.0.1", **headers: str) -> httpx.Response:
        app = httpx.ASGITransport(Starlette(routes=probes.routes()), client=(client, 40000))

        async def get() -> httpx.Response:
            async with httpx.AsyncClient(transport=app, base_url="http://127.0.0.1:8501") as browser:
                return await browser.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})

        return asyncio.run(get())

    return ask_


def test_what_is_not_ready_is_named_and_all_of_it_is_answered_with_200_once_it_is(ask, tmp_path):
    answer = ask("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert {"what": "worker", "why": "none is running."} in answer.json()["not_ready"]
    now = from_text((tmp_path / "clock.txt").read_text())
    book = LoopBook(tmp_path, now)
    book.record("worker")
    book.keep(now)
    answer = ask("/readyz")
    left = [one for one in answer.json()["not_ready"] if one["what"] != "disk"]
    assert left == []
    assert answer.status_code == (503 if answer.json()["not_ready"] else 200)


def test_no_folder_above_the_home_is_shown(ask, tmp_path):
    (tmp_path / "snapshot.db").write_bytes(b"not a database, " * 500)
    text = ask("/readyz").text
    assert "The snapshot snapshot.db is damaged" in text
    assert str(tmp_path) not in text


def test_settings_that_cannot_be_read_are_told(ask, tmp_path):
    (tmp_path / "aexdash.toml").write_text("[store.main\n")
    told = ask("/readyz")
    assert (told.status_code, told.json()["not_ready"][0]["what"]) == (503, "settings")
    assert ask("/metrics").status_code == 200


@pytest.mark.parametrize("path", ["/readyz", "/metrics"])
def test_others_are_answered_with_the_token_alone(ask, tmp_path, path):
    far = "203.0.113.7"
    assert ask(path, far).status_code == 403
    assert ask(path, "127.0.0.1", x_forwarded_for=far).status_code == 403, "a proxy asks for somebody else"
    assert ask(path, far, authorization="Bearer ").status_code == 403, "no token is set, so none is right"
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(f'[monitoring]\ntoken = "{TOKEN}"\n')
    secrets.chmod(0o600)
    assert ask(path, far, authorization=f"Bearer {TOKEN}x").status_code == 403
    assert ask(path, far, authorization=f"Basic {TOKEN}").status_code == 403
    answer = ask(path, far, authorization=f"Bearer {TOKEN}")
    assert answer.status_code in (200, 503)
    assert TOKEN not in answer.text


def test_prometheus_is_told_of_the_home_the_pages_and_the_process(ask):
    with pytest.raises(ZeroDivisionError), page_time.measured(""):
        raise ZeroDivisionError
    answer = ask("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert 'aexdash_listings{status="rejected",store="main"} 4.0' in lines
    assert 'aexdash_page_seconds_count{page="overview"}' in answer.text
    assert any(line.startswith("process_resident_memory_bytes") for line in lines)
