"""A simulated store whose listings a test moves itself; without chance, with the interface of `World`."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from aexdash.demo.world.catalogue import CATEGORY_BY_ID
from aexdash.demo.world.listing import Attribute, Listing, ListingFacts, Picture, SkuFacts
from aexdash.demo.world.sales import Order, OrderOutcome, Sold
from aexdash.model import Status


class ScriptedWorld:
    """Listings in the order they were put in, each where the script last moved it. `at` is ignored in questions.

    Raises:
        KeyError: a listing is moved or removed that was never put in.
    """

    def __init__(self, listings: Iterable[Listing] = ()) -> None:
        self._listings = {listing.product_id: listing for listing in listings}
        self._orders: list[Order] = []
        self._lock = threading.Lock()

    def put(self, listing: Listing) -> None:
        """Add the listing, or replace the one with its id where it stands."""
        with self._lock:
            self._listings[listing.product_id] = listing

    def move(self, product_id: int, status: Status, cause: str | None = None, *, at: datetime | None = None) -> None:
        """Move a listing; `at` is its new gmt_modified.

        `cause` is its `ws_display` when it goes offline, the review's reason when it is rejected.
        """
        with self._lock:
            listing = self._listings[product_id]
            modified = at or listing.modified
            self._listings[product_id] = replace(
                listing,
                status=status,
                modified=modified,
                cause=cause if status is Status.OFFLINE else None,
                rejected_for=cause if status is Status.REJECTED else None,
                offline_at=modified if status is Status.OFFLINE else None,
            )

    def remove(self, product_id: int) -> None:
        """Take a listing out altogether: no walk and no question by id shows it any more."""
        with self._lock:
            del self._listings[product_id]

    def ids(self, status: Status, at: datetime) -> Sequence[int]:
        """Return the ids in that status, in the order they were put in."""
        with self._lock:
            return [number for number, listing in self._listings.items() if listing.status is status]

    def listing(self, product_id: int, at: datetime) -> Listing | None:
        """Return the listing as the script left it."""
        with self._lock:
            return self._listings.get(product_id)

    def counts(self, at: datetime) -> dict[Status, int]:
        """Return how many listings each status holds."""
        counts: dict[Status, int] = {status: 0 for status in Status if status is not Status.OTHER}
        with self._lock:
            for listing in self._listings.values():
                counts[listing.status] = counts.get(listing.status, 0) + 1
        return counts

    def sell(self, product_id: int, at: datetime, units: int = 1, outcome: OrderOutcome = OrderOutcome.PAID) -> None:
        """Let somebody order the first SKU of a listing at that moment, whatever its status."""
        with self._lock:
            listing = self._listings[product_id]
            sold = Sold(product_id, listing.title, listing.facts.skus[0], units)
            number = len(self._orders)
            self._orders.append(Order(8_100_000_000_000_000 + number, at, (sold,), number, outcome))

    def orders(self, start: datetime, end: datetime) -> Sequence[Order]:
        """Return the orders of the script from `start` up to and with `end`, the newest first."""
        with self._lock:
            made = [order for order in self._orders if start <= order.at <= end]
        return sorted(made, key=lambda order: (order.at, order.order_id), reverse=True)


def plain_listing(
    product_id: int,
    status: Status = Status.ACTIVE,
    *,
    title: str = "",
    category_id: int = 380230,
    pictures: tuple[Picture, ...] = (Picture(1),),
    attributes: tuple[Attribute, ...] = (),
    price: str = "9.90",
    sku_code: str = "",
    created: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    modified: datetime | None = None,
    cause: str | None = None,
    rejected_for: str | None = None,
) -> Listing:
    """Return a listing with ordinary facts, for worlds that a test moves by hand."""
    text = title or f"Listing {product_id}"
    sku = SkuFacts("14:173", sku_code or f"SKU-{product_id}", price, 10, 14, 173, "Blue")
    category = CATEGORY_BY_ID.get(category_id)
    facts = ListingFacts(
        product_id,
        category_id,
        text,
        {"en_US": text},
        pictures,
        attributes,
        (sku,),
        qualifications=category.certificates() if category else (),
    )
    offline_at = (modified or created) if status is Status.OFFLINE else None
    return Listing(facts, status, created, modified or created, cause, rejected_for, offline_at)
