"""Two stores of three, set beside each other: counted together and each by itself, with no page of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aexdash.ask import typed
from aexdash.ask.answers.answering import answer
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import Workspace
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, NOON, REJECTED, Store

HELD = {"berlin": {1: REJECTED, 2: REJECTED, 3: AUDITING}, "lisbon": {1: REJECTED, 2: ACTIVE}, "madrid": {1: REJECTED}}


@pytest.fixture
def workspace(tmp_path):
    for key, listings in HELD.items():
        store = Store(tmp_path, key)
        store.sweep(dict.fromkeys(listings, ACTIVE))
        store.after(hours=12).sweep(listings)
        store.db.close()
    snapshot = Snapshot(tmp_path / "snapshot.db", clock=lambda: store.now)
    return Workspace(snapshot, load_taxonomy(), tuple(snapshot.stores()))


def ask(words, workspace):
    return answer(words, workspace, workspace.snapshot.now(), lexicon=build(workspace))


def test_they_are_counted_together_and_told_one_by_one(workspace):
    told = ask("rejected listings in Berlin and Lisbon", workspace)
    assert told.question == typed.read(
        {"status": "rejected", "stores": "berlin,lisbon", "by": "store"}, workspace, workspace.snapshot.now()
    )
    assert told.number == 3
    assert [(row.key, row.number, row.link) for row in told.rows] == [
        ("berlin", 2, "worklist?store=berlin&status=rejected"),
        ("lisbon", 1, "worklist?store=lisbon&status=rejected"),
    ]
    assert told.lines == ("berlin has 1 more than lisbon.",)
    assert told.sentence == "3 listings rejected in stores berlin and lisbon now."
    assert told.link == ""


def test_their_typed_words_are_read_as_the_same_question(workspace):
    told = ask("held in Madrid vs Berlin", workspace)
    assert told.command.endswith("stores:berlin,madrid by:store'")
    assert (
        ask("card:aex_rejected_auditing_listings stores:madrid,berlin by:store", workspace).number == told.number == 4
    )


def test_all_but_some_are_the_others(workspace):
    assert ask("held listings except Berlin", workspace).number == 2
    assert ask("held listings not in Berlin", workspace).question.stores == ("lisbon", "madrid")
    assert ask("rejected in all stores except Berlin", workspace).number == 2


def test_those_that_are_all_there_are_need_no_names(workspace):
    told = ask("held in Madrid, Berlin and Lisbon", workspace)
    assert (told.question.stores, told.number) == ((), 5)
    assert told.link == "worklist"


def test_moves_and_a_card_of_them_are_those_of_both(workspace):
    assert ask("rejections today in Berlin and Madrid", workspace).number == 3
    assert ask("active listings in Lisbon versus Madrid", workspace).number == 1


def test_the_store_that_is_looked_at_does_not_narrow_them(workspace):
    looked_at = Workspace(workspace.snapshot, workspace.taxonomy, workspace.stores, place=View(store="madrid"))
    assert ask("held in Berlin and Lisbon", looked_at).number == 4


@pytest.mark.parametrize("words", ["why did it jump today in Berlin and Lisbon", "listings stores:berlin"])
def test_what_is_of_one_store_is_refused_of_several(words, workspace):
    assert ask(words, workspace).refusal is not None


def test_a_store_that_there_is_not_is_named(workspace):
    refusal = ask("listings stores:berlin,lisbom", workspace).refusal
    assert refusal.sentence == "There is no store 'lisbom'; near it: lisbon."


def read_a_week(folder, *, later):
    """A home of which two stores were read every 6 hours from the Sunday on, and the third from a later moment on.

    On Monday berlin has a listing rejected, on Wednesday lisbon another one, and madrid one once it is read.
    """
    begin = NOON - timedelta(days=8)
    for key, first, rejected_at in (
        ("berlin", begin, begin + timedelta(days=1)),
        ("lisbon", begin, begin + timedelta(days=3)),
        ("madrid", later, later + timedelta(hours=6)),
    ):
        store = Store(folder, key, now=first)
        while store.now <= NOON:
            store.sweep({1: REJECTED if store.now >= rejected_at else ACTIVE, 2: ACTIVE})
            store.after(hours=6)
        store.db.close()
    snapshot = Snapshot(folder / "snapshot.db", clock=lambda: NOON)
    return Workspace(snapshot, load_taxonomy(), tuple(snapshot.stores()))


@pytest.mark.parametrize(
    ("words", "number", "points"),
    [
        ("how many were rejected last week", 2, [1, 0, 1, 0, 0, 0, 0]),
        ("moves:entered period:last_week", 2, [1, 0, 1, 0, 0, 0, 0]),
        ("rejected listings at the end of last week", 2, [1, 1, 2, 2, 2, 2, 2]),
    ],
)
def test_a_chart_is_of_the_stores_that_its_number_is_of(tmp_path, words, number, points):
    told = ask(words, read_a_week(tmp_path, later=NOON - timedelta(hours=6)))
    assert (told.number, told.claim) == (number, "part")
    assert "in 2 of 3 stores" in told.sentence
    assert [one.number for one in told.points][-7:] == points


def test_before_a_store_was_connected_nothing_is_known_of_them_together(tmp_path):
    told = ask("how many were rejected last week", read_a_week(tmp_path, later=NOON - timedelta(days=3)))
    assert (told.number, told.claim) == (3, "at least")
    assert [one.number for one in told.points] == [None, None, None, None, None, 0, 0]
