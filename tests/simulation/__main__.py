"""Play many stories, or replay one: `python -m tests.simulation`, `python -m tests.simulation --seed 7`."""

from __future__ import annotations

import argparse
import os
import sys
import traceback

from tests.simulation.many import many, said, story_of
from tests.simulation.play import play
from tests.simulation.shrink import shrunk

STEPS = 120


def replay(seed: int, steps: int, *, short: bool) -> int:
    """Tell a story while it is played; one that breaks a promise is told once more without needless steps."""
    story = story_of(seed, steps)
    found = play(story, seed, print)
    if not found.failure:
        print(f"\nSeed {seed} keeps every promise: {said(found.counts)}.")
        return 0
    print(f"\nSeed {seed} after step {found.failure.at + 1}: {found.failure.found}")
    traceback.print_tb(found.failure.trace)
    if short:
        left, again = shrunk(story[: found.failure.at + 1], seed, found.failure.promise)
        print(f"\nThe same in {len(left)} steps:\n" + "\n".join(f"  {step!r}" for step in left))
        print(again.failure.found if again.failure else "")
    return 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="replay this one and tell it")
    parser.add_argument("--whole", action="store_true", help="do not look for the shortest story that fails")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--store-days", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=24 * 60, help="begin no story after so long")
    parser.add_argument("--first", type=int, default=0, help="the first seed of many")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    if asked.seed is not None:
        return replay(asked.seed, asked.steps, short=not asked.whole)
    return 1 if many(asked.store_days, asked.minutes, asked.first, asked.steps, asked.processes) else 0


if __name__ == "__main__":
    sys.exit(main())
