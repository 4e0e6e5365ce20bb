"""All queries on the snapshot, for pages, exports and commands.

Every call opens its own read-only connection, so it sees one complete sync and never waits for the next one.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

from aexdash.clock import Clock, system_clock
from aexdash.model import Status
from aexdash.snapshot import health, version
from aexdash.snapshot.alerting.store import StoreFacts
from aexdash.snapshot.file import reading
from aexdash.snapshot.health import StaleAfter
from aexdash.snapshot.history import card_values, counts, new_reasons, series
from aexdash.snapshot.history.card_values import Combine, Point
from aexdash.snapshot.history.new_reasons import NewReason
from aexdash.snapshot.history.series import Bucket, CardPoint, HeldPoint
from aexdash.snapshot.history.span import Past
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.readmodels import (
    AtRisk,
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
from aexdash.snapshot.stores import Stores, id_of
from aexdash.snapshot.trade.feed_report import FeedReport
from aexdash.snapshot.worklist import at_risk, facets, listing, lookup, reason_counts
from aexdash.snapshot.worklist.filters import STANDING_CODES, Selection, select
from aexdash.snapshot.worklist.rows import work_rows
from aexdash.view import View

CHUNK = 500
"""Rows that are read at a time when all rows of a view are streamed."""

DESK_IS_MADE = "SELECT EXISTS (SELECT 1 FROM desk.sqlite_master WHERE name = 'work_item')"
"""Whether the desk has its tables; another process may have created the file just now."""


class Snapshot:
    """Reads a snapshot, and the desk at `desk_path` for what people decided about its listings.

    `clock` gives the present for ages and snoozes of views without a moment; days begin in `zone`. Every method raises:
    StorageMissing (nothing was synced yet), StorageUnreadable (damaged, not ours, or of an older version),
    StorageTooNew (written by a newer version), StorageBusy (locked for longer than we wait).
    """

    def __init__(
        self, path: Path, desk_path: Path | None = None, *, clock: Clock = system_clock, zone: tzinfo = UTC
    ) -> None:
        self.path = Path(path)
        self.desk_path = Path(desk_path) if desk_path else None
        self._clock = clock
        self.zone = zone
        self._together: tuple[sqlite3.Connection, bool] | None = None

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

    def version(self) -> int:
        """Return a number that grows whenever the data of the snapshot has changed."""
        with self._open() as connection:
            return version.version(connection)

    def now(self) -> datetime:
        """Return the present moment, which is that of views without a moment."""
        return self._clock()

    def stores(self) -> list[StoreRow]:
        """List all stores, archived ones last."""
        with self._open() as connection:
            return health.stores(connection)

    def freshness(self, store_keys: Stores, now: datetime, stale_after: StaleAfter) -> Freshness:
        """Return how current a store is; of several, the worst."""
        with self._open() as connection:
            return health.freshness(connection, store_keys, now, stale_after)

    def hero(self, view: View) -> Hero:
        """Count the held listings of the view's stores at its moment; its other filters do not apply."""
        with self._open() as connection:
            hero = counts.hero(connection, view.store_keys, view.as_of, self._clock())
            if not hero.auditing:
                return replace(hero, stuck=hero.auditing)
            same = Measures(
                lambda: contextlib.nullcontext(connection), view.store_keys, view.as_of, self._clock(), zone=self.zone
            )
            stuck = same.stuck()
            return replace(hero, stuck=stuck.listings if stuck else None)

    def days(self, store_keys: Stores, last_day: date, count: int, until: datetime | None = None) -> list[DayPoint]:
        """Return `count` days up to `last_day`, oldest first; a day that no complete run covers is a gap.

        No day ends after `until` (None: now).
        """
        with self._open() as connection:
            return counts.days(connection, store_keys, last_day, count, until=until or self._clock(), zone=self.zone)

    def count(self, view: View) -> int:
        """Count the listings of a view."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(view, desk)
            return int(connection.execute(selection.query("count(*)"), selection.bound).fetchone()[0])

    def reason_counts(self, view: View) -> list[ReasonCount]:
        """Count the distinct listings of each reason; the view's own filters on reasons and provenance do not apply."""
        return reason_counts.reason_counts(self._standing_codes(view))

    def family_counts(self, view: View) -> list[ReasonCount]:
        """Count the distinct listings of each family of reasons; `sole` have no reason of another family."""
        return reason_counts.family_counts(self._standing_codes(view))

    def risk_counts(self, view: View) -> list[ReasonCount]:
        """Count the listings at risk by our findings, in the view's stores and categories, at its moment."""
        return reason_counts.finding_counts(self._standing_codes(_at_risk(view)))

    def at_risk(self, view: View) -> AtRisk:
        """Count the listings at risk in the view's stores, and how many of those on sale were checked so far."""
        with self._open() as connection:
            return at_risk.at_risk(connection, view.store_keys, self._select(_at_risk(view.unfiltered()), desk=False))

    def known_ids(self, ids: Iterable[int]) -> dict[int, list[KnownListing]]:
        """Find listings by product id, in every store; an id that no store has is left out."""
        with self._open() as connection:
            return lookup.by_id(connection, ids)

    def known_skus(self, codes: Iterable[str]) -> dict[str, list[KnownListing]]:
        """Find listings by SKU code, in every store; a code that no listing has is left out."""
        with self._open() as connection:
            return lookup.by_sku(connection, codes)

    def facets(self, view: View) -> dict[str, list[Facet]]:
        """Count the listings of each choice of the filters `facets.NAMES`, with all other filters applied."""
        with self._open_with_desk() as (connection, desk):
            return facets.count(connection, self._select(view, desk))

    def page(self, view: View, limit: int, offset: int = 0) -> list[WorkRow]:
        """Read a page of a view's rows, in its order."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(view, desk)
            sql = selection.query("p.id", tail=f"{selection.order} LIMIT :limit OFFSET :offset")
            bound = {**selection.bound, "limit": limit, "offset": offset}
            return work_rows(connection, [period for (period,) in connection.execute(sql, bound)], selection)

    def rows(self, view: View) -> Iterator[WorkRow]:
        """Stream all rows of a view, in its order, from one state of the snapshot; only their ids are in memory."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(view, desk)
            sql = selection.query("p.id", tail=selection.order)
            ids = [period for (period,) in connection.execute(sql, selection.bound)]
            for start in range(0, len(ids), CHUNK):
                yield from work_rows(connection, ids[start : start + CHUNK], selection)

    def listing(self, store_key: str, product_id: int, as_of: datetime | None = None) -> ListingCard | None:
        """Read everything known of a listing; None where it is not known, or was not yet at that moment."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(View(store=store_key, as_of=as_of), desk)
            store = id_of(connection, store_key)
            return listing.listing(connection, store, product_id, as_of, selection) if store is not None else None

    def runs(self, limit: int, store_keys: Stores = None) -> list[RunRow]:
        """List the latest sync runs, the newest first."""
        with self._open() as connection:
            return health.runs(connection, store_keys, limit)

    def health(self, now: datetime, stale_after: StaleAfter, store_keys: Stores = None) -> list[StoreHealth]:
        """Return the condition of each store, archived ones last."""
        with self._open() as connection:
            return health.health(connection, now, stale_after, store_keys)

    def measures(self, stores: Sequence[str] | None, as_of: datetime | None = None) -> Measures:
        """Return the measures of the cards, of some stores (None: all that are watched) at a moment (None: now).

        Windows of whole days consist of the calendar days of the zone.
        """
        return Measures(self._open, stores, as_of, self._clock(), zone=self.zone)

    def past(self, store_keys: Stores) -> Past:
        """Return the queries on the past of some stores: moves between two moments, and what was held at one."""
        return Past(self._open, store_keys)

    def card_history(
        self,
        stores: Sequence[str] | None,
        card_key: str,
        start: datetime,
        end: datetime,
        *,
        combine: Combine = Combine.SUM,
    ) -> list[Point]:
        """Return the values of a card from `start` to `end`: a point wherever it changed, the first at `start`."""
        with self._open() as connection:
            return card_values.history(connection, stores, card_key, start, end, combine=combine)

    def held_series(self, stores: Stores, cut: Sequence[Bucket], until: datetime) -> list[HeldPoint]:
        """Count what was held by the end of each hour, day or week, up to a moment; None is a gap."""
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
    ) -> list[CardPoint]:
        """Return the value of a card by the end of each hour, day or week, up to a moment; None is a gap."""
        with self._open() as connection:
            return series.card(connection, stores, card_key, cut, until, combine=combine)

    def new_reasons(self, stores: Stores, start: datetime, until: datetime) -> list[NewReason]:
        """Find the reasons that were new between two moments, after days without them."""
        with self._open() as connection:
            return new_reasons.find(connection, stores, start, until, self.zone)

    def alert_facts(self, store_key: str, appeal_days: Mapping[str, int] | None = None) -> StoreFacts:
        """Return the facts of a store for alert rules; `appeal_days` are the days an appeal is open, by reason code."""
        return StoreFacts(self, self._open, store_key, appeal_days, zone=self.zone)

    def feed(self, store_keys: Stores) -> FeedReport:
        """Return the queries on the validation files of some stores' feeds."""
        return FeedReport(self._open, store_keys)

    def _standing_codes(self, view: View) -> Counter[str]:
        with self._open_with_desk() as (connection, desk):
            selection = self._select(view, desk)
            sql = selection.query(STANDING_CODES, without=("reason", "provenance"))
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
    """Return the view of the listings at risk: without the filters of a view that only fit held listings."""
    return view.replace(statuses=(Status.ACTIVE,), audit_kinds=(), reasons=(), provenance=(), resubmit=(), stages=())
