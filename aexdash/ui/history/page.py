"""The first part of the history page: held listings over time above other cards, with new reasons and alerts marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

import streamlit as st

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.cards import CARDS, Card
from aexdash.causes.movement import Movement
from aexdash.clock import TICK, midnight
from aexdash.snapshot.compared.listings import What
from aexdash.snapshot.history.card_values import Combine
from aexdash.snapshot.history.new_reasons import FEWEST, SILENCE, NewReason
from aexdash.snapshot.history.series import CardPoint, HeldPoint
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import StoreRow
from aexdash.snapshot.stores import Stores
from aexdash.ui.causes import ways
from aexdash.ui.frame import time_machine
from aexdash.ui.frame.charts import plot, plot_config
from aexdash.ui.frame.theme import theme
from aexdash.ui.frame.visit import Visit
from aexdash.ui.history import span, spikes
from aexdash.ui.history.chart import figure
from aexdash.ui.history.series import (
    GRAIN_WORDS,
    CardSeries,
    Marker,
    breaks,
    by_day,
    gaps,
    in_words,
    left_out_words,
    on_the_wall,
    said,
    table,
)
from aexdash.ui.history.span import HistoryChoices
from aexdash.view import View
from aexdash.words.common import capital, moment, place, plain, plural
from aexdash.words.spikes import told_words
from aexdash.words.statements import claim_words, unread_words

SHOWN_MARKS = 8
"""Marks that are listed below the chart at once, the latest; those before them stand behind a click."""

STORE, SPIKE, NEW_REASON, ALERT = "store", "spike", "reason", "alert"
"""The kinds of markers."""

CLOCK_WORDS = (
    "Each value is that of the end of its hour, day or week; a pale one is that of its last reading, or of some of the "
    "stores. These are of {place}: a week begins on Monday, and a day has 23 or 25 hours where clocks are changed "
    "there."
)

UTC_WORDS = " Clocks were changed in this span, so its hours are named by UTC."

RULE_WORDS = (
    f"Marked is a reason that no held listing was given for {SILENCE.days} days, on the day on which it is given to at "
    f"least {FEWEST} listings and to a fifth of all that are given a reason on that day."
)


def head(visit: Visit) -> HistoryChoices:
    """Draw the heading and the choices, which are kept in the address; return what to show."""
    st.markdown("## History", anchors=False)
    if visit.view.as_of is None:  # else it stands above every page
        time_machine.draw(visit)
    _say_the_moment(visit)
    return span.pick(visit)


def _say_the_moment(visit: Visit) -> None:
    """Say of a past moment that was not wholly read between which readings it lies, and what was read last."""
    if visit.view.as_of is None:
        return
    reach = visit.ask(Snapshot.hero, visit.view.unfiltered()).reach
    if claim := claim_words(reach, was="" if reach.was is None else f"{reach.was:,.0f}", zone=visit.zone):
        st.markdown(f"**{moment(visit.view.as_of, visit.zone)}:** {plain(claim)}")


def over_time(visit: Visit, choices: HistoryChoices) -> None:
    """Draw the chart of held listings and other cards, the list of its marks, and the table behind it."""
    where = visit.view.store_keys
    points = visit.ask(_held, where, choices)
    if not any(point.held is not None for point in points):
        word = GRAIN_WORDS[choices.grain]
        st.info(
            f"No {word} of this span was completely read: there is nothing to draw, and no zero either. "
            "Choose a longer span, or all days that were read."
        )
        return
    every = [line for key in choices.cards for line in _lines_of(visit, CARDS[key], choices)]
    lines = [line for line in every if line.known]
    found = [
        one for one in spikes.of_days(visit, choices.last, choices.until) if choices.start <= one.at <= choices.until
    ]
    markers = [
        *store_markers(visit, choices),
        *(Marker(one.at, SPIKE, told_words(one)) for one in found),
        *new_reason_markers(visit, choices),
        *alert_markers(visit, choices),
    ]
    plot(
        figure(points, lines, markers, choices.grain, theme(), zone=choices.clocks),
        key="history-chart",
        alt=in_words(points, lines, markers, choices.grain, choices.clocks),
        config=plot_config(f"aexdash-history-{choices.first}-{choices.last}"),
    )
    spikes.explain(visit, found)
    _below(visit, points, every, markers, choices)
    behind = st.expander("The table behind the chart", on_change="rerun", key="history-table")
    if behind.open:
        behind.dataframe(
            table(points, lines, choices.grain, choices.clocks),
            hide_index=True,
            alt=f"Counts by {choices.grain}, the latest first",
        )


def _held(snapshot: Snapshot, stores: Stores, choices: HistoryChoices) -> list[HeldPoint]:
    return snapshot.held_series(stores, choices.cut, choices.until)


def _values(snapshot: Snapshot, stores: Stores, card: str, choices: HistoryChoices) -> list[CardPoint]:
    return snapshot.card_series(stores, card, choices.cut, choices.until, combine=CARDS[card].combine)


def _lines_of(visit: Visit, card: Card, choices: HistoryChoices) -> list[CardSeries]:
    """Read a card as one series, or one for each store when the stores' values cannot be combined."""
    where = visit.view.store_keys
    stores = [store for store in visit.stores if (store.watched if where is None else store.key in where)]
    apart = card.combine is Combine.NONE and len(stores) > 1
    return [
        _series(visit, card, choices, keys, store, apart=apart)
        for keys, store in ([((store.key,), store) for store in stores] if apart else [(where, stores[0])])
    ]


