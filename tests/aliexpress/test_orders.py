from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.aliexpress.errors import BusinessFailure, PermissionDenied, PlatformFault, UnreadableAnswer
from aexdash.aliexpress.listings import connect
from aexdash.platform_data import OrderLine
from tests.aliexpress.played import Shop, Time, account, error

ORDERS = "aliexpress.solution.order.get"
START, END = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
EMPTY = {"success": True, "total_count": 0, "total_page": 0, "current_page": 1}


def product(number=1005001234567890, **more):
    return {
        "child_id": 8100000000000002,
        "product_id": number,
        "sku_code": "BOOT-42",
        "product_count": 2,
        "product_unit_price": {"amount": "1230.00", "currency_code": "EUR"},
        "total_product_amount": {"amount": "1230.00", "currency_code": "EUR"},
        **more,
    }


def order(number=8100000000000001, *products, **more):
    return {
        "order_id": number,
        "order_status": "WAIT_SELLER_SEND_GOODS",
        "fund_status": "PAY_SUCCESS",
        "gmt_create": "2026-03-03 10:00:00",
        "buyer_login_id": "invented-login",
        "buyer_signer_fullname": "Invented Person",
        "phone": "+00 000",
        "product_list": list(products) or [product()],
        **more,
    }


def listed(*orders, total=None):
    total = len(orders) if total is None else total
    return {
        **EMPTY,
        "error_message": "1",
        "total_count": total,
        "total_page": -(-total // 20),
        "target_list": [*orders],
    }


def seller(tmp_path, *running, finished=()):
    """A store whose running orders have these pages, and those that have ended the others."""

    def answer(asked):
        query = asked.json("param0")
        pages = finished if query.get("order_status") == "FINISH" else running
        number = query["current_page"]
        return {"result": pages[number - 1] if number <= len(pages) else EMPTY}

    platform = Shop(**{ORDERS: answer})
    time = Time()
    return connect(account(tmp_path), clock=time, sleep=time.sleep, respond=platform), platform


def read(store, start=START, end=END):
    return [line for lines in store.orders(start, end) for line in lines]


def test_a_line_is_units_of_a_listing_at_the_price_of_one(tmp_path):
    store, _ = seller(tmp_path, listed(order()))
    assert read(store) == [
        OrderLine(
            order_id="8100000000000001",
            line_id="8100000000000002",
            product_id=1005001234567890,
            sku_code="BOOT-42",
            units=2,
            unit_price="1230.00",
            currency="EUR",
            created_at=datetime(2026, 3, 3, 18, tzinfo=UTC),
            created_raw="2026-03-03 10:00:00",
            status="WAIT_SELLER_SEND_GOODS",
            fund_status="PAY_SUCCESS",
        )
    ]


def test_nothing_of_the_buyer_is_read(tmp_path):
    store, _ = seller(tmp_path, listed(order()))
    assert not any(secret in repr(read(store)) for secret in ("Invented", "invented", "+00"))
    assert not [field.name for field in fields(OrderLine) if "buyer" in field.name or "name" in field.name]


def test_both_forms_of_both_lists(tmp_path):
    plain, _ = seller(tmp_path, listed(order()))
    named = order() | {"product_list": {"order_product_dto": [product()]}}
    wrapped, _ = seller(tmp_path, listed() | {"total_count": 1, "target_list": {"order_dto": [named]}})
    assert read(wrapped) == read(plain)


def test_what_is_asked_is_one_json_text_in_pacific_time_and_the_ended_apart(tmp_path):
    store, platform = seller(tmp_path, EMPTY)
    assert read(store) == []
    asked = [call.json("param0") for call in platform.asked]
    span = {"create_date_start": "2026-03-01 16:00:00", "create_date_end": "2026-03-08 16:59:59"}
    page = {"page_size": 20, "current_page": 1}
    assert asked == [{**span, **page}, {**span, **page, "order_status": "FINISH"}]


def test_a_long_span_is_asked_for_in_pieces_that_the_platform_takes(tmp_path):
    store, platform = seller(tmp_path, EMPTY)
    assert read(store, START - timedelta(days=200), START) == []
    asked = [call.json("param0") for call in platform.asked]
    lengths = {"running": [], "FINISH": []}
    for query in asked:
        start, end = (datetime.fromisoformat(query[name]) for name in ("create_date_start", "create_date_end"))
        lengths[query.get("order_status", "running")].append(end - start)
    assert max(lengths["running"]) <= timedelta(days=180)
    assert max(lengths["FINISH"]) <= timedelta(days=30)
    for found in lengths.values():
        assert abs(sum(found, timedelta()) - timedelta(days=200)) <= timedelta(hours=2)


def test_an_absent_list_is_an_empty_page(tmp_path):
    store, _ = seller(tmp_path, EMPTY, finished=({"success": True},))
    assert read(store) == []


def test_success_decides_not_the_error_message(tmp_path):
    store, _ = seller(tmp_path, listed(order()) | {"error_message": "操作成功", "error_code": "0"})
    assert len(read(store)) == 1
    failed, _ = seller(tmp_path, {"success": False, "error_code": "7", "error_message": "no"})
    with pytest.raises(BusinessFailure):
        read(failed)


def test_every_page_is_read(tmp_path):
    first = listed(*(order(number) for number in range(1, 21)), total=23)
    second = listed(*(order(number) for number in range(21, 24)), total=23)
    store, _ = seller(tmp_path, first, second, finished=(listed(order(99)),))
    assert [line.order_id for line in read(store)] == [*map(str, range(1, 24)), "99"]


def test_fewer_orders_than_reported_are_not_taken_for_all(tmp_path):
    store, _ = seller(tmp_path, listed(order(1), total=3))
    with pytest.raises(UnreadableAnswer, match=r"AliExpress reported 3 orders and showed 1\."):
        read(store)


@pytest.mark.parametrize(
    ("changed", "read_as"),
    [
        ({"child_id": None}, {"line_id": "1005001234567890:BOOT-42"}),
        ({"sku_code": None}, {"sku_code": ""}),
        ({"product_unit_price": None}, {"unit_price": None, "currency": None}),
        ({"product_id": "1005001234567890"}, {"product_id": 1005001234567890}),
    ],
)
def test_what_a_line_may_lack(tmp_path, changed, read_as):
    store, _ = seller(tmp_path, listed(order(1, product(**changed))))
    (line,) = read(store)
    assert {name: getattr(line, name) for name in read_as} == read_as


@pytest.mark.parametrize("changed", [{"product_count": 0}, {"product_id": None}, {"product_count": "many"}])
def test_a_line_that_tells_no_listing_or_no_units_is_left_out(tmp_path, changed):
    store, _ = seller(tmp_path, listed(order(1, product(**changed), product())))
    assert [line.units for line in read(store)] == [2]


def test_an_order_without_its_moment_has_that_of_its_payment(tmp_path):
    paid = order(1, gmt_create=None, gmt_pay_time="2026-03-04 10:00:00")
    store, _ = seller(tmp_path, listed(paid, order(2, gmt_create="soon"), total=2))
    assert [(line.order_id, line.created_at) for line in read(store)] == [("1", datetime(2026, 3, 4, 18, tzinfo=UTC))]


def test_a_refusal_is_final_for_the_connection_and_a_fault_is_not(tmp_path):
    answers = [error("isp.error", type="ISP"), error("InsufficientPermission")]
    platform = Shop(**{ORDERS: lambda _asked: answers[0]})
    time = Time()
    store = connect(account(tmp_path), clock=time, sleep=time.sleep, respond=platform)
    with pytest.raises(PlatformFault):
        read(store)
    answers.pop(0)
    for _ in range(2):
        with pytest.raises(PermissionDenied, match=r"may not call aliexpress\.solution\.order\.get"):
            read(store)
    assert len(platform.called) == 5
