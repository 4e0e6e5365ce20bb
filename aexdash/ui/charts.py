"""Drawings: the hero's line of thirty days as a small picture, and the aligned charts of *history*. Gaps stay gaps.

Plotly is loaded by the one function that needs it: no other page waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from aexdash.snapshot.readmodels import DayPoint

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

COLOURS = {
    "light": {"rejected": "#C7431A", "auditing": "#D9A020", "active": "#00806A", "plain": "#6B7478", "line": "#B9BFC1"},
    "dark": {"rejected": "#F07A4B", "auditing": "#E0A93B", "active": "#3DB89C", "plain": "#8F999D", "line": "#4A5357"},
}
"""One colour a status, the same as in .streamlit/config.toml; told apart by colour-blind eyes."""

WIDTH, HEIGHT = 600, 54


def held_line(days: Sequence[DayPoint], theme: str) -> str:
    """Draw a bar a day, rejected below and in audit above it, as an SVG picture.

    A zero is a thin mark on the floor, a day without data a dotted gap.
    """
    colours = COLOURS[theme]
    top = max([held for day in days if (held := held_of(day)) is not None], default=0) or 1
    step = WIDTH / max(1, len(days))
    parts = [f'<line x1="0" y1="{HEIGHT - 0.5}" x2="{WIDTH}" y2="{HEIGHT - 0.5}" stroke="{colours["line"]}"/>']
    for index, day in enumerate(days):
        parts.extend(_bar(day, index * step, step, top, colours))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'preserveAspectRatio="none">{"".join(parts)}</svg>'
    )


def _bar(day: DayPoint, left: float, step: float, top: int, colours: dict[str, str]) -> list[str]:
    if day.rejected is None or day.auditing is None:
        middle = HEIGHT - 8
        ends = f'x1="{left + 2:.1f}" y1="{middle}" x2="{left + step - 2:.1f}" y2="{middle}"'
        return [f'<line {ends} stroke="{colours["plain"]}" stroke-dasharray="2 3"/>']
    if held_of(day) == 0:
        return [
            f'<rect x="{left + 1.5:.1f}" y="{HEIGHT - 3}" width="{step - 3:.1f}" height="3" fill="{colours["line"]}"/>'
        ]
    room = HEIGHT - 2
    rejected = room * day.rejected / top
    auditing = room * day.auditing / top
    blocks = ((HEIGHT - rejected, rejected, "rejected"), (HEIGHT - rejected - auditing, auditing, "auditing"))
    return [_block(left, step, y, height, colours[name]) for y, height, name in blocks if height > 0]


def _block(left: float, step: float, y: float, height: float, colour: str) -> str:
    return f'<rect x="{left + 1.5:.1f}" y="{y:.1f}" width="{step - 3:.1f}" height="{height:.1f}" fill="{colour}"/>'


def held_of(day: DayPoint) -> int | None:
    """What was held at the end of a day; None where no complete run covers it."""
    return None if day.rejected is None or day.auditing is None else day.rejected + day.auditing


def held_line_words(days: Sequence[DayPoint]) -> str:
    """Say what the line of days shows, for whoever cannot see it."""
    known = [(day.day, held) for day in days if (held := held_of(day)) is not None]
    if not known:
        return "No day of the last 30 was completely read."
    values = [held for _, held in known]
    missing = len(days) - len(known)
    gaps = f" {missing} of the days were not read." if missing else ""
    return (
        f"Listings held at the end of each day, {_day(known[0][0])} to {_day(known[-1][0])}: "
        f"lowest {min(values)}, highest {max(values)}, last {values[-1]}.{gaps}"
    )


def history_figure(days: Sequence[DayPoint], theme: str) -> Figure:
    """Stack what was held by day above its siblings on one time axis: newly rejected, and active."""
    from plotly.graph_objects import Bar, Scatter  # noqa: PLC0415 - a second of loading that only this page pays
    from plotly.subplots import make_subplots  # noqa: PLC0415

    colours = COLOURS[theme]
    figure = make_subplots(
        rows=3,
        cols=1,
        shared_xaxes=True,
        row_heights=[0.5, 0.25, 0.25],
        vertical_spacing=0.06,
        subplot_titles=("Held at the end of the day", "Newly rejected during the day", "Active at the end of the day"),
    )
    x = [day.day for day in days]
    for name, words in (("rejected", "Rejected"), ("auditing", "In audit")):
        heights = [getattr(day, name) for day in days]
        figure.add_trace(Bar(x=x, y=heights, name=words, marker_color=colours[name]), row=1, col=1)
    newly = [day.newly_rejected for day in days]
    figure.add_trace(
        Bar(x=x, y=newly, name="Newly rejected", marker_color=colours["rejected"], showlegend=False), row=2, col=1
    )
    active = [day.active for day in days]
    line = Scatter(
        x=x,
        y=active,
        name="Active",
        mode="lines+markers" if len(days) < 40 else "lines",
        line_color=colours["active"],
        connectgaps=False,
        showlegend=False,
    )
    figure.add_trace(line, row=3, col=1)
    figure.update_layout(
        barmode="stack",
        bargap=0.15,
        height=520,
        hovermode="x unified",
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.08},
    )
    figure.update_annotations(x=0, xanchor="left", font_size=13)
    figure.update_yaxes(rangemode="tozero", row=1)
    figure.update_yaxes(rangemode="tozero", row=2)
    return figure


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"
