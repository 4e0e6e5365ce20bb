"""All queries on the snapshot, for pages, exports and commands; how each opens the files is in `opened`."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from aexdash.people.acting import rights
from aexdash.snapshot import beacon, health, version
from aexdash.snapshot.alerting.store import StoreFacts
from aexdash.snapshot.compared.listings import Comparison
from aexdash.snapshot.health import StaleAfter
from aexdash.snapshot.history import card_values, counts, new_reasons, series, spikes
from aexdash.snapshot.history.card_values import Combine, Point
from aexdash.snapshot.history.new_reasons import NewReason
from aexdash.snapshot.history.series import Bucket, CardPoint, HeldPoint
from aexdash.snapshot.history.span import Past
from aexdash.snapshot.history.spikes import Spike
from aexdash.snapshot.matched.report import BesideShops
from aexdash.snapshot.measures.measures import Measures
from aexdash.snapshot.opened import OpenSnapshot, codes_held
from aexdash.snapshot.readmodels import Attempt, Facet, KnownListing, ListingCard, Tabs, WorkRow
from aexdash.snapshot.shops.report import ShopReport
from aexdash.snapshot.store_rows import Freshness, RunRow, StoreGauges, StoreHealth, StoreRow
from aexdash.snapshot.stores import Stores, id_of
from aexdash.snapshot.tallies import AtRisk, Blockers, CampaignProgress, DayPoint, Hero, ReasonCount
from aexdash.snapshot.trade.feed_report import FeedReport
from aexdash.snapshot.worklist import at_risk, attempts, facets, kinds, listing, lookup, reason_counts, tabs, unread
from aexdash.snapshot.worklist.attempts import SamePicture
from aexdash.snapshot.worklist.desk_items import DeskState
from aexdash.snapshot.worklist.filters import LASTING, STANDING_CODES, select
from aexdash.snapshot.worklist.kinds import Kinds
from aexdash.snapshot.worklist.rows import stored_rows, work_row, work_rows
from aexdash.snapshot.worklist.stored import Stored
from aexdash.view import View

CHUNK = 500
"""Rows that are read at a time when all rows of a view are streamed."""


class Snapshot(OpenSnapshot):
    """Reads a snapshot, and the desk at `desk_path` for what people decided about its listings.

    `clock` gives the present for ages and snoozes of views without a moment; days begin in `zone`. Every method raises:
    StorageMissing (nothing was synced yet), StorageUnreadable (damaged, not ours, or of an older version),
    StorageTooNew (written by a newer version), StorageBusy (locked for longer than we wait).
    """

    def version(self) -> int:
        """Return a number that grows whenever the data of the snapshot has changed."""
        with self._open() as connection:
            return version.version(connection)

    def behind(self, now: datetime) -> timedelta | None:
        """Return how far this file is behind that of the worker, as `beacon.behind`; None: it is that one."""
        with self._open() as connection:
            return beacon.behind(connection, now)

    def stores(self) -> list[StoreRow]:
        """List all stores that whoever acts may see, archived ones last."""
        with self._open() as connection:
            return [store for store in health.stores(connection) if rights().sees(store.key)]

    def archived(self) -> frozenset[str]:
        """Return the keys of the archived stores, which are left out wherever all stores are meant."""
        return frozenset(store.key for store in self.stores() if not store.watched)

    def freshness(self, store_keys: Stores, now: datetime, stale_after: StaleAfter) -> Freshness:
        """Return how current a store is; of several, the worst."""
        with self._open() as connection:
            return health.freshness(connection, store_keys, now, stale_after)

    def gauges(self, now: datetime) -> list[StoreGauges]:
        """Return what can be measured of each store that is watched."""
        with self._open() as connection:
            return health.gauges(connection, now)

    def hero(self, view: View, *, with_stuck: bool = True) -> Hero:
        """Count the held listings of the view's stores at its moment; its other filters do not apply.

        `with_stuck`: also those in audit for too long, which takes longer than all else.
        """
        with self._open() as connection:
            hero = counts.hero(connection, view.store_keys, view.as_of, self._clock())
            if not hero.auditing or not with_stuck:
                return replace(hero, stuck=hero.auditing if with_stuck else None)
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
            selection = self._select(connection, view, desk)
            return int(connection.execute(selection.query("count(*)"), selection.bound).fetchone()[0])

    def since_not_known(self, view: View) -> int:
        """Count the listings that may be of a view too: nobody saw how long they are held, or have their status."""
        spans = {name: word for name in LASTING if (word := getattr(view, name))}
        if not spans:
            return 0
        with self._open_with_desk() as (connection, desk):
            selection = self._select(connection, view, desk)
            may = " AND ".join(LASTING[name].may_have(word) for name, word in spans.items())
            surely = " AND ".join(LASTING[name].has(word) for name, word in spans.items())
            sql = selection.query("count(*)", without=tuple(spans), tail=f"AND {may} AND NOT ({surely})")
            return int(connection.execute(sql, selection.bound).fetchone()[0])

    def reason_counts(self, view: View) -> list[ReasonCount]:
        """Count the distinct listings of each reason; the view's own filter on reasons does not apply."""
        return reason_counts.reason_counts(self._standing_codes(view), view.provenance)

    def family_counts(self, view: View) -> list[ReasonCount]:
        """Count the distinct listings of each family of reasons; `sole` have no reason of another family."""
        return reason_counts.family_counts(self._standing_codes(view), view.provenance)

    def families_and_reasons(self, view: View) -> tuple[list[ReasonCount], list[ReasonCount]]:
        """Count as `family_counts` and `reason_counts` do, from one reading of the listings."""
        codes = self._standing_codes(view)
        by = view.provenance
        return reason_counts.family_counts(codes, by), reason_counts.reason_counts(codes, by)

    def risk_counts(self, view: View) -> list[ReasonCount]:
        """Count the listings at risk by our findings, in the view's stores and categories, at its moment."""
        return reason_counts.finding_counts(self._standing_codes(at_risk.view_of(view)))

    def at_risk(self, view: View) -> AtRisk:
        """Count the listings at risk in the view's stores, and how many of those on sale were checked so far."""
        with self._open() as connection:
            selection = select(at_risk.view_of(view.unfiltered()), self._clock())
            return at_risk.at_risk(connection, view.store_keys, selection)

    def known_ids(self, ids: Iterable[int]) -> dict[int, list[KnownListing]]:
        """Find listings by product id, in every store; an id that no store has is left out."""
        with self._open() as connection:
            return lookup.by_id(connection, ids)

    def known_skus(self, codes: Iterable[str]) -> dict[str, list[KnownListing]]:
        """Find listings by SKU code, in every store; a code that no listing has is left out."""
        with self._open() as connection:
            return lookup.by_sku(connection, codes)

    def categories(self) -> dict[int, str]:
        """Return the names of the categories that were read, by their id."""
        with self._open() as connection:
            return dict(connection.execute(facets.CATEGORIES).fetchall())

    def facets(self, view: View, names: Sequence[str] = facets.NAMES) -> dict[str, list[Facet]]:
        """Count the listings of each choice of the filters `names`, with all other filters applied.

        What people decided is read for the filters that depend on it alone, which is most of the work.
        """
        with self._open_with_desk() as (connection, desk):
            return facets.count(connection, view, self._select(connection, view, desk), names)

    def page(self, view: View, limit: int, offset: int = 0) -> list[WorkRow]:
        """Read a page of a view's rows, in its order."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(connection, view, desk)
            sql = selection.query("p.id", tail=f"{selection.order} LIMIT :limit OFFSET :offset")
            bound = {**selection.bound, "limit": limit, "offset": offset}
            return work_rows(connection, [period for (period,) in connection.execute(sql, bound)], selection)

    def rows(self, view: View) -> Iterator[WorkRow]:
        """Stream all rows of a view, in its order, from one state of the snapshot; only their ids are in memory."""
        return (work_row(*one) for one in self.stored_rows(view, for_pages=True))

    def stored_rows(self, view: View, *, for_pages: bool = False) -> Iterator[Stored]:
        """Stream the same rows as they are stored; with marks and thumbnails only where they are `for_pages`."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(connection, view, desk)
            sql = selection.query("p.id", tail=selection.order)
            ids = [period for (period,) in connection.execute(sql, selection.bound)]
            for start in range(0, len(ids), CHUNK):
                yield from stored_rows(connection, ids[start : start + CHUNK], selection, for_pages=for_pages)

    def tabs(self, view: View, me: str = "") -> Tabs:
        """Count the listings of a view in each lane.

        The view's own filters on lane and, where they are of the tabs *Mine*, *Regressed* and *Fixed in the shop*, on
        owner, mark and source do not apply. `me`: whose listings `mine` counts; empty: nobody's.
        """
        with self._open_with_desk() as (connection, desk):
            return tabs.tabs(connection, self._select(connection, view, desk), me, tabs.not_counted_by(view, me))

    def kinds(self, view: View, me: str = "") -> Kinds:
        """Count the listings of a view that `kinds.within` has returned by kind; `me`: whose are *mine*."""
        with self._open_with_desk() as (connection, desk):
            return kinds.read(connection, self._select(connection, view, desk), me)

    def targets(self, view: View, limit: int = 5_000) -> list[WorkRow]:
        """Read the rows of a view for a decision on all of it, in its order, with codes but no texts of reasons."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(connection, view, desk)
            sql = selection.query("p.id", tail=f"{selection.order} LIMIT :limit")
            ids = [period for (period,) in connection.execute(sql, {**selection.bound, "limit": limit})]
            return work_rows(connection, ids, selection, texts=False)

    def rows_of(self, keys: Sequence[tuple[str, int]], as_of: datetime | None = None) -> list[WorkRow]:
        """Read listings by (store key, product id), in that order, whatever their status is now.

        One that is not known is left out.
        """
        with self._open_with_desk() as (connection, desk):
            stores = sorted({store for store, _ in keys})
            selection = self._select(connection, View(as_of=as_of), desk, stores)
            return work_rows(connection, lookup.periods(connection, keys, selection.bound), selection)

    def codes_held(self, stores: Stores) -> dict[str, dict[str, int]]:
        """Count the held listings of each store by standing reason code, by store key."""
        with self._open() as connection:
            return codes_held(connection, View(), stores, self._clock())

    def held_unread(self, store_keys: Stores) -> int:
        """Count the listings held now whose details, category, pictures or checks are still to come."""
        with self._open() as connection:
            return unread.held_unread(connection, store_keys)

    def blockers(self, view: View) -> Blockers:
        """Count the listings of a view by the set of reason codes that hold them."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(connection, view, desk)
            sql = selection.query(reason_counts.BLOCKED, tail=reason_counts.AS_BLOCKED)
            return reason_counts.blockers(connection.execute(sql, selection.bound))

    def attempts(self, store_key: str, product_id: int, as_of: datetime | None = None) -> list[Attempt]:
        """List the rejections of a listing up to a moment (None: now), the first one first."""
        with self._open() as connection:
            store = id_of(connection, store_key)
            return [] if store is None else attempts.attempts(connection, store, product_id, as_of)

    def same_picture(self, of: Sequence[Attempt]) -> SamePicture:
        """Return what tells whether two addresses of pictures in these attempts show the same picture."""
        with self._open() as connection:
            return attempts.same_picture(connection, of)

    def campaign(
        self, key: str, members: Sequence[tuple[str, int]] | None = None, made_at: datetime | None = None
    ) -> CampaignProgress:
        """Count where the listings of a campaign are, as last read. `members` are (store key, product id).

        None: those that the desk has under the key of the campaign. What was held neither at `made_at` nor since is not
        cleared by being on sale; None: what was never held.
        """
        with self._open_with_desk() as (connection, desk):
            if members is None:
                members = tabs.members_of(connection, key) if desk is DeskState.NOW else ()
            stores = sorted({store for store, _ in members})
            selection = self._select(connection, View(), desk, stores)
            return tabs.progress(connection, members, selection, self._clock(), made_at)

    def listing(self, store_key: str, product_id: int, as_of: datetime | None = None) -> ListingCard | None:
        """Read everything known of a listing; None where it is not known, or was not yet at that moment."""
        with self._open_with_desk() as (connection, desk):
            selection = self._select(connection, View(store=store_key, as_of=as_of), desk)
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

    def card_lines(
        self, stores: Stores, cards: Mapping[str, Combine], cut: Sequence[Bucket], until: datetime
    ) -> dict[str, list[CardPoint]]:
        """Return the series of several cards, by card key, from one state of the snapshot."""
        with self._open() as connection:
            return {
                key: series.card(connection, stores, key, cut, until, combine=combine) for key, combine in cards.items()
            }

    def spikes(self, store_keys: Stores, last_day: date, count: int, until: datetime | None = None) -> list[Spike]:
        """Find the days, of `count` up to `last_day`, on which far more was held than is usual, and what made them."""
        with self._open() as connection:

            def codes_at(at: datetime) -> Mapping[str, Mapping[str, int]]:
                return codes_held(connection, View(as_of=at), store_keys, self._clock())

            cut = counts.cut(last_day, count + spikes.MOST_DAYS, self.zone)
            together = series.held(connection, store_keys, cut, until or self._clock())
            stores = [one.store for one in together[-1].reach.readings]
            by_store = {key: series.held(connection, (key,), cut, until or self._clock()) for key in stores}
            return spikes.find(together, by_store, codes_at, self.zone, count)

    def new_reasons(self, stores: Stores, start: datetime, until: datetime) -> list[NewReason]:
        """Find the reasons that were new between two moments, after days without them."""
        with self._open() as connection:
            return new_reasons.find(connection, stores, start, until, self.zone)

    def alert_facts(self, store_key: str, appeal_days: Mapping[str, int] | None = None) -> StoreFacts:
        """Return the facts of a store for alert rules; `appeal_days` are the days an appeal is open, by reason code."""
        return StoreFacts(self, self._open, store_key, appeal_days, zone=self.zone)

    def comparison(self, store_keys: Stores) -> Comparison:
        """Return the queries that set listings that moved beside all others."""
        return Comparison(self._open, store_keys)

    def feed(self, store_keys: Stores) -> FeedReport:
        """Return the queries on the validation files of some stores' feeds."""
        return FeedReport(self._open, store_keys)

    def shops(self) -> ShopReport:
        """Return the queries on the seller's own shops, from which listings come."""
        return ShopReport(self._open)

    def beside_shops(self) -> BesideShops:
        """Return the queries on listings beside the shops that they come from."""
        return BesideShops(self._open)

    def _standing_codes(self, view: View) -> Counter[str]:
        with self._open_with_desk() as (connection, desk):
            selection = self._select(connection, view, desk)
            sql = selection.query(STANDING_CODES, without=("reason", "provenance"))
            return Counter(codes for (codes,) in connection.execute(sql, selection.bound))
