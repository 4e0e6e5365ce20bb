"""Bands: the limits that turn the value of a card into a state, and who changed them.

Every card has a default band. The bands that people set for a profile, or for every store, are stored in the desk; a
change adds a row and deletes none.
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
from aexdash.clock import TICK, day_of, from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs
from aexdash.people.rights import Role
from aexdash.storage.text import storable

EVERY_STORE = ""
"""The profile name under which bands are stored that hold where no profile is chosen."""

SET = "INSERT INTO sensitivity (profile, card_key, direction, good, bad, at, by) VALUES (?, ?, ?, ?, ?, ?, ?)"

LATEST = """
SELECT profile, card_key, direction, good, bad, at, by, max(id) FROM sensitivity
WHERE profile IN ('', ?) GROUP BY profile, card_key
"""
"""The latest band of each card: beside `max(id)`, SQLite takes the other columns from the row of that id."""

HISTORY = """
SELECT profile, card_key, direction, good, bad, at, by FROM sensitivity WHERE profile = ? ORDER BY id DESC
"""

HIGHEST = {"percent": 100.0, "score": 100.0}
"""The highest possible value, by unit; other units have none."""


HUGE = 1e300
"""Stands for a value without a limit; what is not finite has no state."""


class State(StrEnum):
    """The state of a card: its value judged by its band."""

    PERFORMING = "Performing"
    STABLE = "Stable"
    NEEDS_ATTENTION = "Needs attention"
    NO_DATA = "No data"


class BandError(Exception):
    """A band contradicts itself; the text is one sentence."""


class Point(Protocol):
    """The value that a card had from a moment on; what `Snapshot.card_history` returns is of this kind."""

    @property
    def at(self) -> datetime:
        """The first moment at which the card had the value, in UTC."""

    @property
    def value(self) -> float | None:
        """The value in the unit of the card; None is no data."""

    @property
    def doubt(self) -> tuple[float, float] | None:
        """The limits between which it lies, where it was not read of all listings yet; None where it was."""


@dataclass(frozen=True, slots=True)
class Span:
    """How long a card was in one state without a break: from `start` until before `end`."""

    state: State
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """A band that somebody set for a profile; `band` None went back to the default."""

    profile: str
    card_key: str
    band: Band | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The band by which a card is judged, and who set it for which profile; `change` None: it is the default."""

    band: Band
    change: Change | None = None


def judge(value: float | None, band: Band) -> State:
    """Return the state of a value. None and what is not finite are `NO_DATA`, which is never good."""
    if value is None or not math.isfinite(value):
        return State.NO_DATA
    if band.direction is Direction.NONE:
        return State.STABLE
    if band.direction is Direction.TARGET:
        return State.PERFORMING if abs(value - band.good) <= band.bad else State.NEEDS_ATTENTION
    sign = 1 if band.direction is Direction.LOWER else -1
    if sign * value <= sign * band.good:
        return State.PERFORMING
    return State.NEEDS_ATTENTION if sign * value > sign * band.bad else State.STABLE


def states(low: float, high: float, band: Band) -> set[State]:
    """Return every state that a value between two limits may have; one where both lie in it and nothing lies between.

    Limits that are not numbers have the state `NO_DATA`.
    """
    if math.isnan(low) or math.isnan(high):
        return {State.NO_DATA}
    inner = _inner_limits(band)
    within = [low, high, *(limit for limit in inner if low <= limit <= high)]
    return {judge(min(max(value, -HUGE), HUGE), band) for value in within}


def _inner_limits(band: Band) -> tuple[float, ...]:
    """Return values of a band such that every state between two others contains one of them."""
    if band.direction is Direction.TARGET:
        return (band.good,)
    return (band.good, band.bad)


def problems(band: Band, unit: str = "") -> list[str]:
    """List what is wrong with a band, a sentence each; empty when nothing is. `unit` is that of the card.

    Good and bad may be equal: then no value is stable.
    """
    if band.direction is Direction.NONE:
        return []
    if not (_is_number(band.good) and _is_number(band.bad)):
        return ["Good and bad have to be numbers."]
    highest = HIGHEST.get(unit, math.inf)
    if not (0 <= band.good <= highest and 0 <= band.bad <= highest):
        no_limit = highest == math.inf
        return ["Good and bad cannot be below 0." if no_limit else f"Good and bad lie between 0 and {highest:g}."]
    if band.direction is Direction.LOWER and band.good > band.bad:
        return [f"Lower is better here, so good ({band.good:g}) cannot be above bad ({band.bad:g})."]
    if band.direction is Direction.HIGHER and band.good < band.bad:
        return [f"Higher is better here, so good ({band.good:g}) cannot be below bad ({band.bad:g})."]
    return []


