"""Makes a failing story short: steps are left out as long as it breaks the same promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.simulation.play import Played, play
from tests.simulation.promises import Promise
from tests.simulation.steps import Step

TRIES = 120
"""Plays that are spent on one story."""


def shrunk(story: Sequence[Step], seed: int, promise: Promise, tries: int = TRIES) -> tuple[list[Step], Played]:
    """Return the shortest story that was found to break a promise, and how it was played."""

    def breaks(steps: Sequence[Step]) -> Played | None:
        played = play(steps, seed)
        return played if played.failure and played.failure.promise is promise else None

    return without_needless(list(story), breaks, tries)


def without_needless(
    story: list[Step], breaks: Callable[[Sequence[Step]], Played | None], tries: int
) -> tuple[list[Step], Played]:
    """Leave out runs of steps, long ones first, while what is left still breaks."""
    played = breaks(story)
    assert played, "the story breaks nothing"
    length = max(len(story) // 2, 1)
    while tries > 0:
        begin, gone = 0, False
        while begin < len(story) and tries > 0:
            shorter, tries = story[:begin] + story[begin + length :], tries - 1
            if found := breaks(shorter):
                story, played, gone = shorter, found, True
            else:
                begin += length
        if length == 1 and not gone:
            break
        length = max(length // 2, 1)
    return story, played
