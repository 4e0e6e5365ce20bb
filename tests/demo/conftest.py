"""A clock to turn, and a caller that signs as the official SDK does, on the far side of the simulated gateway."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from aexdash.demo.platform.faults import Faults
from aexdash.demo.platform.gateway import SimulatedAliExpress
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.world import StoreWorld, World
from tests.support import default_world
from tests.ui.conftest import open_page  # noqa: F401 - the fixture that opens a page

APP_KEY, SECRET = "123456", "helloworld"
ORIGIN = "http://127.0.0.1:8731"


@dataclass
class Clock:
    """A clock that stands until it is turned."""

    now: datetime = datetime(2026, 5, 2, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


def signed(parameters: dict[str, str], secret: str, prefix: str = "") -> dict[str, str]:
    text = prefix + "".join(name + parameters[name] for name in sorted(parameters) if parameters[name].strip())
    sign = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest().upper()
    return {**parameters, "sign": sign}


@dataclass
class Caller:
    """Calls the gateway in this process."""

    platform: SimulatedAliExpress
    clock: Clock
    app_key: str = APP_KEY
    secret: str = SECRET
    token: str = ""
    waited: list[float] = field(default_factory=list)

    def common(self, **more: str) -> dict[str, str]:
        milliseconds = str(int(self.clock.now.timestamp() * 1000))
        return {"app_key": self.app_key, "timestamp": milliseconds, "sign_method": "sha256", **more}

    def post(self, path: str, parameters: dict[str, str]) -> tuple[int, bytes]:
        headers = {"content-type": "application/x-www-form-urlencoded;charset=UTF-8"}
        status, _, body = self.platform.respond("POST", ORIGIN + path, headers, urlencode(parameters).encode())
        return status, body

    def __call__(self, method: str, *, simplify: bool = True, **parameters: Any) -> dict[str, Any]:
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
        common = self.common(method=method, session=self.token, format="json", v="2.0")
        if simplify:
            common["simplify"] = "true"
        answer: dict[str, Any] = json.loads(self.post("/sync", signed({**common, **texts}, self.secret))[1])
        return answer

    def system(self, path: str, **parameters: str) -> dict[str, Any]:
        fields = signed(self.common(**parameters), self.secret, path)
        answer: dict[str, Any] = json.loads(self.post(f"/rest{path}", fields)[1])
        return answer

    def page(self, status: str, number: int = 1, size: int = 99, **filters: Any) -> dict[str, Any]:
        query = {"product_status_type": status, "page_size": size, "current_page": number, **filters}
        answer = self("aliexpress.solution.product.list.get", aeop_a_e_product_list_query=query)
        result: dict[str, Any] = answer.get("result", answer)
        return result

    def error(self, method: str, **parameters: Any) -> str:
        error = self(method, **parameters)["error_response"]
        return str(error.get("sub_code") or error["code"])


@pytest.fixture(scope="session")
def world() -> World:
    return default_world()


@pytest.fixture(scope="session")
def small_world() -> World:
    return World(seed=7, listings=300, worked_example=False)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def call_store(clock: Clock) -> Callable[..., Caller]:
    """Return a caller of a gateway with one store of the given world and ways."""

    def make(world: StoreWorld, **ways: Any) -> Caller:
        waited: list[float] = []
        faults = Faults(seed=1, wait=lambda _released, seconds: waited.append(seconds))
        store = SimulatedStore(APP_KEY, SECRET, world, **ways)
        platform = SimulatedAliExpress({APP_KEY: store}, clock, faults, controls=True)
        token = platform.issue_tokens(APP_KEY)["access_token"]
        return Caller(platform, clock, token=token, waited=waited)

    return make


@pytest.fixture
def caller(call_store: Callable[..., Caller], world: World) -> Caller:
    """A caller of the default store, overseas model, on 2 May 2026."""
    return call_store(world)
