"""From the platform's code to a named error with a sentence and an advice (reference §6.2, §6.4)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from aexdash.aliexpress.errors import (
    AddressNotListed,
    AuthenticationError,
    BusinessFailure,
    ClockError,
    GatewayGone,
    InvalidRequest,
    PermissionDenied,
    PlatformError,
    PlatformFault,
    Throttled,
)
from aexdash.aliexpress.protocol.envelope import RISK_TYPE, Failure

# Words are those of reference §6.2; the numbers beside them are the older TOP codes of the same list.
SIGNATURE_CODES = frozenset({"IncompleteSignature", "24", "25"})
APP_KEY_CODES = frozenset({"IllegalAppKey", "28", "29"})
TOKEN_CODES = frozenset({"IllegalAccessToken", "InvalidSession", "26", "27"})
RENEWAL_CODES = frozenset({"IllegalRefreshToken"})
SIGN_IN_CODES = frozenset({"InvalidCode"})
MIGRATION_CODES = frozenset({"isv.account-migration-check-fail"})
PERMISSION_CODES = frozenset({"InsufficientPermission", "isv.insufficient-permission", "11", "12", "42"})
CLOCK_CODES = frozenset({"IllegalTimestamp", "30", "31"})
FAULT_CODES = frozenset({"ServiceTimeout", "ServiceUnavailable", "InternalError", "10", "15"})
THROTTLE_CODES = frozenset(
    {
        "ApiCallLimit",
        "AppApiCallLimit",
        "SellerCallLimit",
        "accesscontrol.limited-by-app-api-access-count",
        *("4", "5", "6", "7", "8"),
    }
)

BAN_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(?:more\s+)?(sec(?:ond)?|min(?:ute)?|hour)s?\b", re.IGNORECASE)
"""How long a ban lasts (reference §6.4); digits before it are one number, however many."""

UNITS = {"s": 1, "m": 60, "h": 3600}
LONG_BAN = 3600.0
SHORT_BAN = 1.0
LONGEST_BAN = 86_400.0
"""Seconds. The longest documented bans end with the day (reference §6.4); a longer one is an error of theirs."""

RISK_PAUSE = 600.0
"""Seconds without calls after a page of the risk control: each further call would confirm its suspicion."""

ADDRESS_LIST_CODE = re.compile(r"ip.?white|white.?(?:list)?.?ip", re.IGNORECASE)
ADDRESS_LIST_TEXT = re.compile(r"\byour ip\b|\bip\b.{0,20}\bwhite ?list", re.IGNORECASE)
OFFLINE_FOR_GOOD = re.compile(r"system blacklist|\bplatform\b.{0,60}\boffline\b", re.IGNORECASE)
"""What the gateways that were closed in 2023 answer (reference §1.1)."""

NAMES_A_BAN = re.compile(r"\bban will last\b", re.IGNORECASE)
BUSY = re.compile(
    r"system (?:error|busy|exception)|service (?:error|busy)|try again later|系统错误|系统繁忙|稍后", re.IGNORECASE
)
"""Business failures that speak of the platform and not of what was asked for (reference §5.2)."""

A_LIVING_GATEWAY = "https://api-sg.aliexpress.com"
LONGEST_QUOTE = 300


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked for what: the names an error sentence needs. `secrets` are cut out of whatever the platform echoes."""

    method: str
    app_key: str
    store: str
    secrets: Collection[str] = field(default=(), repr=False)

    @property
    def whose(self) -> str:
        """`store main`, or just `this store` when it has no name."""
        return f"store {self.store}" if self.store else "this store"

    @property
    def authorize(self) -> str:
        """The command that signs in to the store."""
        return f"aexdash authorize {self.store}".rstrip()


def error_for(
    failure: Failure,
    caller: Caller,
    *,
    now: datetime,
    server_time: datetime | None,
    pause: float | None = None,
) -> PlatformError:
    """Return the error that a failure means; `now` (UTC) is when its answer came.

    `pause` is the number of seconds that the answer's head asks to wait, None where it asks for none.
    """
    # The sub-code is the more precise of the two: TOP 15 is "remote service error" for nearly everything.
    codes = {failure.sub_code, failure.code} - {""}
    if failure.type == RISK_TYPE:
        return _stopped_by_risk_control(failure, caller, now)
    if _is_throttle(failure, codes):
        return _throttled(failure, caller, now, pause)
    if codes & CLOCK_CODES and not failure.business:
        return _clock(failure, caller, now, server_time)
    return (None if failure.business else _refusal(failure, caller, codes)) or _other(failure, caller)


