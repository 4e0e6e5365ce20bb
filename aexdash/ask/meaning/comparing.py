"""Which of the times of a question are counted, and which are those that it is compared with; now is one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo

from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.language.times.periods import Said, is_one
from aexdash.ask.meaning.asker import Asker, day_so_far
from aexdash.ask.question import Period
from aexdash.clock import day_of, start_of_day

Places = Mapping[str, Sequence[int]]
"""Where names stand in the text, by their filter."""


def times_of(
    pieces: Pieces, said: Sequence[Said], compare_at: Sequence[int], previous_at: Sequence[int], named_at: Places
) -> tuple[list[Said], list[Said]]:
    """Return the times that are counted and those compared with; of *compare A with B* A is counted.

    `compare_at` and `previous_at` are where such words as *compared with* and *the week before* stand.
    """
    if not compare_at:
        return list(said), []
    compare = min(compare_at)
    counted = [one for one in said if one.start < compare]
    compared = [one for one in said if one.start > compare]
    if len(counted) > 1 and not compared:  # *October and November compared*
        counted, compared = counted[:1], counted[1:]
    if not counted and (len(compared) > 1 or any(at > one.start for one in compared for at in previous_at)):
        counted, compared = compared[:1], compared[1:]
    if not counted and len(compared) == 1 and _are_beside(pieces, compared[0].start, compare, named_at):
        counted, compared = compared, []
    return counted, compared


def is_crossed(pieces: Pieces, compare: int, named_at: Places) -> bool:
    """Whether names stand on both sides: *trademark last week vs copyright this week* compares two pairs."""
    return any(
        min(at) < compare < max(at) and len(set(pieces.where.get(name, ()))) > 1 for name, at in named_at.items() if at
    )


def _are_beside(pieces: Pieces, time: int, compare: int, named_at: Places) -> bool:
    """Whether names are compared in one time: *compare last week in Madrid and Outlet*, *Ana vs Li Wei today*."""
    for name in ("store", "owner", "category", "reason"):
        at = named_at.get(name, ())
        if at and len(set(pieces.where.get(name, ()))) > 1 and (time < at[-1] or compare < at[-1]):
            return True
    return len({*pieces.states, *pieces.moves}) > 1  # *entered vs left last week*


_OF_WEEK = re.compile(r"week|semana|недел|周")


def with_same_days(pieces: Pieces, zone: tzinfo) -> list[Said]:
    """Return what is compared with: *last week* beside *Monday to Wednesday this week* may be the same days of it."""
    one = [said.readings for said in (*pieces.periods, *pieces.compared)]
    if len(pieces.periods) != 1 or len(pieces.compared) != 1 or any(len(readings) != 1 for readings in one):
        return pieces.compared
    (days,), (week,) = one
    is_part = _OF_WEEK.search(days.label) and days.end - days.start < timedelta(days=6)
    if not is_part or not is_one(week, "week", zone) or day_of(days.start, zone) < day_of(week.end, zone):
        return pieces.compared
    back = (day_of(days.start, zone) - day_of(week.start, zone)).days // 7 * 7
    start, end = (start_of_day(day_of(at, zone) - timedelta(days=back), zone) for at in (days.start, days.end))
    return [replace(pieces.compared[0], readings=(week, Period(start, end, week.label)))]


_AND = re.compile(
    r"\b(?:and|и|y|plus|vs|versus|against|or|to|than|против|а|чем|con|frente a|contra)\b|[和与跟&/,，-]|→"
)

_STILL = re.compile(r"still|todavia|aun|sigue|еще|仍|还")
"""*Rejected yesterday and still rejected* asks for the same listings, and for no second number."""

_A_DAY = timedelta(days=1, hours=2)
"""A day is at most so long, also where clocks are put back."""

_AGO = re.compile(r"\bago\b|назад|\bhace\b|\batras\b|前")


def with_present(pieces: Pieces, asker: Asker) -> Pieces:
    """Take *on 1 November and now* for what is so now, compared with that moment: each is told, and none is dropped."""
    if today := _with_today(pieces, asker):
        return today
    said = [*pieces.periods, *pieces.compared]
    now = [words for value, words in pieces.shaped if value == "now" and not _STILL.search(fold(words))]
    if len(said) != 1 or not now or pieces.moves or "why" in pieces.plain or pieces.previous is not None:
        return pieces
    readings = said[0].readings
    if not readings or any(one.end > asker.now for one in readings):
        return pieces
    text = fold(pieces.text)
    label = fold(readings[0].label).strip()
    time_at, now_at = text.find(label), text.find(fold(now[0]))
    ends = sorted(((time_at, time_at + len(label)), (now_at, now_at + len(fold(now[0])))))
    between = text[ends[0][1] : ends[1][0]]
    joined = "compare" in pieces.plain or (len(between) < 16 and _AND.search(between))
    if not joined or all(one.end - one.start > _A_DAY for one in readings):
        return pieces
    return replace(pieces, periods=[], compared=said, plain=pieces.plain | {"compare", "stood"})


def _with_today(pieces: Pieces, asker: Asker) -> Pieces | None:
    """Take *on 1 November and today* for now, compared with that day, of what stands; None: it is not that."""
    each = [one.readings for one in pieces.periods]
    stands = set(pieces.states) - {"rejected"} or pieces.cards or "stood" in pieces.plain
    if len(each) != 2 or any(len(one) != 1 for one in each) or pieces.moves or pieces.compared or not stands:
        return None
    (first,), (last,) = each
    if first.end > asker.now or last != day_so_far(asker) or first.end - first.start > _A_DAY:
        return None
    text = fold(pieces.text)
    between = text[text.find(fold(first.label)) + len(first.label) : text.rfind(fold(last.label).strip())]
    if len(between) > 16 or not _AND.search(between):
        return None
    return replace(pieces, periods=[], compared=pieces.periods[:1], plain=pieces.plain | {"compare", "stood"})


def day_so_long_ago(pieces: Pieces) -> Pieces:
    """Take *compared with a month ago* for that day, where no span is counted that a whole month could stand beside."""
    if pieces.moves or len(pieces.compared) != 1 or (pieces.bare and "stood" not in pieces.plain):
        return pieces
    [said] = pieces.compared
    days = tuple(one for one in said.readings if one.end - one.start <= _A_DAY)
    is_of_moment = all(one.end - one.start <= _A_DAY for other in pieces.periods for one in other.readings)
    if len(said.readings) < 2 or len(days) != 1 or not is_of_moment or not _AGO.search(fold(days[0].label)):
        return pieces
    return replace(pieces, compared=[replace(said, readings=days)])
