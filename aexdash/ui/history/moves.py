"""Reads from the address of *history* which books to show: the two moments, and which list of listings behind them.

No Streamlit. The words for every way in and out are here too, the same for bars, buttons, lists and files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from aexdash.address_words import read_moment
from aexdash.snapshot.history.facts import Between, Books, Flow, Moved
from aexdash.snapshot.history.span import Past
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.stores import Stores

OPENING, CLOSING, SHOWN, PAGE = "opening", "closing", "moves", "moves_page"
"""The parameters of the address."""

FLOW_WORDS: Mapping[str, str] = {
    Flow.REJECTED: "newly rejected",
    Flow.AUDITING: "entered audit",
    Flow.FIRST_SEEN: "held when we first looked",
    Flow.ACTIVE: "became active",
    Flow.OFFLINE: "taken offline",
    Flow.DELETED: "deleted",
    Flow.OTHER: "left for another status",
    Flow.STAYED: "between rejected and in audit",
    Between.CAME: "held at the end, not at the start",
    Between.GONE: "held at the start, not at the end",
}

LISTS: Mapping[str, Flow | Between] = {word.value: word for word in (*Flow, *Between)}


@dataclass(frozen=True, slots=True)
class BooksSpan:
    """The two moments of the books, the list to show (None: none), and notes on parameters that were ignored."""

    start: datetime
    end: datetime
    shown: Flow | Between | None = None
    notes: tuple[str, ...] = ()


def read(query: Mapping[str, str], default: tuple[datetime, datetime], latest: datetime) -> BooksSpan:
    """Read the parameters of an address; a missing moment is that of `default`, none is later than `latest`."""
    notes: list[str] = []
    start, end = (
        _moment(query, name, otherwise, notes) for name, otherwise in zip((OPENING, CLOSING), default, strict=True)
    )
    if start > end:
        notes.append("The first of the two moments was the later one: they are taken the other way round.")
        start, end = end, start
    if end > latest:
        notes.append("The second moment lies ahead: the books are drawn up to the moment of the page.")
        start, end = min(start, latest), latest
    wanted = query.get(SHOWN, "")
    if wanted and wanted not in LISTS:
        notes.append(f"{SHOWN}={wanted} is not known and was left out; it can be {', '.join(LISTS)}.")
    return BooksSpan(start, end, LISTS.get(wanted), tuple(notes))


def _moment(query: Mapping[str, str], name: str, otherwise: datetime, notes: list[str]) -> datetime:
    text = query.get(name, "")
    try:
        return read_moment(text) if text else otherwise
    except ValueError:
        notes.append(f"{name}={text} is not a moment and was left out; write it like 2026-03-09T12:00:00Z.")
        return otherwise


def balance(snapshot: Snapshot, stores: Stores, start: datetime, end: datetime) -> Books:
    """Ask for the books of a span, for `Visit.ask`."""
    return snapshot.past(stores).books(start, end)


def listings(past: Past, span: BooksSpan, limit: int, offset: int) -> list[Moved]:
    """Read one page of the list that `span` names; empty when it names none."""
    if isinstance(span.shown, Flow):
        return past.moved(span.shown, span.start, span.end, limit, offset)
    if span.shown:
        return past.differing(span.shown, span.start, span.end, limit, offset)
    return []


def every_listing(past: Past, span: BooksSpan) -> Iterator[Moved]:
    """Yield all rows of the list that `span` names; none when it names none."""
    if isinstance(span.shown, Flow):
        yield from past.every_move(span.shown, span.start, span.end)
    elif span.shown:
        yield from past.every_difference(span.shown, span.start, span.end)
