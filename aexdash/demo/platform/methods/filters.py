"""The filters of the product list query (reference §3.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from aexdash.demo.platform.calls import from_pacific, whole
from aexdash.demo.platform.envelope import Refused
from aexdash.demo.world.listing import Listing

Test = Callable[[Listing], bool]
VALID_FOR = timedelta(days=30)
"""How long a listing runs before it would expire; what `off_line_time` counts from its last change."""


class Filtering:
    """What a query asks of a listing beside its status.

    Raises:
        Refused: a filter's value cannot be read.
    """

    def __init__(self, filters: Mapping[str, Any], now: datetime) -> None:
        self._tests = [FILTERS[name](value, now) for name, value in filters.items()]

    def wants(self, listing: Listing) -> bool:
        """Tell whether the listing passes every filter."""
        return all(test(listing) for test in self._tests)


def _product_id(value: Any, _now: datetime) -> Test:
    wanted = whole(value, "product_id")
    return lambda listing: listing.product_id == wanted


def _excepted(value: Any, _now: datetime) -> Test:
    if not isinstance(value, list):
        raise Refused.parameter("excepted_product_ids")
    refused = {whole(each, "excepted_product_ids") for each in value}
    return lambda listing: listing.product_id not in refused


def _ws_display(value: Any, _now: datetime) -> Test:
    return lambda listing: listing.cause == value


def _subject(value: Any, _now: datetime) -> Test:
    sought = str(value).casefold()
    return lambda listing: sought in listing.title.casefold()


def _sku_code(value: Any, _now: datetime) -> Test:
    return lambda listing: any(sku.code == value for sku in listing.facts.skus)


def _group_id(value: Any, _now: datetime) -> Test:
    wanted = whole(value, "group_id")
    return lambda listing: listing.facts.group_id == wanted


def _off_line_time(value: Any, now: datetime) -> Test:
    latest = now + timedelta(days=whole(value, "off_line_time"))
    return lambda listing: listing.modified + VALID_FOR <= latest


def _since(attribute: str, name: str) -> Callable[[Any, datetime], Test]:
    def make(value: Any, _now: datetime) -> Test:
        bound = from_pacific(value, name)
        return lambda listing: getattr(listing, attribute) >= bound

    return make


def _until(attribute: str, name: str) -> Callable[[Any, datetime], Test]:
    def make(value: Any, _now: datetime) -> Test:
        bound = from_pacific(value, name)
        return lambda listing: getattr(listing, attribute) <= bound

    return make


FILTERS: dict[str, Callable[[Any, datetime], Test]] = {
    "product_id": _product_id,
    "excepted_product_ids": _excepted,
    "ws_display": _ws_display,
    "subject": _subject,
    "sku_code": _sku_code,
    "group_id": _group_id,
    "off_line_time": _off_line_time,
    "gmt_create_start": _since("created", "gmt_create_start"),
    "gmt_create_end": _until("created", "gmt_create_end"),
    "gmt_modified_start": _since("modified", "gmt_modified_start"),
    "gmt_modified_end": _until("modified", "gmt_modified_end"),
}
