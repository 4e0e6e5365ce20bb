"""What held listings sold before they were held equals a slow recomputation from the rows alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.clock import DAY
from aexdash.model import Status
from aexdash.platform_data import Detail, OrderLine, Sku
from aexdash.snapshot.evidence.api import record_details
from aexdash.snapshot.measures.facts import Earnings, MoneyHeld
from aexdash.snapshot.trade.held_sales import needed_from, refresh_held_sales
from aexdash.snapshot.trade.orders import (
    OrderState,
    keep_order_state,
    midnight,
    record_order_lines,
)
from tests.snapshot.store import ACTIVE, AUDITING, NOON, OFFLINE, REJECTED, Store
from tests.support import examples

KNOWN_FROM = midnight(NOON - 120 * DAY)
BEGAN = NOON - 90 * DAY
"""When the store is first looked at."""


def sale(product_id: int, at: datetime, units: int = 1, price: str | None = "10.00", **words: str) -> OrderLine:
    """A paid line of an order made then."""
    order = OrderLine(
        order_id=f"{product_id}-{at:%Y%m%d%H%M%S}",
        line_id="1",
        product_id=product_id,
        sku_code="",
        units=units,
        unit_price=price,
        currency="USD",
        created_at=at,
        created_raw=None,
        status="FINISH",
        fund_status="PAY_SUCCESS",
    )
    return replace(order, **words)


def read(store: Store, *lines: OrderLine, since: datetime = KNOWN_FROM, known_from: datetime = KNOWN_FROM) -> int:
    """Record orders as all there are up to now, and work out what they mean."""
    record_order_lines(store.db, store.id, lines)
    keep_order_state(store.db, store.id, OrderState(True, known_from, store.now, store.now))
    return refresh_held_sales(store.db, store.id, since, store.now)


def figures(store: Store) -> list[tuple[object, ...]]:
    """What is stored: listing, units and amount a day from low to high, currency, sold, in stock."""
    return store.rows(
        "SELECT p.product_id, units_low, units_high, amount_low, amount_high, h.currency, sold, in_stock "
        "FROM held_sales AS h JOIN status_period AS p ON p.id = h.period_id ORDER BY p.id"
    )


def hold(store: Store, *statuses: Status) -> None:
    """Show listings 1, 2, … on sale ninety days before noon, and in these statuses at noon."""
    store.now = BEGAN
    store.sweep(dict.fromkeys(range(1, len(statuses) + 1), ACTIVE))
    store.now = NOON
    store.sweep(dict(enumerate(statuses, start=1)))


def test_the_range_goes_from_the_mean_of_thirty_days_to_that_of_the_last_seven(store: Store) -> None:
    hold(store, REJECTED)
    read(store, sale(1, NOON - 20 * DAY, 9, "20.00"), sale(1, NOON - 2 * DAY, 7, "10.00"), sale(1, NOON - 31 * DAY, 90))
    assert figures(store) == [(1, 0.5333, 1.0, 8.3333, 10.0, "USD", 1, None)]
    assert store.snapshot.measures(None).money() == MoneyHeld(
        Earnings(0.5333, 1.0), {"USD": Earnings(8.3333, 10.0)}, known=1, of=1, never_sold=0, out_of_stock=0
    )


@pytest.mark.parametrize(
    "words",
    [
        {"status": "PLACE_ORDER_SUCCESS", "fund_status": "NOT_PAY"},
        {"status": "FINISH", "fund_status": "NOT_PAY"},
        {"status": "RISK_CONTROL"},
        {"status": "IN_CANCEL"},
        {"status": "FINISH", "end_reason": "buyer_cancel_order"},
    ],
)
def test_an_order_that_nobody_paid_or_that_was_taken_back_sold_nothing(store: Store, words: dict[str, str]) -> None:
    hold(store, REJECTED)
    read(store, sale(1, NOON - DAY, **words))
    assert figures(store) == [(1, 0.0, 0.0, 0.0, 0.0, None, 0, None)]


def test_an_order_in_dispute_was_sold(store: Store) -> None:
    hold(store, REJECTED)
    read(store, sale(1, NOON - DAY, status="IN_ISSUE"))
    assert figures(store)[0][1:3] == (0.0333, 0.1429)


def test_never_sold_and_out_of_stock_stand_apart(store: Store) -> None:
    hold(store, REJECTED, REJECTED, AUDITING, ACTIVE)
    stocks = {1: (0, 0), 3: (0, 5)}
    details = [
        Detail(number, REJECTED, "x", None, {}, (), (), tuple(Sku("", "", None, left) for left in stock), None, None)
        for number, stock in stocks.items()
    ]
    record_details(store.db, store.id, details, NOON)
    read(store, *(sale(number, NOON - DAY, 30, "1.00") for number in (1, 3, 4)))
    assert [(row[0], *row[-2:]) for row in figures(store)] == [(1, 1, 0), (2, 0, None), (3, 1, 1)]
    money = store.snapshot.measures(None).money()
    assert money == MoneyHeld(
        Earnings(1.0, 4.2857), {"USD": Earnings(1.0, 4.2857)}, known=3, of=3, never_sold=1, out_of_stock=1
    )


def test_amounts_are_those_of_one_currency_and_units_are_all(store: Store) -> None:
    hold(store, REJECTED)
    lines = sale(1, NOON - DAY, 3, "2.00"), sale(1, NOON - 2 * DAY, 1, "90.00", currency="EUR")
    read(store, *lines, sale(1, NOON - 3 * DAY, 3, None), sale(1, NOON - 4 * DAY, 7, "free"))
    assert figures(store) == [(1, 0.4667, 2.0, 0.2, 0.8571, "USD", 1, None)]


def test_a_spell_goes_through_audit_and_rejection(store: Store) -> None:
    hold(store, AUDITING)
    for hours, status in ((2, REJECTED), (4, AUDITING)):
        store.now = NOON + timedelta(hours=hours)
        store.pulse({1: status})
    read(store, sale(1, NOON - DAY, 30), sale(1, NOON + timedelta(hours=1), 300))
    assert figures(store) == [(1, 1.0, 4.2857, 10.0, 42.8571, "USD", 1, None)] * 3
    assert [store.snapshot.measures(None, at).money() for at in (NOON, store.now)] == [
        MoneyHeld(Earnings(1.0, 4.2857), {"USD": Earnings(10.0, 42.8571)}, 1, 1, 0, 0)
    ] * 2


def test_what_is_known_of_a_spell_stands_for_its_next_period_at_once(store: Store) -> None:
    hold(store, AUDITING, AUDITING)
    read(store, sale(1, NOON - DAY, 30))
    known = figures(store)
    store.now = NOON + timedelta(hours=2)
    store.pulse({1: REJECTED, 2: AUDITING})
    assert [refresh_held_sales(store.db, store.id, None, store.now) for _ in range(2)] == [1, 0]
    assert figures(store) == [*known, known[0]]


def test_what_is_held_between_two_rounds_is_known_at_once_and_mended_by_the_next(store: Store) -> None:
    hold(store, ACTIVE)
    read(store, sale(1, NOON - DAY, 30))
    store.now = NOON + timedelta(hours=2)
    store.pulse({1: REJECTED})
    assert (refresh_held_sales(store.db, store.id, None, store.now), figures(store)[0][1]) == (1, 1.0)
    assert (read(store, sale(1, NOON + timedelta(hours=1), 3)), figures(store)[0][1]) == (1, 1.1)
    store.now = NOON + 3 * DAY
    store.pulse({1: REJECTED, 2: REJECTED})
    assert refresh_held_sales(store.db, store.id, None, store.now) == 0


def test_a_listing_held_when_we_first_looked_is_measured_before_its_last_sale_too(store: Store) -> None:
    store.sweep({1: REJECTED, 2: REJECTED})
    read(store, sale(1, NOON - 45 * DAY, 3), sale(1, NOON - 46 * DAY, 4))
    assert figures(store) == [(1, 0.0, 1.0, 0.0, 10.0, "USD", 1, None), (2, 0.0, 0.0, 0.0, 0.0, None, 0, None)]


def test_what_is_not_read_is_unknown_and_not_a_zero(store: Store) -> None:
    hold(store, REJECTED)
    known_from = midnight(NOON - 29 * DAY)
    assert (read(store, known_from=known_from), figures(store)) == (0, [])
    assert store.snapshot.measures(None).money() == MoneyHeld(
        Earnings(0, 0), {}, known=0, of=1, never_sold=0, out_of_stock=0
    )
    assert needed_from(store.db, store.id) == NOON - 30 * DAY
    assert (read(store, sale(1, NOON - 29 * DAY)), needed_from(store.db, store.id)) == (1, None)


def test_a_store_that_may_not_read_its_orders_has_no_figure_at_all(store: Store) -> None:
    hold(store, REJECTED)
    assert store.snapshot.measures(None).money() is None


def test_it_is_worked_out_again_when_orders_change_and_else_left_alone(store: Store) -> None:
    hold(store, REJECTED)
    unpaid = sale(1, NOON - DAY, 7, status="PLACE_ORDER_SUCCESS")
    assert [read(store, unpaid), read(store, unpaid), read(store, sale(1, NOON - DAY, 7))] == [1, 0, 1]
    version = store.snapshot.version()
    assert (read(store), store.snapshot.version()) == (0, version)


# Random lives: every stored figure, and the sum at every moment, against plain Python.


@dataclass(frozen=True)
class Span:
    """A held period as the rows tell it, with the spell it belongs to."""

    product_id: int
    started: datetime
    ended: datetime | None
    begun: datetime
    seen: bool


def spans(lives: dict[int, list[Status]], moments: list[datetime]) -> list[Span]:
    """Cut each life, one status a moment, into held periods."""
    found = []
    for product_id, life in lives.items():
        begun, seen, previous, started = moments[0], False, None, moments[0]
        for index, (at, status) in enumerate(zip(moments, life, strict=True)):
            held = status in (REJECTED, AUDITING)
            if status is not previous:
                started = at
                if held and previous not in (REJECTED, AUDITING):
                    begun, seen = at, index > 0
            leaves = index + 1 < len(life) and life[index + 1] is not status
            if held and (leaves or index + 1 == len(life)):
                found.append(Span(product_id, started, moments[index + 1] if leaves else None, begun, seen))
            previous = status
    return found


def mean(lines: list[OrderLine], end: datetime, days: int) -> tuple[Fraction, Fraction]:
    """Units and amount a day in the days before a moment."""
    within = [line for line in lines if end - days * DAY <= line.created_at < end]
    amount = sum((line.units * Fraction(line.unit_price or 0) for line in within), Fraction())
    return Fraction(sum(line.units for line in within), days), amount / days


def expected(span: Span, lines: list[OrderLine]) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Units from low to high and amount from low to high."""
    paid = [line for line in lines if line.product_id == span.product_id and line.status == "FINISH"]
    ends = [span.begun]
    if not span.seen:
        before = [line.created_at for line in paid if span.begun - 60 * DAY <= line.created_at < span.begun]
        ends += [max(before) + timedelta(milliseconds=1)] if before else []
    means = [mean(paid, end, days) for end in ends for days in (30, 7)]
    units, amounts = zip(*means, strict=True)
    return min(units), max(units), min(amounts), max(amounts)


