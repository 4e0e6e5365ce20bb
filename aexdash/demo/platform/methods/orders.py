"""Methods about orders (sources.md §3, reference §4.10). Buyers are invented, as the real replies name theirs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aexdash.demo.platform.calls import Call, Method, from_pacific, pacific, without_empty
from aexdash.demo.platform.envelope import Items, Refused
from aexdash.demo.platform.invented import BUYERS, CANCELLED, NEVER_PAID, RECEIVED
from aexdash.demo.platform.paging import cut
from aexdash.demo.world.sales import Order, OrderOutcome

FINISH = "FINISH"
STATUSES = frozenset(
    {
        "PLACE_ORDER_SUCCESS",
        "IN_CANCEL",
        "WAIT_SELLER_SEND_GOODS",
        "SELLER_PART_SEND_GOODS",
        "WAIT_BUYER_ACCEPT_GOODS",
        "FUND_PROCESSING",
        "IN_ISSUE",
        "IN_FROZEN",
        "WAIT_SELLER_EXAMINE_MONEY",
        "RISK_CONTROL",
        FINISH,
    }
)
LONGEST, LONGEST_FINISHED = timedelta(days=180), timedelta(days=30)
LARGEST_PAGE = 50

_PAID_LIFE = (
    (timedelta(minutes=20), "RISK_CONTROL"),
    (timedelta(days=2), "WAIT_SELLER_SEND_GOODS"),
    (timedelta(days=18), "WAIT_BUYER_ACCEPT_GOODS"),
    (timedelta(days=20), "FUND_PROCESSING"),
)
_LIVES: dict[OrderOutcome, tuple[tuple[timedelta, str], ...]] = {
    OrderOutcome.PAID: _PAID_LIFE,
    OrderOutcome.DISPUTED: (*_PAID_LIFE[:3], (timedelta(days=40), "IN_ISSUE")),
    OrderOutcome.UNPAID: ((timedelta(days=3), "PLACE_ORDER_SUCCESS"),),
    OrderOutcome.CANCELLED: ((timedelta(hours=6), "WAIT_SELLER_SEND_GOODS"), (timedelta(days=1), "IN_CANCEL")),
}
"""For each outcome the status up to an age; older than the last is ended."""

_ENDS = {OrderOutcome.UNPAID: NEVER_PAID, OrderOutcome.CANCELLED: CANCELLED}


class OrderMethods:
    """Answers that every model may ask for."""

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {"aliexpress.solution.order.get": Method(self.orders)}

    def orders(self, call: Call) -> dict[str, Any]:
        """Orders made in a span, those that have ended only when asked for; without any the list is left out."""
        query = call.fields("param0")
        found = {order.order_id: order for order in _asked(call, query)}
        page = cut(list(found), query, LARGEST_PAGE, call.faults)
        result: dict[str, Any] = {
            "success": True,
            "error_code": "0",
            "error_message": "操作成功",
            "total_count": page.total,
            "total_page": page.pages,
            "page_size": page.size,
            "current_page": page.number,
        }
        if page.ids:
            result["target_list"] = Items([_order(found[number], call) for number in page.ids], "order_dto")
        return {"result": result}


def _asked(call: Call, query: dict[str, Any]) -> list[Order]:
    """Return the orders that a query names.

    Raises:
        Refused: a moment or status that does not read, or a span longer than the platform takes.
    """
    start, end = (from_pacific(query.get(name, ""), name) for name in ("create_date_start", "create_date_end"))
    status = query.get("order_status")
    if status is not None and status not in STATUSES:
        raise Refused.parameter("order_status")
    if end - start > (LONGEST_FINISHED if status == FINISH else LONGEST):
        raise Refused.parameter("create_date_start")
    made = call.store.world.orders(start, min(end, call.at))
    return [order for order in made if _is_asked(status_of(order, call.at), status)]


def _is_asked(status: str, asked: str | None) -> bool:
    return status == asked if asked else status != FINISH


def status_of(order: Order, at: datetime) -> str:
    """Return where an order stands at a moment."""
    age = at - order.at
    return next((status for until, status in _LIVES[order.outcome] if age < until), FINISH)


def _order(order: Order, call: Call) -> dict[str, Any]:
    status = status_of(order, call.at)
    unpaid = order.outcome is OrderOutcome.UNPAID
    return without_empty(
        {
            "order_id": order.order_id,
            "order_status": status,
            "biz_type": "AE_COMMON",
            "gmt_create": pacific(order.at),
            "gmt_pay_time": "" if unpaid else pacific(order.at + timedelta(minutes=4)),
            "gmt_update": pacific(call.at),
            "fund_status": "NOT_PAY" if unpaid else "PAY_SUCCESS",
            "frozen_status": "NO_FROZEN",
            "issue_status": "IN_ISSUE" if status == "IN_ISSUE" else "NO_ISSUE",
            "end_reason": _ENDS.get(order.outcome, RECEIVED) if status == FINISH else "",
            "payment_type": "ebanx101",
            "seller_login_id": call.store.nick,
            "seller_signer_fullname": call.store.nick,
            **_buyer(order),
            "has_request_loan": False,
            "logisitcs_escrow_fee_rate": "0.05",
            "product_list": Items(
                [_line(order, number, call.store.currency) for number in range(len(order.lines))], "order_product_dto"
            ),
        }
    )


def _buyer(order: Order) -> dict[str, str]:
    """Name the buyer, as the real reply does."""
    name = BUYERS[order.buyer % len(BUYERS)]
    return {
        "buyer_login_id": f"buyer{order.buyer:05d}",
        "buyer_signer_fullname": f"{name} {order.buyer}",
        "phone": f"+34 600 {order.buyer:06d}",
    }


def _line(order: Order, number: int, currency: str) -> dict[str, Any]:
    sold = order.lines[number]
    # The total of a line is the price of one unit, as captured: 1230.00 for 2 of 1230.00 (sources.md §3).
    price = {"amount": sold.sku.price, "currency_code": currency}
    return without_empty(
        {
            "child_id": order.order_id + number + 1,
            "order_id": order.order_id,
            "product_id": sold.product_id,
            "sku_code": sold.sku.code,
            "product_name": sold.title,
            "product_count": sold.units,
            "product_unit": "piece",
            "product_unit_price": price,
            "total_product_amount": price,
            "logistics_amount": {"amount": "0.00", "currency_code": currency},
            "delivery_time": "3-3",
            "freight_commit_day": "50",
            "can_submit_issue": False,
            "money_back3x": False,
        }
    )
