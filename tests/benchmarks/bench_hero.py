"""The hero and its 30-day line on a large store beside a small one: `python -m tests.benchmarks hero`.

Both stores have the same held listings and the same 400 days of history; one has ten times the unchanged listings. The
figures of the worklist (count, reasons, facets, a page of rows, all rows) follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.benchmarks.common import Bench, Figure, beside, report, side_by_side, within
from tests.benchmarks.synthetic import NOW, build

HERO = "(f) hero and 30-day line"
MOST_MS = 20


def questions(path: Path) -> dict[str, Callable[[], object]]:
    """Name what pages ask of a snapshot."""
    snapshot, every, one_reason = Snapshot(path, clock=lambda: NOW), View(), View(reasons=("ip.trademark",))
    return {
        HERO: lambda: (snapshot.hero(every), snapshot.days(None, NOW.date(), 30)),
        "    count, one reason": lambda: snapshot.count(one_reason),
        "    reason counts": lambda: snapshot.reason_counts(every),
        "    facets": lambda: snapshot.facets(every),
        "    page of 100, one reason": lambda: snapshot.page(one_reason, 100),
        "    all held rows, streamed": lambda: sum(1 for _ in snapshot.rows(every)),
    }


def figures(bench: Bench) -> Iterator[Figure]:
    """Ask the large store and the small one, question by question in turn."""
    size = bench.size
    small = bench.built("small", lambda path: build(path, size.small, size.held, size.days).close())
    large_ones, small_ones = questions(bench.snapshot()), questions(small)
    for what, ask in large_ones.items():
        rounds = size.few_rounds if "streamed" in what else size.rounds
        times = side_by_side({"large": ask, "small": small_ones[what]}, rounds)
        if what == HERO:
            yield within(f"{what}, {size.listings:,} listings", MOST_MS, times["large"], "ms", 1)
        yield beside(f"{what}, beside {size.small:,} listings", times["large"], times["small"], "ms")


if __name__ == "__main__":
    report(figures)
