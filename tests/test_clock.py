"""Days of time zones: they follow each other without a gap, also where clocks are changed at midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from aexdash.clock import DAY, TICK, day_of, midnight, start_of_day, zone_name, zone_named

ZONES = (
    "UTC",
    "Asia/Shanghai",
    "Asia/Kathmandu",  # 5:45
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Santiago",  # clocks are changed at midnight
    "America/Havana",  # midnight comes twice
    "America/St_Johns",  # until 2011 clocks were changed a minute past midnight
    "Pacific/Apia",  # had no 30 December 2011
)

zones = some.sampled_from(ZONES).map(zone_named)
moments = some.integers(0, 31 * 365 * 86_400_000).map(lambda past: datetime(2005, 1, 1, tzinfo=UTC) + past * TICK)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Pacific/Apia", date(2011, 12, 30), 0),
        ("Asia/Kathmandu", date(2026, 3, 9), 24),
        ("UTC", date(2026, 3, 29), 24),
    ],
)
def test_a_day_is_as_long_as_its_zone_makes_it(zone, day, hours):
    of = zone_named(zone)
    assert start_of_day(day + DAY, of) - start_of_day(day, of) == timedelta(hours=hours)


def test_a_day_of_shanghai_begins_at_16_utc_of_the_day_before():
    shanghai = zone_named("Asia/Shanghai")
    noon = datetime(2026, 3, 9, 12, tzinfo=UTC)
    assert midnight(noon, shanghai) == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert midnight(noon, shanghai, days=-7) == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert [day_of(noon.replace(hour=hour), shanghai).day for hour in (0, 15, 16, 23)] == [9, 9, 10, 10]


@given(moments, zones)
@example(datetime(2006, 10, 29, 2, 31, 30, tzinfo=UTC), zone_named("America/St_Johns"))
@example(datetime(2011, 12, 30, 10, tzinfo=UTC), zone_named("Pacific/Apia"))
@example(datetime(2026, 11, 1, 5, 30, tzinfo=UTC), zone_named("America/Havana"))
def test_every_moment_lies_in_the_one_day_that_has_begun_and_not_ended(moment, zone):
    day = day_of(moment, zone)
    assert start_of_day(day, zone) <= moment < start_of_day(day + DAY, zone)
    assert midnight(moment, zone) == start_of_day(day, zone)
    assert day_of(midnight(moment, zone), zone) == day
    assert day_of(midnight(moment, zone) - TICK, zone) < day


@given(zones)
def test_a_zone_is_known_by_its_name(zone):
    assert zone_named(zone_name(zone)) == zone


@pytest.mark.parametrize(
    "name", ["Mars/One", "", "Europe", "../etc/passwd", "Asia/Shanghai\n", "/etc/localtime", "a" * 999]
)
def test_a_name_that_is_no_zone_is_one_sentence(name):
    with pytest.raises(ValueError, match=r"there is no time zone .*; write one like"):
        zone_named(name)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_the_last_day_of_the_calendar_is_a_day_too(zone):
    assert day_of(datetime(9999, 12, 31, 23, 59, tzinfo=UTC), zone_named(zone)) == date(9999, 12, 31)
