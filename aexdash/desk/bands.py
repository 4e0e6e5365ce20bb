"""When a card is good and when it needs attention: bands, the states they make of values, and who changed a band.

Bands ship with the cards; what people set for a profile, or for every store, lies in the desk file and can only grow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from aexdash.cards import Band, Card, Direction
from aexdash.clock import TICK, from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.storage.text import storable

EVERY_STORE = ""
"""The profile of whoever looks at no profile: every store, or one."""

SET = "INSERT INTO sensitivity (profile, card_key, direction, good, bad, at, by) VALUES (?, ?, ?, ?, ?, ?, ?)"

LATEST = """
SELECT profile, card_key, direction, good, bad, at, by, max(id) FROM sensitivity
WHERE profile IN ('', ?) GROUP BY profile, card_key
"""
"""SQLite takes the other columns from the row of the greatest id."""

HISTORY = """
SELECT profile, card_key, direction, good, bad, at, by FROM sensitivity WHERE profile = ? ORDER BY id DESC
"""

FULL = {"percent": 100.0, "score": 100.0}
"""Units that end somewhere."""


class State(StrEnum):
    """What a band makes of a value."""

    PERFORMING = "Performing"
    STABLE = "Stable"
    NEEDS_ATTENTION = "Needs attention"
    NO_DATA = "No data"


class BandError(Exception):
    """A band contradicts itself; the text is one sentence."""


class Point(Protocol):
    """What a card said from a moment on; the points of `Snapshot.card_history` are such."""

    @property
    def at(self) -> datetime:
        """From when on."""

    @property
    def value(self) -> float | None:
        """The number; None is no data."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long a card was in one state without a break: from `start` until before `end`."""

    state: State
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A band that somebody set for a profile; `band` None took it back to the default."""

    profile: str
    card_key: str
    band: Band | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The band by which a card is judged, and who set it for which profile; `change` None: it ships with the card."""

    band: Band
    change: Change | None = None


def judge(value: float | None, band: Band) -> State:
    """Say what a band makes of a value; no data is a state of its own and never good."""
    if value is None or not math.isfinite(value):
        return State.NO_DATA
    if band.direction is Direction.NONE:
        return State.STABLE
    if band.direction is Direction.TARGET:
        return State.PERFORMING if abs(value - band.good) <= band.bad else State.NEEDS_ATTENTION
    way = 1 if band.direction is Direction.LOWER else -1
    if way * value <= way * band.good:
        return State.PERFORMING
    return State.NEEDS_ATTENTION if way * value > way * band.bad else State.STABLE


def problems(band: Band, unit: str = "") -> list[str]:
    """List what speaks against a band, a sentence each; empty when nothing does.

    Good and bad may be equal: then nothing is stable between them.
    """
    if band.direction is Direction.NONE:
        return []
    if not (_is_number(band.good) and _is_number(band.bad)):
        return ["Good and bad have to be numbers."]
    full = FULL.get(unit, math.inf)
    if not (0 <= band.good <= full and 0 <= band.bad <= full):
        return ["Good and bad cannot be below 0." if full == math.inf else f"Good and bad lie between 0 and {full:g}."]
    if band.direction is Direction.LOWER and band.good > band.bad:
        return [f"Lower is better here, so good ({band.good:g}) cannot be above bad ({band.bad:g})."]
    if band.direction is Direction.HIGHER and band.good < band.bad:
        return [f"Higher is better here, so good ({band.good:g}) cannot be below bad ({band.bad:g})."]
    return []


def directions(card: Card) -> tuple[Direction, ...]:
    """List the directions that a card may be given: its own is fixed, but a target may take its place."""
    own = card.band.direction
    if own is Direction.NONE:
        return (own, Direction.LOWER, Direction.HIGHER, Direction.TARGET)
    return tuple(dict.fromkeys((own, Direction.TARGET)))


