"""When the feed last ran, asked over real HTTP of a server that this test plays; and what the settings say of it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from aexdash.config.sections.feeds import ADDRESS, FeedSettings
from aexdash.config.settings import ConfigError, load_settings
from aexdash.feed import status
from aexdash.feed.watching import FeedWatch
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import ensure_store
from aexdash.snapshot.trade.feed_report import FeedStatus
from aexdash.sources.validation import FeedRun
from tests.support import NOON, MovedClock

KEY = "very-secret-key-1"
TWO_FEEDS = [
    {
        "id": "20260401",
        "name": "Main feed",
        "data_count": 4820,
        "import_status": "finished",
        "export_status": "running",
        "imports": [{"id": 1, "name": "2027-01-01 planned", "finished": "2026-03-09 04:05:06"}],
        "exports": [{"last": "2026-03-09T09:30:00+02:00", "next": "2026-03-10T04:00:00Z"}],
    },
    {"id": "2", "import_status": None, "export_status": "", "imports": [], "exports": []},
]


class Endpoint:
    """The documented status call, played: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.status, self.body = 200, json.dumps(TWO_FEEDS).encode()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/api.php"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def _handler(endpoint) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                endpoint.asked.append((self.path, self.headers["x-api-key"], self.headers["Authorization"]))
                self.send_response(endpoint.status)
                self.send_header("Content-Length", str(len(endpoint.body)))
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
                self.wfile.write(endpoint.body)

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with closing(Endpoint()) as played:
        yield played


def ask(endpoint: Endpoint) -> FeedRun:
    return status.ask(FeedSettings(account="77", api_key=SecretStr(KEY), address=endpoint.address), NOON)


def test_the_newest_moment_of_the_past_is_when_the_feed_last_ran(endpoint: Endpoint) -> None:
    assert ask(endpoint) == FeedRun(
        NOON.replace(hour=7, minute=30), "Main feed: import finished, export running; 2: no word", ""
    )
    assert endpoint.asked == [("/api.php/accounts/77/status", KEY, f"Bearer {KEY}")]


def test_an_answer_without_a_moment_is_no_moment(endpoint: Endpoint) -> None:
    endpoint.body = b'[{"name": "20260309", "import_status": "ok"}]'
    assert ask(endpoint) == FeedRun(None, "20260309: import ok", "The answer names no moment at which the feed ran.")


@pytest.mark.parametrize(
    ("status", "body", "note"),
    [
        (
            401,
            b"",
            "did not tell: it refused the key: check api_key in secrets.toml and whether its access was granted.",
        ),
        (404, b"", "did not tell: it knows no such account: check account in aexdash.toml."),
        (429, b"", "did not tell: it takes no more calls for now."),
        (500, b"<html>", "did not tell: it answered with 500."),
        (302, b"", "did not tell: it answered with 302."),
        (200, b"<html>", "answered something else than the status."),
        (200, b"[" * 100_000, "answered something else than the status."),
        (200, b'{"error": "no"}', "answered in another form than is known."),
    ],
)
def test_what_goes_wrong_is_one_sentence(endpoint: Endpoint, status: int, body: bytes, note: str) -> None:
    endpoint.status, endpoint.body = status, body
    assert ask(endpoint) == FeedRun(note=f"127.0.0.1 {note}")


