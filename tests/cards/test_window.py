"""Windows are two moments; whole days are those of a zone, of 23, 24 or 25 hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.cards import Window
from aexdash.cards.window import before, bounds

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [
        (Window.RT, NOON, NOON),
        (Window.H24, datetime(2026, 3, 8, 12, tzinfo=UTC), NOON),
        (Window.D7, datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)),
        (Window.D30, datetime(2026, 2, 7, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)),
        (Window.D90, datetime(2025, 12, 9, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)),
        (Window.TODAY, datetime(2026, 3, 9, tzinfo=UTC), NOON),
    ],
)
def test_each_window_at_a_noon(window, start, end):
    assert bounds(window, NOON) == (start, end)


def test_days_are_those_of_the_zone():
    evening = datetime(2026, 3, 9, 20, tzinfo=UTC)  # already the 10th in Shanghai
    assert bounds(Window.TODAY, evening, SHANGHAI) == (datetime(2026, 3, 9, 16, tzinfo=UTC), evening)
    assert bounds(Window.D7, evening, SHANGHAI)[1] == datetime(2026, 3, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 30, 167), (10, 26, 169)])
def test_a_week_with_a_day_of_23_or_25_hours(month, day, hours):
    start, end = bounds(Window.D7, datetime(2026, month, day, 12, tzinfo=UTC), BERLIN)
    assert end - start == timedelta(hours=hours)
    assert [moment.astimezone(BERLIN).hour for moment in (start, end)] == [0, 0]


def test_the_window_before():
    assert before(Window.RT, NOON) == before(Window.H24, NOON) == before(Window.TODAY, NOON) == NOON - timedelta(days=1)
    assert before(Window.D30, NOON) == NOON - timedelta(days=30)
    after_the_change = datetime(2026, 3, 30, 10, tzinfo=UTC)
    assert before(Window.TODAY, after_the_change, BERLIN) == datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert before(Window.D7, after_the_change, BERLIN) == datetime(2026, 3, 23, 11, tzinfo=UTC)


@given(
    st.integers(0, 10 * 365 * 86400).map(lambda after: NOON + timedelta(seconds=after)),
    st.sampled_from([Window.D7, Window.D30, Window.D90]),
    st.sampled_from([UTC, BERLIN, SHANGHAI, ZoneInfo("America/New_York")]),
)
def test_windows_of_days_follow_each_other_without_a_gap(moment, window, zone):
    start, end = bounds(window, moment, zone)
    assert bounds(window, before(window, moment, zone), zone)[1] == start
    assert start < end <= moment
