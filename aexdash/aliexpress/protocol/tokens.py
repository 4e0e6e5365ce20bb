"""Signing in to a store and keeping its token good (reference §2.1)."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from filelock import FileLock, Timeout

from aexdash.aliexpress.errors import (
    AuthenticationError,
    PlatformError,
    PlatformFault,
    TokenFileNotWritable,
    TokenFileUnreadable,
    UnreadableAnswer,
)
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.clock import from_text, to_text

RENEW_AHEAD = timedelta(hours=1)
RENEW_SHARE = 0.1
"""A token is renewed when an hour, or a tenth of its life where that is shorter, is left of it."""

RETRY_RENEWAL = timedelta(minutes=1)
LOCK_PATIENCE = 300.0

SIGN_IN = "Run `aexdash authorize` with the store's name to sign in again."


@dataclass(frozen=True, slots=True)
class Token:
    """What a sign-in gave; times are UTC and None where nobody told them. Its repr shows no secret."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    seller_id: str = ""
    user_nick: str = ""
    issued_at: datetime | None = None

    def is_expired(self, now: datetime) -> bool:
        """Tell whether its end is known and past."""
        return self.expires_at is not None and now >= self.expires_at

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is time to renew it; a token whose end nobody told is renewed when it is refused."""
        if self.expires_at is None:
            return False
        life = self.expires_at - (self.issued_at or now)
        ahead = min(RENEW_AHEAD, life * RENEW_SHARE) if self.issued_at else RENEW_AHEAD
        return now >= self.expires_at - ahead


def authorize_url(gateway: str, app_key: str, redirect_uri: str, state: str = "") -> str:
    """Return the page where a person signs in; it leads back to `redirect_uri` with a `code` (reference §2.1).

    `redirect_uri` must equal the callback registered for the app.
    """
    query = {
        "response_type": "code",
        "force_auth": "true",
        "redirect_uri": redirect_uri,
        "client_id": app_key,
        **({"state": state} if state else {}),
    }
    return f"{gateway.rstrip('/')}/oauth/authorize?{urlencode(query)}"


def exchange(gateway: Gateway, code: str) -> Token:
    """Turn the code of a sign-in into a token (reference §2.1).

    Raises:
        AuthenticationError: the code was used already, is too old or wrong.
        PlatformError: any other failure of the call.
    """
    return read_token(gateway.system("/auth/token/create", {"code": code.strip()}), gateway.clock())


def refresh(gateway: Gateway, refresh_token: str) -> Token:
    """Turn a refresh token into a new token; the old pair is used up by it (reference §2.1).

    Raises:
        AuthenticationError: the refresh token was used already or is too old.
        PlatformError: any other failure of the call.
    """
    answer = gateway.system("/auth/token/refresh", {"refresh_token": refresh_token})
    token = read_token(answer, gateway.clock())
    return token if token.refresh_token else replace(token, refresh_token=refresh_token)


def read_token(answer: dict[str, Any], now: datetime) -> Token:
    """Read the reply of reference §2.1; where `expire_time` is missing, `expires_in` stands in.

    Raises:
        UnreadableAnswer: there is no access token in it.
    """
    if not answer.get("access_token"):
        raise UnreadableAnswer("AliExpress answered the sign-in without a token.", advice=SIGN_IN)
    return Token(
        access_token=str(answer["access_token"]),
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_at=_end(answer.get("expire_time"), answer.get("expires_in"), now),
        refresh_expires_at=_end(answer.get("refresh_token_valid_time"), answer.get("refresh_expires_in"), now),
        seller_id=str(answer.get("seller_id") or ""),
        user_nick=str(answer.get("user_nick") or answer.get("account") or ""),
        issued_at=now,
    )


def fingerprint(access_token: str, refresh_token: str) -> str:
    """Name a configured pair of tokens without telling it, empty when nothing is configured."""
    if not access_token and not refresh_token:
        return ""
    return hashlib.sha256(f"{access_token}\0{refresh_token}".encode()).hexdigest()


class TokenFile:
    """The file a store's token is kept in: readable by its owner alone, replaced in one step, never half written.

    Beside the token stands the fingerprint of the configured tokens at that time: when a person has put others into
    secrets.toml since, theirs are newer.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> tuple[Token, str] | None:
        """Return the token and the fingerprint, None when there is no file.

        Raises:
            TokenFileUnreadable: the file holds something else, or may not be read.
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            return _token_from(content), str(content.get("configured", ""))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"The token file {self.path} cannot be read ({type(error).__name__})."
            raise TokenFileUnreadable(message, advice=f"Move it away. {SIGN_IN}") from None

    def save(self, token: Token, configured: str = "") -> None:
        """Replace the file in one step; it is never readable by others, not even for a moment.

        Raises:
            TokenFileNotWritable: the disk is full or read-only, or the folder cannot be made.
        """
        try:
            self._replace(json.dumps({**_to_json(token), "configured": configured}, indent=1))
        except OSError as error:
            message = f"The renewed token could not be written to {self.path}: {error.strerror}."
            advice = f"Free the disk or the folder's permissions; if the old token is used up: {SIGN_IN}"
            raise TokenFileNotWritable(message, advice=advice) from error

    def _replace(self, text: str) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(dir=self.path.parent, prefix=self.path.name)  # made 0600
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except OSError:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise


class TokenKeeper:
    """Gives a gateway its token, renews it in time, and never twice: neither among threads nor among processes.

    `given` is what a person configured; the file wins as long as it goes back to that same pair.
    """

    def __init__(self, file: TokenFile, given: Token | None = None, *, store: str = "") -> None:
        self._file = file
        self._given = given
        self._given_name = fingerprint(given.access_token, given.refresh_token) if given else ""
        self._whose = f"store {store}" if store else "this store"
        self._sign_in = f"Run `aexdash authorize {store}` to sign in again." if store else SIGN_IN
        self._held: Token | None = None
        self._not_before: datetime | None = None
        self._among_threads = threading.Lock()

    @property
    def token(self) -> Token | None:
        """The token as it stands, None before a sign-in."""
        return self._held or self._stored()

    def current(self, gateway: Gateway) -> str:
        """Return a token that is good now; one that is due but not yet over still serves when it cannot be renewed.

        Raises:
            AuthenticationError: nobody signed in to this store, or the sign-in is over.
        """
        now = gateway.clock()
        token = self._held = self.token
        if token is None:
            message = f"Nobody has signed in to {self._whose} yet."
            raise AuthenticationError(message, code="no_token", advice=self._sign_in.replace(" again", ""))
        if not token.is_due(now) or (self._is_too_soon(now) and not token.is_expired(now)):
            return token.access_token
        try:
            return self.renew(gateway, token.access_token)
        except TokenFileNotWritable:
            raise
        except PlatformError:
            if token.is_expired(now):
                raise
            self._not_before = now + RETRY_RENEWAL
            return token.access_token

    def renew(self, gateway: Gateway, refused: str) -> str:
        """Return another token than `refused`: the one another process fetched meanwhile, or a new one.

        Raises:
            AuthenticationError: there is no refresh token, or it is over.
            TokenFileNotWritable: the new token could not be kept; it serves until this process ends.
            PlatformFault: another process has held the token file for five minutes.
        """
        try:
            self._file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._among_threads, FileLock(f"{self._file.path}.lock", timeout=LOCK_PATIENCE, mode=0o600):
                return self._renew_alone(gateway, refused)
        except Timeout as error:
            message = (
                f"Another process has been renewing the token in {self._file.path} for {LOCK_PATIENCE:.0f} seconds."
            )
            raise PlatformFault(message, advice="Look for a hanging aexdash process and end it.") from error
        except OSError as error:
            message = f"The folder of {self._file.path} cannot be written to: {error.strerror}."
            raise TokenFileNotWritable(message, advice="Free the disk or the folder's permissions.") from error

    def secrets(self) -> tuple[str, ...]:
        """Every token known, so that none of them gets into a sentence."""
        known = (self._held, self._given)
        return tuple(secret for token in known if token for secret in (token.access_token, token.refresh_token))

    def _renew_alone(self, gateway: Gateway, refused: str) -> str:
        now = gateway.clock()
        # Read again under the lock: whoever held it before us may have used up our refresh token and written a new one.
        latest = max(filter(None, (self._stored(), self._held)), key=_issued, default=None)
        if latest and latest.access_token != refused and not latest.is_due(now):
            self._held = latest
            return latest.access_token
        # Held before it is written: on a full disk it is the only good token left.
        self._held = refresh(gateway, self._refresh_token(latest, now))
        self._file.save(self._held, self._given_name)
        return self._held.access_token

    def _refresh_token(self, latest: Token | None, now: datetime) -> str:
        if latest is None or not latest.refresh_token:
            message = f"The sign-in of {self._whose} is over, and there is no refresh token to renew it with."
            raise AuthenticationError(message, code="no_refresh_token", advice=self._sign_in)
        if latest.refresh_expires_at is not None and now >= latest.refresh_expires_at:
            message = f"The sign-in of {self._whose} ended on {latest.refresh_expires_at:%Y-%m-%d %H:%M} UTC."
            raise AuthenticationError(message, code="refresh_token_expired", advice=self._sign_in)
        return latest.refresh_token

    def _stored(self) -> Token | None:
        found = self._file.load()
        if found is None or (self._given is not None and found[1] != self._given_name):
            return self._given
        return found[0]

    def _is_too_soon(self, now: datetime) -> bool:
        return self._not_before is not None and now < self._not_before


def _issued(token: Token) -> datetime:
    return token.issued_at or datetime.min.replace(tzinfo=UTC)


def _end(moment_ms: object, seconds: object, now: datetime) -> datetime | None:
    with suppress(ValueError, TypeError, OverflowError, OSError):
        if moment_ms:
            return datetime.fromtimestamp(int(str(moment_ms)) / 1000, UTC)
        if seconds:
            return now + timedelta(seconds=int(str(seconds)))
    return None


def _to_json(token: Token) -> dict[str, str]:
    moments = {name: getattr(token, name) for name in ("expires_at", "refresh_expires_at", "issued_at")}
    return {
        "access_token": token.access_token,
        "refresh_token": token.refresh_token,
        "seller_id": token.seller_id,
        "user_nick": token.user_nick,
        **{name: to_text(moment) for name, moment in moments.items() if moment},
    }


def _token_from(content: dict[str, str]) -> Token:
    moments = {
        name: from_text(content[name])
        for name in ("expires_at", "refresh_expires_at", "issued_at")
        if content.get(name)
    }
    return Token(
        access_token=content["access_token"],
        refresh_token=content["refresh_token"],
        seller_id=content.get("seller_id", ""),
        user_nick=content.get("user_nick", ""),
        **moments,
    )
