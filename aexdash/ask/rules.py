"""Which questions can be answered: typed ones, composed ones and those of a model are all checked here."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aexdash.ask.answer import Why
from aexdash.ask.language.times.periods import phrase
from aexdash.ask.question import GRAINS, OF_ALL, OPEN, OPENED, PART_OF, PLACES, By, Compare, Kind, Question
from aexdash.ask.saying import by_words
from aexdash.ask.typed import Refused, refuse
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.clock import DAY
from aexdash.model import HELD
from aexdash.view import NOBODY

HELD_STATUSES = tuple(str(status) for status in HELD)
"""The statuses of what is held, as addresses write them."""

MOVES_BY = (By.STORE, By.REASON, By.FAMILY, By.CATEGORY, *GRAINS)
MOVES_OF = ("reason", "category")
CARDS_BY = (By.STORE, *GRAINS)

LONGEST_SPAN = 1096 * DAY
MOST_BUCKETS = 366
"""Three years, and a year of days: what history shows too."""


def check(question: Question, workspace: Workspace, now: datetime) -> None:
    """Refuse a question that cannot be answered.

    Raises:
        Refused: a time that has not begun, or words that are not known together.
    """
    _check_times(question, now)
    if question.stores and (question.kind is Kind.CAUSES or len(question.stores) < 2):
        raise refuse(Why.NOT_TOGETHER, "One store at a time, or all; for several use a profile.")
    CHECKS[question.kind](question)
    if question.then_by:
        _check_divided_again(question, workspace)
    if question.by in GRAINS:
        _check_grain(question, workspace)
    if question.part:
        _check_share(question)


def is_answered(question: Question, workspace: Workspace, now: datetime) -> bool:
    """Whether a question passes: what does not is not offered to choose either."""
    try:
        check(question, workspace, now)
    except Refused:
        return False
    return True


def _check_times(question: Question, now: datetime) -> None:
    if question.at is not None and question.at > now:
        raise refuse(Why.FUTURE, "That moment is still to come: only what was read so far can be counted.")
    for period in (question.period, question.compare_with):
        if period is not None and period.start > now:
            raise refuse(Why.FUTURE, "That time has not begun: only what was read so far can be counted.")
        if period is not None and period.end - period.start > LONGEST_SPAN:
            raise refuse(Why.NOT_TOGETHER, "A span of at most three years can be counted.")


def _filters(question: Question) -> list[str]:
    return [name for name, _ in question.where if name not in PLACES]


def _check_card(question: Question) -> None:
    title = CARDS[question.name].title
    if filters := _filters(question):
        raise refuse(Why.NOT_TOGETHER, f"{title} is of whole stores; it is not known by {', '.join(filters)}.")
    if question.by and question.by not in CARDS_BY:
        raise refuse(
            Why.NOT_TOGETHER, f"{title} is divided by store, hour, day, week or month, not by {by_words(question.by)}."
        )


def _check_moves(question: Question) -> None:
    if question.period is None:
        raise refuse(Why.INCOMPLETE, "In which time? Name one, such as *last week*.")
    others = [name for name in _filters(question) if name not in MOVES_OF]
    if others:
        words = f"Moves are told apart by store, reason and category, not by {', '.join(others)}."
        raise refuse(Why.NOT_TOGETHER, words)
    if question.by and question.by not in MOVES_BY:
        raise refuse(
            Why.NOT_TOGETHER,
            f"Moves are divided by store, reason, category or time, not by {by_words(question.by)}.",
        )


def _check_causes(question: Question) -> None:
    if filters := _filters(question):
        raise refuse(
            Why.NOT_TOGETHER, f"What goes with a movement is looked for in whole stores, not by {', '.join(filters)}."
        )
    if question.by or question.compare is not Compare.NONE:
        raise refuse(Why.NOT_TOGETHER, "What goes with a movement is neither divided nor compared; ask for its number.")


def _check_listings(question: Question) -> None:
    if question.by in GRAINS:
        extra = [name for name in _filters(question) if name != "status"]
        if extra or not set(question.filters.get("status", ())) <= set(HELD_STATUSES):
            raise refuse(
                Why.NOT_TOGETHER, "By hour, day, week or month only all held listings are known, rejected or in audit."
            )
    if question.by is By.FAMILY and question.filters.get("reason"):
        raise refuse(Why.NOT_TOGETHER, "Listings with one reason are divided by reason, not by its family.")


def _check_done(question: Question) -> None:
    if question.period is None:
        raise refuse(Why.INCOMPLETE, "In which time? Name one, such as *this week*.")
    if others := [name for name in _filters(question) if name != "owner"]:
        raise refuse(
            Why.NOT_TOGETHER, f"What people did is counted by store and person, and not by {', '.join(others)}."
        )
    if NOBODY in question.filters.get("owner", ()):
        raise refuse(Why.NOT_TOGETHER, "What nobody did is not counted: name who did it, or leave it out.")
    if question.by not in (None, By.STORE, By.OWNER):
        raise refuse(Why.NOT_TOGETHER, f"What people did is divided by store or owner, not by {by_words(question.by)}.")
    _refuse_compared(question, "What people did")


def _check_alerts(question: Question) -> None:
    if question.name == OPENED and question.period is None:
        raise refuse(Why.INCOMPLETE, "Opened in which time? Name one, such as *yesterday*.")
    if question.name == OPEN and (question.period is not None or question.at is not None):
        raise refuse(Why.NOT_TOGETHER, "Which alerts are open is known now; those of a time are `alerts:opened`.")
    _check_whole_stores(question, "Alerts are")


def _check_readings(question: Question) -> None:
    if question.period is not None or question.at is not None:
        raise refuse(Why.NOT_TOGETHER, "When stores were last read is told of now; history shows what was not read.")
    _check_whole_stores(question, "Readings are")


def _check_whole_stores(question: Question, what: str) -> None:
    if filters := _filters(question):
        raise refuse(Why.NOT_TOGETHER, f"{what} of whole stores, and not by {', '.join(filters)}.")
    if question.by not in (None, By.STORE):
        raise refuse(Why.NOT_TOGETHER, f"{what} told by store, and not by {by_words(question.by)}.")
    _refuse_compared(question, what.removesuffix(" are"))


def _refuse_compared(question: Question, what: str) -> None:
    if question.compare is not Compare.NONE:
        raise refuse(Why.NOT_TOGETHER, f"{what} cannot be compared here: ask for each time by itself.")


CHECKS = {
    Kind.CARD: _check_card,
    Kind.LISTINGS: _check_listings,
    Kind.MOVES: _check_moves,
    Kind.CAUSES: _check_causes,
    Kind.DONE: _check_done,
    Kind.ALERTS: _check_alerts,
    Kind.READINGS: _check_readings,
}


def _check_share(question: Question) -> None:
    if question.kind is not Kind.LISTINGS:
        raise refuse(Why.NOT_TOGETHER, "A share is told of listings at a moment, and of no card and no move.")
    of_all = question.part == (OF_ALL,) and _filters(question)
    if not of_all and (not set(question.part) <= question.filters.keys() or set(question.part) <= set(PLACES)):
        raise refuse(Why.INCOMPLETE, "The share of what? Say what the part has: a status, a reason, an owner.")
    if question.by or question.compare is not Compare.NONE:
        raise refuse(Why.NOT_TOGETHER, "A share is neither divided nor compared: ask for each by itself.")
    if "active" in question.filters.get("status", ()):
        raise refuse(Why.NOT_TOGETHER, "Shares of what is on sale are told by the cards alone.")


def _check_divided_again(question: Question, workspace: Workspace) -> None:
    """Refuse a second division where the parts of the first cannot be counted by it."""
    by, then_by = question.by, question.then_by
    if by is None or by not in PART_OF or by is then_by or question.kind not in (Kind.CARD, Kind.LISTINGS, Kind.MOVES):
        raise refuse(Why.NOT_TOGETHER, "A number is divided by one thing at a time, or its parts once more by time.")
    if question.compare is not Compare.NONE:
        raise refuse(Why.NOT_TOGETHER, "Parts of parts are not compared: divide by one thing, or ask for each time.")
    part = question.filters.get("status", HELD_STATUSES) if by is By.STATUS else ("-",)
    of_part = replace(question, by=then_by, then_by=None).with_where(**{PART_OF[by]: part})
    CHECKS[question.kind](of_part)
    if then_by in GRAINS:
        stores = len(question.stores) or sum(one.watched for one in workspace.stores)
        _check_grain(of_part, workspace, parts=stores if by is By.STORE else question.limit)


def _check_grain(question: Question, workspace: Workspace, *, parts: int = 1) -> None:
    span = question.period
    if span is None:
        return
    length = {By.HOUR: DAY / 24, By.DAY: DAY, By.WEEK: 7 * DAY, By.MONTH: 28 * DAY}[question.by or By.DAY]
    if parts * (span.end - span.start) / length > MOST_BUCKETS:
        words = phrase(span, workspace.zone)
        raise refuse(Why.NOT_TOGETHER, f"{words} has too many {question.by}s to tell one by one; name a shorter time.")
