"""What charts and tables share: colours, the plotly layout and toolbar, the hero's small chart, kept places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from aexdash.snapshot.history.card_values import Point
from aexdash.snapshot.tallies import DayPoint
from aexdash.storage.text import visible
from aexdash.words.common import plural
from aexdash.words.statements import so_far_words

if TYPE_CHECKING:
    import pandas as pd
    from plotly.basedatatypes import BaseFigure

Spec = dict[str, Any]
"""A chart as plotly writes it in JSON: its traces in `data`, everything else in `layout`, and no value that is None."""

COLOURS = {
    "light": {
        "rejected": "#C7431A",
        "auditing": "#D9A020",
        "active": "#00806A",
        "plain": "#6B7478",
        "line": "#B9BFC1",
        "other": "#1F5FA8",
        "grid": "#E6E9E9",
        "text": "#0F1416",
        "ground": "#FCFCFB",
    },
    "dark": {
        "rejected": "#F07A4B",
        "auditing": "#E0A93B",
        "active": "#3DB89C",
        "plain": "#8F999D",
        "line": "#4A5357",
        "other": "#6FA8DC",
        "grid": "#2A3134",
        "text": "#E4E8E9",
        "ground": "#14181A",
    },
}
"""Colours by theme and name. Each status has one, as in .streamlit/config.toml; safe for colour-blind readers."""

WIDTH, HEIGHT, WEDGE = 600, 230, 18

PALE = 0.45
"""The opacity of what may still change, or is not of all stores that were asked for."""


def held_line(days: Sequence[DayPoint], theme: str, marked: Collection[date] = ()) -> str:
    """Draw a bar a day, rejected below and in audit above it, as an SVG picture; a wedge points at each marked day.

    A zero is a thin mark on the floor, a day without data a dotted gap. Pale is a day that was not read to its end, or
    not of all stores.
    """
    colours = COLOURS[theme]
    top = max([held for day in days if (held := held_of(day)) is not None], default=0) or 1
    step = WIDTH / max(1, len(days))
    parts = [f'<line x1="0" y1="{HEIGHT - 0.5}" x2="{WIDTH}" y2="{HEIGHT - 0.5}" stroke="{colours["line"]}"/>']
    room = HEIGHT - 2 - (WEDGE + 4 if marked else 0)
    for index, day in enumerate(days):
        parts.extend(_bar(day, (index * step, step), room / top, colours))
        if day.day in marked:
            parts.append(_wedge((index + 0.5) * step, HEIGHT - room * (held_of(day) or 0) / top - 4, colours["text"]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'preserveAspectRatio="none">{"".join(parts)}</svg>'
    )


def _wedge(x: float, y: float, colour: str) -> str:
    """Draw a wedge whose point is at a place."""
    return f'<path d="M{x - 8:.1f} {y - WEDGE:.1f}h16L{x:.1f} {y:.1f}z" fill="{colour}"/>'


def _bar(day: DayPoint, across: tuple[float, float], tall: float, colours: dict[str, str]) -> list[str]:
    """Draw a day; `across` is its x and its width, `tall` the height of one listing."""
    left, step = across
    if day.rejected is None or day.auditing is None:
        middle = HEIGHT - 8
        ends = f'x1="{left + 2:.1f}" y1="{middle}" x2="{left + step - 2:.1f}" y2="{middle}"'
        return [f'<line {ends} stroke="{colours["plain"]}" stroke-dasharray="2 3"/>']
    opacity = PALE if day.is_open or day.is_part else 1
    if held_of(day) == 0:
        return [_block(left, step, (HEIGHT - 3, 3), colours["line"], opacity)]
    rejected, auditing = tall * day.rejected, tall * day.auditing
    blocks = ((HEIGHT - rejected, rejected, "rejected"), (HEIGHT - rejected - auditing, auditing, "auditing"))
    return [_block(left, step, (y, height), colours[name], opacity) for y, height, name in blocks if height > 0]


def _block(left: float, step: float, upright: tuple[float, float], colour: str, opacity: float) -> str:
    """Draw a block; `upright` is its y and its height."""
    y, height = upright
    pale = f' opacity="{opacity}"' if opacity < 1 else ""
    place = f'x="{left + 1.5:.1f}" y="{y:.1f}" width="{step - 3:.1f}" height="{height:.1f}"'
    return f'<rect {place} fill="{colour}"{pale}/>'


def held_of(day: DayPoint) -> int | None:
    """How many listings were held at the last moment of a day that was read; None where none was."""
    return None if day.rejected is None or day.auditing is None else day.rejected + day.auditing


def held_line_words(days: Sequence[DayPoint], zone: tzinfo = UTC) -> str:
    """Describe the small chart in words, as its alternative text."""
    known = [(day.day, held) for day in days if (held := held_of(day)) is not None]
    if not known:
        return "No day of the last 30 was completely read."
    values = [held for _, held in known]
    missing = len(days) - len(known)
    gaps = f" {missing} of the days were not read." if missing else ""
    parts = sum(day.is_part for day in days)
    part = f" On {plural(parts, 'day')} not all stores were read: the count is of the others." if parts else ""
    return (
        f"Listings held at the end of each day, {_day(known[0][0])} to {_day(known[-1][0])}: "
        f"lowest {min(values)}, highest {max(values)}, last {values[-1]}{_so_far(days, zone)}.{gaps}{part}"
    )


def _so_far(days: Sequence[DayPoint], zone: tzinfo) -> str:
    last = next(day for day in reversed(days) if held_of(day) is not None)
    return f" {so_far_words(last.reach.read_at, last.day, zone)}" if last.is_open else ""


def plot(spec: Spec, **ways: Any) -> None:
    """Draw a plotly chart of a page that runs often; `ways` are passed on to `st.plotly_chart`.

    Plotly checks each property of a figure that it puts together and Streamlit has it check a dict in the same way: for
    the charts of History that was two fifths of a run, and it said the same each time. Here a chart is sent as it was
    written. `checked` of tests/ui/plotted.py lets plotly check it in tests.
    """
    st.plotly_chart(_as_written()(spec), theme=None, **ways)


@cache
def _as_written() -> Callable[[Spec], BaseFigure]:
    """Return the kind of figure that gives what it was made from; plotly is loaded for who first sees a chart."""
    from plotly.basedatatypes import BaseFigure  # noqa: PLC0415 - a second of loading

    class AsWritten(BaseFigure):  # type: ignore[misc]  # plotly has no types
        def __init__(self, spec: Spec) -> None:
            self._spec = spec

        def to_dict(self) -> Spec:
            return self._spec

    return AsWritten


def plot_layout(theme: str) -> Spec:
    """Return the layout shared by all plotly charts. They are drawn with `theme=None`, so Streamlit adds nothing.

    The background is painted, so that a saved picture can be read on a page of any colour.
    """
    colours = COLOURS[theme]
    axis = {
        "gridcolor": colours["grid"],
        "linecolor": colours["line"],
        "zerolinecolor": colours["line"],
        "tickcolor": colours["line"],
        "automargin": True,
    }
    return {
        "template": {"layout": {"xaxis": axis, "yaxis": axis}},
        "paper_bgcolor": colours["ground"],
        "plot_bgcolor": colours["ground"],
        "font": {"family": '"Source Sans", "Source Sans 3", sans-serif', "size": 13, "color": colours["text"]},
        "hoverlabel": {"bgcolor": colours["ground"], "bordercolor": colours["line"]},
        "margin": {"l": 8, "r": 8, "t": 30, "b": 8},
        "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
    }


def plot_config(name: str) -> dict[str, object]:
    """Return the toolbar of a plotly chart: save as a PNG named `name`, zoom, pan, reset.

    The browser makes the picture; nothing is fetched from a network.
    """
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def steps(points: Sequence[Point], until: datetime) -> tuple[list[datetime], list[float | None]]:
    """Return x and y of a step line: each value is drawn up to the next point, also where a gap begins there."""
    ends = [*(point.at for point in points[1:]), until]
    corners = [
        corner
        for point, end in zip(points, ends, strict=True)
        for corner in ((point.at, point.value), (end, point.value))
    ]
    return [at for at, _ in corners], [value for _, value in corners]


TABLE_HEAD = 34
"""Pixels of the head of a table and its border, as Streamlit 1.67 draws them."""
TABLE_ROW = 31
"""Pixels of a row, likewise."""
TABLE_MOST_ROWS = 10
"""So many rows are shown at once; the others are scrolled to."""


def in_sight(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows for the screen: what turns the direction of a text is written as what it is, `‹U+202E›`.

    A cell of others would turn the words beside it, or read as another text than it is.
    """
    return rows.map(lambda cell: visible(cell) if isinstance(cell, str) else cell)


def table(
    name: str, rows: pd.DataFrame, *, row_height: int = TABLE_ROW, most_rows: int = TABLE_MOST_ROWS, **ways: Any
) -> Any:
    """Draw a table, and keep its place while it is fetched; return what `st.dataframe` returns.

    `name` is of its place and the only one on a page; `row_height` is in pixels; `ways` are passed on.
    """
    rows = in_sight(rows)
    height = TABLE_HEAD + row_height * min(len(rows), most_rows)
    with st.container(height=height, border=False, key=f"place-of-{name}"):
        return st.dataframe(rows, hide_index=True, row_height=row_height, height=height, **ways)
