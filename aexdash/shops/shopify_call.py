"""One question to Shopify's Admin GraphQL: the token, the pace by cost, and what each refusal means.

Whether a call was too many is told by the code THROTTLED in the answer: which HTTP status comes with it is not settled
(reference shops.md §2.6).
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aexdash.clock import Clock, system_clock
from aexdash.http.wire import Reply, Wire
from aexdash.shops.account import ShopAccount
from aexdash.shops.calling import Sleep, content_of, patiently, reply_of, said
from aexdash.shops.errors import ShopBusy, ShopError, ShopFault, ShopForbids, ShopRefused, ShopUnreadable
from aexdash.shops.shopify_queries import VERSION

PATH = f"/admin/api/{VERSION}/graphql.json"
TOKEN_PATH = "/admin/oauth/access_token"  # noqa: S105 - a path
BEFORE_ITS_END = timedelta(minutes=10)
"""A token of a day is renewed so long before it ends."""

READ_ONLY = "read_products, read_inventory and read_publications"
SECRETS_HINT = f"Give the app the scopes {READ_ONLY}, and write its key into secrets.toml."


class ShopifyToken:
    """The token of a shop: a permanent one, or one of 24 hours that is got by client credentials and renewed."""

    def __init__(self, account: ShopAccount, wire: Wire, *, clock: Clock = system_clock) -> None:
        self._account, self._wire, self._clock = account, wire, clock
        self._token, self._until = account.token, datetime.max.replace(tzinfo=clock().tzinfo)
        if not account.token:
            self._until = datetime.min.replace(tzinfo=clock().tzinfo)

    @property
    def renews(self) -> bool:
        """Whether another one can be had without a person."""
        return not self._account.token and bool(self._account.client_secret)

    def secrets(self) -> tuple[str, ...]:
        """Every secret known, so that none gets into a sentence."""
        return (self._token, self._account.token, self._account.client_secret)

    def current(self) -> str:
        """Return a token that is good now.

        Raises:
            ShopError: there is none to be had.
        """
        if self._clock() >= self._until - BEFORE_ITS_END if self.renews and self._token else not self._token:
            self.renew()
        return self._token

    def renew(self) -> None:
        """Get another token by client credentials.

        Raises:
            ShopRefused: the credentials were refused, or there are none.
            ShopError: the shop could not be asked.
        """
        account = self._account
        if not self.renews:
            raise ShopRefused(f"The shop {account.key} has no token.", advice=SECRETS_HINT)
        form = {
            "grant_type": "client_credentials",
            "client_id": account.client_id,
            "client_secret": account.client_secret,
        }
        reply = reply_of(lambda: self._wire.post_form(TOKEN_PATH, form))
        if reply.status >= 500:
            raise ShopFault(f"Shopify could not give a token (status {reply.status}).")
        if reply.status != 200:
            raise ShopRefused(
                f"Shopify refused client_id and client_secret of the shop {account.key} (status {reply.status}).",
                advice="Check both in the Dev Dashboard, and that the app is installed in a shop of your organisation.",
            )
        content = content_of(reply, self._wire.host)
        token, seconds = content.get("access_token"), content.get("expires_in", 86_399)
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise ShopUnreadable(
                f"{self._wire.host} answered without a token.", advice="Check the address of the shop."
            )
        self._token, self._until = token, self._clock() + timedelta(seconds=min(seconds, 10**7))


class ShopifyCall:
    """Questions to one shop. `sleep` serves every pause, in seconds."""

    def __init__(
        self, account: ShopAccount, wire: Wire, *, clock: Clock = system_clock, sleep: Sleep = time.sleep
    ) -> None:
        self._account, self._wire, self._sleep = account, wire, sleep
        self.token = ShopifyToken(account, wire, clock=clock)
        self._owed = 0.0

    def ask(self, query: str, variables: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Ask once, or again where that helps, and return `data`.

        Raises:
            ShopError: one of its subclasses names what went wrong.
        """
        body = json.dumps({"query": query, "variables": dict(variables or {})}).encode()
        return patiently(lambda: self._answered(body), self._sleep)

    def _answered(self, body: bytes) -> dict[str, Any]:
        if self._owed > 0:
            owed, self._owed = self._owed, 0.0
            self._sleep(owed)
        reply = self._post(body)
        if reply.status == 401 and self.token.renews:
            self.token.renew()
            reply = self._post(body)
        _refuse(reply, self._wire.host, self._account.key)
        content = content_of(reply, self._wire.host)
        self._pace(content)
        if content.get("errors"):
            raise self._error(content)
        data = content.get("data")
        if not isinstance(data, dict):
            raise ShopUnreadable(f"{self._wire.host} answered without data.", advice="Check the address of the shop.")
        return data

    def _post(self, body: bytes) -> Reply:
        headers = {"X-Shopify-Access-Token": self.token.current()}
        return reply_of(lambda: self._wire.post_json(PATH, body, headers))

    def _pace(self, content: Mapping[str, Any]) -> None:
        """Remember how long to wait until the bucket holds once more what the last question cost."""
        cost = _cost(content)
        if cost:
            requested, available, rate = cost
            self._owed = max(0.0, (requested - available) / rate)

    def _error(self, content: Mapping[str, Any]) -> ShopError:
        errors = content["errors"]
        if isinstance(errors, str):
            return ShopUnreadable(f"Shopify answered: {said(errors, self.token.secrets())}", advice=SECRETS_HINT)
        first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
        extensions = first.get("extensions")
        code = str(extensions.get("code", "")) if isinstance(extensions, dict) else ""
        words = said(first.get("message", "without a word"), self.token.secrets())
        if code == "THROTTLED":
            seconds, self._owed = max(self._owed, 1.0), 0.0
            return ShopBusy("Shopify takes no more questions for now.", seconds=seconds)
        if code == "ACCESS_DENIED":
            return ShopForbids(f"The token of {self._account.key} may not read this: {words}", advice=SECRETS_HINT)
        if code == "INTERNAL_SERVER_ERROR":
            return ShopFault(f"Shopify had a fault of its own: {words}")
        if code == "SHOP_INACTIVE":
            return ShopFault(f"The shop {self._account.key} is not active: {words}", advice="See its plan in Shopify.")
        return ShopUnreadable(
            f"Shopify did not take our question: {words}",
            advice=f"It is one of version {VERSION}; a newer version of aexdash may ask another.",
        )


