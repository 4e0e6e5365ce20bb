"""The listing methods of overseas and POP sellers (reference §3.1, §3.2, §3.5, §4.1, §4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aexdash.demo.platform.calls import Call, Method, pacific, whole
from aexdash.demo.platform.envelope import Items, Refused
from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.platform.invented import PRODUCT_NOT_FOUND, STATUS_BY_ID, TEXTS
from aexdash.demo.platform.methods.filters import FILTERS, Filtering
from aexdash.demo.platform.paging import cut
from aexdash.demo.platform.shapes import detail_fields, display_item
from aexdash.demo.world.listing import Listing
from aexdash.model import Status

STATUS_OF_WORD: dict[str, Status] = {
    "onSelling": Status.ACTIVE,
    "offline": Status.OFFLINE,
    "auditing": Status.AUDITING,
    "editingRequired": Status.REJECTED,
}

POP_WORDS = {**STATUS_OF_WORD, "service_delete": Status.OTHER, "deleted": Status.DELETED}
_QUERY = "aeop_a_e_product_list_query"
_LIST = "aeop_a_e_product_display_d_t_o_list"


def not_found(product_id: int) -> dict[str, Any]:
    """Return the business failure of a listing that is not there: a success envelope with a failure inside (§6.1)."""
    return {
        "result": {
            "success": False,
            "error_code": PRODUCT_NOT_FOUND,
            "error_message": f"{TEXTS['product_not_found']}: {product_id}",
        }
    }


def failed(call: Call) -> dict[str, Any] | None:
    """Return the failure inside a success that a fault makes of a call; None where no such fault strikes it."""
    if FaultKind.UNKNOWN_PRODUCT in call.faults:
        return not_found(call.number("product_id"))
    return None


class ListingMethods:
    """Answers for the listings of overseas and POP stores; keeps the items of listings that did not change."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, int], tuple[Listing, str, dict[str, Any]]] = {}

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        pop = "aliexpress.postproduct.redefining."
        return {
            "aliexpress.solution.product.list.get": Method(self.solution_list, ("overseas",)),
            "aliexpress.solution.product.info.get": Method(self.detail, ("overseas",)),
            f"{pop}findproductinfolistquery": Method(self.pop_list, ("pop",)),
            "aliexpress.offer.product.query": Method(self.detail, ("pop",)),
            f"{pop}findaeproductbyid": Method(self.detail, ("pop",)),
            f"{pop}findaeproductstatusbyid": Method(self.status_by_id, ("pop",)),
        }

    def solution_list(self, call: Call) -> dict[str, Any]:
        """One page of one status for an overseas seller (§3.1)."""
        return self._list(call, STATUS_OF_WORD, "item_display_dto")

    def pop_list(self, call: Call) -> dict[str, Any]:
        """One page of one status for a POP seller (§3.2)."""
        return self._list(call, POP_WORDS, "aeop_ae_product_display_sample_dto")

    def _list(self, call: Call, words: dict[str, Status], item_key: str) -> dict[str, Any]:
        query = call.fields(_QUERY)
        word = query.get("product_status_type")
        if not word:
            raise Refused("MissingParameter", name="product_status_type")
        if word not in words:
            raise Refused.parameter("product_status_type")
        page = cut(self._chosen(call, words[word], query), query, 100, call.faults)
        result: dict[str, Any] = {
            "success": True,
            "current_page": page.number,
            "total_page": page.pages,
            "product_count": page.total,
        }
        if page.ids is not None:
            result[_LIST] = Items([self._item(call, number) for number in page.ids], item_key, deep=False)
        return {"result": result}

    def _chosen(self, call: Call, status: Status, query: dict[str, Any]) -> Sequence[int]:
        ids = call.store.world.ids(status, call.at)
        filters = {name: query[name] for name in FILTERS if query.get(name) not in (None, "", [])}
        if FaultKind.FILTER_IGNORED in call.faults:
            filters.pop("product_id", None)
        if not filters:
            return ids
        filtering = Filtering(filters, call.at)
        if "product_id" in filters:  # asked for one: the whole status need not be looked through
            asked = call.store.world.listing(whole(filters["product_id"], "product_id"), call.at)
            ids = [asked.product_id] if asked is not None and asked.status is status else []
        shown = (call.store.world.listing(number, call.at) for number in ids)
        return [listing.product_id for listing in shown if listing is not None and filtering.wants(listing)]

    def _item(self, call: Call, product_id: int) -> dict[str, Any]:
        listing = call.store.world.listing(product_id, call.at)
        if listing is None:
            raise LookupError(f"the world lists {product_id} and does not know it")
        kept = self._items.get((call.store.app_key, product_id))
        if kept is not None and kept[0] is listing and kept[1] == call.origin:
            return kept[2]
        item = display_item(listing, call)
        self._items[call.store.app_key, product_id] = (listing, call.origin, item)
        return item

    def detail(self, call: Call) -> dict[str, Any]:
        """Everything about one listing (§4.1, §3.5); of POP listings also the offline cause."""
        product_id = call.number("product_id")
        listing = call.listing(product_id)
        if listing is None:
            return not_found(product_id)
        result = detail_fields(listing, call)
        if call.store.model == "pop" and listing.cause:
            result["ws_display"] = listing.cause
        return {"result": result}

    def status_by_id(self, call: Call) -> dict[str, Any]:
        """The audit status of one listing (§4.3)."""
        product_id = call.number("product_id")
        listing = call.listing(product_id)
        if listing is None:
            return not_found(product_id)
        return {
            "result": {"product_id": product_id, "status": STATUS_BY_ID[listing.status], "time_stamp": pacific(call.at)}
        }
