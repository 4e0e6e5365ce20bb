"""The dialect of overseas-managed sellers (海外托管): `aliexpress.local.service.*` (reference §3.4).

What integrators' code shows of these calls is the query, the envelope and the status word `ONLINE`; the items are not
documented. They are read by the field names of the fully managed list, whose calls these mirror (confidence medium),
and asked for under its other status words (confidence low). A word that the platform does not know is refused, which
fails the walk; it is never read as an empty list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from aexdash.aliexpress.dialects.choice import Choice
from aexdash.aliexpress.dialects.rebuilt_reasons import FIELD, with_reasons
from aexdash.aliexpress.dialects.walks import walk_pages
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.relations import Business
from aexdash.model import HELD, Status
from aexdash.platform_data import Detail, Observation, Page


class OverseasManaged(Choice):
    """Reads an overseas-managed store. Its list names no reason, but it can be asked for the listings of a reason."""

    model: str = "overseas_managed"
    business: ClassVar[Business] = Business("LOCAL_SERVICE", "overseas-managed", '"choice", "pop" or "overseas"')
    list_method: ClassVar[str] = "aliexpress.local.service.products.list"
    detail_method: ClassVar[str] = "aliexpress.local.service.product.query"

    def explained(self, gateway: Gateway, status: Status, pages: Iterator[Page]) -> Iterator[Page]:
        """Yield the pages; those of a held status with the reasons that `audit_failure_reason` finds (reference §3.4).

        `with_reasons` says what this costs.
        """
        if status not in HELD:
            return pages
        (word,) = self.words[status]
        return with_reasons(pages, lambda reason: self._walk_reason(gateway, word, reason))

    def observe(self, item: dict[str, Any], word: str) -> Observation:
        """Read an item of the list, which cannot tell why a listing is held (reference §3.4)."""
        return _untold(super().observe(item, word))

    def detail(self, gateway: Gateway, product_id: int) -> Detail:
        """Read one listing whole; this answer names no reason either."""
        found = super().detail(gateway, product_id)
        return replace(found, observation=found.observation and _untold(found.observation))

    def _walk_reason(self, gateway: Gateway, word: str, reason: str) -> Iterator[Page]:
        return walk_pages(
            (reason,),
            lambda asked, number: self._page(gateway, {"product_status": word, FIELD: asked}, number),
            lambda item, _: self.observe(item, word),
            page_size=self.page_size,
            clock=gateway.clock,
        )


def _untold(seen: Observation) -> Observation:
    return replace(seen, signals_told=False) if seen.status in HELD else seen
