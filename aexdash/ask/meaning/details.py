"""The details of a question: what it is divided by, compared with and ordered by, and what its words were read as."""

from __future__ import annotations

import re
from dataclasses import replace

from aexdash.ask import rules, saying, typed
from aexdash.ask.answer import Why
from aexdash.ask.language.counts import Before
from aexdash.ask.language.pieces import Pieces
from aexdash.ask.language.text import fold
from aexdash.ask.language.times.periods import is_one, is_some
from aexdash.ask.meaning.asker import Asker, one_period
from aexdash.ask.question import GRAINS, By, Compare, Kind, Period, Question, Read
from aexdash.ask.typed import Refused, refuse
from aexdash.cards import CARDS
from aexdash.clock import midnight
from aexdash.view import ORDERS
from aexdash.words.common import ORDER_WORDS


def with_details(question: Question, pieces: Pieces, asker: Asker) -> Question:
    """Add what a question is divided by, compared with, ordered by, and how many rows are shown.

    Raises:
        Refused: words for these do not go together, or *in days* stands beside a number that is not told in days.
    """
    if pieces.in_days and not (question.kind is Kind.CARD and CARDS[question.name].unit == "days"):
        raise refuse(Why.NOT_UNDERSTOOD, f"{pieces.in_days[0]!r} is the unit of times, and that number is no time.")
    try:
        several = divisions(pieces, question)
    except Refused as refused:
        free = [one for one in pieces.dimensions if one not in question.filters]
        raise asker.ask(refused.refusal.sentence, [replace(question, by=By(free[0]))], refused.refusal.why) from None
    if (both := _two_divisions(several, question, asker)) and rules.is_answered(both, asker.workspace, asker.now):
        question, several = both, [str(both.by)]
    if len(several) > 1:
        offered = [replace(question, by=By(one)) for one in several]
        raise asker.ask(
            f"A number is divided by one thing at a time: {' or '.join(several)}?", offered, Why.NOT_TOGETHER
        )
    by = several[0] if several else ""
    compare, compare_with = compared_with(pieces, question, asker)
    order = pieces.orders[0] if pieces.orders else ORDERS[0]
    if len(set(pieces.orders)) > 1 or (pieces.orders and (by or question.by or question.kind is not Kind.LISTINGS)):
        raise refuse(Why.NOT_TOGETHER, "Only listings are ordered, and by one thing at a time.")
    limit = pieces.limit if pieces.limit is not None else question.limit
    beside = By.STORE if pieces.beside and question.kind is not Kind.CAUSES else None
    return replace(
        question,
        stores=pieces.stores,
        by=By(by) if by else question.by or beside,
        compare=compare,
        compare_with=compare_with,
        order=order if question.kind is Kind.LISTINGS else question.order,
        limit=typed.read({"limit": str(limit)}, asker.workspace, asker.now).limit,
    )


def _two_divisions(named: list[str], question: Question, asker: Asker) -> Question | None:
    """Return a question that is divided by both of two things, its parts by the time if one is; None of others.

    A month that is asked for by month is one part.
    """
    if len(named) != 2:
        return None
    first, second = sorted((By(one) for one in named), key=lambda one: one in GRAINS)
    span, zone = question.period, asker.workspace.zone
    is_whole = span is not None and second in GRAINS and is_one(span, second.value, zone)
    return replace(question, by=first, then_by=None if is_whole else second)


def divided_by(pieces: Pieces, question: Question) -> str:
    """Return what a follow-up divides a number by.

    Raises:
        Refused: two are named, or one without saying what of it is meant.
    """
    named = divisions(pieces, question)
    if len(named) > 1:
        raise refuse(Why.NOT_TOGETHER, f"A number is divided by one thing at a time: {' or '.join(named)}?")
    return named[0] if named else ""


def divisions(pieces: Pieces, question: Question) -> list[str]:
    """Return all that a number is to be divided by; a dimension right beside a value of it says nothing more.

    Raises:
        Refused: one is named without saying what of it is meant.
    """
    filters = question.filters
    with_some = {one for one, values in filters.items() if len(values) > 1 and "by" in pieces.plain}
    free = [
        one
        for one in pieces.dimensions
        if (one not in filters or one in with_some) and not (one == "family" and "reason" in filters)
    ]
    tells_apart = pieces.plain & {"by", "list", "superlative"} or pieces.limit is not None
    if any(one == "reason" and _SEVERAL.fullmatch(fold(said)) for one, said in pieces.shaped):
        tells_apart = True
    if free and not tells_apart and not pieces.by:
        one = free[0]
        raise refuse(Why.INCOMPLETE, f"Which {one} is meant? Name it, or write *by {one}*.")
    named = list(dict.fromkeys([*pieces.by, *free]))
    if "trend" in pieces.plain and not set(named) & set(GRAINS):
        named.append(By.DAY)
    if not named and EACH.search(fold(pieces.text)) and (each := _several_values(question)):
        named = [each]
    if not named and (several := _compared_values(pieces, question)):
        named = [several]
    if "why" in pieces.plain and named == ["reason"] and question.kind is Kind.CAUSES:
        return []
    return [str(one) for one in named]


_SEVERAL = re.compile("(?:los |las )?(?:reasons|causes|motivos|razones|causas|причин[ы]?)|原因")
"""Several reasons, which can only be told apart."""

COMPARABLE = ("owner", "category", "reason")
"""Filters of which several values are set beside each other where they are compared."""


def _compared_values(pieces: Pieces, question: Question) -> str:
    """Return the filter whose values are compared, as in *Ana versus Li Wei*; empty where a time is, or nothing."""
    if "compare" not in pieces.plain or _is_in_time(pieces):
        return ""
    return _several_values(question)


