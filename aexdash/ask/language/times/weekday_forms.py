"""Days of a week as times: *Monday*, *last Monday*, *Monday to Wednesday last week*, *over the weekend*."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from aexdash.ask.language.times.period_base import Base, Dates, NoDate, number, of_day, only, unit_of
from aexdash.ask.language.times.period_words import Atom
from aexdash.ask.question import Period


def weekday(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a weekday: the latest one that has begun; said on that very day it may be the one a week before."""
    back = (base.today.weekday() - number(used[0])) % 7
    latest = base.today - timedelta(days=back)
    return [of_day(base, latest)] if back else [of_day(base, latest), of_day(base, latest - timedelta(days=7))]


def last_weekday(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *last Monday*: to some the latest one before today, to others that of the week before."""
    atom = only(used, "W")
    said = number(atom) if atom else 0
    monday = base.today - timedelta(days=base.today.weekday())
    back = (base.today.weekday() - said) % 7 or 7
    return [of_day(base, base.today - timedelta(days=back)), of_day(base, monday + timedelta(days=said - 7))]


def weekday_of_last_week(base: Base, used: Sequence[Atom]) -> Dates:
    """Read 上周一: the day of the week before."""
    monday = base.today - timedelta(days=base.today.weekday())
    return (of_day(base, monday + timedelta(days=number(used[0]) - 7)),)


def weekday_of_this_week(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *this Monday*: the day of this week."""
    atom = only(used, "W")
    monday = base.today - timedelta(days=base.today.weekday())
    return (of_day(base, monday + timedelta(days=number(atom) if atom else 0)),)


def weekdays_of_week(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *Monday to Wednesday this week* and *Tuesday of last week*: days of the week that is named."""
    days = [number(atom) for atom in used if atom.code == "W"]
    if only(used, "U") and unit_of(used) != "week":
        raise NoDate
    back = 7 if only(used, "LP") else 14 if only(used, "G") else 0
    monday = base.today - timedelta(days=base.today.weekday() + back)
    if days[-1] < days[0]:
        raise NoDate
    return (base.days(monday + timedelta(days=days[0]), monday + timedelta(days=days[-1] + 1)),)


def last_to_weekday(base: Base, used: Sequence[Atom]) -> Dates:
    """Read 上周一到周三: up to the Wednesday of that week, or up to the latest one."""
    first, last = weekday_of_last_week(base, used)[0], next(atom for atom in used if atom.code == "W")
    monday = base.today - timedelta(days=base.today.weekday())
    same = of_day(base, monday + timedelta(days=number(last) - 7))
    ends = [same, *weekday(base, [last])]
    return list(dict.fromkeys(Period(first.start, end.end) for end in ends if first.start < end.end))


def weekend(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *over the weekend*: the latest Saturday and Sunday that have begun; *this weekend* is of this week."""
    monday = base.today - timedelta(days=base.today.weekday())
    saturday = monday + timedelta(days=5)
    if (not only(used, "T") or only(used, "R")) and (saturday > base.today or only(used, "L")):
        saturday -= timedelta(days=7)
    return (base.days(saturday, saturday + timedelta(days=2)),)
