"""The simulated AliExpress: the protocol of reference §10 in front of worlds, in this process or over HTTP.

platform = SimulatedAliExpress({"123456": SimulatedStore("123456", "secret", World())}, clock)
platform.respond("POST", "http://127.0.0.1:8731/sync", headers, body)   # -> (status, headers, body)
with platform.serve() as served: ...                                    # the same over loopback HTTP
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from math import ceil
from typing import Any
from urllib.parse import urlencode, urlsplit

from aexdash.clock import system_clock
from aexdash.demo.platform import server, signinpage, spellings
from aexdash.demo.platform.calls import Call, Method
from aexdash.demo.platform.envelope import Refused, answer, business_error, system_error, to_bytes
from aexdash.demo.platform.faults import Fault, FaultKind, Faults
from aexdash.demo.platform.incoming import Incoming, check_signature, check_timestamp, read_request
from aexdash.demo.platform.methods.categories import CategoryMethods
from aexdash.demo.platform.methods.choice import ChoiceMethods
from aexdash.demo.platform.methods.listings import ListingMethods, failed
from aexdash.demo.platform.methods.managed import ManagedMethods
from aexdash.demo.platform.methods.orders import OrderMethods
from aexdash.demo.platform.methods.seller import SellerMethods
from aexdash.demo.platform.spellings import HTML_TYPE, JSON_TYPE, TEXT_TYPE, Answer, Struck
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.platform.tokenoffice import TokenOffice
from aexdash.demo.world.mixing import mix
from aexdash.demo.world.pictures import part_of, picture_bytes, read_address

_LONG_BAN = 60
_PAGE = b"<!DOCTYPE html><html><body><h1>Service is busy</h1><p>Please try again later.</p></body></html>"


class SimulatedAliExpress:
    """The platform with its stores, by app key. `respond` may be called from several threads.

    `controls` opens `/_demo/faults` (GET shows, POST adds, DELETE clears), which is no part of the protocol.
    Picture addresses point to wherever the call was sent.
    """

    def __init__(
        self,
        stores: Mapping[str, SimulatedStore],
        clock: Callable[[], datetime] = system_clock,
        faults: Faults | None = None,
        *,
        controls: bool = False,
    ) -> None:
        self.stores = dict(stores)
        self.faults = faults or Faults()
        self.calls = 0
        self._clock, self._controls = clock, controls
        self._tokens = TokenOffice(clock)
        self._methods: dict[str, Method] = {
            **ListingMethods().table(),
            **ChoiceMethods().table(),
            **ManagedMethods().table(),
            **SellerMethods().table(),
            **OrderMethods().table(),
            **CategoryMethods().table(),
        }
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._bans: dict[str, datetime] = {}
        self._seconds: dict[str, tuple[int, int]] = {}

    def issue_code(self, app_key: str) -> str:
        """Return an authorisation code, as the seller's consent in the browser would bring it."""
        return self._tokens.issue_code(self.stores[app_key])

    def issue_tokens(self, app_key: str) -> dict[str, Any]:
        """Return a fresh reply of `/auth/token/create`, without asking over HTTP."""
        return self._tokens.issue_tokens(self.stores[app_key])

    def void(self, token: str) -> None:
        """Make an access or refresh token invalid from now on, as when a seller revokes it."""
        self._tokens.void(token)

    def respond(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one HTTP request.

        Raises:
            TimeoutError: the fault that never answers struck this call.
        """
        incoming = read_request(method, url, headers, body)
        path = incoming.path
        if path in ("/sync", "/rest") or path.startswith("/rest/"):
            return self._misbehaving(self._called(incoming), lambda struck: self._api(incoming, struck))
        if path.startswith("/img/"):
            return self._misbehaving("picture", lambda struck: self._picture(incoming, struck))
        if path == "/oauth/authorize" and incoming.verb == "GET":
            return self._authorize(incoming)
        if path == "/_demo/faults" and self._controls:
            return self._control(incoming)
        return 404, TEXT_TYPE, b"not found"

    def asgi(self) -> server.Application:
        """Return the platform as an ASGI application."""
        return server.application(self.respond, self.faults.may_wait)

    def serve(self, port: int = 0) -> server.Served:
        """Serve the platform on a loopback port, 0 for any free one, until `stop`; also a context manager.

        Raises:
            OSError: the port is in use.
        """
        return server.serve_in_thread(self.asgi(), port, before_stop=self.faults.release)

    def _called(self, incoming: Incoming) -> str:
        if incoming.path.startswith("/rest/"):
            return incoming.path.removeprefix("/rest")
        return incoming.parameters.get("method", "")

    def _misbehaving(self, method: str, respond: Callable[[Struck], Answer]) -> Answer:
        """Answer through the faults of the transport; those of the protocol are passed on."""
        struck = self.faults.strike(method)
        if FaultKind.LATENCY in struck:
            self.faults.pass_time(struck[FaultKind.LATENCY])
        if FaultKind.TIMEOUT in struck:
            self.faults.pass_time(struck[FaultKind.TIMEOUT])
            raise TimeoutError(f"the simulated platform never answered {method}")
        if FaultKind.SERVER_ERROR in struck:
            return int(struck[FaultKind.SERVER_ERROR]) or 502, HTML_TYPE, _PAGE
        if FaultKind.HTML in struck:
            return 200, HTML_TYPE, _PAGE
        status, headers, body = respond(struck)
        if FaultKind.TRUNCATED in struck:
            body = body[: int(len(body) * (struck[FaultKind.TRUNCATED] or 0.5))]
        return status, headers, body

    def _api(self, incoming: Incoming, struck: Struck) -> Answer:
        """Answer a call of the API; errors of the platform come with HTTP 200 (reference §6.3)."""
        self.calls += 1
        request_id = f"21{mix(next(self._numbers)):016x}"
        if (other := spellings.instead(struck, request_id)) is not None:
            return other
        name = self._called(incoming)
        system = name.startswith("/") or (incoming.path == "/rest" and not name)
        try:
            if system:
                body = {**self._system(incoming, name, struck), "code": "0", "request_id": request_id}
            else:
                body = self._business(incoming, name, struck, request_id)
        except Refused as refused:
            flat = incoming.path.startswith("/rest") and system
            body = system_error(refused, request_id) if flat else business_error(refused, request_id)
        kind = TEXT_TYPE if incoming.path == "/rest" else JSON_TYPE
        return 200, {**kind, **self._dated(struck)}, spellings.written(body, struck)

    def _dated(self, struck: Struck) -> dict[str, str]:
        """The date of an answer by the platform's clock; while that is ahead, only the fault `date` has it told."""
        if FaultKind.CLOCK_SKEW in struck and FaultKind.DATE not in struck:
            return {}
        return {
            "Date": format_datetime(self._clock() + timedelta(seconds=struck.get(FaultKind.DATE, 0.0)), usegmt=True)
        }

    def _business(self, incoming: Incoming, name: str, struck: Struck, request_id: str) -> dict[str, Any]:
        store = self._verified(incoming, ("",), struck)
        if not name:
            raise Refused("MissingParameter", name="method")
        method = self._methods.get(name)
        if method is None:
            raise Refused("InvalidApiPath")
        token = incoming.parameters.get("session") or incoming.parameters.get("access_token") or ""
        if FaultKind.EXPIRED_TOKEN in struck:
            self._tokens.void(token)
        self._tokens.check(store, token)
        if name in store.forbidden or (method.models and store.model not in method.models):
            raise Refused("InsufficientPermission", name=name)
        call = Call(store, name, incoming.parameters, self._clock(), incoming.origin, struck)
        body = failed(call) or method.handler(call)
        simplify = incoming.parameters.get("simplify", "").lower() == "true"
        return answer(name, body, request_id, simplify=simplify, wrap=not simplify or incoming.path == "/rest")

    def _system(self, incoming: Incoming, name: str, struck: Struck) -> dict[str, Any]:
        prefixes = (name,) if incoming.path.startswith("/rest/") else (name, "")
        store = self._verified(incoming, prefixes, struck)
        if name in ("/auth/token/create", "/auth/token/security/create"):
            return self._tokens.exchange(store, _needed(incoming, "code"))
        if name in ("/auth/token/refresh", "/auth/token/security/refresh"):
            return self._tokens.refresh(store, _needed(incoming, "refresh_token"))
        raise Refused("InvalidApiPath")

    def _verified(self, incoming: Incoming, prefixes: tuple[str, ...], struck: Struck) -> SimulatedStore:
        """Return the store of a call whose app, clock and signature are right and which is not banned."""
        store = self.stores.get(_needed(incoming, "app_key"))
        if store is None:
            raise Refused("IllegalAppKey")
        ahead = timedelta(seconds=struck.get(FaultKind.CLOCK_SKEW, 0.0))
        check_timestamp(_needed(incoming, "timestamp"), self._clock() + ahead)
        check_signature(incoming, store.app_secret, prefixes)
        self._throttle(store, struck)
        return store

    def _throttle(self, store: SimulatedStore, struck: Struck) -> None:
        """Refuse what comes too fast or during a ban, naming the seconds that are left (reference §6.4)."""
        now = self._clock()
        with self._lock:
            if FaultKind.BAN in struck:
                self._bans[store.app_key] = now + timedelta(seconds=struck[FaultKind.BAN] or 1)
            left = (self._bans.get(store.app_key, now) - now).total_seconds()
            second, calls = self._seconds.get(store.app_key, (0, 0))
            this_second = int(now.timestamp())
            calls = calls + 1 if second == this_second else 1
            self._seconds[store.app_key] = (this_second, calls)
        if left > 0:
            raise Refused("AppApiCallLimit" if left > _LONG_BAN else "ApiCallLimit", seconds=ceil(left))
        if store.calls_per_second is not None and calls > store.calls_per_second:
            raise Refused("ApiCallLimit", seconds=1)

    def _picture(self, incoming: Incoming, struck: Struck) -> Answer:
        """Give a picture or the part of it that is asked for, as any web server does (RFC 9110)."""
        address = read_address(incoming.path)
        if address is None:
            return 404, TEXT_TYPE, b"no such picture"
        found = (store.world.listing(address.product_id, self._clock()) for store in self.stores.values())
        shape = next((listing.facts.shape for listing in found if listing is not None), "box")
        body = picture_bytes(address, shape)
        kind = "image/png" if address.extension == "png" else "image/jpeg"
        headers = {"Content-Type": kind, "Cache-Control": "public, max-age=31536000, immutable"}
        wanted = None if FaultKind.WHOLE_PICTURE in struck else part_of(incoming.wanted, len(body))
        if wanted is None:
            return 200, headers, body
        if not wanted:
            return 416, {**TEXT_TYPE, "Content-Range": f"bytes */{len(body)}"}, b"no such part"
        stated = f"bytes {wanted.start}-{wanted.stop - 1}/{len(body)}"
        return 206, {**headers, "Content-Range": stated}, body[wanted.start : wanted.stop]

    def _authorize(self, incoming: Incoming) -> Answer:
        """Show a person the sign-in page; send the browser back with a code once she allows it (reference §2.1).

        A program, which sees no page, allows it at once.
        """
        asked = incoming.parameters
        store = self.stores.get(asked.get("client_id", ""))
        target = asked.get("redirect_uri", "")
        usable = urlsplit(target).scheme in ("http", "https") and not any(sign in target for sign in "\r\n")
        if store is None or not usable or store.callback not in ("", target):
            return 400, TEXT_TYPE, b"unknown client_id, or redirect_uri is not the registered callback"
        answered = asked.get(signinpage.ANSWER, "" if incoming.by_browser else signinpage.ALLOWED)
        if not answered:
            return 200, HTML_TYPE, signinpage.page(store, asked)
        consent = {"code": self._tokens.issue_code(store)} if answered == signinpage.ALLOWED else signinpage.REFUSAL
        sent = consent | ({"state": asked["state"]} if "state" in asked else {})
        joint = "&" if urlsplit(target).query else "?"
        return 302, {"Location": f"{target}{joint}{urlencode(sent)}"}, b""

    def _control(self, incoming: Incoming) -> Answer:
        """Show, add or clear fault switches: `{"kind": "html", "times": 1}` or a list of such."""
        if incoming.verb == "DELETE":
            self.faults.clear()
        elif incoming.verb == "POST":
            try:
                given = json.loads(incoming.body)
                asked = [Fault.from_json(each) for each in (given if isinstance(given, list) else [given])]
            except (ValueError, TypeError) as error:
                return 400, JSON_TYPE, to_bytes({"error": str(error)})
            for fault in asked:
                self.faults.add_fault(fault)
        return 200, JSON_TYPE, to_bytes({"faults": self.faults.show(), "kinds": [str(kind) for kind in FaultKind]})


def _needed(incoming: Incoming, name: str) -> str:
    value = incoming.parameters.get(name, "").strip()
    if not value:
        raise Refused("MissingParameter", name=name)
    return value
