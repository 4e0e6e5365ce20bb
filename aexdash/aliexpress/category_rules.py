"""What a category requires (reference §4.8)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied, UnreadableAnswer
from aexdash.aliexpress.optional import OptionalCall
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.reading import (
    as_list,
    by_language,
    flag,
    in_english,
    records,
    text,
    whole,
)
from aexdash.platform_data import AttributeRule, CategoryRules, QualificationRule

NOT_AVAILABLE = (InvalidRequest, PermissionDenied, UnreadableAnswer)
"""Errors of optional calls: the account may not make them, and a store can be read without them."""


@dataclass(frozen=True, slots=True)
class Node:
    """A category's place in the tree; `leaf` None where it is not told."""

    name: str
    leaf: bool | None


UNKNOWN_NODE = Node("", None)


class Categories:
    """Reads categories; the tree of their names is asked for once."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._ask_qualifications = OptionalCall(gateway, "aliexpress.category.qualifications.list").ask
        self._ask_eu_persons = OptionalCall(gateway, "aliexpress.category.eu.responsible.persons.list").ask
        self._tree: dict[int, Node] | None = None
        self._asking_tree = threading.Lock()

    def rules(self, category_id: int) -> CategoryRules:
        """Read what a category requires (reference §4.8); what this account may not ask for stays None.

        Raises:
            PlatformError: a call gave no answer.
        """
        answer = self._gateway.call(
            "aliexpress.category.redefining.getallchildattributesresult", {"cate_id": category_id}
        )
        node = self._node(category_id)
        return CategoryRules(
            category_id=category_id,
            name=node.name,
            rules=tuple(rule for item in records(answer.get("attributes")) if (rule := _rule(item))),
            leaf=node.leaf,
            qualifications=self._qualifications(category_id),
            eu_person_needed=self._eu_person_needed(category_id),
        )

    def _node(self, category_id: int) -> Node:
        with self._asking_tree:
            if self._tree is None:
                self._tree = self._read_tree()
            return self._tree.get(category_id, UNKNOWN_NODE)

    def _read_tree(self) -> dict[int, Node]:
        """Read the names of categories; without permission there are none, and a category is shown by its number."""
        try:
            answer = self._gateway.call("aliexpress.category.tree.list", {})
        except NOT_AVAILABLE:
            return {}
        found = [item for value in answer.values() if isinstance(value, list | dict) for item in records(value)]
        nodes = {
            whole(item.get("id")): Node(in_english(by_language(item.get("names"))), _truth(item.get("isleaf")))
            for item in found
        }
        return {number: node for number, node in nodes.items() if number is not None}

    def _qualifications(self, category_id: int) -> tuple[QualificationRule, ...] | None:
        """The certificates that a category asks for, labelled in English; none where `support` is false."""
        try:
            answer = self._ask_qualifications({"category_id": category_id, "local": "en_US"})
        except NOT_AVAILABLE:
            return None
        supported = _truth(answer.get("support"))
        if supported is False:
            return ()
        if supported is None and "qualification_module_list" not in answer:
            return None
        asked = (_qualification(item) for item in records(answer.get("qualification_module_list")))
        return tuple(rule for rule in asked if rule)

    def _eu_person_needed(self, category_id: int) -> bool | None:
        """Whether a category asks for an EU responsible person.

        That `support` means this is a reading of its name (confidence low): the reference has the field without a word
        on it. An account that may not ask has None.
        """
        try:
            return _truth(self._ask_eu_persons({"category_id": category_id}).get("support"))
        except NOT_AVAILABLE:
            return None


def _truth(value: object) -> bool | None:
    """A truth, None where nothing was said."""
    return None if text(value) is None else flag(value)


def _qualification(item: dict[str, Any]) -> QualificationRule | None:
    key = text(item.get("key"))
    label = in_english(by_language(item.get("label")))
    return QualificationRule(key, label or key, flag(item.get("required"))) if key else None


def _rule(item: dict[str, Any]) -> AttributeRule | None:
    attribute_id = whole(item.get("id"))
    if attribute_id is None or flag(item.get("sku")):
        return None  # an attribute of the SKUs is filled on each of them, not on the listing: it would read as missing
    values = [value if isinstance(value, dict) else {} for value in as_list(item.get("values"))]
    return AttributeRule(
        attribute_id=attribute_id,
        name=in_english(by_language(item.get("names"))),
        required=flag(item.get("required")),
        input_type=text(item.get("attribute_show_type_value")) or text(item.get("input_type")) or "",
        values=tuple(name for value in values if (name := in_english(by_language(value.get("names"))))),
    )
