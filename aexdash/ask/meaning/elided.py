"""What a follow-up leaves out: *а на этой?* behind last week is this week, *the other store* is not the one before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold, tidy
from aexdash.ask.language.times.periods import is_one
from aexdash.ask.question import Period, Question
from aexdash.ask.typed import refuse
from aexdash.clock import day_of

_BEGIN = (
    r"^(?:\W|\b(?:and|what about|how about|а|и|ну|что|как|y|e|que tal|que hay de|那|那么)\b|(?:那么|那))*"
    r"(?P<led>\b(?:in|for|on|на|в|за|en|de|con)\b )?"
)
_END = r"(?=\W*$|[ ,]+(?:by|in|for|per|only|по|в|у|только|por|en|de|solo|按|在)\b)"

_ASKS = (
    ("this", "any", r"(?:this|the current|the present) one"),
    ("last", "any", r"(?:the )?last(?: one)?"),
    ("this", "she", r"(?:этой|эту|эта|текущей|текущую|esta|la actual)"),
    ("this", "he", r"(?:этом|этот|текущем|текущий|este|el actual)"),
    ("last", "she", r"(?:прошлой|прошлую|прошлая|la pasada|la ultima)"),
    ("last", "he", r"(?:прошлом|прошлый|el pasado|el ultimo)"),
    ("before_last", "she", r"(?:позапрошлой|позапрошлую)"),
    ("before_last", "he", r"(?:позапрошлом|позапрошлый)"),
    ("before", "any", r"(?:предыдущ\w+|l[ao] anterior|el anterior|l[ao] previ[oa]|el previo)"),
)
"""Words that name a time by its place alone, with the gender of the unit that they leave out."""

_FORMS = tuple((which, gender, re.compile(f"{_BEGIN}(?P<said>{words}){_END}")) for which, gender, words in _ASKS)
_EARLIER_ZH = re.compile(
    r"^(?:那么?)?(?P<said>再(?:往前|往上|之前|上|前)?(?:的?[一上]?个?)?(?:周|星期|礼拜|月|季度|天))"
)

_UNITS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "week": ("she", {"this": "this week", "last": "last week", "before_last": "the week before last"}),
    "month": ("he", {"this": "this month", "last": "last month", "before_last": "the month before last"}),
    "quarter": ("he", {"this": "this quarter", "last": "last quarter"}),
}
"""The units that are left out, their gender in Russian and Spanish, and what is meant."""

BEFORE = "the period before"
"""What is put for *la anterior* and 再上一周: the time right before that of the question before."""


def expanded(text: str, after: Question | None, zone: tzinfo) -> str:
    """Return a follow-up with the unit that it leaves out, as the question before has it; else the text as it is.

    A unit whose gender is another than that of the word is none that was left out.
    """
    unit = _unit_of(after.period, zone) if after and after.period else ""
    folded, whole = fold(tidy(text)), tidy(text)
    if not unit:
        return text
    if found := _EARLIER_ZH.search(folded):
        return whole[: found.start("said")] + BEFORE + whole[found.end("said") :]
    gender, meant = _UNITS[unit]
    for which, of, pattern in _FORMS:
        found = pattern.search(folded)
        if found is None or of not in ("any", gender):
            continue
        instead = BEFORE if which == "before" else meant.get(which, "")
        if instead:
            start = found.start("led") if found["led"] else found.start("said")
            return f"{whole[:start]} {instead} {whole[found.end('said') :]}"
    return text


def _unit_of(period: Period, zone: tzinfo) -> str:
    """Return the unit that a period is one of; a month, a quarter or a Monday to Sunday."""
    for unit in ("month", "quarter"):
        if is_one(period, unit, zone):
            return unit
    return "week" if is_one(period, "week", zone) and day_of(period.start, zone).weekday() == 0 else ""


def other_store(pieces: Pieces, after: Question | None) -> Pieces:
    """Take *in the other store* for all stores but the one of the question before.

    Raises:
        Refused: no question before is of one store.
    """
    if "other_store" not in pieces.plain:
        return pieces
    stores = after.filters.get("store", ()) if after else ()
    if len(stores) != 1 or pieces.where.get("store"):
        raise refuse(Why.INCOMPLETE, "Other than which store? Name the stores that are meant.")
    said = next(said for value, said in pieces.shaped if value == "other_store")
    negated = [*pieces.negated, ("store", stores[0], said)]
    return replace(pieces, negated=negated, plain=pieces.plain - {"other_store"})
