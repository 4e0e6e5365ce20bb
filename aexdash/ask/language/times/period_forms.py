"""What each form of a period means: words for times in, half-open spans of a time zone out, two where nobody knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from aexdash.ask.language.times import hour_forms, weekday_forms
from aexdash.ask.language.times.parts_of_time import read_part
from aexdash.ask.language.times.period_base import (
    Base,
    Build,
    Dates,
    NoDate,
    a_date,
    first_of,
    latest,
    moved,
    number,
    of_day,
    of_unit,
    only,
    unit_of,
)
from aexdash.ask.language.times.period_words import Atom
from aexdash.ask.language.times.written_days import dots, iso, iso_month, slashes
from aexdash.ask.question import Period
from aexdash.clock import TICK, day_of


def _day_month(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a day, a month and perhaps a year, in any order."""
    day, month, year = only(used, "N"), only(used, "Mm"), only(used, "Y")
    if day is None or month is None:
        raise NoDate
    if year:
        return (of_day(base, a_date(number(year), number(month), number(day))),)
    return (of_day(base, latest(base, number(month), number(day))),)


def _days_month(base: Base, used: Sequence[Atom]) -> Dates:
    """Read two days of one month."""
    (first, last), month, year = [a for a in used if a.code == "N"], only(used, "Mm"), only(used, "Y")
    if month is None:
        raise NoDate
    begun = a_date(number(year), number(month), number(first)) if year else latest(base, number(month), number(first))
    end = date(begun.year, begun.month, number(last))
    if end < begun:
        raise NoDate
    return (base.days(begun, end + timedelta(days=1)),)


