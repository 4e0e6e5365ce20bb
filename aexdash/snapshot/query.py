"""The snapshot as pages, exports and commands read it.

Every call opens its own read-only connection, so it sees one whole sync and never waits for the next.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from aexdash.clock import Clock, system_clock
from aexdash.model import Status
from aexdash.snapshot import health as condition
from aexdash.snapshot import version
from aexdash.snapshot.alerting.store import StoreFacts
from aexdash.snapshot.file import reading
from aexdash.snapshot.health import StaleAfter
from aexdash.snapshot.history import card_values, counts, new_reasons, series
from aexdash.snapshot.history.card_values import Combine, Point
from aexdash.snapshot.history.new_reasons import NewReason
from aexdash.snapshot.history.series import Bucket, HeldPoint
from aexdash.snapshot.history.span import Past
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.readmodels import (
    AtRisk,
    Bridge,
    DayPoint,
    Facet,
    Freshness,
    Hero,
    KnownListing,
    ListingCard,
    ReasonCount,
    RunRow,
    StoreHealth,
    StoreRow,
    WorkRow,
)
from aexdash.snapshot.stores import Stores
from aexdash.snapshot.trade.feed_report import FeedReport
from aexdash.snapshot.worklist import (
    at_risk as risk,
)
from aexdash.snapshot.worklist import (
    facets,
    lookup,
)
from aexdash.snapshot.worklist import (
    listing as card,
)
from aexdash.snapshot.worklist import (
    reason_counts as counting,
)
from aexdash.snapshot.worklist.filters import STANDING_CODES, Selection, select
from aexdash.snapshot.worklist.rows import work_rows
from aexdash.view import View

CHUNK = 500
"""Rows read at a time when all of a view are streamed."""

DESK_IS_MADE = "SELECT EXISTS (SELECT 1 FROM desk.sqlite_master WHERE name = 'work_item')"
"""Another process may have created the file and not its tables yet."""


class Snapshot:
    """Reads a snapshot, with what people decided about its listings where `desk_path` names a desk file.

    `clock` says now, for ages and snoozes of views that name no moment. Every method raises:
    StorageMissing (nothing was synced yet), StorageUnreadable (damaged, not ours, or of an older version),
    StorageTooNew (written by a newer version), StorageBusy (locked for longer than we wait).
    """

    def __init__(self, path: Path, desk_path: Path | None = None, *, clock: Clock = system_clock) -> None:
        self.path = Path(path)
        self.desk_path = Path(desk_path) if desk_path else None
        self._clock = clock
        self._together: tuple[sqlite3.Connection, bool] | None = None

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Answer all that is asked within the block from one moment of the files, over one connection.

        For whoever asks hundreds of small questions in a row, in one thread.
        """
        with self._open_with_desk() as opened:
            self._together = opened
            try:
                yield
            finally:
                self._together = None

    def version(self) -> int:
        """Return a number that grows whenever what the snapshot shows has changed."""
        with self._open() as connection:
            return version.version(connection)

    def now(self) -> datetime:
        """Return the present moment, which views that name none are about."""
        return self._clock()

    def stores(self) -> list[StoreRow]:
        """List the stores, those kept for their history last."""
        with self._open() as connection:
            return condition.stores(connection)

    def freshness(self, where: Stores, now: datetime, stale_after: StaleAfter) -> Freshness:
        """Say how current a store is; of several, the worst."""
        with self._open() as connection:
            return condition.freshness(connection, where, now, stale_after)

    def hero(self, view: View) -> Hero:
        """Count what is held in the view's stores at its moment; the other filters do not touch the hero."""
        with self._open() as connection:
            return counts.hero(connection, view.where, view.as_of, self._clock())

    def days(self, where: Stores, last_day: date, count: int) -> list[DayPoint]:
        """Return `count` UTC days up to `last_day`, oldest first; a day that no complete run covers is a gap."""
        with self._open() as connection:
            return counts.days(connection, where, last_day, count)

    def bridge(self, where: Stores, start: datetime, end: datetime) -> Bridge:
        """Return the books of what is held: opening + entered - left = closing."""
        with self._open() as connection:
            return counts.bridge(connection, where, start, end)

    def count(self, view: View) -> int:
        """Count the listings of a view."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(view, desk)
            return int(connection.execute(selection.query("count(*)"), selection.bound).fetchone()[0])

    def reason_counts(self, view: View) -> list[ReasonCount]:
        """Count distinct listings a reason; the view's own reasons and provenance aside."""
        return counting.reason_counts(self._standing_codes(view))

    def family_counts(self, view: View) -> list[ReasonCount]:
        """Count distinct listings a family of reasons; `sole` have none of another family."""
        return counting.family_counts(self._standing_codes(view))

    def risk_counts(self, view: View) -> list[ReasonCount]:
        """Count the listings at risk by what we found, in the view's stores and categories, at its moment."""
        return counting.finding_counts(self._standing_codes(_at_risk(view)))

    def at_risk(self, view: View) -> AtRisk:
        """Count the listings at risk in the view's stores, and say how many of those on sale were checked so far."""
        with self._open() as connection:
            return risk.at_risk(connection, view.where, self._select(_at_risk(view.place()), desk=False))

    def known_ids(self, ids: Iterable[int]) -> dict[int, list[KnownListing]]:
        """Find listings by product id, in every store; an id that none has is left out."""
        with self._open() as connection:
            return lookup.by_id(connection, ids)

    def known_skus(self, codes: Iterable[str]) -> dict[str, list[KnownListing]]:
        """Find listings by SKU code, in every store; a code that none has is left out."""
        with self._open() as connection:
            return lookup.by_sku(connection, codes)

    def facets(self, view: View) -> dict[str, list[Facet]]:
        """Count the choices of each filter of `facets.NAMES` with all the others on."""
        with self._open_with_desk() as (connection, desk):
            return facets.count(connection, self._select(view, desk))

    def page(self, view: View, limit: int, offset: int = 0) -> list[WorkRow]:
        """Read a page of a view's rows, in its order."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(view, desk)
            sql = selection.query("p.id", tail=f"{selection.order} LIMIT :limit OFFSET :offset")
            bound = {**selection.bound, "limit": limit, "offset": offset}
            return work_rows(connection, [found for (found,) in connection.execute(sql, bound)], selection)

    def rows(self, view: View) -> Iterator[WorkRow]:
        """Stream all rows of a view, in its order, from one moment of the snapshot; memory stays flat."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(view, desk)
            ids = [
                found for (found,) in connection.execute(selection.query("p.id", tail=selection.order), selection.bound)
            ]
            for start in range(0, len(ids), CHUNK):
                yield from work_rows(connection, ids[start : start + CHUNK], selection)

    def listing(self, store_key: str, product_id: int, as_of: datetime | None = None) -> ListingCard | None:
        """Read everything known of a listing; None where it is not known, or was not yet at that moment."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(View(store=store_key, as_of=as_of), desk)
            store = connection.execute("SELECT id FROM store WHERE key = ?", [store_key]).fetchone()
            return card.listing(connection, store[0], product_id, as_of, selection) if store else None

    def runs(self, limit: int, where: Stores = None) -> list[RunRow]:
        """List the latest sync runs, the newest first."""
        with self._open() as connection:
            return condition.runs(connection, where, limit)

    def health(self, now: datetime, stale_after: StaleAfter, where: Stores = None) -> list[StoreHealth]:
        """Describe each store's condition."""
        with self._open() as connection:
            return condition.health(connection, now, stale_after, where)

    def measures(self, stores: Sequence[str] | None, as_of: datetime | None = None, *, zone: tzinfo = UTC) -> Measures:
        """Return what the cards count, of some stores (None: all that are watched) at a moment (None: now).

        Windows of whole days are made of the days of `zone`.
        """
        return Measures(self._open, stores, as_of, self._clock(), zone=zone)

    def past(self, where: Stores) -> Past:
        """Return what moved between two moments, and what was held at one, in some stores."""
        return Past(self._open, where)

    def card_history(
        self,
        stores: Sequence[str] | None,
        card_key: str,
        start: datetime,
        end: datetime,
        *,
        combine: Combine = Combine.SUM,
    ) -> list[Point]:
        """Return what a card said from `start` to `end`: a point wherever it changed, the first at `start`."""
        with self._open() as connection:
            return card_values.history(connection, stores, card_key, start, end, combine=combine)

    def held_series(self, stores: Stores, cut: Sequence[Bucket], until: datetime) -> list[HeldPoint]:
        """Count what was held at the end of each hour, day or week, up to a moment; None is a gap."""
        with self._open() as connection:
            return series.held(connection, stores, cut, until)

    def card_series(
        self,
        stores: Stores,
        card_key: str,
        cut: Sequence[Bucket],
        until: datetime,
        *,
        combine: Combine = Combine.SUM,
    ) -> list[float | None]:
        """Return what a card said at the end of each hour, day or week, up to a moment; None is a gap."""
        with self._open() as connection:
            return series.card(connection, stores, card_key, cut, until, combine=combine)

    def new_reasons(self, stores: Stores, start: datetime, until: datetime) -> list[NewReason]:
        """Find the days between two moments on which the mix of reasons changed."""
        with self._open() as connection:
            return new_reasons.find(connection, stores, start, until)

    def alert_facts(self, store_key: str, appeal_days: Mapping[str, int] | None = None) -> StoreFacts:
        """Return what rules ask of a store; `appeal_days` says how long an appeal is open, by reason code."""
        return StoreFacts(self, self._open, store_key, appeal_days)

    def feed(self, where: Stores) -> FeedReport:
        """Return what the validation files of some stores' feeds say."""
        return FeedReport(self._open, where)

    def _standing_codes(self, view: View) -> Counter[str]:
        with self._open_with_desk() as (connection, desk):
            selection = self._select(view, desk)
            sql = selection.query(STANDING_CODES, but=("reason", "provenance"))
            return Counter(codes for (codes,) in connection.execute(sql, selection.bound))

    def _select(self, view: View, desk: bool) -> Selection:
        return select(view, self._clock(), desk=desk)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if self._together:
            yield self._together[0]
            return
        with reading(self.path) as connection:
            yield connection

    @contextlib.contextmanager
    def _open_with_desk(self) -> Iterator[tuple[sqlite3.Connection, bool]]:
        if self._together:
            yield self._together
            return
        desk = self.desk_path if self.desk_path and self.desk_path.exists() else None
        with reading(self.path, beside=desk) as connection:
            connection.create_function("fold", 1, _fold, deterministic=True)
            yield connection, desk is not None and bool(connection.execute(DESK_IS_MADE).fetchone()[0])


def _fold(text: str | None) -> str:
    return (text or "").casefold()


def _at_risk(view: View) -> View:
    """What is at risk of what a view looks at: the filters that mean held listings left out."""
    return view.but(statuses=(Status.ACTIVE,), audit_kinds=(), reasons=(), provenance=(), resubmit=(), stages=())
