"""Invented stores whose listings are read in an order of chance, and how often an interval holds the truth of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aexdash.estimate import Range, Sample, mean, share, together

LISTINGS = 4771

SHARES = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
SHARES_READ = (0.01, 0.05, 0.2, 0.5, 0.9)

Scores = np.ndarray

SCORES: dict[str, Callable[[np.random.Generator], Scores]] = {
    "even": lambda chance: np.clip(chance.normal(82, 9, LISTINGS), 0, 100),
    "a long tail of bad ones": lambda chance: 100 - np.clip(chance.gamma(1.2, 9, LISTINGS), 0, 100),
    "few kinds": lambda chance: chance.choice([100.0, 94, 88, 70, 40], LISTINGS, p=[0.5, 0.2, 0.15, 0.1, 0.05]),
}


@dataclass(frozen=True)
class Calibration:
    """In which share of the stores the interval held the truth, and its median width in points of a share or score."""

    holds: float
    width: float


def sample(values: Scores, listings: int) -> Sample:
    """The first listings in the order of chance, all of which could be measured."""
    powers = [float((values**power).sum()) for power in (1, 2, 3)]
    return Sample(listings, len(values), len(values), *powers, len(values), powers[0])


def of_shares(found: int, drawn: int, listings: int) -> Sample:
    """A sample in which so many have something."""
    return Sample(listings, drawn, drawn, found, found, found, drawn, found)


def of_a_share(good: float, read: float, runs: int) -> Calibration:
    """Stores of which every listing is good with the same chance, and of which a share was read."""
    chance = np.random.default_rng([1, int(1000 * good), int(100 * read)])
    drawn = round(read * LISTINGS)
    having = chance.binomial(LISTINGS, good, runs)
    found = chance.hypergeometric(having, LISTINGS - having, drawn)
    return judged([share(of_shares(one, drawn, LISTINGS)) for one in found.tolist()], having.tolist())


def of_a_mean(kind: str, read: float, runs: int) -> Calibration:
    """Samples of a share of a store with scores of a kind."""
    chance = np.random.default_rng([2, list(SCORES).index(kind), int(100 * read)])
    scores = SCORES[kind](chance)
    drawn = round(read * LISTINGS)
    told = [mean(sample(chance.permutation(scores)[:drawn], LISTINGS), 100) for _ in range(runs)]
    return judged(told, [float(scores.sum())] * runs, unit=1)


def with_held_first(read: float, runs: int) -> Calibration:
    """Stores with 140 listings that had been held and are worse, all of which are read before any of the others."""
    chance = np.random.default_rng([3, int(100 * read)])
    others, drawn = LISTINGS - 140, round(read * (LISTINGS - 140))
    held = chance.binomial(140, 0.92, runs)
    having = chance.binomial(others, 0.95, runs)
    found = chance.hypergeometric(having, others - having, drawn)
    told = [
        together([share(of_shares(one, 140, 140)), share(of_shares(other, drawn, others))])
        for one, other in zip(held.tolist(), found.tolist(), strict=True)
    ]
    return judged(told, (held + having).tolist())


def judged(told: list[Range], truths: list[float], unit: int = 100) -> Calibration:
    """Compare intervals of sums with the true sums; `unit` is by what the mean of a listing is multiplied."""
    holds = np.mean([one.low <= truth <= one.high for one, truth in zip(told, truths, strict=True)])
    return Calibration(float(holds), float(np.median([unit * (one.high - one.low) / LISTINGS for one in told])))
