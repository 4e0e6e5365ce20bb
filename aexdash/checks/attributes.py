"""Attributes: what the category requires and the listing leaves empty, and values outside those it allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aexdash.checks.facts import CheckInput, finding
from aexdash.model import Reason
from aexdash.platform_data import AttributeRule, ListingAttribute

BRAND_ATTRIBUTE = 2
BRAND_NAMES = frozenset({"brand", "brand name", "品牌", "бренд", "marca"})

PICKED = frozenset({"list_box", "radio", "check_box"})
"""`attribute_show_type_value` of attributes whose value is picked, not written (reference §4.8)."""

WRITTEN_VALUE = 4
"""The platform's value id for *another value than those listed*."""

OTHER_VALUES = frozenset({"other", "others", "其他", "другое", "otro", "otros"})
LONGEST_VALUE = 60


def attribute_findings(facts: CheckInput) -> Iterator[Reason]:
    """Compare the attributes with what the category requires; the brand apart, because it is mended differently."""
    if facts.detail is None or facts.category is None:
        return
    filled, rules = facts.detail.attributes, facts.category.rules
    missing = [rule for rule in rules if rule.required and not _is_filled(rule, filled)]
    brands = [rule for rule in missing if is_brand(rule)]
    if brands:
        choices = sum(len(rule.values) for rule in brands)
        yield finding("attribute.brand_missing", names=_names(brands), **({"choices": choices} if choices else {}))
    others = [rule for rule in missing if not is_brand(rule)]
    if others:
        yield finding("attribute.required_missing", names=_names(others))
    refused = {_in_words(rule, each) for rule in rules for each in filled if _answers(each, rule) and _off(each, rule)}
    if refused:
        yield finding("attribute.value_not_allowed", names=sorted(refused))


def filled_attributes(facts: CheckInput, *, required: bool) -> tuple[int, int] | None:
    """Return how many attributes the category requires, or else offers, and how many of them the listing fills.

    None while the detail or the category is not known.
    """
    if facts.detail is None or facts.category is None:
        return None
    asked = [rule for rule in facts.category.rules if rule.required is required]
    return len(asked), sum(_is_filled(rule, facts.detail.attributes) for rule in asked)


def is_brand(rule: AttributeRule) -> bool:
    """Whether an attribute is the brand, by its id or by its name in the languages the platform answers in."""
    return rule.attribute_id == BRAND_ATTRIBUTE or _plain(rule.name) in BRAND_NAMES


def _is_filled(rule: AttributeRule, attributes: Iterable[ListingAttribute]) -> bool:
    return any(_answers(each, rule) and (bool(each.value.strip()) or each.value_id is not None) for each in attributes)


def _answers(attribute: ListingAttribute, rule: AttributeRule) -> bool:
    """Whether an attribute is the one a rule is about: by its id, or by its name where the seller typed the name."""
    if attribute.name_id is not None:
        return attribute.name_id == rule.attribute_id
    return bool(_plain(rule.name)) and _plain(attribute.name) == _plain(rule.name)


def _off(attribute: ListingAttribute, rule: AttributeRule) -> bool:
    """Whether a value was written where one of a list has to be picked.

    A value with an id was picked: its text may be in another language than that of the list.
    """
    allowed = {_plain(value) for value in rule.values}
    value = _plain(attribute.value)
    written = attribute.value_id in (None, WRITTEN_VALUE)
    closed = bool(allowed) and rule.input_type.lower() in PICKED and not allowed & OTHER_VALUES
    return closed and written and bool(value) and value not in allowed


def _in_words(rule: AttributeRule, attribute: ListingAttribute) -> str:
    value = attribute.value.strip()
    return f"{_name(rule)}: {value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + '…'}"


def _names(rules: list[AttributeRule]) -> list[str]:
    return sorted({_name(rule) for rule in rules})


def _name(rule: AttributeRule) -> str:
    return rule.name.strip() or f"attribute {rule.attribute_id}"


def _plain(text: str) -> str:
    return text.strip().casefold()
