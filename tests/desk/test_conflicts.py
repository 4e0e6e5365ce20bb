"""What somebody else has changed since it was seen is said, with who and when, and nothing is written over it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.decisions.items import Assign, Fix, Note, Take
from aexdash.desk.decisions.work import Desk
from aexdash.model import Stage
from aexdash.people.names import Person
from tests.desk.deciding import ANN, BOB, NOON, OLGA, act, hold, look, seen

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk.db")


def test_a_listing_that_was_changed_since_is_left_with_who_and_when(desk):
    then = look(desk, 1, 2)
    act(desk, Take(), 1, who=BOB, now=NOON + HOUR)
    outcome = desk.act(Take(), then, who=ANN, now=NOON + 2 * HOUR, through="bulk")
    assert (outcome.changed, outcome.same) == (1, 0)
    [left] = outcome.conflicts
    assert (left.store, left.product_id, left.by, left.at) == ("main", 1, "Bob", NOON + HOUR)
    assert (left.now.owner, left.now.stage, left.seen) == ("Bob", Stage.TAKEN, then[0])
    assert {one: item.owner for one, item in hold(desk, 1, 2).items()} == {1: "Bob", 2: "Ann"}
    assert [entry.by for entry in desk.log("main", 1)] == ["Bob", "Bob"]


def test_two_windows_of_one_person_conflict_too(desk):
    then = look(desk, 1)
    act(desk, Take(), 1)
    [left] = desk.act(Note("x"), then, who=ANN, now=NOON, through="page").conflicts
    assert left.by == "Ann"


def test_an_undo_in_between_is_a_change_too(desk):
    made = act(desk, Take(), 1, who=BOB)
    then = look(desk, 1)
    desk.undo(made.change, who=BOB, now=NOON + HOUR)
    [left] = desk.act(Fix(), then, who=ANN, now=NOON + HOUR, through="page").conflicts
    assert (left.by, left.now.owner) == ("Bob", "")


def test_it_is_done_all_the_same_on_what_was_reported_and_on_nothing_newer(desk):
    then = look(desk, 1)
    act(desk, Take(), 1, who=BOB)
    [left] = desk.act(Take(), then, who=ANN, now=NOON, through="page").conflicts
    act(desk, Note("mine"), 1, who=OLGA)
    [newer] = desk.act(Take(), [left.again], who=ANN, now=NOON, through="page").conflicts
    assert newer.by == "Olga"
    done = desk.act(Take(), [newer.again], who=ANN, now=NOON, through="page")
    assert (done.changed, done.conflicts) == (1, ())
    item = hold(desk, 1)[1]
    assert (item.owner, item.note) == ("Ann", "mine")


def test_what_was_reported_is_decided_on_as_it_is_and_not_as_it_was_shown(desk):
    """It was shown as new; meanwhile Bob has fixed it, so giving it to Olga does not make it taken."""
    then = [replace(one, stage=Stage.NEW) for one in look(desk, 1)]
    act(desk, Fix(), 1, who=BOB)
    [left] = desk.act(Assign("Olga"), then, who=ANN, now=NOON, through="page").conflicts
    desk.act(Assign("Olga"), [left.again], who=ANN, now=NOON, through="page")
    item = hold(desk, 1)[1]
    assert (item.owner, item.stage) == ("Olga", Stage.FIXED)


def test_a_command_may_insist_on_whatever_is_there(desk):
    act(desk, Take(), 1, who=BOB)
    done = desk.act(Fix(), [seen(1)], who=ANN, now=NOON, through="command", force=True)
    assert (done.changed, done.conflicts) == (1, ())
    assert [entry.before for entry in desk.log("main", 1)][:1] == ["taken"]


def test_a_desk_that_was_put_back_from_a_copy_is_a_conflict_too(desk):
    [left] = desk.act(Take(), [seen(1, version=7)], who=ANN, now=NOON, through="page").conflicts
    assert (left.by, left.at, left.now.version) == ("", NOON, 0)


def test_of_many_who_take_the_same_listing_at_once_one_has_it_and_all_others_hear_of_it(desk):
    people = [Person(f"Person {number}") for number in range(12)]
    outcomes = []
    ready = threading.Barrier(len(people))

    def take(who: Person) -> None:
        ready.wait()
        outcomes.append((who, desk.act(Take(), [seen(1)], who=who, now=NOON, through="page")))

    threads = [threading.Thread(target=take, args=[who]) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [winner] = [who.name for who, outcome in outcomes if outcome.changed]
    assert hold(desk, 1)[1].owner == winner
    told = {conflict.by for _, outcome in outcomes for conflict in outcome.conflicts}
    assert (told, sum(len(outcome.conflicts) for _, outcome in outcomes)) == ({winner}, 11)
    assert hold(desk, 1)[1].version == 1
