"""The tool `answer`: a question, in words or typed, and the answer that every other surface gives too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from aexdash.address_words import one_of, read_moment
from aexdash.ask.answer import Answer, Compared, Refusal, Row
from aexdash.ask.answers.answering import answer as answer_of
from aexdash.ask.question import PLACES, WHERE, By, Compare, Kind, Move, Period, Question
from aexdash.ask.typed import end_of, where_of
from aexdash.ask.workspace import Workspace, open_workspace
from aexdash.assistants.results import NOTHING, Number, Part, Result, Statement, Texts, text_of, texts_of_others
from aexdash.assistants.scope import CannotAnswerError, Scope
from aexdash.cards import CARDS
from aexdash.clock import to_text
from aexdash.words.common import capital

Word = TypeVar("Word", bound=StrEnum)

LONGEST_QUESTION = 500
"""Characters of a question in words."""

NAMES: Mapping[str, Sequence[str]] = {Kind.CARD: tuple(CARDS), Kind.MOVES: tuple(Move), Kind.LISTINGS: ("",)}
"""The names that a typed question of each kind may have."""

OF_OTHERS = (By.CATEGORY, By.OWNER)
"""Divisions whose parts are named by others; the names of the other parts are ours, and a store's is the settings'."""


class TypedQuestion(BaseModel):
    """A question in our own words, as `aexdash.ask.question.Question` explains them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["card", "listings", "moves"]
    name: str = Field(default="", description="card key; rejected, entered, left, cleared")
    where: dict[str, Any] = {}
    at: str = ""
    start: str = ""
    end: str = ""
    by: str = ""
    compare: str = Field(default="", description="previous, same_last_year")
    limit: int = Field(default=10, ge=0, le=100)


