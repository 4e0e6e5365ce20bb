"""The preview *Show me before I save*: which states a band would have given a card in the last 90 days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import streamlit as st

from aexdash.cards import Band, Card, Direction
from aexdash.desk.bands import Span, State, days_in, state_spans
from aexdash.snapshot.history.card_values import Combine, Point
from aexdash.ui.frame.charts import COLOURS, steps
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.words.card_units import amount, state_words
from aexdash.words.common import moment, place, plain, plural, span

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

DAYS = 90

SHADES = {
    State.NEEDS_ATTENTION: "rejected",
    State.STABLE: "plain",
    State.PERFORMING: "active",
    State.NO_DATA: "line",
}
"""The states from top to bottom, each with its colour's name in `charts.COLOURS`."""


def draw(visit: Visit, card: Card, band: Band, present: Band) -> None:
    """Draw the preview of `band`; for each store apart when the stores' values cannot be combined.

    `present` is the band in force, for comparison.
    """
    st.markdown("**Show me before I save**")
    st.caption(f"Days of {place(visit.zone)}. A day that saw several states counts for each of them.")
    start, until = visit.midnight_before(DAYS - 1), visit.moment
    for title, points in _histories(visit, card, start, until).items():
        spans = state_spans(points, band, until)
        st.markdown(plain(f"{title}{preview_words(spans, state_spans(points, present, until), visit.zone)}"))
        if spans:
            _chart(card, band, points, spans, visit.zone)


def preview_words(spans: Sequence[Span], present: Sequence[Span], zone: tzinfo = UTC) -> str:
    """Say on how many of the last 90 days the card would have been in each state, compared with the present band."""
    if not spans:
        return "Nothing of this card was written down so far; its history begins with the next sync."
    days = {state: days_in(spans, state, zone) for state in State}
    now = days_in(present, State.NEEDS_ATTENTION, zone)
    attention = days[State.NEEDS_ATTENTION]
    against = "" if now == attention else f" (with the present band on {now})"
    others = [f"{state.value.casefold()} on {days[state]}" for state in (State.STABLE, State.PERFORMING) if days[state]]
    whole = Span(State.STABLE, spans[0].start, spans[-1].end)
    unknown = days[State.NO_DATA] + DAYS - days_in([whole], State.STABLE, zone)
    others += [f"without data on {unknown}"] if unknown else []
    rest = f" It would have been {', '.join(others)}." if others else ""
    return f"It would have needed attention on {attention} of the last {DAYS} days{against}.{rest}"


def _histories(visit: Visit, card: Card, start: datetime, until: datetime) -> dict[str, list[Point]]:
    """Read the stored history of the shown stores, by the text that introduces each (empty, or the store's title)."""
    stores = visit.looked_at
    if card.combine is not Combine.NONE or len(stores) == 1:
        where = visit.view.store_keys
        return {"": visit.snapshot.card_history(where, card.key, start, until, combine=card.combine)}
    return {
        f"{store.title}: ": visit.snapshot.card_history([store.key], card.key, start, until, combine=card.combine)
        for store in stores
    }


def _chart(card: Card, band: Band, points: Sequence[Point], spans: Sequence[Span], zone: tzinfo) -> None:
    words = f"{card.title} from {moment(spans[0].start, zone)}, and the state it would have been in."
    st.plotly_chart(figure(card, band, points, spans, theme()), alt=words, config={"displayModeBar": False})
    table = st.expander(f"The table behind the chart ({plural(len(spans), 'span')})")
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    table.dataframe(
        pd.DataFrame([_row(one, points, card, zone) for one in reversed(spans)]),
        hide_index=True,
        height="content",
        alt="States by time, the latest first",
    )


def _row(one: Span, points: Sequence[Point], card: Card, zone: tzinfo) -> dict[str, str]:
    values = [p.value for p in points if one.start <= p.at < one.end and p.value is not None]
    ends = dict.fromkeys((min(values), max(values))) if values else ()
    return {
        "State": state_words(one.state),
        "From": moment(one.start, zone),
        "To": moment(one.end, zone),
        "For": span(one.end - one.start),
        "Value": " to ".join(amount(value, card.unit) for value in ends),
    }


def figure(card: Card, band: Band, points: Sequence[Point], spans: Sequence[Span], shown: str) -> Figure:
    """Draw the value as a step line with the band's limits, and below it a strip for each state; `shown`: the theme."""
    from plotly.graph_objects import Scatter  # noqa: PLC0415 - a second of loading that only an open editor pays
    from plotly.subplots import make_subplots  # noqa: PLC0415

    colours = COLOURS[shown]
    drawing = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.62, 0.38], vertical_spacing=0.05)
    x, y = steps(points, spans[-1].end)
    line = Scatter(x=x, y=y, mode="lines", line_color=colours["plain"], connectgaps=False)
    drawing.add_trace(line.update(name=card.title), row=1, col=1)
    for words, level in _levels(band):
        drawing.add_hline(level, line_dash="dot", line_color=colours["plain"], annotation_text=words, row=1, col=1)
    labels = {state: state_words(state) for state in reversed(SHADES)}
    for state, label in labels.items():
        mine = [one for one in spans if one.state is state]
        ends = [at for one in mine for at in (one.start, one.end, None)]
        rows = [row for _ in mine for row in (label, label, None)]
        strip = Scatter(x=ends, y=rows, mode="lines", line={"width": 12, "color": colours[SHADES[state]]}, name=label)
        drawing.add_trace(strip, row=2, col=1)
    drawing.update_yaxes(rangemode="tozero", row=1)
    drawing.update_yaxes(categoryorder="array", categoryarray=list(labels.values()), row=2)
    drawing.update_yaxes(range=[-0.5, len(labels) - 0.5], row=2)
    drawing.update_layout(height=300, showlegend=False, margin={"l": 8, "r": 8, "t": 16, "b": 8})
    return drawing


def _levels(band: Band) -> list[tuple[str, float]]:
    if band.direction is Direction.NONE:
        return []
    if band.direction is Direction.TARGET:
        return [("at least", band.good - band.bad), ("at most", band.good + band.bad)]
    return [("good", band.good), ("bad", band.bad)] if band.good != band.bad else [("good and bad", band.good)]