def when(points: Sequence[Point], band: Band, until: datetime) -> list[Span]:
    """Say in which state the points would have put the card and when, up to `until`, oldest first.

    Each point holds until the next. Points that a clock moved back brought out of order are taken in order of time.
    """
    ordered = [point for point in sorted(points, key=lambda point: point.at) if point.at < until]
    ends = [*(point.at for point in ordered[1:]), until]
    spans: list[Span] = []
    for point, end in zip(ordered, ends, strict=False):
        state = judge(point.value, band)
        if spans and spans[-1].state is state:
            spans[-1] = Span(state, spans[-1].start, end)
        elif end > point.at:
            spans.append(Span(state, point.at, end))
    return spans


def days_in(spans: Sequence[Span], state: State, zone: tzinfo = UTC) -> int:
    """Count the calendar days of a zone on which the card was in a state at any moment; they have 23 to 25 hours."""
    days: set[date] = set()
    for span in spans:
        if span.state is state:
            first, last = (at.astimezone(zone).date() for at in (span.start, span.end - TICK))
            days.update(first + timedelta(days=step) for step in range((last - first).days + 1))
    return len(days)


class Sensitivity:
    """Keeps and hands out bands. Every call opens the desk file anew, so any thread may make it.

    A profile is judged by its own bands; where it has none, by those set for every store; else by the card's default.
    Every method raises StorageError when the file cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def band_for(self, profile: str | None, card: Card) -> Band:
        """Return the band by which a card is judged."""
        return self.standing(profile, [card])[card.key].band

    def standing(self, profile: str | None, cards: Sequence[Card]) -> dict[str, Standing]:
        """Return the bands by which cards are judged, by key, and who set them."""
        name = profile or EVERY_STORE
        latest = [_change(row) for row in desk_file.rows(self.path, "sensitivity", LATEST, [name])]
        changes = {(change.profile, change.card_key): change for change in latest}
        return {card.key: _standing(card, name, changes) for card in cards}

    def set_band(self, profile: str | None, card: Card, band: Band, *, by: str, now: datetime) -> None:
        """Set the band of a card for a profile, or for every store.

        Raises:
            BandError: the band contradicts itself or the card.
        """
        found = problems(band, card.unit)
        if band.direction not in directions(card):
            found = [f"{card.title} cannot be judged by {band.direction.value}."]
        if found:
            raise BandError(found[0])
        told = (band.direction.value, float(band.good), float(band.bad), to_text(now), storable(by))
        self._write(profile or EVERY_STORE, card.key, *told)

    def reset(self, profile: str | None, card: Card, *, by: str, now: datetime) -> None:
        """Take back what was set for a profile; the log of it stays."""
        self._write(profile or EVERY_STORE, card.key, None, None, None, to_text(now), storable(by))

    def history(self, profile: str | None, card_key: str | None = None) -> list[Change]:
        """List who set which band for a profile and when, the newest first; of one card or of all."""
        changes = [_change(row) for row in desk_file.rows(self.path, "sensitivity", HISTORY, [profile or EVERY_STORE])]
        return [change for change in changes if card_key in (None, change.card_key)]

    def _write(self, *row: object) -> None:
        with desk_file.writing(self.path) as connection:
            connection.execute(SET, row)


def _standing(card: Card, profile: str, changes: Mapping[tuple[str, str], Change]) -> Standing:
    for name in dict.fromkeys((profile, EVERY_STORE)):
        change = changes.get((name, card.key))
        if change and change.band:
            return Standing(change.band, change)
    return Standing(card.band)


def _change(row: Sequence[Any]) -> Change:
    profile, card_key, direction, good, bad, at, by = row[:7]
    band = None if direction is None else Band(Direction(direction), good, bad)
    return Change(profile, card_key, band, from_text(at), by)


def _is_number(limit: object) -> bool:
    return isinstance(limit, int | float) and not isinstance(limit, bool) and math.isfinite(limit)
