"""What a category requires (reference §4.8)."""

from __future__ import annotations

import threading
from typing import Any

from aexdash.aliexpress.errors import InvalidRequest, PermissionDenied, UnreadableAnswer
from aexdash.aliexpress.gateway import Gateway
from aexdash.aliexpress.reading import as_list, by_language, flag, in_english, records, text, whole
from aexdash.model import AttributeRule, CategoryRules


class Categories:
    """Reads categories; the tree of their names is asked for once."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._names: dict[int, str] | None = None
        self._asking_names = threading.Lock()

    def rules(self, category_id: int) -> CategoryRules:
        """Read what a category requires (reference §4.8).

        Raises:
            PlatformError: the call gave no answer.
        """
        answer = self._gateway.call(
            "aliexpress.category.redefining.getallchildattributesresult", {"cate_id": category_id}
        )
        rules = tuple(rule for item in records(answer.get("attributes")) if (rule := _rule(item)))
        return CategoryRules(category_id, self._name(category_id), rules)

    def _name(self, category_id: int) -> str:
        with self._asking_names:
            if self._names is None:
                self._names = self._read_names()
            return self._names.get(category_id, "")

    def _read_names(self) -> dict[int, str]:
        """The names are a comfort: without the permission for them a category shows by its number."""
        try:
            answer = self._gateway.call("aliexpress.category.tree.list", {})
        except (InvalidRequest, PermissionDenied, UnreadableAnswer):
            return {}
        found = [item for value in answer.values() if isinstance(value, list | dict) for item in records(value)]
        named = {whole(item.get("id")): in_english(by_language(item.get("names"))) for item in found}
        return {number: name for number, name in named.items() if number is not None}


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
