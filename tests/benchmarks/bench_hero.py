"""The hero and its 30-day line on a large store beside a small one: `python -m tests.benchmarks.bench_hero [FILE]`.

Both stores have the same held listings and the same 400 days of history; one has ten times the unchanged listings. The
figures of the worklist (count, reasons, facets, a page of rows, all rows) are printed beside them.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.benchmarks.common import Bench, Figure
from tests.benchmarks.synthetic import NOW, build

LARGE, SMALL, HELD, DAYS = 1_000_000, 100_000, 20_000, 400
ROUNDS = 15
MOST_MS = 20


def median_ms(question: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median milliseconds of a question, connection and all."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        question()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def questions(path: Path) -> dict[str, Callable[[], object]]:
    """Name what pages ask of a snapshot."""
    snapshot, every, one_reason = Snapshot(path, clock=lambda: NOW), View(), View(reasons=("ip.trademark",))
    return {
        "(f) hero and 30-day line": lambda: (snapshot.hero(every), snapshot.days(None, NOW.date(), 30)),
        "count, one reason": lambda: snapshot.count(one_reason),
        "reason counts": lambda: snapshot.reason_counts(every),
        "facets": lambda: snapshot.facets(every),
        "page of 100, one reason": lambda: snapshot.page(one_reason, 100),
        "all held rows, streamed": lambda: sum(1 for _ in snapshot.rows(every)),
    }


def built(path: Path, listings: int) -> Path:
    """Build a snapshot unless it is there already."""
    if not path.exists():
        build(path, listings, HELD, DAYS).close()
    return path


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure the hero of the large store and of the small one, question by question in turn."""
    hero = "(f) hero and 30-day line"
    large = questions(bench.snapshot())[hero]
    small = questions(built(bench.folder / "small.db", SMALL))[hero]
    taken = [(median_ms(large, 1), median_ms(small, 1)) for _ in range(ROUNDS)]
    big, little = (statistics.median(times) for times in zip(*taken, strict=True))
    reached = f"{big:.1f} / {little:.1f} ms = {big / little:.2f}x"
    yield Figure(f"{hero}, {LARGE:,} beside {SMALL:,}", f"<= {MOST_MS} ms", reached, big <= MOST_MS)


def main() -> None:
    """Print the medians of both stores and their ratio; FILE keeps the large snapshot for the next time."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "large.db"
        large = questions(built(kept, LARGE))
        small = questions(built(Path(folder) / "small.db", SMALL))
        print(f"{HELD:,} held, {DAYS} days of history; median of {ROUNDS}, milliseconds")
        print(f"{'':28}{LARGE:>12,}{SMALL:>12,} listings   ratio")
        for name, question in large.items():
            rounds = 3 if "streamed" in name else ROUNDS
            big, little = median_ms(question, rounds), median_ms(small[name], rounds)
            target = "  (target 20 ms)" if name.startswith("(f)") else ""
            print(f"{name:28}{big:12.1f}{little:12.1f}{big / little:17.2f}x{target}")


if __name__ == "__main__":
    main()
