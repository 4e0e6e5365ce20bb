"""Plays many stories side by side, one process a core, and counts what was lived."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace

from tests.simulation.play import Played, play
from tests.simulation.steps import Step
from tests.simulation.story import draw

CALM_SHARE = 3
"""Of so many stories all but one are calm: days pass in them. The other is full of accidents."""


def story_of(seed: int, steps: int) -> list[Step]:
    """The story of a seed."""
    return draw(seed, steps, calm=seed % CALM_SHARE != 0)


def played(seed: int, steps: int) -> tuple[int, Played]:
    """Play the story of a seed; what is returned can be sent to another process."""
    found = play(story_of(seed, steps), seed)
    failure = found.failure and replace(found.failure, trace=None)
    return seed, replace(found, failure=failure)


def many(store_days: int, minutes: float, first: int, steps: int, processes: int) -> int:
    """Play stories from a seed on until so many store-days were lived, or so much time is over; count what broke."""
    counts, broken, seed, began = Counter[str](), 0, first, time.monotonic()

    def enough() -> bool:
        return counts["store-days"] >= store_days or time.monotonic() - began >= 60 * minutes

    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: set[Future[tuple[int, Played]]] = set()
        while waiting or not enough():
            while len(waiting) < 2 * processes and not enough():
                waiting.add(pool.submit(played, seed, steps))
                seed += 1
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for number, found in (one.result() for one in done):
                counts += found.counts
                if found.failure:
                    broken += 1
                    print(f"python -m tests.simulation --seed {number} --steps {steps}", flush=True)
                    print(f"  {found.failure.found}", flush=True)
    took = time.monotonic() - began
    print(f"{seed - first} stories of {steps} steps, {took:.0f} s: {said(counts)}; {broken} broke a promise.")
    return broken


def said(counts: Counter[str]) -> str:
    """Counts in one line."""
    return ", ".join(f"{number:,} {what}" for what, number in sorted(counts.items()))
