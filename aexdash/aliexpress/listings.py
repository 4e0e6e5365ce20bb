"""The listings of a store: what `aexdash.sync.run` may ask, and how a store is opened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, get_args

from aexdash.aliexpress.dialects.choice import Choice
from aexdash.aliexpress.dialects.dialect import Dialect
from aexdash.aliexpress.dialects.managed import OverseasManaged
from aexdash.aliexpress.dialects.overseas import Overseas
from aexdash.aliexpress.dialects.pop import Pop
from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied, PlatformError, Throttled
from aexdash.aliexpress.identity import OneToken, require_seller, seller_by_profile
from aexdash.aliexpress.platform_counts import PlatformCounts
from aexdash.aliexpress.protocol.account import Account
from aexdash.aliexpress.protocol.gateway import Clocks, Gateway, Tokens
from aexdash.aliexpress.protocol.limiter import Limiter
from aexdash.aliexpress.protocol.platform_wire import PlatformWire
from aexdash.aliexpress.protocol.tokens import Token, TokenFile, TokenKeeper, exchange, fingerprint
from aexdash.aliexpress.relations import models_named
from aexdash.aliexpress.seller import GatewaySeller
from aexdash.clock import Clock, system_clock
from aexdash.http.wire import Respond
from aexdash.model import BUSINESS_MODELS, BusinessModel, Status
from aexdash.platform_data import CategoryRules, Detail, ObjectionableWord, Observation, OrderLine, Page, Problem

__all__ = [
    "Introduced",
    "PlatformCounts",
    "Seller",
    "connect",
    "introduce",
    "keep_token",
    "open_gateway",
    "open_wire",
    "sign_in",
]

DIALECTS: dict[str, type[Overseas] | type[Choice]] = {
    dialect.model: dialect for dialect in (Overseas, Pop, Choice, OverseasManaged)
}
"""The business models, each with its own dialect of the listing endpoints (reference §3.1 to §3.4)."""


class Seller(Protocol):
    """A store as the sync sees it, whatever its business model. Every method may raise PlatformError."""

    model: str
    statuses: tuple[Status, ...]
    """What a sweep walks, the held ones first."""

    @property
    def calls(self) -> int:
        """Calls made so far."""

    @property
    def clocks(self) -> Clocks | None:
        """Our clock and the platform's as its last dated answer came, None while none was dated."""

    @property
    def limiter(self) -> Limiter:
        """What paces this store's calls."""

    def walk(self, status: Status) -> Iterator[Page]:
        """Yield the pages of one status, one pass."""

    def look_up(self, product_id: int) -> Observation:
        """Find out where one listing went."""

    def detail(self, product_id: int) -> Detail:
        """Read everything about one listing."""

    def attribute_rules(self, category_id: int) -> CategoryRules:
        """Read what a category requires; what this account may not ask for stays None."""

    def words(self, category_id: int, title: str) -> tuple[ObjectionableWord, ...] | None:
        """Return the words of a title that the platform objects to, None when this account may not ask."""

    def problems(self) -> Iterator[list[Problem]]:
        """Yield what the platform's quality diagnosis says, page by page; read whole when it ends without an error.

        Raises PermissionDenied when this account may not ask; then no call is made again on this connection.
        """

    def orders(self, start: datetime, end: datetime) -> Iterator[list[OrderLine]]:
        """Yield the lines of orders made from `start` up to before `end`, page by page; read whole when it ends.

        Raises PermissionDenied when this account may not read them; then no call is made again on this connection.
        """

    def counts(self) -> PlatformCounts | None:
        """Return the platform's own counts, None when this account may not ask."""

    def reported(self, status: Status) -> int | None:
        """Return how many listings a status has by its list, from the first page; None where that does not tell."""

    def fetch_picture(self, url: str, limit_bytes: int) -> bytes:
        """Fetch a picture, at most `limit_bytes` of it; raises PictureError."""

    def fetch_picture_head(self, url: str, first_bytes: int) -> tuple[bytes, int | None]:
        """Fetch the first bytes of a picture, with its whole size in bytes where told; raises PictureError."""

    def seller_id(self) -> str | None:
        """Return the id of the token's seller, None where the sign-in did not tell it. No call is made."""

    def signed_in(self) -> bool:
        """Tell whether there is a token, good or not."""

    def token_expires_at(self) -> datetime | None:
        """Return when the access token ends, None where nobody told."""

    def sign_in_ends_at(self) -> datetime | None:
        """Return when the token can be renewed no longer, so that somebody has to sign in; None where nobody told."""

    def close(self) -> None:
        """Close the connections."""


def connect(
    account: Account,
    *,
    clock: Clock = system_clock,
    sleep: Callable[[float], None] = time.sleep,
    respond: Respond | None = None,
) -> Seller:
    """Open a store; no call is made yet. With `respond` the whole platform is that function of this process.

    Raises:
        InvalidRequest: the gateway's address is unusable.
        ValueError: the business model is unknown.
    """
    keeper = _keeper(account)
    gateway = open_gateway(account, tokens=keeper, clock=clock, sleep=sleep, respond=respond)
    return GatewaySeller(_dialect(account.model), gateway, keeper)


