"""Bands: what they make of a value, which contradict themselves, what they would have said, and who set them."""

from __future__ import annotations

import math
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aexdash.cards import CARDS, NO_BAND, Band, Direction
from aexdash.desk.bands import (
    BandError,
    Change,
    Sensitivity,
    Span,
    Standing,
    State,
    days_in,
    directions,
    judge,
    problems,
    state_spans,
    states,
)
from aexdash.snapshot.history.card_values import Point
from aexdash.storage.errors import StorageError

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
HERO = CARDS["aex_rejected_auditing_listings"]
ACTIVE = CARDS["aex_active_listings"]
LOWER = Band(Direction.LOWER, 2, 5)
HIGHER = Band(Direction.HIGHER, 95, 90)
TARGET = Band(Direction.TARGET, 100, 10)


@pytest.fixture
def desk(tmp_path):
    return Sensitivity(tmp_path / "desk.db")


def hours(*values: float | None) -> list[Point]:
    """An hour each from noon on."""
    return [Point(NOON + timedelta(hours=number), value) for number, value in enumerate(values)]


@pytest.mark.parametrize(
    ("band", "performing", "stable", "attention"),
    [
        (LOWER, [0, 2], [2.1, 5], [5.1, 38]),
        (HIGHER, [95, 100], [94.9, 90], [89.9, 0]),
        (TARGET, [90, 100, 110], [], [89.9, 110.1, 0]),
        (Band(Direction.LOWER, 0, 0), [0], [], [1]),
        (NO_BAND, [], [0, -1, 10**9], []),
    ],
)
def test_a_band_makes_a_state_of_a_value(band, performing, stable, attention):
    assert [judge(value, band) for value in performing] == [State.PERFORMING] * len(performing)
    assert [judge(value, band) for value in stable] == [State.STABLE] * len(stable)
    assert [judge(value, band) for value in attention] == [State.NEEDS_ATTENTION] * len(attention)


@pytest.mark.parametrize("band", [LOWER, HIGHER, TARGET, NO_BAND])
@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_no_data_is_a_state_of_its_own_whatever_the_band(band, value):
    assert judge(value, band) is State.NO_DATA


@pytest.mark.parametrize(
    ("band", "unit", "said"),
    [
        (Band(Direction.LOWER, 5, 2), "listings", ["Lower is better here, so good (5) cannot be above bad (2)."]),
        (Band(Direction.HIGHER, 90, 95), "percent", ["Higher is better here, so good (90) cannot be below bad (95)."]),
        (Band(Direction.LOWER, None, 2), "listings", ["Good and bad have to be numbers."]),
        (Band(Direction.LOWER, "1", 2), "listings", ["Good and bad have to be numbers."]),
        (Band(Direction.LOWER, True, 2), "listings", ["Good and bad have to be numbers."]),
        (Band(Direction.TARGET, 1, math.nan), "days", ["Good and bad have to be numbers."]),
        (Band(Direction.HIGHER, math.inf, 1), "score", ["Good and bad have to be numbers."]),
        (Band(Direction.LOWER, -1, 2), "listings", ["Good and bad cannot be below 0."]),
        (Band(Direction.TARGET, 5, -1), "days", ["Good and bad cannot be below 0."]),
        (Band(Direction.HIGHER, 101, 90), "percent", ["Good and bad lie between 0 and 100."]),
        (Band(Direction.LOWER, 3, 3), "listings", []),
        (Band(Direction.NONE, -1, math.nan), "listings", []),
    ],
)
def test_a_band_that_contradicts_itself_is_told_in_one_sentence(band, unit, said):
    assert problems(band, unit) == said


def test_the_bands_that_ship_contradict_nothing():
    assert {key: problems(card.band, card.unit) for key, card in CARDS.items()} == {key: [] for key in CARDS}


def test_a_direction_is_the_cards_own_unless_a_target_takes_its_place(desk):
    assert directions(HERO) == (Direction.LOWER, Direction.TARGET)
    assert directions(ACTIVE) == (Direction.NONE, Direction.LOWER, Direction.HIGHER, Direction.TARGET)
    with pytest.raises(BandError, match="Rejected / Auditing Listings cannot be judged by higher"):
        desk.set_band(None, HERO, Band(Direction.HIGHER, 5, 1), by="ann", now=NOON)


def test_a_change_shows_when_the_card_would_have_been_in_which_state():
    until = NOON + timedelta(hours=6)
    spans = state_spans(hours(0, 2, 3, 9, None, 9), LOWER, until)
    marks = [NOON + timedelta(hours=hour) for hour in (0, 2, 3, 4, 5, 6)]
    states = (State.PERFORMING, State.STABLE, State.NEEDS_ATTENTION, State.NO_DATA, State.NEEDS_ATTENTION)
    assert spans == [Span(state, *marks[index : index + 2]) for index, state in enumerate(states)]
    assert state_spans([], LOWER, until) == []
    assert state_spans(hours(1), LOWER, NOON) == []


