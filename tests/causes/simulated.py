"""Simulated stores with a planted cause or none, and what is found of it: counts for docs/evidence.md.

Ten properties with some 430 values, a few of them frequent and most rare, as in a real store. A planted cause makes the
listings of one value `ratio` times as likely to be rejected as the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aexdash.causes.slices import Column, Part, Search, search

LISTINGS = 100_000
VALUES = (60, 120, 40, 20, 30, 12, 8, 50, 60, 27)
"""Values of each property; together the slices that are looked at."""

NO_CAUSE = "none"


@dataclass(frozen=True)
class Cell:
    """What is planted: the share of the listings that have it, its ratio (1: no cause), and how many are rejected."""

    share: float
    ratio: float
    rejected: int


QUIET = (Cell(0, 1, 100), Cell(0, 1, 300), Cell(0, 1, 1_000))
PLANTED = tuple(
    Cell(share, ratio, rejected)
    for rejected in (100, 300)
    for ratio in (3, 6, 12)
    for share in (0.005, 0.01, 0.02, 0.05, 0.10)
)


def is_promised(cell: Cell) -> bool:
    """Whether docs/causes.md promises that such a cause is found first in nine of ten searches."""
    return cell.ratio >= 6 and (cell.share >= 0.05 or (cell.rejected >= 300 and cell.share >= 0.01))


def store(chance: np.random.Generator, listings: int = LISTINGS) -> list[Column]:
    """A store: of each property, value number n is half as frequent as number n/2."""
    columns = []
    for number, size in enumerate(VALUES):
        weights = 1 / np.arange(1, size + 1)
        codes = chance.choice(size, size=listings, p=weights / weights.sum())
        columns.append(Column(f"property {number}", codes.astype(np.intp), [f"value {n}" for n in range(size)]))
    nested = columns[1].codes.copy()  # the second property lies within the first, as a brand in its category
    half = chance.random(listings) < 0.5
    nested[half] = (columns[0].codes[half] * 2) % VALUES[1]
    columns[1] = Column(columns[1].name, nested, columns[1].values)
    return columns


def rejections(chance: np.random.Generator, columns: Sequence[Column], cell: Cell) -> tuple[Part | None, np.ndarray]:
    """Which listings are rejected, and what was planted: the value whose share is nearest to that of the cell."""
    weights, planted = np.ones(columns[0].codes.size), None
    if cell.ratio > 1:
        column = columns[int(chance.integers(len(columns)))]
        shares = np.bincount(column.codes, minlength=len(column.values)) / column.codes.size
        value = int(np.argmin(abs(shares - cell.share)))
        weights[column.codes == value] = cell.ratio
        planted = Part(column.name, column.values[value])
    rejected = np.zeros(weights.size, dtype=bool)
    rejected[chance.choice(weights.size, cell.rejected, replace=False, p=weights / weights.sum())] = True
    return planted, rejected


def searched(cell: Cell, runs: int, seed: int = 1, stores: int = 5) -> Iterator[tuple[Part | None, Search]]:
    """Search so many times, each time with other rejections, in a handful of stores."""
    chance = np.random.default_rng([seed, round(1000 * cell.share), round(cell.ratio), cell.rejected])
    made = [store(chance) for _ in range(min(stores, runs))]
    for run in range(runs):
        columns = made[run % len(made)]
        planted, rejected = rejections(chance, columns, cell)
        yield planted, search(columns, rejected)


def share_first(cell: Cell, runs: int, seed: int = 1) -> float:
    """In which share of the searches the planted value was found first, alone or not at all only where asked for."""
    told = [bool(one.found) and one.found[0].slice.parts == (part,) for part, one in searched(cell, runs, seed)]
    return sum(told) / runs


def share_silent(cell: Cell, runs: int, seed: int = 1) -> float:
    """In which share of the searches nothing was named."""
    return sum(not one.found for _, one in searched(cell, runs, seed)) / runs
