"""The past behind the history page and the time machine: `python -m tests.benchmarks past`.

The same 1,000,000 listings, 3,000,000 status periods and 400 days as `bench_history`. A page is everything that it asks
of the snapshot before anybody clicks; the worklist is as of 200 days ago.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from aexdash.snapshot.history.facts import Between, Flow
from aexdash.snapshot.history.series import Grain, buckets
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.benchmarks.bench_history import CARDS, MOST_MS, long_past
from tests.benchmarks.common import Bench, Figure, asked_again, report, within
from tests.benchmarks.synthetic import NOW

MOST_MS_OF_WORKLIST = 200
YEAR, DAY = timedelta(days=365), timedelta(days=1)
THEN = NOW - 200 * DAY
ROWS = 100


def page(snapshot: Snapshot) -> None:
    """Ask what the page of a year asks: chart, books, listings of neither side, ages."""
    cut = buckets(Grain.DAY, (NOW - YEAR).date(), NOW)
    snapshot.held_series(None, cut, NOW)
    for card in CARDS:
        snapshot.card_series(None, card, cut, NOW)
    snapshot.new_reasons(None, cut[0].start, NOW)
    past = snapshot.past(None)
    past.books(NOW - YEAR, NOW)
    past.between(NOW - YEAR, NOW)
    past.ages(None)


def worklist(snapshot: Snapshot, view: View) -> None:
    """Ask what the worklist of a moment asks: its count, a page of rows, the reasons and every filter's choices."""
    snapshot.count(view)
    snapshot.page(view, ROWS)
    snapshot.family_counts(view)
    snapshot.facets(view)


def of_history(snapshot: Snapshot) -> dict[str, Callable[[], object]]:
    """What can be opened on the page, by name."""
    past = snapshot.past(None)
    return {
        "history page of a year, all of it": lambda: page(snapshot),
        "books of a year": lambda: past.books(NOW - YEAR, NOW),
        "held at one end of a year and not at the other": lambda: past.between(NOW - YEAR, NOW),
        "a bar of a year opened": lambda: past.moved(Flow.REJECTED, NOW - YEAR, NOW, ROWS),
        "gone within a year opened": lambda: past.differing(Between.GONE, NOW - YEAR, NOW, ROWS),
        "ages, 200 days ago": lambda: past.ages(THEN),
        "times to clear of 90 days": lambda: past.times_to_clear(THEN - 90 * DAY, THEN),
        "rejected again in 90 days": lambda: past.regressions(THEN - 90 * DAY, THEN, ROWS),
        "the last jump": lambda: past.last_jump(THEN),
    }


def of_worklist(snapshot: Snapshot) -> dict[str, Callable[[], object]]:
    """The worklist of the time machine, whole and by one reason."""
    then = View(as_of=THEN)
    one = then.replace(reasons=(max(snapshot.reason_counts(then), key=lambda counted: counted.listings).code,))
    return {
        "worklist, 200 days ago: rows and their number": lambda: (snapshot.count(then), snapshot.page(then, ROWS)),
        "worklist, 200 days ago: all of it": lambda: worklist(snapshot, then),
        "worklist, 200 days ago, of one reason: all of it": lambda: worklist(snapshot, one),
    }


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure every question of the past."""
    snapshot = Snapshot(long_past(bench), clock=lambda: NOW)
    for letter, asked, most in (
        ("j", of_history(snapshot), MOST_MS),
        ("k", of_worklist(snapshot), MOST_MS_OF_WORKLIST),
    ):
        for what, question in asked.items():
            yield within(f"({letter}) {what}", most, asked_again(question, bench.size.rounds), "ms", 1)


if __name__ == "__main__":
    report(figures)
