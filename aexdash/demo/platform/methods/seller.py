"""Methods about the seller: profile, words, diagnosis (reference §4.5 to §4.7)."""

from __future__ import annotations

import json
from typing import Any

from aexdash.demo.platform.calls import Call, Method, pacific
from aexdash.demo.platform.envelope import Items, Refused
from aexdash.demo.platform.invented import DIAGNOSES, OPTIMISED_BY
from aexdash.demo.platform.paging import cut
from aexdash.demo.platform.shapes import subject
from aexdash.demo.world.listing import Cause, Listing
from aexdash.demo.world.mixing import mix
from aexdash.demo.world.objectionable_words import objectionable
from aexdash.model import Status

_PROBLEMS_ON = (Status.ACTIVE, Status.AUDITING, Status.REJECTED)
_MENDED = "mended"


class SellerMethods:
    """Answers that every model may ask for."""

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "aliexpress.merchant.profile.get": Method(self.profile),
            "aliexpress.solution.merchant.profile.get": Method(self.solution_profile),
            "aliexpress.postproduct.redefining.findaeproductprohibitedwords": Method(self.prohibited_words),
            "aliexpress.product.diagnosis.queryProblem": Method(self.problem_types),
            "aliexpress.product.diagnosis.pageQueryProblem": Method(self.problems),
            "aliexpress.product.diagnosis.result.list": Method(self.optimised),
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
        """Listings with a problem of quality, on sale or held: diagnosis, not the audit's verdict (§4.6)."""
        sought = _sought_types(call)
        waiting = call.parameters.get("operate_status", "0") == "0"
        found = _diagnosed(call, sought, _PROBLEMS_ON) if waiting else []
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

    def optimised(self, call: Call) -> dict[str, Any]:
        """Listings on sale whose problem was mended (§4.6)."""
        found = _diagnosed(call, {_MENDED}, (Status.ACTIVE,))
        asked = {"page_size": call.parameters.get("page_size", 10), "current_page": call.parameters.get("current", 1)}
        page = cut(found, asked, 100, call.faults)
        result: dict[str, Any] = {
            "success": True,
            "total_count": page.total,
            "page_size": page.size,
            "current_page": page.number,
        }
        if page.ids is not None:
            result["optimized_product_list"] = Items([_mended(call, number) for number in page.ids], deep=False)
        return {"result": result}


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


def _diagnosed(call: Call, sought: set[str], statuses: tuple[Status, ...]) -> list[int]:
    """Return those with one of the problems; a picture that was just refused is not found fault with a second time."""
    ids = [number for status in statuses for number in call.store.world.ids(status, call.at)]
    shown = [_known(call, number) for number in ids if _diagnosis(number) in sought]
    return [each.product_id for each in shown if each.rejected_for != Cause.PICTURE_SMALL]


def _diagnosis(product_id: int) -> str | None:
    spread = mix(product_id, 29) % 100
    if spread < 3:
        return "lack_white_image"
    return {3: "repeat_repost", 4: _MENDED}.get(spread)


def _known(call: Call, product_id: int) -> Listing:
    listing = call.store.world.listing(product_id, call.at)
    if listing is None:
        raise LookupError(f"the world lists {product_id} and does not know it")
    return listing


def _named(listing: Listing, call: Call) -> dict[str, Any]:
    return {
        "product_id": listing.product_id,
        "product_title": subject(listing.facts, call.store.model),
        "main_picture": f"{call.origin}{listing.facts.pictures[0].path(listing.product_id)}",
    }


def _problem(call: Call, product_id: int) -> dict[str, Any]:
    kind = _diagnosis(product_id) or ""
    description, advice = DIAGNOSES[kind]
    return {
        **_named(_known(call, product_id), call),
        "operate_status": 0,
        "product_impact": "low",
        "optimization_suggestion": advice,
        "product_problem": {"problem_type": kind, "problem_description": description},
    }


def _mended(call: Call, product_id: int) -> dict[str, Any]:
    listing = _known(call, product_id)
    return {
        **_named(listing, call),
        "product_last_optimization_time": pacific(listing.modified),
        "optimized_source": OPTIMISED_BY,
    }
