"""Order lines are recorded once, rounds of reading go on where they stopped, and no column names a buyer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aexdash.clock import DAY
from aexdash.platform_data import OrderLine
from aexdash.snapshot.trade.orders import (
    FURTHEST,
    OrderState,
    keep_order_state,
    midnight,
    order_state,
    record_order_lines,
)
from tests.snapshot.store import NOON, Store

LINE = OrderLine(
    order_id="8100000000000001",
    line_id="8100000000000002",
    product_id=1005001234567890,
    sku_code="BOOT-42",
    units=2,
    unit_price="12.30",
    currency="USD",
    created_at=NOON - timedelta(days=2),
    created_raw="2026-03-07 04:00:00",
    status="WAIT_SELLER_SEND_GOODS",
    fund_status="PAY_SUCCESS",
)


def read_all(state: OrderState, needed_from: datetime | None = None) -> tuple[OrderState, list[tuple[str, str]]]:
    """Read span after span until nothing is left."""
    spans = []
    while span := state.next_span(DAY * 30, needed_from):
        spans.append(span)
        state = state.after(*span)
    return state, [(f"{start:%m-%d %H}", f"{end:%m-%d %H}") for start, end in spans]


def test_a_line_is_stored_once_and_as_it_was_last_seen(store: Store) -> None:
    ended = replace(LINE, status="FINISH", end_reason="buyer_accept_goods")
    written = [record_order_lines(store.db, store.id, lines) for lines in ([LINE], [LINE], [ended, ended], [])]
    assert written == [1, 0, 1, 0]
    assert store.rows("SELECT order_id, line_id, units, unit_price, status, end_reason FROM order_line") == [
        ("8100000000000001", "8100000000000002", 2, "12.30", "FINISH", "buyer_accept_goods")
    ]


def test_no_column_of_an_order_names_a_buyer(store: Store) -> None:
    columns = {name for (name,) in store.rows("SELECT name FROM pragma_table_info('order_line')")}
    assert columns == {
        "store_id", "order_id", "line_id", "product_id", "sku_code", "units", "unit_price", "currency", "created_at",
        "created_raw", "status", "fund_status", "end_reason",
    }  # fmt: skip


def test_the_first_round_reads_sixty_days_and_the_next_ones_three(store: Store) -> None:
    state, spans = read_all(OrderState().begun(NOON))
    assert spans == [("01-08 00", "02-07 00"), ("02-07 00", "03-09 00"), ("03-09 00", "03-09 12")]
    assert (state, state.whole) == (OrderState(True, midnight(NOON - 60 * DAY), NOON, NOON), True)
    later = NOON + timedelta(hours=1)
    assert read_all(state.begun(later))[1] == [("03-06 00", "03-09 13")]


def test_a_round_that_was_broken_off_goes_on_where_it_stopped(store: Store) -> None:
    begun = OrderState().begun(NOON)
    keep_order_state(store.db, store.id, begun.after(begun.read_from, begun.read_from + 40 * DAY))
    found = order_state(store.db.conn, store.id)
    assert (found.goes_on, found.next_span(30 * DAY, None)) == (True, (midnight(NOON - 20 * DAY), NOON))


def test_earlier_orders_are_read_where_they_are_needed_but_not_for_ever(store: Store) -> None:
    state, _ = read_all(OrderState().begun(NOON))
    needed, spans = read_all(state, NOON - 75 * DAY)
    assert (spans, needed.read_from) == ([("12-24 00", "01-08 00")], midnight(NOON - 75 * DAY))
    assert read_all(state, NOON - 900 * DAY)[0].read_from == midnight(NOON - FURTHEST)


def test_a_refusal_is_kept_with_its_words_and_asked_again_an_hour_later(store: Store) -> None:
    refused = OrderState().begun(NOON).refused(NOON, "App 1 may not call it.")
    assert refused == OrderState(tried_at=NOON, note="App 1 may not call it.")
    before = store.snapshot.version()
    for _ in range(2):
        keep_order_state(store.db, store.id, refused)
    assert (order_state(store.db.conn, store.id), store.snapshot.version()) == (refused, before + 1)
    due = [refused.due(NOON + timedelta(minutes=minutes)) for minutes in (59, 60)]
    assert (refused.goes_on, due) == (False, [False, True])


def test_what_was_read_long_ago_is_read_anew(store: Store) -> None:
    state, _ = read_all(OrderState().begun(NOON))
    later = NOON + 300 * DAY
    assert state.begun(later).read_from == midnight(later - 60 * DAY)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(MOMENTS, min_size=1, max_size=6), st.integers(1, 40), MOMENTS)
def test_what_counts_as_read_was_read_whatever_the_clock_does(
    clock: list[datetime], length: int, needed: datetime
) -> None:
    state, read = OrderState(), []
    for now in clock:
        state = state.begun(now)
        while span := state.next_span(length * DAY, needed):
            read.append(span)
            state = state.after(*span)
        assert state.read_from is not None
        assert state.read_until is not None
        assert state.read_until >= now
        assert reached(read, state.read_from) >= state.read_until
        read = [span for span in read if span[1] > state.read_from]


def reached(spans: list[tuple[datetime, datetime]], start: datetime) -> datetime:
    """How far spans that follow each other go without a gap."""
    for begin, end in sorted(spans):
        start = max(start, end) if begin <= start else start
    return start