def _cost(content: Mapping[str, Any]) -> tuple[float, float, float] | None:
    try:
        cost = content["extensions"]["cost"]
        status = cost["throttleStatus"]
        requested, available, rate = cost["requestedQueryCost"], status["currentlyAvailable"], status["restoreRate"]
        return (float(requested), float(available), float(rate)) if float(rate) > 0 else None
    except (KeyError, TypeError, ValueError):
        return None


def _refuse(reply: Reply, host: str, key: str) -> None:
    """Raise what an HTTP status means; 200 and what carries GraphQL errors pass."""
    status = reply.status
    if status == 401:
        raise ShopRefused(
            f"Shopify refused the token of the shop {key}: it was revoked, or is not of this shop.", advice=SECRETS_HINT
        )
    if status == 402:
        raise ShopFault(f"The shop {key} is frozen: its plan is not paid.", advice="See its plan in Shopify.")
    if status == 403:
        raise ShopForbids(f"The token of the shop {key} may not read here.", advice=SECRETS_HINT)
    if status == 404:
        raise ShopRefused(
            f"There is no Shopify shop at {host}.", advice="Its address is like https://name.myshopify.com."
        )
    if status == 423:
        raise ShopFault(f"The shop {key} is locked by Shopify.", advice="Shopify's support can say why.")
    if status == 429 and b"THROTTLED" not in reply.body:
        told = reply.headers.get("retry-after", "")
        raise ShopBusy("Shopify takes no more questions for now.", seconds=float(told) if told.isdigit() else 2.0)
    if status >= 500:
        raise ShopFault(f"Shopify could not answer (status {status}).")
    if 300 <= status < 400:
        raise ShopRefused(
            f"{host} sends us on to another address.", advice="Its address is like https://name.myshopify.com."
        )
