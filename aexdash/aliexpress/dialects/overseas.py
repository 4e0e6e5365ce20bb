"""The dialect of overseas sellers: `aliexpress.solution.product.*` (reference §3.1, §4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from aexdash.aliexpress import descriptions
from aexdash.aliexpress.dialects import details
from aexdash.aliexpress.dialects.dialect import status_of
from aexdash.aliexpress.dialects.walks import RawPage, require_list
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.reading import (
    count,
    images,
    pacific,
    product_id,
    records,
    rest,
    text,
    whole,
)
from aexdash.model import Status
from aexdash.platform_data import Detail, Observation, Page

LIST_KEY = "aeop_a_e_product_display_d_t_o_list"

LISTED = frozenset(
    {
        *("product_id", "subject", "image_u_r_ls", "product_min_price", "product_max_price", "currency_code"),
        *("gmt_create", "gmt_modified", "ws_offline_date", "ws_display", "category_id", "product_type"),
    }
)

DETAILED = frozenset(
    {
        *("product_id", "product_status_type", "category_id", "subject", "multi_language_subject_list", "subject_list"),
        *("image_u_r_ls", "currency_code", "product_price", "gmt_create", "gmt_modified", "ws_offline_date"),
        *("ws_display", "aeop_ae_product_propertys", "aeop_ae_product_s_k_us", "product_type", "success", "request_id"),
        *("gross_weight", *details.PACKAGE, *details.COMPLIANCE),
        # Long HTML, of which only the measures are kept: it would make every detail row a hundred times its size.
        *("detail", "mobile_detail", "multi_language_description_list", "detail_source_list"),
    }
)


class Overseas:
    """Reads a store with the calls for overseas sellers. An item names no status: the query does (reference §3.1)."""

    model: str = "overseas"
    page_size: int = 99
    words: Mapping[Status, tuple[str, ...]] = {
        Status.AUDITING: ("auditing",),
        Status.REJECTED: ("editingRequired",),
        Status.ACTIVE: ("onSelling",),
        Status.OFFLINE: ("offline",),
    }
    deleted_words: tuple[str, ...] = ()
    list_method: ClassVar[str] = "aliexpress.solution.product.list.get"
    detail_method: ClassVar[str] = "aliexpress.solution.product.info.get"
    tells_compliance: ClassVar[bool] = False
    """Whether the detail call is documented to name the EU responsible person and the qualifications."""

    def ask(self, gateway: Gateway, word: str, number: int, product_id: int | None = None) -> RawPage:
        """Read one page of the product list; the filter is one JSON parameter (reference §3.1)."""
        query = {"product_status_type": word, "current_page": number, "page_size": self.page_size}
        if product_id is not None:
            query["product_id"] = product_id
        result = gateway.call(self.list_method, {"aeop_a_e_product_list_query": query})
        page = RawPage(
            items=tuple(records(result.get(LIST_KEY))),
            reported=count(result.get("product_count")),
            total_pages=count(result.get("total_page")),
            listed=LIST_KEY in result,
        )
        return require_list(page, result, number)

    def explained(self, _gateway: Gateway, _status: Status, pages: Iterator[Page]) -> Iterator[Page]:
        """Yield the pages as they are: nothing that could be asked would say why (reference §4A)."""
        return pages

    def observe(self, item: dict[str, Any], word: str) -> Observation:
        """Read an item of the product list (reference §3.1)."""
        status = status_of(word)
        return Observation(
            product_id=product_id(item),
            status=status,
            platform_status=word,
            title=text(item.get("subject")) or "",
            image_urls=images(item.get("image_u_r_ls")),
            price_min=text(item.get("product_min_price")),
            price_max=text(item.get("product_max_price")),
            currency=text(item.get("currency_code")),
            created_at=pacific(item.get("gmt_create")),
            created_raw=text(item.get("gmt_create")),
            modified_at=pacific(item.get("gmt_modified")),
            modified_raw=text(item.get("gmt_modified")),
            offline_at=pacific(item.get("ws_offline_date")),
            offline_raw=text(item.get("ws_offline_date")),
            cause=text(item.get("ws_display")) if status is Status.OFFLINE else None,
            category_id=whole(item.get("category_id")),
            product_type=text(item.get("product_type")),
            extra=rest(item, LISTED),
        )

    def detail(self, gateway: Gateway, product_id: int) -> Detail:
        """Read one listing whole (reference §4.1; §3.5 for POP, whose answer also tells `ws_display`)."""
        result = gateway.call(self.detail_method, {"product_id": product_id})
        details.same_listing(result, product_id)
        return self._read_detail(result)

    def _read_detail(self, result: dict[str, Any]) -> Detail:
        seen = self._seen_in_detail(result)
        described = result.get("multi_language_description_list") or result.get("detail_source_list")
        description = descriptions.description(described, result.get("detail"))
        return Detail(
            product_id=seen.product_id,
            status=seen.status,
            platform_status=seen.platform_status,
            category_id=seen.category_id,
            titles=self._titles(result),
            image_urls=seen.image_urls,
            attributes=details.attributes(result.get("aeop_ae_product_propertys")),
            skus=details.skus(result.get("aeop_ae_product_s_k_us"), seen.currency),
            modified_raw=seen.modified_raw,
            modified_at=seen.modified_at,
            cause=seen.cause,
            observation=seen,
            extra=rest(result, DETAILED),
            weight=details.weight(result),
            sides=details.sides(result),
            eu_person=details.eu_person(result, documented=self.tells_compliance),
            qualifications=details.qualifications(result, documented=self.tells_compliance),
            description_chars=description.chars,
            description_pictures=description.pictures,
            outside=description.outside,
        )

    def _seen_in_detail(self, result: dict[str, Any]) -> Observation:
        """The same answer in the shape of a listed item, so that a look-up by id and a walk say the same."""
        skus = details.skus(result.get("aeop_ae_product_s_k_us"), text(result.get("currency_code")))
        low, high = details.price_range(skus, text(result.get("product_price")))
        listed = self.observe(result, text(result.get("product_status_type")) or "")
        return replace(
            listed,
            title=details.main_title(self._titles(result), result.get("subject")),
            price_min=low,
            price_max=high,
            sku_codes=details.codes(skus),
            extra="",
        )

    def _titles(self, result: dict[str, Any]) -> dict[str, str]:
        by_locale = result.get("multi_language_subject_list") or result.get("subject_list")
        return details.titles(by_locale, result.get("subject"))
