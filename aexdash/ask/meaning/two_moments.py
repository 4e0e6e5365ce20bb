"""One moment beside another: *on 1 November vs now*, *now compared with a month ago*."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning.asker import Asker, day_so_far

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
