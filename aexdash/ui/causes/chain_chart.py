"""The numbers before a movement and what was held, on one time axis, with the lag where one moved before.

A lag is no cause, and nothing is claimed of days that were not read: a line ends where they begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import streamlit as st

from aexdash.causes.chain import Link, Moved, Points
from aexdash.causes.report import Report
from aexdash.clock import TICK, day_of
from aexdash.ui.frame.charts import COLOURS, plot_config, plot_layout
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.words.causes import link_words
from aexdash.words.common import capital, plain, span

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HELD = "Held at the end of the day"

HELD_HEIGHT, ROW_HEIGHT, BETWEEN, AROUND = 120, 62, 30, 70
"""Pixels: the row of what was held, each other row, the room between rows, and above and below all of them."""


def draw(visit: Visit, report: Report) -> None:
    """Draw the chart and a line of words for each number; nothing where nothing moved."""
    if not report.chain:
        return
    st.markdown("### Before it", anchors=False)
    drawn = [one for one in report.chain if any(value is not None for _, value in one.points)]
    if any(value is not None for _, value in report.held):
        st.plotly_chart(
            figure(report, drawn, theme(), visit.zone),
            theme=None,
            key="chain-chart",
            alt=f"{HELD}, and before the movement: {told(report, visit.zone)}",
            config=plot_config(f"aexdash-before-{report.movement.start:%Y%m%d}"),
        )
    st.markdown("\n".join(f"- {plain(capital(link_words(one, visit.zone)))}." for one in report.chain))
    st.caption("What moved before it need not have brought it about: a lag is no cause.")


def told(report: Report, zone: tzinfo) -> str:
    """Say what is known of each number before a movement."""
    return "; ".join(link_words(one, zone) for one in report.chain)


def figure(report: Report, links: Sequence[Link], theme_: str, zone: tzinfo) -> Figure:
    """Draw what was held above, the numbers below it, on one axis; the movement is a band over all of them."""
    from plotly.graph_objects import Bar, Figure, Scatter  # noqa: PLC0415 - a second of loading

    colours = COLOURS[theme_]
    rows: list[tuple[str, Points]] = [(HELD, report.held), *((_title(one), one.points) for one in links)]
    chart = Figure(layout=_layout(rows, theme_))
    for number, (name, points) in enumerate(rows, 1):
        axis = {"xaxis": "x", "yaxis": f"y{number if number > 1 else ''}", "name": name, "showlegend": False}
        x = [_noon(at, zone) for at, _ in points]
        y = [value for _, value in points]
        if number == 1:
            chart.add_trace(Bar(x=x, y=y, marker={"color": colours["rejected"], "line": {"width": 0}}, **axis))
        else:
            line = {"color": colours["other"], "width": 1.5}
            chart.add_trace(Scatter(x=x, y=y, mode="lines+markers", line=line, marker={"size": 4}, **axis))
    start, end = (at.astimezone(zone).replace(tzinfo=None) for at in (report.movement.start, report.movement.end))
    chart.add_vrect(x0=start, x1=end, fillcolor=colours["plain"], opacity=0.18, line_width=0)
    for number, one in enumerate(links, 2):
        if one.moved is Moved.BEFORE and one.at and one.lag is not None:
            at = _noon(one.at, zone)
            words = f"moved {span(one.lag)} before" if one.lag > timedelta() else "moved right before"
            chart.add_annotation(
                x=at,
                y=one.value_to,
                xref="x",
                yref=f"y{number}",
                text=words,
                showarrow=True,
                arrowhead=2,
                ax=-30,
                ay=-16,
            )
    return chart


def _noon(at: datetime, zone: tzinfo) -> datetime:
    """Return the noon of the day that ends at a moment, or has it within, by the clocks of a zone without their name.

    What is known by the end of a day is drawn in the middle of it, so that it stands above the name of that day.
    """
    return datetime.combine(day_of(at - TICK, zone), time(12))


def _title(one: Link) -> str:
    return f"{capital(one.name)}{': not known' if one.moved is Moved.NOT_KNOWN else ''}"


def _layout(rows: Sequence[tuple[str, Points]], theme_: str) -> dict[str, Any]:
    heights = [HELD_HEIGHT, *[ROW_HEIGHT] * (len(rows) - 1)]
    whole = sum(heights) + BETWEEN * (len(heights) - 1)
    layout: dict[str, Any] = plot_layout(theme_) | {
        "height": whole + AROUND,
        "margin": {"l": 8, "r": 8, "t": 34, "b": 36},
        "hovermode": "x unified",
        "annotations": [],
    }
    top = float(whole)
    for number, ((name, _), height) in enumerate(zip(rows, heights, strict=True), 1):
        key = f"yaxis{number if number > 1 else ''}"
        layout[key] = {
            "domain": [max(0.0, (top - height) / whole), top / whole],
            "anchor": "x",
            "nticks": 4,
            "rangemode": "tozero" if number == 1 else "normal",
        }
        layout["annotations"].append(
            {
                "text": name,
                "x": 0,
                "y": top / whole,
                "xref": "paper",
                "yref": "paper",
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 12},
            }
        )
        top -= height + BETWEEN
    layout["xaxis"] = {"anchor": f"y{len(rows)}" if len(rows) > 1 else "y", "type": "date", "tickformat": "%-d %b"}
    return layout
