"""What can go wrong between us and a shop, each with one clear sentence and what to do about it.

ShopError
├── ShopRefused      who we are: the token, the key
├── ShopForbids      what this token may read
├── ShopBusy         how often it may be asked
├── ShopFault        it could not answer, or was not reached
├── ShopUnreadable   an answer that is not one, or not in the form we know
├── ShopMisset       what the settings say cannot be
└── PartlyRead       it answered, and not all of it came
"""

from __future__ import annotations

from typing import ClassVar


class ShopError(Exception):
    """A shop that could not be read. `str(error)` is one sentence, `advice` what to do; no secret is in them."""

    kind: ClassVar[str] = "shop"

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class ShopRefused(ShopError):
    """The token or the key was refused, or there is none."""

    kind = "refused"


class ShopForbids(ShopError):
    """The token is good and may not read this."""

    kind = "forbidden"


class ShopBusy(ShopError):
    """Too many calls: none may be made for `seconds`."""

    kind = "busy"

    def __init__(self, message: str, *, seconds: float, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.seconds = seconds


class ShopFault(ShopError):
    """The shop had a fault of its own, or was not reached; the same call may work in a moment."""

    kind = "fault"


class ShopUnreadable(ShopError):
    """Something answered, but not with what the reference describes."""

    kind = "unreadable"


class ShopMisset(ShopError):
    """What the settings say of the shop and what the shop says of itself do not fit together."""

    kind = "misset"


class PartlyRead(ShopError):
    """Part of the catalogue came, and there is more: what came counts, what did not come is not known."""

    kind = "partial"
