"""What each form of a period means: words for times in, half-open spans of a time zone out, two where nobody knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import cast

from aexdash.ask.language.period_words import Atom
from aexdash.ask.question import Period
from aexdash.clock import TICK, day_of, from_text, start_of_day

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


def _number(atom: Atom) -> int:
    return cast("int", atom.value)


def _only(used: Sequence[Atom], codes: str) -> Atom | None:
    return next((atom for atom in used if atom.code in codes), None)


def _day(base: Base, day: date) -> Period:
    return base.days(day, day + timedelta(days=1))


def _date(year: int, month: int, day: int) -> date:
    if not year >= FIRST_YEAR:
        raise NoDate
    return date(year, month, day)


def _latest(base: Base, month: int, day: int) -> date:
    """Return the latest such day that has begun; 29 February is of a leap year."""
    for year in range(base.today.year, base.today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= base.today:
            return found
    raise NoDate


def _day_month(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a day, a month and perhaps a year, in any order."""
    day, month, year = _only(used, "N"), _only(used, "Mm"), _only(used, "Y")
    if day is None or month is None:
        raise NoDate
    if year:
        return (_day(base, _date(_number(year), _number(month), _number(day))),)
    return (_day(base, _latest(base, _number(month), _number(day))),)


def _days_month(base: Base, used: Sequence[Atom]) -> Dates:
    """Read two days of one month."""
    (first, last), month, year = [a for a in used if a.code == "N"], _only(used, "Mm"), _only(used, "Y")
    if month is None:
        raise NoDate
    begun = (
        _date(_number(year), _number(month), _number(first)) if year else _latest(base, _number(month), _number(first))
    )
    end = date(begun.year, begun.month, _number(last))
    if end < begun:
        raise NoDate
    return (base.days(begun, end + timedelta(days=1)),)


