"""What goes with rejections, of 100,000 listings: `python -m tests.benchmarks causes`.

Some 430 slices of ten properties are counted, tested and corrected, with a planted cause that is found and taken out,
and without one. The floor beside it counts each value of each property, of all listings and of the rejected ones, and
tests nothing: no search can do with less.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aexdash.causes.slices import Column, search
from tests.benchmarks.common import Bench, Figure, beside, report, side_by_side, within
from tests.causes.simulated import Cell, rejections, store

MOST_MS = 150


def figures(bench: Bench) -> Iterator[Figure]:
    """Search with a cause and without one, and count beside it."""
    size = bench.size
    chance = np.random.default_rng(4)
    columns = store(chance, size.small)
    for what, cell in (("a planted cause", Cell(0.05, 6, 300)), ("no cause", Cell(0, 1, 300))):
        _, rejected = rejections(chance, columns, cell)
        times = side_by_side(
            {"search": lambda hit=rejected: search(columns, hit), "count": lambda hit=rejected: counted(columns, hit)},
            size.rounds,
        )
        found = search(columns, rejected)
        name = f"(w) {size.small:,} listings, {found.looked_at} slices, {what}"
        yield within(name, MOST_MS, times["search"], "ms", 1)
        yield beside("    beside counting alone", times["search"], times["count"], "ms")


def counted(columns: Sequence[Column], rejected: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Count each value of each property, of all listings and of the rejected ones."""
    sizes = [len(column.values) for column in columns]
    return [
        (np.bincount(column.codes, minlength=size), np.bincount(column.codes[rejected], minlength=size))
        for column, size in zip(columns, sizes, strict=True)
    ]


if __name__ == "__main__":
    report(figures)
