"""Days written in figures: `2026-03-09`, `09/03`, of which nobody can know which is the day, and `09.03.2026`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from aexdash.ask.language.times.period_base import (
    Base,
    Dates,
    NoDate,
    a_date,
    latest,
    of_day,
    of_unit,
)
from aexdash.ask.language.times.period_words import Atom


def iso(base: Base, used: Sequence[Atom]) -> Dates:
    """Read `2026-03-09`."""
    return (of_day(base, a_date(*cast("tuple[int, int, int]", used[0].value))),)


def iso_month(base: Base, used: Sequence[Atom]) -> Dates:
    """Read `2026-03`."""
    year, month = cast("tuple[int, int]", used[0].value)
    return (of_unit(base, a_date(year, month, 1), "month"),)


def slashes(base: Base, used: Sequence[Atom]) -> Dates:
    """Read `09/03`: the day may come first or second, and nobody can know which."""
    first, second, *year = cast("tuple[int, ...]", used[0].value)
    found = []
    for day, month in ((first, second), (second, first)):
        try:
            found.append(of_day(base, date(year[0], month, day) if year else latest(base, month, day)))
        except ValueError:
            continue
    if not found:
        raise NoDate
    return found


def dots(base: Base, used: Sequence[Atom]) -> Dates:
    """Read `09.03.2026`: with dots the day comes first everywhere but in Chinese, where `11.15` is 15 November.

    Without a year such a number may be none: unless a word such as *on* leads it, only one of the two can be a day.
    """
    first, second, *year = cast("tuple[int, ...]", used[0].value)
    if year:
        return (of_day(base, date(year[0], second, first)),)
    chinese = used[0].led and any("㐀" <= letter <= "鿿" for letter in used[0].lead)
    orders = [(first, second), (second, first)]
    found = []
    for day, month in orders[1:] if chinese else orders[:1] if used[0].led else orders:
        try:
            found.append(of_day(base, latest(base, month, day)))
        except ValueError:
            continue
    readings = tuple(dict.fromkeys(found))
    if not readings or (len(readings) > 1 and not used[0].led):
        raise NoDate  # 4.5 is a number
    return readings
