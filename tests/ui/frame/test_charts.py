import tomllib
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from aexdash.snapshot.readmodels import DayPoint
from aexdash.ui.frame.charts import held_line, held_line_words, held_of, plot_layout

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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_charts_is_that_of_the_pages(theme):
    """What a saved picture shows is the ground and the text of .streamlit/config.toml."""
    pages = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())["theme"][theme]
    layout = plot_layout(theme)
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == pages["backgroundColor"]
    assert layout["font"]["color"] == pages["textColor"]
