"""Two plotly charts of the history page: the books as a waterfall, and ages of held listings as a pyramid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from aexdash.snapshot.history.facts import AgeBand, Books, Flow
from aexdash.statement import Reach
from aexdash.ui.frame.charts import COLOURS, Spec, plot_layout
from aexdash.ui.history.moves import FLOW_WORDS
from aexdash.words.common import moment, plural
from aexdash.words.statements import AT_LEAST, NONE_SEEN, NOT_KNOWN, as_last_read_words, not_read_words

BAR_HEIGHT, AROUND = 34, 70
"""Pixels: one bar, and the room above and below all bars."""

FLAT = 0.1
"""When all changes together are a smaller share of the held count than this, the axis does not begin at zero."""

BRIDGE = (Flow.REJECTED, Flow.AUDITING, Flow.FIRST_SEEN, Flow.ACTIVE, Flow.OFFLINE, Flow.DELETED, Flow.OTHER)
RARE = (Flow.FIRST_SEEN, Flow.OTHER)
"""Flows that are drawn only when there are any."""


def bars(books: Books) -> list[Flow]:
    """Return the flows that have a bar, in order."""
    return [flow for flow in BRIDGE if books.flows[flow] or flow not in RARE]


def signed(books: Books, flow: Flow) -> int:
    """Return what a flow adds to the held count; negative for listings that left."""
    return books.flows[flow] if flow in {Flow.REJECTED, Flow.AUDITING, Flow.FIRST_SEEN} else -books.flows[flow]


def change_words(books: Books, flow: Flow) -> str:
    """Say what was seen of a flow, signed; where not all of the span was read, that it is at least so many, or none."""
    reach = books.closing_reach
    change = f"{signed(books, flow):+,}".replace("-", "−")
    if reach.is_window_read or flow is Flow.FIRST_SEEN:
        return change
    return f"{AT_LEAST}{change}" if books.flows[flow] else NOT_KNOWN if reach.is_window_unread else NONE_SEEN


def bridge_figure(books: Books, theme: str) -> Spec:
    """Draw the books as a waterfall, from the count at the start to the count at the end."""
    flows, colours = bars(books), COLOURS[theme]
    changes = [signed(books, flow) for flow in flows]
    start, end = (end_words(*of) for of in (("start", books.opening_reach), ("end", books.closing_reach)))
    names = [start, *(FLOW_WORDS[flow] for flow in flows), end]
    opening, closing = _end_text(books.opening, books.opening_reach), _end_text(books.closing, books.closing_reach)
    texts = [opening, *(change_words(books, flow) for flow in flows), closing]
    trace = {
        "type": "waterfall",
        "orientation": "h",
        "y": names,
        "x": [books.opening, *changes, books.closing],
        "measure": ["absolute", *["relative"] * len(flows), "total"],
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "increasing": {"marker": {"color": colours["rejected"]}},
        "decreasing": {"marker": {"color": colours["active"]}},
        "totals": {"marker": {"color": colours["plain"]}},
        "connector": {"line": {"color": colours["line"], "width": 1}},
    }
    layout = plot_layout(theme) | {
        "height": BAR_HEIGHT * len(names) + AROUND,
        "showlegend": False,
        "margin": {"l": 8, "r": 48, "t": 12, "b": 8},
        "xaxis": {"range": _range(books, changes), "tickformat": ",d", "nticks": 5, "title": {"text": "Listings held"}},
        "yaxis": {"autorange": "reversed", "showgrid": False},
        "bargap": 0.35,
    }
    return {"data": [trace], "layout": layout}


def end_words(name: str, reach: Reach) -> str:
    """Name the bar of a moment of the books: what was held then, or last read before it."""
    if reach.read:
        return f"held at the {name}"
    begun = any(one.read_at for one in reach.readings)
    return f"last read before the {name}" if begun else f"nothing read at the {name}"


def _end_text(held: int, reach: Reach) -> str:
    if reach.read:
        return f"{held:,}"
    return f"was {held:,}" if any(one.read_at for one in reach.readings) else "not read"


def _range(books: Books, changes: Sequence[int]) -> list[float]:
    """Return the ends of the axis; it begins near the lowest value when the changes are small beside it, else at 0."""
    heights = [books.opening]
    for change in changes:
        heights.append(heights[-1] + change)
    low, high = min(heights), max(heights)
    room = max((high - low) * 0.15, 1)
    return [low - room if low > 0 and high - low < high * FLAT else 0, high + room]


def bridge_words(books: Books, zone: tzinfo = UTC) -> str:
    """Describe the waterfall in words, as its alternative text."""
    changes = ", ".join(f"{FLOW_WORDS[flow]} {change_words(books, flow)}" for flow in bars(books))
    return (
        f"{_stock(plural(books.opening, 'listing'), books.opening_reach, books.start, zone)}; {changes}; "
        f"{_stock(f'{books.closing:,}', books.closing_reach, books.end, zone)}."
    )


def _stock(held: str, reach: Reach, at: datetime, zone: tzinfo) -> str:
    if reach.read:
        return f"{held} held at {moment(at, zone)}{as_last_read_words(reach, zone)}"
    was = f", was {held} when last read" if any(one.read_at for one in reach.readings) else ""
    return f"{moment(at, zone)} {not_read_words(reach, zone=zone)}{was}"


def band_words(band: AgeBand) -> str:
    """Name a band of ages in days: `< 1 d`, `1–3 d`, `> 14 d`."""
    if band.below is None:
        return f"> {band.least} d"
    return f"{band.least}–{band.below} d" if band.least else f"< {band.below} d"


def ages_figure(bands: Sequence[AgeBand], theme: str) -> Spec:
    """Draw held listings by age, the oldest on top: rejected to the left, in audit to the right."""
    colours, names = COLOURS[theme], [band_words(band) for band in bands]
    most = max([1, *(max(band.rejected, band.auditing) for band in bands)]) * 1.25
    sides = (
        ("Rejected", "rejected", [-band.rejected for band in bands]),
        ("In audit", "auditing", [band.auditing for band in bands]),
    )
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": names,
            "x": lengths,
            "text": [f"{abs(length):,}" for length in lengths],
            "textposition": "outside",
            "cliponaxis": False,
            "marker": {"color": colours[colour], "line": {"width": 0}},
            "hovertemplate": f"{name}, %{{y}}: %{{text}}<extra></extra>",
        }
        for name, colour, lengths in sides
    ]
    layout = plot_layout(theme) | {
        "height": BAR_HEIGHT * len(bands) + AROUND,
        "barmode": "overlay",
        "bargap": 0.25,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"},  # the tools are right
        "xaxis": {"range": [-most, most], "showticklabels": False, "showgrid": False, "zeroline": True},
        "yaxis": {"showgrid": False, "type": "category"},
    }
    return {"data": traces, "layout": layout}


def ages_words(bands: Sequence[AgeBand]) -> str:
    """Describe the pyramid in words, as its alternative text."""
    counts = "; ".join(
        f"{band_words(band)}: {band.rejected:,} rejected, {band.auditing:,} in audit" for band in reversed(bands)
    )
    return f"What is held by how long it has been in its status. {counts}."
