"""History: the hero over time against its siblings, the books of the span, and a way to any moment of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from aexdash.snapshot.readmodels import Bridge, DayPoint, Move
from aexdash.ui import address, nav
from aexdash.ui.charts import held_line_words, held_of, history_figure
from aexdash.ui.theme import theme
from aexdash.ui.visit import Visit, midnight_before
from aexdash.ui.words import STATUS_WORDS, moment, number

SPANS = {"7d": 7, "30d": 30, "90d": 90, "1y": 365}
SPAN_WORDS = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "1y": "1 year"}
USUAL_SPAN = "30d"
SHOWN_LISTINGS = 200


def pick_span(visit: Visit) -> int:
    """Draw the choice of how far back; answer it in days. The choice is in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="history-head"):
        st.markdown("## History", anchors=False, width="content")
        asked = st.query_params.get("span", "")
        span = asked if asked in SPANS else USUAL_SPAN
        st.session_state["span"] = span
        st.segmented_control(
            "How far back",
            list(SPANS),
            format_func=SPAN_WORDS.__getitem__,
            required=True,
            key="span",
            on_change=_pick_span,
            label_visibility="collapsed",
        )
        _time_machine(visit)
    return SPANS[span]


def _pick_span() -> None:
    picked = st.session_state["span"]
    address.change("span", "" if picked == USUAL_SPAN else picked)


def _time_machine(visit: Visit) -> None:
    with st.popover("Time machine"):
        at = st.datetime_input(
            "Everything as it was at (UTC)",
            value=visit.moment.replace(tzinfo=None, second=0, microsecond=0),
            max_value=visit.now.replace(tzinfo=None),
            key="as-of-picked",
        )
        query = visit.view.place().but(as_of=at.replace(tzinfo=UTC)).to_query()
        for name in ("overview", "worklist", "history"):
            nav.link(name, f"{name.title()} as of then", query)


def over_time(visit: Visit, days: int) -> None:
    """Draw the held count by day above its siblings, and the table behind the chart."""
    points = visit.days(days)
    if not any(held_of(point) is not None for point in points):
        st.info("No day of this span was completely read: there is nothing to draw, and no zero either.")
        return
    st.plotly_chart(
        history_figure(points, theme()),
        key="history-chart",
        alt=held_line_words(points),
        config={"displayModeBar": False},
    )
    gaps = sum(held_of(point) is None for point in points)
    if gaps:
        st.caption(f"{gaps:,} of {len(points):,} days have no complete read: gaps, not zeros.")
    table = st.expander("The table behind the chart", on_change="rerun", key="history-table")
    if table.open:
        table.dataframe(_table(points), hide_index=True, alt="Counts by day, the latest first")


def _table(points: Sequence[DayPoint]) -> pd.DataFrame:
    rows = [
        {
            "Day (UTC)": point.day,
            "Held": held_of(point),
            "Rejected": point.rejected,
            "In audit": point.auditing,
            "Newly rejected": point.newly_rejected,
            "Active": point.active,
            "All listings": point.total,
        }
        for point in reversed(points)
    ]
    return pd.DataFrame(rows).astype(dict.fromkeys(list(rows[0])[1:], "Int64"))


def books(visit: Visit, days: int) -> None:
    """Draw the books of the span, or of any two moments in it, with the listings that entered and left."""
    st.markdown("### The books", anchors=False)
    start, end = _two_moments(visit, days)
    if start >= end:
        st.warning("The first moment must be before the second.")
        return
    bridge = visit.bridge(start, end)
    _bridge(bridge)
    moved = st.expander("Listings that entered and left", on_change="rerun", key="moved")
    if moved.open:
        with moved:
            _moved(visit, start, end)


def _two_moments(visit: Visit, days: int) -> tuple[datetime, datetime]:
    earliest = midnight_before(visit.moment, days - 1)
    with st.container(horizontal=True, key="two-moments"):
        start = st.datetime_input("From (UTC)", value=_naive(earliest), key=f"from-{days}", width=220)
        end = st.datetime_input(
            "To (UTC)", value=None, key=f"to-{days}", width=220, help="Empty: the moment of the page"
        )
    return _aware(start, earliest), _aware(end, visit.moment)


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def _aware(at: datetime | None, otherwise: datetime) -> datetime:
    return otherwise if at is None else at.replace(tzinfo=UTC)


def _bridge(bridge: Bridge) -> None:
    entered, left = sum(bridge.entered.values()), sum(bridge.left.values())
    st.markdown(
        f"**{bridge.opening:,}** at {moment(bridge.start)} + **{entered:,}** entered − **{left:,}** left "
        f"= **{bridge.closing:,}** at {moment(bridge.end)}"
    )
    if bridge.first_seen:
        st.caption(f"{bridge.first_seen:,} of those entered were there when we first looked: held since before.")
    rows = [{"": "Held at the start", "Listings": bridge.opening}]
    rows += [{"": f"+ entered: {STATUS_WORDS.get(s, s)}", "Listings": n} for s, n in bridge.entered.items() if n]
    rows += [{"": f"− left for: {STATUS_WORDS.get(s, s)}", "Listings": n} for s, n in bridge.left.items() if n]
    rows += [{"": "Held at the end", "Listings": bridge.closing}]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width=420, height="content", alt="The books of the span")


def _moved(visit: Visit, start: datetime, end: datetime) -> None:
    entered, left = visit.snapshot.entered_left(visit.view.where, start, end)
    for name, moves in (("Entered", entered), ("Left", left)):
        st.markdown(f"**{name}** {number(len(moves))}")
        if moves:
            rows = pd.DataFrame([_move(move) for move in moves[:SHOWN_LISTINGS]])
            st.dataframe(rows, hide_index=True, alt=f"Listings by when they {name.lower()}")
        if len(moves) > SHOWN_LISTINGS:
            st.caption(f"The first {SHOWN_LISTINGS} are shown.")


def _move(move: Move) -> dict[str, str]:
    return {
        "When": moment(move.at),
        "Product id": str(move.product_id),
        "Title": move.title,
        "From": STATUS_WORDS[move.status_from] if move.status_from else "first seen",
        "To": STATUS_WORDS[move.status_to] if move.status_to else "",
    }
