"""Opening the snapshot to be read, with the desk beside it, and turning a view into SQL on both.

Every call opens its own read-only connection, so it sees one complete sync and never waits for the next one; the calls
of one run of a page share one (`storage.one_state`), so that all its numbers are of one moment.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from aexdash.clock import Clock, system_clock
from aexdash.snapshot.file import reading
from aexdash.snapshot.measures.clocks import clocks
from aexdash.snapshot.stores import CHOSEN, Stores, keys_of
from aexdash.snapshot.worklist import reason_counts
from aexdash.snapshot.worklist.desk_items import DeskState, state_of
from aexdash.snapshot.worklist.filters import Selection, select
from aexdash.view import View


class OpenSnapshot:
    """A snapshot, and the desk at `desk_path` for what people decided about its listings, opened for each question."""

    def __init__(
        self, path: Path, desk_path: Path | None = None, *, clock: Clock = system_clock, zone: tzinfo = UTC
    ) -> None:
        self.path = Path(path)
        self.desk_path = Path(desk_path) if desk_path else None
        self._clock = clock
        self.zone = zone
        self._together: tuple[sqlite3.Connection, DeskState] | None = None

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Answer all calls within the block from one state of the files, over one connection.

        For code that makes hundreds of small calls in a row, in one thread.
        """
        with self._open_with_desk() as opened:
            self._together = opened
            try:
                yield
            finally:
                self._together = None

    def now(self) -> datetime:
        """Return the present moment, which is that of views without a moment."""
        return self._clock()

    def _select(self, connection: sqlite3.Connection, view: View, desk: DeskState, stores: Stores = None) -> Selection:
        """Turn a view into SQL. `stores`: those of which rows are read, where the view does not name them."""
        now, of = self._clock(), view.store_keys or stores
        kept, waits_for_more = clocks(connection, of, view.as_of, now, desk)
        if waits_for_more:
            kept = replace(kept, codes_now=codes_held(connection, View(as_of=view.as_of), of, now))
        return select(view, now, desk, kept)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if self._together:
            yield self._together[0]
            return
        with reading(self.path) as connection:
            yield connection

    @contextlib.contextmanager
    def _open_with_desk(self) -> Iterator[tuple[sqlite3.Connection, DeskState]]:
        if self._together:
            yield self._together
            return
        desk = self.desk_path if self.desk_path and self.desk_path.exists() else None
        with reading(self.path, beside=desk) as connection:
            yield connection, state_of(connection) if desk else DeskState.NONE


def codes_held(connection: sqlite3.Connection, view: View, stores: Stores, now: datetime) -> dict[str, dict[str, int]]:
    """Count the listings of a view in some stores by standing reason code, by store key."""
    selection = select(view, now)
    sql = selection.query("st.key, p.codes, count(*)", without=("store",), tail=f"AND {CHOSEN} GROUP BY 1, 2")
    by_store: dict[str, Counter[str]] = defaultdict(Counter)
    for store, codes, listings in connection.execute(sql, {**selection.bound, "keys": keys_of(stores)}):
        by_store[store][codes] = listings
    return {store: reason_counts.code_counts(listings) for store, listings in by_store.items()}
