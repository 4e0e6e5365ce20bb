"""Several numbers in one question: each is offered to choose, and told by itself beside that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aexdash.ask.answer import Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.meaning.asker import SEVERAL_NUMBERS, STATE_CARDS, STATE_WHERE, Asker, base, day_so_far, listings_of
from aexdash.ask.meaning.settling import NEWLY
from aexdash.ask.question import Kind, Question
from aexdash.ask.typed import Refused


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
