"""The dialect of fully managed sellers: `aliexpress.choice.*` (reference §3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from aexdash.aliexpress.relations import Business, SellerChannel
from aexdash.model import Status
from aexdash.platform_data import Detail, Observation, Page, PlatformSignal

NO_FAILURE = "audit_approve"

LISTED = frozenset(
    {
        *("product_id", "title", "image_urls", "product_min_price", "product_max_price", "currency_code"),
        *("leaf_category_id", "created_time", "modified_time", "product_type", "audit_failure_type"),
        # Stock moves with every sale: kept, it would make every sync a change of every listing.
        *("total_stocks", "search_sku_info_list"),
    }
)

SKU_AUDIT = ("sku_id", "seller_sku", "supply_price", "sku_audit_status", "suggest_price", "suggest_note")


class Choice:
    """Reads a fully managed store. Its list is the only one that tells why an audit failed (reference §4A)."""

    model: str = "choice"
    page_size: int = 20
    words: Mapping[Status, tuple[str, ...]] = {
        Status.AUDITING: ("PENDING_APPROVAL",),
        Status.REJECTED: ("VIOLATION_QC_FAILED",),
        Status.ACTIVE: ("ONLINE",),
        Status.OFFLINE: ("OFFLINE", "PENDING_LAUNCH"),
    }
    deleted_words: tuple[str, ...] = ()
    business: ClassVar[Business] = Business("ONE_STOP_SERVICE", "fully managed (Choice)", '"pop" or "overseas"')
    list_method: ClassVar[str] = "aliexpress.choice.products.list"
    detail_method: ClassVar[str] = "aliexpress.choice.product.query"

    def __init__(self) -> None:
        self._channel = SellerChannel(self.business)

    def ask(self, gateway: Gateway, word: str, number: int, product_id: int | None = None) -> RawPage:
        """Read one page of the choice list (reference §3.3)."""
        condition: dict[str, object] = {"product_status": word}
        if product_id is not None:
            condition["product_id"] = product_id
        return self._page(gateway, condition, number)

    def explained(self, _gateway: Gateway, _status: Status, pages: Iterator[Page]) -> Iterator[Page]:
        """Yield the pages as they are: their items say why (reference §3.3)."""
        return pages

    def observe(self, item: dict[str, Any], word: str) -> Observation:
        """Read an item of the choice list (reference §3.3)."""
        skus = records(item.get("search_sku_info_list"))
        status = status_of(word)
        return Observation(
            product_id=product_id(item),
            status=status,
            platform_status=word,
            title=text(item.get("title")) or "",
            image_urls=images(item.get("image_urls")),
            price_min=text(item.get("product_min_price")),
            price_max=text(item.get("product_max_price")),
            currency=text(item.get("currency_code")),
            created_at=pacific(item.get("created_time")),
            created_raw=text(item.get("created_time")),
            modified_at=pacific(item.get("modified_time")),
            modified_raw=text(item.get("modified_time")),
            cause=_cause(word),
            category_id=whole(item.get("leaf_category_id")),
            sku_codes=tuple(dict.fromkeys(code for sku in skus if (code := text(sku.get("seller_sku"))))),
            product_type=text(item.get("product_type")),
            signals=_signals(item, skus, status),
            extra=rest(item, LISTED),
        )

    def detail(self, gateway: Gateway, product_id: int) -> Detail:
        """Read one listing whole; the choice detail names no failure (reference §3.3)."""
        channel = self._channel.fields(gateway)
        result = _sections(gateway.call(self.detail_method, {**channel, "product_id": product_id}))
        found = result.get("product_info_dto")
        info = found if isinstance(found, dict) else result
        details.same_listing(info, product_id)
        return _read_detail(info, result)

    def _page(self, gateway: Gateway, condition: Mapping[str, object], number: int) -> RawPage:
        result = gateway.call(
            self.list_method,
            {
                **self._channel.fields(gateway),
                "page_size": self.page_size,
                "current_page": number,
                "search_condition_do": dict(condition),
            },
        )
        page = RawPage(
            items=tuple(records(result.get("product_list"))),
            reported=count(result.get("total_count")),
            total_pages=count(result.get("total_page")),
            listed="product_list" in result,
        )
        return require_list(page, result, number)


def _sections(result: dict[str, Any]) -> dict[str, Any]:
    """The sections of a detail, which overseas-managed stores get one level deeper (reference §3.4)."""
    inner = result.get("local_service_product_dto")
    return {**result, **inner} if isinstance(inner, dict) else result


def _cause(word: str) -> str | None:
    return "pending_launch" if word == "PENDING_LAUNCH" else None


def _signals(item: Mapping[str, Any], skus: list[dict[str, Any]], status: Status) -> tuple[PlatformSignal, ...]:
    """Why the audit failed, in the platform's enum whether known or not, with the SKUs whose price was refused."""
    refused = [
        {name: sku[name] for name in SKU_AUDIT if sku.get(name) not in (None, "")}
        for sku in skus
        if _is_refused(sku, status)
    ]
    notes = "; ".join(dict.fromkeys(note for sku in refused if (note := text(sku.get("suggest_note")))))
    detail: dict[str, object] = {"skus": refused} if refused else {}
    failure = text(item.get("audit_failure_type"))
    if failure and failure != NO_FAILURE:
        return (PlatformSignal("audit_failure_type", failure, notes, detail),)
    if refused:
        words = (text(sku.get("sku_audit_status")) for sku in refused)
        return (PlatformSignal("sku_audit_status", next(filter(None, words), ""), notes, detail),)
    return ()


