"""Orders are read beside a sync: in spans, resumably, never twice without need, and without failing any run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.demo.platform.faults import FaultKind
from aexdash.demo.platform.methods.orders import OrderMethods
from aexdash.demo.world.sales import OrderOutcome
from aexdash.model import Outcome, Status
from aexdash.snapshot.trade.orders import midnight, order_state
from aexdash.sync.evidence.orders import gather_orders
from tests.support import FIRST, NOON, Killed, Shop, world_of

(ORDERS,) = OrderMethods().table()
DAYS = timedelta(days=1)


def gather(shop: Shop, most=None, *, begin=True):
    """One run's reading of orders, and how many calls it made."""
    shop.asked.clear()
    result = gather_orders(shop.seller, shop.db, shop.store_id, most, begin=begin, clock=shop.clock)
    return result, shop.asked[ORDERS]


def sold_before(shop: Shop) -> dict[int, tuple[float, float]]:
    """Units a day from low to high, by product id, of what is held."""
    rows = shop.db.execute(
        "SELECT product_id, units_low, units_high FROM held_sales JOIN status_period AS p ON p.id = period_id"
    )
    return {number: ends for number, *ends in rows}


@pytest.fixture
def busy(open_shop) -> Shop:
    """A store of two listings that sold one unit a day for 65 days; the first of them is rejected now."""
    shop = open_shop(world_of(active=2))
    shop.clock.at = NOON - DAYS
    shop.sync("sweep")
    for day in range(65):
        for number in (FIRST, FIRST + 1):
            shop.world.sell(number, NOON - day * DAYS - timedelta(hours=1))
    shop.world.move(FIRST, Status.REJECTED, at=NOON)
    shop.clock.at = NOON
    shop.sync("sweep")
    return shop


def test_orders_are_read_whole_and_tell_what_was_sold_before(busy):
    result, calls = gather(busy)
    assert (result.problem, result.left, result.pages, calls) == ("", False, 15, 17)
    assert busy.db.execute("SELECT count(*) FROM order_line").fetchone() == (2 * 61,)
    assert sold_before(busy) == {FIRST: [1.0, 1.0]}
    state = order_state(busy.db.conn, busy.store_id)
    assert (state.connected, state.read_from, state.read_until) == (True, midnight(NOON - 60 * DAYS), NOON)


def test_nothing_of_a_buyer_is_stored(busy):
    gather(busy)
    busy.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = (busy.folder / "snapshot.db").read_bytes().lower()
    assert b"8100000000000" in stored
    assert [word for word in (b"invented", b"buyer0", b"+34") if word in stored] == []


def test_a_bounded_run_leaves_the_rest_to_the_next_whatever_that_is(busy):
    results = [gather(busy, 6)[0], *(gather(busy, 6, begin=False)[0] for _ in range(12))]
    done = [result.left for result in results].index(False)
    assert (done > 3, {result.pages for result in results[done + 1 :]}) == (True, {0})
    assert max(result.pages for result in results) < 10
    assert sold_before(busy) == {FIRST: [1.0, 1.0]}


def test_a_killed_reading_goes_on_where_it_stopped(busy):
    def kill(call):
        if call == 9:
            raise Killed

    _, whole = gather(busy.__class__(busy.folder / "other", busy.world, clock=busy.clock))
    busy._call, busy.between_calls = -1, kill
    with pytest.raises(Killed):
        gather(busy)
    busy.between_calls = lambda _call: None
    busy.restart()
    _, calls = gather(busy)
    assert (calls < whole, sold_before(busy)) == (True, {FIRST: [1.0, 1.0]})


def test_a_round_begins_once_an_hour_and_with_sweeps_alone(busy):
    gather(busy)
    calls = []
    for minutes, begin in ((30, True), (29, True), (1, False), (0, True)):
        busy.clock.move(minutes=minutes)
        calls.append(gather(busy, begin=begin)[1] > 0)
    assert calls == [False, False, False, True]


def test_an_order_that_is_paid_later_counts_then(open_shop):
    shop = open_shop(world_of(rejected=1, active=1))
    shop.world.sell(FIRST, NOON - timedelta(hours=2), 3, OrderOutcome.CANCELLED)
    shop.sync("sweep")
    gather(shop)
    assert sold_before(shop) == {FIRST: [0.1, 0.4286]}
    shop.clock.move(hours=8)
    gather(shop)
    assert sold_before(shop) == {FIRST: [0.0, 0.0]}


def test_earlier_orders_are_read_for_what_was_held_before_we_looked(open_shop):
    shop = open_shop(world_of(rejected=1))
    shop.world.sell(FIRST, NOON - 50 * DAYS, 30)
    shop.sync("sweep")
    gather(shop)
    assert order_state(shop.db.conn, shop.store_id).read_from == midnight(NOON - 90 * DAYS)
    assert sold_before(shop) == {FIRST: [0.0, 4.2857]}


def test_a_store_that_may_not_is_not_connected_and_asks_again_once_an_hour(open_shop):
    shop = open_shop(world_of(rejected=1), store={"forbidden": frozenset({ORDERS})})
    shop.sync("sweep")
    calls = []
    for minutes in (0, 59, 1):
        shop.clock.move(minutes=minutes)
        result, made = gather(shop)
        calls.append((result.left, result.problem, made))
        shop.restart()
    assert calls == [(False, "", 1), (False, "", 0), (False, "", 1)]
    state = order_state(shop.db.conn, shop.store_id)
    assert (state.connected, state.note.partition(".")[0]) == (False, "App 123456 may not call aliexpress")
    assert (shop.snapshot.measures(None).money(), sold_before(shop)) == (None, {})


@pytest.mark.parametrize(
    ("fault", "value", "said"),
    [
        (FaultKind.HTML, 0, "Orders could not be read: 127.0.0.1 answered"),
        (FaultKind.LYING_TOTAL, 2, "Orders could not be read: AliExpress reported"),
        (FaultKind.BAN, 600, "Orders could not be read: AliExpress lets app 123456 make no calls"),
    ],
)
def test_a_failure_is_said_and_fails_no_run(busy, fault, value, said):
    busy.faults.add(fault, value, method=ORDERS, after=4)
    result, _ = gather(busy)
    assert (result.left, result.problem.startswith(said)) == (True, True)
    assert (result.banned_until is not None) == (fault is FaultKind.BAN)
    busy.faults.clear()
    busy.clock.move(minutes=11)
    assert gather(busy, begin=False)[0].left is False
    assert sold_before(busy) == {FIRST: [1.0, 1.0]}


def test_a_sync_reads_orders_where_its_kit_says_so(busy):
    results = [busy.calls_of(kind, orders=most) for kind, most in (("sweep", 0), ("pulse", None), ("sweep", None))]
    assert [asked.get(ORDERS, 0) > 0 for _, asked in results] == [False, False, True]
    assert {result.outcome for result, _ in results} == {Outcome.COMPLETE}


def test_a_failure_of_orders_stands_in_the_message_of_the_run(busy):
    busy.faults.add(FaultKind.BAN, 600, method=ORDERS)
    result = busy.sync("sweep", orders=None)
    assert (result.outcome, result.held) == (Outcome.COMPLETE, 1)
    assert "Orders could not be read: AliExpress lets app 123456" in result.message
    assert result.banned_until == busy.clock() + timedelta(seconds=600)
