"""Which days are spikes, and what made them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aexdash.clock import DAY, TICK
from aexdash.snapshot.history.series import HeldPoint
from aexdash.snapshot.history.spikes import FEWEST_DAYS, MOST_DAYS, SpikeReason, find
from aexdash.statement import Reach, StoreReading

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
USUAL = (10, 12, 11, 10, 12, 11, 10, 12)


def days(*held: int | None, stores: tuple[str, ...] = ("one",), is_open: bool = False) -> list[HeldPoint]:
    """Days from 1 November on with what was held at their ends; `is_open`: the last one is not over."""
    points = []
    for number, count in enumerate(held):
        start, end = BEGIN + number * DAY, BEGIN + (number + 1) * DAY
        read = () if count is None else tuple(StoreReading(store, store, end - TICK, True) for store in stores)
        points.append(HeldPoint(start, end, count, None if count is None else 0, 0, at=end - TICK, reach=Reach(read)))
    if is_open:
        last = points[-1]
        points[-1] = HeldPoint(last.start, last.end, last.rejected, 0, 0, at=last.at, reach=last.reach, is_open=True)
    return points


def summed(**stores: list[HeldPoint]) -> list[HeldPoint]:
    """The days of all stores together; a store that was not read is not in the count of that day."""
    together = []
    for points in zip(*stores.values(), strict=True):
        known = [point for point in points if point.held is not None]
        readings = tuple(reading for point in known for reading in point.reach.readings)
        held = sum(point.held or 0 for point in known) if known else None
        first = points[0]
        together.append(HeldPoint(first.start, first.end, held, 0, 0, at=first.at, reach=Reach(readings)))
    return together


def spikes(*held: int | None, is_open: bool = False, codes=None):
    points = days(*held, is_open=is_open)
    return find(points, {"one": points}, codes or (lambda _: {}), UTC)


def told(found):
    return [(spike.day.day, spike.held, spike.usual) for spike in found]


def test_a_day_on_which_far_more_was_held_than_usual_is_a_spike():
    assert told(spikes(*USUAL, 40, 11)) == [(9, 40, 11)]


def test_of_days_in_a_row_the_highest_is_told_and_the_last_usual_day_stands_before_it():
    (spike,) = spikes(*USUAL, 30, 60, 45, 11)
    assert (spike.day.day, spike.held, spike.held_before) == (10, 60, 12)
    assert spike.before == BEGIN + 8 * DAY - TICK


@pytest.mark.parametrize("most", [15, 16])
def test_a_little_more_is_no_spike(most):
    assert spikes(*USUAL, most, 11) == []


def test_few_days_are_nothing_usual():
    assert spikes(*[10] * (FEWEST_DAYS - 1), 40, *[10] * FEWEST_DAYS) == []
    assert told(spikes(*[10] * FEWEST_DAYS, 40)) == [(8, 40, 10)]


def test_a_day_that_is_not_over_is_none_because_why_says_what_is_held_now():
    assert spikes(*USUAL, 40, is_open=True) == []


def test_a_gap_is_no_zero():
    assert spikes(*USUAL, None, None, 11) == []
    assert told(spikes(0, 0, 0, 0, 0, 0, 0, None, 5, 0)) == [(9, 5, 0)]


def test_a_store_that_was_connected_meanwhile_is_no_spike():
    old, new = days(*[2] * 16), days(*[None] * 6, *[80] * 10, stores=("new",))
    assert find(summed(one=old, new=new), {"one": old, "new": new}, lambda _: {}, UTC) == []


def test_a_spike_of_a_small_store_is_seen_beside_a_large_one():
    large, small = days(*[100] * 10), days(*[1] * 8, 21, 1, stores=("small",))
    found = find(summed(one=large, small=small), {"one": large, "small": small}, lambda _: {}, UTC)
    assert told(found) == [(9, 121, 101)]


def test_the_reasons_that_rose_with_it_are_told_with_their_stores_and_what_was_before():
    def codes_held(at):
        if at < BEGIN + 8 * DAY:
            return {"one": {"image": 2, "title": 9}, "two": {"title": 1}}
        return {"one": {"image": 26, "title": 10, "brand": 2}, "two": {"image": 4, "title": 1}}

    (spike,) = spikes(*USUAL, 40, 11, codes=codes_held)
    assert spike.reasons == (SpikeReason("image", 30, 2, (("one", 26), ("two", 4))),)
    assert spike.at == BEGIN + 9 * DAY - TICK


def test_a_spike_without_a_reason_says_none():
    (spike,) = spikes(*USUAL, 40, 11)
    assert spike.reasons == ()


def test_only_the_two_highest_are_told_in_order_of_time():
    assert [spike.day.day for spike in spikes(*USUAL, 40, 11, 30, 11, 50, 11)] == [9, 13]


def test_a_first_day_is_none_as_nothing_before_it_says_what_is_usual():
    assert spikes(40, *USUAL) == []


def test_what_is_usual_is_of_the_days_before_and_the_same_whenever_it_is_looked_at():
    (soon,) = spikes(*USUAL, 40)
    (late,) = spikes(*USUAL, 40, *[14] * 20)
    assert (soon.usual, soon.days) == (late.usual, late.days) == (11, len(USUAL))


def test_days_long_ago_do_not_say_what_is_usual():
    assert told(spikes(*[100] * 8, *[10] * MOST_DAYS, 40)) == [(9, 40, 10)]


def test_only_the_last_days_are_told_and_those_before_say_what_is_usual():
    points = days(*USUAL, 40, 11, 30, 11)
    assert told(find(points, {"one": points}, lambda _: {}, UTC, last=2)) == [(11, 30, 11)]
