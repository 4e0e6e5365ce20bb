"""What the history page shows of held listings and other cards over time: steps, gaps and marks; a table; words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from aexdash.cards import Card
from aexdash.causes.movement import Movement
from aexdash.clock import day_of
from aexdash.snapshot.history.series import CardPoint, Grain, HeldPoint
from aexdash.words.cards import between
from aexdash.words.common import day, place, plural, span
from aexdash.words.statements import NONE_SEEN, least_words, not_read_words, part_words, so_far_words

if TYPE_CHECKING:
    import pandas as pd


GRAIN_WORDS = {Grain.HOUR: "hour", Grain.DAY: "day", Grain.WEEK: "week"}


@dataclass(frozen=True, slots=True)
class CardSeries:
    """The values of a card, one for each step of the time axis; `store` is set when it is of one store only.

    `notes` say of each value which stores it lacks, and `parts` are the indexes of those that lack a store read before.
    `breaks` are the indexes of values that are of other stores than the value before: no rise and no fall lies between.
    `left_out` is how many values are gaps because too little was read to tell them.
    """

    card: Card
    values: tuple[float | None, ...]
    store: str = ""
    currency: str = ""
    notes: tuple[str, ...] = ()
    parts: frozenset[int] = frozenset()
    breaks: frozenset[int] = frozenset()
    left_out: int = 0

    @property
    def pieces(self) -> list[list[float | None]]:
        """The values cut at the breaks; each piece has a place for every step, so that pieces lie on one axis."""
        ends = [0, *sorted(self.breaks), len(self.values)]
        return [
            [value if begin <= index < end else None for index, value in enumerate(self.values)]
            for begin, end in itertools.pairwise(ends)
        ]

    @property
    def name(self) -> str:
        """The card's title, followed by the store when it is of one store only."""
        return f"{self.card.title}, {self.store}" if self.store else self.card.title

    @property
    def known(self) -> list[float]:
        """The values without the gaps."""
        return [value for value in self.values if value is not None]


def breaks(points: Sequence[CardPoint]) -> Iterator[int]:
    """Yield the indexes of the values that are of other stores than the value before them."""
    known = [
        (index, {one.store for one in point.reach.read})
        for index, point in enumerate(points)
        if point.value is not None
    ]
    yield from (index for (_, before), (index, stores) in itertools.pairwise(known) if stores != before)


def said(card: Card, one: CardPoint, zone: tzinfo) -> str:
    """Say what a value does not speak for: the stores that it lacks, and its limits where it is an estimate."""
    if one.value is None:
        return ""
    limits = between(card, one.doubt)
    return " · ".join(filter(None, (part_words(one.reach, zone), limits and f"an estimate: {limits}")))


def left_out_words(line: CardSeries, grain: Grain) -> str:
    """Say which values a line leaves out, and why."""
    steps = plural(len(line.values), GRAIN_WORDS[grain])
    return f"{line.name}: {line.left_out:,} of {steps} left out, as too few listings had been read to tell it."


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that happened at a moment: a new reason or an alert (`kind`), described in plain text.

    `movement` is what moved on its day, where it can be asked what goes with that.
    """

    at: datetime
    kind: str
    words: str
    movement: Movement | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """Neighbouring steps (hours, days, weeks) without a complete run; `begun`: the store had been read before.

    `told` says between which readings it lies, and what was held when last read.
    """

    start: datetime
    end: datetime
    begun: bool
    told: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The label of the gap."""
        return "not read" if self.begun else "before the first reading"

    @property
    def days(self) -> str:
        """Its first and last day as text."""
        first, last = day(self.start), day(self.end - timedelta(milliseconds=1))
        return first if first == last else f"{first} to {last}"


def wall(at: datetime, zone: tzinfo) -> datetime:
    """Return what the clocks of a zone show at a moment, for an axis without a zone, as if it were UTC."""
    return at.astimezone(zone).replace(tzinfo=UTC)


def on_the_wall(points: Sequence[HeldPoint], zone: tzinfo) -> list[HeldPoint]:
    """Return the points by the clocks of a zone, by which every day is 24 hours wide."""
    return [replace(point, start=wall(point.start, zone), end=wall(point.end, zone)) for point in points]


def gaps(points: Sequence[HeldPoint], zone: tzinfo = UTC) -> list[Gap]:
    """Return the gaps; neighbouring steps without a complete run are one gap."""
    runs = itertools.groupby(points, key=lambda point: (point.held is None, point.begun))
    found, was = list[Gap](), ""
    for (missing, begun), run in runs:
        steps = list(run)
        if missing:
            found.append(Gap(steps[0].start, steps[-1].end, begun, not_read_words(steps[0].reach, was, zone)))
        was = f"{steps[-1].held:,}" if steps[-1].held is not None else ""
    return found


def is_pale(point: HeldPoint) -> bool:
    """Whether the counts of a step may still change, or lack a store that was read before."""
    return point.held is not None and (point.is_open or point.is_part)


