"""A text searched in the worklist: `python -m tests.benchmarks search`.

The same store as `bench_hero`, 20,000 of its 1,000,000 listings held. All that the page of a search asks the snapshot
for is asked: 100 rows, and the listings by kind, of which count, tabs, choices of the filters and reasons are made.
*Before* is the same with the index of texts left aside, so that the text is compared with each held listing, in turn,
A B A B. One process does all of it, and its processor time is taken. Each title begins with *Listing*, so a text of
these letters takes the index longest.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from unittest.mock import patch

from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.worklist import kinds, searching
from aexdash.storage.one_state import one_state
from aexdash.ui.frame.visit import PAGE_ROWS
from aexdash.view import View
from tests.benchmarks.common import Bench, Figure, beside, middle, report, side_by_side, spread
from tests.benchmarks.synthetic import NOW

TEXTS = {"1 listing": "19999", "11 listings": "listing 1999", "111 listings": "listing 199", "all 20,000": "headphones"}
MOST_MS = 15


def everything(snapshot: Snapshot, view: View) -> int:
    """Ask for all that a page with this view shows; return how many listings it has."""
    with one_state():
        snapshot.page(view, PAGE_ROWS)
        return snapshot.kinds(kinds.within(view, ""), "").of(view).listings


def figures(bench: Bench) -> Iterator[Figure]:
    """Search texts that few listings have, and one that all have."""
    snapshot = Snapshot(bench.snapshot(), clock=lambda: NOW)
    for many, text in TEXTS.items():
        view = View(text=text)

        def looked_up(view: View = view) -> int:
            return everything(snapshot, view)

        def compared(view: View = view) -> int:
            with patch.object(searching, "looked_up", return_value=False):
                return everything(snapshot, view)

        if looked_up() != compared():
            raise RuntimeError(f"{text!r} is found in other listings by the index")
        times = side_by_side({"now": looked_up, "before": compared}, bench.size.few_rounds, time.process_time)
        met = middle(times["now"]) <= MOST_MS
        yield Figure(f"(x) a text of {many}, all questions", f"<= {MOST_MS} ms", spread(times["now"], "ms", 1), met)
        yield beside("    the same beside a comparison with each", times["now"], times["before"], "ms")


if __name__ == "__main__":
    report(figures)
