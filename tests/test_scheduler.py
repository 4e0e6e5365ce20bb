"""Tests that wait for other programs run one by one in the first process, and modules in the others until the end."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.scheduler import ROOMS, TOGETHER, WAITING, Scheduler

ROOT = Path(__file__).resolve().parents[1]
COPIES = [f"{WAITING}test_copies.py::test_{number}" for number in range(5)]
CARDS = [f"tests/cards/test_values.py::test_{number}" for number in range(4)]
WORDS = [f"tests/words/test_words.py::test_{number}" for number in range(3)]


class Node:
    """A process that is told what to run, and runs it when the test says so."""

    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.shutting_down = False
        self.told: list[int] = []

    def send_runtest_some(self, indices) -> None:
        self.told += indices

    def shutdown(self) -> None:
        self.shutting_down = True


@pytest.fixture
def begun():
    """The plan for two processes, which have begun."""
    told = {"tx": ["2*popen"]}
    config = SimpleNamespace(getvalue=told.__getitem__, option=SimpleNamespace(loadscopereorder=False))
    plan, nodes = Scheduler(config), [Node("gw0"), Node("gw1")]
    for node in nodes:
        plan.add_node(node)
        plan.add_node_collection(node, [*CARDS, *COPIES, *WORDS])
    plan.schedule()
    return plan, *nodes


def test_the_first_process_runs_what_waits_and_is_told_of_one_ahead(begun):
    plan, first, other = begun
    assert [plan.collection[one] for one in first.told] == COPIES[:2]
    assert [plan.collection[one] for one in other.told] == CARDS
    plan.mark_test_complete(first, first.told[0])
    assert [plan.collection[one] for one in first.told] == COPIES[:3]


def test_the_others_help_with_what_waits_once_all_else_is_under_way_and_each_test_is_run_once(begun):
    plan, first, other = begun
    done = 0
    while not other.shutting_down:
        plan.mark_test_complete(other, other.told[done])
        done += 1
    assert [plan.collection[one] for one in other.told] == [*CARDS, *WORDS, *COPIES[2:]]
    for one in first.told:
        plan.mark_test_complete(first, one)
    assert first.shutting_down
    assert sorted(first.told + other.told) == list(range(12))


@pytest.mark.parametrize(("module", "goes_with"), TOGETHER.items())
def test_modules_that_share_what_takes_long_to_make_are_run_by_one_process(begun, module, goes_with):
    plan, *_ = begun
    assert plan._split_scope(f"{module}::test_1") == plan._split_scope(f"{goes_with}::test_2") == goes_with
    assert all((ROOT / one).exists() for one in (module, goes_with))


@pytest.mark.parametrize("room", ROOMS)
def test_the_modules_of_a_room_that_share_a_home_are_run_by_one_process(begun, room):
    plan, *_ = begun
    assert plan._split_scope(f"{room}test_one.py::test_1") == plan._split_scope(f"{room}test_two.py::test_2") == room
    assert list((ROOT / room).glob("test_*.py"))
