"""A question in typed words: `moves:rejected store:madrid period:last-week`. One writing for all who are no people.

The names are those of addresses and of the command line, so that every question has exactly one such writing, which
is read back as the same question. Buttons, assistants and a model use it; a person may.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TypeVar

from rapidfuzz import fuzz, process

from aexdash.address_words import read_moment
from aexdash.ask.answer import Refusal, Why
from aexdash.ask.language.text import fold
from aexdash.ask.language.times import periods
from aexdash.ask.question import (
    DONE_NAMES,
    LAST,
    MOST_ROWS,
    OF_ALL,
    OPEN,
    OPENED,
    PLACES,
    WHERE,
    By,
    Compare,
    Kind,
    Move,
    Period,
    Question,
)
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.causes.kept import Slices
from aexdash.clock import TICK, to_text
from aexdash.desk.profiles import resolve_view
from aexdash.snapshot.compared.listings import What
from aexdash.view import FILTERS, ORDERS, View

Word = TypeVar("Word", bound=StrEnum)

BY_NAME = {one.name: one for one in FILTERS}


class Refused(Exception):
    """A question that cannot be asked; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


def refuse(why: Why, sentence: str, nearest: Collection[str] = ()) -> Refused:
    """Return the error of a refusal without choices."""
    return Refused(Refusal(why, sentence, nearest=tuple(nearest)))


def near(word: str, known: Collection[str], most: int = 3) -> tuple[str, ...]:
    """Return the known words nearest to one, the nearest first."""
    found = process.extract(word.casefold(), list(known), scorer=fuzz.WRatio, limit=most, score_cutoff=55)
    return tuple(name for name, *_ in found)


def no_such(what: str, word: str, known: Collection[str]) -> Refused:
    """Return the error of a name that there is not, with those near it."""
    nearest = near(word, known)
    offered = nearest or tuple(list(known)[:3])
    hint = f"; {'near it' if nearest else 'there is'}: {', '.join(offered)}" if offered else ""
    return refuse(Why.NO_SUCH, f"There is no {what} {word!r}{hint}.", nearest)


ALL = "all"
"""A word for `stores`: a question of every store, also where some are looked at; else it names several."""

KINDS = tuple(kind.value for kind in Kind if kind is not Kind.LISTINGS)
"""The words that name what is counted; without any of them listings are."""

NAMES = (*WHERE, *KINDS, "stores", "at", "period", "by", "compare", "order", "limit", "part")
"""The names of typed words."""


def read(words: Mapping[str, str], workspace: Workspace, now: datetime) -> Question:
    """Read a question from typed words, of the stores that it names, else of those that are looked at.

    Raises:
        Refused: a word is not known; the refusal names it and those near it.
    """
    for name in words:
        if name not in NAMES:
            raise no_such("word", name, NAMES)
    stores = _stores(words, workspace)
    kind, name = _subject(words)
    period = _period(words["period"], workspace.zone, now) if words.get("period") else None
    at = _at(words["at"], workspace.zone, now) if words.get("at") else None
    by, then_by = _divisions(words.get("by", ""))
    compare, compare_with = _compare(words.get("compare", ""), workspace.zone, now)
    return Question(
        kind=kind,
        name=name,
        where=_where(words, workspace, everywhere=bool(words.get("stores"))),
        stores=stores,
        at=at or end_of(kind, period, now),
        period=period,
        by=by,
        then_by=then_by,
        compare=compare,
        compare_with=compare_with,
        order=_order(words.get("order", ORDERS[0])),
        limit=_limit(words.get("limit", "10")),
        part=_part(words.get("part", "")),
    )


def end_of(kind: Kind, period: Period | None, now: datetime) -> datetime | None:
    """Return the moment that a period means for what is counted at one: its end; None where it is not over."""
    if kind not in (Kind.CARD, Kind.LISTINGS) or period is None or period.end > now:
        return None
    return period.end - TICK


def placed(where: Mapping[str, tuple[str, ...]], place: View) -> dict[str, tuple[str, ...]]:
    """Return the words that choose listings, with the stores that are looked at where they name none."""
    if where.keys() & set(PLACES):
        return dict(where)
    return {name: (value,) for name in PLACES if (value := getattr(place, name))} | dict(where)


