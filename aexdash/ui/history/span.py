"""Reads the choices of *history* from the address and draws their widgets: span, grain, and cards beside the hero.

The address is read first, and the widgets are set from it before they are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

import streamlit as st

from aexdash.cards import CARDS, held
from aexdash.clock import DAY, TICK, day_of, start_of_day
from aexdash.snapshot.history.series import Bucket, Grain, buckets
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.stores import Stores
from aexdash.ui.frame import address, segments
from aexdash.ui.frame.visit import Visit
from aexdash.words.common import place

SPANS = {"7d": 7, "30d": 30, "90d": 90, "1y": 365}
ALL, CUSTOM = "all", "custom"
SPAN_WORDS = {"7d": "7 days", "30d": "30 days", "90d": "90 days", "1y": "1 year", ALL: "All", CUSTOM: "Custom"}
SHORTEST, USUAL_SPAN = "7d", "30d"

GRAIN_WORDS: Mapping[str, str] = {Grain.HOUR: "Hours", Grain.DAY: "Days", Grain.WEEK: "Weeks"}
USUAL_GRAIN = Grain.DAY

HERO = held.HERO.key
SIBLINGS = tuple(key for key in CARDS if key != HERO)
USUAL_CARDS = ("aex_active_listings", "aex_required_attribute_completeness")
NO_CARDS = "none"

MOST_DAYS, MOST_DAYS_BY_HOUR = 1096, 31
"""Three years of days, and a month of hours: a screen cannot show more points."""


@dataclass(frozen=True, slots=True)
class HistoryChoices:
    """What to show: from the day `first` up to the moment `until`, by `grain`, with `cards` beside the hero.

    `span` is a key of `SPAN_WORDS`, and `usual` the one that an address asks for that names none. `notes` name the
    parameters that were ignored. Days are those of `zone`.
    """

    span: str
    first: date
    until: datetime
    grain: Grain
    cards: tuple[str, ...]
    notes: tuple[str, ...] = ()
    zone: tzinfo = UTC
    usual: str = USUAL_SPAN

    @property
    def start(self) -> datetime:
        """The begin of the first day."""
        return start_of_day(self.first, self.zone)

    @property
    def last(self) -> date:
        """The day in which the last moment lies."""
        return day_of(self.until, self.zone)

    @property
    def clocks(self) -> tzinfo:
        """Whose clocks name the steps: those of the zone; for hours among which these are changed, UTC."""
        offsets = {at.astimezone(self.zone).utcoffset() for at in (self.start, self.until)}
        return UTC if self.grain is Grain.HOUR and len(offsets) > 1 else self.zone

    @property
    def cut(self) -> list[Bucket]:
        """The hours, days or weeks to show."""
        return buckets(self.grain, self.first, self.until, self.zone)


def read(
    query: Mapping[str, str], moment: datetime, zone: tzinfo = UTC, known_from: date | None = None
) -> HistoryChoices:
    """Read the parameters of an address; no day is later than `moment`, and what cannot be read is noted.

    `known_from` is the day of the first reading. Where that is no longer ago than the usual span, an address that asks
    for none means all days since.
    """
    notes: list[str] = []
    usual = ALL if known_from and _days(known_from, moment, zone) <= SPANS[USUAL_SPAN] else USUAL_SPAN
    span = query.get("span") or usual
    if span not in SPAN_WORDS:
        notes.append(f"span={span} is not known; it can be {', '.join(SPAN_WORDS)}.")
        span = usual
    if span == CUSTOM:
        first, until = _custom(query, moment, notes, zone)
    else:
        first, until = _preset(span, moment, zone, known_from), moment
    grain = _grain(query.get("grain", ""), _days(first, until, zone), notes)
    return HistoryChoices(span, first, until, grain, _cards(query.get("cards", ""), notes), tuple(notes), zone, usual)


def _days(first: date, moment: datetime, zone: tzinfo) -> int:
    """Return how many days there are from one to that of a moment, both counted."""
    return (day_of(moment, zone) - first).days + 1


def _preset(span: str, moment: datetime, zone: tzinfo, known_from: date | None) -> date:
    """Return the first day of a span that ends with a moment: of all days, that of the first reading."""
    today = day_of(moment, zone)
    if span == ALL and known_from:
        return min(max(known_from, today - timedelta(days=MOST_DAYS - 1)), today)
    return today - timedelta(days=SPANS.get(span, SPANS[USUAL_SPAN]) - 1)


def offered(asked: HistoryChoices, known_from: date | None, latest: datetime) -> dict[str, str]:
    """Return the spans to choose from: a week, those shorter than what was read, all of it, and one's own.

    The one that is shown stays among them, also where it is longer.
    """
    if known_from is None:
        return {span: words for span, words in SPAN_WORDS.items() if span != ALL}
    known = _days(known_from, latest, asked.zone)
    fits = {span for span, days in SPANS.items() if days < known}
    words = SPAN_WORDS | {ALL: f"All {known:,} days" if known > 1 else "The one day read"}
    return {span: words[span] for span in SPAN_WORDS if span in (fits | {SHORTEST, ALL, CUSTOM, asked.span})}


def _custom(query: Mapping[str, str], moment: datetime, notes: list[str], zone: tzinfo) -> tuple[date, datetime]:
    today = day_of(moment, zone)
    usual = today - timedelta(days=SPANS[USUAL_SPAN] - 1)
    first, last = (_day(query, name, notes) for name in ("from", "to"))
    last = min(last or today, today)
    first = first or min(usual, last)
    if first > last:
        notes.append(f"The span would begin on {first}, after its last day {last}; the day {last} is shown.")
        first = last
    if (last - first).days >= MOST_DAYS:
        first = last - timedelta(days=MOST_DAYS - 1)
        notes.append(f"{MOST_DAYS:,} days can be shown at once: from {first} on.")
    return first, min(start_of_day(last + DAY, zone) - TICK, moment)


def _day(query: Mapping[str, str], name: str, notes: list[str]) -> date | None:
    given = query.get(name, "")
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        notes.append(f"{name}={given} is not a day and was left out; write it like 2026-03-09.")
        return None


def _grain(given: str, days: int, notes: list[str]) -> Grain:
    if given and given not in GRAIN_WORDS:
        notes.append(f"grain={given} is not known; it can be {', '.join(GRAIN_WORDS)}.")
    if given == Grain.HOUR and days > MOST_DAYS_BY_HOUR:
        notes.append(f"Hours are shown for up to {MOST_DAYS_BY_HOUR} days; these are the days.")
        return Grain.DAY
    return Grain(given) if given in GRAIN_WORDS else USUAL_GRAIN


def _cards(given: str, notes: list[str]) -> tuple[str, ...]:
    if not given:
        return USUAL_CARDS
    asked = () if given == NO_CARDS else tuple(dict.fromkeys(given.split(",")))
    unknown = [key for key in asked if key not in SIBLINGS]
    if unknown:
        notes.append(f"cards={','.join(unknown)} is not known and was left out.")
    return tuple(key for key in asked if key in SIBLINGS)


def pick(visit: Visit) -> HistoryChoices:
    """Draw the choices of span, grain and cards as the address has them; return what to show."""
    until, known_from = visit.known_until, _known_from(visit)
    query = {name: ",".join(st.query_params.get_all(name)) for name in st.query_params}
    asked = read(query, until, visit.zone, known_from)
    with st.container(horizontal=True, vertical_alignment="bottom", key="history-span"):
        segments.draw("span", "How far back", offered(asked, known_from, until), asked.span, asked.usual)
        segments.draw("grain", "How finely", GRAIN_WORDS, asked.grain, USUAL_GRAIN)
        if asked.span == CUSTOM:
            _pick_day("from", f"From day ({place(visit.zone)})", asked.first, visit.day)
            _pick_day("to", f"To day ({place(visit.zone)})", asked.last, visit.day)
    _pick_cards(asked)
    for note in asked.notes:
        st.warning(note)
    return asked


def first_read(snapshot: Snapshot, stores: Stores) -> dict[str, datetime]:
    """Ask when each store was first completely read; for `Visit.ask`."""
    return snapshot.past(stores).first_read()


def _known_from(visit: Visit) -> date | None:
    """Return the day on which the first of the shown stores was first read; None: none was by the page's moment."""
    first = visit.ask(first_read, visit.view.store_keys)
    earliest = min(first.values(), default=None)
    return day_of(earliest, visit.zone) if earliest and earliest <= visit.known_until else None


def _pick_day(name: str, label: str, picked: date, latest: date) -> None:
    key = f"{name}-day-{picked}"  # a field for each day, as with the moments of the books

    def write() -> None:
        if st.session_state[key] != picked:
            address.change(name, st.session_state[key].isoformat())

    st.session_state[key] = picked
    st.date_input(label, key=key, min_value=date(2010, 1, 1), max_value=latest, on_change=write, width=150)


def _pick_cards(asked: HistoryChoices) -> None:
    def write() -> None:
        chosen = tuple(st.session_state["history-cards"])
        address.change("cards", "" if chosen == USUAL_CARDS else ",".join(chosen) or NO_CARDS)

    st.session_state["history-cards"] = list(asked.cards)
    st.multiselect(
        "Beside the held count",
        SIBLINGS,
        format_func=lambda key: CARDS[key].title,
        key="history-cards",
        on_change=write,
        placeholder="Choose cards",
    )
