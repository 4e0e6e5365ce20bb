"""Records order lines, and how far orders were read. No column names a buyer.

Orders are read in rounds: from a few days before the end of the last round, because young orders still change, up to
the moment at which the round began (`tried_at`). A round that was interrupted goes on where it stopped. Then earlier
orders are read, as far back as held listings need them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.platform_data import OrderLine
from aexdash.snapshot.columns import moment
from aexdash.snapshot.file import transaction
from aexdash.snapshot.readmodels import OrdersKnown
from aexdash.snapshot.version import bump_version
from aexdash.storage.text import storable, storable_row

FIRST = timedelta(days=60)
"""How far back the first round reads a store's orders."""

FURTHEST = timedelta(days=180)
"""How far back orders are read at the most, for listings that have been held for long."""

OVERLAP = timedelta(days=3)
"""Younger orders are read again in the next round, because they may still be paid or cancelled."""

EVERY = timedelta(hours=1)
"""The shortest time between the beginnings of two rounds."""

COUNTS = """
o.fund_status <> 'NOT_PAY' AND o.status NOT IN ('PLACE_ORDER_SUCCESS', 'RISK_CONTROL', 'IN_CANCEL')
AND instr(lower(o.end_reason), 'cancel') = 0
"""
"""The condition on an order line `o` that it counts as sold: the order was paid, even if the buyer complained later.

Left out are orders that wait for payment (PLACE_ORDER_SUCCESS) or for its check (RISK_CONTROL), that were never paid
(NOT_PAY) and that the buyer cancels. AliExpress publishes no list of end reasons, so every one with *cancel* in it is
taken for a cancellation."""

STATE = "SELECT connected, read_from, read_until, tried_at, note FROM order_state WHERE store_id = ?"

KEEP_STATE = """
INSERT INTO order_state (store_id, connected, read_from, read_until, tried_at, note)
VALUES (:store, :connected, :read_from, :read_until, :tried_at, :note)
ON CONFLICT (store_id) DO UPDATE SET connected = excluded.connected, read_from = excluded.read_from,
    read_until = excluded.read_until, tried_at = excluded.tried_at, note = excluded.note
"""

LINE = tuple(field.name for field in fields(OrderLine))
FACTS = tuple(name for name in LINE if name not in ("order_id", "line_id"))

KEEP_LINE = f"""
INSERT INTO order_line (store_id, {", ".join(LINE)}) VALUES (?{", ?" * len(LINE)})
ON CONFLICT (store_id, order_id, line_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in FACTS)}
WHERE ({", ".join(FACTS)}) IS NOT ({", ".join(f"excluded.{name}" for name in FACTS)})
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class OrderState:
    """How far a store's orders were read: all those created from `read_from` up to `read_until`.

    `tried_at` is when the present or the last round began; `note` says why orders could not be read.
    """

    connected: bool = False
    read_from: datetime | None = None
    read_until: datetime | None = None
    tried_at: datetime | None = None
    note: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether a round was begun and not refused, and is not finished."""
        return self.tried_at is not None and not self.whole and not self.note

    @property
    def whole(self) -> bool:
        """Whether the last round is finished."""
        return self.read_until is not None and self.tried_at is not None and self.read_until >= self.tried_at

    def due(self, now: datetime) -> bool:
        """Whether it is time for a new round; one an hour at the most."""
        return self.tried_at is None or abs(now - self.tried_at) >= EVERY

    def begun(self, now: datetime) -> OrderState:
        """Return the state at the beginning of a new round; if the last one is too long ago, it starts from scratch."""
        first = midnight(now - FIRST)
        if self.read_from is None or self.read_until is None or self.read_until < now - FURTHEST:
            return OrderState(self.connected, first, first, now)
        again = max(self.read_from, min(self.read_until, midnight(now - OVERLAP)))
        return OrderState(self.connected, self.read_from, again, now)

    def next_span(self, length: timedelta, needed_from: datetime | None) -> tuple[datetime, datetime] | None:
        """Return the span to read next, at most `length` long, between UTC midnights; None when nothing is left.

        `needed_from` is the moment from which on held listings need orders; None where they need no earlier ones.
        """
        if self.read_from is None or self.read_until is None or self.tried_at is None:
            return None
        if self.read_until < self.tried_at:
            return self.read_until, min(midnight(self.read_until + length), self.tried_at)
        earliest = midnight(max(needed_from or self.read_from, self.tried_at - FURTHEST))
        return (max(self.read_from - length, earliest), self.read_from) if earliest < self.read_from else None

    def after(self, start: datetime, end: datetime) -> OrderState:
        """Return the state after a span was read completely."""
        known_from, known_until = self.read_from or start, self.read_until or end
        return OrderState(True, min(known_from, start), max(known_until, end), self.tried_at)

    def refused(self, now: datetime, note: str) -> OrderState:
        """Return the state after the platform refused to this account to read orders; `note` is its text."""
        nothing = self.read_from == self.read_until
        return OrderState(False, None if nothing else self.read_from, None if nothing else self.read_until, now, note)


def midnight(at: datetime) -> datetime:
    """Return the beginning of a moment's UTC day; the platform's own clocks never change at that hour."""
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC)


def order_state(connection: sqlite3.Connection, store_id: int) -> OrderState:
    """Return how far a store's orders were read; an empty state where they were never asked for."""
    row = connection.execute(STATE, [store_id]).fetchone()
    if row is None:
        return OrderState()
    connected, read_from, read_until, tried_at, note = row
    return OrderState(bool(connected), moment(read_from), moment(read_until), moment(tried_at), note)


def orders_known(connection: sqlite3.Connection, store_id: int) -> OrdersKnown:
    """Return how far a store's orders are known, for a page."""
    state = order_state(connection, store_id)
    return OrdersKnown(state.connected, state.read_from, state.read_until, state.note)


def keep_order_state(db: Database, store_id: int, state: OrderState) -> None:
    """Record how far a store's orders were read.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    names = ("read_from", "read_until", "tried_at")
    moments = {name: at and to_text(at) for name in names for at in (getattr(state, name),)}
    bound = {"store": store_id, "connected": int(state.connected), "note": storable(state.note), **moments}
    with transaction(db) as connection:
        before = order_state(connection, store_id)
        connection.execute(KEEP_STATE, bound)
        if (before.connected, before.note) != (state.connected, state.note):
            bump_version(connection)


def record_order_lines(db: Database, store_id: int, lines: Iterable[OrderLine]) -> int:
    """Record order lines, or update those that are known; return how many were new or changed.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    rows = [_row(store_id, line) for line in lines]
    with transaction(db) as connection:
        return connection.executemany(KEEP_LINE, rows).rowcount if rows else 0


def _row(store_id: int, line: OrderLine) -> tuple[object, ...]:
    values = (getattr(line, name) for name in LINE)
    return storable_row((store_id, *(to_text(value) if isinstance(value, datetime) else value for value in values)))