def _stores(words: Mapping[str, str], workspace: Workspace) -> tuple[str, ...]:
    """Read the several stores that a question names; none where it is of all."""
    told = words.get("stores", "")
    if told and any(words.get(name) for name in PLACES):
        raise refuse(Why.NOT_TOGETHER, "All stores, or one of them? Name one.")
    known = [one.key for one in workspace.stores]
    named = [] if told in ("", ALL) else told.split(",")
    for key in named:
        if key not in known:
            raise no_such("store", key, known)
    return several(named, workspace)


def several(named: Collection[str], workspace: Workspace) -> tuple[str, ...]:
    """Return several stores in their own order; none where they are all that are watched, which needs no names."""
    keys = tuple(one.key for one in workspace.stores if one.key in named)
    watched = tuple(one.key for one in workspace.stores if one.watched)
    return () if keys == watched else keys


def _where(
    words: Mapping[str, str], workspace: Workspace, *, everywhere: bool
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    named = dict(where_of({name: words[name] for name in WHERE if words.get(name)}, workspace))
    chosen = named if everywhere else placed(named, workspace.place)
    return tuple((name, chosen[name]) for name in WHERE if name in chosen)


def _subject(words: Mapping[str, str]) -> tuple[Kind, str]:
    named = [name for name in KINDS if words.get(name)]
    if len(named) > 1:
        raise refuse(Why.NOT_TOGETHER, f"One number at a time: {' and '.join(named)} are two.")
    if not named:
        return Kind.LISTINGS, ""
    kind, word = Kind(named[0]), words[named[0]]
    if word not in NAMED[kind]:
        raise no_such(WHAT_NAMED.get(kind, "word"), word, NAMED[kind])
    return kind, word


NAMED: Mapping[Kind, tuple[str, ...]] = {
    Kind.CARD: tuple(CARDS),
    Kind.MOVES: tuple(Move),
    Kind.CAUSES: tuple(What),
    Kind.DONE: DONE_NAMES,
    Kind.ALERTS: (OPEN, OPENED),
    Kind.READINGS: (LAST,),
}
"""What can be counted, by kind."""

WHAT_NAMED = {Kind.CARD: "card", Kind.MOVES: "move", Kind.CAUSES: "movement", Kind.DONE: "thing done"}


def _one_of(kind: type[Word], word: str | None, what: str) -> Word | None:
    if not word:
        return None
    try:
        return kind(word)
    except ValueError:
        raise no_such(what, word, tuple(kind)) from None


def _divisions(text: str) -> tuple[By | None, By | None]:
    """Read what a number is divided by, and what each part of it is divided by again: `store,day`."""
    named = [_one_of(By, word, "way to divide a number") for word in text.split(",")] if text else []
    if len(named) > 2:
        raise refuse(Why.NOT_TOGETHER, "A number is divided by two things at most, such as by:store,day.")
    first, second = (*named, None, None)[:2]
    return first, second


def where_of(words: Mapping[str, str], workspace: Workspace) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read the words that choose listings, as addresses write them.

    Raises:
        Refused: one is not allowed, or names a store, a reason, a campaign … that there is not.
    """
    chosen = []
    for name in WHERE:
        if name not in words:
            continue
        one = BY_NAME[name]
        value, wrong = one.read({name: words[name]})
        if wrong:
            raise refuse(Why.NO_SUCH, f"{name} {', '.join(wrong)} {one.wrong}; {one.hint}.", near(wrong[0], one.known))
        values = value if one.many else (value,)
        chosen.append((name, tuple(one.write(each) for each in values)))
    where = tuple(chosen)
    _refuse_unknown(dict(where), workspace)
    return where


OF_FILES = (*PLACES, "shares")
"""The words that name what only the files can tell."""


def _refuse_unknown(where: Mapping[str, tuple[str, ...]], workspace: Workspace) -> None:
    taxonomy = workspace.taxonomy
    names = {
        "store": [one.key for one in workspace.stores],
        "profile": [one.name for one in workspace.profiles],
        "reason": [*taxonomy.families, *taxonomy.codes],
        "only": list(taxonomy.codes),
        "without": [*taxonomy.families, *taxonomy.codes],
        "both": [*taxonomy.families, *taxonomy.codes],
        "campaign": list(workspace.campaigns),
    }
    for name, known in names.items():
        for word in where.get(name, ()):
            if word not in known:
                raise no_such(name, word, known)
    view = Question(Kind.LISTINGS, where=tuple((name, where[name]) for name in OF_FILES if name in where)).view
    desk = workspace.snapshot.desk_path
    resolved = resolve_view(
        view, workspace.stores, workspace.profiles, slices=Slices(desk) if desk and view.shares else ()
    )
    if refused := resolved.refused or resolved.unmatched:
        raise refuse(Why.NO_SUCH, refused)


def _period(text: str, zone: tzinfo, now: datetime) -> Period:
    found = _said(text, zone, now)
    return Period(found.start, found.end, found.label)


def _said(text: str, zone: tzinfo, now: datetime) -> Period:
    """Read one period that takes all of a text; dashes may stand for blanks in words."""
    spelt = fold(text) if any(letter.isdigit() for letter in text) else fold(text).replace("-", " ")
    found = periods.find(spelt.replace("_", " "), now, zone)
    if len(found) != 1:
        raise refuse(Why.NOT_UNDERSTOOD, f"{text!r} is no period; write one like {EXAMPLES}.")
    if found[0].future:
        raise refuse(Why.FUTURE, f"{text} has not begun; nothing can be counted of it.")
    if len(found[0].readings) > 1:
        raise refuse(Why.AMBIGUOUS, f"{text!r} has two readings; write one like {EXAMPLES}.")
    return found[0].readings[0]


EXAMPLES = "last week, last 7 days, since Monday, March 2026, or 2026-11-16 to 2026-11-22"


def _at(text: str, zone: tzinfo, now: datetime) -> datetime:
    """Read a moment; a period means its end."""
    try:
        at = read_moment(text)
    except ValueError:
        at = _said(text, zone, now).end - TICK
    if at > now:
        raise refuse(Why.FUTURE, f"{text} is still to come; nothing can be counted of it.")
    return at


def _compare(text: str, zone: tzinfo, now: datetime) -> tuple[Compare, Period | None]:
    if not text:
        return Compare.NONE, None
    if text in (Compare.NONE, Compare.PREVIOUS, Compare.SAME_LAST_YEAR):
        return Compare(text), None
    return Compare.PERIOD, _period(text, zone, now)


def _order(text: str) -> str:
    if text not in ORDERS:
        raise no_such("order", text, ORDERS)
    return text


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MOST_ROWS):
        raise refuse(Why.NOT_UNDERSTOOD, f"limit {text} is not a whole number from 1 to {MOST_ROWS}.")
    return int(text)


def _part(text: str) -> tuple[str, ...]:
    """Read the names of the words that choose the part of a share, in the order of the filters."""
    named = text.split(",") if text else []
    if named == [OF_ALL]:
        return (OF_ALL,)
    for name in named:
        if name not in WHERE:
            raise no_such("word for a part", name, (*WHERE, OF_ALL))
    return tuple(name for name in WHERE if name in named)


def write(question: Question, zone: tzinfo, place: View | None = None) -> dict[str, str]:
    """Write a question as typed words, leaving out what is at its default; `read` reads the same question back.

    `place` are the stores that are looked at where it is read; None: all.
    """
    words: dict[str, str] = {}
    if question.kind is not Kind.LISTINGS:
        words[question.kind.value] = question.name
    for name, values in question.where:
        one = BY_NAME[name]
        parsed = tuple(one.value_of(value) for value in values)
        words[name] = one.written(parsed if one.many else parsed[0])
    if question.stores:
        words["stores"] = ",".join(question.stores)
    elif place is not None and placed(question.filters, place) != dict(question.where):
        words["stores"] = ALL
    if question.at:
        words["at"] = to_text(question.at)
    if question.period:
        words["period"] = periods.phrase(question.period, zone)
    if question.by:
        words["by"] = ",".join(one.value for one in (question.by, question.then_by) if one)
    if question.compare is Compare.PERIOD and question.compare_with:
        words["compare"] = periods.phrase(question.compare_with, zone)
    elif question.compare is not Compare.NONE:
        words["compare"] = question.compare.value
    if question.order != ORDERS[0]:
        words["order"] = question.order
    if question.limit != 10:
        words["limit"] = str(question.limit)
    if question.part:
        words["part"] = ",".join(question.part)
    return words


def as_text(words: Mapping[str, str]) -> str:
    """Write typed words as one line that is read as they are; a question of listings begins with *listings*."""
    begin = [] if words.keys() & set(KINDS) else ["listings"]
    return " ".join([*begin, *(f"{name}:{_quoted(value)}" for name, value in words.items())])


def _quoted(value: str) -> str:
    plain = value and not any(letter.isspace() or letter == '"' for letter in value)
    return value if plain else '"' + value.replace('"', '""') + '"'
