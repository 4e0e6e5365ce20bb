"""100,000 listings set beside the 100,000 variants of their shop: `python -m tests.benchmarks.bench_compare`.

One listing a variant; of ten, one is a draft in the shop, one has another price there, one another title, and one
listing is in no shop. The comparison is the worker's own; each is made in a process of its own, whose resident memory
is read from /proc before it and at its highest. Seconds are of the processor, so that a busy machine does not count.
Funnel and list of what drifted are what the page Reconcile asks for.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from aexdash.clock import from_text, to_text
from aexdash.reconcile.funnel import Step, of_stores
from aexdash.reconcile.unmatched import unmatched
from aexdash.shops.records import Part, SourceState
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.matched.recording import refresh_sources
from tests.benchmarks.common import Bench, Figure, report, resident_mb
from tests.snapshot.matched.both import as_shown
from tests.snapshot.shops.shop import ShopStory, product
from tests.snapshot.store import ACTIVE, SHOP_STALE_AFTER, Store

MOST_SECONDS, MOST_PAGE_SECONDS = 60, 5


def figures(bench: Bench) -> Iterator[Figure]:
    """Compare all, then all again without a change, then with one in a hundred changed; then ask what a page asks."""
    folder, listings = bench.fresh("compare"), bench.size.small
    told = asked("work", str(folder), str(listings))
    first = told["first"]["seconds"]
    yield Figure(
        f"(za) {listings:,} listings compared with as many variants",
        f"<= {MOST_SECONDS} s",
        f"{first:.1f} s",
        first <= MOST_SECONDS,
    )
    same, some = told["same"]["seconds"], told["some"]["seconds"]
    yield Figure("    again with nothing changed; one in a hundred", "", f"{same:.1f} s; {some:.1f} s")
    memory = f"{told['first']['before']:.0f} MB; {told['first']['peak']:.0f} MB"
    yield Figure("    resident memory before the first; its highest", "", memory)
    page = told["funnel"]
    what = "    the funnel and what is not matched; what drifted"
    yield Figure(what, f"<= {MOST_PAGE_SECONDS} s", f"{page:.1f} s; {told['drifted']:.1f} s", page <= MOST_PAGE_SECONDS)


def work(folder: Path, listings: int) -> None:
    """Build the home, and say what each step took."""
    folder.mkdir(parents=True, exist_ok=True)
    store, shop = Store(folder), ShopStory(folder)
    store.sweep({one: as_shown(one, ACTIVE) for one in range(1, listings + 1)})
    shop.read(part for one in range(1, listings + 1) for part in variant(one, listings))
    told: dict[str, Any] = {}
    for what in ("first", "same"):
        told[what] = asked("compare", str(folder), to_text(store.after(hours=1).now))
    shop.now = store.after(hours=1).now
    shop.read(part for one in range(1, listings + 1) for part in variant(one, listings, moved=one % 100 == 0))
    told["some"] = asked("compare", str(folder), to_text(store.after(hours=1).now))
    funnels = []
    told["funnel"] = _timed(lambda: funnels.append(of_stores(store.snapshot)) or unmatched(funnels[0]))
    found: list[int] = []
    told["drifted"] = _timed(lambda: found.extend(len(one.listings) for one in store.snapshot.beside_shops().drifted()))
    if funnels[0].step(Step.SHOP).passed.number != listings or not found[0] > listings // 5:
        raise SystemExit("not the comparison that was meant")
    print(json.dumps(told))


def compare(folder: Path, now: datetime) -> None:
    """Compare, and say what it took; the memory before it is that of the imports and the open file."""
    db = open_snapshot(folder / "snapshot.db")
    before, _ = resident_mb()
    seconds = _timed(lambda: refresh_sources(db, "main", now, SHOP_STALE_AFTER))
    print(json.dumps({"seconds": seconds, "before": before, "peak": resident_mb()[1]}))


def asked(*words: str) -> dict[str, Any]:
    """Run this module as a process of its own with some words; return what it printed."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_compare", *words]
    told: dict[str, Any] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return told


def variant(number: int, listings: int, *, moved: bool = False) -> list[Part]:
    """The product of a listing as its shop has it."""
    facts: dict[str, object] = {
        0: {"state": SourceState.DRAFT},
        1: {"price": Decimal(20)},
        2: {"title": f"Something else entirely {number}"},
        3: {"sku": f"SKU-{listings + number}"},
    }.get(number % 10, {})
    return product(str(number), **({**facts, "stock": 0} if moved else facts))


def _timed(do: Callable[[], object]) -> float:
    begun = time.process_time()
    do()
    return time.process_time() - begun


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        work(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1:2] == ["compare"]:
        compare(Path(sys.argv[2]), from_text(sys.argv[3]))
    else:
        report(figures)