def _series(
    visit: Visit, card: Card, choices: HistoryChoices, keys: tuple[str, ...] | None, store: StoreRow, *, apart: bool
) -> CardSeries:
    points = visit.ask(_values, keys, card.key, choices)
    return CardSeries(
        card,
        tuple(point.value for point in points),
        store=store.title if apart else "",
        currency=(store.currency or "") if card.unit == "money a day" else "",
        notes=tuple(said(card, point, visit.zone) for point in points),
        parts=frozenset(index for index, point in enumerate(points) if point.is_part),
        breaks=frozenset(breaks(points)),
        left_out=sum(point.value is None and point.doubt is not None for point in points),
    )


def store_markers(visit: Visit, choices: HistoryChoices) -> list[Marker]:
    """Return a marker for each store that was first read within the span, when others had been read before."""
    first_read = visit.ask(span.first_read, visit.view.store_keys)
    earliest = min(first_read.values(), default=choices.start)
    return [
        Marker(at, STORE, f"Store connected: {_title(visit, key)}, first read then; no rise of the others.")
        for key, at in first_read.items()
        if choices.start <= at <= choices.until and at > earliest
    ]


def new_reason_markers(visit: Visit, choices: HistoryChoices) -> list[Marker]:
    """Return a marker for each day on which a reason became frequent that had been absent (see `RULE_WORDS`)."""
    new_reasons = visit.ask(Snapshot.new_reasons, visit.view.store_keys, choices.start, choices.until)
    several = visit.store is None
    return [
        Marker(
            new.at,
            NEW_REASON,
            f"New reason: {visit.label(new.code)}, {new.listings:,} of {plural(new.of, 'listing')} "
            f"that were given one{f' in {_title(visit, new.store)}' if several else ''}{_silence_read(visit, new)}.",
            _movement_of(visit, new),
        )
        for new in new_reasons
    ]


def _movement_of(visit: Visit, new: NewReason) -> Movement | None:
    """Return what came to be held in the store of a new reason on its day, up to its last known moment."""
    start = midnight(new.at, visit.zone) - TICK
    end = min(midnight(new.at, visit.zone, days=1) - TICK, visit.known_until)
    return Movement(What.HELD, start, end, (new.store,), about="history") if start < new.at <= end else None