STATUSES = st.sampled_from([ACTIVE, AUDITING, REJECTED, OFFLINE])
LIVES = st.dictionaries(st.integers(1, 4), st.lists(STATUSES, min_size=6, max_size=6), min_size=1)
SALES = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(0, 100 * 24),
        st.integers(1, 5),
        st.sampled_from(["1.10", "20.00"]),
        st.sampled_from(["FINISH", "FINISH", "IN_CANCEL"]),
    ),
    max_size=25,
    unique_by=lambda told: told[:2],
)
MOMENTS = [NOON - days * DAY for days in (10, 8, 5, 3, 2, 0)]


@settings(max_examples=examples(60), deadline=None)
@given(LIVES, SALES)
def test_every_figure_equals_the_plain_one(
    lives: dict[int, list[Status]], sales: list[tuple[int, int, int, str, str]]
) -> None:
    lines = [
        sale(number, NOON - timedelta(hours=hours, minutes=1), units, price, status=status)
        for number, hours, units, price, status in sales
    ]
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for index, at in enumerate(MOMENTS):
            store.now = at
            store.sweep({number: life[index] for number, life in lives.items()})
        read(store, *lines)
        held = spans(lives, MOMENTS)
        assert sorted(figures(store), key=str) == sorted((stored(span, lines) for span in held), key=str)
        for at in (*MOMENTS, MOMENTS[2] + timedelta(hours=7)):
            assert totals(store.snapshot.measures(None, at).money()) == pytest.approx(plain_totals(held, lines, at))
        store.db.close()


