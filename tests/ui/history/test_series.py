"""The chart of *history*: values, gaps and marks in the figure, in the table and in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aexdash.cards import CARDS
from aexdash.snapshot.history.series import CardPoint, Grain, HeldPoint
from aexdash.statement import Reach
from aexdash.ui.frame.charts import PALE
from aexdash.ui.history.chart import figure
from aexdash.ui.history.series import CardSeries, Gap, Marker, breaks, by_day, gaps, in_words, table
from aexdash.ui.history.span import HERO
from tests.reaches import WHOLE, store
from tests.ui.plotted import checked

FIRST = datetime(2026, 3, 6, tzinfo=UTC)
DAY = timedelta(days=1)


def day(number: int, *counts: int | None, begun: bool = True) -> HeldPoint:
    return HeldPoint(FIRST + number * DAY, FIRST + (number + 1) * DAY, *counts, begun=begun)


GAP = (None, None, None)
POINTS = [day(0, *GAP, begun=False), day(1, 0, 0, 0), day(2, *GAP), day(3, *GAP), day(4, 4, 1, 4)]
ACTIVE = CardSeries(CARDS["aex_active_listings"], (None, 4310.0, None, None, 4305.0))
MONEY = CardSeries(CARDS["aexdash_money_held_back"], (None, None, None, None, 12.345), store="North", currency="USD")
MARKS = [
    Marker(FIRST + 4 * DAY + timedelta(hours=6), "reason", "new reason A."),
    Marker(FIRST + 4 * DAY + timedelta(hours=9), "reason", "new reason B."),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_hero_and_its_siblings_stand_on_one_time_axis_and_keep_gaps(theme):
    drawn = checked(figure(POINTS, [ACTIVE, MONEY], MARKS, Grain.DAY, theme))
    assert {trace.name: tuple(trace.y) for trace in drawn.data} == {
        "Rejected": (None, 0, None, None, 4),
        "In audit": (None, 0, None, None, 1),
        "Moved to rejected in the day": (None, 0, None, None, 4),
        "Active listings": ACTIVE.values,
        "Money held back, North": MONEY.values,
    }
    assert [trace.yaxis for trace in drawn.data] == [None, None, "y2", "y3", "y4"]
    assert {trace.xaxis for trace in drawn.data} == {None}
    assert [trace.connectgaps for trace in drawn.data if trace.type == "scatter"] == [False, False]


@pytest.mark.parametrize("card", [card for card in CARDS.values() if card.key != HERO])
def test_each_card_is_drawn_in_words_that_plotly_knows(card):
    line = CardSeries(
        card, (None, 4310.0, None, None, 4305.0), "North", "USD", ("", "", "", "", "not Two"), frozenset({4})
    )
    drawn = checked(figure(POINTS, [line], MARKS, Grain.WEEK, "light"))
    assert drawn.data[-1].type == {"bar": "bar", "line": "scatter"}[card.chart]
    assert list(drawn.data[-1].customdata) == ["", "", "", "", " · not Two"]


def test_an_open_step_and_one_of_some_stores_are_pale_and_say_so():
    """The store two was read on the first day alone, and nobody read the last one to its end."""
    two = store("two", current=False, read_at=FIRST + timedelta(hours=20))
    read_at = FIRST + 2 * DAY + timedelta(hours=14, minutes=5)
    points = [
        day(0, 1, 0, 1),
        replace(day(1, 1, 0, 0), reach=Reach((store(), two), FIRST + 2 * DAY)),
        replace(day(2, 2, 0, 1), reach=Reach((store(read_at=read_at),)), is_open=True),
    ]
    points = [replace(points[0], reach=WHOLE), *points[1:]]
    drawn = checked(figure(points, [], [], Grain.DAY, "light"))
    rejected, _, moved = drawn.data
    assert rejected.marker.opacity == moved.marker.opacity == (1, PALE, PALE)
    assert list(rejected.customdata) == ["", " · in 1 of 2 stores · Two: not read then", " · so far, to 14:05"]
    assert list(moved.customdata) == ["1", "none seen", "at least 1"]
    assert drawn.layout.annotations[0].text == "<b>Held at the end of the day</b>"  # the caption says what is pale
    words = in_words(points, [], [], Grain.DAY)
    assert "last 2 so far, to 14:05, of which 2 rejected" in words
    assert "1 day not read in all stores, drawn pale: the counts of the others." in words


def test_gaps_are_bands_and_the_marks_of_a_day_are_one_line_with_a_number():
    drawn = checked(figure(POINTS, [], MARKS, Grain.DAY, "light"))
    shapes = [(shape.type, shape.x0, shape.x1) for shape in drawn.layout.shapes]
    assert shapes == [
        ("rect", "2026-03-06 00:00", "2026-03-07 00:00"),
        ("rect", "2026-03-08 00:00", "2026-03-10 00:00"),
        ("line", "2026-03-10 06:00", "2026-03-10 06:00"),
    ]
    assert [note.text for note in drawn.layout.annotations] == [
        "<b>Held at the end of the day</b>",
        "<b>Moved to rejected in the day</b>",
        "before the first reading",
        "not read",
        "1",
    ]
    assert by_day(MARKS) == [(MARKS[0].at, MARKS)]


def test_neighbouring_gaps_are_one():
    found = gaps(POINTS)
    assert found == [Gap(FIRST, FIRST + DAY, False), Gap(FIRST + 2 * DAY, FIRST + 4 * DAY, True)]
    assert [(gap.words, gap.days) for gap in found] == [
        ("before the first reading", "6 Mar"),
        ("not read", "8 Mar to 9 Mar"),
    ]


def test_the_alt_text_says_what_the_chart_shows():
    assert in_words(POINTS, [ACTIVE, MONEY], MARKS[:1], Grain.DAY) == (
        "Listings held at the end of each day, 6 Mar to 10 Mar 2026: lowest 0, highest 5 (10 Mar), last 5, "
        "of which 4 rejected and 1 in audit. 3 days not read, drawn as gaps. "
        "Active listings: lowest 4,305, highest 4,310, last 4,305. "
        "Money held back, North: lowest 12.3, highest 12.3, last 12.3. Marked 10 Mar: new reason A."
    )
    assert in_words(POINTS[2:4], [], [], Grain.WEEK) == "No week of this span was completely read."


def test_the_table_has_the_values_of_the_chart_the_latest_first():
    shown = table(POINTS, [ACTIVE, MONEY], Grain.DAY)
    assert list(shown.columns) == [
        "Day (UTC)",
        "Held",
        "Rejected",
        "In audit",
        "Moved to rejected",
        "Active listings",
        "Money held back, North",
        "What was read",
    ]
    assert shown.iloc[0].tolist() == [(FIRST + 4 * DAY).date(), 5, 4, 1, 4, 4305, 12.35, ""]
    assert shown["Held"].isna().tolist() == [False, True, True, False, True]
    assert table(POINTS, [], Grain.HOUR)["Hour (UTC)"][0] == "2026-03-10 00:00"


def test_an_hour_and_a_week_name_themselves():
    titles = {
        grain: checked(figure(POINTS, [], [], grain, "dark")).layout.annotations[0].text
        for grain in (Grain.HOUR, Grain.WEEK)
    }
    assert titles == {
        Grain.HOUR: "<b>Held at the end of the hour</b>",
        Grain.WEEK: "<b>Held at the end of the week</b>",
    }


def test_a_line_is_broken_where_it_is_of_other_stores_and_says_so():
    """A store that joins is no rise: nothing is drawn between the last value without it and the first with it."""
    line = CardSeries(CARDS["aex_active_listings"], (4300.0, 4302.0, 4475.0, 4476.0, None), breaks=frozenset({2}))
    points = [day(number, 1, 0, 0) for number in range(5)]
    drawn = checked(figure(points, [line], [], Grain.DAY, "light"))
    pieces = [tuple(trace.y) for trace in drawn.data if trace.name == "Active listings"]
    assert pieces == [(4300.0, 4302.0, None, None, None), (None, None, 4475.0, 4476.0, None)]
    assert in_words(points, [line], [], Grain.DAY).endswith("Broken once, where it is of other stores than before.")


def test_values_of_other_stores_than_before_begin_a_new_piece_and_a_gap_alone_does_not():
    both, one, none = Reach((store(), store("two"))), Reach((store(),)), Reach()
    points = [
        CardPoint(3.0, one),
        CardPoint(None, none),
        CardPoint(4.0, one),
        CardPoint(9.0, both),
        CardPoint(5.0, one),
    ]
    assert list(breaks(points)) == [3, 4]
