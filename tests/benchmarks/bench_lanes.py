"""The lanes of the worklist, with a desk on which people have worked: `python -m tests.benchmarks lanes`.

The same store as `bench_hero`, 20,000 of its 1,000,000 listings held. People have decided on half of these, up to five
times each: a third of them is fixed, some more are snoozed until they get worse, and the log has some 70,000 rows. Tabs
are asked beside the facets, which were there before lanes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from aexdash.desk.items import Assign, Decision, Fix, Note, Seen, Snooze, Take
from aexdash.desk.people import Person
from aexdash.desk.work import MOST_LISTINGS, Desk
from aexdash.model import Lane, Mark, SnoozeUntil
from aexdash.reasons.fix_plan import fix_plan
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.benchmarks.common import Bench, Figure, asked_again, beside, report, side_by_side, spread
from tests.benchmarks.synthetic import NOW

ANN, BOB = Person("Ann"), Person("Bob")
MOST_TIMES_FACETS = 1.3

ROUNDS: tuple[Decision, ...] = (
    Take(),
    Note("ask the supplier"),
    Assign("Olga"),
    Snooze(event=SnoozeUntil.WORSE),
    Fix(),
)


def worked(snapshot_path: Path) -> Callable[[Path], object]:
    """Return what fills a desk: every other held listing decided on again and again, each round on fewer of them."""

    def fill(path: Path) -> None:
        rows = list(Snapshot(snapshot_path, clock=lambda: NOW).targets(View(), limit=10**9))[::2]
        desk = Desk(path)
        for number, decision in enumerate(ROUNDS):
            last = rows[:: 1 + max(number - 1, 0)]
            for start in range(0, len(last), MOST_LISTINGS):
                seen = [Seen.of(row) for row in last[start : start + MOST_LISTINGS]]
                at = NOW - timedelta(days=5 - number)
                desk.act(decision, seen, who=(ANN, BOB)[number % 2], now=at, through="bulk", force=True)

    return fill


def beside_facets(snapshot: Snapshot, who: str, rounds: int) -> Figure:
    """Ask for the tabs and the facets in turn."""
    view = View()
    times = side_by_side({"tabs": lambda: snapshot.tabs(view, "Ann"), "facets": lambda: snapshot.facets(view)}, rounds)
    return beside(f"tabs beside facets, {who}", times["tabs"], times["facets"], "ms", MOST_TIMES_FACETS)


def questions(snapshot: Snapshot) -> dict[str, Callable[[], object]]:
    """Name what the worklist asks beside its tabs; last the tabs of two days ago, which are made of the log."""
    todo, every, then = View(lanes=(Lane.TODO,), order="urgent"), View(), View(as_of=NOW - timedelta(days=2))
    keys = [(row.store, row.product_id) for row in snapshot.page(todo, 100)]
    return {
        "    100 urgent rows to do": lambda: snapshot.page(todo, 100),
        "    100 rows by key": lambda: snapshot.rows_of(keys),
        "    count of the regressed": lambda: snapshot.count(todo.replace(marks=(Mark.REGRESSED,))),
        "    rows of all to do for a bulk, at most 5,000": lambda: snapshot.targets(todo),
        "    blockers and fix plan": lambda: fix_plan(snapshot.blockers(every).sets),
        "    tabs of two days ago": lambda: snapshot.tabs(then),
    }


def figures(bench: Bench) -> Iterator[Figure]:
    """Ask with people at work and without."""
    size, path = bench.size, bench.snapshot()
    desk = bench.built("desk", worked(path))
    busy, bare = Snapshot(path, desk, clock=lambda: NOW), Snapshot(path, clock=lambda: NOW)
    yield beside_facets(busy, "people at work", size.rounds)
    yield beside_facets(bare, "nobody at work", size.rounds)
    for what, question in questions(busy).items():
        yield Figure(what, "", spread(asked_again(question, size.few_rounds), "ms"))


if __name__ == "__main__":
    report(figures)
