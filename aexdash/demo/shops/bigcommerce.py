"""A simulated BigCommerce store: pages, limits and channels of its v3 REST, and what can go wrong.

Questions and answers are held by BigCommerce's OpenAPI files of April 2026 in `tests/shops/test_bigcommerce_api.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aexdash.demo.shops.goods import SimulatedProduct, SimulatedVariant

Answer = tuple[int, dict[str, str], bytes]

WINDOW_MS = 30_000
CHANNELS = {"Online Store": (1, "storefront", "bigcommerce"), "Marketplace": (667_159, "marketplace", "custom")}
SUB_RESOURCES = ("variants", "images", "custom_fields")
STATES = {
    "ACTIVE": (True, "available"),
    "UNLISTED": (True, "preorder"),
    "DRAFT": (False, "available"),
    "ARCHIVED": (True, "disabled"),
}
"""Whether a product is visible, and its availability, for the words that both simulated shops are made from."""


@dataclass
class BigCommerceFaults:
    """What goes wrong. Counts are calls that it still goes wrong for."""

    throttled: int = 0
    names_its_reset: bool = True
    fails: int = 0
    revoked: bool = False
    forbidden: tuple[str, ...] = ()  # beginnings of paths that the token may not read
    repeats_pages: bool = False
    loses: int = 0  # products that the last page leaves out, although they are counted


class SimulatedBigCommerce:
    """One store; `goods` tells what is in it now, `requests_a_window` is its limit in 30 seconds.

    It stands below the path `prefix` of its server.
    """

    def __init__(
        self,
        goods: Callable[[], Sequence[SimulatedProduct]],
        *,
        store_hash: str = "abc123",
        token: str = "simulated",  # noqa: S107 - of a store that is not there
        currency: str = "EUR",
        requests_a_window: int = 150,
        prefix: str = "",
    ) -> None:
        self.goods, self._hash, self._token, self.currency = goods, store_hash, token, currency
        self._below = prefix
        self._limit = self.left = requests_a_window
        self.faults = BigCommerceFaults()
        self.asked: list[str] = []

    @property
    def prefix(self) -> str:
        """The beginning of every path of the store."""
        return f"{self._below}/stores/{self._hash}"

    def respond(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request."""
        del body
        parts = urlsplit(url)
        path = parts.path.removeprefix(self.prefix)
        given = {name.lower(): value for name, value in headers.items()}.get("x-auth-token")
        if verb != "GET" or path == parts.path:
            return self._error(404, "The requested resource was not found.")
        if self.faults.revoked or given != self._token:
            return self._error(401, "Unauthorized")
        if self.faults.fails:
            self.faults.fails -= 1
            return self._error(503, "Service unavailable")
        if self.faults.throttled:
            self.faults.throttled -= 1
            return self._error(429, "Too many requests", limits=self.faults.names_its_reset)
        if path.startswith(self.faults.forbidden or "//"):
            return self._error(403, "You don't have a required scope to access the endpoint")
        self.left = self.left - 1 if self.left > 1 else self._limit
        self.asked.append(path + (f"?{parts.query}" if parts.query else ""))
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return self._answer(path, asked)

    def _answer(self, path: str, asked: Mapping[str, str]) -> Answer:
        limit = int(asked.get("limit", "50"))
        if limit > 250:
            return self._error(422, "limit must be at most 250")
        if path == "/v2/store":
            return self._told({"id": self._hash, "name": "Front", "currency": self.currency, "status": "live"})
        if path.startswith("/v3/channels/") and path.endswith("/listings"):
            return self._listings(int(path.split("/")[3]), asked, limit)
        lists = {
            "/v3/catalog/products": self._products,
            "/v3/catalog/variants": self._variants,
            "/v3/catalog/products/channel-assignments": self._assignments,
            "/v3/channels": self._channels,
        }
        if path not in lists:
            return self._error(404, "The requested resource was not found.")
        loses = self.faults.loses if path == "/v3/catalog/products" else 0
        return self._paged(lists[path](asked), asked, limit, loses=loses)

    def _products(self, asked: Mapping[str, str]) -> list[Any]:
        names = tuple(asked.get("include_fields", "").split(",")), tuple(asked.get("include", "").split(","))
        found = [one for one in self.goods() if _among(str(one.id), asked.get("id:in"))]
        return [_fields(_product(one), *names) for one in found]

    def _variants(self, asked: Mapping[str, str]) -> list[Any]:
        every = [_variant(variant, one) for one in self.goods() for variant in one.variants]
        # In this list a price is never null, as it is in that of products.
        return [{**one, "price": one["price"] or 0.0} for one in every if one["sku"] == asked.get("sku")]

    def _assignments(self, asked: Mapping[str, str]) -> list[Any]:
        return [
            {"product_id": one.id, "channel_id": 1}
            for one in self.goods()
            if "Online Store" in one.channels and _among(str(one.id), asked.get("product_id:in"))
        ]

    def _channels(self, _asked: Mapping[str, str]) -> list[Any]:
        return [
            {"id": number, "name": name, "type": kind, "platform": platform, "status": "active"}
            for name, (number, kind, platform) in CHANNELS.items()
        ]

    def _listings(self, channel: int, asked: Mapping[str, str], limit: int) -> Answer:
        """Those of a channel after a listing; an unknown channel has none, and that is no error."""
        after = int(asked.get("after", "0"))
        name = next((name for name, (number, *_) in CHANNELS.items() if number == channel), "")
        found: list[dict[str, Any]] = [
            {
                "channel_id": channel,
                "listing_id": one.id,
                "product_id": one.id,
                "state": "rejected" if name in one.says else "active",
                "variants": [],
            }
            for one in sorted(self.goods(), key=lambda one: one.id)
            if (name in one.channels or name in one.says)
            and one.id > after
            and _among(str(one.id), asked.get("product_id:in"))
        ]
        return self._told({"data": found[:limit], "meta": {}})

    def _paged(self, every: Sequence[Any], asked: Mapping[str, str], limit: int, loses: int = 0) -> Answer:
        page = 1 if self.faults.repeats_pages else int(asked.get("page", "1"))
        shown = every[(page - 1) * limit : page * limit]
        pages = max(1, -(-len(every) // limit))
        if loses and int(asked.get("page", "1")) == pages:
            shown = shown[:-loses]
        pagination = {
            "total": len(every),
            "count": len(shown),
            "per_page": limit,
            "current_page": int(asked.get("page", "1")),
            "total_pages": pages,
        }
        return self._told({"data": list(shown), "meta": {"pagination": pagination}})

    def _told(self, content: Mapping[str, Any]) -> Answer:
        return 200, self._headers(), json.dumps(content, ensure_ascii=False).encode()

    def _error(self, status: int, title: str, *, limits: bool = True) -> Answer:
        told = {"status": status, "title": title, "type": "https://developer.bigcommerce.com/api-docs", "errors": {}}
        headers = self._headers() if limits else {"Content-Type": "application/json"}
        return status, headers, json.dumps(told).encode()

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "X-Rate-Limit-Requests-Left": str(self.left),
            "X-Rate-Limit-Requests-Quota": str(self._limit),
            "X-Rate-Limit-Time-Reset-Ms": str(WINDOW_MS),
            "X-Rate-Limit-Time-Window-Ms": str(WINDOW_MS),
        }


def _product(one: SimulatedProduct) -> dict[str, Any]:
    visible, availability = STATES[one.status]
    tracked = any(variant.stock is not None for variant in one.variants)
    return {
        "id": one.id,
        "name": one.title,
        "type": "physical",
        "sku": one.variants[0].sku or "",
        "price": float(one.variants[0].price or 0),
        "weight": 0.5,
        "is_visible": visible,
        "availability": availability,
        "inventory_tracking": "variant" if tracked else "none",
        "inventory_level": sum(variant.stock or 0 for variant in one.variants),
        "date_modified": one.updated_at.isoformat(),
        "variants": [_variant(variant, one) for variant in one.variants],
        "images": [{"id": one.id, "product_id": one.id, "is_thumbnail": True, "url_standard": one.picture}]
        if one.picture
        else [],
        "custom_fields": [
            {"id": number, "name": name, "value": value}
            for number, (name, value) in enumerate(one.fields.items(), 1)
            if "." not in name
        ],
    }


def _variant(variant: SimulatedVariant, product: SimulatedProduct) -> dict[str, Any]:
    only = len(product.variants) == 1
    return {
        "id": variant.id,
        "product_id": product.id,
        "sku": variant.sku or "",
        "price": None if only else float(variant.price or 0),  # null inherits
        "inventory_level": variant.stock or 0,
        "purchasing_disabled": False,
        "option_values": [] if only else [{"id": variant.id, "label": variant.title, "option_display_name": "Size"}],
    }


def _fields(product: dict[str, Any], fields: Sequence[str], included: Sequence[str]) -> dict[str, Any]:
    """The fields asked for with the id, and the sub-resources asked for."""
    wanted = {"id", *included, *(fields if any(fields) else set(product) - {*SUB_RESOURCES})}
    return {name: value for name, value in product.items() if name in wanted}


def _among(value: str, wanted: str | None) -> bool:
    return wanted is None or value in wanted.split(",")
