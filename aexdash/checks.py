"""What we measure on a listing ourselves. A finding is a measured fact; what is not known yet gives no finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from aexdash.model import AttributeRule, Detail, ListingAttribute, PictureFacts, Provenance, Reason

SMALLEST_SIDE = 800
"""Pixels that either side of a main picture should have (reference §5.3)."""

BRAND_ATTRIBUTE = 2
BRAND_NAMES = frozenset({"brand", "brand name", "品牌", "бренд", "marca"})


class CheckInput(Protocol):
    """What is known of a listing; None and absent pictures mean *not known yet*."""

    @property
    def image_urls(self) -> tuple[str, ...]:
        """Pictures in their order, the main one first."""

    @property
    def detail(self) -> Detail | None:
        """What the detail call told."""

    @property
    def category_rules(self) -> tuple[AttributeRule, ...] | None:
        """What the category asks for."""

    @property
    def pictures(self) -> Mapping[str, PictureFacts]:
        """What was measured, by URL."""


def check_listing(facts: CheckInput) -> list[Reason]:
    """Run every check on what is known of a listing."""
    return [*_main_picture(facts), *_required_attributes(facts)]


def _main_picture(facts: CheckInput) -> Iterator[Reason]:
    urls = facts.image_urls or (facts.detail.image_urls if facts.detail else ())
    picture = facts.pictures.get(urls[0]) if urls else None
    if picture is None or picture.width is None or picture.height is None:
        return
    if min(picture.width, picture.height) < SMALLEST_SIDE:
        measured: dict[str, object] = {
            "width": picture.width,
            "height": picture.height,
            "minimum": SMALLEST_SIDE,
            "url": picture.url,
        }
        yield Reason("image.main_too_small", Provenance.CHECK, measured=measured)


def _required_attributes(facts: CheckInput) -> Iterator[Reason]:
    """Brand apart from the others, because it is asked of most listings and mended differently."""
    if facts.detail is None or facts.category_rules is None:
        return
    missing = [rule for rule in facts.category_rules if rule.required and not _filled(rule, facts.detail.attributes)]
    brands = [_name(rule) for rule in missing if is_brand(rule)]
    others = [_name(rule) for rule in missing if not is_brand(rule)]
    if brands:
        yield Reason("attribute.brand_missing", Provenance.CHECK, measured={"names": brands})
    if others:
        yield Reason("attribute.required_missing", Provenance.CHECK, measured={"names": others})


def is_brand(rule: AttributeRule) -> bool:
    """Whether an attribute is the brand, by its id or by its name in the languages the platform answers in."""
    return rule.attribute_id == BRAND_ATTRIBUTE or rule.name.strip().casefold() in BRAND_NAMES


def _filled(rule: AttributeRule, attributes: tuple[ListingAttribute, ...]) -> bool:
    """Whether the listing fills an attribute; one the seller named himself counts when it bears the same name."""
    wanted = rule.name.strip().casefold()
    return any(
        attribute.name_id == rule.attribute_id
        or (attribute.name_id is None and wanted and attribute.name.strip().casefold() == wanted)
        for attribute in attributes
        if attribute.value.strip() or attribute.value_id is not None
    )


def _name(rule: AttributeRule) -> str:
    return rule.name.strip() or f"attribute {rule.attribute_id}"
