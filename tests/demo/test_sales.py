"""The simulated store sells, by rules that hang on its seed and the time alone (sources.md §3, reference §4.10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aexdash.demo.platform.calls import pacific
from aexdash.demo.platform.methods.orders import status_of
from aexdash.demo.world.sales import Order, OrderOutcome
from aexdash.demo.world.world import World
from aexdash.model import Status
from tests.demo.conftest import Caller
from tests.demo.scripted import ScriptedWorld, plain_listing

ORDERS = "aliexpress.solution.order.get"
NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)


def span(start: datetime, end: datetime = NOW, **more: Any) -> dict[str, Any]:
    return {"create_date_start": pacific(start), "create_date_end": pacific(end), "page_size": 50, **more}


def asked(caller: Caller, **query: Any) -> dict[str, Any]:
    result: dict[str, Any] = caller(ORDERS, param0=query)["result"]
    return result


def all_ids(caller: Caller, **query: Any) -> list[int]:
    first = asked(caller, **query)
    pages = [first, *(asked(caller, **query, current_page=page) for page in range(2, first["total_page"] + 1))]
    return [order["order_id"] for page in pages for order in page.get("target_list", [])]


def test_what_was_sold_is_the_same_whatever_was_asked_before(small_world: World) -> None:
    month = timedelta(days=30)
    other = World(seed=7, listings=300, worked_example=False)
    other.orders(NOW + month, NOW + 2 * month)
    assert other.orders(NOW - month, NOW) == small_world.orders(NOW - month, NOW)


@pytest.mark.slow
def test_some_listings_sell_daily_and_many_never(world: World) -> None:
    sold = Counter(line.product_id for order in world.orders(NOW - timedelta(days=40), NOW) for line in order.lines)
    on_sale = len(world.ids(Status.ACTIVE, NOW))
    assert 0.3 < len(sold) / on_sale < 0.6
    assert 0.005 < sum(times >= 30 for times in sold.values()) / on_sale < 0.02


@pytest.mark.slow
def test_nothing_sells_while_it_is_held(world: World) -> None:
    orders = world.orders(NOW - timedelta(days=40), NOW)
    assert {world.listing(order.lines[0].product_id, order.at).status for order in orders} == {Status.ACTIVE}  # type: ignore[union-attr]
    held = {number for day in range(40) for number in world.ids(Status.REJECTED, NOW - timedelta(days=day))}
    assert held & {line.product_id for order in orders for line in order.lines}


@pytest.mark.slow
def test_of_some_listings_nothing_is_left_in_stock(world: World) -> None:
    stocks = [
        [sku.stock for sku in world.listing(number, NOW).facts.skus]  # type: ignore[union-attr]
        for number in world.ids(Status.ACTIVE, NOW)
    ]
    assert 0.03 < sum(not any(stock) for stock in stocks) / len(stocks) < 0.09
    assert any(0 in stock and any(stock) for stock in stocks)


@pytest.mark.parametrize(
    ("outcome", "stations"),
    [
        (
            OrderOutcome.PAID,
            {0.01: "RISK_CONTROL", 1: "WAIT_SELLER_SEND_GOODS", 9: "WAIT_BUYER_ACCEPT_GOODS", 30: "FINISH"},
        ),
        (OrderOutcome.UNPAID, {0.01: "PLACE_ORDER_SUCCESS", 4: "FINISH"}),
        (OrderOutcome.CANCELLED, {0.1: "WAIT_SELLER_SEND_GOODS", 0.5: "IN_CANCEL", 2: "FINISH"}),
        (OrderOutcome.DISPUTED, {9: "WAIT_BUYER_ACCEPT_GOODS", 30: "IN_ISSUE", 50: "FINISH"}),
    ],
)
def test_an_order_goes_its_way(outcome: OrderOutcome, stations: dict[float, str]) -> None:
    order = Order(1, NOW, (), 0, outcome)
    assert {days: status_of(order, NOW + timedelta(days=days)) for days in stations} == stations


def test_running_and_ended_orders_together_are_all_that_were_made(call_store: Callable[..., Caller]) -> None:
    world = World(seed=7, listings=300, worked_example=False)
    caller = call_store(world)
    start = NOW - timedelta(days=29)
    running, ended = all_ids(caller, **span(start)), all_ids(caller, **span(start), order_status="FINISH")
    assert running
    assert ended
    assert sorted([*running, *ended]) == sorted(order.order_id for order in world.orders(start, NOW))


def test_a_reply_has_the_known_fields_names_a_buyer_and_gives_the_price_of_one_as_the_total(
    call_store: Callable[..., Caller],
) -> None:
    world = ScriptedWorld([plain_listing(1005000000000001, price="12.30")])
    world.sell(1005000000000001, NOW - timedelta(days=1), units=2)
    (order,) = asked(call_store(world), **span(NOW - timedelta(days=2)))["target_list"]
    (line,) = order["product_list"]
    assert {"order_id", "order_status", "gmt_create", "fund_status", "seller_login_id"} <= order.keys()
    assert (order["buyer_login_id"], order["gmt_create"]) == ("buyer00000", "2026-05-01 05:00:00")
    assert order["buyer_signer_fullname"].startswith("Invented")
    price = {"amount": "12.30", "currency_code": "USD"}
    assert (line["product_count"], line["product_unit_price"], line["total_product_amount"]) == (2, price, price)


def test_without_simplify_both_lists_are_item_named(call_store: Callable[..., Caller]) -> None:
    world = ScriptedWorld([plain_listing(1005000000000001)])
    world.sell(1005000000000001, NOW - timedelta(days=1))
    answer = call_store(world)(ORDERS, simplify=False, param0=span(NOW - timedelta(days=2)))
    result = answer["aliexpress_solution_order_get_response"]["result"]
    (order,) = result["target_list"]["order_dto"]
    assert set(order["product_list"]) == {"order_product_dto"}


def test_without_orders_the_list_is_left_out(call_store: Callable[..., Caller]) -> None:
    result = asked(call_store(ScriptedWorld()), **span(NOW - timedelta(days=2)))
    assert (result["total_count"], result["success"], "target_list" in result) == (0, True, False)


@pytest.mark.parametrize(
    "query",
    [
        span(NOW - timedelta(days=181)),
        span(NOW - timedelta(days=31), order_status="FINISH"),
        span(NOW - timedelta(days=1), order_status="SOLD"),
        span(NOW - timedelta(days=1), page_size=51),
        {"create_date_start": "2026-05-01", "create_date_end": "2026-05-02"},
    ],
)
def test_what_the_platform_does_not_take(caller: Caller, query: dict[str, Any]) -> None:
    assert caller.error(ORDERS, param0=query) == "isv.invalid-parameter"


def test_fields_outside_param0_are_not_heard(caller: Caller) -> None:
    assert caller.error(ORDERS, **span(NOW - timedelta(days=1))) == "MissingParameter"
