"""History: the hero over time against its siblings, with what is marked in it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from aexdash.alerts.episodes import Episodes
from aexdash.cards import CARDS, Card
from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.history.new_reasons import FEWEST, SILENCE
from aexdash.snapshot.history.series import Grain, HeldPoint, buckets
from aexdash.ui.frame import time_machine
from aexdash.ui.frame.charts import plot_config
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.ui.history import span
from aexdash.ui.history.series import (
    GRAIN_WORDS,
    Line,
    Marker,
    by_day,
    figure,
    gaps,
    in_words,
    table,
)
from aexdash.ui.history.span import Asked
from aexdash.words.common import moment, plain, plural

SHOWN_MARKS = 8

NEW_REASON, ALERT = "reason", "alert"
"""The kinds of marks."""

CLOCK_WORDS = (
    "Each value is that of the end of its hour, day or week. These are UTC: a week begins on Monday, and a day has 24 "
    "hours also where clocks are changed."
)

RULE_WORDS = (
    f"Marked is a reason that no held listing was given for {SILENCE.days} days, on the day on which it is given to at "
    f"least {FEWEST} listings and to a fifth of all that are given a reason on that day."
)


def head(visit: Visit) -> Asked:
    """Draw the heading and the choices; answer what to show. The choices are in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="history-head"):
        st.markdown("## History", anchors=False, width="content")
        time_machine.draw(visit)
    return span.pick(visit)


def over_time(visit: Visit, asked: Asked) -> None:
    """Draw the held count above its siblings, what is marked in it, and the table behind the chart."""
    where = visit.view.store_keys
    points = visit.snapshot.held_series(where, buckets(asked.grain, asked.first, asked.until), asked.until)
    if not any(point.held is not None for point in points):
        word = GRAIN_WORDS[asked.grain]
        st.info(f"No {word} of this span was completely read: there is nothing to draw, and no zero either.")
        return
    lines, silent = _lines(visit, asked)
    markers = [*new_reason_markers(visit, asked), *alert_markers(visit, asked)]
    st.plotly_chart(
        figure(points, lines, markers, asked.grain, theme()),
        theme=None,
        key="history-chart",
        alt=in_words(points, lines, markers, asked.grain),
        config=plot_config(f"aexdash-history-{asked.first}-{asked.until.date()}"),
    )
    _below(points, markers, silent, asked.grain)
    behind = st.expander("The table behind the chart", on_change="rerun", key="history-table")
    if behind.open:
        behind.dataframe(
            table(points, lines, asked.grain), hide_index=True, alt=f"Counts by {asked.grain}, the latest first"
        )


def _lines(visit: Visit, asked: Asked) -> tuple[list[Line], list[str]]:
    """The cards beside the hero, and the names of those that say nothing in this span."""
    lines = [line for key in asked.cards for line in _lines_of(visit, CARDS[key], asked)]
    return [line for line in lines if line.known], [line.name for line in lines if not line.known]


def _lines_of(visit: Visit, card: Card, asked: Asked) -> list[Line]:
    """A card as one line, or store by store where the values of several do not make one."""
    where = visit.view.store_keys
    stores = [store for store in visit.stores if (store.watched if where is None else store.key in where)]
    apart = card.combine is Combine.NONE and len(stores) > 1
    cut = buckets(asked.grain, asked.first, asked.until)
    return [
        Line(
            card,
            tuple(visit.snapshot.card_series(keys, card.key, cut, asked.until, combine=card.combine)),
            store=store.title if apart else "",
            currency=(store.currency or "") if card.unit == "money a day" else "",
        )
        for keys, store in ([((store.key,), store) for store in stores] if apart else [(where, stores[0])])
    ]


def new_reason_markers(visit: Visit, asked: Asked) -> list[Marker]:
    """Mark where the mix of reasons changed."""
    found = visit.snapshot.new_reasons(visit.view.store_keys, asked.start, asked.until)
    several = visit.store is None
    return [
        Marker(
            new.at,
            NEW_REASON,
            f"new reason {visit.label(new.code)}, {new.listings:,} of {plural(new.of, 'listing')} "
            f"that were given one{f' in {_title(visit, new.store)}' if several else ''}.",
        )
        for new in found
    ]


def alert_markers(visit: Visit, asked: Asked) -> list[Marker]:
    """Mark where an alert opened, with how bad it was; what is well by now stays marked."""
    looked_at = {store.key for store in visit.looked_at}
    found = Episodes(visit.settings.desk_path).between(asked.start, asked.until)
    several = visit.store is None
    return [
        Marker(
            one.opened_at,
            ALERT,
            f"alert {one.title} ({one.severity.value}){f' in {_title(visit, one.store)}' if several else ''}.",
        )
        for one in found
        if one.store in looked_at and one.opened_at >= asked.start
    ]


def _title(visit: Visit, key: str) -> str:
    store = visit.store_of(key)
    return store.title if store else key


def _below(points: Sequence[HeldPoint], markers: Sequence[Marker], silent: Sequence[str], grain: Grain) -> None:
    """Say what the drawing cannot: what is marked and by which rule, what is missing, and whose days these are."""
    days = by_day(markers)
    for index, (at, marked) in list(enumerate(days, 1))[-SHOWN_MARKS:]:
        st.markdown(f"**{index}** {moment(at)}: {plain(' '.join(marker.words for marker in marked))}")
    if len(days) > SHOWN_MARKS:
        st.caption(f"The last {SHOWN_MARKS} of {len(days)} marks are told here.")
    missing = sum(point.held is None for point in points)
    if missing:
        word = GRAIN_WORDS[grain]
        st.caption(f"{missing:,} of {plural(len(points), word)} have no complete read: gaps, not zeros.")
        st.caption(_named(points))
    if silent:
        st.caption(f"No data in this span: {plain(', '.join(silent))}.")
    rule_words = RULE_WORDS if any(marker.kind == NEW_REASON for marker in markers) else ""
    st.caption(f"{CLOCK_WORDS} {rule_words}".rstrip())


def _named(points: Sequence[HeldPoint]) -> str:
    found = gaps(points)
    named = "; ".join(f"{gap.words} {gap.days}" for gap in found[-SHOWN_MARKS:])
    return f"{'The last are: ' if len(found) > SHOWN_MARKS else ''}{named[:1].upper()}{named[1:]}."
