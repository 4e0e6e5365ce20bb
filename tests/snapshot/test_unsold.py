"""What is on sale and sold nothing: only as far as orders were read, and of nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.model import Status
from aexdash.platform_data import Detail, Sku
from aexdash.snapshot.evidence.api import record_details
from aexdash.snapshot.trade.orders import OrderState, keep_order_state, record_order_lines
from aexdash.words.reconcile.on_sale import pieces_words, since_words, sold_words, unsold_words
from tests.snapshot.store import ACTIVE, NOON, REJECTED, Store
from tests.snapshot.trade.test_held_sales import sale
from tests.support import examples

DAY = timedelta(days=1)
LATER = NOON + 40 * DAY
"""When it is asked, of listings on sale from noon on."""


def orders(store: Store, read_from: datetime, until: datetime, note: str = "") -> None:
    keep_order_state(store.db, store.id, OrderState(not note, read_from, until, until, note))


def forty_days(store: Store) -> Store:
    """Three on sale from noon on and a fourth for ten days; a fifth is rejected."""
    store.sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE, 5: REJECTED})
    store.after(days=30).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE, 4: ACTIVE, 5: REJECTED})
    store.after(days=10).sweep({1: ACTIVE, 2: ACTIVE, 3: ACTIVE, 4: ACTIVE, 5: REJECTED})
    lines = [sale(1, NOON + DAY, units=2), sale(1, NOON + 2 * DAY), sale(2, LATER - 3 * DAY)]
    record_order_lines(store.db, store.id, [*lines, sale(3, LATER - DAY, fund_status="NOT_PAY")])
    return store


def found(store: Store, days: int = 30):
    return store.snapshot.comparison(None).unsold(LATER, days)


def words(store: Store, days: int = 30) -> str:
    reads = store.snapshot.comparison(None).standings().reads(LATER, [Status.ACTIVE])
    return unsold_words(found(store, days), days, reads)


def test_those_that_sold_before_come_first_and_each_says_when_it_last_sold(store):
    orders(forty_days(store), NOON - DAY, LATER)
    record_details(
        store.db, store.id, [Detail(1, ACTIVE, "x", None, {}, (), (), (Sku("1", "A", None, 0),), None, None)], LATER
    )
    [told] = found(store)
    assert [(one.product_id, sold_words(one), pieces_words(one)) for one in told.listings] == [
        (1, "11 Mar 2026 12:00 UTC; 3 pieces before", "0 on 18 Apr 2026 12:00 UTC"),
        (3, "none in the orders that were read", "not known"),
    ]
    assert since_words(told.listings[0], LATER) == "≥ 40 days, since 9 Mar 2026 12:00 UTC"
    assert words(store) == (
        "2 of 3 listings on sale for 30 days sold nothing in the days up to 18 Apr 2026 12:00 UTC; 1 of them had sold "
        "before. 1 is not known to have been on sale for 30 days, and left out. "
        "What is on sale was last read 18 Apr 2026 12:00 UTC."
    )


def test_where_not_all_days_were_read_it_is_at_most_so_many(store):
    orders(forty_days(store), LATER - 5 * DAY, LATER)
    assert [one.product_id for one in found(store)[0].listings] == [1, 3]
    assert words(store).startswith("At most 2 of 3 listings on sale for 30 days sold nothing")
    assert words(store).endswith(
        "Orders of main were read from 13 Apr 2026 12:00 UTC on: some may have sold before that."
    )


def test_the_days_end_with_the_orders_that_were_read(store):
    orders(forty_days(store), NOON - DAY, LATER - 5 * DAY)
    [told] = found(store)
    assert [one.product_id for one in told.listings] == [1, 2, 3]
    assert (told.until, told.whole) == (LATER - 5 * DAY, True)


@pytest.mark.parametrize("note", ["", "Insufficient permission."])
def test_without_orders_nothing_is_known_and_never_all_or_none(store, note):
    forty_days(store)
    if note:
        keep_order_state(store.db, store.id, OrderState().refused(LATER, note))
    why = ": Insufficient permission" if note else ""
    assert words(store) == f"Not known which listings on sale sold nothing. Orders of main were not read{why}."


def test_nobody_is_long_enough_on_sale(store):
    orders(forty_days(store), NOON - 100 * DAY, LATER)
    assert words(store, 60).startswith("No listing is known to have been on sale for 60 days. 4 are not known")


@settings(max_examples=examples(15), deadline=None)
@given(
    sold=st.dictionaries(st.integers(1, 4), st.lists(st.integers(0, 39), max_size=4)),
    days=st.integers(1, 45),
    first=st.integers(0, 39),
    last=st.integers(1, 40),
)
def test_it_is_a_plain_count_of_days_without_a_sale(tmp_path_factory, sold, days, first, last):
    store = forty_days(Store(tmp_path_factory.mktemp("unsold")))
    store.db.execute("DELETE FROM order_line")
    record_order_lines(store.db, store.id, [sale(one, NOON + n * DAY) for one, many in sold.items() for n in set(many)])
    orders(store, NOON + first * DAY, NOON + last * DAY)
    [told] = found(store, days)
    if last <= first:
        assert told.until is None
        return
    begun = {1: 0, 2: 0, 3: 0, 4: 30}
    asked = range(max(last - days, first), last)
    plainly = {one for one, begin in begun.items() if begin <= last - days and not set(sold.get(one, ())) & set(asked)}
    assert {one.product_id for one in told.listings} == plainly
    assert told.whole == (first <= last - days)
    assert told.younger == sum(begin > last - days for begin in begun.values())
