"""Two stores of three, set beside each other: counted together and each by itself, with no page of their own."""

from __future__ import annotations

import pytest

from aexdash.ask import typed
from aexdash.ask.answering import answer
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import Workspace
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.snapshot.store import ACTIVE, AUDITING, REJECTED, Store

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
