"""A part of a longer time as a span: *the last day of October*, *the first week of November*, 11月中旬."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from aexdash.ask.language.times.part_words import Part
from aexdash.ask.language.times.period_base import Base, Dates, NoDate, only
from aexdash.ask.language.times.period_words import Atom
from aexdash.clock import day_of


def read_part(base: Base, used: Sequence[Atom], read: Callable[[Base, Sequence[Atom]], Dates]) -> Dates:
    """Read a part of a longer time. A week of a month is seven days of it, or a Monday to Sunday: both are returned."""
    atom = only(used, "k")
    part = atom.value if atom else None
    if not isinstance(part, Part):
        raise NoDate
    [whole] = read(base, [one for one in used if one is not atom])
    first, after = (day_of(at, base.zone) for at in (whole.start, whole.end))
    return tuple(dict.fromkeys(base.days(*span) for span in _spans(part, first, after)))


def _spans(part: Part, first: date, after: date) -> Iterator[tuple[date, date]]:
    """Yield the first day of each reading, and the day behind its last.

    Raises:
        NoDate: the longer time has no such part, or is no month where ten days of one are meant.
    """
    if part.unit == "decade":
        if first.day != 1 or (after - first).days > 31:
            raise NoDate
        begin = first + timedelta(days=10 * (part.place - 1))
        yield begin, after if part.place == 3 else begin + timedelta(days=10)
        return
    length = timedelta(days=part.count * {"day": 1, "week": 7}[part.unit])
    begin = after - length if part.place < 0 else first + length * (part.place - 1)
    if not first <= begin < begin + length <= after:
        raise NoDate
    yield begin, begin + length
    if part.unit == "week" and part.count == 1:
        week = timedelta(days=7)
        if part.place < 0:
            monday = after - week - timedelta(days=after.weekday())
        else:
            monday = begin + timedelta(days=-begin.weekday() % 7)
        yield monday, monday + week
