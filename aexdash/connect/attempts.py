"""Sign-ins under way: each is bound to the browser that began it, comes back once, and ends after half an hour.

They live in the memory of the server, so an app secret is written nowhere before its store is confirmed.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from pathlib import Path
from typing import TYPE_CHECKING

from aexdash.config.sections.stores import StoreSettings
from aexdash.words.connecting import Trouble

if TYPE_CHECKING:
    from aexdash.aliexpress.listings import Introduced  # the server loads no HTTP before somebody signs in

LIFETIME = timedelta(minutes=30)
"""As long as a code of AliExpress is good at the most."""

MOST = 200
"""Sign-ins kept at a time; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The store that somebody wants to connect; `model_known` is False where she is not sure which model it has."""

    store: StoreSettings
    is_new: bool = True
    model_known: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a sign-in went wrong: what kind of trouble it is, what happened, and what to do."""

    trouble: Trouble
    sentence: str
    advice: str


class SignInLost(Exception):
    """A sign-in that nobody here has begun, that is over or was used, or that another browser began."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(slots=True)
class Attempt:
    """One sign-in. `link` opens it, `state` comes back from AliExpress, `browser` is the value of the cookie.

    It has come back when it has a refusal or is introduced.
    """

    home: Path
    wanted: Wanted
    begun_at: datetime
    link: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    browser: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    left: bool = False
    used: bool = False
    introduced: Introduced | None = None
    refusal: Refusal | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed; also where the clock was set back to before it began."""
        return not timedelta(0) <= now - self.begun_at < LIFETIME


class Attempts:
    """The sign-ins under way in this process. Safe among threads."""

    def __init__(self) -> None:
        self._all: list[Attempt] = []
        self._lock = threading.Lock()

    def begin(self, home: Path, wanted: Wanted, now: datetime) -> Attempt:
        """Begin a sign-in."""
        attempt = Attempt(home.resolve(), wanted, now)
        with self._lock:
            self._all = [*(one for one in self._all if not one.is_over(now)), attempt][-MOST:]
        return attempt

    def leave(self, link: str, browser: str, now: datetime) -> Attempt:
        """Return the sign-in of a link, for the browser that follows it to AliExpress; from then on it is that one's.

        A browser that has begun another one keeps its cookie, so that both of its tabs come back.

        Raises:
            SignInLost: there is none, it is over, has come back, or is another browser's.
        """
        with self._lock:
            attempt = self._one(lambda one: _same(one.link, link), now)
            if attempt.left and not _same(attempt.browser, browser):
                raise SignInLost(Trouble.OTHER_BROWSER)
            if attempt.used:
                raise SignInLost(Trouble.USED)
            if not attempt.left and any(one.left and _same(one.browser, browser) for one in self._all):
                attempt.browser = browser
            attempt.left = True
            return attempt

    def arrive(self, state: str, browser: str, now: datetime) -> Attempt:
        """Return the sign-in of a state that came back, once.

        Raises:
            SignInLost: nobody here began it, it is over, came back before, or is another browser's.
        """
        with self._lock:
            attempt = self._one(lambda one: _same(one.state, state), now)
            if not attempt.left or not _same(attempt.browser, browser):
                raise SignInLost(Trouble.OTHER_BROWSER)
            if attempt.used:
                raise SignInLost(Trouble.USED)
            attempt.used = True
            self._all = [*(one for one in self._all if one is not attempt), attempt]
            return attempt

    def of_browser(self, browser: str, home: Path, now: datetime) -> Attempt | None:
        """Return the sign-in that a browser came back with, the last of several; None where it has none."""
        with self._lock:
            mine = [one for one in self._all if _same(one.browser, browser) and one.home == home.resolve()]
            under_way = [one for one in mine if not one.is_over(now)]
            return max(reversed(under_way), key=lambda one: one.used, default=None)

    def of_link(self, link: str, now: datetime) -> Attempt | None:
        """Return the sign-in that a page began; None where it is over."""
        with self._lock:
            found = (one for one in self._all if _same(one.link, link) and not one.is_over(now))
            return next(found, None)

    def end(self, attempt: Attempt) -> None:
        """Forget a sign-in, and the secret with it."""
        with self._lock:
            self._all = [one for one in self._all if one is not attempt]

    def _one(self, fits: Callable[[Attempt], bool], now: datetime) -> Attempt:
        found = next((one for one in self._all if fits(one)), None)
        if found is None:
            raise SignInLost(Trouble.NOT_OURS)
        if found.is_over(now):
            raise SignInLost(Trouble.TOO_LATE)
        return found


def _same(one: str, other: str) -> bool:
    return compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


ATTEMPTS = Attempts()
"""Those of this server: pages begin them, routes bring them back."""