def _is_refused(sku: Mapping[str, Any], status: Status) -> bool:
    """`sku_audit_status` 1 or empty is approved; suggestions exist only after a refusal (reference §3.3).

    While the listing is in audit another number may as well mean that the SKU is still being looked at.
    """
    suggested = bool(text(sku.get("suggest_price")) or text(sku.get("suggest_note")))
    approved = text(sku.get("sku_audit_status")) in (None, "1")
    return suggested or not (approved or status is Status.AUDITING)


def _read_detail(info: dict[str, Any], result: dict[str, Any]) -> Detail:
    word = text(info.get("product_status_type")) or ""
    titles = details.titles(info.get("subject_list"))
    currency = text(info.get("currency_code"))
    skus = details.skus(result.get("product_sku_list"), currency)
    media, package, more = (_section(result, name) for name in ("multimedia", "package_dto", "product_ext_dto"))
    pictures = details.picture_list(media.get("main_image_list"))
    low, high = details.price_range(skus, None)
    description = descriptions.description(result.get("detail_source_list"))
    seen = Observation(
        product_id=product_id(info),
        status=status_of(word),
        platform_status=word,
        title=details.main_title(titles),
        image_urls=pictures,
        price_min=low,
        price_max=high,
        currency=currency,
        created_at=pacific(info.get("gmt_create")),
        created_raw=text(info.get("gmt_create")),
        modified_at=pacific(info.get("gmt_modified")),
        modified_raw=text(info.get("gmt_modified")),
        cause=_cause(word),
        category_id=whole(info.get("category_id")),
        sku_codes=details.codes(skus),
    )
    return Detail(
        product_id=seen.product_id,
        status=seen.status,
        platform_status=word,
        category_id=seen.category_id,
        titles=titles,
        image_urls=pictures,
        attributes=details.attributes(result.get("product_property_list")),
        skus=skus,
        modified_raw=seen.modified_raw,
        modified_at=seen.modified_at,
        cause=seen.cause,
        observation=seen,
        extra=rest(more, frozenset(details.COMPLIANCE)),
        weight=details.weight(package),
        sides=details.sides(package),
        eu_person=details.eu_person(more, documented=bool(more)),
        qualifications=details.qualifications(more, documented=bool(more)),
        description_chars=description.chars,
        description_pictures=description.pictures,
        outside=description.outside,
    )


def _section(result: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = result.get(name)
    return found if isinstance(found, dict) else {}
