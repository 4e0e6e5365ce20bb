"""Each event finds the channels it concerns, and no quiet hour is broken, on days of 23 and 25 hours neither."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.alerts.episodes.routing import Concern, due_at, end_of_quiet, is_quiet, reasons_concerned, recipients
from aexdash.alerts.model import QuietHours
from aexdash.config.sections.channels import Channel
from aexdash.model import Severity
from tests.notify.alerts import ANYTHING_HELD, NINTH, recorded_event

A_MINUTE = timedelta(minutes=1)

NIGHT = QuietHours(start=time(22), end=time(7), zone="Europe/Berlin")

CONCERN = Concern("main", Severity.HIGH, frozenset({"image.main_too_small"}), frozenset({"ana"}))


@pytest.mark.parametrize(
    ("channel", "told_of_it"),
    [
        ({}, True),
        ({"severity": "high"}, True),
        ({"severity": "critical"}, False),
        ({"stores": ("main",)}, True),
        ({"stores": ("second",)}, False),
        ({"reasons": ("image",)}, True),
        ({"reasons": ("image.main_too_small", "title")}, True),
        ({"reasons": ("title",)}, False),
        ({"owners": ("ana", "ben")}, True),
        ({"owners": ("ben",)}, False),
        ({"stores": ("main",), "severity": "critical"}, False),
        ({"digest": "daily 08:00"}, False),
    ],
)
def test_a_channel_is_told_by_severity_store_reason_and_owner(channel, told_of_it):
    assert recipients([Channel(name="team", **channel)], CONCERN) == (["team"] if told_of_it else [])


def test_who_was_told_of_an_episode_is_told_what_follows():
    channel = Channel(name="team", stores=("second",))
    assert recipients([channel], CONCERN, {"team"}) == ["team"]


def test_an_event_is_about_the_reasons_that_rose_else_about_all_that_stand():
    assert reasons_concerned({"a": 4, "b": 1}, {"b": 1}) == {"a"}
    assert reasons_concerned({"a": 4, "b": 1}, {"a": 4, "b": 2}) == {"a", "b"}
    assert reasons_concerned({}, {"a": 1}) == frozenset()


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (datetime(2026, 3, 9, 12, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC)),
        (datetime(2026, 3, 9, 21, tzinfo=UTC), datetime(2026, 3, 10, 6, tzinfo=UTC)),
        (datetime(2026, 3, 10, 5, 59, tzinfo=UTC), datetime(2026, 3, 10, 6, tzinfo=UTC)),
        (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)),  # a night of eight hours
        (datetime(2026, 10, 24, 21, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC)),  # and one of ten
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(at, ends):
    assert end_of_quiet(NIGHT, at) == ends


def test_what_is_critical_is_told_in_quiet_hours_and_a_mute_holds_even_that_back():
    at = datetime(2026, 3, 9, 21, tzinfo=UTC)
    quiet = ANYTHING_HELD.model_copy(update={"quiet": NIGHT})
    muted = quiet.model_copy(update={"muted_until": at + timedelta(hours=1)})
    morning = datetime(2026, 3, 10, 6, tzinfo=UTC)
    assert due_at(quiet, recorded_event(rule=quiet).event.severity, at) == morning
    assert due_at(quiet, recorded_event(rule=quiet, severity=Severity.CRITICAL).event.severity, at) == at
    assert due_at(muted, recorded_event(rule=muted).event.severity, at) == morning
    assert due_at(muted, recorded_event(rule=muted, severity=Severity.CRITICAL).event.severity, at) == at + timedelta(
        hours=1
    )
    assert due_at(ANYTHING_HELD, recorded_event().event.severity, NINTH) == NINTH


ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
NEAR_CHANGES = (
    datetime(2026, 3, 28, 12, tzinfo=UTC),
    datetime(2026, 4, 4, 6, tzinfo=UTC),
    datetime(2026, 10, 24, tzinfo=UTC),
)
MINUTES_OF_A_DAY = st.integers(0, 24 * 60 - 1)


@given(
    zone=st.sampled_from(ZONES),
    start=MINUTES_OF_A_DAY,
    end=MINUTES_OF_A_DAY,
    base=st.sampled_from(NEAR_CHANGES),
    after=st.integers(0, 60 * 60),
)
def test_quiet_hours_end_when_a_look_at_the_wall_each_minute_says_so(zone, start, end, base, after):
    quiet = QuietHours(start=time(*divmod(start, 60)), end=time(*divmod(end, 60)), zone=zone)
    at = base + after * A_MINUTE
    found = end_of_quiet(quiet, at)
    plain = at
    while start != end and is_quiet(quiet, plain):
        plain += A_MINUTE
    skipped = found.astimezone(ZoneInfo(zone)).time() != quiet.end and found != at
    assert found - plain <= timedelta(hours=1) if skipped else found == plain
    assert not is_quiet(quiet, found)
