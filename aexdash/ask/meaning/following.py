"""A follow-up: what it changes in the question before, and that said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from aexdash.ask import rules, saying, typed
from aexdash.ask.answer import KNOWS, Why
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.language.times.periods import Said, earlier, is_one, phrase, year_before
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
from aexdash.ask.meaning.in_context.how_long import narrowed_by_age
from aexdash.ask.meaning.in_context.settling import NEWLY, STATE_AFTER, settled
from aexdash.ask.meaning.several import stood
from aexdash.ask.question import OPEN, OPENED, PLACES, WHERE, By, Compare, Kind, Move, Period, Question
from aexdash.ask.typed import refuse
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.clock import DAY, TICK, day_of, start_of_day


def changes_only(pieces: Pieces) -> bool:
    """Whether words change the question before rather than ask a new one: they name nothing to count, or *only* it."""
    if pieces.typed or pieces.plain & {"newly", "fall"}:
        return False
    if "why" in pieces.plain and not pieces.subject:
        return True
    if "somebody" in pieces.plain and not (pieces.cards or pieces.moves or pieces.where.get("owner")):
        return True  # *his rejected ones* are those of the question before
    if not pieces.subject:
        counts = any(value == "count" and fold(said) != "of" for value, said in pieces.shaped)
        return pieces.begins_with_follow or not counts
    if len(set(pieces.moves)) == 1 and not (pieces.states or pieces.cards or pieces.periods or "why" in pieces.plain):
        return pieces.begins_with_follow  # *and cleared?* in the same time
    narrowing = bool(pieces.states) and not pieces.cards and not pieces.moves
    return pieces.begins_with_follow and narrowing and not pieces.plain & {"count", "why"}


_STILL = re.compile(r"\bstill\b|\b(?:все )?еще\b|\b(?:siguen?|todavia|aun)\b|还|仍")


def refuse_still(after: Question, pieces: Pieces, asker: Asker) -> None:
    """Ask what *how many are still held* means behind *rejections last week*: of those, which is not counted, or now.

    Raises:
        Refused: that was asked.
    """
    of_those = _OF_THOSE.search(fold(pieces.text)) and pieces.subject
    in_time = after.kind in (Kind.MOVES, Kind.DONE)
    still = pieces.states and _STILL.search(fold(pieces.text)) and in_time
    moved = of_those and (pieces.moves or (pieces.bare and pieces.periods))
    if not (still or (of_those and in_time) or moved):
        return
    words = "Whether the same listings are both is not counted, only each by itself"
    where = {name: values for name, values in after.where if name in PLACES}
    stand = [stood(one, where, asker) for one in dict.fromkeys(pieces.states) if one in STATE_WHERE]
    raise asker.ask(f"{words}: choose.", stand, Why.NOT_TOGETHER)


_OF_THOSE = re.compile(
    r"\bof (?:those|these|them)\b|\bиз (?:них|этих)\b|\bde (?:esos|esas|ellos|ellas|estos|estas)\b|其中|这里面|里面"
)


def followed(after: Question, pieces: Pieces, asker: Asker) -> tuple[Question, tuple[str, ...]]:
    """Change the question before by what the words name, and say what changed."""
    if "why" in pieces.plain:
        return _why(after, pieces, asker)
    pieces = settled(several_stores(narrowed(pieces), asker), asker)
    question = _with_move(_with_state(after, pieces, asker), pieces)
    composing.refuse_doubts(pieces, asker)
    where = narrowed_by_age(where_of(pieces, asker), question, pieces)
    if where.keys() & set(PLACES) or pieces.stores:  # another store is not one of the profile before, and so on
        question = replace(question.with_where(store=(), profile=()), stores=pieces.stores)
    for name, values in where.items():
        question = question.with_where(**{name: values})
    if "all_stores" in pieces.plain:
        question = replace(question.with_where(store=(), profile=()), stores=pieces.stores)
    rows = (pieces.orders or pieces.limit is not None) and not (pieces.by or pieces.dimensions or after.by)
    question = _as_listings(question, always=bool(rows))
    question, pieces = _in_time_before(question, pieces, asker)
    question = _in_time(question, pieces, asker)
    divided = details.divided_by(pieces, question)
    if divided and question.kind is Kind.CARD and By(divided) not in rules.CARDS_BY:
        question = _as_listings(question, always=True)
    if by := details.divided_by(pieces, question) or (By.STORE if pieces.beside else ""):
        question = replace(question, by=By(by), then_by=None)
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
        return question, ("the same, with its listings",)  # *list them*
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
            _as_listings(after, always=True), by=By.REASON, then_by=None, compare=Compare.NONE, read=tuple(pieces.read)
        )
    return question, differences(after, question, asker)


def _with_move(question: Question, pieces: Pieces) -> Question:
    """Ask for another move in the time of the question before: *and cleared* is of it too."""
    if not pieces.moves:
        return question
    if question.kind is not Kind.MOVES:
        raise refuse(Why.INCOMPLETE, "In which time? Name one, such as *last week*.")
    return replace(question, name=pieces.moves[0])


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
        return replace(listed, kind=Kind.CARD, name=STATE_CARDS["active"], by=None, then_by=None)
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
        if question.kind is Kind.ALERTS:
            return replace(question, name=OPEN, period=None)
        if saying.is_of_span(question):
            stands = [listings_of(question.filters, state, asker)] if (state := _state_after(question)) else []
            raise asker.ask("Now nothing moves: ask what stands so now, or name a time.", stands)
        return replace(question, at=None, period=None)
    if not pieces.periods:
        return question
    for said in pieces.periods:
        if len(said.readings) > 1:
            each = [_at(question, one, "", asker) for one in said.readings]
            raise asker.ask(f"{said.readings[0].label!r} can be two times: choose.", each)
    period = one_period(pieces.periods)
    if period is None:
        return question
    _ask_which_monday(question, period, asker)
    return _at(question, period, pieces.periods[0].edge, asker)


def _at(question: Question, period: Period, edge: str, asker: Asker) -> Question:
    """Move a question to a time: what is of a span to that span, everything else to its end, or to its start."""
    if question.kind is Kind.ALERTS:
        return replace(question, name=OPENED, period=period)
    if saying.is_of_span(question):
        return replace(question, period=period)
    at = None if period.end > asker.now else period.end - TICK
    at = period.start if edge == "start" else at
    return replace(question, at=at, period=period if period.end - period.start > 2 * DAY else None)


_DAY = (
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|понедельник\w*|вторник\w*|сред\w+|четверг\w*|пятниц\w+|суббот\w+|воскресень\w+"
    r"|lunes|martes|miercoles|jueves|viernes|sabado|domingo|(?:周|星期|礼拜)[一二三四五六日天]"
)
_JOIN = r"(?:\b(?:and|on|for|in|the|y|e|el|del|al?|de|в|во|и|с|со|по|на|за|до|from|to|until|hasta)\b|[到至和,–-]| )*"
_WEEKDAY = re.compile(rf"{_JOIN}(?:{_DAY})(?:{_JOIN}(?:{_DAY}))?")
_NUMBER = r"(?:dia )?\d{1,2}(?:st|nd|rd|th|日|号|-?го|-?е)?(?: числа)?"
_NUMBERED = re.compile(rf"{_JOIN}{_NUMBER}(?:{_JOIN}{_NUMBER})?")
"""Days of the week or of a month alone, whose week or month the question before may name."""


def _ask_which_monday(question: Question, period: Period, asker: Asker) -> None:
    """Ask which Monday is meant behind *rejections last week*: that of last week, or the latest; so of the 15th.

    Raises:
        Refused: that was asked.
    """
    zone, before = asker.workspace.zone, question.period
    if not saying.is_of_span(question) or before is None or before.start <= period.start < before.end:
        return
    label = fold(period.label).strip()
    first, last = (day_of(at, zone) for at in (period.start, period.end - TICK))
    if is_one(before, "week", zone) and _WEEKDAY.fullmatch(label):
        weeks = timedelta(days=(first - day_of(before.start, zone)).days // 7 * 7)
        days = first - weeks, last - weeks
    elif (
        is_one(before, "month", zone)
        and _NUMBERED.fullmatch(label)
        and (first.year, first.month) == (last.year, last.month)
    ):
        of = day_of(before.start, zone)
        try:
            days = of.replace(day=first.day), of.replace(day=last.day)
        except ValueError:
            return
    else:
        return
    then = Period(start_of_day(days[0], zone), start_of_day(days[1] + timedelta(days=1), zone), period.label)
    offered = [replace(question, period=one) for one in (then, period)]
    raise asker.ask(f"{period.label.strip()!r} in the time before, or the latest? Choose.", offered)


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
    if (before.by, before.then_by) != (after.by, after.then_by):
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
    return saying.by_words(question.by, question.then_by) if question.by else "undivided"


def _subject_words(question: Question, workspace: Workspace) -> str:
    if question.kind is Kind.LISTINGS:
        return saying.listings_words(replace(question, where=()), workspace)
    return SUBJECTS[question.kind](question.name)


SUBJECTS: Mapping[Kind, Callable[[str], str]] = {
    Kind.CARD: lambda name: CARDS[name].title,
    Kind.MOVES: lambda name: f"listings {saying.MOVE_WORDS[name]}",
    Kind.CAUSES: lambda name: f"what goes with {saying.WHAT_WORDS[name]}",
    Kind.DONE: lambda name: f"listings that {saying.DONE_WORDS[name]}",
    Kind.ALERTS: lambda name: saying.ALERT_WORDS[name],
    Kind.READINGS: lambda _: saying.READINGS_WORDS,
}