def stored(span: Span, lines: list[OrderLine]) -> tuple[object, ...]:
    """The row that a span must have."""
    low, high, amount_low, amount_high = (round(float(value), 4) for value in expected(span, lines))
    sold = high > 0
    return span.product_id, low, high, amount_low, amount_high, "USD" if sold else None, int(sold), None


def totals(money: MoneyHeld | None) -> dict[str, float]:
    assert money is not None
    amount = money.amounts.get("USD", Earnings(0, 0))
    return {
        "units low": money.units.low, "units high": money.units.high, "low": amount.low, "high": amount.high,
        "known": money.known, "of": money.of, "never sold": money.never_sold,
    }  # fmt: skip


def plain_totals(held: list[Span], lines: list[OrderLine], at: datetime) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    sums.update(dict.fromkeys(("units low", "units high", "low", "high", "known", "of", "never sold"), 0.0))
    for span in held:
        if span.started <= at and (span.ended is None or at < span.ended):
            _, low, high, amount_low, amount_high, _, sold, _ = stored(span, lines)
            for name, value in (("known", 1), ("of", 1), ("never sold", 1 - int(str(sold)))):
                sums[name] += value
            for name, value in (("units low", low), ("units high", high), ("low", amount_low), ("high", amount_high)):
                sums[name] += float(str(value))
    return dict(sums)