def _silence_read(visit: Visit, new: NewReason) -> str:
    """Say how much of the days without a reason was read, where not all of it was: nobody knows of the rest."""
    reach = visit.snapshot.past((new.store,)).reach(new.at - SILENCE, new.at)
    words = unread_words(reach)
    return f" ({words} before it)" if words else ""


def alert_markers(visit: Visit, choices: HistoryChoices) -> list[Marker]:
    """Return a marker for each episode that opened in the span, with its severity; also those closed by now."""
    looked_at = {store.key for store in visit.looked_at}
    episodes = Episodes(visit.settings.desk_path).between(choices.start, choices.until)
    several = visit.store is None
    return [
        Marker(
            one.opened_at,
            ALERT,
            f"Alert: {one.title} ({one.severity.value}){f' in {_title(visit, one.store)}' if several else ''}.",
        )
        for one in episodes
        if one.store in looked_at and one.opened_at >= choices.start
    ]


def _title(visit: Visit, key: str) -> str:
    store = visit.store_of(key)
    return store.title if store else key


def _mark(visit: Visit, index: int, at: datetime, marked: Sequence[Marker]) -> None:
    """Draw what happened on a day, with the way to what goes with it for each new reason, once a movement."""
    movements = list(dict.fromkeys(one.movement for one in marked if one.movement))
    told = f"**{index}** {moment(at, visit.zone)}: {plain(' '.join(marker.words for marker in marked))}"
    if not movements:
        st.markdown(told)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"mark-{index}"):
        st.markdown(told, width="content")
        for movement in movements:
            (store,) = movement.stores or ("",)
            ways.link(visit, movement, View(store=store, as_of=visit.view.as_of))


def _below(
    visit: Visit,
    points: Sequence[HeldPoint],
    lines: Sequence[CardSeries],
    markers: Sequence[Marker],
    choices: HistoryChoices,
) -> None:
    """Draw the notes below the chart: the marks with their rule, the gaps, cards without data, and the time zone."""
    days = by_day(markers, choices.clocks)
    told = list(enumerate(days, 1))
    for index, (at, marked) in told[-SHOWN_MARKS:]:
        _mark(visit, index, at, marked)
    if earlier := told[:-SHOWN_MARKS]:
        before = st.expander(f"The marks before, {plural(len(earlier), 'day')}", on_change="rerun", key="marks-before")
        if before.open:
            with before:
                for index, (at, marked) in earlier:
                    _mark(visit, index, at, marked)
    missing = sum(point.held is None for point in points)
    if missing:
        word = GRAIN_WORDS[choices.grain]
        st.caption(f"{missing:,} of {plural(len(points), word)} have no complete read: gaps, not zeros.")
        st.caption(_named(points, choices.clocks))
    parts = sum(point.is_part for point in points)
    if parts:
        word = GRAIN_WORDS[choices.grain]
        st.caption(
            f"In {parts:,} of {plural(len(points), word)} not all stores were read: pale, the sum of the others."
        )
    if any(line.breaks for line in lines):
        st.caption("A line is broken where it is of other stores than before: a store that joins is no rise.")
    for line in lines:
        if line.left_out:
            st.caption(plain(left_out_words(line, choices.grain)))
    silent = [line.name for line in lines if not line.known and not line.left_out]
    if silent:
        st.caption(f"No data in this span: {plain(', '.join(silent))}.")
    rule_words = RULE_WORDS if any(marker.kind == NEW_REASON for marker in markers) else ""
    changed = "" if choices.clocks == choices.zone else UTC_WORDS
    st.caption(f"{CLOCK_WORDS.format(place=place(choices.zone))}{changed} {rule_words}".rstrip())


def _named(points: Sequence[HeldPoint], zone: tzinfo) -> str:
    found = gaps(on_the_wall(points, zone), zone)
    named = "; ".join(
        f"{gap.days}: {gap.told}" if gap.begun else f"{gap.words} {gap.days}" for gap in found[-SHOWN_MARKS:]
    )
    return f"{'The last are: ' if len(found) > SHOWN_MARKS else ''}{capital(named)}."
