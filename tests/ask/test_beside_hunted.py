"""Questions beside the numbers that were answered as something else, or with a zero that nobody read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aexdash.ask.answers.answering import answer
from aexdash.ask.reading import read
from aexdash.ask.vocabulary import build
from aexdash.ask.workspace import Workspace
from aexdash.desk.decisions.items import Take
from aexdash.desk.decisions.work import Desk
from aexdash.desk.file import present
from aexdash.reasons.taxonomy import load_taxonomy
from aexdash.snapshot import beacon
from aexdash.snapshot.known_desk import remember
from aexdash.storage.replicas import AT_REST, PATCHED
from aexdash.supervision.states import LoopState, WorkerState
from aexdash.view import View
from tests.ask import blind
from tests.ask.made import NOW
from tests.desk.deciding import ANN, act
from tests.snapshot.store import NOON, REJECTED, Store

READ = {
    # Several stores are all of them: it was the one that is named first.
    "alerts in Madrid and Outlet": "alerts:open",
    "is the data fresh in Madrid and Outlet": "readings:last",
    "taken this week in Outlet and Madrid": 'done:taken period:"this week"',
    "alerts in both stores": "alerts:open",
    "alerts except Madrid": "alerts:open store:outlet",
    # Words that were left out.
    "top 3 alerts": "alerts:open limit:3",
    "which store had most alerts last week": 'alerts:opened period:"last week" by:store',
}

ASKED_BACK = [
    # Listings are no alerts, and what stood open in a time was not opened in it.
    "how many listings have an alert",
    "告警的商品有多少",
    "сколько товаров в алертах",
    "anuncios con alertas",
    "how many alerts were open yesterday",
    "alertas abiertas el lunes",
    # Alerts are neither compared nor divided by time, and have no cause here.
    "alerts per day last week",
    "alerts last week compared with the week before",
    "why was there an alert yesterday",
    "how long was the alert open",
    "fewer alerts this week",
    # Whose a listing is, or who had it before, is not who did it.
    "listings owned by Ana that were fixed yesterday",
    "how many of Ana's listings were fixed yesterday",
    "how many listings of Ana did Li Wei fix this week",
    "taken from Ana this week",
    "昨天修好的Ana的商品",
    "los anuncios de Ana arreglados ayer",
    "who owns what was fixed this week",
    "taken by nobody this week",
    # Of a time, until a time, all of them, by AliExpress, and more than somebody else.
    "how many of Monday's did Ana fix",
    "taken by Friday",
    "has everything been fixed today",
    "did Ana fix all of hers this week",
    "how many were fixed by AliExpress last week",
    "how many more did Ana fix than Li Wei this week",
    # What will be, and of those before.
    "rejected before last week",
    "cuándo se actualizarán los datos",
    "the numbers are old, why",
    "what fired yesterday",
    "fixed this week > still held?",
    "fixed this week > not Ana",
]


@pytest.mark.parametrize(("text", "words"), READ.items())
def test_every_word_counts(home, lexicon, text, words):
    told = read(text, home.workspace, lexicon, NOW)
    assert told.question is not None, told.refusal
    assert blind.is_read_as(told.question, words, home.workspace)


@pytest.mark.parametrize("text", ASKED_BACK)
def test_what_means_something_else_is_not_answered(home, lexicon, text):
    assert blind.told(text, home.workspace, lexicon).question is None


def test_all_stores_are_more_than_the_one_that_is_looked_at(home, lexicon):
    looking = replace(home.workspace, place=View(store="outlet"))
    for text in ("alerts in all stores", "taken this week in all stores", "when were all stores last read"):
        told = read(text, looking, lexicon, NOW).question
        assert told is not None, text
        assert not told.filters, text


def test_both_stores_are_two(home):
    watched = home.workspace.stores
    three = replace(home.workspace, stores=(*watched, replace(watched[0], key="third", title="Third")))
    assert blind.refused("alerts in both stores", three, build(three))[1] == []
    assert read("alerts in all three stores", three, build(three), NOW).question is not None


def test_what_is_taken_in_two_stores_is_of_both(home, lexicon):
    told = answer("taken this week in Outlet and Madrid", home.workspace, NOW, lexicon=lexicon)
    assert told.number == answer("done:taken period:this-week", home.workspace, NOW, lexicon=lexicon).number == 8


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("are there more than 3 alerts", "No: 0 is not more than 3."),
        ("have more than 3 been taken this week", "Yes: 8 is more than 3."),
    ],
)
def test_whether_it_is_more_is_said_beside_it(home, lexicon, text, line):
    assert answer(text, home.workspace, NOW, lexicon=lexicon).lines == (line,)


# Of what nobody can read


def of(store: Store) -> Workspace:
    return Workspace(store.snapshot, load_taxonomy(), tuple(store.snapshot.stores()), people=("Ann",))


def with_desk(folder) -> Store:
    store = Store(folder, "main")
    store.sweep(dict.fromkeys((1, 2, 3), REJECTED))
    act(Desk(store.desk_path), Take(), 1, 2, who=ANN, now=NOON)
    remember(folder / "snapshot.db", present(store.desk_path), NOON)
    return store


@pytest.mark.parametrize(
    "words", ["done:taken period:today", "alerts:open", "alerts:opened period:today", "stage:taken"]
)
@pytest.mark.parametrize("is_empty", [False, True])
def test_of_a_desk_that_is_gone_nothing_is_told(tmp_path, words, is_empty):
    store = with_desk(tmp_path)
    assert answer(words, of(store), NOON).claim != "never read"
    for file in tmp_path.glob("desk.db*"):
        file.unlink()
    if is_empty:
        store.desk_path.touch()
    told = answer(words, of(store), NOON)
    assert (told.number, told.complete, told.claim) == (None, False, "never read")
    assert "gone" in told.statement
    assert answer("listings status:rejected", of(store), NOON).number == 3


def test_of_a_copy_that_is_behind_what_was_done_is_at_least_so_much(tmp_path):
    store = with_desk(tmp_path)
    for name in (PATCHED, AT_REST):
        (tmp_path / name).touch()
    beacon.write(tmp_path / "snapshot.db", NOON)
    assert answer("done:taken period:today", of(store), NOON).complete
    later = NOON + timedelta(hours=1)
    told = answer("done:taken period:today", of(store), later)
    assert (told.number, told.text, told.claim) == (2, "at least 2", "at least")
    assert answer("done:fixed period:today", of(store), later).number is None


def test_that_no_alert_is_open_is_not_said_while_the_rules_cannot_be_asked(tmp_path):
    store = with_desk(tmp_path)
    assert answer("alerts:open", of(store), NOON).number == 0
    loops = {"alerts": LoopState(failing_since=NOON - timedelta(hours=1), error="no room")}
    state = WorkerState(pid=1, began_at=NOON - timedelta(hours=2), at=NOON, loops=loops)
    (tmp_path / "worker.json").write_text(state.model_dump_json())
    told = answer("alerts:open", of(store), NOON)
    assert (told.number, told.text, told.claim, told.complete) == (None, "none known", "at least", False)
    assert "ask the rules since 9 Mar 2026 11:00 UTC" in told.statement


def test_what_was_done_in_an_archived_store_is_said_to_be_left_out(tmp_path):
    store = with_desk(tmp_path)
    Store(tmp_path, "second").sweep({4: REJECTED})
    store.db.execute("UPDATE store SET watched = 0 WHERE key = 'main'")
    store.db.conn.commit()
    told = answer("done:taken period:today", of(store), NOON)
    assert told.number == 0
    assert told.statement.endswith("Not counted: what was done in main, archived.")
    assert "Not counted" not in answer("done:taken period:today store:main", of(store), NOON).statement
