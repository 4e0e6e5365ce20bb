"""The small chart of an answer as an SVG, and in words. A gap is a gap, and what is not over is pale."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from aexdash.ask.answer import Point
from aexdash.ui.frame.charts import COLOURS, PALE
from aexdash.words.common import plural

WIDTH, HEIGHT, EDGE = 600, 60, 4
"""Pixels; `EDGE` is kept free above and below the line."""


def picture(points: Sequence[Point], theme: str) -> str:
    """Draw a line through the points, from zero on or from the lowest value where that is far from zero."""
    colours = COLOURS[theme]
    known = [one.number for one in points if one.number is not None]
    high = max(known, default=0) or 1
    low = min(known, default=0)
    low = 0 if low < 0.8 * high else low - (high - low) * 0.1
    floor = f'<line x1="0" y1="{HEIGHT - 0.5}" x2="{WIDTH}" y2="{HEIGHT - 0.5}" stroke="{colours["line"]}"/>'
    drawn = "".join(_strokes(points, low, max(high - low, 1e-9), colours["other"]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'preserveAspectRatio="none">{floor}{drawn}</svg>'
    )


def _strokes(points: Sequence[Point], low: float, span: float, colour: str) -> Iterator[str]:
    step = WIDTH / len(points)
    for missing, run in itertools.groupby(enumerate(points), key=lambda one: one[1].number is None):
        if missing:
            continue
        known = [(index, point) for index, point in run]
        places = [
            ((index + 0.5) * step, HEIGHT - EDGE - ((point.number or 0) - low) / span * (HEIGHT - 2 * EDGE))
            for index, point in known
        ]
        if len(places) == 1:
            places = [(places[0][0] - step / 2, places[0][1]), (places[0][0] + step / 2, places[0][1])]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
        if known[-1][1].is_open:
            x, y = places[-1]
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}" opacity="{PALE}"/>'


def in_words(points: Sequence[Point], unit: str) -> str:
    """Describe the chart in words, as its alternative text."""
    known = [one.number for one in points if one.number is not None]
    if not known:
        return "Nothing is known of this time."
    missing = len(points) - len(known)
    gaps = f" Not known at {plural(missing, 'point')}." if missing else ""
    far = " The last is so far." if points[-1].is_open else ""
    return f"{unit}: lowest {min(known):,.6g}, highest {max(known):,.6g}, last known {known[-1]:,.6g}.{gaps}{far}"
