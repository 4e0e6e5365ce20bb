"""Times of day: moments (*noon yesterday*, `14:30`), hours of a day, its parts, and what lies between two moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import cast

from aexdash.ask.language.times.period_base import Base, Dates, NoDate, number, only, unit_of
from aexdash.ask.language.times.period_words import Atom
from aexdash.ask.question import Period
from aexdash.clock import TICK, day_of, from_text

Times = tuple[tuple[int, int], ...]
"""The times of day that words can mean, as hour and minute; midnight has hour 0, and 24 at the end of a day."""

Read = Callable[[Base, Sequence[Atom]], Dates]
"""Reads the words of a day."""

_MIDNIGHT: Times = ((0, 0), (24, 0))


def moment(base: Base, used: Sequence[Atom], read: Read) -> Dates:
    """Read a day with a time: the moment, as the shortest span that holds it; of *midnight* there are two a day."""
    clock = only(used, "H")
    days = read(base, [atom for atom in used if atom.code != "H"])
    return [_at(base, day, one) for day in days for one in cast("Times", clock.value if clock else ())]


def moment_alone(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *at noon*: the latest one that has been."""
    (clock,) = used
    times = cast("Times", clock.value)
    if not (clock.led or times == _MIDNIGHT or clock.said.isalpha()):
        raise NoDate  # 16:9 is no time
    found = []
    for one in times[:1] if times == _MIDNIGHT else times:
        today = _at(base, base.days(base.today, base.today + timedelta(days=1)), one)
        yesterday = _at(base, base.days(base.today - timedelta(days=1), base.today), one)
        found.append(today if today.start <= base.now else yesterday)
    return found


def hours(base: Base, used: Sequence[Atom], read: Read) -> Dates:
    """Read *between 9:00 and 17:00 yesterday*."""
    first, last = (cast("Times", atom.value) for atom in used if atom.code == "H")
    days = read(base, [atom for atom in used if atom.code not in "HESfB"])
    first = first[:1] if first == _MIDNIGHT else first
    last = last[1:] if last == _MIDNIGHT else last
    spans = [
        Period(_at(base, day, begin).start, _at(base, day, end).start)
        for day in days
        for begin in first
        for end in last
        if begin < end
    ]
    if not spans:
        raise NoDate
    return spans


def part_of_day(base: Base, used: Sequence[Atom], read: Read) -> Dates:
    """Read *yesterday morning*: midnight to noon; *afternoon* is noon to six, *evening* from then on."""
    part = only(used, "p")
    begin, end = cast("tuple[int, int]", part.value if part else (0, 24))
    day_words = [atom for atom in used if atom.code not in "pT"]
    days = read(base, day_words) if day_words else [base.days(base.today, base.today + timedelta(days=1))]
    return [Period(_at(base, day, (begin, 0)).start, _at(base, day, (end, 0)).start) for day in days]


def hours_ago(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *6 hours ago*: that moment."""
    count = only(used, "N")
    if unit_of(used) != "hour" or count is None:
        raise NoDate
    at = base.now - timedelta(hours=number(count))
    return (Period(at, at + TICK),)


def between(base: Base, used: Sequence[Atom], read: Read) -> Dates:
    """Read *from Monday 9:00 to Tuesday 17:00*."""
    used = [atom for atom in used if atom.code not in "SfB"]
    cut = next(index for index, atom in enumerate(used) if atom.code == "E")
    firsts, lasts = moment(base, used[:cut], read), moment(base, used[cut + 1 :], read)
    found = [Period(first.start, last.start) for first in firsts for last in lasts if first.start < last.start]
    if not found:
        raise NoDate
    return found[:2]


def iso_moment(base: Base, used: Sequence[Atom]) -> Dates:
    """Read `2026-03-09T12:00:00Z`; without an offset it is of the zone."""
    at = _iso_text(used[0], base.zone)
    return (Period(at, at + TICK),)


def iso_span(base: Base, used: Sequence[Atom]) -> Dates:
    """Read two such moments with *to* between them."""
    first, last = (_iso_text(atom, base.zone) for atom in used if atom.code == "K")
    if last <= first:
        raise NoDate
    return (Period(first, last),)


def _iso_text(atom: Atom, zone: tzinfo) -> datetime:
    text = str(atom.value).replace(" ", "t").upper()
    given = datetime.fromisoformat(text)
    return from_text(text) if given.tzinfo else from_text(given.replace(tzinfo=zone).isoformat())


def _at(base: Base, day: Period, time: tuple[int, int]) -> Period:
    """Return the moment of a time of day; hour 24 is the end of the day."""
    hour, minute = time
    if hour == 24:
        return Period(day.end, day.end + TICK)
    local = datetime.combine(day_of(day.start, base.zone), datetime.min.time(), base.zone)
    at = local.replace(hour=hour, minute=minute).astimezone(day.start.tzinfo)
    return Period(at, at + TICK)
