"""How growth is told from measurements, and that a chart shows what was measured."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from tests.benchmarks.bench_growth import Row
from tests.benchmarks.chart import Line, drawn

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("by_size", "growth", "met"),
    [
        ({10: [1.0], 100: [5.0, 4.0, 6.0], 1000: [50.0, 49.0, 70.0]}, 10.0, True),
        ({10: [1.0], 100: [5.0], 1000: [5.0]}, 1.0, True),
        ({10: [1.0], 50: [1.0], 200: [16.0]}, 100.0, False),
        ({10: [900.0], 100: [1.0], 1000: [20.0]}, 20.0, False),
    ],
)
def test_growth_is_for_ten_times_the_size_by_the_middle_of_the_two_largest(by_size, growth, met):
    row = Row("a thing", by_size)
    assert row.growth == pytest.approx(growth)
    assert row.figure().met is met


def places(name: str, tree: ElementTree.Element) -> list[list[tuple[float, float]]]:
    found = [line.get("points", "").split() for line in tree.iter(f"{SVG}{name}")]
    return [[(float(x), float(y)) for x, y in (point.split(",") for point in points)] for points in found]


def test_a_line_rises_with_its_values_and_has_its_name():
    lines = [Line("in <step>", [(10, 1), (100, 10), (1000, 100)]), Line("flat", [(10, 5), (100, 5), (1000, 5)])]
    tree = ElementTree.fromstring(drawn("Costs", "listings", "ms", lines))
    step, flat = places("polyline", tree)
    assert step[0][1] - step[1][1] == pytest.approx(step[1][1] - step[2][1], abs=0.2)
    assert step[2][1] < step[1][1] < step[0][1]
    assert len({y for _, y in flat}) == 1
    assert [x for x, _ in step] == [x for x, _ in flat]
    words = [text.text for text in tree.iter(f"{SVG}text")]
    assert {"Costs", "in <step> (100)", "flat (5)", "10", "100", "1,000"} <= set(words)


def test_names_of_lines_that_end_at_one_place_do_not_stand_on_each_other():
    lines = [Line(f"line {number}", [(10, 5), (100, 50)]) for number in range(4)]
    tree = ElementTree.fromstring(drawn("Costs", "listings", "ms", lines))
    heights = sorted(
        float(text.get("y", 0)) for text in tree.iter(f"{SVG}text") if (text.text or "").startswith("line ")
    )
    assert all(below - above >= 15 for above, below in pairwise(heights))
