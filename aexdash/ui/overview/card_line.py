"""The small chart of a card: its last 30 days as an SVG, and in words. A day without data is a gap."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from aexdash.cards import Card
from aexdash.ui.frame.charts import COLOURS, PALE
from aexdash.words.card_units import amount
from aexdash.words.common import plural

WIDTH, HEIGHT, EDGE = 300, 26, 3
"""Pixels; `EDGE` is kept free above and below the line."""

LEAST_SPAN = {"days": 1.0}
USUAL_LEAST_SPAN = 0.1
"""The least range of the value axis, in the card's unit, so that tiny changes do not look large."""

COLOUR_OF = {"aex_active_listings": "active", "aex_rejected_listings_24h": "rejected"}
"""Cards that count one status have its colour."""


def picture(card: Card, line: Sequence[float | None], theme: str, stores: Sequence[int] = ()) -> str:
    """Draw the values of a card, one a day, oldest first, as an SVG; None is a gap.

    `stores` says of how many stores each value is. No line joins values of different numbers of stores, so that a store
    that joins or was not read looks like no change; values that lack a store which was there before are pale.
    """
    colour = COLOURS[theme][COLOUR_OF.get(card.key, "other")]
    draw = _bars if card.chart == "bar" else _strokes
    floor = f'<line x1="0" y1="{HEIGHT - 0.5}" x2="{WIDTH}" y2="{HEIGHT - 0.5}" stroke="{COLOURS[theme]["line"]}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'preserveAspectRatio="none">{floor}{"".join(draw(card, line, colour, stores))}</svg>'
    )


def _bars(_card: Card, line: Sequence[float | None], colour: str, stores: Sequence[int]) -> Iterator[str]:
    step, parts = WIDTH / len(line), _parts(line, stores)
    top = max((value for value in line if value is not None), default=0) or 1
    for index, value in enumerate(line):
        if value:
            tall = (HEIGHT - 1) * value / top
            place = f'x="{index * step + 1:.1f}" y="{HEIGHT - tall:.1f}" width="{step - 2:.1f}" height="{tall:.1f}"'
            yield f'<rect {place} fill="{colour}"{_pale(index in parts)}/>'


def _parts(line: Sequence[float | None], stores: Sequence[int]) -> set[int]:
    """Return the indexes of the values that are of fewer stores than a value before."""
    of = [number if value is not None else 0 for value, number in zip(line, stores, strict=False)]
    most = itertools.accumulate(of, max)
    return {index for index, (number, before) in enumerate(zip(of, most, strict=True)) if 0 < number < before}


def _pale(is_part: bool) -> str:
    return f' opacity="{PALE}"' if is_part else ""


def _strokes(card: Card, line: Sequence[float | None], colour: str, stores: Sequence[int]) -> Iterator[str]:
    """Draw lines between neighbouring values; a single value between gaps is a stroke as wide as its day."""
    step, parts = WIDTH / len(line), _parts(line, stores)
    known = [value for value in line if value is not None]
    low, high = min(known, default=0), max(known, default=0)
    span = max(high - low, LEAST_SPAN.get(card.unit, USUAL_LEAST_SPAN)) if high > low else 0
    of = stores or [1] * len(line)
    runs = itertools.groupby(enumerate(line), key=lambda point: (point[1] is None, of[point[0]]))
    for (missing, _), run in runs:
        if missing:
            continue
        points = [(index, _height(value, low, span)) for index, value in run if value is not None]
        first, last = points[0], points[-1]
        ends = [(first[0] * step, first[1]), ((last[0] + 1) * step, last[1])]
        middle = [((index + 0.5) * step, y) for index, y in points]
        along = [ends[0], *middle, ends[1]] if len(points) == 1 else middle
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in along)
        pale = _pale(first[0] in parts)
        yield f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"{pale}/>'


def _height(value: float, low: float, span: float) -> float:
    """Return the y of a value in pixels from the top; half way when all values are the same."""
    part = (value - low) / span if span else 0.5
    return HEIGHT - EDGE - part * (HEIGHT - 2 * EDGE)


def in_words(card: Card, line: Sequence[float | None], stores: Sequence[int] = ()) -> str:
    """Describe the chart in words, as its alternative text."""
    known = [value for value in line if value is not None]
    if not known:
        return f"{card.title}: nothing is known of the last {len(line)} days."
    lowest, highest, last = (amount(value, card.unit) for value in (min(known), max(known), known[-1]))
    missing = len(line) - len(known)
    gaps = f" Not known on {plural(missing, 'day')}." if missing else ""
    parts = _parts(line, stores)
    part = f" On {plural(len(parts), 'day')} not of all stores." if parts else ""
    return f"{card.title}, {len(line)} days: lowest {lowest}, highest {highest}, last {last}.{gaps}{part}"