def directions(card: Card) -> tuple[Direction, ...]:
    """List the directions that a band of a card may have: the card's own or a target; any where it has none."""
    own = card.band.direction
    if own is Direction.NONE:
        return (own, Direction.LOWER, Direction.HIGHER, Direction.TARGET)
    return tuple(dict.fromkeys((own, Direction.TARGET)))


def state_spans(points: Sequence[Point], band: Band, until: datetime) -> list[Span]:
    """Return the states that a band would have given a card over time, up to `until`, the oldest first.

    Where a point may be in one state or another, because listings were not read yet, it has none: no data. Each point
    holds until the next. Points are sorted by time first: a clock that was set back brings them out of
    order.
    """
    ordered = [point for point in sorted(points, key=lambda point: point.at) if point.at < until]
    ends = [*(point.at for point in ordered[1:]), until]
    spans: list[Span] = []
    for point, end in zip(ordered, ends, strict=False):
        state = _state_of(point, band)
        if spans and spans[-1].state is state:
            spans[-1] = Span(state, spans[-1].start, end)
        elif end > point.at:
            spans.append(Span(state, point.at, end))
    return spans


def _state_of(point: Point, band: Band) -> State:
    if point.doubt and len(states(*point.doubt, band)) > 1:
        return State.NO_DATA
    return judge(point.value, band)


def days_in(spans: Sequence[Span], state: State, zone: tzinfo = UTC) -> int:
    """Count the calendar days of a time zone on which the card was in a state, were it for a moment."""
    days: set[date] = set()
    for span in spans:
        if span.state is state:
            first, last = (day_of(at, zone) for at in (span.start, span.end - TICK))
            days.update(first + timedelta(days=step) for step in range((last - first).days + 1))
    return len(days)


class Sensitivity:
    """Reads and writes bands. Every call opens the desk by itself, so any thread may call.

    A profile is judged by its own bands; where it has none, by those set for every store; else by the card's default.
    Every method raises StorageError when the file cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def band_for(self, profile: str | None, card: Card) -> Band:
        """Return the band by which a card is judged."""
        return self.standing(profile, [card])[card.key].band

    def standing(self, profile: str | None, cards: Sequence[Card]) -> dict[str, Standing]:
        """Return the bands by which cards are judged, by card key, and who set them."""
        name = profile or EVERY_STORE
        latest = desk_file.read(self.path, "sensitivity", LATEST, band_change_of, [name])
        changes = {(change.profile, change.card_key): change for change in latest}
        return {card.key: _standing(card, name, changes) for card in cards}

    @needs(Role.OWNER)
    def set_band(self, profile: str | None, card: Card, band: Band, *, by: str, now: datetime) -> None:
        """Set the band of a card for a profile, or for every store.

        Raises:
            BandError: the band contradicts itself or the card.
        """
        wrong = problems(band, card.unit)
        if band.direction not in directions(card):
            wrong = [f"{card.title} cannot be judged by {band.direction.value}."]
        if wrong:
            raise BandError(wrong[0])
        limits = (band.direction.value, float(band.good), float(band.bad))
        self._write(profile or EVERY_STORE, card.key, *limits, to_text(now), storable(by))

    @needs(Role.OWNER)
    def reset(self, profile: str | None, card: Card, *, by: str, now: datetime) -> None:
        """Remove the band that was set for a profile; the log of changes stays."""
        self._write(profile or EVERY_STORE, card.key, None, None, None, to_text(now), storable(by))

    def history(self, profile: str | None, card_key: str | None = None) -> list[Change]:
        """List the changes of bands for a profile, the newest first, of one card or of all."""
        changes = desk_file.read(self.path, "sensitivity", HISTORY, band_change_of, [profile or EVERY_STORE])
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


def band_change_of(row: Sequence[Any]) -> Change:
    """Read the row of a band that somebody set; a damaged one raises what `sound` takes."""
    profile, card_key, direction, good, bad, at, by = row[:7]
    band = None if direction is None else Band(Direction(direction), good, bad)
    if band and (wrong := problems(band)):
        raise ValueError(wrong[0])
    return Change(profile, card_key, band, from_text(at), by)


def _is_number(limit: object) -> bool:
    return isinstance(limit, int | float) and not isinstance(limit, bool) and math.isfinite(limit)
