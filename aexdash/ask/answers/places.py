"""Where an answer is shown too: the address of the page with the same number, and the command that prints it."""

from __future__ import annotations

import shlex
from datetime import datetime, tzinfo
from urllib.parse import quote, urlencode

from aexdash.ask import typed
from aexdash.ask.answers.number import bounds
from aexdash.ask.question import Kind, Question
from aexdash.cards import CARDS, Need
from aexdash.clock import to_text
from aexdash.view import View


def link_of(question: Question, now: datetime) -> str:
    """Return path and query of the page with the same number; empty where none has it: a share, two stores of three."""
    if question.stores or question.part:
        return ""
    if question.kind is Kind.LISTINGS:
        return address("worklist", question.view.to_query())
    if question.kind is Kind.CARD:
        return _of_card(question)
    place = question.place
    words = View(store=place.store, profile=place.profile).to_query()
    if question.period is not None:
        start, end = bounds(question.period, now)
        words |= {"opening": to_text(start), "closing": to_text(end)}
    return address("history", words)


def _of_card(question: Question) -> str:
    card, place = CARDS[question.name], question.place.unfiltered().to_query()
    if card.view is not None:
        return address("worklist", {**place, **card.view.to_query()})
    if card.needs == (Need.FEED,):
        return address("feed", place)
    return address("history", {**place, "cards": card.key})


def address(page: str, words: dict[str, str]) -> str:
    """Write path and query of a page."""
    return f"{page}?{urlencode(words, quote_via=quote)}" if words else page


def command_of(question: Question, zone: tzinfo) -> str:
    """Return the command that prints the same number."""
    words = typed.as_text(typed.write(question, zone))
    return f"aexdash ask {shlex.quote(words)}"