def _several_values(question: Question) -> str:
    """Return the one filter of which several values are named; empty where there is none, or more."""
    several = [name for name in COMPARABLE if len(question.filters.get(name, ())) > 1]
    return several[0] if len(several) == 1 else ""


EACH = re.compile(
    r"\b(?:each|respectively|apiece|separately)\b|各|分别|\bпо отдельности\b|\b(?:у|для|на|по) кажд\w+"
    r"|\bкажд(?:ый|ая|ого|ой)\b"
    r"|\bcada un[oa]\b|\brespectivamente\b|\bpor separado\b"
)
"""What asks for each of several that are named, and not for all of them together."""


def _is_in_time(pieces: Pieces) -> bool:
    return bool(pieces.compared or pieces.previous is not None or "last_year" in pieces.plain)


def compared_with(pieces: Pieces, question: Question, asker: Asker) -> tuple[Compare, Period | None]:
    """Return what a number is compared with.

    Raises:
        Refused: a word such as *than* has nothing behind it, or the period behind it has not begun; *the month before*
            of something that is no month.
    """
    if pieces.before is not None:
        return _so_many_before(pieces.before, question, asker)
    if period := one_period(pieces.compared):
        if period == question.period:  # *last week versus the previous week*
            return Compare.PREVIOUS, None
        return Compare.PERIOD, period
    if "last_year" in pieces.plain:
        return Compare.SAME_LAST_YEAR, None
    if pieces.previous is not None:
        refuse_other_unit(pieces.previous, question.period if question.kind is Kind.MOVES else None, asker)
        return Compare.PREVIOUS, None
    if "compare" in pieces.plain and not pieces.beside and not _compared_values(pieces, question):
        raise refuse(Why.INCOMPLETE, "Compared with what? Name a time, such as *the week before* or *last month*.")
    return Compare.NONE, None


def _so_many_before(before: Before, question: Question, asker: Asker) -> tuple[Compare, Period | None]:
    """Return what *the 7 before* compares with: the span before of equal length, of a stock the day so long ago.

    Raises:
        Refused: the span is not of so many, or the unit of a stock was not said.
    """
    zone = asker.workspace.zone
    if question.kind is Kind.MOVES and question.period:
        units = (before.unit,) if before.unit else ("hour", "day", "week", "month")
        if any(is_some(question.period, before.count, unit, zone) for unit in units):
            return Compare.PREVIOUS, None
    elif before.unit in ("day", "week"):
        days = before.count * (7 if before.unit == "week" else 1)
        first = midnight(question.at or asker.now, zone, days=-days)
        return Compare.PERIOD, Period(first, midnight(first, zone, days=1))
    raise refuse(
        Why.AMBIGUOUS, f"The {before.count} before what? Name the time itself, such as *last week* or its days."
    )


def refuse_other_unit(unit: str, period: Period | None, asker: Asker) -> None:
    """Refuse *the month before* of a week, and of a number that is of no such span.

    Raises:
        Refused: the period is not as long as the unit that was said.
    """
    if unit and (period is None or not is_one(period, unit, asker.workspace.zone)):
        raise refuse(Why.AMBIGUOUS, f"The {unit} before what? Name the time itself, such as *last {unit}* or its days.")


def read_as(question: Question, pieces: Pieces, asker: Asker) -> tuple[Read, ...]:
    """Say of each word what it was taken for: those of filters and periods as they stand in the question."""
    zone, workspace = asker.workspace.zone, asker.workspace
    read = list(pieces.read)
    for said in (*pieces.periods, *pieces.compared):
        for one in said.readings[:1]:
            at_end = question.kind in (Kind.CARD, Kind.LISTINGS) and said in pieces.periods
            words = (
                saying.at_words(question.at, zone)
                if at_end and question.at
                else saying.span_words(one, asker.now, zone)
            )
            read.append(Read(one.label, "now" if at_end and not question.at else words))
    read += [Read(said, saying.value_words(name, value, workspace)) for name, value, said in pieces.named]
    read += [
        Read(words, meaning) for value, words in pieces.shaped if (meaning := _shape_words(value, question, asker))
    ]
    read += [Read(words, "in days, as it is told") for words in pieces.in_days]
    if pieces.before is not None and question.compare is not Compare.NONE:
        before = pieces.text[pieces.before.start : pieces.before.stop].strip()
        read.append(Read(before, saying.compare_words(question, workspace, asker.now)))
    return tuple(dict.fromkeys(read))


def _shape_words(value: str, question: Question, asker: Asker) -> str:
    """Say what a word that shapes a question was taken for; empty where it says nothing of its own."""
    by = f"divided by {saying.by_words(question.by)}" if question.by else ""
    is_now = question.kind in (Kind.CARD, Kind.LISTINGS) and question.at is None
    told = {
        str(question.by): by,
        str(question.then_by): f"each part divided by {saying.by_words(question.then_by)}" if question.then_by else "",
        "trend": by,
        "all_stores": "all stores",
        "both_stores": "all stores",
        "three_stores": "all stores",
        "why": "what goes with it" if question.kind is Kind.CAUSES else "its reasons",
        "now": "now" if is_now else "",
    }
    if question.kind is Kind.LISTINGS:
        told[question.order] = ORDER_WORDS[question.order]
    if question.compare is not Compare.NONE and (value.startswith("previous") or value == "last_year"):
        return saying.compare_words(question, asker.workspace, asker.now)
    return told.get(value, "")
