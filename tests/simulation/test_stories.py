"""Stores live for months through faults, kills and wrong clocks, and every promise is kept.

`make simulate` plays ten thousand store-days of such stories; here are a few of them.
"""

from __future__ import annotations

import functools

import pytest

from tests.simulation.many import story_of
from tests.simulation.play import Played, play
from tests.simulation.promises import Promise
from tests.simulation.shrink import without_needless
from tests.simulation.steps import KEYS
from tests.simulation.story import draw
from tests.support import examples

pytestmark = pytest.mark.slow

STEPS = 60
FULL_OF_ACCIDENTS = 3


@functools.cache
def lived(seed: int) -> tuple[Played, list[str]]:
    """The story of a seed and what is told of its steps, played once for all who look at it."""
    lines: list[str] = []
    return play(story_of(seed, STEPS), seed, lines.append), lines


def played(seed: int) -> Played:
    return lived(seed)[0]


@pytest.mark.parametrize("seed", range(examples(50)))
def test_a_story_keeps_every_promise(seed: int):
    found = played(seed).failure
    assert found is None, f"python -m tests.simulation --seed {seed} --steps {STEPS}\n{found.found}"


def test_a_story_is_the_same_each_time_it_is_played():
    """A story full of accidents, with failures of the disk and kills."""
    (first, told), (again, told_again) = lived(FULL_OF_ACCIDENTS), lived.__wrapped__(FULL_OF_ACCIDENTS)
    assert (told, first.counts) == (told_again, again.counts)
    assert first.counts["kills"]
    assert len(told) > STEPS
    assert draw(5, 25) == draw(5, 25) != draw(6, 25)


def test_of_a_failing_story_only_what_makes_it_fail_is_left():
    """Here a story fails where it has both a 3 and a 7, in that order."""
    played = object()

    def breaks(story):
        return played if 3 in story and 7 in story[story.index(3) :] else None

    assert without_needless([1, 2, 3, 4, 3, 5, 6, 7, 8, 9], breaks, 100) == ([3, 7], played)


def test_a_month_is_counted_by_the_days_on_which_a_store_was_read():
    assert story_of(2, STEPS) == draw(2, STEPS, calm=True)
    counts = played(2).counts
    assert counts["store-days"] <= counts["runs complete"] + counts["runs partial"] + counts["runs failed"]
    assert counts["store-days"] > 20 * len(KEYS)


def test_promises_are_named_as_in_the_plan_of_the_house():
    assert len({promise.value for promise in Promise}) == len(Promise)
