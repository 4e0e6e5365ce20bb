import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from aexdash.snapshot.tallies import DayPoint
from aexdash.statement import Reach
from aexdash.ui.frame.charts import PALE, held_line, held_line_words, held_of, plot_layout
from tests.reaches import store

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


def test_a_wedge_points_at_each_marked_day_and_bars_leave_room_for_it():
    plain, marked = (ElementTree.fromstring(held_line([QUIET, JUMP], "light", days)) for days in ((), [JUMP.day]))
    wedges = [wedge.get("d") for wedge in marked.iter(f"{SVG}path")]
    assert not list(plain.iter(f"{SVG}path"))
    assert wedges == ["M442.0 2.0h16L450.0 20.0z"]  # in the middle of the second day of two, above its bar
    assert min(float(block.get("y", 0)) for block in marked.iter(f"{SVG}rect")) == 24


def test_the_line_is_told_in_words():
    assert held_line_words([GAP, QUIET, JUMP]) == (
        "Listings held at the end of each day, 9 Mar to 10 Mar: lowest 0, highest 5, last 5. "
        "1 of the days were not read."
    )
    assert held_line_words([GAP]) == "No day of the last 30 was completely read."


def test_a_day_that_is_not_over_or_not_of_all_stores_is_pale_and_told():
    now = replace(JUMP, reach=Reach((store(read_at=datetime(2026, 3, 10, 14, 5, tzinfo=UTC)),)), is_open=True)
    part = replace(QUIET, reach=Reach((store(), store("two", current=False)), datetime(2026, 3, 9, 23, tzinfo=UTC)))
    picture = ElementTree.fromstring(held_line([part, now], "light"))
    assert [block.get("opacity") for block in picture.iter(f"{SVG}rect")] == [str(PALE)] * 3
    assert held_line_words([part, now]) == (
        "Listings held at the end of each day, 9 Mar to 10 Mar: lowest 0, highest 5, last 5 so far, to 14:05. "
        "On 1 day not all stores were read: the count is of the others."
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_charts_is_that_of_the_pages(theme):
    """What a saved picture shows is the ground and the text of .streamlit/config.toml."""
    pages = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())["theme"][theme]
    layout = plot_layout(theme)
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == pages["backgroundColor"]
    assert layout["font"]["color"] == pages["textColor"]
