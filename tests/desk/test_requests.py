"""What is asked twice is done once: a click that is sent again, a row of a file that is brought again."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from aexdash.desk.decisions.items import Fix, Note, Take
from aexdash.desk.decisions.work import Desk
from tests.desk.deciding import ANN, BOB, NOON, act, hold, look, seen

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk.db")


def test_the_same_click_twice_is_applied_once(desk):
    first = desk.act(Take(), [seen(1), seen(2)], who=ANN, now=NOON, through="key", request="tab-1")
    mark = desk.mark()
    again = desk.act(Take(), [seen(1), seen(2)], who=ANN, now=NOON + HOUR, through="key", request="tab-1")
    assert (again.change, again.changed, again.same, again.conflicts, again.repeated) == (first.change, 2, 0, (), True)
    assert (desk.mark(), hold(desk, 1)[1].version) == (mark, 1)
    assert not first.repeated


def test_a_click_that_is_sent_again_later_undoes_nothing_of_what_came_after(desk):
    desk.act(Take(), [seen(1)], who=ANN, now=NOON, through="key", request="tab-1")
    act(desk, Fix(), 1, who=BOB)
    again = desk.act(Take(), look(desk, 1), who=ANN, now=NOON, through="key", request="tab-1", force=True)
    assert again.repeated
    assert [entry.after for entry in desk.log("main", 1)] == ["fixed", "Ann", "taken"]


def test_a_click_that_is_sent_again_says_again_what_it_left(desk):
    act(desk, Take(), 2, who=BOB)
    first = desk.act(Take(), [seen(1), seen(2)], who=ANN, now=NOON, through="bulk", request="tab-1")
    again = desk.act(Take(), [seen(1), seen(2)], who=ANN, now=NOON, through="bulk", request="tab-1")
    assert [one.product_id for one in first.conflicts] == [one.product_id for one in again.conflicts] == [2]
    assert (again.changed, again.same) == (1, 0)


def test_other_clicks_on_the_same_listing_are_applied(desk):
    for number in range(3):
        desk.act(Note(f"{number}"), look(desk, 1), who=ANN, now=NOON, through="key", request=f"tab-{number}")
    assert (hold(desk, 1)[1].note, hold(desk, 1)[1].version) == ("2", 3)


def test_of_one_click_that_arrives_twice_at_once_one_is_applied(desk):
    outcomes = []
    ready = threading.Barrier(8)

    def click() -> None:
        ready.wait()
        outcomes.append(desk.act(Take(), [seen(1)], who=ANN, now=NOON, through="key", request="tab-1"))

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.repeated for outcome in outcomes) == [False] + [True] * 7
    assert hold(desk, 1)[1].version == 1
