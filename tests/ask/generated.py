"""Questions that nobody asked: every kind, filter, moment, span and division, drawn with a seed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from aexdash.ask import rules
from aexdash.ask.language.text import fold
from aexdash.ask.language.times.periods import find
from aexdash.ask.question import PART_OF, By, Compare, Kind, Move, Question
from aexdash.ask.typed import Refused
from aexdash.ask.workspace import Workspace
from aexdash.cards import CARDS
from aexdash.model import Lane, Mark, Stage
from aexdash.view import AGES, ORDERS, View
from tests.ask.made import CATEGORIES, NOW, REASONS

PERIODS = (
    "last week", "this week", "yesterday", "today", "last 7 days", "since 20 november", "10-15 november 2026",
    "last 24 hours", "october 2026", "last 3 days", "2026-11-01 to 2026-11-25", "this month", "last 5 hours",
    "yesterday morning", "since noon yesterday", "between 9:00 and 17:00 on monday", "first half of november",
    "over the weekend", "from the 10th to the 20th",
)  # fmt: skip

WORDS = {
    "status": ("rejected", "auditing", "offline", "active"),
    "reason": (*REASONS, "image", "title", "unknown", "in_review"),
    "provenance": ("platform", "check"),
    "category": tuple(map(str, CATEGORIES)),
    "stage": tuple(Stage),
    "owner": ("Ana", "Li Wei", "-"),
    "age": (*AGES, "5d", "36h", "2d-9d", "-3d"),
    "in_status": (*AGES, "5d", "36h", "2d-9d", "-3d"),
    "both": (*REASONS, "image", "title"),
    "without": (*REASONS, "image", "title"),
    "lane": tuple(Lane),
    "mark": tuple(Mark),
    "note": ("yes", "no"),
    "q": ("red", "Listing 7"),
    "audit": ("first_review", "re_review", "resubmitted", "unknown"),
}
"""Filters and their values."""

ONE = ("age", "in_status", "note", "q")


def question(chance: random.Random, workspace: Workspace) -> Question:
    """Draw a question that can be answered."""
    while True:
        drawn = _draw(chance, workspace)
        try:
            rules.check(drawn, workspace, NOW)
        except Refused:
            continue
        return drawn


def _draw(chance: random.Random, workspace: Workspace) -> Question:
    kind = chance.choice((Kind.CARD, Kind.LISTINGS, Kind.LISTINGS, Kind.MOVES))
    where = _place(chance)
    at = None if chance.random() < 0.6 else NOW - timedelta(minutes=chance.randrange(60 * 24 * 26))
    if kind is Kind.CARD:
        by = chance.choice((None, None, None, By.STORE))
        compare = chance.choice((Compare.NONE, Compare.NONE, Compare.PREVIOUS))
        then_by = chance.choice((None, By.DAY)) if by else None
        return Question(kind, chance.choice(tuple(CARDS)), where, at, by=by, then_by=then_by, compare=compare)
    if kind is Kind.MOVES:
        said = find(fold(chance.choice(PERIODS)), NOW, workspace.zone)[0]
        name = chance.choice(("reason", "category"))
        told = ((name, (chance.choice(WORDS[name]),)),) if chance.random() < 0.3 else ()
        by = chance.choice((None, None, By.STORE, By.REASON, By.FAMILY, By.CATEGORY, By.DAY, By.MONTH))
        then_by = chance.choice((None, By.STORE, By.REASON, By.DAY)) if by in (By.STORE, By.CATEGORY) else None
        name, period = chance.choice(tuple(Move)).value, said.readings[0]
        return Question(kind, name, (*where, *told), period=period, by=by, then_by=then_by)
    chosen = Question(kind, "", where, at, order=chance.choice(ORDERS), limit=chance.randrange(1, 30))
    for name in chance.sample(tuple(WORDS), chance.choice((0, 1, 1, 2))):
        count = 1 if name in ONE else chance.choice((1, 1, 2))
        values = chance.sample(WORDS[name], min(count, len(WORDS[name])))
        chosen = chosen.with_where(**{name: tuple(map(str, values))})
    by = chance.choice((None, None, *By)) if chance.random() < 0.6 else None
    names = [name for name, _ in chosen.where]
    part = names[-1:] if by is None and names and chance.random() < 0.2 else ()
    then_by = chance.choice((None, None, *By)) if by in PART_OF else None
    return replace(chosen, by=by, then_by=then_by, part=tuple(part))


def _place(chance: random.Random) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return chance.choice(((), (), (("store", ("madrid",)),), (("store", ("outlet",)),), (("profile", ("europe",)),)))


def view_behind(link: str) -> View:
    """Read the view of the address of a worklist."""
    parts = urlsplit(link)
    assert parts.path == "worklist"
    return View.from_query(parse_qs(parts.query))
