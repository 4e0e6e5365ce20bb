"""What buyers order of the simulated store: a pure function of the listing and the day.

Of a hundred listings one sells every day, six about once a week, half about once a month, the others never.
Nothing sells while it is not on sale, so sales stop when a listing is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from aexdash.demo.world.listing import EPOCH, Listing, SkuFacts
from aexdash.demo.world.mixing import mix
from aexdash.demo.world.timeline import DAY
from aexdash.model import Status

_KEPT_DAYS = 400
_SHARES = ((1, 1300), (7, 180), (60, 30))
"""Of a hundred listings, those numbered below the first figure sell the second figure of times in 1,000 days."""

_FIRST_ORDER, _ORDERS = 8_100_000_000_000_000, 800_000_000_000_000


class OrderOutcome(StrEnum):
    """What becomes of an order."""

    PAID = "paid"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Sold:
    """A line of an order: so many units of a SKU at its price of then."""

    product_id: int
    title: str
    sku: SkuFacts
    units: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it was made, and what becomes of it; `buyer` is a number of whoever made it."""

    order_id: int
    at: datetime
    lines: tuple[Sold, ...]
    buyer: int
    outcome: OrderOutcome = OrderOutcome.PAID


def orders_of_day(
    day: int, product_ids: Iterable[int], shown: Callable[[int, datetime], Listing | None]
) -> Iterator[Order]:
    """Yield what is ordered on a day (counted from 1970, UTC) of listings that are `shown` on sale at that moment."""
    for product_id in product_ids:
        rate = _thousandths(product_id)
        bits = mix(product_id, day, 43)
        times = rate // 1000 + (bits % 1000 < rate % 1000)
        for time in range(times):
            at = EPOCH + timedelta(seconds=day * DAY + mix(product_id, day, time, 47) % DAY)
            listing = shown(product_id, at)
            if listing is not None and listing.status is Status.ACTIVE:
                yield _order(listing, at, mix(product_id, day, time, 53))


@lru_cache(maxsize=200_000)
def _thousandths(product_id: int) -> int:
    """Return how many times in a thousand days a listing is ordered."""
    place = mix(product_id, 41) % 100
    return next((rate for below, rate in _SHARES if place < below), 0)


def _order(listing: Listing, at: datetime, bits: int) -> Order:
    skus = listing.facts.skus
    first = bits % len(skus)
    another = len(skus) > 1 and (bits >> 40) % 12 == 0
    chosen = (skus[first], skus[first - 1]) if another else (skus[first],)
    units = (1, 1, 1, 1, 1, 2, 2, 3)[(bits >> 8) % 8]
    outcomes = {0: OrderOutcome.UNPAID, 1: OrderOutcome.UNPAID, 2: OrderOutcome.CANCELLED, 3: OrderOutcome.DISPUTED}
    return Order(
        order_id=_FIRST_ORDER + bits % _ORDERS,
        at=at,
        lines=tuple(Sold(listing.product_id, listing.title, sku, units) for sku in chosen),
        buyer=(bits >> 20) % 10_000,
        outcome=outcomes.get((bits >> 12) % 40, OrderOutcome.PAID),
    )


class SalesBook:
    """The orders of a store day by day, each day worked out once; not safe among threads."""

    def __init__(
        self, product_ids: Callable[[], Iterable[int]], shown: Callable[[int, datetime], Listing | None]
    ) -> None:
        self._product_ids, self._shown = product_ids, shown
        self._days: dict[int, tuple[Order, ...]] = {}

    def between(self, start: datetime, end: datetime) -> list[Order]:
        """Return the orders made from `start` up to and with `end`, the newest first."""
        first, last = (int((moment - EPOCH).total_seconds()) // DAY for moment in (start, end))
        made = (order for day in range(last, first - 1, -1) for order in self._day(day))
        return [order for order in made if start <= order.at <= end]

    def _day(self, day: int) -> tuple[Order, ...]:
        found = self._days.get(day)
        if found is None:
            orders = orders_of_day(day, self._product_ids(), self._shown)
            found = self._days[day] = tuple(sorted(orders, key=lambda order: (order.at, order.order_id), reverse=True))
            if len(self._days) > _KEPT_DAYS:
                self._days.pop(next(iter(self._days)))
        return found
