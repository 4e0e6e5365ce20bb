"""The listing methods of fully managed ("Choice") sellers, who are told why an audit failed (reference §3.3, §3.6)."""

from __future__ import annotations

from typing import Any

from aexdash.demo.platform.calls import Call, Method, pacific, without_empty
from aexdash.demo.platform.envelope import Items
from aexdash.demo.platform.invented import AUDIT_NUMBERS, SUGGEST_NOTE
from aexdash.demo.platform.methods.channel import (
    check_channel,
    detail_fields,
    failure,
    product_list,
    relations,
)
from aexdash.demo.platform.methods.listings import not_found
from aexdash.demo.platform.shapes import image_urls
from aexdash.demo.world.catalogue import CATEGORY_BY_ID
from aexdash.demo.world.listing import Cause, Listing, SkuFacts
from aexdash.model import Status

_SUGGESTED_SHARE = 0.82


class ChoiceMethods:
    """Answers for stores of the fully managed model."""

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "global.seller.relation.query": Method(relations),
            "aliexpress.choice.products.list": Method(self.products, ("choice",)),
            "aliexpress.choice.product.query": Method(self.product, ("choice",)),
        }

    def products(self, call: Call) -> dict[str, Any]:
        """One page of one status, at most 20 items, with the audit's result on each (§3.3)."""
        return product_list(call, _product)

    def product(self, call: Call) -> dict[str, Any]:
        """Detail of one listing; it has no field for a failure, only the list has (§3.3)."""
        check_channel(call)
        product_id = call.number("product_id")
        listing = call.listing(product_id)
        if listing is None:
            return not_found(product_id)
        return {"result": {"success": True, **detail_fields(listing, call)}}


def list_item(listing: Listing, call: Call) -> dict[str, Any]:
    """Return what the list tells of a listing beside its audit and its SKUs."""
    facts = listing.facts
    low, high = facts.price_range()
    return {
        "product_id": facts.product_id,
        "title": facts.title,
        "image_urls": image_urls(facts, call.origin),
        "product_min_price": low,
        "product_max_price": high,
        "currency_code": facts.currency,
        "total_stocks": sum(sku.stock for sku in facts.skus),
        "leaf_category_id": facts.category_id,
        "created_time": pacific(listing.created),
        "modified_time": pacific(listing.modified),
    }


def _product(listing: Listing, call: Call) -> dict[str, Any]:
    skus = [_sku(sku, listing, position) for position, sku in enumerate(listing.facts.skus)]
    return without_empty(
        {
            **list_item(listing, call),
            "product_type": "0",
            "product_audit_status": AUDIT_NUMBERS[listing.status],
            "audit_failure_type": failure(listing),
            "search_sku_info_list": Items(skus),
        }
    )


def _sku(sku: SkuFacts, listing: Listing, position: int) -> dict[str, Any]:
    refused = position == 0 and listing.status is Status.REJECTED and listing.rejected_for == Cause.PRICE
    return without_empty(
        {
            "sku_id": sku.sku_id,
            "seller_sku": sku.code,
            "variation": sku.value,
            "supply_price": sku.price,
            "sku_stock": sku.stock,
            "status": "active" if sku.stock else "inactive",
            "sku_audit_status": 2 if refused else 1,
            "suggest_price": _suggested(sku, listing) if refused else None,
            "suggest_note": SUGGEST_NOTE if refused else None,
        }
    )


def _suggested(sku: SkuFacts, listing: Listing) -> str:
    """Return a price somewhat below the seller's, and within what goods of the category cost."""
    category, price = CATEGORY_BY_ID.get(listing.facts.category_id), float(sku.price) * _SUGGESTED_SHARE
    low, high = category.cents if category else (1, 10_000)
    return f"{min(max(price, low / 100), high / 100):.2f}"
