"""An answer is the number of the tile, of the worklist and of the books, for thousands of questions nobody asked."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from aexdash.ask import typed
from aexdash.ask.answers.answering import answer
from aexdash.ask.answers.number import FLOWS, view_of
from aexdash.ask.question import GRAINS, By, Kind, Move, Question
from aexdash.ask.reading import read
from aexdash.cards import CARDS, values
from aexdash.clock import TICK, to_text
from aexdash.model import Status
from aexdash.snapshot.history.facts import Flow
from aexdash.words.cards import value_words
from tests.ask.generated import question, view_behind
from tests.ask.made import CATEGORIES, NOW
from tests.support import examples

CATEGORIES_OF = tuple(CATEGORIES)
"""The category of a listing by whether its number is even: as `made` makes them."""

REJECTED = """
SELECT DISTINCT store_id, product_id FROM status_period
WHERE status = 'rejected' AND listed = 1 AND started_after IS NOT NULL AND started_at >= ? AND started_at < ?
    AND store_id IN (SELECT id FROM store WHERE key IN ({stores}))
"""


def drawn(home, many: int, seed: int) -> Iterator[Question]:
    chance = random.Random(seed)
    for _ in range(many):
        yield question(chance, home.workspace)


def check_all(many: Iterable[Question], home, lexicon) -> None:
    """Check each, over one connection: nothing is written meanwhile."""
    with home.workspace.snapshot.together():
        for one in many:
            check(one, home, lexicon)


def check(one: Question, home, lexicon) -> None:
    """Compare an answer with what pages count; the words it is written in are read as the same question."""
    told = answer(one, home.workspace, NOW)
    assert told.refusal is None
    again = read(typed.as_text(typed.write(one, home.workspace.zone)), home.workspace, lexicon, NOW)
    assert again.question == one
    checks = {Kind.CARD: check_card, Kind.LISTINGS: check_listings, Kind.MOVES: check_moves}
    (check_share if one.part else checks[one.kind])(one, told, home)
    assert told.statement.endswith(".")
    assert told.number is None or told.text
    assert told.number != 0 or told.complete  # a zero is a zero that was read


def check_card(one, told, home):
    view = view_of(one, home.workspace)
    tile = values(home.workspace.snapshot.measures(view.store_keys, view.as_of))[one.name]
    assert told.number == tile.value or (told.number is None and tile.value == 0 and not tile.reach.is_whole)
    if told.number is not None:
        assert told.text == value_words(CARDS[one.name], tile)


def check_share(one, told, home):
    snapshot, views = home.workspace.snapshot, [view_of(each, home.workspace) for each in (part_of(one), one.whole)]
    part, whole = rows = [len(list(snapshot.rows(view))) for view in views]
    assert told.number is None or told.number == pytest.approx(100 * part / whole)
    assert [row.number for row in told.rows if row.number is not None] in ([part, whole], [whole], [part], [])
    assert [snapshot.count(view_of(one, home.workspace, view_behind(row.link))) for row in told.rows] == rows


def part_of(one: Question) -> Question:
    return replace(one, part=())


def check_listings(one, told, home):
    snapshot = home.workspace.snapshot
    rows = list(snapshot.rows(view_of(one, home.workspace)))
    if told.number is not None:
        assert told.number == len(rows)
        assert snapshot.count(view_of(one, home.workspace, view_behind(told.link))) == told.number
    if told.number is not None and one.by is None:
        shown = [f"{row.store}/{row.product_id}" for row in rows][: one.limit]
        assert [row.key for row in told.rows] == shown
        assert told.more == len(rows) - len(shown)
    if told.number is not None and one.by and one.by not in GRAINS:
        for row in told.rows:
            if row.number is not None and row.link:
                behind = snapshot.count(view_of(one, home.workspace, view_behind(row.link)))
                assert row.number == behind, (one, row)


def number_of_category(one, home):
    """Count the moves of listings of one category, which their numbers say."""
    keys = view_of(one, home.workspace, one.place).store_keys or ("madrid", "outlet")
    history, start, end = home.workspace.snapshot.past(keys), one.period.start - TICK, min(one.period.end - TICK, NOW)
    (category,) = one.filters["category"]
    flows = FLOWS.get(one.name, (Flow.REJECTED, Flow.STAYED))
    found = [move for flow in flows for move in history.every_move(flow, start, end)]
    if one.name == Move.REJECTED:
        found = {(move.store, move.product_id): move for move in found if move.status_to is Status.REJECTED}.values()
    return sum(CATEGORIES_OF[move.product_id % 2] == int(category) for move in found)


def check_moves(one, told, home):
    if told.number is not None and one.by is By.CATEGORY and one.then_by is None:
        assert sum(row.number for row in told.rows) + told.more >= told.number
    if told.number is not None and one.by in GRAINS and one.name != Move.REJECTED:
        assert sum(row.number or 0 for row in told.rows) <= told.number
        assert any(row.number is None for row in told.rows) or sum(row.number for row in told.rows) == told.number
    if told.number is None or one.filters.get("reason"):
        return
    if one.filters.get("category"):
        assert told.number == number_of_category(one, home)
        return
    view, period = view_of(one, home.workspace, one.place), one.period
    keys = view.store_keys or ("madrid", "outlet")
    if one.name == Move.REJECTED:
        with closing(sqlite3.connect(home.folder / "snapshot.db")) as connection:
            sql = REJECTED.format(stores=", ".join("?" * len(keys)))
            found = connection.execute(sql, [to_text(period.start), to_text(period.end), *keys]).fetchall()
        assert told.number == len(found)
    else:
        books = home.workspace.snapshot.past(keys).books(period.start - TICK, min(period.end - TICK, NOW))
        assert told.number == sum(books.flows[flow] for flow in FLOWS[one.name])
    if one.then_by is By.DAY and one.by is By.STORE and one.name != Move.REJECTED:
        assert any(row.number is None for row in told.rows) or sum(row.number for row in told.rows) == told.number
    if one.by is By.STORE and one.then_by is None:
        assert sum(row.number or 0 for row in told.rows) == told.number


@pytest.mark.slow
def test_some_answers_are_those_of_the_pages(home, lexicon):
    check_all(drawn(home, 40, seed=1), home, lexicon)


@pytest.mark.slow
def test_many_answers_are_those_of_the_pages(home, lexicon):
    check_all(drawn(home, examples(2000), seed=2), home, lexicon)
