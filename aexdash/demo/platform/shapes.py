"""A listing in the fields of the platform's replies: the list item and the detail (reference §3.1, §3.5, §4.1)."""

from __future__ import annotations

from typing import Any

from aexdash.demo.platform.calls import Call, pacific, without_empty
from aexdash.demo.platform.envelope import Items
from aexdash.demo.platform.invented import QUALIFICATIONS
from aexdash.demo.world.factory import description
from aexdash.demo.world.listing import Listing, ListingFacts, SkuFacts
from aexdash.model import Status

WORD_OF_STATUS: dict[Status, str] = {
    Status.ACTIVE: "onSelling",
    Status.OFFLINE: "offline",
    Status.AUDITING: "auditing",
    Status.REJECTED: "editingRequired",
}
_OWNER_NUMBER = 2_671_514_005


def image_urls(facts: ListingFacts, origin: str) -> str:
    """Return the addresses of the listing's pictures, `;` between."""
    return ";".join(f"{origin}{picture.path(facts.product_id)}" for picture in facts.pictures)


def subject(facts: ListingFacts, model: str) -> str:
    """Return the main title; POP sellers write theirs in English (reference §5.3)."""
    return facts.titles.get("en_US", facts.title) if model == "pop" else facts.title


def subjects(facts: ListingFacts, model: str) -> dict[str, str]:
    """Return the titles by locale that a seller of this model has written."""
    return {"en_US": subject(facts, model)} if model == "pop" else facts.titles


def display_item(listing: Listing, call: Call) -> dict[str, Any]:
    """Return the listing as an item of a list: no status, no reason, empty fields left out, prices as strings."""
    facts = listing.facts
    low, high = facts.price_range()
    item = {
        "product_id": facts.product_id,
        "subject": subject(facts, call.store.model),
        "image_u_r_ls": image_urls(facts, call.origin),
        "product_min_price": low,
        "product_max_price": high,
        "currency_code": facts.currency,
        "gmt_create": pacific(listing.created),
        "gmt_modified": pacific(listing.modified),
        "ws_offline_date": pacific(listing.offline_at) if listing.offline_at else None,
        "ws_display": listing.cause if listing.status is Status.OFFLINE else None,
        "src": facts.source,
        "owner_member_id": call.store.nick,
        "owner_member_seq": _OWNER_NUMBER,
        "group_id": facts.group_id,
        "freight_template_id": facts.freight_template_id,
    }
    if call.store.model == "pop":
        item["product_type"] = "POP"
    return without_empty(item)


def detail_fields(listing: Listing, call: Call) -> dict[str, Any]:
    """Return the fields of the detail call; there is no reason among them."""
    facts = listing.facts
    pop, titles = call.store.model == "pop", subjects(facts, call.store.model)
    fields = {
        "product_id": facts.product_id,
        "product_status_type": WORD_OF_STATUS[listing.status],
        "category_id": facts.category_id,
        "subject": subject(facts, call.store.model),
        "subject_list" if pop else "multi_language_subject_list": Items(
            [_subject(locale, text, pop=pop) for locale, text in titles.items()], deep=False
        ),
        "detail_source_list" if pop else "multi_language_description_list": Items(
            described(facts, titles, call.origin), deep=False
        ),
        "image_u_r_ls": image_urls(facts, call.origin),
        "currency_code": facts.currency,
        "product_price": facts.price_range()[0],
        "gmt_create": pacific(listing.created),
        "gmt_modified": pacific(listing.modified),
        "ws_offline_date": pacific(listing.offline_at) if listing.offline_at else None,
        "group_id": facts.group_id,
        "group_ids": Items([facts.group_id] if facts.group_id else [], deep=False),
        "owner_member_id": call.store.nick,
        "owner_member_seq": _OWNER_NUMBER,
        **package(facts),
        "package_type": False,
        "product_unit": 100000015,
        "is_pack_sell": False,
        "delivery_time": 7,
        "freight_template_id": facts.freight_template_id,
        "reduce_strategy": "place_order_withhold",
        "aeop_ae_product_propertys": Items(properties(facts), deep=False),
        "aeop_ae_product_s_k_us": Items([_sku(sku, facts.currency) for sku in facts.skus]),
    }
    return {**without_empty(fields), **responsible(facts)}


def package(facts: ListingFacts) -> dict[str, Any]:
    """Return weight in kg and sides in cm of the package (reference §4.1)."""
    length, width, height = facts.sides
    return {
        "gross_weight": facts.weight,
        "package_length": length,
        "package_width": width,
        "package_height": height,
    }


def responsible(facts: ListingFacts) -> dict[str, Any]:
    """Return the EU responsible person and the qualifications: there, and empty, also where the listing has none.

    The reference knows both fields of POP and fully managed details (§3.3, §3.5); here every detail has them.
    """
    filled = [{"key": key, "type": QUALIFICATIONS[key][1], "value": f"{key}.jpg"} for key in facts.qualifications]
    return {
        "msr_eu_id": facts.eu_person or "",
        "aeop_qualification_struct_list": Items(filled, deep=False),
    }


def _subject(locale: str, text: str, *, pop: bool) -> dict[str, str]:
    return {"locale": locale, "value" if pop else "subject": text}


def described(facts: ListingFacts, titles: dict[str, str], origin: str) -> list[dict[str, str]]:
    """Return the descriptions by locale."""
    return [
        {"locale": locale, "web_detail": description(facts, title, origin), "mobile_detail": ""}
        for locale, title in titles.items()
    ]


def properties(facts: ListingFacts) -> list[dict[str, Any]]:
    """Return the attributes as they are filled in."""
    return [
        {
            "attr_name_id": attribute.name_id,
            "attr_name": attribute.name,
            "attr_value_id": attribute.value_id,
            "attr_value": attribute.value,
        }
        for attribute in facts.attributes
    ]


def _sku(sku: SkuFacts, currency: str) -> dict[str, Any]:
    return {
        "id": sku.sku_id,
        "sku_code": sku.code,
        "sku_price": sku.price,
        "sku_stock": sku.stock > 0,
        "ipm_sku_stock": sku.stock,
        "currency_code": currency,
        "aeop_s_k_u_property_list": Items(
            [
                {
                    "sku_property_id": sku.axis_id,
                    "property_value_id": sku.value_id,
                    "property_value_definition_name": sku.value,
                }
            ],
            deep=False,
        ),
    }
