"""The platform's own counts of a store, as a cross-check of ours (reference §4.7)."""

from __future__ import annotations

from dataclasses import dataclass

from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.reading import count, text


@dataclass(frozen=True, slots=True)
class PlatformCounts:
    """How many listings the platform itself counts; None where it does not tell."""

    auditing: int | None
    active: int | None
    limit: int | None
    seller_id: str | None


def read_counts(gateway: Gateway) -> PlatformCounts | None:
    """Ask `aliexpress.merchant.profile.get`; None when this account may not (reference §4.7).

    Raises:
        PlatformError: the call failed for another reason.
    """
    try:
        answer = gateway.call("aliexpress.merchant.profile.get", {})
    except (PermissionDenied, InvalidRequest):
        return None
    found = answer.get("profile")
    profile = found if isinstance(found, dict) else answer
    return PlatformCounts(
        auditing=count(profile.get("auth_store_product_number")),
        active=count(profile.get("online_store_product_number")),
        limit=count(profile.get("limit_store_product_number")),
        seller_id=text(profile.get("seller_id")),
    )
