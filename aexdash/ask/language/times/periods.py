"""The closed grammar of periods: words in four languages become half-open spans of the workspace's time zone.

No date library seen reads periods right (`docs/asking.md`), so these forms and no others are read. What has two
readings returns both, and nothing is guessed: `09/03`, *the past week*, *last Monday*.

- *last week* is the whole Monday to Sunday before, *last 7 days* are seven whole days before today, *last 24 hours* end
  now, *this month* and *since Monday* are so far;
- a month, a day or a quarter without a year is the latest that has begun.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import cast

from aexdash.ask.language.times.period_base import Base, NoDate, moved
from aexdash.ask.language.times.period_forms import FORMS, read
from aexdash.ask.language.times.period_words import AND, Atom, atoms
from aexdash.ask.question import Period
from aexdash.clock import TICK, day_of, start_of_day, to_text


@dataclass(frozen=True, slots=True)
class Said:
    """A period as it was said, from `start` to before `stop` of the text.

    `readings` are the periods it can be: one, or two where nobody can know. `edge` is `end` or `start` where a moment
    of it is meant, `moment` where a time of day was named. `future`: it has not begun, and `readings` is empty.
    """

    start: int
    stop: int
    readings: tuple[Period, ...]
    edge: str = ""
    future: bool = False


def find(folded: str, now: datetime, zone: tzinfo, *, pairs: bool = False) -> list[Said]:
    """Find the periods in a folded text, in their order; words that are none are passed over.

    `pairs`: *October and November* are two, as where they are compared, and no span from one to the other.
    """
    base, words = Base(now, zone), atoms(folded)
    codes = "".join("M" if atom.code == "m" and atom.led else atom.code for atom in words)
    found: list[Said] = []
    place = 0
    month: Sequence[Atom] = ()
    while place < len(codes):
        said = _longest(base, words, codes, place, pairs=pairs) or _other_half(base, words[place], month)
        if said is None:
            place += 1
            continue
        length, one = said
        month = [atom for atom in words[place : place + length] if atom.code in "MmY"] or month
        found += [one] if one else []
        place += length
    return [_labelled(one, folded) for one in found]


def _longest(
    base: Base, words: Sequence[Atom], codes: str, place: int, *, pairs: bool
) -> tuple[int, Said | None] | None:
    """Return the longest form that begins at a place, with how many atoms it takes; None for a day that is none."""
    fits = [(len(match[0]), build) for pattern, build in FORMS if (match := pattern.match(codes, place)) and match[0]]
    for length, build in sorted(fits, key=lambda fit: -fit[0]):
        used = words[place : place + length]
        is_count = codes[place : place + length] == "N" and codes[max(place - 1, 0)] in "RLT"  # 近3日: days, and no day
        if _is_pair(used) and _is_of_week(used) and (pairs or not _is_one_span(base, used)):
            return length, None  # *Monday and Thursday last week*: the first is not that of this week
        if is_count or not _is_said(used) or (_is_pair(used) and (pairs or not _is_one_span(base, used))):
            continue
        try:
            readings = tuple(dict.fromkeys(build(base, [atom for atom in used if atom.code not in "za"])))
        except (NoDate, OverflowError, ValueError):
            return length, None  # 30 February: its February is not meant either
        is_since = codes.startswith("Sa", place)  # *since the start of the month* is no moment
        edge = "" if is_since else next((str(atom.value) for atom in used if atom.code in "za"), "")
        edge = edge or ("moment" if readings and readings[0].end - readings[0].start == TICK else "")
        begun = tuple(one for one in readings if one.start <= base.now)
        return length, Said(used[0].start, used[-1].stop, begun, edge, future=not begun)
    return None


def _other_half(base: Base, half: Atom, month: Sequence[Atom]) -> tuple[int, Said | None] | None:
    """Read *against the second half*: of the month that was named before."""
    if half.code != "h" or not any(atom.code in "Mm" for atom in month):
        return None
    named = replace(half, code="h")
    codes = "".join(atom.code for atom in (named, *month))
    build = next((build for pattern, build in FORMS if pattern.fullmatch(codes)), None)
    readings = tuple(build(base, [named, *month])) if build else ()
    begun = tuple(one for one in readings if one.start <= base.now)
    return 1, Said(half.start, half.stop, begun, future=not begun)


def _is_pair(used: Sequence[Atom]) -> bool:
    """Whether two times stand side by side with an *and* between them, and no *between* or *from* before them."""
    return used[0].code not in "SfB" and any(atom.value == AND for atom in used)


def _is_one_span(base: Base, used: Sequence[Atom]) -> bool:
    """Whether two times joined by *and* follow one another: *October and November* do, *March and June* do not."""
    if _is_of_week(used):
        first, last = (cast("int", atom.value) for atom in used if atom.code == "W")
        return last == first + 1
    cut = next(index for index, atom in enumerate(used) if atom.value == AND)
    sides = [[atom for atom in side if atom.code not in "za"] for side in (used[:cut], used[cut + 1 :])]
    try:
        firsts, lasts = (read(base, side) for side in sides)
    except (NoDate, OverflowError, ValueError):
        days = [atom.value for atom in used if atom.code == "N"]
        return len(days) != 2 or days[1] == cast("int", days[0]) + 1  # *9 and 10 November*
    return any(first.end == last.start for first in firsts for last in lasts)


def _is_of_week(used: Sequence[Atom]) -> bool:
    """Whether two weekdays stand beside the week that they are of: *Monday and Tuesday last week*."""
    codes = [atom.code for atom in used]
    return codes.count("W") == 2 and codes.count("U") == 1


def _is_said(used: Sequence[Atom]) -> bool:
    """Whether words that could mean something else stand as a period: a bare year does not, nor a bare `may`."""
    return len(used) > 1 or used[0].led or used[0].code not in ("Y", "m")


def _labelled(said: Said, folded: str) -> Said:
    words = folded[said.start : said.stop].strip()
    readings = tuple(Period(one.start, one.end, words) for one in said.readings)
    return Said(said.start, said.stop, readings, said.edge, said.future)


def so_far(period: Period, now: datetime) -> bool:
    """Whether a period is not over."""
    return period.end > now


def earlier(period: Period, zone: tzinfo) -> Period:
    """Return the span right before: as many calendar days, months or years where it is made of whole ones."""
    first, after = day_of(period.start, zone), day_of(period.end, zone)
    whole = (start_of_day(first, zone), start_of_day(after, zone)) == (period.start, period.end)
    if not whole:
        return Period(period.start - (period.end - period.start), period.start)
    months = (after.year - first.year) * 12 + after.month - first.month
    if first.day == after.day == 1:
        return Period(start_of_day(moved(first, "month", -months), zone), period.start)
    return Period(start_of_day(first - (after - first), zone), period.start)


def is_one(period: Period, unit: str, zone: tzinfo) -> bool:
    """Whether a period is as long as a `day`, `week`, `month` or `quarter`, of whole days."""
    first, after = day_of(period.start, zone), day_of(period.end, zone)
    if (start_of_day(first, zone), start_of_day(after, zone)) != (period.start, period.end):
        return False
    if unit in ("day", "week"):
        return (after - first).days == {"day": 1, "week": 7}[unit]
    return first.day == 1 and moved(first, unit, 1) == after


def is_some(period: Period, count: int, unit: str, zone: tzinfo) -> bool:
    """Whether a period is as long as so many of an `hour`, `day`, `week` or `month`; all but hours of whole days."""
    if unit == "hour":
        return abs(period.end - period.start - timedelta(hours=count)) <= TICK
    first, after = day_of(period.start, zone), day_of(period.end, zone)
    if (start_of_day(first, zone), start_of_day(after, zone)) != (period.start, period.end):
        return False
    if unit == "month":
        return first.day == 1 and moved(first, unit, count) == after
    return (after - first).days == count * {"day": 1, "week": 7}[unit]


def year_before(at: datetime, zone: tzinfo) -> datetime:
    """Return the same time of the same day a year before; of 29 February that of 28 February."""
    local = at.astimezone(zone)
    day = local.day - 1 if (local.month, local.day) == (2, 29) else local.day
    return local.replace(year=local.year - 1, day=day).astimezone(at.tzinfo)


def phrase(period: Period, zone: tzinfo) -> str:
    """Write a period so that it is read as itself at any later time: `2026-11-16 to 2026-11-22`."""
    first, after = day_of(period.start, zone), day_of(period.end, zone)
    if (start_of_day(first, zone), start_of_day(after, zone)) != (period.start, period.end):
        return f"{to_text(period.start)} to {to_text(period.end)}"
    last = after - timedelta(days=1)
    return first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