def _month(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a month; without a year the latest that has begun."""
    atom, year = _only(used, "Mm"), _only(used, "Y")
    month = _number(atom) if atom else 0
    of = _number(year) if year else base.today.year - (month > base.today.month)
    return (_of_unit(base, _date(of, month, 1), "month"),)


def _quarter(base: Base, used: Sequence[Atom]) -> Dates:
    quarter, year = _only(used, "Q"), _only(used, "Y")
    month = 3 * (_number(quarter) if quarter else 0) - 2
    of = _number(year) if year else base.today.year - (month > base.today.month)
    return (_of_unit(base, _date(of, month, 1), "quarter"),)


def _iso(base: Base, used: Sequence[Atom]) -> Dates:
    return (_day(base, _date(*cast("tuple[int, int, int]", used[0].value))),)


def _iso_month(base: Base, used: Sequence[Atom]) -> Dates:
    year, month = cast("tuple[int, int]", used[0].value)
    return (_of_unit(base, _date(year, month, 1), "month"),)


def _slashes(base: Base, used: Sequence[Atom]) -> Dates:
    """Read `09/03`: the day may come first or second, and nobody can know which."""
    first, second, *year = cast("tuple[int, ...]", used[0].value)
    found = []
    for day, month in ((first, second), (second, first)):
        try:
            found.append(_day(base, date(year[0], month, day) if year else _latest(base, month, day)))
        except ValueError:
            continue
    if not found:
        raise NoDate
    return found


def _dots(base: Base, used: Sequence[Atom]) -> Dates:
    """Read `09.03.2026`: with dots the day comes first everywhere."""
    day, month, *year = cast("tuple[int, ...]", used[0].value)
    if not year and not used[0].led:
        raise NoDate  # 4.5 is a number
    return (_day(base, date(year[0], month, day) if year else _latest(base, month, day)),)


def _relative(base: Base, used: Sequence[Atom]) -> Dates:
    return (_day(base, base.today + timedelta(days=_number(used[0]))),)


def _weekday(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a weekday: the latest one that has begun; said on that very day it may be the one a week before."""
    back = (base.today.weekday() - _number(used[0])) % 7
    latest = base.today - timedelta(days=back)
    return [_day(base, latest)] if back else [_day(base, latest), _day(base, latest - timedelta(days=7))]


def _last_weekday(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *last Monday*: to some the latest one before today, to others that of the week before."""
    atom = _only(used, "W")
    weekday = _number(atom) if atom else 0
    monday = base.today - timedelta(days=base.today.weekday())
    back = (base.today.weekday() - weekday) % 7 or 7
    return [_day(base, base.today - timedelta(days=back)), _day(base, monday + timedelta(days=weekday - 7))]


def _weekday_of_last_week(base: Base, used: Sequence[Atom]) -> Dates:
    monday = base.today - timedelta(days=base.today.weekday())
    return (_day(base, monday + timedelta(days=_number(used[0]) - 7)),)


def _weekday_of_this_week(base: Base, used: Sequence[Atom]) -> Dates:
    atom = _only(used, "W")
    monday = base.today - timedelta(days=base.today.weekday())
    return (_day(base, monday + timedelta(days=_number(atom) if atom else 0)),)


def _first_of(day: date, unit: str) -> date:
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


def _of_unit(base: Base, day: date, unit: str) -> Period:
    first = _first_of(day, unit)
    return base.days(first, moved(first, unit, 1))


def _unit(used: Sequence[Atom]) -> str:
    atom = _only(used, "U")
    return str(atom.value) if atom else ""


def _this(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *this week*: up to its end, which is to come; what is counted of it is so far."""
    unit = _unit(used)
    if unit == "hour":
        raise NoDate
    return (_day(base, base.today) if unit == "day" else _of_unit(base, base.today, unit),)


def _last(base: Base, used: Sequence[Atom]) -> Dates:
    unit = _unit(used)
    if unit == "hour":
        return (Period(base.now - timedelta(hours=1), base.now + TICK),)
    if unit == "day":
        return (_day(base, base.today - timedelta(days=1)),)
    first = moved(_first_of(base.today, unit), unit, -1)
    return (_of_unit(base, first, unit),)


def _last_but_one(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *the week before last*."""
    unit = _unit(used)
    if unit not in ROLLING_DAYS:
        raise NoDate
    return (_of_unit(base, moved(_first_of(base.today, unit), unit, -2), unit),)


def _in_year(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *October last year* and *9 March of this year*."""
    if _unit(used) != "year":
        raise NoDate
    year = Atom("Y", base.today.year - (_only(used, "L") is not None), 0, 0)
    named = [atom for atom in used if atom.code in "NMm"]
    return (_day_month if _only(used, "N") else _month)(base, [*named, year])


def _last_some(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *last 7 days*: seven whole days before today; weeks, months and years are whole too, hours end now."""
    atom, unit = _only(used, "N"), _unit(used)
    count = _number(atom) if atom else 0
    if not count:
        raise NoDate
    if unit == "hour":
        return (Period(base.now - timedelta(hours=count), base.now + TICK),)
    if unit == "day":
        return (base.days(base.today - timedelta(days=count), base.today),)
    first = _first_of(base.today, unit)
    return (base.days(moved(first, unit, -count), first),)


ROLLING_DAYS = {"week": 7, "month": 30, "quarter": 90, "year": 365}


def _past_one(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *the past week*: to some the week before, to others the last seven days."""
    unit = _unit(used)
    if unit == "hour":
        return _last(base, used)
    if unit == "day":
        return [*_last(base, used), Period(base.now - timedelta(hours=24), base.now + TICK)]
    days = ROLLING_DAYS[unit]
    return [*_last(base, used), base.days(base.today - timedelta(days=days), base.today)]


def _past_some(base: Base, used: Sequence[Atom]) -> Dates:
    atom = _only(used, "N")
    return _past_one(base, used) if atom and _number(atom) == 1 else _last_some(base, used)


def _ago(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *3 days ago*: that day."""
    atom, unit = _only(used, "N"), _unit(used)
    if unit not in ("day", "week") or atom is None:
        raise NoDate
    back = _number(atom) * (7 if unit == "week" else 1)
    return (_day(base, base.today - timedelta(days=back)),)


def _year(base: Base, used: Sequence[Atom]) -> Dates:
    return (_of_unit(base, _date(_number(used[0]), 1, 1), "year"),)


def _moment(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a day with a time: the moment, as the shortest span that holds it."""
    clock = _only(used, "H")
    hour, minute = cast("tuple[int, int]", clock.value) if clock else (0, 0)
    found = []
    for day in _read(base, [atom for atom in used if atom.code != "H"]):
        local = datetime.combine(day_of(day.start, base.zone), datetime.min.time(), base.zone)
        at = local.replace(hour=hour, minute=minute).astimezone(day.start.tzinfo)
        found.append(Period(at, at + TICK))
    return found


def _iso_moment(_base: Base, used: Sequence[Atom]) -> Dates:
    at = _iso_text(used[0], _base.zone)
    return (Period(at, at + TICK),)


def _iso_text(atom: Atom, zone: tzinfo) -> datetime:
    text = str(atom.value).replace(" ", "t").upper()
    given = datetime.fromisoformat(text)
    return from_text(text) if given.tzinfo else from_text(given.replace(tzinfo=zone).isoformat())


def _iso_span(base: Base, used: Sequence[Atom]) -> Dates:
    first, last = (_iso_text(atom, base.zone) for atom in used if atom.code == "K")
    if last <= first:
        raise NoDate
    return (Period(first, last),)


def _range(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *from D to D*: from the beginning of the first to the end of the last."""
    used = [atom for atom in used if atom.code not in "SfB"]
    cut = next(index for index, atom in enumerate(used) if atom.code == "E")
    firsts, lasts = _read(base, used[:cut]), _read(base, used[cut + 1 :])
    found = [Period(first.start, last.end) for first in firsts for last in lasts if first.start < last.end]
    if len(firsts) * len(lasts) > 1:
        found = [one for one in found if one.end - one.start <= timedelta(days=366)][:2]
    if not found:
        raise NoDate
    return found


def _since(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *since D*: from its beginning up to now."""
    dates = _read(base, [atom for atom in used if atom.code not in "Sfg"])
    return [Period(one.start, base.now + TICK) for one in dates if one.start <= base.now] or dates


def _from(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *from Monday*: to some on that day, to others since then."""
    dates = _read(base, [atom for atom in used if atom.code != "f"])
    return [*dates, *_since(base, used)]


def _future(base: Base, _used: Sequence[Atom]) -> Dates:
    later = base.now + timedelta(days=1)
    return (Period(later, later),)


def _read(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a simple period that takes all of these atoms."""
    codes = "".join(atom.code for atom in used)
    for pattern, build in SIMPLE:
        if pattern.fullmatch(codes):
            return build(base, used)
    raise NoDate


_ALONE = "(?![UNWMmQ])"
"""Behind *last* after a unit, as in *semana pasada*: in *per day last October* the word belongs to what follows it."""

SIMPLE: tuple[tuple[re.Pattern[str], Build], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        ("I", _iso),
        ("J", _iso_month),
        ("X", _slashes),
        ("V", _dots),
        ("N[Mm]Y?|[Mm]NY?|Y[Mm]N", _day_month),
        ("D", _relative),
        ("W", _weekday),
        ("LW|WL", _last_weekday),
        ("TW", _weekday_of_this_week),
        ("P", _weekday_of_last_week),
        ("[Mm]Y|Y[Mm]|[Mm]", _month),
        ("QY?|YQ", _quarter),
        ("TU", _this),
        (f"LU|UL{_ALONE}", _last),
        ("GU|UG", _last_but_one),
        ("N?[Mm](?:[LT]U|U[LT])|[LT]U[Mm]N?", _in_year),
        (f"RU|UR{_ALONE}", _past_one),
        (f"LNU|NLU|NUL{_ALONE}", _last_some),
        (f"RNU|NRU|NUR{_ALONE}", _past_some),
        ("NUA|ANU|NUb", _ago),
        ("Y", _year),
    )
)

_DAY = "(?:I|X|V|N[Mm]Y|N[Mm]|[Mm]NY|[Mm]N|Y[Mm]N|LW|WL|TW|P|D|W)"
_SPAN = f"(?:{_DAY}|J|[Mm]Y|Y[Mm]|M|QY|YQ|Q|TU|LU|UL{_ALONE}|GU|UG|Y)"

FORMS: tuple[tuple[re.Pattern[str], Build], ...] = (
    *(
        (re.compile(f"[za]?(?:{pattern.pattern})[za]?"), build)
        for pattern, build in SIMPLE
        if pattern.pattern != "[Mm]Y|Y[Mm]|[Mm]"
    ),
    (re.compile("[za]?(?:[Mm]Y|Y[Mm]|M)[za]?"), _month),
    (re.compile("N(?=U)U"), lambda base, used: _last_some(base, used) if _unit(used) == "hour" else _no(base)),
    (re.compile(f"{_DAY}H|H{_DAY}"), _moment),
    (re.compile("K"), _iso_moment),
    (re.compile("[SfB]?KEK"), _iso_span),
    (re.compile("[SfB]?NEN[Mm]Y?|[Mm][SfB]?NENY?|Y?[Mm][SfB]?NEN"), lambda base, used: _days_month(base, _plain(used))),
    (re.compile(f"[SfB]?{_SPAN}E{_SPAN}"), _range),
    (re.compile(f"S{_SPAN}g?|{_SPAN}g|f{_SPAN}g"), _since),
    (re.compile(f"f{_SPAN}"), _from),
    (re.compile("F(?:N?U|W|M|Q)?|[NWU]F"), _future),
)
"""Every form of a period, in letters of `period_words.py`; of those that fit at a place the longest is taken."""


def _plain(used: Sequence[Atom]) -> Sequence[Atom]:
    return [atom for atom in used if atom.code not in "SfBE"]


def _no(_base: Base) -> Dates:
    raise NoDate
