"""One signed call to AliExpress: paced, retried where that helps, and answered with content or a named error."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential,
)

from aexdash.aliexpress.errors import (
    AuthenticationError,
    ClockError,
    PlatformError,
    PlatformFault,
    Throttled,
    UnreadableAnswer,
)
from aexdash.aliexpress.protocol.envelope import Failure, NotAnAnswer, failure_of, parse, unwrap
from aexdash.aliexpress.protocol.failures import TOKEN_CODES, Caller, banned, error_for, gone
from aexdash.aliexpress.protocol.limiter import WAITED_OUT, Limiter
from aexdash.aliexpress.protocol.platform_wire import PlatformWire
from aexdash.aliexpress.protocol.signing import sign
from aexdash.clock import Clock, system_clock
from aexdash.http.wire import Reply

ATTEMPTS = 4
PATIENCE = 120.0
"""Seconds after which a call is not tried again, however few attempts it had."""

GROWING_PAUSE = wait_exponential(multiplier=0.5, max=8.0)
"""Half a second before the second attempt, then twice as long each time."""

JITTER = 0.5
"""A pause is longer by up to this share of itself, so that many clients do not come back at the same moment."""

NOTHING_THERE = (404, 410)
"""HTTP statuses of an address at which there is no gateway."""

MAY_NAME_A_PAUSE = (429, 502, 503, 504)
"""HTTP statuses whose `Retry-After` is kept to."""

Parameters = Mapping[str, object]


class Clocks(NamedTuple):
    """What this machine's clock and the `Date` of an answer (RFC 9110 §6.6.1) said when it came; both UTC."""

    ours: datetime
    theirs: datetime


class Tokens(Protocol):
    """Where a gateway gets its access token."""

    def current(self, gateway: Gateway) -> str:
        """Return a token that is good now, renewing it through `gateway` when its end is near."""

    def renew(self, gateway: Gateway, refused: str) -> str:
        """Return another token than the refused one.

        Raises:
            AuthenticationError: there is none to be had without a person signing in.
        """

    def secrets(self) -> tuple[str, ...]:
        """Every token known, so that none of them gets into a sentence."""


