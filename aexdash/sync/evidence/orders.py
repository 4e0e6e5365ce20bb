"""Reading a store's orders, to work out what each held listing sold before it was held.

Orders are read in spans of days; each span is recorded at once, so that a killed process goes on where it stopped. An
account that may not read its orders is *not connected*; that never makes a run fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from aexdash.aliexpress.errors import PermissionDenied, PlatformError, Throttled
from aexdash.aliexpress.listings import Seller
from aexdash.clock import DAY, Clock
from aexdash.snapshot.trade.held_sales import needed_from, refresh_held_sales
from aexdash.snapshot.trade.orders import (
    OrderState,
    keep_order_state,
    order_state,
    record_order_lines,
)
from aexdash.sync.evidence.fan_out import OutOfTime, pages_until

LONGEST_SPAN = timedelta(days=30)
FEW_PAGES, MANY_PAGES = 4, 16
"""After a span of at most `FEW_PAGES` the next one is twice as long, after one of at least `MANY_PAGES` half."""


@dataclass(frozen=True, slots=True)
class OrdersRead:
    """How much of the orders a run read. `left`: some are left to later runs; `problem`: a sentence that says why."""

    pages: int = 0
    left: bool = False
    problem: str = ""
    banned_until: datetime | None = None


@dataclass(slots=True)
class _Reading:
    """The reading of one run. `state` is how far it has come, `since` the earliest moment read, `pages` the count."""

    seller: Seller
    db: Database
    store_id: int
    state: OrderState
    since: datetime
    clock: Clock
    ends_at: datetime | None
    pages: int = 0

    def read(self, most: int | None) -> bool:
        """Read span after span and begin none after `most` pages (None: no limit); return whether spans are left."""
        length = DAY
        while span := self.state.next_span(length, needed_from(self.db, self.store_id)):
            if most is not None and self.pages >= most:
                return True
            before = self.pages
            self._read_span(*span)
            length = _next_length(length, self.pages - before)
        return False

    def _read_span(self, start: datetime, end: datetime) -> None:
        for lines in pages_until(self.seller.orders(start, end), self.clock, self.ends_at):
            self.pages += 1
            record_order_lines(self.db, self.store_id, lines)
        self.state = self.state.after(start, end)
        self.since = min(self.since, start)
        keep_order_state(self.db, self.store_id, self.state)


def gather_orders(
    seller: Seller,
    db: Database,
    store_id: int,
    most: int | None,
    *,
    begin: bool,
    clock: Clock,
    ends_at: datetime | None = None,
) -> OrdersRead:
    """Read a store's orders that are missing, and work out what its held listings sold.

    At most about `most` pages are read (None: all), and none after `ends_at`. A new round begins only with `begin`, at
    most once an hour; a round that was not finished is always continued.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    if most == 0:
        return OrdersRead()
    now = clock()
    state = order_state(db.conn, store_id)
    if begin and not state.goes_on and state.due(now):
        state = state.begun(now)
        keep_order_state(db, store_id, state)
    if not (state.goes_on or state.connected):
        return OrdersRead()
    reading = _Reading(seller, db, store_id, state, now, clock, ends_at)
    left, problem, banned_until = True, "", None
    try:
        left = reading.read(most)
    except PermissionDenied as refusal:
        keep_order_state(db, store_id, reading.state.refused(now, f"{refusal} {refusal.advice}".strip()))
        left = False
    except OutOfTime:
        pass  # the span is read again by a later run
    except PlatformError as error:
        problem = f"Orders could not be read: {error}"
        banned_until = error.until if isinstance(error, Throttled) else None
    refresh_held_sales(db, store_id, reading.since if reading.since < now else None, clock())
    return OrdersRead(reading.pages, left, problem, banned_until)


def _next_length(length: timedelta, pages: int) -> timedelta:
    if pages <= FEW_PAGES:
        return min(length * 2, LONGEST_SPAN)
    return max(length / 2, DAY) if pages >= MANY_PAGES else length
