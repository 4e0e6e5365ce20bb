"""A chart of lines on two logarithmic axes, as SVG that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 900, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 330, 50, 60
LINE_HEIGHT = 17
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#444444", "#b22222")
"""Told apart also by those who see red and green alike (Okabe and Ito), with two darker ones."""


@dataclass(frozen=True)
class Line:
    """A line with its name; each point is a size and a value, both above zero, in the order of the sizes."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis: its least and greatest value, and where on the picture these are."""

    least: float
    most: float
    begin: float
    end: float

    def place(self, value: float) -> float:
        """Where a value stands."""
        share = math.log(value / self.least) / math.log(self.most / self.least)
        return self.begin + (self.end - self.begin) * share

    def powers(self) -> list[float]:
        """The powers of ten on it."""
        first, last = math.ceil(math.log10(self.least) - 1e-9), math.floor(math.log10(self.most) + 1e-9)
        return [10.0**power for power in range(first, last + 1)]


def drawn(title: str, of_sizes: str, of_values: str, lines: Sequence[Line]) -> str:
    """Draw lines, named at their right ends; return the SVG. Grey lines rise in step with the size."""
    sizes = sorted({size for line in lines for size, _ in line.points})
    values = [value for line in lines for _, value in line.points]
    across = Axis(sizes[0], sizes[-1], LEFT, WIDTH - RIGHT)
    up = Axis(10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values))), HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
        f' font-family="sans-serif" font-size="13" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(LEFT, 24, title, weight="bold"),
        _text(LEFT, HEIGHT - 14, of_sizes),
        _text(8, TOP - 12, of_values),
        *(_rule(LEFT, up.place(power), across.end, up.place(power)) for power in up.powers()),
        *(_text(LEFT - 8, up.place(power) + 4, f"{power:,g}", anchor="end") for power in up.powers()),
        *(_text(across.place(size), HEIGHT - BOTTOM + 18, f"{size:,.0f}", anchor="middle") for size in sizes),
        *_in_step(across, up),
    ]
    ends = _spread([up.place(line.points[-1][1]) for line in lines])
    for line, colour, end in zip(lines, COLOURS * len(lines), ends, strict=False):
        places = [(across.place(size), up.place(value)) for size, value in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places]
        parts.append(_text(across.end + 14, end + 4, f"{line.name} ({_short(line.points[-1][1])})", fill=colour))
    return "\n".join([*parts, "</svg>\n"])


def _short(value: float) -> str:
    """A value in three figures; whole from a hundred on."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _in_step(across: Axis, up: Axis) -> list[str]:
    """Lines along which ten times the size costs ten times as much, for the eye to compare with."""
    ratio = across.most / across.least
    starts = [power for power in up.powers() if power * ratio <= up.most]
    return [_rule(across.begin, up.place(start), across.end, up.place(start * ratio), dashes="4 4") for start in starts]


def _spread(places: Sequence[float]) -> list[float]:
    """Move names apart that would stand on each other, downwards."""
    moved: dict[int, float] = {}
    below = -math.inf
    for index in sorted(range(len(places)), key=places.__getitem__):
        below = moved[index] = max(places[index], below + LINE_HEIGHT)
    return [moved[index] for index in range(len(places))]


def _rule(x1: float, y1: float, x2: float, y2: float, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#cccccc"{dashed}/>'


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal", fill: str = "#222222"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">'
        f"{escape(words)}</text>"
    )