def gone(caller: Caller, failure: Failure) -> GatewayGone:
    """Return the error of a gateway that answers no calls any more, or at whose address there is none."""
    where = f"under [store.{caller.store}] in aexdash.toml" if caller.store else "in aexdash.toml"
    return GatewayGone(
        f"The gateway of {caller.whose} does not serve {caller.method}{_quote(failure, caller)}.",
        code=failure.code,
        request_id=failure.request_id,
        advice=f'This gateway is gone: set gateway = "{A_LIVING_GATEWAY}" {where}, without a path behind it.',
    )


def banned(caller: Caller, seconds: float, code: str, now: datetime, request_id: str = "") -> Throttled:
    """Return the ban of so many seconds, at least one and at most a day; `now` (UTC) is when it was named."""
    lasts = float(ceil(min(max(seconds, SHORT_BAN), LONGEST_BAN)))
    until = now + timedelta(seconds=lasts)
    more = " AliExpress named a longer time, which no ban of its has." if seconds > LONGEST_BAN else ""
    message = (
        f"AliExpress lets app {caller.app_key} make no calls for {caller.whose} for {lasts:.0f} seconds, "
        f"until {until:%Y-%m-%d %H:%M:%S} UTC ({clean(code, caller.secrets)}).{more}"
    )
    return Throttled(message, until=until, seconds=lasts, code=code, request_id=request_id)


def _refusal(failure: Failure, caller: Caller, codes: set[str]) -> PlatformError | None:
    """The error of a code that the reference knows; the platform's own explanation stands behind our sentence."""
    text = f"{failure.text} {failure.sub_text}"
    if OFFLINE_FOR_GOOD.search(text):
        return gone(caller, failure)
    if any(ADDRESS_LIST_CODE.search(code) for code in codes) or ADDRESS_LIST_TEXT.search(text):
        return _not_listed(failure, caller)
    if _is_theirs(failure):
        return None  # whatever number stands beside it
    for known, kind, sentence, advice in _REFUSALS:
        if codes & known:
            return kind(
                sentence.format(caller=caller) + _explanation(failure, caller, known),
                code=failure.code,
                request_id=failure.request_id,
                advice=advice.format(caller=caller),
            )
    return None


_REFUSALS: tuple[tuple[frozenset[str], type[PlatformError], str, str], ...] = (
    (
        SIGNATURE_CODES,
        AuthenticationError,
        "AliExpress refused the signature of app {caller.app_key}: the app secret of {caller.whose} is wrong.",
        "Put the right one into secrets.toml.",
    ),
    (
        APP_KEY_CODES,
        AuthenticationError,
        "AliExpress does not know app key {caller.app_key} of {caller.whose}.",
        "Copy the app key from the app console into aexdash.toml.",
    ),
    (
        TOKEN_CODES,
        AuthenticationError,
        "AliExpress does not accept the access token of {caller.whose} (invalid or expired).",
        "Run `{caller.authorize}` to sign in again.",
    ),
    (
        RENEWAL_CODES,
        AuthenticationError,
        "AliExpress does not renew the sign-in of {caller.whose}: its refresh token is invalid, used up or expired.",
        "Run `{caller.authorize}` to sign in again.",
    ),
    (
        SIGN_IN_CODES,
        AuthenticationError,
        "AliExpress did not accept the sign-in code of {caller.whose}.",
        "A code works once and only for a short time: run `{caller.authorize}` and paste the new one.",
    ),
    (
        MIGRATION_CODES,
        PermissionDenied,
        "AliExpress has not moved the seller account of {caller.whose} to the platform this app belongs to.",
        "Sign in to the app console with the seller account, finish its migration, then run `{caller.authorize}`.",
    ),
    (
        PERMISSION_CODES,
        PermissionDenied,
        "App {caller.app_key} may not call {caller.method} for {caller.whose}.",
        "Ask for this permission in the app console, then run `{caller.authorize}` again.",
    ),
)


def _is_throttle(failure: Failure, codes: set[str]) -> bool:
    # The numbers are those of TOP: inside a success envelope they are numbers of the method and mean something else.
    known = {code for code in codes & THROTTLE_CODES if not (failure.business and code.isdigit())}
    return bool(known or NAMES_A_BAN.search(f"{failure.text} {failure.sub_text}"))


