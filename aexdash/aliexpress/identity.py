"""Whose listings a token shows: the seller account of a sign-in, and the refusal of another one."""

from __future__ import annotations

from collections.abc import Iterable

from aexdash.aliexpress.errors import AnotherSeller, PlatformError
from aexdash.aliexpress.platform_counts import read_counts
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.protocol.tokens import Token


class OneToken:
    """The tokens of a gateway that has one token and renews nothing."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def current(self, _gateway: Gateway) -> str:
        """Return the token."""
        return self._token.access_token

    def renew(self, _gateway: Gateway, refused: str) -> str:
        """Return the same token again: it is fresh, and a refusal will be told by the next call."""
        return refused

    def secrets(self) -> tuple[str, ...]:
        """The token and its refresh token."""
        return (self._token.access_token, self._token.refresh_token)


def seller_by_profile(gateway: Gateway) -> str | None:
    """Ask the profile for the seller's id (reference §4.7); None where this account may not ask."""
    try:
        counts = read_counts(gateway)
    except PlatformError:
        return None
    return counts.seller_id if counts else None


def require_seller(known: str | None, told: Iterable[str | None], store: str) -> None:
    """Make sure that a token is of the seller whose listings are known.

    `told` are the ids by which the platform named the token's seller. One that agrees is enough: that the sign-in and
    the profile name an account alike is documented nowhere. Where nothing is known or told, nothing contradicts.

    Raises:
        AnotherSeller: the token is of somebody else.
    """
    names = tuple(dict.fromkeys(name for name in told if name))
    if not known or not names or known in names:
        return
    raise AnotherSeller(
        f"This token is of seller {' or '.join(names)}, the snapshot of store {store} is of seller {known}.",
        code="another_seller",
        advice=f"Sign in with the account of seller {known} (`aexdash authorize {store}`), or give the other account a "
        f"[store] of its own. If store {store} is to be the other account from now on: "
        f"`aexdash change-account {store}` says what that does.",
    )
