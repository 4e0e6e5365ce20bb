"""The words for what was read of a moment, a window, an hour or a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aexdash.statement import Reach
from aexdash.words import statements
from tests.reaches import AT_LEAST, GAP, NEVER, NOON, PART, WHOLE, store

NEXT = "not read between 9 Mar 2026 12:00 UTC and 12 Mar 2026 12:00 UTC"
JOINED = Reach((store(), store("two", current=False)), moment=NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("reach", "words"), [(GAP, NEXT), (NEVER, "not read yet"), (WHOLE, ""), (JOINED, ""), (PART, "")]
)
def test_only_a_moment_that_no_store_was_read_at_is_not_read(reach, words):
    assert statements.not_read_words(reach) == words


def test_a_store_of_which_a_part_was_read_is_none_that_nobody_read():
    assert statements.not_read_words(Reach((store(read_at=None, current=False, partly=True),))) == (
        "only partly read so far"
    )


def test_a_row_of_a_store_that_was_never_completely_read_is_not_told_as_read_once():
    part = store("two", read_at=None, current=False, partly=True)
    stale = store("three", current=False)
    assert statements.row_claims(Reach((store(), part, stale))) == {
        "main": "known",
        "two": "only partly read",
        "three": "not read since",
    }


def test_what_was_read_last_stands_beside_a_moment_that_was_not():
    assert statements.not_read_words(GAP, "3") == f"{NEXT} · was 3 when last read"


def test_a_part_names_the_stores_it_lacks():
    assert statements.part_words(JOINED) == "in 1 of 2 stores · Two: not read then"
    assert statements.as_last_read_words(JOINED) == ", Two as last read 9 Mar 2026 12:00 UTC"
    assert [statements.as_last_read_words(reach) for reach in (WHOLE, GAP, NEVER)] == ["", "", ""]


def test_a_store_that_was_connected_later_is_no_store_that_was_not_read():
    """Its first reading an hour ago once made a moment of last month look as if somebody had failed to read it."""
    late = store("two", read_at=None, current=False, first_read_at=NOON + timedelta(days=2))
    third = store("three", read_at=None, current=False, first_read_at=NOON + timedelta(days=3))
    before = Reach((store(), late), moment=NOON + timedelta(hours=1))
    words = "in 1 of 2 stores · Two: first read 11 Mar 2026 12:00 UTC, nothing is known before"
    assert statements.claim_words(before) == words
    both = Reach((store(), late, third), moment=NOON + timedelta(hours=1))
    assert statements.part_words(both).endswith(" · Two, Three: first read later, nothing is known before")
    assert not before.is_whole  # of Two nobody knows what was held then


def test_moves_in_a_window_that_was_partly_read_are_at_least_so_many():
    terms = [statements.entered_and_left(5, 0, reach) for reach in (WHOLE, AT_LEAST)]
    assert terms == [("5 entered", "0 left"), ("at least 5 entered", "none seen leaving")]
    assert [statements.unread_words(reach) for reach in (AT_LEAST, WHOLE)] == ["22 h of 24 h read", ""]
    window = (NOON - timedelta(days=1), NOON)
    nothing = Reach((store(window=window), store("two", window=window, unread=timedelta(days=1))))
    assert statements.unread_words(nothing) == "24 h not read in Two"
    gap = Reach((store(current=False, window=(NOON - timedelta(days=3), NOON), unread=timedelta(days=1)),), NOON)
    assert statements.entered_and_left(0, 1, gap, bold=True) == ("none seen entering", "at least **1** left")
    assert statements.unread_words(gap) == "2 d of 3 d read"


def test_a_window_that_nobody_read_is_not_at_least_zero():
    """It once said *at least 0*, which a hurried reader takes for 0."""
    window = (NOON - timedelta(days=1), NOON)
    unread = Reach((store(window=window, unread=timedelta(days=1)),))
    half = Reach((*unread.readings, store("two", window=window, unread=timedelta(hours=1))))
    assert [statements.count_words("0", reach) for reach in (WHOLE, half, unread)] == ["0", "none seen", "not read"]
    assert [statements.count_words("7", reach) for reach in (WHOLE, half, unread)] == ["7", "at least 7", "at least 7"]
    assert statements.entered_and_left(0, 0, unread) == ("an unknown number entered", "an unknown number left")
    assert [statements.least_words(words) for words in ("0", "0 days", "0.3 days", "10")] == [
        *["not known"] * 2,
        "at least 0.3 days",
        "at least 10",
    ]


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_days_on_which_clocks_are_changed_are_days(hours):
    """Beside *these 30 days* it once stood that 28 of 29 days were read."""
    window = (NOON - timedelta(days=30, hours=hours), NOON)
    some = Reach((store(window=window, unread=timedelta(days=2)),))
    assert statements.unread_words(some) == "28 d of 30 d read"
    none = Reach((store(window=window, unread=timedelta(days=30, hours=hours)),))
    assert statements.unread_words(none) == "30 d not read"


def test_how_far_an_open_day_was_read_names_the_day_where_it_is_another():
    assert statements.so_far_words(NOON, NOON.date()) == "so far, to 12:00"
    assert statements.so_far_words(NOON, date(2026, 3, 8)) == "so far, to 9 Mar 12:00"
    assert statements.so_far_words(None, NOON.date()) == "so far"


def test_a_highest_value_is_of_the_days_that_were_read():
    assert [statements.of_days_read(read, 30) for read in (30, 26, 1)] == [
        "",
        " of the 26 days read",
        " of the 1 day read",
    ]


@pytest.mark.parametrize(("count", "words"), [(5, "5 were there"), (1, "1 was there"), (0, "nothing was held")])
def test_a_first_reading_says_what_was_there_and_that_nothing_is_known_before(count, words):
    told = statements.first_read_words(count, NOON)
    assert told == f"{words} when first read, 9 Mar 2026 12:00 UTC; nothing is known before"


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (WHOLE, "Read 9 Mar 2026 12:00 UTC, 1 store."),
        (NEVER, "Not read yet."),
        (JOINED, "Read then · in 1 of 2 stores · Two: not read then."),
        (Reach((store(),), moment=NOON + timedelta(hours=1)), "Read then, 1 store."),
        (GAP, "Not read between 9 Mar 2026 12:00 UTC and 12 Mar 2026 12:00 UTC."),
    ],
)
def test_one_sentence_says_who_read_a_number_when_and_of_how_much(reach, words):
    assert statements.read_words(reach) == words


def test_what_else_limits_a_number_stands_in_the_same_sentence_and_once():
    words = statements.read_words(WHOLE, notes=("3 held are not checked yet", "3 held are not checked yet."))
    assert words == "Read 9 Mar 2026 12:00 UTC, 1 store · 3 held are not checked yet."
