"""How costs grow with a store and with the number of stores: `python -m tests.benchmarks.bench_growth`.

One store of 10,000, 100,000 and 1,000,000 listings, a fiftieth of them held, with 100 days of history; and 10, 50 and
200 stores of 1,000 listings each in one snapshot, a twentieth of them held. Processor time of this process is taken,
because what else the machine does changes that less than the clock's. *Growth* is how many times the cost becomes where
the size becomes ten times as large, between the two largest sizes: 10 is in step with it, 1 is not at all. More than
`SUPER_LINEAR` is a defect. Run by itself, it also draws both charts into docs/.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from aexdash.cards.recording import record_cards
from aexdash.model import HELD, Outcome, Status
from aexdash.platform_data import Observation, WalkReport
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.history.series import Grain, buckets
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.recording.record import Staging, ensure_store, record_run
from aexdash.view import View
from tests.benchmarks.bench_record import BEGUN, PAGE, observations
from tests.benchmarks.bench_search import everything
from tests.benchmarks.chart import Line, drawn
from tests.benchmarks.common import FULL, TOY, Bench, Figure, bench, middle, spread
from tests.benchmarks.synthetic import NOW, build

DOCS = Path(__file__).parents[2] / "docs"
SUPER_LINEAR = 13.0
"""Times the cost for ten times the size above which a row grows faster than what it is about, and not by chance."""

DAYS = 100
HELD_IN_PULSE = 500
OF_A_STORE = 1000
SHORTEST = 0.02
"""Seconds of processor for which a question is asked again in one round: a single quick one cannot be measured."""


@dataclass(frozen=True)
class Row:
    """One thing measured: its milliseconds of processor time, of each round, by size."""

    what: str
    times: Mapping[int, Sequence[float]]

    @property
    def growth(self) -> float:
        """Times the cost where the size becomes ten times as large, by the two largest sizes."""
        *_, small, large = sorted(self.times)
        exponent = math.log(middle(self.times[large]) / middle(self.times[small])) / math.log(large / small)
        return 10**exponent

    def figure(self) -> Figure:
        """The row for the table."""
        reached = "; ".join(spread(times, "ms", 1) for _, times in sorted(self.times.items()))
        met = self.growth <= SUPER_LINEAR
        return Figure(self.what, f"<= {SUPER_LINEAR:g}x", f"{reached}; growth {self.growth:.1f}x", met)


def figures(bench: Bench) -> Iterator[Figure]:
    """Measure everything at every size."""
    for rows in (of_listings(bench), of_stores(bench)):
        for row in rows:
            yield row.figure()


def of_listings(bench: Bench) -> list[Row]:
    """What one store costs, by the number of its listings."""
    most = bench.size.listings
    return rows(bench, (most // 100, most // 10, most), lambda size: {**recorded(bench, size), **asked(bench, size)})


def of_stores(bench: Bench) -> list[Row]:
    """What many stores in one snapshot cost, by their number."""
    usual = bench.size.stores
    return rows(bench, (max(usual // 5, 1), usual, 4 * usual), lambda stores: of_many(bench, stores))


def rows(bench: Bench, sizes: Sequence[int], measured: Callable[[int], dict[str, list[float]]]) -> list[Row]:
    """Measure at every size, and say how it goes on."""
    by_size: dict[int, dict[str, list[float]]] = {}
    for size in sizes:
        begun = time.perf_counter()
        by_size[size] = measured(size)
        if bench.size is FULL:
            print(f"  {size:,} took {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return [Row(what, {size: by_size[size][what] for size in sizes}) for what in by_size[sizes[0]]]


def recorded(bench: Bench, listings: int) -> dict[str, list[float]]:
    """Record sweeps and pulses of a store that has 500 held listings, whatever its size."""
    with closing(open_snapshot(bench.fresh(f"growth-{listings}") / "snapshot.db")) as db:
        store = ensure_store(db, key="main", title="Main", model="overseas", now=BEGUN)
        held = min(HELD_IN_PULSE, listings // 2)
        hours = iter(range(1, 100))

        def run(kind: str) -> float:
            return run_of(db, store, kind, (listings, held), BEGUN + timedelta(hours=next(hours)))

        return {
            "a sweep recorded, every listing new": [run("sweep")],
            "a sweep recorded, nothing new": [run("sweep") for _ in range(1 if listings > bench.size.small else 3)],
            "a pulse of 500 held recorded, nothing new": [run("pulse") for _ in range(bench.size.few_rounds)],
        }


def run_of(db: Database, store: int, kind: str, size: tuple[int, int], now: datetime) -> float:
    """Stage and record a run that shows so many listings, so many of them held; return its milliseconds."""
    listings, held = size
    begins = {Status.REJECTED: (0, held // 2), Status.AUDITING: (held // 2, held), Status.ACTIVE: (held, listings)}
    staging, took = Staging(db, store), 0.0
    for status, (first, end) in begins.items():
        if kind == "pulse" and status not in HELD:
            continue
        staging.begin_walk(status)
        for start in range(first, end, PAGE):
            page = shown(status, start, min(start + PAGE, end))  # made while the clock stands
            took += timed(lambda: staging.add(page))  # noqa: B023 - called at once
        report = WalkReport(status, now, now, end - first, end - first, 1, 1, complete=True)
        took += timed(lambda: staging.end_walk(report))  # noqa: B023
    return took + timed(
        lambda: record_run(
            db,
            staging,
            kind=kind,
            started_at=now,
            finished_at=now,
            outcome=Outcome.COMPLETE,
            calls=1,
            tolerance=timedelta(days=1),
        )
    )


def shown(status: Status, first: int, end: int) -> list[Observation]:
    """Make a page of listings."""
    return observations(end - first, first=first, status=status)


def asked(bench: Bench, listings: int) -> dict[str, list[float]]:
    """Ask what pages and the worker ask of a store of that size."""
    path = bench.built(f"growth-{listings}", lambda path: build(path, listings, max(listings // 50, 1), DAYS).close())
    snapshot, every = Snapshot(path, clock=lambda: NOW), View()
    cut = buckets(Grain.DAY, NOW.date() - timedelta(days=DAYS - 1), NOW)
    with closing(open_snapshot(path)) as db:
        questions: dict[str, Callable[[], object]] = {
            "hero and its 30 days": lambda: (snapshot.hero(every), snapshot.days(None, NOW.date(), 30)),
            "the worklist: rows, tabs, choices, reasons": lambda: everything(snapshot, every),
            "the worklist of a text that few have": lambda: everything(snapshot, View(text="listing 199")),
            "the chart of 100 days": lambda: snapshot.held_series(None, cut, NOW),
            "the cards of a run": lambda: record_cards(db, 1, NOW),
        }
        return {what: again(ask, bench.size.few_rounds) for what, ask in questions.items()}


def of_many(bench: Bench, stores: int) -> dict[str, list[float]]:
    """Sweep so many stores, then ask about all and about one, and read one again."""
    folder, now = bench.fresh(f"growth-of-{stores}"), BEGUN + timedelta(hours=1)
    size = (OF_A_STORE, OF_A_STORE // 20)
    with closing(open_snapshot(folder / "snapshot.db")) as db:
        for number in range(stores):
            store = ensure_store(db, key=f"s{number}", title=f"Store {number}", model="overseas", now=BEGUN)
            run_of(db, store, "sweep", size, now)
        snapshot, every, one = Snapshot(folder / "snapshot.db", clock=lambda: now), View(), View(stores=("s0",))
        hours = iter(range(2, 100))
        rounds = bench.size.few_rounds
        return {
            "hero of all stores": again(lambda: snapshot.hero(every), rounds),
            "hero of one store": again(lambda: snapshot.hero(one), rounds),
            "the worklist of all stores": again(lambda: everything(snapshot, every), rounds),
            "the worklist of one store": again(lambda: everything(snapshot, one), rounds),
            "a sweep of one store recorded, nothing new": [
                run_of(db, 1, "sweep", size, BEGUN + timedelta(hours=next(hours))) for _ in range(rounds)
            ],
        }


def again(question: Callable[[], object], rounds: int) -> list[float]:
    """Ask in rounds after a first time; return the milliseconds of one answer in each."""
    once = timed(question)
    times = max(1, min(50, round(SHORTEST * 1000 / max(once, 0.1))))
    return [timed(lambda: [question() for _ in range(times)]) / times for _ in range(rounds)]


def timed(do: Callable[[], object]) -> float:
    """Return the milliseconds of the processor that it took."""
    begun = time.process_time()
    do()
    return (time.process_time() - begun) * 1000


def chart(title: str, unit: str, measured: Sequence[Row]) -> str:
    """Draw rows as lines over their sizes, as SVG."""
    lines = [Line(row.what, [(size, middle(times)) for size, times in sorted(row.times.items())]) for row in measured]
    return drawn(title, unit, "milliseconds of the processor", lines)


def main(words: list[str]) -> None:
    """Measure, print the table and draw the charts."""
    with bench(TOY if "--toy" in words else FULL) as folder:
        for name, title, unit, measured in (
            ("growth-listings", "One store, by its listings", "listings", of_listings),
            ("growth-stores", f"Stores of {OF_A_STORE:,} listings, by their number", "stores", of_stores),
        ):
            measured_rows = measured(folder)
            for row in measured_rows:
                print(row.figure().line(), flush=True)
            if folder.size is FULL:
                (DOCS / f"{name}.svg").write_text(chart(title, unit, measured_rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
