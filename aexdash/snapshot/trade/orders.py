"""What buyers ordered, and how far it was read. No column of it names a buyer.

Orders are read in rounds: from where the last one ended, less some days in which statuses still change, up to the
moment at which the round began (`tried_at`). A round that was broken off goes on where it stopped. Earlier orders
are read afterwards, where a held listing needs them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.model import OrderLine
from aexdash.snapshot.columns import moment
from aexdash.snapshot.file import transaction
from aexdash.snapshot.readmodels import OrdersKnown
from aexdash.snapshot.version import bump_version
from aexdash.storage.text import storable, storable_row

FIRST = timedelta(days=60)
"""So far back a store's orders are read at first."""

FURTHEST = timedelta(days=180)
"""And so far back for listings that have been held for long."""

OVERLAP = timedelta(days=3)
"""Orders as young as this are read again: they are still paid or cancelled."""

EVERY = timedelta(hours=1)

COUNTS = """
o.fund_status <> 'NOT_PAY' AND o.status NOT IN ('PLACE_ORDER_SUCCESS', 'RISK_CONTROL', 'IN_CANCEL')
AND instr(lower(o.end_reason), 'cancel') = 0
"""
"""Which orders `o` sold something: those that were paid, also where the buyer complained later. Not those that wait to
be paid (PLACE_ORDER_SUCCESS) or for the check of the payment (RISK_CONTROL), that ended without (NOT_PAY), or whose
buyer takes them back. Of the reasons of an end no list is published, so only the word for *cancel* is taken."""

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
    """How far a store's orders were read: all that were made from `read_from` up to `read_until`.

    `tried_at`: when the present round began, or the last one; `note`: why the orders could not be read.
    """

    connected: bool = False
    read_from: datetime | None = None
    read_until: datetime | None = None
    tried_at: datetime | None = None
    note: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether a round was begun, was not refused, and is not read to its end."""
        return self.tried_at is not None and not self.whole and not self.note

    @property
    def whole(self) -> bool:
        """Whether the last round was read to its end."""
        return self.read_until is not None and self.tried_at is not None and self.read_until >= self.tried_at

    def due(self, now: datetime) -> bool:
        """Say whether it is time for a new round: at most once an hour."""
        return self.tried_at is None or abs(now - self.tried_at) >= EVERY

    def begun(self, now: datetime) -> OrderState:
        """Return the state at the beginning of a new round; what was read too long ago to go on from is read anew."""
        first = midnight(now - FIRST)
        if self.read_from is None or self.read_until is None or self.read_until < now - FURTHEST:
            return OrderState(self.connected, first, first, now)
        again = max(self.read_from, min(self.read_until, midnight(now - OVERLAP)))
        return OrderState(self.connected, self.read_from, again, now)

    def next_span(self, length: timedelta, needed_from: datetime | None) -> tuple[datetime, datetime] | None:
        """Return what to read next, at most `length` of it, from midnight on; None when nothing is left.

        `needed_from` names earlier orders that are needed, if any.
        """
        if self.read_from is None or self.read_until is None or self.tried_at is None:
            return None
        if self.read_until < self.tried_at:
            return self.read_until, min(midnight(self.read_until + length), self.tried_at)
        earliest = midnight(max(needed_from or self.read_from, self.tried_at - FURTHEST))
        return (max(self.read_from - length, earliest), self.read_from) if earliest < self.read_from else None

    def after(self, start: datetime, end: datetime) -> OrderState:
        """Return the state once a span was read whole."""
        known_from, known_until = self.read_from or start, self.read_until or end
        return OrderState(True, min(known_from, start), max(known_until, end), self.tried_at)

    def refused(self, now: datetime, note: str) -> OrderState:
        """Return the state after the platform said, in these words, that this account may not read its orders."""
        nothing = self.read_from == self.read_until
        return OrderState(False, None if nothing else self.read_from, None if nothing else self.read_until, now, note)


def midnight(at: datetime) -> datetime:
    """Return the beginning of a UTC day: far from the hours in which the platform's clocks change."""
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC)


def order_state(connection: sqlite3.Connection, store_id: int) -> OrderState:
    """Read how far a store's orders were read; of a store whose orders were never asked for, nothing."""
    row = connection.execute(STATE, [store_id]).fetchone()
    if row is None:
        return OrderState()
    connected, read_from, read_until, tried_at, note = row
    return OrderState(bool(connected), moment(read_from), moment(read_until), moment(tried_at), note)


def orders_known(connection: sqlite3.Connection, store_id: int) -> OrdersKnown:
    """Say how far a store's orders are known, for a page."""
    state = order_state(connection, store_id)
    return OrdersKnown(state.connected, state.read_from, state.read_until, state.note)


def keep_order_state(db: Database, store_id: int, state: OrderState) -> None:
    """Record how far a store's orders were read.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    moments = {name: getattr(state, name) for name in ("read_from", "read_until", "tried_at")}
    told = {name: at and to_text(at) for name, at in moments.items()}
    bound = {"store": store_id, "connected": int(state.connected), "note": storable(state.note), **told}
    with transaction(db) as connection:
        before = order_state(connection, store_id)
        connection.execute(KEEP_STATE, bound)
        if (before.connected, before.note) != (state.connected, state.note):
            bump_version(connection)


def record_order_lines(db: Database, store_id: int, lines: Iterable[OrderLine]) -> int:
    """Record lines of orders, those that are known as they are now; return how many were new or other than before.

    Raises:
        StorageError: the snapshot cannot be written.
    """
    rows = [_row(store_id, line) for line in lines]
    with transaction(db) as connection:
        return connection.executemany(KEEP_LINE, rows).rowcount if rows else 0


def _row(store_id: int, line: OrderLine) -> tuple[object, ...]:
    told = (getattr(line, name) for name in LINE)
    return storable_row((store_id, *(to_text(value) if isinstance(value, datetime) else value for value in told)))
