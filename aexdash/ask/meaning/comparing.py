"""Which of the times of a question are counted, and which are those that it is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo

from aexdash.ask.language.periods import Said, is_one
from aexdash.ask.language.pieces import Pieces
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