def test_an_answer_of_any_content_is_taken(endpoint: Endpoint) -> None:
    endpoint.body = json.dumps([7, None, {"name": {"a": KEY}, "imports": "x" * 10_000, "exports": [[[[]]]]}]).encode()
    assert ask(endpoint) == FeedRun(None, "{'a': '…'}: no word", "The answer names no moment at which the feed ran.")


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}/api.php"
    run = status.ask(FeedSettings(account="77", api_key=SecretStr(KEY), address=address), NOON)
    assert run == FeedRun(note="127.0.0.1 could not be reached: it refused the connection.")


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the two files of a home."""

    def written(config: str = "", secrets: str = "") -> Path:
        (tmp_path / "aexdash.toml").write_text(f'[store.main]\nmodel = "overseas"\n{config}', encoding="utf-8")
        (tmp_path / "secrets.toml").write_text(secrets, encoding="utf-8")
        (tmp_path / "secrets.toml").chmod(0o600)
        return tmp_path

    return written


def test_the_worker_asks_once_an_hour_and_the_key_stays_out_of_all_it_keeps(endpoint: Endpoint, write: Write) -> None:
    home = write(f'[feed.main]\naccount = "77"\naddress = "{endpoint.address}"\n', f'[feed.main]\napi_key = "{KEY}"\n')
    settings, clock, said = load_settings(home), MovedClock(NOON), []
    assert KEY not in repr(settings)
    with closing(open_snapshot(settings.snapshot_path)) as db:
        watch = FeedWatch(settings, db, clock=clock, log=said.append, writing=nullcontext)
        watch.step()
        assert endpoint.asked == []  # nothing of the store is recorded so far
        ensure_store(db, key="main", title="main", model="overseas", now=NOON)
        for minutes in (1, 29, 29):
            clock.move(minutes=minutes)
            watch.step()
        assert len(endpoint.asked) == 1
        endpoint.status, endpoint.body = 401, KEY.encode()
        watch.step()
        clock.move(minutes=2)
        watch.step()
        assert len(endpoint.asked) == 2
    [status] = Snapshot(settings.snapshot_path).feed(None).statuses()
    assert status == FeedStatus(
        "main",
        clock(),
        NOON.replace(hour=7, minute=30),  # known from the first answer
        "",
        "127.0.0.1 did not tell: it refused the key: check api_key in secrets.toml and whether its access was granted.",
    )
    kept = b"".join(file.read_bytes() for file in home.iterdir() if file.name != "secrets.toml")
    assert (KEY.encode() in kept, said) == (False, [])


def test_a_store_without_a_key_or_an_account_is_not_asked_for(write: Write) -> None:
    settings = load_settings(write('[feed.main]\naccount = "77"\n'))
    assert settings.feeds["main"] == FeedSettings(account="77", address=ADDRESS)
    assert not settings.feeds["main"].connected


def test_the_environment_gives_the_key_before_the_file(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AEXDASH_MAIN_FEED_API_KEY", "other")
    feed = load_settings(write('[feed.main]\naccount = "77"\n', '[feed.main]\napi_key = "one"\n')).feeds["main"]
    assert (feed.api_key.get_secret_value(), feed.connected) == ("other", True)


@pytest.mark.parametrize(
    ("config", "secrets", "complaint"),
    [
        (f'[feed.main]\napi_key = "{KEY}"', "", "aexdash.toml, line 4: api_key is a secret: move it to"),
        ('[feed.man]\naccount = "1"', "", "line 3: [feed.man] matches no store; did you mean 'main'."),
        (
            "",
            '[feed.other]\napi_key = "1"',
            "secrets.toml, line 1: [feed.other] matches no store: name it as",
        ),
        ('[feed.main]\naccont = "1"', "", "line 4: unknown key 'accont'; did you mean 'account'."),
        (
            "",
            f'[feed.main]\naccount = "{KEY}"',
            "secrets.toml, line 2: unknown key 'account': remove it, or",
        ),
        (
            '[feed.main]\naccount = "../1"',
            "",
            "line 4: account must be the id of the account: letters, digits",
        ),
        ('[feed.main]\naddress = "http://evil.example"', "", "line 4: address of feed main: must begin with https://"),
        ("", "[feed.main]\napi_key = 7", "secrets.toml, line 2: api_key of feed main must be a text"),
        ("", '[feed.main]\napi_key = "a\\nb"', "secrets.toml, line 2: api_key of feed main must be a text"),
    ],
)
def test_a_mistake_names_its_place_and_never_the_key(write: Write, config: str, secrets: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_settings(write(config, secrets))
    assert complaint in str(refused.value)
    assert KEY not in str(refused.value)


def test_an_earlier_moment_is_kept_for_as_long_as_none_newer_is_told(endpoint: Endpoint) -> None:
    endpoint.body = json.dumps([{"imports": [{"at": (NOON - timedelta(days=3)).isoformat()}]}]).encode()
    assert ask(endpoint).ran_at == NOON - timedelta(days=3)
