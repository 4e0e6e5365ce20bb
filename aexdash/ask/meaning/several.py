"""Several numbers in one question, and several questions in one line: each is told by itself, and offered to choose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from aexdash.ask.answer import Why
from aexdash.ask.language.lexicon import Lexicon
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import tidy
from aexdash.ask.meaning.asker import SEVERAL_NUMBERS, STATE_CARDS, STATE_WHERE, Asker, base, day_so_far, listings_of
from aexdash.ask.meaning.cutting import cut
from aexdash.ask.meaning.in_context.settling import NEWLY
from aexdash.ask.question import Kind, Question
from aexdash.ask.typed import Refused

_MARK = re.compile(r"\?+")
_ASKS = {"count", "list", "superlative", "newly", "duration", "usual_duration", "share", "trend"}


def one_at_a_time(pieces: Pieces, where: Mapping[str, tuple[str, ...]], asker: Asker) -> Refused:
    """Return the refusal of *entered vs left last week*, which offers each number that is named."""
    return asker.ask(SEVERAL_NUMBERS, numbers_of(pieces, where, asker), Why.NOT_TOGETHER)


def numbers_of(pieces: Pieces, where: Mapping[str, tuple[str, ...]], asker: Asker) -> list[Question]:
    """Return each number that is named. A state beside a move in a time is what became so in it."""
    said = [*pieces.periods, *pieces.compared]
    period = said[0].readings[0] if len(said) == 1 and len(said[0].readings) == 1 else None
    cards = [base(Kind.CARD, one, where, asker) for one in dict.fromkeys(pieces.cards)]
    in_time = bool(pieces.moves and period)
    became = [NEWLY[one] for one in pieces.states if one in NEWLY] if in_time else []
    moves = dict.fromkeys((*became, *pieces.moves))
    moved = [base(Kind.MOVES, str(one), where, asker, period=period or day_so_far(asker)) for one in moves]
    states = [one for one in dict.fromkeys(pieces.states) if one in STATE_WHERE and not (in_time and one in NEWLY)]
    return [*cards, *moved, *(stood(one, where, asker) for one in states)]


def stood(state: str, where: Mapping[str, tuple[str, ...]], asker: Asker) -> Question:
    """Return what is asked of a state: its card where it has one that is of all listings in it, else its listings."""
    if state in ("active", "taken_down", "at_risk") and not where.keys() - {"store", "profile"}:
        return base(Kind.CARD, STATE_CARDS[state], where, asker)
    return listings_of(where, state, asker)


def of_each_time(pieces: Pieces) -> list[Pieces]:
    """Return the pieces with one of several times each: *rejected on Monday and on Tuesday*; none of one time."""
    if len(pieces.periods) < 2 or pieces.compared or "compare" in pieces.plain:
        return []
    return [replace(pieces, periods=[one], read=list(pieces.read)) for one in pieces.periods]


def questions_in(text: str, lexicon: Lexicon, now: datetime, zone: tzinfo) -> list[str]:
    """Return the questions of a line, parted by question marks; one where the parts are a question together.

    *Hi? how many are held? thanks* is one, and so are *rejected? last week I mean* and *Madrid? how many rejected*.
    """
    *marked, last = _MARK.split(tidy(text))
    parts = [*(part.strip() for part in marked), last.strip()]
    parts = [part for part in parts if any(letter.isalnum() for letter in part)]
    if len(parts) < 2 or re.search(r'["„“«「]|\w:\w', text):
        return [text]
    told = {part: cut(part, lexicon, now, zone) for part in parts}
    asked = [part for part in parts if _is_question(told[part])]
    if asked[-1:] == [last.strip()] and _names_card_alone(told[asked[-1]]):
        return [text]
    return asked if len(asked) > 1 else [text]


def _names_card_alone(pieces: Pieces) -> bool:
    """Whether words without a mark of their own only say which number was meant: *how long do they take? median*."""
    others = pieces.states or pieces.moves or pieces.plain & _ASKS or pieces.begins_with_follow
    return bool(pieces.cards or pieces.doubts) and not others


def _is_question(pieces: Pieces) -> bool:
    """Whether words ask something by themselves: they name what to count, or go on from the question before."""
    if pieces.is_empty and not pieces.unknown:
        return False
    if pieces.subject or pieces.where.get("reason"):
        return True
    told = any(pieces.where.values()) or pieces.by or pieces.dimensions or pieces.periods or pieces.unknown
    goes_on = pieces.begins_with_follow and not pieces.is_empty and "why" not in pieces.plain
    return bool(goes_on or (told and pieces.plain & _ASKS))
