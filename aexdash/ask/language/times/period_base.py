"""What forms of a period are built with: the present and its zone, and days, weeks, months of the calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import cast

from aexdash.ask.language.times.period_words import Atom
from aexdash.ask.question import Period
from aexdash.clock import day_of, start_of_day

FIRST_YEAR = 2000
"""No listing is older; an earlier year is no year but another number."""


@dataclass(frozen=True, slots=True)
class Base:
    """The present, in the time zone whose days are meant."""

    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        """The present day."""
        return day_of(self.now, self.zone)

    def days(self, first: date, after: date) -> Period:
        """Return the span from the begin of a day to that of another."""
        return Period(start_of_day(first, self.zone), start_of_day(after, self.zone))


class NoDate(ValueError):
    """Such a day, or such a time, does not exist."""


Dates = Sequence[Period]
Build = Callable[[Base, Sequence[Atom]], Dates]


def number(atom: Atom) -> int:
    """Return the value of a word for a number."""
    return cast("int", atom.value)


def only(used: Sequence[Atom], codes: str) -> Atom | None:
    """Return the first word of one of these letters."""
    return next((atom for atom in used if atom.code in codes), None)


def of_day(base: Base, day: date) -> Period:
    """Return a day as a span."""
    return base.days(day, day + timedelta(days=1))


def a_date(year: int, month: int, day: int) -> date:
    """Return a date.

    Raises:
        ValueError: there is no such day, or it is too long ago.
    """
    if not year >= FIRST_YEAR:
        raise NoDate
    return date(year, month, day)


def latest(base: Base, month: int, day: int) -> date:
    """Return the latest such day that has begun; 29 February is of a leap year."""
    for year in range(base.today.year, base.today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= base.today:
            return found
    raise NoDate


def first_of(day: date, unit: str) -> date:
    """Return the first day of the week, month, quarter or year of a day."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[unit]
    return date(day.year, month, 1)


def moved(first: date, unit: str, by: int) -> date:
    """Return the first day of the week, month, quarter or year so many after that of a first day."""
    if unit == "week":
        return first + timedelta(days=7 * by)
    months = first.year * 12 + first.month - 1 + by * {"month": 1, "quarter": 3, "year": 12}[unit]
    return date(months // 12, months % 12 + 1, 1)


def of_unit(base: Base, day: date, unit: str) -> Period:
    """Return the week, month, quarter or year of a day."""
    first = first_of(day, unit)
    return base.days(first, moved(first, unit, 1))


def unit_of(used: Sequence[Atom]) -> str:
    """Return the unit that words name: `day`, `week`; empty where they name none."""
    atom = only(used, "U")
    return str(atom.value) if atom else ""
