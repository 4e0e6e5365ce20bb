from datetime import date
from xml.etree import ElementTree

from aexdash.snapshot.readmodels import DayPoint
from aexdash.ui.charts import held_line, held_line_words, held_of, history_figure

GAP = DayPoint(date(2026, 3, 8), None, None, None, None, None)
QUIET = DayPoint(date(2026, 3, 9), 0, 0, 310, 320, 0)
JUMP = DayPoint(date(2026, 3, 10), 4, 1, 305, 320, 4)

SVG = "{http://www.w3.org/2000/svg}"


def test_a_day_without_data_holds_nothing_known_and_is_no_zero():
    assert [held_of(day) for day in (GAP, QUIET, JUMP)] == [None, 0, 5]


def test_the_line_draws_a_gap_dotted_a_zero_as_a_thin_mark_and_a_held_day_in_two_blocks():
    picture = ElementTree.fromstring(held_line([GAP, QUIET, JUMP], "light"))
    dotted = [line for line in picture.iter(f"{SVG}line") if line.get("stroke-dasharray")]
    blocks = [block.get("fill") for block in picture.iter(f"{SVG}rect")]
    assert (len(dotted), blocks) == (1, ["#B9BFC1", "#C7431A", "#D9A020"])


def test_the_line_is_told_in_words():
    assert held_line_words([GAP, QUIET, JUMP]) == (
        "Listings held at the end of each day, 9 Mar to 10 Mar: lowest 0, highest 5, last 5. "
        "1 of the days were not read."
    )
    assert held_line_words([GAP]) == "No day of the last 30 was completely read."


def test_history_aligns_three_charts_on_one_time_axis_and_keeps_gaps():
    figure = history_figure([GAP, QUIET, JUMP], "dark")
    traces = {trace.name: tuple(trace.y) for trace in figure.data}
    assert traces == {
        "Rejected": (None, 0, 4),
        "In audit": (None, 0, 1),
        "Newly rejected": (None, 0, 4),
        "Active": (None, 310, 305),
    }
    assert figure.data[3].connectgaps is False
    assert [axis.matches for axis in (figure.layout.xaxis, figure.layout.xaxis2)] == ["x3", "x3"]
