"""Asks the platform which words of a title it objects to (reference §4.5)."""

from __future__ import annotations

from typing import Any

from aexdash.aliexpress.errors import PermissionDenied
from aexdash.aliexpress.optional import OptionalCall
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.reading import as_list, records, text
from aexdash.platform_data import ObjectionableWord


class TitleWords:
    """Asks about titles, until the platform says that this account may not."""

    def __init__(self, gateway: Gateway) -> None:
        self._ask = OptionalCall(gateway, "aliexpress.postproduct.redefining.findaeproductprohibitedwords").ask

    def objections(self, category_id: int, title: str) -> tuple[ObjectionableWord, ...] | None:
        """Return the words of a title to which the platform objects in a category, None when this account may not ask.

        Raises:
            PlatformError: the call failed for another reason.
        """
        if not title.strip():
            return ()
        try:
            answer = self._ask({"category_id": category_id, "title": title})
        except PermissionDenied:
            return None
        return _words(answer.get("title_prohibited_words"))


def _words(value: object) -> tuple[ObjectionableWord, ...]:
    """Each word once, with all its types in the order they came."""
    types: dict[str, dict[str, None]] = {}
    for item in records(value):
        if word := text(item.get("primary_word")):
            types.setdefault(word, {}).update(dict.fromkeys(_types(item)))
    return tuple(ObjectionableWord(word, tuple(found)) for word, found in types.items())


def _types(item: dict[str, Any]) -> list[str]:
    return [kind for value in as_list(item.get("types")) if (kind := text(value))]
