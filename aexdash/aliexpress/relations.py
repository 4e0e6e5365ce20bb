"""Which channel of a seller account belongs to a business (`global.seller.relation.query`, reference §3.6)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from aexdash.aliexpress.errors import PermissionDenied
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.reading import records, text
from aexdash.model import BusinessModel


@dataclass(frozen=True, slots=True)
class Business:
    """A business an account may have; `word` is the platform's, `name` ours, `instead` the models to try without it."""

    word: str
    name: str
    instead: str


MODELS_OF: dict[str, tuple[BusinessModel, ...]] = {
    "ONE_STOP_SERVICE": ("choice",),
    "LOCAL_SERVICE": ("overseas_managed",),
    "POP_CHOICE": ("overseas", "pop"),
}
"""The business models behind the platform's words for a business; the last names sellers abroad and in China alike."""


def models_named(gateway: Gateway) -> tuple[BusinessModel, ...] | None:
    """Return the business models that the relations of an account name; None where it may not ask for them.

    Raises:
        PlatformError: the call failed for another reason.
    """
    try:
        answer = gateway.call("global.seller.relation.query", {})
    except PermissionDenied:
        return None
    words = [text(one.get("business_type")) or "" for one in records(answer.get("seller_relation_list"))]
    return tuple(dict.fromkeys(model for word in words for model in MODELS_OF.get(word, ())))


class SellerChannel:
    """The seller's id and channel in one business, asked for once. Safe among threads."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self._found: dict[str, str] = {}
        self._asking = threading.Lock()

    def fields(self, gateway: Gateway) -> dict[str, str]:
        """Return `channel_seller_id` and `channel`, as every call of the business takes them.

        Raises:
            PermissionDenied: the account has no such business.
        """
        with self._asking:
            if not self._found:
                answer = gateway.call("global.seller.relation.query", {})
                self._found = self._choose(records(answer.get("seller_relation_list")), gateway.store)
            return self._found

    def _choose(self, relations: list[dict[str, Any]], store: str) -> dict[str, str]:
        for relation in relations:
            channel_seller_id, channel = text(relation.get("channel_seller_id")), text(relation.get("channel"))
            if relation.get("business_type") == self._business.word and channel_seller_id and channel:
                return {"channel_seller_id": channel_seller_id, "channel": channel}
        raise PermissionDenied(
            f"The seller account of store {store} has no {self._business.name} business.",
            code="no_channel",
            advice=f"Set model in aexdash.toml to {self._business.instead}, or sign in with the account that has it.",
        )