def test_points_that_a_clock_moved_back_are_taken_in_order_of_time():
    first, second, third = hours(0, 9, 0)
    until = NOON + timedelta(hours=3)
    assert state_spans([first, third, second], LOWER, until) == state_spans([first, second, third], LOWER, until)
    twice = [first, replace(second, at=NOON), third]
    assert state_spans(twice, LOWER, until) == [
        Span(State.NEEDS_ATTENTION, NOON, third.at),
        Span(State.PERFORMING, third.at, until),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.none() | st.floats(0, 20)), max_size=30),
    st.sampled_from([LOWER, HIGHER, TARGET, NO_BAND]),
)
def test_spans_cover_the_history_once_and_agree_with_the_value_at_every_minute(steps, band):
    points = [Point(NOON + timedelta(minutes=minute), value) for minute, value in steps]
    until = NOON + timedelta(minutes=5001)
    spans = state_spans(points, band, until)
    assert all(one.end == other.start and one.state is not other.state for one, other in pairwise(spans))
    assert [(spans[0].start, spans[-1].end)] == [(min(p.at for p in points), until)] if points else spans == []
    for point in points:
        (state,) = [one.state for one in spans if one.start <= point.at < one.end]
        last = [other.value for other in points if other.at == point.at][-1]
        assert state is judge(last, band)


def test_days_are_counted_in_the_zone_asked_for_also_those_of_23_and_25_hours():
    berlin = ZoneInfo("Europe/Berlin")
    for month, day, length in ((3, 29, 23), (10, 25, 25)):
        start = datetime(2026, month, day, tzinfo=berlin).astimezone(UTC)
        end = datetime(2026, month, day + 1, tzinfo=berlin).astimezone(UTC)
        assert (end - start) == timedelta(hours=length)
        spans = [Span(State.STABLE, start, end)]
        assert (days_in(spans, State.STABLE, berlin), days_in(spans, State.STABLE), days_in([], State.STABLE)) == (
            1,
            2,
            0,
        )
    assert days_in([Span(State.STABLE, NOON, NOON)], State.NO_DATA) == 0


def test_a_profile_has_its_own_bands_then_those_of_every_store_then_the_defaults(desk):
    hers, everybodys = Band(Direction.LOWER, 1, 3), Band(Direction.LOWER, 5, 9)
    assert desk.band_for("eu", HERO) == HERO.band
    desk.set_band(None, HERO, everybodys, by="bob", now=NOON)
    assert (desk.band_for("eu", HERO), desk.band_for(None, HERO)) == (everybodys, everybodys)
    desk.set_band("eu", HERO, hers, by="ann", now=NOON)
    assert (desk.band_for("eu", HERO), desk.band_for("us", HERO)) == (hers, everybodys)
    assert desk.standing("eu", [HERO, ACTIVE]) == {
        HERO.key: Standing(hers, Change("eu", HERO.key, hers, NOON, "ann")),
        ACTIVE.key: Standing(NO_BAND, None),
    }
    desk.reset("eu", HERO, by="ann", now=NOON)
    assert desk.band_for("eu", HERO) == everybodys
    desk.reset(None, HERO, by="bob", now=NOON)
    assert desk.band_for("eu", HERO) == HERO.band


def test_who_changed_what_and_when_is_kept_and_cannot_be_rewritten(desk):
    later = NOON + timedelta(hours=1)
    desk.set_band("eu", HERO, Band(Direction.LOWER, 1, 3), by="ann\ud800", now=NOON)
    desk.reset("eu", HERO, by="bob", now=later)
    assert desk.history("eu") == [
        Change("eu", HERO.key, None, later, "bob"),
        Change("eu", HERO.key, Band(Direction.LOWER, 1, 3), NOON, desk.history("eu")[1].by),
    ]
    assert desk.history("eu", ACTIVE.key) == desk.history(None) == []
    connection = sqlite3.connect(desk.path)
    for statement in ("UPDATE sensitivity SET good = 9", "DELETE FROM sensitivity"):
        with pytest.raises(sqlite3.IntegrityError, match="can only grow"):
            connection.execute(statement)
    connection.close()


def test_a_band_that_contradicts_itself_is_not_kept(desk):
    with pytest.raises(BandError, match="cannot be above bad"):
        desk.set_band(None, HERO, Band(Direction.LOWER, 5, 2), by="ann", now=NOON)
    assert desk.history(None) == []


def test_a_desk_that_cannot_be_read_is_told_in_one_sentence(desk):
    desk.path.write_bytes(b"not a database" * 100)
    with pytest.raises(StorageError, match=str(desk.path)):
        desk.band_for(None, HERO)


limits = st.integers(-50, 150)


@given(limits, limits, limits, limits, st.sampled_from(Direction))
def test_a_range_has_the_states_of_all_values_in_it(low, high, good, bad, direction):
    low, high = sorted((low, high))
    good, bad = sorted((good, bad), reverse=direction is Direction.HIGHER)
    band = Band(direction, good, bad)
    told = states(low, high, band)
    within = [low + (high - low) * part / 200 for part in range(200)]
    assert {judge(value, band) for value in within} <= told
    assert all(any(judge(value, band) is state for value in (*within, good, bad)) for state in told)


def test_where_a_past_value_may_be_in_two_states_it_has_none():
    points = [
        Point(NOON, 96, doubt=(80, 100)),
        Point(NOON + timedelta(hours=1), 96, doubt=(95.5, 97)),
        Point(NOON + timedelta(hours=2), 96),
    ]
    spans = state_spans(points, HIGHER, NOON + timedelta(hours=3))
    assert [(one.state, one.start) for one in spans] == [
        (State.NO_DATA, NOON),
        (State.PERFORMING, NOON + timedelta(hours=1)),
    ]
