"""A pulse with 500 held of 100,000 listings beside 500 of 2,000: `python -m tests.benchmarks.bench_pulse`.

The real client asks the simulated platform in this process, evidence off, and nothing has changed since the run
before. Counted are the calls that reached the platform; the times of both stores, taken in turn, show that a pulse
does not pay for what is not held. The calls of a sweep stand beside them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from aexdash.model import Outcome, Status
from tests.benchmarks.common import Bench, Figure, beside, report, side_by_side
from tests.demo.scripted import ScriptedWorld, plain_listing
from tests.support import NO_EVIDENCE, Shop

HELD = {Status.REJECTED: 370, Status.AUDITING: 130}
MOST_CALLS = 14


def figures(bench: Bench) -> Iterator[Figure]:
    """Count the calls of a pulse that finds nothing new."""
    sizes = (bench.size.small, bench.size.smaller)
    large, small = (shop_of(bench.fresh(f"shop-{size}"), size) for size in sizes)
    result, calls = pulse(large)
    what = f"(c) pulse, {result.held} held of {sizes[0]:,}: calls"
    yield Figure(what, f"<= {MOST_CALLS}", f"{calls} calls", calls <= MOST_CALLS)
    took = side_by_side({"large": lambda: pulse(large), "small": lambda: pulse(small)}, bench.size.rounds)
    what = f"    the same pulse, {sizes[0]:,} beside {sizes[1]:,} listings"
    yield beside(what, took["large"], took["small"], "ms")
    yield one_moved(large, bench.size.few_rounds)
    before = large.seller.calls
    large.clock.move(minutes=1)
    large.sync("sweep", limits=NO_EVIDENCE)
    yield Figure(f"    a sweep of all {sizes[0]:,}: calls", "", f"{large.seller.calls - before} calls")
    for shop in (large, small):
        shop.close()


def one_moved(shop: Shop, rounds: int) -> Figure:
    """Pulses after which one more listing is held, beside pulses that find nothing new, in turn: processor time."""
    moved, still = [], []
    for product_id in shop.world.ids(Status.ACTIVE, shop.clock())[:rounds]:
        still.append(cost(shop, 0))
        shop.world.move(product_id, Status.REJECTED, at=shop.clock())
        moved.append(cost(shop, 1))
    return beside("    a pulse with one listing moved, beside one with none", moved, still, "ms", 1.1)


def cost(shop: Shop, fewest: int) -> float:
    """The milliseconds of the processor that a pulse takes, which writes at least so many rows."""
    shop.clock.move(minutes=1)
    begun = time.process_time()
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    took = (time.process_time() - begun) * 1000
    if result.outcome is not Outcome.COMPLETE or result.changes < fewest:
        raise SystemExit(f"not the pulse that was meant: {result}")
    return took


def pulse(shop: Shop):
    """Pulse once, and make sure that it was whole and found nothing new."""
    before = shop.seller.calls
    shop.clock.move(minutes=1)
    result = shop.sync("pulse", limits=NO_EVIDENCE)
    if (result.outcome, result.changes, result.held) != (Outcome.COMPLETE, 0, sum(HELD.values())):
        raise SystemExit(f"not the pulse that was meant: {result}")
    return result, shop.seller.calls - before


def shop_of(folder: Path, size: int) -> Shop:
    """A store of so many listings, swept once."""
    statuses = [status for status, number in HELD.items() for _ in range(number)]
    statuses += [Status.ACTIVE] * (size - len(statuses))
    world = IndexedWorld(plain_listing(1005000000000001 + index, status) for index, status in enumerate(statuses))
    shop = Shop(folder, world)
    shop.sync("sweep", limits=NO_EVIDENCE)
    return shop


class IndexedWorld(ScriptedWorld):
    """A scripted world whose ids of a status are gathered once after each move, not for every page."""

    def __init__(self, listings) -> None:
        super().__init__(listings)
        self._by_status: dict[Status, list[int]] = {}

    def move(self, product_id, status, cause=None, *, at=None):
        super().move(product_id, status, cause, at=at)
        self._by_status = {each: super(IndexedWorld, self).ids(each, at) for each in Status}

    def ids(self, status, at):
        if status not in self._by_status:
            self._by_status[status] = super().ids(status, at)
        return self._by_status[status]


if __name__ == "__main__":
    report(figures)
