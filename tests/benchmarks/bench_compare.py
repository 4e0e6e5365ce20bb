"""100,000 listings set beside the 100,000 variants of their shop: `python -m tests.benchmarks.bench_compare`.

One listing a variant; of ten, one is a draft in the shop, one has another price there, one another title, and one
listing is in no shop. The comparison is the worker's own, in a process of its own, whose resident memory is read from
/proc. Seconds are of the processor, so that a busy machine does not count. Funnel and list of what drifted are what the
page Reconcile asks for.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from aexdash.reconcile.funnel import Step, of_stores
from aexdash.reconcile.unmatched import unmatched
from aexdash.shops.records import Part, SourceState
from aexdash.snapshot.matched.recording import refresh_sources
from tests.benchmarks.common import Bench, Figure, report, resident_mb
from tests.snapshot.matched.both import as_shown
from tests.snapshot.shops.shop import ShopStory, product
from tests.snapshot.store import ACTIVE, SHOP_STALE_AFTER, Store

MOST_SECONDS, MOST_PAGE_SECONDS = 60, 5


def figures(bench: Bench) -> Iterator[Figure]:
    """Compare all, then all again without a change, then with one in a hundred changed; then ask what a page asks."""
    folder, listings = bench.fresh("compare"), bench.size.small
    work = [sys.executable, "-m", "tests.benchmarks.bench_compare", "work", str(folder), str(listings)]
    told = json.loads(subprocess.run(work, stdout=subprocess.PIPE, text=True, check=True).stdout)
    first = told["first"]
    yield Figure(
        f"(za) {listings:,} listings compared with as many variants",
        f"<= {MOST_SECONDS} s",
        f"{first:.1f} s",
        first <= MOST_SECONDS,
    )
    yield Figure("    again with nothing changed; one in a hundred", "", f"{told['same']:.1f} s; {told['some']:.1f} s")
    yield Figure("    resident memory, its highest", "", f"{told['peak']:.0f} MB")
    page = told["funnel"]
    what = "    the funnel and what is not matched; what drifted"
    yield Figure(what, f"<= {MOST_PAGE_SECONDS} s", f"{page:.1f} s; {told['drifted']:.1f} s", page <= MOST_PAGE_SECONDS)


def work(folder: Path, listings: int) -> None:
    """Build the home, and say what each step took."""
    folder.mkdir(parents=True, exist_ok=True)
    store, shop = Store(folder), ShopStory(folder)
    store.sweep({one: as_shown(one, ACTIVE) for one in range(1, listings + 1)})
    shop.read(part for one in range(1, listings + 1) for part in variant(one, listings))
    told = {"first": _timed(lambda: refresh_sources(store.db, "main", store.after(hours=1).now, SHOP_STALE_AFTER))}
    told["same"] = _timed(lambda: refresh_sources(store.db, "main", store.after(hours=1).now, SHOP_STALE_AFTER))
    shop.now = store.after(hours=1).now
    shop.read(part for one in range(1, listings + 1) for part in variant(one, listings, moved=one % 100 == 0))
    told["some"] = _timed(lambda: refresh_sources(store.db, "main", store.after(hours=1).now, SHOP_STALE_AFTER))
    told["peak"] = resident_mb()[1]
    funnels = []
    told["funnel"] = _timed(lambda: funnels.append(of_stores(store.snapshot)) or unmatched(funnels[0]))
    found: list[int] = []
    told["drifted"] = _timed(lambda: found.extend(len(one.listings) for one in store.snapshot.beside_shops().drifted()))
    if funnels[0].step(Step.SHOP).passed.number != listings or not found[0] > listings // 5:
        raise SystemExit("not the comparison that was meant")
    print(json.dumps(told))


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
    else:
        report(figures)
