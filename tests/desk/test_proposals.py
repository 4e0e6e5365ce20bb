"""What is proposed for a field is what the last decision that stands proposed, whatever is undone, and in any order."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aexdash.desk.decisions.changes import Outcome
from aexdash.desk.decisions.items import Note
from aexdash.desk.decisions.proposals import Proposal
from aexdash.desk.decisions.work import Desk
from tests.desk.deciding import ANN, BOB, NOON, look
from tests.support import examples

MINUTE = timedelta(minutes=1)
Where = tuple[int, str]


def proposal(one: int, value: str, name: str = "Brand") -> Proposal:
    return Proposal("main", one, "attribute.brand", name, value)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return kept_in(tmp_path)


def kept_in(folder: Path) -> Desk:
    """A desk in which two listings have the note that comes with every proposal, so that only proposals are undone."""
    desk = Desk(folder / "desk.db")
    desk.act(Note("kept"), look(desk, 1, 2), who=BOB, now=NOON, through="page")
    return desk


def propose(desk: Desk, *proposals: Proposal, minute: int = 0) -> int:
    listings = sorted({one.product_id for one in proposals})
    made = desk.act(
        Note("kept"), look(desk, *listings), who=BOB, now=NOON + minute * MINUTE, through="file", proposals=proposals
    )
    assert made.change is not None
    return made.change


def undo(desk: Desk, change: int) -> Outcome:
    return desk.undo(change, who=ANN, now=NOON + timedelta(hours=1))


def test_the_same_text_proposed_again_is_of_the_later_decision(desk: Desk) -> None:
    propose(desk, proposal(1, ""))
    first = propose(desk, proposal(1, "Lumina"))
    propose(desk, proposal(1, "Lumen"), minute=2)
    propose(desk, proposal(1, "Lumina"), minute=3)
    left = undo(desk, first)
    assert desk.proposals("main", 1) == [proposal(1, "Lumina")]
    assert (left.change, left.changed) == (None, 0)
    [conflict] = left.conflicts
    assert (conflict.product_id, conflict.by, conflict.at) == (1, "Bob", NOON + 3 * MINUTE)


def test_a_withdrawal_by_a_later_decision_is_not_taken_back_with_an_older_one(desk: Desk) -> None:
    propose(desk, proposal(1, "Lumina"))
    withdrawn = propose(desk, proposal(1, ""))
    propose(desk, proposal(1, "Lumen"))
    propose(desk, proposal(1, ""))
    undo(desk, withdrawn)
    assert desk.proposals("main", 1) == []


def test_a_later_decision_that_was_undone_in_part_stands_where_the_undo_left_it(desk: Desk) -> None:
    first = propose(desk, proposal(1, "Lumina"), proposal(2, "Lumina"))
    second = propose(desk, proposal(1, "Lumina"), proposal(2, "Lumina"))
    third = propose(desk, proposal(1, "Lumina"))
    undo(desk, second)  # of 1 it is left, which the third has set since
    undo(desk, third)
    assert undo(desk, first).changed == 1
    assert (desk.proposals("main", 1), desk.proposals("main", 2)) == ([proposal(1, "Lumina")], [])


places = st.tuples(st.integers(1, 2), st.sampled_from(["Brand", "Material"]))
values = st.sampled_from(["", "Lumina", "Lumen"])
steps = st.lists(
    st.one_of(st.dictionaries(places, values, min_size=1, max_size=3), st.integers(0, 9)), min_size=2, max_size=14
)


@settings(max_examples=examples(80), deadline=None)
@given(steps)
def test_proposals_are_those_of_a_plain_model(story: list[Mapping[Where, str] | int]) -> None:
    """The model keeps of each field all that was ever set, by the number of the change."""
    with tempfile.TemporaryDirectory() as folder:
        desk = kept_in(Path(folder))
        told: dict[int, Mapping[Where, str]] = {}
        history: dict[Where, dict[int, str]] = {}
        taken_back: dict[int, set[Where]] = {}
        for step in story:
            if not isinstance(step, int):
                number = propose(desk, *(proposal(one, value, name) for (one, name), value in step.items()))
                told[number] = step
                for where, value in step.items():
                    history.setdefault(where, {})[number] = value
            elif told:
                number = [*told][step % len(told)]
                undone = undo(desk, number)
                free = set() if number in taken_back else may_be_put_back(number, told, history, taken_back)
                assert (undone.change is not None) == bool(free)
                if undone.change is not None:
                    taken_back[number] = free
                    for where in free:
                        before = [value for at, value in history[where].items() if at < number]
                        history[where][undone.change] = before[-1] if before else ""
            for one in (1, 2):
                last = {name: [*set_at.values()][-1] for (of, name), set_at in history.items() if of == one}
                kept = {standing.field: standing.value for standing in desk.proposals("main", one)}
                assert kept == {name: value for name, value in last.items() if value}


def may_be_put_back(
    number: int,
    told: Mapping[int, Mapping[Where, str]],
    history: Mapping[Where, Mapping[int, str]],
    taken_back: Mapping[int, set[Where]],
) -> set[Where]:
    """The fields that still have the value of a change, and that no later one that stands has set."""

    def stands(later: int, where: Where) -> bool:
        return later in told and where in told[later] and where not in taken_back.get(later, ())

    return {
        where
        for where, value in told[number].items()
        if [*history[where].values()][-1] == value
        and not any(stands(later, where) for later in history[where] if later > number)
    }
