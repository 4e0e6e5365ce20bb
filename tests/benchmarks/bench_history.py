"""What the history page asks of a long past: `python -m tests.benchmarks history`.

1,000,000 listings with 3,000,000 status periods and 400 days, read every ten minutes; two cards that changed at almost
every reading. Building it takes minutes: `AEXDASH_BENCH_FOLDER` keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from aexdash.snapshot.file import open_snapshot, transaction
from aexdash.snapshot.history.series import Grain, buckets
from aexdash.snapshot.query import Snapshot
from tests.benchmarks.common import Bench, Figure, asked_again, report, within
from tests.benchmarks.synthetic import NOW, build

MOST_MS = 150

CARDS = ("aex_active_listings", "aex_required_attribute_completeness")

CARD_VALUES = """
INSERT INTO card_value (store_id, card_key, at, value, numerator, denominator)
SELECT store_id, ?, as_of, listings, listings, 1000000 FROM count_change WHERE status = 'active'
"""

SPANS = (
    (7, Grain.HOUR),
    (30, Grain.HOUR),
    (30, Grain.DAY),
    (90, Grain.DAY),
    (365, Grain.DAY),
    (365, Grain.WEEK),
    (400, Grain.DAY),
)


def long_past(bench: Bench) -> Path:
    """The snapshot with the long past, built once."""

    def make(path: Path) -> None:
        build(path, bench.size.listings, bench.size.held, bench.size.days, bench.size.periods).close()
        db = open_snapshot(path)
        with transaction(db) as connection:
            for card in CARDS:
                connection.execute(CARD_VALUES, [card])
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()

    return bench.built("long-past", make)


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure all that the chart of the series asks: the hero, two cards and the marks, by span and grain."""
    snapshot = Snapshot(long_past(bench), clock=lambda: NOW)
    for days, grain in SPANS:
        first = NOW.date() - timedelta(days=days - 1)
        cut = buckets(grain, first, NOW)
        start = cut[0].start

        def chart() -> None:
            snapshot.held_series(None, cut, NOW)  # noqa: B023 - asked before the next turn
            for card in CARDS:
                snapshot.card_series(None, card, cut, NOW)  # noqa: B023
            snapshot.new_reasons(None, start, NOW)  # noqa: B023

        what = f"(j) history chart, {days} days by {grain}, {len(cut)} points"
        yield within(what, MOST_MS, asked_again(chart, bench.size.rounds), "ms", 1)


if __name__ == "__main__":
    report(figures)
