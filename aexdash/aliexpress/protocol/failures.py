"""From the platform's code to a named error with a sentence and an advice (reference §6.2, §6.4)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aexdash.aliexpress.errors import (
    AuthenticationError,
    BusinessFailure,
    ClockError,
    InvalidRequest,
    PermissionDenied,
    PlatformError,
    PlatformFault,
    Throttled,
)
from aexdash.aliexpress.protocol.envelope import Failure

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

BAN_LENGTH = re.compile(r"(\d{1,7})\s*(?:more )?seconds")
LONG_BAN = 3600.0
SHORT_BAN = 1.0
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


def error_for(failure: Failure, caller: Caller, *, now: datetime, server_time: datetime | None) -> PlatformError:
    """Return the error that a failure means; `now` (UTC) is when its answer came."""
    # The sub-code is the more precise of the two: TOP 15 is "remote service error" for nearly everything.
    codes = {failure.sub_code, failure.code} - {""}
    if failure.business:
        return _business(failure, caller)
    if codes & THROTTLE_CODES:
        return _throttled(failure, caller, now)
    if codes & CLOCK_CODES:
        return _clock(failure, caller, now, server_time)
    return _refusal(failure, caller, codes) or _other(failure, caller)


def _refusal(failure: Failure, caller: Caller, codes: set[str]) -> PlatformError | None:
    for known, kind, sentence, advice in _REFUSALS:
        if codes & known:
            return kind(
                sentence.format(caller=caller),
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


def _throttled(failure: Failure, caller: Caller, now: datetime) -> Throttled:
    named = BAN_LENGTH.search(failure.sub_text) or BAN_LENGTH.search(failure.text)
    fallback = LONG_BAN if failure.code == "AppApiCallLimit" else SHORT_BAN
    seconds = float(named[1]) if named else fallback
    until = now + timedelta(seconds=seconds)
    message = (
        f"AliExpress lets app {caller.app_key} make no calls for {caller.whose} for {seconds:.0f} seconds, "
        f"until {until:%Y-%m-%d %H:%M:%S} UTC ({failure.code})."
    )
    return Throttled(message, until=until, seconds=seconds, code=failure.code, request_id=failure.request_id)


def _clock(failure: Failure, caller: Caller, now: datetime, server_time: datetime | None) -> ClockError:
    theirs = f", AliExpress' clock {server_time:%Y-%m-%d %H:%M:%S} UTC" if server_time else ""
    message = (
        f"AliExpress refused the time of a call for {caller.whose}: this machine's clock reads "
        f"{now:%Y-%m-%d %H:%M:%S} UTC{theirs}."
    )
    return ClockError(message, server_time=server_time, code=failure.code, request_id=failure.request_id)


def _business(failure: Failure, caller: Caller) -> BusinessFailure:
    return BusinessFailure(
        f"AliExpress could not do {caller.method} for {caller.whose}{_quote(failure, caller)}.",
        code=failure.code,
        request_id=failure.request_id,
        advice="If it comes back, give AliExpress' support the request id.",
    )


def _other(failure: Failure, caller: Caller) -> PlatformError:
    """Any other code: `type` tells whose fault it was, ISV ours, ISP and SYSTEM the platform's (reference §6.1)."""
    theirs = failure.type in ("ISP", "SYSTEM") or failure.code in FAULT_CODES
    ours = failure.sub_code.startswith("isv.")
    if theirs and not ours:
        return PlatformFault(
            f"AliExpress had a fault of its own at {caller.method} for {caller.whose}{_quote(failure, caller)}.",
            code=failure.code,
            request_id=failure.request_id,
            advice="Nothing to do: the next sync asks again.",
        )
    return InvalidRequest(
        f"AliExpress refused {caller.method} for {caller.whose}{_quote(failure, caller)}.",
        code=failure.code,
        request_id=failure.request_id,
        advice="If it comes back, give AliExpress' support the request id.",
    )


def _quote(failure: Failure, caller: Caller) -> str:
    words = " ".join(part for part in (failure.code, failure.text, failure.sub_code, failure.sub_text) if part)
    return f": {clean(words, caller.secrets)}" if words else ""


def clean(text: str, secrets: Collection[str]) -> str:
    """Make a platform text fit for one line of a log: no secrets, no control characters, at most 300 characters."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    line = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(line.split())[:LONGEST_QUOTE].rstrip(".")
