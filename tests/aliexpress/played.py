"""A fake AliExpress for tests: prepared answers, a clock that only `sleep` moves, and the requests received."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from aexdash.aliexpress.protocol.account import Account
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.protocol.limiter import Limiter
from aexdash.aliexpress.protocol.platform_wire import PlatformWire

HOST = "https://api-sg.aliexpress.com"
SECRET = "app-secret-9d1f"
TOKEN = "access-token-77aa"
REFRESH = "refresh-token-55bb"


class Time:
    """A clock whose hands are moved by `sleep` alone."""

    def __init__(self, now: datetime = datetime(2026, 3, 9, 12, tzinfo=UTC)):
        self.now = now
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.now += timedelta(seconds=seconds)


class Asked:
    """One request as the platform received it."""

    def __init__(self, verb: str, url: str, headers: dict[str, str], body: bytes):
        self.verb, self.url, self.headers = verb, url, headers
        self.path = urlsplit(url).path
        self.query = dict(parse_qsl(urlsplit(url).query))
        self.form = dict(parse_qsl(body.decode(), keep_blank_values=True))

    @property
    def all(self) -> dict[str, str]:
        return {**self.query, **self.form}

    def json(self, name: str) -> dict:
        return json.loads(self.form[name])


class Played:
    """Gives the prepared answers in order and repeats the last; a function is called, an exception is raised."""

    def __init__(self, *answers: object):
        self.answers = list(answers)
        self.asked: list[Asked] = []

    def __call__(self, verb: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        asked = Asked(verb, url, headers, body)
        self.asked.append(asked)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer) and not isinstance(answer, type):
            answer = answer(asked)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, tuple):
            return answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return 200, {"content-type": "application/json"}, body


def error(code: object, msg: str = "", **more: object) -> dict:
    """The error envelope of `/sync` (reference §6.1)."""
    return {"error_response": {"type": "ISV", "code": code, "msg": msg, "request_id": "r1", **more}}


def gateway(respond: Callable, *, time: Time | None = None, **more: object) -> Gateway:
    time = time or Time()
    limiter = more.pop("limiter", None) or Limiter(None, None, time, time.sleep)
    return Gateway(
        PlatformWire.in_process(HOST, respond),
        "123456",
        SECRET,
        limiter,
        clock=time,
        sleep=time.sleep,
        store="main",
        **more,
    )


def account(folder: Path, model: str = "overseas", **more: object) -> Account:
    given = {"access_token": TOKEN, "refresh_token": REFRESH, "calls_per_second": None, **more}
    return Account("main", model, HOST, "123456", SECRET, folder / "main.token.json", **given)


class Shop:
    """A platform that answers each method from a table; other methods do not exist there."""

    def __init__(self, **methods: object):
        self.methods = {name.replace("__", "."): answer for name, answer in methods.items()}
        self.asked: list[Asked] = []

    def __call__(self, verb: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        asked = Asked(verb, url, headers, body)
        self.asked.append(asked)
        answer = self.methods.get(asked.query["method"], error("InvalidApiPath"))
        if callable(answer):
            answer = answer(asked)
        return 200, {}, json.dumps(answer).encode()

    @property
    def called(self) -> list[str]:
        return [asked.query["method"] for asked in self.asked]