def _month(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a month; without a year the latest that has begun."""
    atom, year = only(used, "Mm"), only(used, "Y")
    month = number(atom) if atom else 0
    of = number(year) if year else base.today.year - (month > base.today.month)
    return (of_unit(base, a_date(of, month, 1), "month"),)


def _quarter(base: Base, used: Sequence[Atom]) -> Dates:
    quarter, year = only(used, "Q"), only(used, "Y")
    month = 3 * (number(quarter) if quarter else 0) - 2
    of = number(year) if year else base.today.year - (month > base.today.month)
    return (of_unit(base, a_date(of, month, 1), "quarter"),)


def _relative(base: Base, used: Sequence[Atom]) -> Dates:
    return (of_day(base, base.today + timedelta(days=number(used[0]))),)


def _this(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *this week*: up to its end, which is to come; what is counted of it is so far."""
    unit = unit_of(used)
    if unit == "hour":
        raise NoDate
    return (of_day(base, base.today) if unit == "day" else of_unit(base, base.today, unit),)


def _to_date(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *month to date* and *since the start of the month*: from its beginning up to now."""
    unit = str(used[0].value) if used[0].code == "t" else unit_of(used)
    if unit == "hour":
        raise NoDate
    begun = of_day(base, base.today) if unit == "day" else of_unit(base, base.today, unit)
    return (Period(begun.start, base.now + TICK),)


def _last(base: Base, used: Sequence[Atom]) -> Dates:
    unit = unit_of(used)
    if unit == "day" and any(atom.said == "last" for atom in used):
        return _past_one(base, [replace(atom, said="") for atom in used])
    if unit == "hour":
        return (Period(base.now - timedelta(hours=1), base.now + TICK),)
    if unit == "day":
        return (of_day(base, base.today - timedelta(days=1)),)
    first = moved(first_of(base.today, unit), unit, -1)
    return (of_unit(base, first, unit),)


def _last_but_one(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *the week before last*."""
    unit = unit_of(used)
    if unit not in ROLLING_DAYS:
        raise NoDate
    return (of_unit(base, moved(first_of(base.today, unit), unit, -2), unit),)


def _in_year(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *October last year* and *9 March of this year*."""
    if unit_of(used) != "year":
        raise NoDate
    year = Atom("Y", base.today.year - (only(used, "L") is not None), 0, 0)
    named = [atom for atom in used if atom.code in "NMm"]
    return (_day_month if only(used, "N") else _month)(base, [*named, year])


def _last_some(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *last 7 days*: seven whole days before today; weeks, months and years are whole too, hours end now."""
    atom, unit = only(used, "N"), unit_of(used)
    count = number(atom) if atom else 0
    if not count:
        raise NoDate
    if atom and _ORDINAL.fullmatch(atom.said) and not atom.said.isdigit():
        return _day_of_month(base, used)
    if unit == "hour":
        return (Period(base.now - timedelta(hours=count), base.now + TICK),)
    if unit == "day":
        return (base.days(base.today - timedelta(days=count), base.today),)
    first = first_of(base.today, unit)
    return (base.days(moved(first, unit, -count), first),)


def _some(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *24 hours* and *за 7 дней*: the last so many; days alone may be how long something is held."""
    if unit_of(used) != "hour" and used[0].lead.strip() != "за":
        raise NoDate
    return _last_some(base, used)


def _in_one(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *за неделю*, in a week: the one before, or the last seven days."""
    if used[0].lead.strip() != "за" or unit_of(used) not in ROLLING_DAYS:
        raise NoDate
    return _past_one(base, used)


ROLLING_DAYS = {"week": 7, "month": 30, "quarter": 90, "year": 365}


def _past_one(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *the past week*: to some the week before, to others the last seven days."""
    unit = unit_of(used)
    if unit == "hour":
        return _last(base, used)
    if unit == "day":
        return [*_last(base, used), Period(base.now - timedelta(hours=24), base.now + TICK)]
    days = ROLLING_DAYS[unit]
    return [*_last(base, used), base.days(base.today - timedelta(days=days), base.today)]


def _past_some(base: Base, used: Sequence[Atom]) -> Dates:
    atom = only(used, "N")
    return _past_one(base, used) if atom and number(atom) == 1 else _last_some(base, used)


def _ago(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *3 days ago* and *неделю назад*: that day; of hours that moment, of months that day or the whole month."""
    atom, unit = only(used, "N"), unit_of(used)
    if unit == "hour" and atom is not None:
        return hour_forms.hours_ago(base, used)
    count = number(atom) if atom else 1
    if unit == "month" and count:
        month = moved(first_of(base.today, "month"), "month", -count)
        day = min(base.today.day, (moved(month, "month", 1) - month).days)
        return of_day(base, date(month.year, month.month, day)), of_unit(base, month, "month")
    if unit not in ("day", "week"):
        raise NoDate
    back = count * (7 if unit == "week" else 1)
    return (of_day(base, base.today - timedelta(days=back)),)


def _year(base: Base, used: Sequence[Atom]) -> Dates:
    return (of_unit(base, a_date(number(used[0]), 1, 1), "year"),)


def _half(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *first half of November*: its days up to the 15th, or those after it."""
    half, month = only(used, "h"), _month(base, [atom for atom in used if atom.code != "h"])[0]
    first = day_of(month.start, base.zone)
    middle = base.days(first, first + timedelta(days=15))
    return (middle,) if half and half.value == 1 else (Period(middle.end, month.end),)


_ORDINAL = re.compile(r"(?:dia )?\d{1,2}(?:st|nd|rd|th|日|号|-?го|-?е)?(?: числа)?")


_ENGLISH = re.compile("(?:st|nd|rd|th)$")


def _day_alone(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *on the 20th*: the latest such day that has begun. A bare number is no day."""
    atom = used[-1]
    if not _ORDINAL.fullmatch(atom.said) or atom.said.isdigit():
        raise NoDate
    if len(used) == 1 and _ENGLISH.search(atom.said) and "on" not in atom.lead.split():
        raise NoDate
    months = (moved(first_of(base.today, "month"), "month", -back) for back in range(3))
    days = (date(month.year, month.month, number(atom)) for month in months if _has_day(month, number(atom)))
    begun = next((day for day in days if day <= base.today), None)
    if begun is None:
        raise NoDate
    return (of_day(base, begun),)


def _day_of_month(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *the 5th of last month*, and of this month."""
    atom = only(used, "N")
    month = moved(first_of(base.today, "month"), "month", -1 if only(used, "L") else 0)
    if atom is None or unit_of(used) != "month" or not _has_day(month, number(atom)):
        raise NoDate
    return (of_day(base, date(month.year, month.month, number(atom))),)


def _has_day(month: date, day: int) -> bool:
    return 0 < day <= (moved(month, "month", 1) - month).days


def _days_alone(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *from the 10th to the 20th*: of the latest month in which the first has begun."""
    first, last = (_day_alone(base, [replace(atom, lead="on")])[0] for atom in used if atom.code == "N")
    begun = day_of(first.start, base.zone)
    end = date(begun.year, begun.month, day_of(last.start, base.zone).day)
    if end < begun:
        raise NoDate
    return (base.days(begun, end + timedelta(days=1)),)


def _as_of(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *as of noon yesterday*: that moment, which has no end of its own."""
    return read(base, used)


def _moment(base: Base, used: Sequence[Atom]) -> Dates:
    return hour_forms.moment(base, used, read)


def _range(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *from D to D*: from the beginning of the first to the end of the last."""
    used = [atom for atom in used if atom.code not in "SfB"]
    cut = next(index for index, atom in enumerate(used) if atom.code == "E")
    firsts, lasts = read(base, used[:cut]), read(base, used[cut + 1 :])
    found = [Period(first.start, last.end) for first in firsts for last in lasts if first.start < last.end]
    if len(firsts) == len(lasts) == 2:  # 3/11 - 9/11: the day comes first in both, or in none
        found = [Period(one.start, two.end) for one, two in zip(firsts, lasts, strict=True) if one.start < two.end]
    elif len(firsts) * len(lasts) > 1:
        found = [one for one in found if one.end - one.start <= timedelta(days=366)][:2]
    if not found:
        raise NoDate
    return found


def _since(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *since D*: from its beginning up to now."""
    dates = read(base, [replace(atom, led=True, lead="on") for atom in used if atom.code not in "Sfg"])
    if used[0].code not in "Sf" and all(one.start <= base.now < one.end for one in dates):
        return dates  # *today until now* is today, so far
    return [Period(one.start, base.now + TICK) for one in dates if one.start <= base.now] or dates


def _from(base: Base, used: Sequence[Atom]) -> Dates:
    """Read *from Monday*: to some on that day, to others since then."""
    dates = read(base, [atom for atom in used if atom.code != "f"])
    return [*dates, *_since(base, used)]


def _future(base: Base, _used: Sequence[Atom]) -> Dates:
    later = base.now + timedelta(days=1)
    return (Period(later, later),)


def read(base: Base, used: Sequence[Atom]) -> Dates:
    """Read a simple period that takes all of these atoms."""
    codes = "".join(atom.code for atom in used)
    for pattern, build in READABLE:
        if pattern.fullmatch(codes):
            return build(base, used)
    raise NoDate


_ALONE = "(?![UNWMmQ])"
"""Behind *last* after a unit, as in *semana pasada*: in *per day last October* the word belongs to what follows it."""

SIMPLE: tuple[tuple[re.Pattern[str], Build], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        ("I", iso),
        ("J", iso_month),
        ("X", slashes),
        ("V", dots),
        ("N[Mm]Y?|[Mm]NY?|Y[Mm]N", _day_month),
        ("D", _relative),
        ("W", weekday_forms.weekday),
        ("LW|WL", weekday_forms.last_weekday),
        ("TW", weekday_forms.weekday_of_this_week),
        ("P", weekday_forms.weekday_of_last_week),
        ("[Mm]Y|Y[Mm]|[Mm]", _month),
        ("QY?|YQ", _quarter),
        ("TU", _this),
        (f"LU|UL{_ALONE}", _last),
        ("GU|UG", _last_but_one),
        ("N?[Mm](?:[LT]U|U[LT])|[LT]U[Mm]N?", _in_year),
        (f"RU|UR{_ALONE}", _past_one),
        (f"LNU|NLU|NUL{_ALONE}", _last_some),
        (f"RNU|NRU|NUR{_ALONE}", _past_some),
        ("NUA|ANU|NUb|UA", _ago),
        ("h[Mm]Y?|Y?[Mm]h", _half),
        ("NTU", _day_of_month),
        ("[LTR]?w|TRw", weekday_forms.weekend),
        ("Y", _year),
    )
)

_DAY = "(?:I|X|V|N[Mm]Y|N[Mm]|[Mm]NY|[Mm]N|Y[Mm]N|LW|WL|TW|P|D|W)"
_SPAN = f"(?:{_DAY}|J|[Mm]Y|Y[Mm]|M|QY|YQ|Q|TU|LU|UL{_ALONE}|GU|UG|Y|h[Mm]Y?|Y?[Mm]h)"
_LONGER = "[Mm]Y?|Y[Mm]|QY?|YQ|TU|LU|GU|Y"
"""What has days and weeks by their place: *the last day of October*."""
_MOMENT = f"(?:{_DAY}H|H{_DAY})"
_WEEK = "(?:TU|LU|UL|GU|UG)"

READABLE = (
    *SIMPLE,
    (re.compile(_MOMENT), _moment),
    (re.compile("H"), hour_forms.moment_alone),
    (re.compile("K"), hour_forms.iso_moment),
    (re.compile("N"), _day_alone),
)
"""The forms that other forms are made of, as *since noon yesterday*."""

FORMS: tuple[tuple[re.Pattern[str], Build], ...] = (
    *(
        (re.compile(f"[za]?(?:{pattern.pattern})[za]?"), build)
        for pattern, build in SIMPLE
        if pattern.pattern not in ("[Mm]Y|Y[Mm]|[Mm]", "H")
    ),
    (re.compile("[za]?(?:[Mm]Y|Y[Mm]|M)[za]?"), _month),
    (re.compile(f"k(?:{_LONGER})|(?:{_LONGER})k"), partial(read_part, read=read)),
    (re.compile("NU"), _some),
    (re.compile("H"), hour_forms.moment_alone),
    (re.compile(_MOMENT), _moment),
    (re.compile("K"), hour_forms.iso_moment),
    (re.compile("aU"), _this),
    (re.compile(f"z(?:{_MOMENT}|H|K)"), _as_of),
    (re.compile("[SfB]?KEK"), hour_forms.iso_span),
    (re.compile(f"[SfB]?HEH{_DAY}|{_DAY}[SfB]?HEH"), partial(hour_forms.hours, read=read)),
    (re.compile(f"[SfB]?{_MOMENT}E{_MOMENT}"), partial(hour_forms.between, read=read)),
    (re.compile(f"{_DAY}p|p{_DAY}|Tp"), partial(hour_forms.part_of_day, read=read)),
    (re.compile("[SfB]?NEN[Mm]Y?|[Mm][SfB]?NENY?|Y?[Mm][SfB]?NEN"), lambda base, used: _days_month(base, _plain(used))),
    (re.compile("N"), _day_alone),
    (re.compile("[SfB]?NEN"), _days_alone),
    (re.compile(f"[SfB]?WEW{_WEEK}|{_WEEK}[SfB]?WEW|W{_WEEK}|{_WEEK}W|[SfB]?TWEW"), weekday_forms.weekdays_of_week),
    (re.compile("[SfB]?PEW"), weekday_forms.last_to_weekday),
    (re.compile(f"[SfB]?{_SPAN}E{_SPAN}"), _range),
    (re.compile(f"S(?:{_MOMENT}|{_SPAN}|H|N|K)g?|(?:{_MOMENT}|{_SPAN})g|f{_SPAN}g|f(?:{_MOMENT}|H)"), _since),
    (re.compile(f"f{_SPAN}"), _from),
    (re.compile("t|SaT?U"), _to_date),
    (re.compile("U"), _in_one),
    (re.compile("F(?:N?U|W|M|Q)?|[NWU]F"), _future),
)
"""Every form of a period, in letters of `period_words.py`; of those that fit at a place the longest is taken."""


def _plain(used: Sequence[Atom]) -> Sequence[Atom]:
    return [atom for atom in used if atom.code not in "SfBE"]
