"""Makes the input of the checks for tests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from aexdash.model import Status
from aexdash.platform_data import (
    AttributeRule,
    CategoryRules,
    Detail,
    ListingAttribute,
    ObjectionableWord,
    PictureFacts,
)

MAIN, SECOND = "https://ae01.alicdn.com/kf/main.jpg", "https://ae01.alicdn.com/kf/second.jpg"


@dataclass
class Facts:
    model: str = "overseas"
    title: str = "Dog Harness"
    image_urls: tuple[str, ...] = (MAIN,)
    currency: str | None = "USD"
    detail: Detail | None = None
    category: CategoryRules | None = None
    pictures: dict[str, PictureFacts] = field(default_factory=dict)
    words: tuple[ObjectionableWord, ...] | None = None
    same_title: tuple[int, ...] = ()
    same_picture: tuple[int, ...] = ()


def detail(*attributes: ListingAttribute, **told: object) -> Detail:
    known = Detail(
        product_id=1005001234567890,
        status=Status.REJECTED,
        platform_status="editingRequired",
        category_id=200,
        titles={},
        image_urls=(MAIN,),
        attributes=attributes,
        skus=(),
        modified_raw=None,
        modified_at=None,
    )
    return replace(known, **told)


def category(*rules: AttributeRule, **told: object) -> CategoryRules:
    return replace(CategoryRules(200, "Dog Harnesses", rules), **told)


def picture(url: str = MAIN, state: str = "measured", **facts: object) -> dict[str, PictureFacts]:
    return {url: PictureFacts(url, state, **facts)}
