"""The listing methods of fully managed ("Choice") sellers, who are told why an audit failed (reference §3.3, §3.6)."""

from __future__ import annotations

from typing import Any

from aexdash.demo.calls import Call, Method, from_pacific, pacific, whole, without_empty
from aexdash.demo.envelope import Items, Refused
from aexdash.demo.invented import AUDIT_NUMBERS, AUDIT_STAGES, SUGGEST_NOTE
from aexdash.demo.listing import Cause, Listing, SkuFacts
from aexdash.demo.listing_methods import not_found
from aexdash.demo.paging import cut
from aexdash.demo.shapes import WORD_OF_STATUS, image_urls
from aexdash.model import Status

CHOICE_WORDS: dict[str, Status] = {
    "ONLINE": Status.ACTIVE,
    "PENDING_LAUNCH": Status.OTHER,
    "PENDING_APPROVAL": Status.AUDITING,
    "VIOLATION_QC_FAILED": Status.REJECTED,
    "OFFLINE": Status.OFFLINE,
}
CHANNEL = "AE_GLOBAL"
_SUGGESTED_SHARE = 0.82


def channel_seller_id(call: Call) -> str:
    """Return the seller's id on the channel, as the relation query tells it."""
    return str(int(call.store.seller_id) + 1)


class ChoiceMethods:
    """Answers for stores of the fully managed model."""

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "global.seller.relation.query": Method(self.relations),
            "aliexpress.choice.products.list": Method(self.products, ("choice",)),
            "aliexpress.choice.product.query": Method(self.product, ("choice",)),
        }

    def relations(self, call: Call) -> dict[str, Any]:
        """The seller's channels and their business types (§3.6)."""
        relation = {
            "seller_id": call.store.seller_id,
            "channel_seller_id": channel_seller_id(call),
            "channel": CHANNEL,
            "channel_shop_name": call.store.nick,
            "channel_currency": call.store.currency,
            "business_type": "ONE_STOP_SERVICE" if call.store.model == "choice" else "POP_CHOICE",
        }
        return {
            "success": True,
            "global_currency": call.store.currency,
            "seller_relation_list": Items([relation], deep=False),
        }

    def products(self, call: Call) -> dict[str, Any]:
        """One page of one status, at most 20 items, with the audit's result on each (§3.3)."""
        self._check_channel(call)
        condition = call.fields("search_condition_do", required=False)
        page = cut(self._chosen(call, condition), call.parameters, 20, call.faults)
        result: dict[str, Any] = {
            "success": True,
            "total_page": page.pages,
            "total_count": page.total,
            "page_size": page.size,
            "current_page": page.number,
        }
        if page.ids is not None:
            shown = (call.listing(number) for number in page.ids)
            result["product_list"] = Items([_product(listing, call) for listing in shown if listing is not None])
        return {"result": result}

    def product(self, call: Call) -> dict[str, Any]:
        """Detail of one listing; it has no field for a failure, only the list has (§3.3)."""
        self._check_channel(call)
        product_id = call.number("product_id")
        listing = call.listing(product_id)
        return not_found(product_id) if listing is None else {"result": _detail(listing, call)}

    def _check_channel(self, call: Call) -> None:
        if call.text("channel_seller_id") != channel_seller_id(call):
            raise Refused.parameter("channel_seller_id")
        if call.text("channel") != CHANNEL:
            raise Refused.parameter("channel")

    def _chosen(self, call: Call, condition: dict[str, Any]) -> list[int]:
        word = condition.get("product_status")
        if word is not None and word not in CHOICE_WORDS:
            raise Refused.parameter("product_status")
        statuses = [CHOICE_WORDS[word]] if word else list(dict.fromkeys(CHOICE_WORDS.values()))
        ids = [number for status in statuses for number in call.store.world.ids(status, call.at)]
        if condition.get("product_id"):
            wanted = whole(condition["product_id"], "product_id")
            ids = [number for number in ids if number == wanted]
        bounds = {name: value for name, value in condition.items() if name in _BOUNDS and value}
        if condition.get("leaf_category_id"):
            bounds["leaf_category_id"] = condition["leaf_category_id"]
        return [number for number in ids if _within(call, number, bounds)] if bounds else ids


_BOUNDS = ("create_before", "create_after", "update_before", "update_after")


def _within(call: Call, product_id: int, bounds: dict[str, Any]) -> bool:
    listing = call.listing(product_id)
    if listing is None:
        return False
    for name, value in bounds.items():
        if name == "leaf_category_id":
            if listing.facts.category_id != whole(value, name):
                return False
            continue
        moment = listing.created if name.startswith("create") else listing.modified
        bound = from_pacific(value, name)
        if (moment > bound) if name.endswith("before") else (moment < bound):
            return False
    return True


def _product(listing: Listing, call: Call) -> dict[str, Any]:
    facts = listing.facts
    low, high = facts.price_range()
    return without_empty(
        {
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
            "product_type": "0",
            "product_audit_status": AUDIT_NUMBERS[listing.status],
            "audit_failure_type": _failure(listing),
            "search_sku_info_list": Items([_sku(sku, listing, position) for position, sku in enumerate(facts.skus)]),
        }
    )


def _failure(listing: Listing) -> str | None:
    if listing.status is not Status.REJECTED:
        return None
    return (
        AUDIT_STAGES.get(Cause(listing.rejected_for), "audit_reject")
        if listing.rejected_for in _CAUSES
        else "audit_reject"
    )


_CAUSES = frozenset(Cause)


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
            "suggest_price": f"{float(sku.price) * _SUGGESTED_SHARE:.2f}" if refused else None,
            "suggest_note": SUGGEST_NOTE if refused else None,
        }
    )


def _detail(listing: Listing, call: Call) -> dict[str, Any]:
    facts = listing.facts
    subjects = [{"locale": locale, "value": text} for locale, text in facts.titles.items()]
    properties = [
        {
            "attr_name_id": each.name_id,
            "attr_name": each.name,
            "attr_value_id": each.value_id,
            "attr_value": each.value,
        }
        for each in facts.attributes
    ]
    skus = [
        {"sku_id": sku.sku_id, "seller_sku": sku.code, "supply_price": sku.price, "sku_stock": sku.stock}
        for sku in facts.skus
    ]
    return {
        "success": True,
        "product_info_dto": {
            "product_id": facts.product_id,
            "subject_list": Items(subjects, deep=False),
            "product_status_type": WORD_OF_STATUS[listing.status],
            "category_id": facts.category_id,
            "currency_code": facts.currency,
            "locale": "en_US",
            "gmt_create": pacific(listing.created),
            "gmt_modified": pacific(listing.modified),
        },
        "product_sku_list": Items(skus, deep=False),
        "multimedia": {"main_image_list": Items(image_urls(facts, call.origin).split(";"), deep=False)},
        "product_property_list": Items(properties, deep=False),
    }