def _throttled(failure: Failure, caller: Caller, now: datetime, pause: float | None) -> Throttled:
    named = _ban_length(failure.sub_text) or _ban_length(failure.text)
    fallback = LONG_BAN if failure.code == "AppApiCallLimit" else SHORT_BAN
    # The longest of what was said: a call that is made too early lengthens a ban.
    told = [seconds for seconds in (named, pause) if seconds is not None]
    return banned(caller, max(told, default=fallback), failure.code, now, failure.request_id)


def _ban_length(text: str) -> float | None:
    """Seconds; a number of more digits than any ban has is longer than the longest."""
    named = BAN_LENGTH.search(text)
    if named is None:
        return None
    number = float(named[1]) if len(named[1]) < 16 else LONGEST_BAN * 2
    return number * UNITS[named[2][0].lower()]


def _stopped_by_risk_control(failure: Failure, caller: Caller, now: datetime) -> Throttled:
    until = now + timedelta(seconds=RISK_PAUSE)
    message = (
        f"AliExpress' risk control stopped the calls of app {caller.app_key} for {caller.whose}"
        f"{_quote(failure, caller)}. No call is made until {until:%Y-%m-%d %H:%M:%S} UTC."
    )
    return Throttled(
        message,
        until=until,
        seconds=RISK_PAUSE,
        code=failure.code,
        request_id=failure.request_id,
        advice="It asks again by itself then. If this comes back, open Seller Center from this network and pass the "
        "check it shows, and set calls_per_second lower.",
    )


def _not_listed(failure: Failure, caller: Caller) -> AddressNotListed:
    words = _explanation(failure, caller, frozenset({failure.sub_code})) or _explanation(
        Failure("", "", sub_text=failure.text), caller, frozenset()
    )
    return AddressNotListed(
        f"AliExpress takes calls of app {caller.app_key} only from the addresses on its list, "
        f"and this machine's is not on it.{words}",
        code=failure.code,
        request_id=failure.request_id,
        advice="Put this machine's address on the app's list (IP white list) in the app console; "
        "signing in again does not help.",
    )


def _explanation(failure: Failure, caller: Caller, known: frozenset[str]) -> str:
    """What the platform says beyond the code that our sentence already puts into words."""
    sub_code = "" if failure.sub_code in known else failure.sub_code
    words = clean(" ".join(part for part in (sub_code, failure.sub_text) if part), caller.secrets)
    return f" AliExpress says: {words}." if words else ""


def _clock(failure: Failure, caller: Caller, now: datetime, server_time: datetime | None) -> ClockError:
    theirs = f", AliExpress' clock {server_time:%Y-%m-%d %H:%M:%S} UTC" if server_time else ""
    message = (
        f"AliExpress refused the time of a call for {caller.whose}: this machine's clock reads "
        f"{now:%Y-%m-%d %H:%M:%S} UTC{theirs}."
    )
    return ClockError(message, server_time=server_time, code=failure.code, request_id=failure.request_id)


def _other(failure: Failure, caller: Caller) -> PlatformError:
    told = {"code": failure.code, "request_id": failure.request_id}
    if _is_theirs(failure):
        return PlatformFault(
            f"AliExpress had a fault of its own at {caller.method} for {caller.whose}{_quote(failure, caller)}.",
            advice="Nothing to do: the next sync asks again.",
            **told,
        )
    kind, could = (BusinessFailure, "could not do") if failure.business else (InvalidRequest, "refused")
    return kind(
        f"AliExpress {could} {caller.method} for {caller.whose}{_quote(failure, caller)}.",
        advice="If it comes back, give AliExpress' support the request id.",
        **told,
    )


def _is_theirs(failure: Failure) -> bool:
    """Whose fault it was: `isp.` and the types ISP and SYSTEM name the platform, `isv.` and ISV us (reference §6.1)."""
    codes = (failure.sub_code, failure.code)
    if any(code.startswith("isv.") for code in codes):
        return False
    if any(code.startswith("isp.") for code in codes):
        return True
    if failure.business:
        return bool(BUSY.search(f"{failure.text} {failure.sub_text}"))
    return failure.type in ("ISP", "SYSTEM") or failure.code in FAULT_CODES


def _quote(failure: Failure, caller: Caller) -> str:
    words = " ".join(part for part in (failure.code, failure.text, failure.sub_code, failure.sub_text) if part)
    return f": {clean(words, caller.secrets)}" if words else ""


def clean(text: str, secrets: Collection[str]) -> str:
    """Make a platform text fit for one line of a log: no secrets, no control characters, at most 300 characters."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    line = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(line.split())[:LONGEST_QUOTE].rstrip(".")
