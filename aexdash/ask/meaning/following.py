"""A follow-up: what it changes in the question before, and that said."""

from __future__ import annotations

import re
from dataclasses import replace

from aexdash.ask import rules, saying, typed
from aexdash.ask.answer import KNOWS, Why
from aexdash.ask.language.periods import Said, earlier, phrase, year_before
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.meaning import composing, details
from aexdash.ask.meaning.asker import (
    STATE_CARDS,
    STATE_WHERE,
    Asker,
    day_of_moment,
    listings_of,
    one_period,
)
from aexdash.ask.meaning.choosing import narrowed, several_stores, where_of
from aexdash.ask.meaning.settling import NEWLY, STATE_AFTER, settled
from aexdash.ask.meaning.several import stood
from aexdash.ask.question import PLACES, WHERE, By, Compare, Kind, Move, Period, Question
from aexdash.ask.typed import refuse
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.clock import DAY, TICK


def changes_only(pieces: Pieces) -> bool:
    """Whether words change the question before rather than ask a new one: they name nothing to count, or *only* it."""
    if pieces.typed or pieces.plain & {"newly", "fall"}:
        return False
    if "why" in pieces.plain and not pieces.subject:
        return True
    if not pieces.subject:
        return pieces.begins_with_follow or "count" not in pieces.plain
    narrowing = bool(pieces.states) and not pieces.cards and not pieces.moves
    return pieces.begins_with_follow and narrowing and not pieces.plain & {"count", "why"}


def followed(after: Question, pieces: Pieces, asker: Asker) -> tuple[Question, tuple[str, ...]]:
    """Change the question before by what the words name, and say what changed."""
    if "why" in pieces.plain:
        return _why(after, pieces, asker)
    pieces = settled(several_stores(narrowed(pieces), asker), asker)
    question = _with_state(after, pieces, asker)
    composing.refuse_doubts(pieces, asker)
    where = where_of(pieces, asker)
    if where.keys() & set(PLACES) or pieces.stores:  # another store is not one of the profile before, and so on
        question = replace(question.with_where(store=(), profile=()), stores=pieces.stores)
    for name, values in where.items():
        question = question.with_where(**{name: values})
    if "all_stores" in pieces.plain:
        question = replace(question.with_where(store=(), profile=()), stores=pieces.stores)
    question = _as_listings(question)
    question, pieces = _in_time_before(question, pieces, asker)
    question = _in_time(question, pieces, asker)
    divided = details.divided_by(pieces, question)
    if divided and question.kind is Kind.CARD and By(divided) not in rules.CARDS_BY:
        question = _as_listings(question, always=True)
    if by := details.divided_by(pieces, question) or (By.STORE if pieces.beside else ""):
        question = replace(question, by=By(by))
    compare, compare_with = details.compared_with(pieces, question, asker)
    if compare is not Compare.NONE:
        question = replace(question, compare=compare, compare_with=compare_with)
    if pieces.orders and question.kind is Kind.LISTINGS:
        question = replace(question, order=pieces.orders[0])
    if pieces.limit is not None:
        limit = typed.read({"limit": str(pieces.limit)}, asker.workspace, asker.now).limit
        question = replace(question, limit=limit)
    question = replace(question, read=details.read_as(question, pieces, asker), ignored=tuple(pieces.ignored))
    if "list" in pieces.plain and question == after:
        question = _as_listings(question, always=True)
    changed = differences(after, question, asker)
    if not changed and "list" in pieces.plain and question.kind is Kind.LISTINGS:
        return question, ()  # *list them*: they are listed below their number
    if not changed:
        raise refuse(Why.NOT_UNDERSTOOD, f"That changes nothing of the question before. {KNOWS}.")
    return question, changed


def _why(after: Question, pieces: Pieces, asker: Asker) -> tuple[Question, tuple[str, ...]]:
    """Ask for the reasons of the listings before, or of moves what goes with them."""
    if after.kind is Kind.MOVES and after.period and after.name in ("rejected", "entered", "auditing"):
        what = {"entered": "held"}.get(after.name, after.name)
        place = tuple((name, values) for name, values in after.where if name in PLACES)
        question = Question(Kind.CAUSES, what, place, period=after.period, read=tuple(pieces.read))
    else:
        question = replace(
            _as_listings(after, always=True), by=By.REASON, compare=Compare.NONE, read=tuple(pieces.read)
        )
    return question, differences(after, question, asker)


STATE_OF_CARD = {card: state for state, card in STATE_CARDS.items()}


