"""A store and its shop in one snapshot, with clocks that go together."""

from __future__ import annotations

import json
from typing import Any

from aexdash.model import Status
from aexdash.platform_data import Observation
from aexdash.snapshot.matched.recording import refresh_sources
from tests.snapshot.shops.shop import ShopStory
from tests.snapshot.store import SHOP_STALE_AFTER, Store, shown


def as_shown(one: int, status: Status, **facts: object) -> Observation:
    """A listing of id N as its store shows it: with the code SKU-N, and the title and price of product N."""
    known = {"title": f"Product {one}", "sku_codes": (f"SKU-{one}",), "price_min": "9.90", "currency": "EUR"}
    return shown(one, status, **(known | facts))


class Both:
    """A store and its shop."""

    def __init__(self, store: Store) -> None:
        self.store, self.shop = store, ShopStory(store.folder)

    def listings(self, **listings: Status) -> None:
        """Record what the store shows, a listing of id N as `_N`."""
        told = {int(one[1:]): status for one, status in listings.items()}
        self.store.sweep({one: as_shown(one, status) for one, status in told.items()})

    def compare(self) -> int:
        """Compare an hour later; return how many rows were written."""
        self.store.after(hours=1)
        self.shop.now = max(self.shop.now, self.store.now)
        return refresh_sources(self.store.db, "main", self.store.now, SHOP_STALE_AFTER)

    def words(self) -> dict[int, str]:
        """What is kept of each listing."""
        rows = self.store.rows("SELECT product_id, words FROM listing_source WHERE ended_at IS NULL ORDER BY 1")
        return {int(str(one)): str(words).strip("|") for one, words in rows}

    def told(self, listing: int) -> list[dict[str, Any]]:
        """What is told of one listing."""
        sql = "SELECT told FROM listing_source WHERE product_id = ? AND ended_at IS NULL"
        [(text,)] = self.store.rows(sql, listing)
        return json.loads(str(text))
