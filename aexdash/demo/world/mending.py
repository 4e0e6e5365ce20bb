"""A simulated store whose listings somebody can mend: the world as it lives, with what was mended over it.

    world = MendedWorld(World())
    world.mend(product_id, at)      # in audit from that moment on, on sale REVIEW later

A mended listing stays so until the world's own timeline moves it: its simulated seller and reviewers go on with their
work. What is answered about a moment before the mending does not change.
"""

from __future__ import annotations

import threading
from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aexdash.demo.world.listing import Listing, ListingFacts
from aexdash.demo.world.population import seconds
from aexdash.demo.world.sales import Order, orders_of_day
from aexdash.demo.world.timeline import DAY
from aexdash.demo.world.world import World
from aexdash.model import Status

REVIEW = timedelta(minutes=2)
"""How long the audit of a mended listing takes; those of the world itself take hours, and nobody would watch that."""


@dataclass(frozen=True, slots=True)
class Mend:
    """One mending: `before` is the listing as the world had it then; the mending ends once it has another one."""

    at: datetime
    before: Listing
    in_audit: Listing
    on_sale: Listing

    @property
    def passes_at(self) -> datetime:
        """When the simulated reviewers let it pass."""
        return self.at + REVIEW

    def shown(self, at: datetime) -> Listing:
        """Return the listing as it is at a moment of this mending."""
        return self.in_audit if at < self.passes_at else self.on_sale


class MendedWorld:
    """A `StoreWorld` around a world. Safe to ask from several threads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._mends: dict[int, tuple[Mend, ...]] = {}
        self._lock = threading.Lock()

    def repaired(self, product_id: int, at: datetime) -> ListingFacts | None:
        """Return what a listing would say once mended; None where it cannot be mended.

        That can a listing which is rejected, and one on sale with a flaw that no review has found.
        """
        listing, facts = self.listing(product_id, at), self._world.repaired(product_id, at)
        if listing is None or facts is None:
            return None
        flawed = listing.status is Status.ACTIVE and product_id in self._world.flaws and facts != listing.facts
        return facts if listing.status is Status.REJECTED or flawed else None

    def mend(self, product_id: int, at: datetime) -> bool:
        """Mend a listing and send it in again from that moment, cut to the second, on; tell whether that was possible.

        Mendings of one listing are to come in the order of their moments.
        """
        at = at.replace(microsecond=0)
        with self._lock:
            facts, before = self.repaired(product_id, at), self._world.listing(product_id, at)
            if facts is None or before is None:
                return False
            in_audit = Listing(facts, Status.AUDITING, before.created, modified=at)
            mend = Mend(at, before, in_audit, replace(in_audit, status=Status.ACTIVE))
            self._mends = {**self._mends, product_id: (*self._mends.get(product_id, ()), mend)}
        return True

    def mending(self, product_id: int, at: datetime) -> Mend | None:
        """Return the mending that holds for a listing at a moment; None where none does."""
        mend = next((one for one in reversed(self._mends.get(product_id, ())) if one.at <= at), None)
        return mend if mend is not None and mend.before == self._world.listing(product_id, at) else None

    def listing(self, product_id: int, at: datetime) -> Listing | None:
        """Return the listing as it is at that moment, deleted ones too; None when it never was."""
        mend = self.mending(product_id, at)
        return mend.shown(at) if mend is not None else self._world.listing(product_id, at)

    def ids(self, status: Status, at: datetime) -> Sequence[int]:
        """Return the product ids in that status at that moment, newest listing first."""
        ids, moved = self._world.ids(status, at), list(self._moved(at))
        gone = {product_id for product_id, before, _ in moved if before is status}
        come = [product_id for product_id, _, now in moved if now is status]
        if not gone and not come:
            return ids
        left = [product_id for product_id in ids if product_id not in gone]

        def youth(product_id: int) -> float:
            listing = self._world.listing(product_id, at)
            return -listing.created.timestamp() if listing is not None else 0.0

        for product_id in come:
            insort(left, product_id, key=youth)
        return left

    def counts(self, at: datetime) -> dict[Status, int]:
        """Return how many listings each status holds at that moment."""
        counts = dict(self._world.counts(at))
        for _, before, now in self._moved(at):
            counts[before] -= 1
            counts[now] += 1
        return counts

    def orders(self, start: datetime, end: datetime) -> Sequence[Order]:
        """Return the orders made from `start` up to and with `end`, the newest first.

        Those of mended listings are worked out by what they were then: they sell again once they are on sale.
        """
        made, mended = self._world.orders(start, end), self._mends
        if not mended:
            return made
        days = range(seconds(start) // DAY, seconds(end) // DAY + 1)
        own = (order for day in days for order in orders_of_day(day, mended, self.listing))
        others = (order for order in made if order.lines[0].product_id not in mended)
        both = [*others, *(order for order in own if start <= order.at <= end)]
        return sorted(both, key=lambda order: (order.at, order.order_id), reverse=True)

    def _moved(self, at: datetime) -> Iterator[tuple[int, Status, Status]]:
        """Yield each listing that is in another status than the world has it in: id, that status, the present one."""
        for product_id in self._mends:
            mend = self.mending(product_id, at)
            if mend is not None and mend.before.status is not mend.shown(at).status:
                yield product_id, mend.before.status, mend.shown(at).status
