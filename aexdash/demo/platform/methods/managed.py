"""The listing methods of overseas-managed sellers (reference §3.4).

Why an audit failed can be searched for and is never told. Of an item's shape nothing is known; here it is that of the
fully managed list, less the audit's result.
"""

from __future__ import annotations

from typing import Any

from aexdash.demo.platform.calls import Call, Method, without_empty
from aexdash.demo.platform.envelope import Items, Refused
from aexdash.demo.platform.methods.channel import STAGES, check_channel, detail_fields, product_list
from aexdash.demo.platform.methods.choice import list_item
from aexdash.demo.platform.methods.listings import not_found
from aexdash.demo.world.listing import Listing


class ManagedMethods:
    """Answers for stores of the overseas-managed model."""

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "aliexpress.local.service.products.list": Method(self.products, ("overseas_managed",)),
            "aliexpress.local.service.product.query": Method(self.product, ("overseas_managed",)),
        }

    def products(self, call: Call) -> dict[str, Any]:
        """One page of one status, at most 20 items; `audit_failure_reason` chooses those that failed at a stage."""
        reason = call.fields("search_condition_do", required=False).get("audit_failure_reason")
        if reason and reason not in STAGES:
            raise Refused.parameter("audit_failure_reason")
        return product_list(call, _product)

    def product(self, call: Call) -> dict[str, Any]:
        """Detail of one listing."""
        check_channel(call)
        product_id = call.number("product_id")
        listing = call.listing(product_id)
        if listing is None:
            return not_found(product_id)
        return {"result": {"success": True, "local_service_product_dto": detail_fields(listing, call)}}


def _product(listing: Listing, call: Call) -> dict[str, Any]:
    skus = [
        without_empty({"sku_id": sku.sku_id, "seller_sku": sku.code, "supply_price": sku.price, "sku_stock": sku.stock})
        for sku in listing.facts.skus
    ]
    return without_empty({**list_item(listing, call), "search_sku_info_list": Items(skus, deep=False)})
