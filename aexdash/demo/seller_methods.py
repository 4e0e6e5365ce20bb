"""Methods beside the listings: seller, categories, words, diagnosis (reference §4.5 to §4.8)."""

from __future__ import annotations

import json
from typing import Any

from aexdash.demo.calls import Call, Method
from aexdash.demo.catalogue import PARENTS, AttributeDef, Category
from aexdash.demo.categories import CATEGORIES, CATEGORY_BY_ID
from aexdash.demo.envelope import Items, Refused
from aexdash.demo.invented import DIAGNOSES
from aexdash.demo.mixing import mix
from aexdash.demo.paging import cut
from aexdash.demo.words import objectionable
from aexdash.model import Status


class SellerMethods:
    """Answers that every model may ask for."""

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "aliexpress.merchant.profile.get": Method(self.profile),
            "aliexpress.solution.merchant.profile.get": Method(self.solution_profile),
            "aliexpress.category.tree.list": Method(self.category_tree),
            "aliexpress.solution.seller.category.tree.query": Method(self.seller_categories),
            "aliexpress.category.redefining.getallchildattributesresult": Method(self.attributes),
            "aliexpress.category.redefining.getchildattributesresultbypostcateidandpath": Method(self.attributes),
            "aliexpress.postproduct.redefining.findaeproductprohibitedwords": Method(self.prohibited_words),
            "aliexpress.product.diagnosis.queryProblem": Method(self.problem_types),
            "aliexpress.product.diagnosis.pageQueryProblem": Method(self.problems),
        }

    def profile(self, call: Call) -> dict[str, Any]:
        """The platform's own counts of listings on sale and under audit (§4.7)."""
        counts = call.store.world.counts(call.at)
        return {
            "profile": {
                "seller_id": int(call.store.seller_id),
                "online_store_product_number": counts[Status.ACTIVE],
                "auth_store_product_number": counts[Status.AUDITING],
                "limit_store_product_number": call.store.listing_limit,
                "country": call.store.country,
                "quotation_currency": call.store.currency,
            }
        }

    def solution_profile(self, call: Call) -> dict[str, Any]:
        """Shop and login of the seller (§4.7)."""
        return {
            "country_code": call.store.country,
            "product_posting_forbidden": False,
            "merchant_login_id": call.store.nick,
            "shop_id": int(call.store.seller_id) // 1000,
            "shop_name": call.store.nick,
            "shop_type": "official",
            "shop_url": f"//www.aliexpress.com/store/{int(call.store.seller_id) // 1000}",
        }

    def category_tree(self, _call: Call) -> dict[str, Any]:
        """All categories, the leaves with the rest (§4.8)."""
        parents = [_node(number, names, leaf=False, level=1) for number, names in PARENTS.items()]
        leaves = [_node(each.category_id, each.names, leaf=True, level=2) for each in CATEGORIES]
        return {"result": Items([*parents, *leaves], deep=False)}

    def seller_categories(self, call: Call) -> dict[str, Any]:
        """The children of one category, 0 for the top."""
        parent = int(call.parameters.get("category_id") or 0)
        if parent == 0:
            children = [_child(number, names, leaf=False, level=1) for number, names in PARENTS.items()]
        else:
            leaves = (each for each in CATEGORIES if each.parent_id == parent)
            children = [_child(each.category_id, each.names, leaf=True, level=2) for each in leaves]
        return {"is_success": True, "children_category_list": Items(children, deep=False)}

    def attributes(self, call: Call) -> dict[str, Any]:
        """What a category asks for; names are a JSON string of languages (§4.8)."""
        category = CATEGORY_BY_ID.get(call.number("cate_id"))
        if category is None:
            raise Refused.parameter("cate_id")
        required = set(category.required_attributes())
        listed = [_attribute(each, required=each in required) for each in category.attributes()]
        return {"result": {"success": True, "attributes": Items([*listed, _axis(category)])}}

    def prohibited_words(self, call: Call) -> dict[str, Any]:
        """Words of a draft that the platform objects to (§4.5)."""
        call.number("category_id")
        texts = {name: call.parameters.get(name, "") for name in ("title", "keywords", "product_properties", "detail")}
        return {f"{name}_prohibited_words": _words(text) for name, text in texts.items()}

    def problem_types(self, _call: Call) -> dict[str, Any]:
        """The problem types of the diagnosis (§4.6)."""
        types = [{"problem_type": kind, "problem_description": text} for kind, (text, _) in DIAGNOSES.items()]
        return {"success": True, "product_problem_type_list": Items(types, deep=False)}

    def problems(self, call: Call) -> dict[str, Any]:
        """Listings with a problem of quality: diagnosis, not the audit's verdict (§4.6)."""
        sought = _sought_types(call)
        ids = call.store.world.ids(Status.ACTIVE, call.at) if call.parameters.get("operate_status", "0") == "0" else []
        found = [number for number in ids if _diagnosis(number) in sought]
        page = cut(found, {"page_size": 10, **call.parameters}, 100, call.faults)
        items = [_problem(call, number) for number in page.ids or ()]
        body: dict[str, Any] = {
            "success": True,
            "total_count": page.total,
            "page_size": page.size,
            "current_page": page.number,
        }
        if page.ids is not None:
            body["problematic_product_list"] = Items(items, deep=False)
        return body


