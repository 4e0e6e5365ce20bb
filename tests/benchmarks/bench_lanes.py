"""The lanes of the worklist, with a desk on which people have worked: `python -m tests.benchmarks lanes`.

The same store as `bench_hero`, 20,000 of its 1,000,000 listings held. People have decided on half of these, up to five
times each: a third of them is fixed, some more are snoozed until they get worse, and the log has some 70,000 rows. Tabs
are asked beside the facets, which were there before lanes. The decision on many is what the server does for one click:
it reads the listings that match, decides, and writes items and log in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from aexdash.desk.decisions.items import Assign, Back, Decision, Fix, Note, Seen, Snooze, Take
from aexdash.desk.decisions.work import MOST_LISTINGS, Desk
from aexdash.model import Lane, Mark, SnoozeUntil
from aexdash.people.names import Person
from aexdash.reasons.fix_plan import fix_plan
from aexdash.snapshot.query import Snapshot
from aexdash.view import View
from tests.benchmarks.common import Bench, Figure, asked_again, beside, middle, report, side_by_side, spread, timed
from tests.benchmarks.synthetic import NOW

ANN, BOB = Person("Ann"), Person("Bob")
MOST_TIMES_FACETS = 1.3
MANY = 320
MOST_FOR_MANY = 300
"""Milliseconds for one decision on so many listings."""

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


def on_many(snapshot: Snapshot, desk_path: Path, rounds: int) -> Figure:
    """Take many listings in one action, and set them back before the next round."""
    view, desk = View(lanes=(Lane.TODO,)), Desk(desk_path)

    def decide(decision: Decision) -> None:
        seen = [Seen.of(row) for row in snapshot.targets(view, MANY)]
        desk.act(decision, seen, who=ANN, now=NOW, through="bulk")

    times = []
    for _ in range(rounds + 1):
        times.append(timed(lambda: decide(Take())))
        decide(Back())
    reached = times[1:]
    what = f"{MANY} listings of a filter taken in one action"
    return Figure(what, f"<= {MOST_FOR_MANY} ms", spread(reached, "ms"), middle(reached) <= MOST_FOR_MANY)


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
    yield on_many(busy, desk, size.few_rounds)
    for what, question in questions(busy).items():
        yield Figure(what, "", spread(asked_again(question, size.few_rounds), "ms"))


if __name__ == "__main__":
    report(figures)
