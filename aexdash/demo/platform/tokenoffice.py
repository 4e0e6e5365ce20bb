"""Codes and tokens of the simulated platform (reference §2.1); each contains its end and survives a restart."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from aexdash.demo.platform.envelope import Refused
from aexdash.demo.platform.store import SimulatedStore
from aexdash.demo.world.listing import EPOCH

CODE_LIFETIME = timedelta(minutes=30)


class TokenOffice:
    """Issues codes and tokens for the stores and knows which of them still hold. Safe to use from several threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._serial = 0
        self._void: set[str] = set()

    def issue_code(self, store: SimulatedStore) -> str:
        """Return an authorisation code, good once and for half an hour."""
        return self._issue(store, "code", CODE_LIFETIME)

    def issue_tokens(self, store: SimulatedStore) -> dict[str, Any]:
        """Return a fresh pair of tokens in the shape of the platform's reply, without its `code` and `request_id`."""
        now = self._clock()
        access = self._issue(store, "access", timedelta(seconds=store.token_seconds))
        refresh = self._issue(store, "refresh", timedelta(seconds=store.refresh_seconds))
        return {
            "access_token": access,
            "refresh_token": refresh,
            "expire_time": _milliseconds(now + timedelta(seconds=store.token_seconds)),
            "refresh_token_valid_time": _milliseconds(now + timedelta(seconds=store.refresh_seconds)),
            "expires_in": str(store.token_seconds),
            "refresh_expires_in": str(store.refresh_seconds),
            "user_id": store.seller_id,
            "seller_id": store.seller_id,
            "havana_id": f"17{store.seller_id}",
            "user_nick": store.nick,
            "account": f"{store.nick}@example.com",
            "account_platform": "buyerApp",
            "locale": "zh_CN",
            "sp": "ae",
        }

    def exchange(self, store: SimulatedStore, code: str) -> dict[str, Any]:
        """Give tokens for a code.

        Raises:
            Refused: `InvalidCode`: not one of this store's, used before, or too old.
        """
        if not self._spend(store, "code", code):
            raise Refused("InvalidCode")
        return self.issue_tokens(store)

    def refresh(self, store: SimulatedStore, token: str) -> dict[str, Any]:
        """Give new tokens for a refresh token and void that token; the old access token runs to its own end.

        Raises:
            Refused: `IllegalRefreshToken`.
        """
        if not self._spend(store, "refresh", token):
            raise Refused("IllegalRefreshToken")
        return self.issue_tokens(store)

    def check(self, store: SimulatedStore, token: str) -> None:
        """Verify an access token.

        Raises:
            Refused: `IllegalAccessToken`.
        """
        if not self._holds(store, "access", token):
            raise Refused("IllegalAccessToken")

    def void(self, token: str) -> None:
        """Make a token invalid from now on."""
        with self._lock:
            self._void.add(token)

    def _spend(self, store: SimulatedStore, kind: str, token: str) -> bool:
        with self._lock:
            if not self._holds(store, kind, token):
                return False
            self._void.add(token)
            return True

    def _issue(self, store: SimulatedStore, kind: str, lifetime: timedelta) -> str:
        with self._lock:
            self._serial += 1
            serial = self._serial
        stated = f"{_milliseconds(self._clock() + lifetime):012x}{serial:06x}"
        return f"{stated}{_seal(store, kind, stated)}"

    def _holds(self, store: SimulatedStore, kind: str, token: str) -> bool:
        stated, seal = token[:18], token[18:]
        if token in self._void or not hmac.compare_digest(seal.encode(), _seal(store, kind, stated).encode()):
            return False
        return _milliseconds(self._clock()) < int(stated[:12], 16)


def _seal(store: SimulatedStore, kind: str, stated: str) -> str:
    text = f"{store.app_key}/{kind}/{stated}"
    return hmac.new(store.app_secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def _milliseconds(moment: datetime) -> int:
    return int((moment - EPOCH).total_seconds() * 1000)
