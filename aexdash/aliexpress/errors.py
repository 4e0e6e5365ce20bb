"""What can go wrong between us and AliExpress, each with one clear sentence and what to do about it.

PlatformError
├── AuthenticationError   who we are: app key, signature, token
│   ├── TokenFileUnreadable
│   ├── AddressNotListed  from where we call
│   └── AnotherSeller     whose token it is
├── PermissionDenied      what this app may do
├── Throttled             how often it may do it
├── ClockError            when it says it did it
│   └── ClocksDisagree
├── InvalidRequest        what it asked for
│   └── BusinessFailure   refused inside an answer that is a success outside
├── UnreadableAnswer      an answer that is not one
│   └── FilterIgnored     by a list that shows others than the listing asked for
├── GatewayGone           a gateway that serves nobody any more
├── PlatformFault         AliExpress could not answer
│   └── Unreachable       AliExpress was not even reached
└── TokenFileNotWritable

A picture that cannot be fetched is no PlatformError, because it never fails a sync: see `aexdash.http.errors`.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar


class PlatformError(Exception):
    """A call to AliExpress that gave no usable answer.

    `str(error)` is one sentence for a person, `advice` what to do; `code` and `request_id` are the platform's own
    words, empty where it gave none. No secret and no token is ever in any of them.
    """

    kind: ClassVar[str] = "platform"

    def __init__(self, message: str, *, code: str = "", request_id: str = "", advice: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id
        self.advice = advice


class AuthenticationError(PlatformError):
    """The app key, the signature or the token was refused, or there is no token."""

    kind = "authentication"


class TokenFileUnreadable(AuthenticationError):
    """The file that keeps the tokens is there but does not hold them."""


class AddressNotListed(AuthenticationError):
    """The app takes calls only from addresses on its list, and this machine's is not on it."""


class AnotherSeller(AuthenticationError):
    """The token is of another seller account than the one whose listings the snapshot holds."""

    kind = "another_seller"


class TokenFileNotWritable(PlatformError):
    """A renewed token could not be written down; it works until this process ends."""

    kind = "token_file"


class PermissionDenied(PlatformError):
    """The app or the seller account may not make this call."""

    kind = "permission"


class Throttled(PlatformError):
    """Too many calls: none may be made before `until` (UTC), which is `seconds` after the answer."""

    kind = "throttled"

    ADVICE: ClassVar[str] = (
        "Nothing to do: calls go on by themselves when the time is over; a longer sync interval uses fewer calls. "
        "If the time cannot be true, `aexdash lift-ban` with the store's name ends it."
    )

    def __init__(
        self,
        message: str,
        *,
        until: datetime,
        seconds: float,
        code: str = "",
        request_id: str = "",
        advice: str = ADVICE,
    ) -> None:
        super().__init__(message, code=code, request_id=request_id, advice=advice)
        self.until = until
        self.seconds = seconds


class InvalidRequest(PlatformError):
    """AliExpress understood the call and refused what it asks for."""

    kind = "invalid_request"


class BusinessFailure(InvalidRequest):
    """A success envelope with a failure inside (reference §6.1)."""


class ClockError(PlatformError):
    """The time stamp was refused; `server_time` is the platform's clock (UTC) where its answer told it."""

    kind = "clock"

    def __init__(self, message: str, *, server_time: datetime | None, code: str = "", request_id: str = "") -> None:
        advice = "Set the clock of this machine; AliExpress allows it to be at most two hours off."
        super().__init__(message, code=code, request_id=request_id, advice=advice)
        self.server_time = server_time


class ClocksDisagree(ClockError):
    """The platform takes our calls, but its answers are dated by a clock that is minutes off this machine's."""

    def __init__(self, message: str, *, server_time: datetime) -> None:
        super().__init__(message, server_time=server_time)
        self.advice = "Set the clock of this machine, best by NTP; the next sync reads the store again."


class PlatformFault(PlatformError):
    """AliExpress had a fault of its own; the same call may work in a moment."""

    kind = "platform_fault"


class Unreachable(PlatformFault):
    """The host was not reached: name, connection, TLS or time."""

    kind = "unreachable"


class UnreadableAnswer(PlatformError):
    """Something answered, but not with what the reference describes."""

    kind = "unreadable"


class GatewayGone(PlatformError):
    """There is no gateway at this address, or one that was closed for good."""

    kind = "gateway_gone"


class FilterIgnored(UnreadableAnswer):
    """A listing that the platform says does not exist; asked for its id alone, a list shows others in its place."""
