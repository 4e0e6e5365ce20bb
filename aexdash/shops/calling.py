"""One call to a shop: made again after a pause where that helps, its failure a named error with one sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from aexdash.http.errors import BrokenAnswer, HostUnreachable
from aexdash.http.wire import Reply
from aexdash.shops.errors import ShopBusy, ShopFault, ShopUnreadable

Got = TypeVar("Got")

Sleep = Callable[[float], None]
"""Waits for so many seconds."""

ATTEMPTS = 6
GROWING_PAUSE = wait_exponential(multiplier=0.5, max=15.0)
LONGEST_PAUSE = 120.0
"""Seconds; a shop that asks for more is asked again at the next reading."""

LONGEST_WORDS = 300


def patiently(attempt: Callable[[], Got], sleep: Sleep = time.sleep) -> Got:
    """Try up to six times: a busy shop after the pause that it names, a faulty one after growing pauses.

    Raises:
        ShopError: what the last attempt raised.
    """
    retrying = Retrying(
        retry=retry_if_exception_type((ShopBusy, ShopFault)),
        stop=stop_after_attempt(ATTEMPTS),
        wait=_pause,
        sleep=lambda seconds: sleep(min(seconds, LONGEST_PAUSE)) if seconds else None,
        reraise=True,
    )
    return retrying(attempt)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return error.seconds if isinstance(error, ShopBusy) else GROWING_PAUSE(state)


def reply_of(ask: Callable[[], Reply]) -> Reply:
    """Return an answer, whatever its status.

    Raises:
        ShopFault: there was none.
    """
    try:
        return ask()
    except (HostUnreachable, BrokenAnswer) as error:
        raise ShopFault(str(error), advice="It is asked again at the next reading.") from error


def content_of(reply: Reply, host: str) -> dict[str, Any]:
    """Return the JSON object that an answer is.

    Raises:
        ShopUnreadable: it is none.
    """
    try:
        content = json.loads(reply.body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        advice = "Check the address of the shop: a page for people answers there, or something between us and the shop."
        raise ShopUnreadable(f"{host} answered with something that is no JSON (status {reply.status}).", advice=advice)
    return content


def said(text: object, secrets: Collection[str] = ()) -> str:
    """Return a shop's own words fit for a sentence: printable, not too long, without any of our secrets."""
    line = "".join(letter if letter.isprintable() else " " for letter in str(text)).strip()
    for secret in secrets:
        if secret:
            line = line.replace(secret, "…")
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}…"


def money(value: object) -> Decimal | None:
    """Read a price; None where it is none."""
    try:
        price = Decimal(str(value))
    except InvalidOperation:
        return None
    return price if value is not None and price.is_finite() else None


def when(value: object) -> datetime | None:
    """Read a moment with a zone, in UTC; None where it is none."""
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def whole(value: object) -> int | None:
    """Read a whole number that a database can hold; None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else None


def text(value: object) -> str | None:
    """Read a text; None where it is none or blank."""
    return value.strip() or None if isinstance(value, str) else None


def web_address(value: object) -> str | None:
    """Read the address of a picture; None where it is not one of the web, whatever else it is."""
    found = text(value)
    return found if found and found.startswith(("https://", "http://")) else None
