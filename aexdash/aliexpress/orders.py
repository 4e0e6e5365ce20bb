"""What buyers ordered: units and prices by listing, never who they are (sources.md §3, reference §4.10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from aexdash.aliexpress.dialects.walks import RawPage, raw_pages
from aexdash.aliexpress.errors import UnreadableAnswer
from aexdash.aliexpress.optional import OptionalCall
from aexdash.aliexpress.protocol.gateway import Gateway
from aexdash.aliexpress.reading import PACIFIC, count, pacific, records, text, whole
from aexdash.platform_data import OrderLine

PAGE_SIZE = 20
"""What integrators send; a larger one is not known to be served."""

LONGEST_QUERY = timedelta(days=179)
LONGEST_QUERY_OF_FINISHED = timedelta(days=29)
"""A day below the platform's limits of 180 and 30: in its own zone the clocks change."""

FINISHED = "FINISH"
"""The status of orders that have ended, which only a query for it shows."""

LIST_KEY = "target_list"
ONE_SECOND = timedelta(seconds=1)


class Orders:
    """Reads the lines of orders, until the platform says that this account may not."""

    def __init__(self, gateway: Gateway) -> None:
        self._ask = OptionalCall(gateway, "aliexpress.solution.order.get").ask

    def lines(self, start: datetime, end: datetime) -> Iterator[list[OrderLine]]:
        """Yield the lines of orders made from `start` up to before `end`, page by page; whole when it ends.

        Orders that run are read before those that have ended, because they move that way: one that ends meanwhile
        comes twice rather than never.

        Raises:
            PermissionDenied: this account may not read its orders.
            UnreadableAnswer: fewer orders were shown than reported.
            PlatformError: a page gave no usable answer.
        """
        for status, longest in (("", LONGEST_QUERY), (FINISHED, LONGEST_QUERY_OF_FINISHED)):
            begin = start
            while begin < end:
                until = min(begin + longest, end)
                yield from self._window(status, begin, until)
                begin = until

    def _window(self, status: str, start: datetime, end: datetime) -> Iterator[list[OrderLine]]:
        """Read the orders of one query; one that its pages show twice counts once."""
        seen: set[str] = set()
        reported = 0
        for raw in self._raw_pages(status, start, end):
            seen |= {str(item.get("order_id")) for item in raw.items}
            reported = raw.reported or 0
            yield [line for item in raw.items for line in _lines(item)]
        if len(seen) < reported:
            raise UnreadableAnswer(
                f"AliExpress reported {reported} orders and showed {len(seen)}.",
                advice="Nothing to do: the next sync asks again.",
            )

    def _raw_pages(self, status: str, start: datetime, end: datetime) -> Iterator[RawPage]:
        query = {"create_date_start": _written(start), "create_date_end": _written(end - ONE_SECOND)}
        if status:
            query["order_status"] = status

        def ask(_word: str, number: int) -> RawPage:
            answer = self._ask({"param0": {**query, "page_size": PAGE_SIZE, "current_page": number}})
            items = tuple(records(answer.get(LIST_KEY)))
            reported, pages = count(answer.get("total_count")), count(answer.get("total_page"))
            return RawPage(items, reported, pages, LIST_KEY in answer, ("order_id",))

        return raw_pages("order", ask("order", 1), ask, PAGE_SIZE)


def _written(moment: datetime) -> str:
    """Write a moment as the query takes it: US Pacific time without a zone."""
    return moment.astimezone(PACIFIC).strftime("%Y-%m-%d %H:%M:%S")


def _lines(order: Mapping[str, Any]) -> Iterator[OrderLine]:
    """Yield what was ordered; an order that tells no moment, and a line that tells no listing, says nothing to us."""
    created_raw = text(order.get("gmt_create"))
    created_at = pacific(created_raw) or pacific(order.get("gmt_pay_time"))
    order_id = text(order.get("order_id"))
    if created_at is None or order_id is None:
        return
    for product in records(order.get("product_list")):
        product_id, units = whole(product.get("product_id")), count(product.get("product_count"))
        if not product_id or product_id < 0 or not units:
            continue
        sku_code = text(product.get("sku_code")) or ""
        # total_product_amount was seen to be the price of one of two units: units times unit price is the line's.
        price = product.get("product_unit_price")
        amount = price if isinstance(price, Mapping) else {}
        yield OrderLine(
            order_id=order_id,
            line_id=text(product.get("child_id")) or f"{product_id}:{sku_code}",
            product_id=product_id,
            sku_code=sku_code,
            units=units,
            unit_price=text(amount.get("amount")),
            currency=text(amount.get("currency_code")),
            created_at=created_at,
            created_raw=created_raw,
            status=text(order.get("order_status")) or "",
            fund_status=text(order.get("fund_status")) or "",
            end_reason=text(order.get("end_reason")) or "",
        )
