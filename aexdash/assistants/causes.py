"""The tool `causes`: what goes with a movement of listings, never why."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from aexdash.address_words import read_moment
from aexdash.assistants.results import Part, Result, Texts, statement_of, texts_of_others
from aexdash.assistants.scope import CannotAnswerError, Scope
from aexdash.causes.latest import latest
from aexdash.causes.movement import Movement, to_words
from aexdash.causes.properties import is_mendable
from aexdash.causes.report import Counted, Finding, Outcome, Report, examine
from aexdash.clock import CLOCK_TOLERANCE, DAY, to_text
from aexdash.snapshot.compared.listings import What
from aexdash.view import View
from aexdash.words.causes import heading, outcome_words
from aexdash.words.common import capital

MOST_LISTINGS = 1_000
"""Listings that may be named in one call."""


class MovementAsked(BaseModel):
    """A movement: a span, the last jump where no moment is given, or listings that are named."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    store: str = ""
    profile: str = ""
    what: Literal["held", "rejected", "auditing"] = "held"
    after: str = Field(default="", description="default: last jump")
    until: str = ""
    listings: list[str] = Field(default=[], max_length=MOST_LISTINGS)


class Found(Part):
    """A slice of listings that goes with the movement: `k` of its `n` moved, of the others `rest_k` of `rest_n`.

    `properties` are names of ours, their values texts of others. `ratio` is how many times as often, from and to
    with 95 %. `on_sale` listings have it and have not moved: they are at risk, unless a property is one that nobody
    can mend, which is said with its name. `counter_examples` are ids of listings that have it and have not moved, or
    have moved without it.
    """

    properties: list[str]
    k: int
    n: int
    rest_k: int
    rest_n: int
    ratio: list[float]
    age: str
    on_sale: int
    counter_examples: list[str]
    texts_of_others: Texts


class Causes(Result):
    """What an examination came to; *no single cause* and *too few to tell* are normal outcomes.

    `counted` are the reasons of those that moved; the counts of values that others wrote stand with their texts.
    """

    outcome: str
    moved: int
    of: int
    base: str
    looked_at: int
    unexplained: int
    findings: list[Found]
    counted: list[str]
    texts_of_others: Texts


def _link(scope: Scope, view: View, movement: Movement) -> str:
    """Link the page of a movement; listings that were named one by one have none, so that of its span is linked."""
    if movement.keys:
        span = {"opening": to_text(movement.start), "closing": to_text(movement.end)}
        return scope.link("history", view.unfiltered().to_query() | span)
    return scope.link("causes", view.unfiltered().to_query() | to_words(movement))


def causes(scope: Scope, asked: MovementAsked) -> Causes:
    """Examine a movement.

    Raises:
        CannotAnswerError: no movement is meant, or see `Scope.view` and `Scope.keys_of`.
        StorageError: a file cannot be read.
    """
    view = scope.view({"store": asked.store, "profile": asked.profile})
    movement = _movement(scope, view, asked)
    report = examine(scope.snapshot, movement, scope.snapshot.now(), with_chain=False)
    reach = scope.snapshot.past(movement.stores).reach(movement.start, movement.end)
    return Causes(
        says=f"{capital(heading(report, scope.snapshot.zone))}. {_outcome(report)}",
        statement=statement_of(reach, scope.snapshot.zone),
        link=_link(scope, view, movement),
        outcome=report.outcome.value,
        moved=report.moved,
        of=report.of,
        base=report.base.value,
        looked_at=report.looked_at,
        unexplained=report.unexplained,
        findings=[_found(one) for one in report.findings],
        counted=[_count(one, one.name) for one in report.counted if _is_reason(one)],
        texts_of_others=texts_of_others(
            counted=[_count(one, f"{one.name} {one.value}") for one in report.counted if not _is_reason(one)]
        ),
    )


def _movement(scope: Scope, view: View, asked: MovementAsked) -> Movement:
    after, until = _moment("after", asked.after), _moment("until", asked.until)
    keys = scope.keys_of(view.store or "", asked.listings) if asked.listings else ()
    stores = view.store_keys
    if after is None and until is None and not keys:
        last = latest(scope.snapshot, stores, scope.snapshot.now(), What(asked.what), about="history")
        if last is None:
            raise CannotAnswerError("What is held made no jump in the last 30 days; name a span with after and until.")
        return last
    end = until or scope.snapshot.hero(view).reach.read_at or scope.snapshot.now()
    start = after or end - DAY
    if end > scope.snapshot.now() + CLOCK_TOLERANCE:
        raise CannotAnswerError("The span lies ahead: until must not be later than now.")
    if start >= end:
        raise CannotAnswerError("The span ends before it begins; after must be earlier than until.")
    return Movement(What(asked.what), start, end, stores, keys)


def _moment(name: str, word: str) -> datetime | None:
    try:
        return read_moment(word) if word else None
    except ValueError:
        raise CannotAnswerError(f"{name} is no moment; write it like 2026-03-09T12:00:00Z.") from None


def _outcome(report: Report) -> str:
    """Say what it came to; the values of what was found are texts of others and stand in the findings."""
    if report.outcome is not Outcome.FOUND:
        return outcome_words(report)
    names = "; ".join(" and ".join(part.name for part in one.found.slice.parts) for one in report.findings)
    return f"Goes with (never: caused by) the values in findings of: {names}."


def _found(one: Finding) -> Found:
    of = one.found.slice
    rest_k, rest_n = of.rest
    return Found(
        properties=[_named(part.name) for part in of.parts],
        k=of.k,
        n=of.n,
        rest_k=rest_k,
        rest_n=rest_n,
        ratio=[round(number, 1) for number in (of.ratio, of.low, of.high)],
        age=one.age.value,
        on_sale=one.on_sale,
        counter_examples=[f"{store}/{product_id}" for store, product_id in (*one.spared, *one.others)],
        texts_of_others=texts_of_others(values=[part.value for part in of.parts]),
    )


def _named(name: str) -> str:
    return name if is_mendable(name) else f"{name} (nobody can mend it)"


def _is_reason(one: Counted) -> bool:
    return one.name.startswith("reason: ")


def _count(one: Counted, words: str) -> str:
    return f"{words}: {one.listings:,} of {one.of:,}"