def note(point: HeldPoint, zone: tzinfo = UTC) -> str:
    """Say of a step how far and in which stores it was read, and where more may have moved; empty where it is whole.

    The step is one by the clocks of `zone` (see `on_the_wall`).
    """
    if point.held is None:
        return not_read_words(point.reach, zone=zone)
    so_far = so_far_words(point.read_until, point.start.date(), zone) if point.is_open else ""
    moves = "moves at least" if point.newly_rejected else "no move seen"
    unread = f"{moves}: {span(point.unread)} not read" if point.unread else ""
    return " · ".join(words for words in (so_far, part_words(point.reach, zone), unread) if words)


def moves_words(point: HeldPoint) -> str:
    """Say how many moves to rejected were seen in a step: `5`, `at least 5`, `none seen`, `none so far`."""
    words = f"{point.newly_rejected or 0:,}"
    if point.moves_at_least:
        return least_words(words, NONE_SEEN if point.is_read_in_part else "none so far")
    return words


def by_day(markers: Sequence[Marker], zone: tzinfo = UTC) -> list[tuple[datetime, list[Marker]]]:
    """Group markers by day, in order; each group comes with the moment of its first marker."""
    ordered = sorted(markers, key=lambda marker: marker.at)
    days = [list(run) for _, run in itertools.groupby(ordered, key=lambda marker: day_of(marker.at, zone))]
    return [(run[0].at, run) for run in days]


def in_words(
    points: Sequence[HeldPoint],
    lines: Sequence[CardSeries],
    markers: Sequence[Marker],
    grain: Grain,
    zone: tzinfo = UTC,
) -> str:
    """Describe the chart in words, as its alternative text."""
    points = on_the_wall(points, zone)
    known = [(point, point.held) for point in points if point.held is not None]
    if not known:
        return f"No {GRAIN_WORDS[grain]} of this span was completely read."
    highest, most = max(known, key=lambda found: found[1])
    last, held = known[-1]
    begin = f"Listings held at the end of each {GRAIN_WORDS[grain]}, {day(points[0].start)} to {_last_day(points[-1])}"
    so_far = f" {so_far_words(last.read_until, last.start.date(), zone)}" if last.is_open else ""
    values = (
        f"lowest {min(count for _, count in known):,}, highest {most:,} ({day(highest.start)}), last {held:,}{so_far}"
    )
    sentences = [f"{begin}: {values}, of which {last.rejected:,} rejected and {last.auditing:,} in audit."]
    missing = len(points) - len(known)
    if missing:
        sentences.append(f"{plural(missing, GRAIN_WORDS[grain])} not read, drawn as gaps.")
    parts = sum(point.is_part for point in points)
    if parts:
        sentences.append(
            f"{plural(parts, GRAIN_WORDS[grain])} not read in all stores, drawn pale: the counts of the others."
        )
    sentences += [_line_in_words(line) for line in lines]
    sentences += [f"Marked {day(marker.at, zone)}: {marker.words}" for marker in markers]
    return " ".join(sentences)


def _last_day(point: HeldPoint) -> str:
    return f"{day(point.end - timedelta(milliseconds=1))} {point.start.year}"


def _line_in_words(line: CardSeries) -> str:
    lowest, highest, last = (_value(line, value) for value in (min(line.known), max(line.known), line.known[-1]))
    broken = f" Broken {len(line.breaks)} times, where it is of other stores than before." if line.breaks else ""
    return f"{line.name}: lowest {lowest}, highest {highest}, last {last}.{broken}".replace("1 times", "once")


def _value(line: CardSeries, value: float) -> str:
    return f"{value:,.0f}" if line.card.unit == "listings" else f"{value:,.1f}"


def table(points: Sequence[HeldPoint], lines: Sequence[CardSeries], grain: Grain, zone: tzinfo = UTC) -> pd.DataFrame:
    """Return the values of the chart as a table, latest first, with what was read of each step; a gap is empty."""
    heading = {Grain.HOUR: "Hour", Grain.DAY: "Day", Grain.WEEK: "Week from Monday"}[grain] + f" ({place(zone)})"
    points = on_the_wall(points, zone)
    starts = [point.start for point in points]
    counts = {
        "Held": [point.held for point in points],
        "Rejected": [point.rejected for point in points],
        "In audit": [point.auditing for point in points],
        "Moved to rejected": [point.known_moves for point in points],
    }
    import pandas as pd  # noqa: PLC0415 - 70 MB that only who sees a table pays

    columns: dict[str, pd.Series[Any]] = {
        heading: pd.Series([f"{at:%Y-%m-%d %H:%M}" if grain is Grain.HOUR else at.date() for at in starts])
    }
    columns |= {name: pd.Series(values, dtype="Int64") for name, values in counts.items()}
    for line in lines:
        whole = line.card.unit == "listings"
        values = [value if value is None else round(value, 0 if whole else 2) for value in line.values]
        columns[line.name] = pd.Series(values, dtype="Float64").astype("Int64" if whole else "Float64")
    columns["What was read"] = pd.Series([note(point, zone) for point in points], dtype="str")
    return pd.DataFrame(columns).iloc[::-1].reset_index(drop=True)