class Asked(BaseModel):
    """A question, in one of two ways."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str = Field(default="", max_length=LONGEST_QUESTION)
    question: TypedQuestion | None = None


class Told(Part):
    """A part of the number; `number` is null where it is not known. `link` opens exactly these listings."""

    name: str
    number: Number | None
    shown: str
    link: str
    texts_of_others: Texts


class Answered(Result):
    """An answer. `number` is null where it is not known or the question was refused, and never 0 for that.

    `read` says of each word what it was taken for, `ignored` too. `compared` is the number it is compared with, and the
    difference or why there is none. `refused` is why there is no number, else empty; each of `choices` can be asked
    instead, as it stands. `more` rows are left out.
    """

    number: Number | None
    unit: str
    read: list[str]
    compared: str
    rows: list[Told]
    more: int
    refused: str
    choices: list[str]
    texts_of_others: Texts


def answer(scope: Scope, asked: Asked) -> Answered:
    """Answer a question.

    Raises:
        CannotAnswerError: neither or both of words and question are given, or a word of it is none.
        StorageError: a file cannot be read.
    """
    if bool(asked.question) == bool(asked.words.strip()):
        raise CannotAnswerError("Give either words or question, as in words: how many are held?")
    workspace = replace(
        open_workspace(scope.settings, scope.snapshot.now, scope.place), stores=scope.stores, profiles=scope.profiles
    )
    question = _typed(scope, workspace, asked.question) if asked.question else asked.words.strip()
    given = answer_of(question, workspace, scope.snapshot.now())
    if given.question is not None and (placed := _placed(scope, given.question)) != given.question:
        # Asked of all stores in so many words: here these are all that there are for this call.
        given = answer_of(placed, workspace, scope.snapshot.now())
    return told(scope, given)


def told(scope: Scope, given: Answer) -> Answered:
    """Return an answer as assistants are given it, its texts of others apart."""
    causes = given.question is not None and given.question.kind is Kind.CAUSES
    return Answered(
        says=_says(given, causes=causes),
        statement=_statement(given),
        link=_link(scope, given.link or "overview"),
        number=given.number,
        unit=given.unit,
        read=[*(f"{one.words} = {one.meaning}" for one in given.read), *(f"{one} = ignored" for one in given.ignored)],
        compared=_compared(given.compared) if given.compared else "",
        rows=[] if causes else [_row(scope, one, given.question) for one in given.rows],
        more=given.more,
        refused=given.refusal.why.value if given.refusal else "",
        choices=_choices(given.refusal),
        texts_of_others=texts_of_others(lines=(given.sentence, *given.lines) if causes else ()),
    )


def _typed(scope: Scope, workspace: Workspace, asked: TypedQuestion) -> Question:
    words = {name: _written(word) for name, word in asked.where.items() if word}
    scope.view(words)  # says of each word that is none what to write instead
    if left_out := [name for name in words if name not in WHERE]:
        raise CannotAnswerError(f"where takes no {left_out[0]!r}; a moment is written as at.")
    kind, known = Kind(asked.kind), NAMES[asked.kind]
    if asked.name not in known:
        raise CannotAnswerError(f"name of a question of {kind} can be {one_of(known) if any(known) else 'left out'}.")
    period, now = _period(asked), scope.snapshot.now()
    question = Question(
        kind,
        asked.name,
        where_of(words, workspace),
        at=_moment("at", asked.at) or end_of(kind, period, now),
        period=period,
        by=_word("by", asked.by, By),
        compare=_word("compare", asked.compare, Compare) or Compare.NONE,
        limit=asked.limit,
    )
    return _placed(scope, question)


def _written(word: Any) -> str:
    """Write a word of a view as addresses have it; several values may come as a list."""
    return ",".join(map(str, word)) if isinstance(word, list) else str(word)


def _placed(scope: Scope, question: Question) -> Question:
    """Return a question of the stores that there are for this call, where it names none."""
    if scope.place.profile is None or question.filters.keys() & set(PLACES):
        return question
    return question.with_where(profile=(scope.place.profile,))


def _word(name: str, word: str, known: type[Word]) -> Word | None:
    try:
        return known(word) if word else None
    except ValueError:
        raise CannotAnswerError(f"{name} can be {one_of(known)}.") from None


def _says(given: Answer, *, causes: bool) -> str:
    if given.refusal:
        return given.refusal.sentence
    if causes:
        return "The tool causes says what goes with it."
    return " ".join(one for one in (given.sentence, *given.lines, capital(given.rows_note)) if one)


def _period(asked: TypedQuestion) -> Period | None:
    start, end = _moment("start", asked.start), _moment("end", asked.end)
    if start is None and end is None:
        return None
    if start is None or end is None or start >= end:
        raise CannotAnswerError("A period has a start and an end, and the start is the earlier one.")
    return Period(start, end, f"{to_text(start)} – {to_text(end)}")


def _moment(name: str, word: str) -> datetime | None:
    try:
        return read_moment(word) if word else None
    except ValueError:
        raise CannotAnswerError(f"{name} is no moment; write it like 2026-03-09T12:00:00Z.") from None


def _statement(given: Answer) -> Statement:
    claimed = given.claim if given.claim and not given.refusal else NOTHING
    return Statement(claim=claimed, says=given.statement, read_at=text_of(given.read_at))


def _choices(refusal: Refusal | None) -> list[str]:
    return [*(one.words for one in refusal.choices), *refusal.nearest] if refusal else []


def _compared(with_: Compared) -> str:
    said = (f"{with_.text} {with_.when}".strip(), with_.change, with_.note)
    return "; ".join(one for one in said if one)


def _link(scope: Scope, path: str) -> str:
    return f"{scope.settings.address}/{path.lstrip('/')}"


def _row(scope: Scope, row: Row, question: Question | None) -> Told:
    others = question is not None and bool({question.by, question.then_by} & {*OF_OTHERS})
    by_whom = question is not None and question.kind is Kind.DONE and question.by is None
    return Told(
        name="" if others else row.whole_name,
        number=row.number,
        shown="" if by_whom else row.text,
        link=_link(scope, row.link) if row.link else "",
        texts_of_others=texts_of_others(
            title=row.title, name=row.whole_name if others else "", by=row.text if by_whom else ""
        ),
    )
