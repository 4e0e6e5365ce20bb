"""The chart of the history page: held listings above other cards on one time axis."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from aexdash.clock import DAY
from aexdash.snapshot.history.series import Grain, HeldPoint
from aexdash.ui.frame.charts import COLOURS, PALE, Spec, plot_layout
from aexdash.ui.history.series import (
    GRAIN_WORDS,
    CardSeries,
    Gap,
    Marker,
    by_day,
    gaps,
    is_pale,
    moves_words,
    note,
    on_the_wall,
    wall,
)

HERO_HEIGHT, ROW_HEIGHT, BETWEEN, ABOVE, AXIS_HEIGHT = 210, 88, 34, 56, 46
"""Pixels: the hero's row, each other row, the room above a row for its title, above all of them, and for the axis."""

WIDE_ENOUGH = 0.045
"""The share of the time axis a gap must have to be labelled; smaller ones have no room for the text on a phone."""

HOVER_FORMATS = {Grain.HOUR: "%a %-d %b %Y, %H:%M", Grain.DAY: "%a %-d %b %Y", Grain.WEEK: "Week of %-d %b %Y"}

TICKS = [
    {"dtickrange": [None, 86_399_999], "value": "%H:%M\n%-d %b %Y"},
    {"dtickrange": [86_400_000, "M1"], "value": "%-d %b\n%Y"},
    {"dtickrange": ["M1", None], "value": "%b\n%Y"},
]

DASHES = ("solid", "dash", "dot", "dashdot")


def figure(
    points: Sequence[HeldPoint],
    lines: Sequence[CardSeries],
    markers: Sequence[Marker],
    grain: Grain,
    theme: str,
    *,
    zone: tzinfo = UTC,
) -> Spec:
    """Draw held listings, moves to rejected, and a row for each card, on one time axis, that of the clocks of `zone`.

    A gap is a shaded band without values. A marker is a dotted line with its number.
    """
    points = on_the_wall(points, zone)
    rows = [list(row) for _, row in itertools.groupby(lines, key=lambda line: line.card.key)]
    layout = _layout(points, rows, grain, theme)
    told = [note(point, zone) for point in points]
    for gap in gaps(points, zone):
        _draw_gap(layout, gap, points, theme)
    for number, (at, _) in enumerate(by_day(markers, zone), 1):
        _draw_marker(layout, number, wall(at, zone), theme)
    return {
        "data": [*_hero_traces(points, told, grain, theme), *_card_traces(points, rows, theme)],
        "layout": layout,
    }