class Gateway:
    """Calls to one gateway for one store. Safe among threads.

    `tokens` None makes calls without a token. `sleep` takes seconds and serves the pauses between attempts.
    """

    def __init__(
        self,
        wire: PlatformWire,
        app_key: str,
        app_secret: str,
        limiter: Limiter,
        *,
        tokens: Tokens | None = None,
        clock: Clock = system_clock,
        sleep: Callable[[float], None] = time.sleep,
        store: str = "",
    ) -> None:
        self.limiter = limiter
        self.store = store
        self.clock = clock
        self.calls = 0
        self.clocks: Clocks | None = None
        self.wire = wire
        self._app_key = app_key
        self._app_secret = app_secret
        self._tokens = tokens
        self._retrying = Retrying(
            retry=retry_if_exception(_worth_another_try),
            stop=stop_after_attempt(ATTEMPTS) | stop_after_delay(PATIENCE),
            wait=_pause,
            sleep=lambda seconds: sleep(seconds) if seconds else None,
            reraise=True,
        )
        self._clock_error = timedelta()
        self._counting = threading.Lock()

    def call(self, method: str, params: Parameters) -> dict[str, Any]:
        """Make one business call (`/sync`) and return its content, without envelope and without `result`.

        Objects among the parameters are sent as one JSON string each (reference §1.5); None and blanks are left out.

        Raises:
            PlatformError: one of its subclasses names what went wrong.
        """
        token = self._tokens.current(self) if self._tokens else ""
        # Kept for the call: when it is refused, another thread may have renewed it already.
        try:
            return unwrap(self._in_time(lambda: self._business(method, params, token)))
        except AuthenticationError as error:
            if self._tokens is None or error.code not in TOKEN_CODES:
                raise
            renewed = self._tokens.renew(self, token)
        return unwrap(self._in_time(lambda: self._business(method, params, renewed)))

    def system(self, path: str, params: Parameters) -> dict[str, Any]:
        """Make one system call without a token (`/rest` + `path`, such as `/auth/token/create`) and return its fields.

        Raises:
            PlatformError: one of its subclasses names what went wrong.
        """
        return self._in_time(lambda: self._system(path, params))

    def _in_time(self, attempt: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Try; when our clock is refused and the answer told theirs, try once more by their clock."""
        # Only AliExpress' calls are dated by its clock; everything recorded keeps ours, which the person can set right.
        try:
            return self._patiently(attempt)
        except ClockError as error:
            if error.server_time is None:
                raise
            self._clock_error = error.server_time - self.clock()
        return self._patiently(attempt)

    def _patiently(self, attempt: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Try up to four times within two minutes, with growing pauses; the last error is raised."""
        return self._retrying.copy()(attempt)

    def _business(self, method: str, params: Parameters, token: str) -> dict[str, Any]:
        """The form of the official SDKs, with `method` in the URL and in what is signed (reference §1.2, §1.5)."""
        self._take_turn()
        # All in the form, though the Java SDK puts the token into the query: addresses are logged, forms are not.
        fields = {
            **self._common(),
            "format": "json",
            "v": "2.0",
            "simplify": "true",
            **_texts({"session": token, **params}),
        }
        fields["sign"] = sign({**fields, "method": method}, self._app_secret)
        return self._post("/sync?" + urlencode({"method": method}), fields, method)

    def _system(self, path: str, params: Parameters) -> dict[str, Any]:
        """The form of a `/rest` call, its path signed in front (reference §1.2, §1.3)."""
        self._take_turn()
        fields = {**self._common(), **_texts(params)}
        fields["sign"] = sign(fields, self._app_secret, path)
        return self._post("/rest" + path, fields, path)

    def _common(self) -> dict[str, str]:
        moment = self.clock() + self._clock_error
        return {
            "app_key": self._app_key,
            "sign_method": "sha256",
            "timestamp": str(round(moment.timestamp() * 1000)),
        }

    def _take_turn(self) -> None:
        self.limiter.wait()
        with self._counting:
            self.calls += 1

    def _post(self, path_and_query: str, fields: dict[str, str], method: str) -> dict[str, Any]:
        reply = self.wire.post_form(path_and_query, fields)
        if dated := _server_time(reply):
            self.clocks = Clocks(self.clock(), dated)
        caller = Caller(method, self._app_key, self.store, self._secrets(fields))
        try:
            return self._read(reply, caller)
        except Throttled as throttled:
            self.limiter.ban(throttled.until, str(throttled))
            raise

    def _read(self, reply: Reply, caller: Caller) -> dict[str, Any]:
        """Read the body first and the status second: errors come with 200, and answers with 400 (reference §6.3)."""
        now = self.clock()
        try:
            answer = parse(reply.body)
        except NotAnAnswer as what:
            raise self._not_an_answer(reply, caller, str(what), now) from None
        failure = failure_of(answer)
        pause = _pause_asked_for(reply, now)
        if failure:
            error = error_for(failure, caller, now=now, server_time=_server_time(reply), pause=pause)
            waits = pause is not None and reply.status in MAY_NAME_A_PAUSE and isinstance(error, PlatformFault)
            raise self._by_status(reply, caller, now) if waits else error
        if reply.status >= 400:
            raise self._by_status(reply, caller, now)
        return answer

    def _not_an_answer(self, reply: Reply, caller: Caller, what: str, now: datetime) -> PlatformError:
        if reply.status in (*NOTHING_THERE, 429) or reply.status >= 500:
            return self._by_status(reply, caller, now)
        return UnreadableAnswer(
            f"{self.wire.host} answered {caller.method} for {caller.whose} with {what} (status {reply.status}).",
            code=str(reply.status),
            advice="Check that gateway in aexdash.toml is AliExpress' address; otherwise the next sync asks again.",
        )

    def _by_status(self, reply: Reply, caller: Caller, now: datetime) -> PlatformError:
        """An HTTP status without words: a throttle where it names a pause, else a fault of theirs (reference §6.3)."""
        pause = _pause_asked_for(reply, now)
        if reply.status == 429 or (pause is not None and reply.status in MAY_NAME_A_PAUSE):
            return banned(caller, pause or 1.0, str(reply.status), now)
        if reply.status in NOTHING_THERE:
            return gone(caller, Failure(code=f"status {reply.status}", text=self.wire.host))
        return PlatformFault(
            f"{self.wire.host} could not answer {caller.method} for {caller.whose} (status {reply.status}).",
            code=str(reply.status),
            advice="Nothing to do: the next sync asks again.",
        )

    def _secrets(self, fields: Mapping[str, str]) -> tuple[str, ...]:
        sent = tuple(fields.get(name, "") for name in ("session", "refresh_token", "code", "sign"))
        return (self._app_secret, *sent, *(self._tokens.secrets() if self._tokens else ()))


def _worth_another_try(error: BaseException) -> bool:
    short_ban = isinstance(error, Throttled) and error.code != "calls_per_hour" and error.seconds < WAITED_OUT
    return short_ban or isinstance(error, PlatformFault | UnreadableAnswer)


def _pause(state: RetryCallState) -> float:
    """Seconds until the next attempt: 0.5, 1 and 2, each longer by up to a half; none after a short ban."""
    if state.outcome is not None and isinstance(state.outcome.exception(), Throttled):
        return 0.0  # the limiter waits out the ban to the second
    return GROWING_PAUSE(state) * random.uniform(1, 1 + JITTER)


def _texts(params: Parameters) -> dict[str, str]:
    texts = {name: _text(value) for name, value in params.items() if value is not None}
    return {name: text for name, text in texts.items() if text.strip()}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))


def _server_time(reply: Reply) -> datetime | None:
    with suppress(ValueError, TypeError):
        return parsedate_to_datetime(reply.headers.get("date", "")).astimezone(UTC)
    return None


def _pause_asked_for(reply: Reply, now: datetime) -> float | None:
    """The seconds of `Retry-After`, a number or a moment (RFC 9110 §10.2.3); None where it is absent or unreadable."""
    written = reply.headers.get("retry-after", "").strip()
    if written.isascii() and written.isdigit():
        return float(written[:9])
    with suppress(ValueError, TypeError):
        # By their clock where they told it: ours may be the one that is off.
        return max(0.0, (parsedate_to_datetime(written) - (_server_time(reply) or now)).total_seconds())
    return None