def _names(names: tuple[str, ...]) -> str:
    return json.dumps(dict(zip(("en", "ru", "es"), names, strict=True)), ensure_ascii=False)


def _node(number: int, names: tuple[str, ...], *, leaf: bool, level: int) -> dict[str, Any]:
    return {"id": number, "names": _names(names), "isleaf": leaf, "level": level, "features": "{}"}


def _child(number: int, names: tuple[str, ...], *, leaf: bool, level: int) -> dict[str, Any]:
    return {
        "children_category_id": number,
        "is_leaf_category": leaf,
        "level": level,
        "multi_language_names": _names(names),
    }


def _attribute(definition: AttributeDef, *, required: bool, sku: bool = False) -> dict[str, Any]:
    names = {"en": definition.english, "ru": definition.russian, "zh": definition.chinese}
    values = [
        {
            "id": definition.value_id(value),
            "names": json.dumps({"en": value}),
            "value_tags": "{}",
            "has_sub_attr": False,
        }
        for value in definition.values
    ]
    return {
        "id": definition.attribute_id,
        "names": json.dumps(names, ensure_ascii=False),
        "required": required,
        "key_attribute": required,
        "sku": sku,
        "visible": True,
        "input_type": "STRING",
        "attribute_show_type_value": "list_box" if values else "input",
        "customized_name": sku,
        "customized_pic": False,
        "support_enum_input": False,
        "values": Items(values, deep=False),
    }


def _axis(category: Category) -> dict[str, Any]:
    return _attribute(category.axis, required=True, sku=True)


def _words(text: str) -> Items:
    return Items(
        [{"primary_word": word, "types": Items([kind], "string", deep=False)} for word, kind in objectionable(text)]
    )


def _sought_types(call: Call) -> set[str]:
    try:
        sought = json.loads(call.parameters.get("problem_type_list") or "[]")
    except ValueError:
        raise Refused.parameter("problem_type_list") from None
    if not isinstance(sought, list) or not set(sought) <= set(DIAGNOSES):
        raise Refused.parameter("problem_type_list")
    return set(sought) or set(DIAGNOSES)


def _diagnosis(product_id: int) -> str | None:
    spread = mix(product_id, 29) % 100
    if spread < 3:
        return "lack_white_image"
    return "repeat_repost" if spread < 4 else None


def _problem(call: Call, product_id: int) -> dict[str, Any]:
    listing = call.store.world.listing(product_id, call.at)
    kind = _diagnosis(product_id)
    if listing is None or kind is None:
        raise LookupError(f"the world lists {product_id} and does not know it")
    description, advice = DIAGNOSES[kind]
    return {
        "product_id": product_id,
        "product_title": listing.title,
        "main_picture": f"{call.origin}{listing.facts.pictures[0].path(product_id)}",
        "operate_status": 0,
        "product_impact": "low",
        "optimization_suggestion": advice,
        "product_problem": {"problem_type": kind, "problem_description": description},
    }