def _layout(points: Sequence[HeldPoint], rows: Sequence[Sequence[CardSeries]], grain: Grain, theme: str) -> Spec:
    titles = [
        f"Held at the end of the {GRAIN_WORDS[grain]}",
        f"Moved to rejected in the {GRAIN_WORDS[grain]}",
        *(_row_title(row) for row in rows),
    ]
    heights = [HERO_HEIGHT, *[ROW_HEIGHT] * (len(rows) + 1)]
    whole = sum(heights) + BETWEEN * (len(heights) - 1)
    colours = COLOURS[theme]
    layout: Spec = plot_layout(theme) | {
        "barmode": "stack",
        "bargap": 0.15 if len(points) <= 100 else 0,
        "height": whole + ABOVE + AXIS_HEIGHT,
        "margin": {"l": 8, "r": 8, "t": ABOVE, "b": AXIS_HEIGHT},
        "hovermode": "x unified",
        "hoversubplots": "axis",
        "annotations": [],
    }
    top = float(whole)
    for index, (title, height) in enumerate(zip(titles, heights, strict=True)):
        number = index + 1 if index else ""
        domain = [max(0.0, (top - height) / whole), top / whole]
        counted = index < 2 or rows[index - 2][0].card.unit == "listings"
        tallest = max(_tallest(points, rows, index), 1)
        layout[f"yaxis{number}"] = {
            "domain": domain,
            "anchor": "x",
            "nticks": 5 if index == 0 else 4,
            "rangemode": "tozero" if _from_zero(rows, index) else "normal",
            **({"tickformat": ",d"} if counted else {}),
            **({"dtick": 1} if counted and tallest < 4 else {}),
            **({"range": [0, tallest * 1.12]} if index < 2 else {}),
        }
        layout["annotations"].append(
            {
                "text": f"<b>{title}</b>",
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": domain[1],
                "xanchor": "left",
                "yanchor": "bottom",
                "yshift": 3,
                "showarrow": False,
                "font": {"size": 12, "color": colours["text"]},
            }
        )
        top -= height + BETWEEN
    layout["xaxis"] = {
        "anchor": f"y{len(heights)}",
        "type": "date",
        "range": [_text(points[0].start), _text(points[-1].end)],
        "hoverformat": HOVER_FORMATS[grain],
        "showgrid": False,
        "nticks": 8,
        "tickformatstops": TICKS,
    }
    if grain is Grain.WEEK:
        layout["xaxis"] |= {"tick0": _text(points[0].start), "dtick": _milliseconds(7 * DAY * -(-len(points) // 6))}
    return layout


def _row_title(row: Sequence[CardSeries]) -> str:
    unit = {"listings": "", "percent": ", %", "score": ", 0-100", "days": ", days"}.get(row[0].card.unit, "")
    currencies = sorted({line.currency for line in row if line.currency})
    return f"{row[0].card.title}{unit}{', ' + '/'.join(currencies) + ' a day' if currencies else ''}"


def _tallest(points: Sequence[HeldPoint], rows: Sequence[Sequence[CardSeries]], index: int) -> float:
    if index == 0:
        return max((point.held or 0 for point in points), default=0)
    if index == 1:
        return max((point.newly_rejected or 0 for point in points), default=0)
    return max((value for line in rows[index - 2] for value in line.known), default=0)


def _from_zero(rows: Sequence[Sequence[CardSeries]], index: int) -> bool:
    """Whether the value axis begins at zero: bars do; lines would look flat."""
    return index < 2 or rows[index - 2][0].card.chart == "bar"


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _milliseconds(length: timedelta) -> float:
    return length / timedelta(milliseconds=1)


def _along(points: Sequence[HeldPoint]) -> dict[str, Any]:
    """Return the x values of the steps; plotly draws them in the middle of their hour, day or week."""
    return {
        "x": [_text(point.start) for point in points],
        "xperiod": _milliseconds(points[0].end - points[0].start),
        "xperiod0": _text(points[0].start),
        "xperiodalignment": "middle",
    }


def _hero_traces(points: Sequence[HeldPoint], told: Sequence[str], grain: Grain, theme: str) -> Iterator[Spec]:
    colours, along = COLOURS[theme], _along(points)
    opacity = [PALE if is_pale(point) else 1 for point in points]
    notes = [f" · {words}" if words else "" for words in told]
    for name, words in (("rejected", "Rejected"), ("auditing", "In audit")):
        yield {
            "type": "bar",
            **along,
            "y": [getattr(point, name) for point in points],
            "name": words,
            "marker": {"color": colours[name], "line": {"width": 0}, "opacity": opacity},
            "customdata": [html.escape(words) for words in notes],
            "hovertemplate": "%{y:,d}%{customdata}" if name == "rejected" else "%{y:,d}",
        }
    yield {
        "type": "bar",
        **along,
        "y": [point.newly_rejected for point in points],
        "yaxis": "y2",
        "name": f"Moved to rejected in the {GRAIN_WORDS[grain]}",
        "marker": {"color": colours["rejected"], "line": {"width": 0}, "opacity": opacity},
        "customdata": [moves_words(point) for point in points],
        "hovertemplate": "%{customdata}",
        "showlegend": False,
    }


def _card_traces(points: Sequence[HeldPoint], rows: Sequence[Sequence[CardSeries]], theme: str) -> Iterator[Spec]:
    colours, along = COLOURS[theme], _along(points)
    for index, row in enumerate(rows):
        for line, dash in zip(row, itertools.cycle(DASHES), strict=False):
            colour = colours["active" if line.card.key == "aex_active_listings" else "other"]
            shared = {**along, "y": list(line.values), "yaxis": f"y{index + 3}", "name": line.name, "showlegend": False}
            shared["hovertemplate"] = _hover(line)
            shared["customdata"] = [f" · {html.escape(told)}" if told else "" for told in line.notes]
            opacity = [PALE if index in line.parts else 1 for index in range(len(points))]
            if line.card.chart == "bar":
                marker = {"color": colour, "line": {"width": 0}, "opacity": opacity}
                yield {"type": "bar", **shared, "marker": marker}
                continue
            for piece in line.pieces:
                yield {
                    "type": "scatter",
                    **shared,
                    "y": piece,
                    "mode": "lines+markers" if len(points) <= 60 or line.parts else "lines",
                    "line": {"color": colour, "width": 2, "dash": dash},
                    "marker": {
                        "size": [5 if len(points) <= 60 or index in line.parts else 0 for index in range(len(points))],
                        "symbol": ["circle-open" if index in line.parts else "circle" for index in range(len(points))],
                    },
                    "connectgaps": False,
                }


def _hover(line: CardSeries) -> str:
    value = "%{y:,d}" if line.card.unit == "listings" else "%{y:,.1f}"
    unit = {"percent": " %", "days": " days", "money a day": f" {line.currency} a day"}.get(line.card.unit, "")
    return f"{value}{unit}{'%{customdata}' if line.notes else ''}"


def _draw_gap(layout: Spec, gap: Gap, points: Sequence[HeldPoint], theme: str) -> None:
    colours = COLOURS[theme]
    layout.setdefault("shapes", []).append(
        {
            "type": "rect",
            "x0": _text(gap.start),
            "x1": _text(gap.end),
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "layer": "below",
            "fillcolor": colours["plain"],
            "opacity": 0.16,
            "line": {"width": 1, "dash": "dot", "color": colours["text"]},
        }
    )
    if (gap.end - gap.start) / (points[-1].end - points[0].start) >= WIDE_ENOUGH:
        layout["annotations"].append(
            {
                "text": gap.words,
                "textangle": -90,
                "x": _text(gap.start + (gap.end - gap.start) / 2),
                "yref": "y domain",
                "y": 0.5,
                "showarrow": False,
                "font": {"size": 11, "color": colours["plain"]},
            }
        )


def _draw_marker(layout: Spec, number: int, at: datetime, theme: str) -> None:
    colours = COLOURS[theme]
    layout.setdefault("shapes", []).append(
        {
            "type": "line",
            "x0": _text(at),
            "x1": _text(at),
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"width": 1, "dash": "dot", "color": colours["text"]},
        }
    )
    layout["annotations"].append(
        {
            "text": str(number),
            "x": _text(at),
            "yref": "paper",
            "y": 1,
            "yanchor": "top",
            "showarrow": False,
            "borderpad": 2,
            "bgcolor": colours["ground"],
            "bordercolor": colours["plain"],
            "font": {"size": 11, "color": colours["text"]},
        }
    )
