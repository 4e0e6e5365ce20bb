"""The dialect of sellers in China, POP and half-managed (reference §3.2, §3.5)."""

from __future__ import annotations

from typing import ClassVar

from aexdash.aliexpress.dialects.overseas import Overseas


class Pop(Overseas):
    """Reads a store with the POP calls, whose list has the same parameter and nearly the same items."""

    model: str = "pop"
    deleted_words: tuple[str, ...] = ("service_delete", "deleted")
    list_method: ClassVar[str] = "aliexpress.postproduct.redefining.findproductinfolistquery"
    detail_method: ClassVar[str] = "aliexpress.offer.product.query"
    tells_compliance: ClassVar[bool] = True