def _with_state(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Narrow a question to a state: *only rejected*."""
    states = list(dict.fromkeys(pieces.states))
    if not states:
        return question
    if len(states) > 1 or question.kind in (Kind.MOVES, Kind.CAUSES):
        words = "Moves are not narrowed to a status: ask how many moved so in that time, or which stand so"
        moved = [replace(question, name=NEWLY[one].value) for one in states if one in NEWLY]
        moved = moved if question.kind is Kind.MOVES else []
        stand = [stood(one, question.filters, asker) for one in states if one in STATE_WHERE]
        raise asker.ask(f"{words}.", [*moved, *stand], Why.NOT_TOGETHER)
    listed = _as_listings(question, always=True)
    for name in ("status", "mark"):
        listed = listed.with_where(**{name: ()})
    if states[0] == "active":
        return replace(listed, kind=Kind.CARD, name=STATE_CARDS["active"], by=None)
    for name, value in STATE_WHERE.get(states[0], ()):
        listed = listed.with_where(**{name: (value,)})
    return listed


def _as_listings(question: Question, *, always: bool = False) -> Question:
    """Return a question of a card with filters as one of the listings that the card counts."""
    filtered = [name for name, _ in question.where if name not in PLACES]
    if question.kind is not Kind.CARD or not (filtered or always):
        return question
    view = CARDS[question.name].view
    if view is None or question.name not in STATE_OF_CARD:
        raise refuse(
            Why.NOT_TOGETHER, f"{CARDS[question.name].title} is of whole stores, not of a part of the listings."
        )
    listed = replace(question, kind=Kind.LISTINGS, name="")
    merged = dict(STATE_WHERE[STATE_OF_CARD[question.name]])
    return listed.with_where(**{name: (value,) for name, value in merged.items() if name not in question.filters})


def _in_time(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Move a question to another time: a move to another span, everything else to its end."""
    if "now" in pieces.plain and not pieces.periods:
        if question.kind in (Kind.MOVES, Kind.CAUSES):
            stands = [listings_of(question.filters, state, asker)] if (state := _state_after(question)) else []
            raise asker.ask("Now nothing moves: ask what stands so now, or name a time.", stands)
        return replace(question, at=None, period=None)
    if not pieces.periods:
        return question
    for said in pieces.periods:
        if len(said.readings) > 1:
            raise refuse(Why.AMBIGUOUS, f"{said.readings[0].label!r} can be two times; write its days.")
    period = one_period(pieces.periods)
    if period is None:
        return question
    if question.kind in (Kind.MOVES, Kind.CAUSES):
        return replace(question, period=period)
    at = None if period.end > asker.now else period.end - TICK
    at = period.start if pieces.periods[0].edge == "start" else at
    return replace(question, at=at, period=period if period.end - period.start > 2 * DAY else None)


_COMPARES = re.compile(
    r"\b(?:vs|versus|than|compared|comparing|against|to|with|from|w|чем|против|относительно|к|с|со|que|contra|con)\b"
    r"|сравн|frente|respecto|compar|[比与和跟]|\b[wm]o[wm]\b|over"
)
"""What is said of the time before where it is compared with, and not asked for by itself: *vs last*."""


def _state_after(question: Question) -> str:
    """Return the state that a move leads to, where listings in it are known; else empty."""
    return STATE_AFTER.get(Move(question.name), "") if question.kind is Kind.MOVES else ""


def _in_time_before(question: Question, pieces: Pieces, asker: Asker) -> tuple[Question, Pieces]:
    """Move a question to the time before its own: *and the week before?*, *and a year ago?* ask for another number.

    Only behind a word such as *compared with* they ask for both.
    """
    unit, zone = pieces.previous, asker.workspace.zone
    last_year = "last_year" in pieces.plain
    asked = last_year or unit is not None
    compares = "compare" in pieces.plain or any(
        value.startswith("previous") and _COMPARES.search(fold(said)) for value, said in pieces.shaped
    )
    if not asked or compares or pieces.periods or pieces.compared:
        return question, pieces
    span = question.period
    if span is None and question.at is not None:
        span = day_of_moment(question.at, asker)
    if span is None:
        return question, pieces
    if last_year:
        other = Period(year_before(span.start, zone), year_before(span.end, zone))
    else:
        details.refuse_other_unit(unit or "", span, asker)
        other = earlier(span, zone)
    kept = {word for word in pieces.plain if word != "last_year" and not word.startswith("previous")}
    said = Said(0, 0, (replace(other, label=phrase(other, zone)),))
    return question, replace(pieces, plain=kept, periods=[said])


def differences(before: Question, after: Question, asker: Asker) -> tuple[str, ...]:
    """Say what differs between two questions, a sentence each: `time: now → at the end of Sat 31 Oct 2026`."""
    workspace, now = asker.workspace, asker.now
    told = []
    if (before.kind, before.name) != (after.kind, after.name):
        told.append(f"counted: {_subject_words(before, workspace)} → {_subject_words(after, workspace)}")
    if before.stores != after.stores:
        told.append(f"stores: {_stores(before, workspace)} → {_stores(after, workspace)}")
    for name in WHERE:
        old, new = before.filters.get(name, ()), after.filters.get(name, ())
        if old != new:
            words = [
                ", ".join(saying.value_words(name, one, workspace) for one in values) or "any" for values in (old, new)
            ]
            told.append(f"{name}: {words[0]} → {words[1]}")
    times = [saying.when_words(one, workspace, now) for one in (before, after)]
    if times[0] != times[1]:
        told.append(f"time: {times[0]} → {times[1]}")
    if before.by != after.by:
        told.append(f"by: {_by(before)} → {_by(after)}")
    if (before.compare, before.compare_with) != (after.compare, after.compare_with):
        told.append(
            saying.compare_words(after, workspace, now) if after.compare is not Compare.NONE else "not compared"
        )
    if before.order != after.order:
        told.append(f"order: {before.order} → {after.order}")
    if before.limit != after.limit:
        told.append(f"rows: {before.limit} → {after.limit}")
    return tuple(told)


def _stores(question: Question, workspace: Workspace) -> str:
    return ", ".join(saying.value_words("store", key, workspace) for key in question.stores) or "any"


def _by(question: Question) -> str:
    return saying.by_words(question.by) if question.by else "undivided"


def _subject_words(question: Question, workspace: Workspace) -> str:
    match question.kind:
        case Kind.CARD:
            return CARDS[question.name].title
        case Kind.MOVES:
            return f"listings {saying.MOVE_WORDS[question.name]}"
        case Kind.CAUSES:
            return f"what goes with {saying.WHAT_WORDS[question.name]}"
        case _:
            return saying.listings_words(replace(question, where=()), workspace)