def open_gateway(
    account: Account,
    *,
    tokens: Tokens | None = None,
    clock: Clock = system_clock,
    sleep: Callable[[float], None] = time.sleep,
    respond: Respond | None = None,
) -> Gateway:
    """Open the gateway of a store, without a token unless `tokens` gives one."""
    wire = open_wire(account, respond)
    limiter = Limiter(account.calls_per_second, account.calls_per_hour, clock, sleep)
    return Gateway(
        wire, account.app_key, account.app_secret, limiter, tokens=tokens, clock=clock, sleep=sleep, store=account.key
    )


def open_wire(account: Account, respond: Respond | None = None) -> PlatformWire:
    """Open the bare connection to a store's gateway, for unsigned requests.

    Raises:
        InvalidRequest: the gateway's address is unusable.
    """
    if respond:
        return PlatformWire.in_process(account.gateway, respond)
    return PlatformWire(account.gateway, timeout=account.timeout)


@dataclass(frozen=True, slots=True)
class Introduced:
    """Who a sign-in is, before its token is kept. `seller_id` and `name` are empty where nobody told them.

    `named` are the business models that the account's relations name, None where it may not ask for them; `answering`
    are those whose list of listings answers it. `doubt` is why that is not known of others, where it was no refusal.
    """

    token: Token
    seller_id: str
    name: str
    named: tuple[BusinessModel, ...] | None
    answering: tuple[BusinessModel, ...]
    doubt: str = ""


def introduce(
    account: Account,
    code: str,
    *,
    clock: Clock = system_clock,
    sleep: Callable[[float], None] = time.sleep,
    respond: Respond | None = None,
) -> Introduced:
    """Turn the code of a sign-in into a token, and ask the platform who that is; nothing is kept.

    A code works once, so what fails after the exchange is a doubt in the answer and no error. `sleep` takes seconds and
    serves the pauses between attempts.

    Raises:
        AuthenticationError: the code was used already, is too old or wrong, or the app secret is.
        PlatformError: any other failure of a call.
    """
    asking = open_gateway(account, clock=clock, sleep=sleep, respond=respond)
    with closing(asking.wire):
        token = exchange(asking, code)
    gateway = open_gateway(account, tokens=OneToken(token), clock=clock, sleep=sleep, respond=respond)
    with closing(gateway.wire):
        seller_id = token.seller_id or seller_by_profile(gateway) or ""
        try:
            named = models_named(gateway)
            answering, doubt = _answering(gateway, named)
        except PlatformError as error:
            named, answering, doubt = None, (), f"{error} {error.advice}".strip()
    return Introduced(token, seller_id, token.user_nick, named, answering, doubt)


def _answering(gateway: Gateway, named: tuple[BusinessModel, ...] | None) -> tuple[tuple[BusinessModel, ...], str]:
    """Ask the list of each business model for one page; those that the relations name come first."""
    order = dict.fromkeys((*(named or ()), *get_args(BusinessModel)))
    answering: list[BusinessModel] = []
    doubts: list[str] = []
    for model in order:
        dialect = _dialect(model)
        try:
            dialect.ask(gateway, dialect.words[Status.REJECTED][0], 1)
        except (PermissionDenied, InvalidRequest):
            continue  # this account has no such business, or none of its listings may be read
        except Throttled:
            raise  # each further call would lengthen it
        except PlatformError as error:
            doubts.append(f"{error} {error.advice}".strip())
        else:
            answering.append(model)
    return tuple(answering), next(iter(doubts), "")


def keep_token(account: Account, token: Token) -> None:
    """Keep the token of a sign-in in the account's token file.

    Raises:
        TokenFileNotWritable: the disk is full or read-only, or the folder cannot be made.
    """
    TokenFile(account.token_file).save(token, fingerprint(account.access_token, account.refresh_token))


def sign_in(
    account: Account,
    code: str,
    *,
    clock: Clock = system_clock,
    respond: Respond | None = None,
    seller_id: str | None = None,
) -> Token:
    """Turn the code of a sign-in into a token and keep it in the account's token file.

    `seller_id` is the seller whose listings the snapshot holds, None where it holds none. The token of another seller
    is not kept, and the one that was kept before stays.

    Raises:
        AnotherSeller: the token is of another seller.
        AuthenticationError: the code was used already, is too old or wrong.
        PlatformError: any other failure of the call, or the file cannot be written.
    """
    gateway = open_gateway(account, clock=clock, respond=respond)
    try:
        token = exchange(gateway, code)
        _require_seller(seller_id, token, account, clock, respond)
    finally:
        gateway.wire.close()
    keep_token(account, token)
    return token


def _require_seller(known: str | None, token: Token, account: Account, clock: Clock, respond: Respond | None) -> None:
    """Compare with the id that the sign-in told; the profile is asked only where that one does not agree."""
    if known is None or token.seller_id == known:
        return
    gateway = open_gateway(account, tokens=OneToken(token), clock=clock, respond=respond)
    try:
        require_seller(known, (token.seller_id, seller_by_profile(gateway)), account.key)
    finally:
        gateway.wire.close()


def _keeper(account: Account) -> TokenKeeper:
    given = Token(account.access_token, account.refresh_token) if account.access_token else None
    return TokenKeeper(TokenFile(account.token_file), given, store=account.key)


def _dialect(model: str) -> Dialect:
    if model not in DIALECTS:
        raise ValueError(f"There is no business model {model!r}; it is one of {', '.join(BUSINESS_MODELS)}.")
    return DIALECTS[model]()
