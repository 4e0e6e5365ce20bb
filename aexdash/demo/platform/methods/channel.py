"""What the fully managed and the overseas-managed model share: the channel, the words of status, the search condition.

The five words and the condition are those of reference §3.3; of the overseas-managed words only `ONLINE` is known
(§3.4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aexdash.demo.platform.calls import Call, from_pacific, pacific, whole
from aexdash.demo.platform.envelope import Items, Refused
from aexdash.demo.platform.invented import AUDIT_STAGES
from aexdash.demo.platform.paging import Slice, cut
from aexdash.demo.platform.shapes import (
    WORD_OF_STATUS,
    described,
    image_urls,
    package,
    properties,
    responsible,
)
from aexdash.demo.world.listing import PENDING_LAUNCH, Listing
from aexdash.model import Status

CHANNEL_WORDS: dict[str, Status] = {
    "ONLINE": Status.ACTIVE,
    "PENDING_LAUNCH": Status.OFFLINE,
    "PENDING_APPROVAL": Status.AUDITING,
    "VIOLATION_QC_FAILED": Status.REJECTED,
    "OFFLINE": Status.OFFLINE,
}
STAGES = frozenset(
    {
        *("audit_sub_status_basic", "audit_sub_status_supply_price", "audit_sub_status_cro", "audit_sub_status_qf"),
        *("audit_sub_status_sale_price", "up_shelf_product", "down_shelf_product", "delete_product"),
        *("audit_approve", "audit_reject"),
    }
)
"""The values of `audit_failure_type` and `audit_failure_reason` (reference §3.3)."""

CHANNEL = "AE_GLOBAL"
LARGEST_PAGE = 20
_BUSINESS_TYPES = {"choice": "ONE_STOP_SERVICE", "overseas_managed": "LOCAL_SERVICE"}
_WAITING = "PENDING_LAUNCH"


def channel_seller_id(call: Call) -> str:
    """Return the seller's id on the channel, as the relation query tells it."""
    return str(int(call.store.seller_id) + 1)


def relations(call: Call) -> dict[str, Any]:
    """The seller's channels and their business types (§3.6)."""
    relation = {
        "seller_id": call.store.seller_id,
        "channel_seller_id": channel_seller_id(call),
        "channel": CHANNEL,
        "channel_shop_name": call.store.nick,
        "channel_currency": call.store.currency,
        "business_type": _BUSINESS_TYPES.get(call.store.model, "POP_CHOICE"),
    }
    return {
        "success": True,
        "global_currency": call.store.currency,
        "seller_relation_list": Items([relation], deep=False),
    }


def check_channel(call: Call) -> None:
    """Verify the two parameters that every call of these models has.

    Raises:
        Refused: one is missing or not this seller's.
    """
    if call.text("channel_seller_id") != channel_seller_id(call):
        raise Refused.parameter("channel_seller_id")
    if call.text("channel") != CHANNEL:
        raise Refused.parameter("channel")


def searched(call: Call) -> tuple[Slice, list[Listing]]:
    """Return the page that the call asks for and the listings on it, newest first.

    Raises:
        Refused: the page or a value of `search_condition_do` is not allowed.
    """
    condition = call.fields("search_condition_do", required=False)
    page = cut(_chosen(call, condition), call.parameters, LARGEST_PAGE, call.faults)
    shown = (call.listing(number) for number in page.ids or ())
    return page, [listing for listing in shown if listing is not None]


def product_list(call: Call, product: Callable[[Listing, Call], dict[str, Any]]) -> dict[str, Any]:
    """Answer a call for one page of products; `product` makes the item of a listing.

    Raises:
        Refused: as `check_channel` and `searched`.
    """
    check_channel(call)
    page, listings = searched(call)
    result = _page_fields(page)
    if page.ids is not None:
        result["product_list"] = Items([product(listing, call) for listing in listings])
    return {"result": result}


def _page_fields(page: Slice) -> dict[str, Any]:
    return {
        "success": True,
        "total_page": page.pages,
        "total_count": page.total,
        "page_size": page.size,
        "current_page": page.number,
    }


def _chosen(call: Call, condition: dict[str, Any]) -> list[int]:
    word = condition.get("product_status")
    if word is not None and word not in CHANNEL_WORDS:
        raise Refused.parameter("product_status")
    statuses = [CHANNEL_WORDS[word]] if word else list(dict.fromkeys(CHANNEL_WORDS.values()))
    ids = [number for status in statuses for number in call.store.world.ids(status, call.at)]
    if condition.get("product_id"):
        wanted = whole(condition["product_id"], "product_id")
        ids = [number for number in ids if number == wanted]
    asked = {name: condition[name] for name in _FILTERS if condition.get(name)}
    if not asked and (word is None or CHANNEL_WORDS[word] is not Status.OFFLINE):
        return ids
    shown = (call.listing(number) for number in ids)
    return [each.product_id for each in shown if each and word in (None, _word(each)) and _fits(each, asked)]


def _word(listing: Listing) -> str:
    if listing.cause == PENDING_LAUNCH:
        return _WAITING
    return next(word for word, status in CHANNEL_WORDS.items() if status is listing.status and word != _WAITING)


_FILTERS = (
    "create_before",
    "create_after",
    "update_before",
    "update_after",
    "leaf_category_id",
    "audit_failure_reason",
)


def _fits(listing: Listing, asked: dict[str, Any]) -> bool:
    for name, value in asked.items():
        if name == "leaf_category_id":
            fits = listing.facts.category_id == whole(value, name)
        elif name == "audit_failure_reason":
            fits = failure(listing) == value
        else:
            moment = listing.created if name.startswith("create") else listing.modified
            bound = from_pacific(value, name)
            fits = moment <= bound if name.endswith("before") else moment >= bound
        if not fits:
            return False
    return True


def failure(listing: Listing) -> str | None:
    """Return the stage at which the audit of a rejected listing failed; None of all others."""
    if listing.status is not Status.REJECTED:
        return None
    stages = {str(cause): stage for cause, stage in AUDIT_STAGES.items()}
    return stages.get(listing.rejected_for or "", "audit_reject")


def detail_fields(listing: Listing, call: Call) -> dict[str, Any]:
    """Return the detail of a listing of these models; it has no field for a failure (§3.3)."""
    facts = listing.facts
    subjects = [{"locale": locale, "value": text} for locale, text in facts.titles.items()]
    return {
        "product_info_dto": {
            "product_id": facts.product_id,
            "subject_list": Items(subjects, deep=False),
            "product_status_type": _WAITING if listing.cause == PENDING_LAUNCH else WORD_OF_STATUS[listing.status],
            "category_id": facts.category_id,
            "currency_code": facts.currency,
            "locale": "en_US",
            "gmt_create": pacific(listing.created),
            "gmt_modified": pacific(listing.modified),
        },
        "product_sku_list": Items(_skus(listing), deep=False),
        "multimedia": {"main_image_list": Items(image_urls(facts, call.origin).split(";"), deep=False)},
        "package_dto": package(facts),
        "product_ext_dto": responsible(facts),
        "product_property_list": Items(properties(facts), deep=False),
        "detail_source_list": Items(described(facts, facts.titles, call.origin), deep=False),
    }


def _skus(listing: Listing) -> list[dict[str, Any]]:
    return [
        {"sku_id": sku.sku_id, "seller_sku": sku.code, "supply_price": sku.price, "sku_stock": sku.stock}
        for sku in listing.facts.skus
    ]
