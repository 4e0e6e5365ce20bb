"""A visit: what one run of a page knows and reads.

Reads are kept by the version of the snapshot and the words of the view.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

import streamlit as st

from aexdash.alerts.episodes import Episodes
from aexdash.alerts.model import Episode
from aexdash.cards import CARDS, CardValue, values, values_before
from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.desk.profiles import Profile
from aexdash.model import UNKNOWN_REASON
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.history.series import Grain, buckets
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import (
    AtRisk,
    Bridge,
    DayPoint,
    Facet,
    Freshness,
    Hero,
    ReasonCount,
    StoreRow,
    WorkRow,
)
from aexdash.snapshot.worklist.stores import Stores
from aexdash.view import View
from aexdash.words.common import UNKNOWN_WORDS

Where = tuple[str, ...] | None
"""The keys of the stores looked at; None is all that are watched."""

PAGE_ROWS = 100
"""Rows of the worklist that travel to the browser at once."""

CARD_DAYS = 30
"""Days of the line of a card."""

_CARDS_KEPT_SECONDS = 600
"""Of all that cards say, ages alone move while the snapshot does not, and they are shown in tenths of days."""

_KEPT_SECONDS = 30
"""An age filter moves with the clock although the snapshot does not, so nothing is kept for longer."""


@dataclass(frozen=True)
class Visit:
    """One run of a page: settings, the snapshot, the words of reasons, the view asked for and the clock."""

    settings: Settings
    snapshot: Snapshot
    taxonomy: Taxonomy
    stores: tuple[StoreRow, ...]
    view: View
    clock: Clock
    profiles: tuple[Profile, ...] = ()

    @property
    def now(self) -> datetime:
        """The present moment by the page's clock."""
        return self.clock()

    @property
    def moment(self) -> datetime:
        """The moment the page is about: the view's, else now."""
        return self.view.as_of or self.now

    @property
    def store(self) -> StoreRow | None:
        """The store looked at; None when it is all of several."""
        if len(self.stores) == 1:
            return self.stores[0]
        where = self.view.where or ()
        return self.store_of(where[0]) if len(where) == 1 else None

    @property
    def looked_at(self) -> tuple[StoreRow, ...]:
        """The stores looked at: all that are watched, or those that the view names."""
        where = self.view.where
        return tuple(store for store in self.stores if (store.watched if where is None else store.key in where))

    def store_of(self, key: str) -> StoreRow | None:
        """The store under a key."""
        return next((store for store in self.stores if store.key == key), None)

    @property
    def profile(self) -> Profile | None:
        """The profile looked at."""
        return next((profile for profile in self.profiles if profile.name == self.view.profile), None)

    def title_of(self, key: str) -> str:
        """The title of a store; the key of one that was never read."""
        store = self.store_of(key)
        return store.title if store else f"{key} (never read)"

    def with_view(self, view: View) -> Visit:
        """The same visit with another view."""
        return replace(self, view=view)

    def kept(self) -> dict[str, str]:
        """The URL parameters that go along from page to page: the store or profile and the moment."""
        return self.view.place().to_query()

    def freshness(self) -> Freshness:
        """How current the stores looked at are; of several the worst."""
        return self.snapshot.freshness(self.view.where, self.now, self.settings.stale_after)

    def hero(self) -> Hero:
        """The hero count at the moment of the visit."""
        view = self.view.place()
        return _hero(self._mark, _words(view), self.snapshot, view)

    def days(self, count: int) -> list[DayPoint]:
        """The closing counts of the last days; a past moment ends its own day, what came later is not shown."""
        days = _days(self._mark, self.view.where, self.moment.date(), count, self.snapshot)
        if self.view.as_of is None:
            return days
        hero = self.hero()
        return [*days[:-1], DayPoint(days[-1].day, hero.rejected, hero.auditing, hero.active, hero.total, None)]

    def bridge(self, start: datetime, end: datetime) -> Bridge:
        """The books between two moments."""
        return self.snapshot.bridge(self.view.where, start, end)

    def today(self) -> Bridge:
        """The books since midnight UTC of the moment's day."""
        midnight = self.moment.replace(hour=0, minute=0, second=0, microsecond=0)
        return self.bridge(midnight, self.moment)

    def reason_counts(self) -> list[ReasonCount]:
        """Distinct listings by reason for everything in the view but its reasons."""
        view = self.view.but(reasons=(), provenance=(), order="oldest")
        return _reason_counts(self._mark, _words(view), self.snapshot, view)

    def family_counts(self) -> list[ReasonCount]:
        """Distinct listings by family of reasons, for the same listings; *sole* means no reason of another family."""
        view = self.view.but(reasons=(), provenance=(), order="oldest")
        return _family_counts(self._mark, _words(view), self.snapshot, view)

    def card_values(self) -> dict[str, CardValue]:
        """What every card says, by key, of the stores and the moment of the visit."""
        return _card_values(self._cards_mark, self.view.where, self.view.as_of, self.snapshot)

    def card_values_before(self) -> dict[str, CardValue]:
        """What every card said in the period before, by key; of those that are compared."""
        return _card_values_before(self._cards_mark, self.view.where, self.view.as_of, self.snapshot)

    def card_lines(self) -> dict[str, list[float | None]]:
        """What every card said at the end of each of the last 30 days, by key, the moment last; None is a gap."""
        first = midnight_before(self.moment, CARD_DAYS - 1).date()
        return _card_lines(self._cards_mark, self.view.where, self.view.as_of, first, self.snapshot, self.moment)

    def at_risk(self) -> AtRisk:
        """How many listings are at risk before an audit, and how far that is known."""
        view = self.view.place()
        return _at_risk(self._mark, _words(view), self.snapshot, view)

    def risk_counts(self) -> list[ReasonCount]:
        """Distinct listings at risk by reason."""
        view = self.view.place()
        return _risk_counts(self._mark, _words(view), self.snapshot, view)

    def count(self) -> int:
        """How many distinct listings the view shows."""
        view = self.view.but(order="oldest")
        if not view.provenance and len(view.reasons) == 1:
            # The chips already know this number: a click on one of them waits for no query.
            known = {reason.code: reason.listings for reason in (*self.family_counts(), *self.reason_counts())}
            if view.reasons[0] in known:
                return known[view.reasons[0]]
        return _count(self._mark, _words(view), self.snapshot, view)

    def facets(self) -> dict[str, list[Facet]]:
        """The choices of the other filters with their counts."""
        view = self.view.but(order="oldest")
        return _facets(self._mark, _words(view), self.snapshot, view)

    def page(self, number: int) -> list[WorkRow]:
        """One page of rows, from 1."""
        return _page(self._mark, _words(self.view), number, self.snapshot, self.view)

    def open_episodes(self) -> list[Episode]:
        """The alerts that are open of the stores looked at, most severe first, whatever moment the page is about."""
        return Episodes(self.settings.desk_path).open([store.key for store in self.looked_at])

    def label(self, code: str) -> str:
        """The words of a reason code; the unknown reason says what to do."""
        return UNKNOWN_WORDS if code == UNKNOWN_REASON else self.taxonomy.label(code)

    @cached_property
    def _cards_mark(self) -> str:
        """What the cards hang on: the snapshot and the day, whatever people write on the desk."""
        return f"{self.settings.snapshot_path}|{self.snapshot.version()}|{self.now.date()}"

    @cached_property
    def _mark(self) -> str:
        """What the cached reads hang on: which files, and in which state."""
        desk = self.settings.desk_path
        stamps = [path.stat() for path in (desk, desk.with_name(desk.name + "-wal")) if path.exists()]
        touched = "/".join(f"{stamp.st_mtime_ns}.{stamp.st_size}" for stamp in stamps)
        return f"{self.settings.snapshot_path}|{self.snapshot.version()}|{touched}"


def midnight_before(moment: datetime, days: int) -> datetime:
    """Midnight UTC so many days before the moment's day."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)


def _words(view: View) -> str:
    return urlencode(view.to_query())


_kept = st.cache_data(max_entries=128, ttl=_KEPT_SECONDS, show_spinner=False)
_kept_cards = st.cache_data(max_entries=128, ttl=_CARDS_KEPT_SECONDS, show_spinner=False)


@_kept
def _hero(mark: str, words: str, _snapshot: Snapshot, _view: View) -> Hero:
    return _snapshot.hero(_view)


@_kept
def _days(mark: str, where: Stores, last: date, count: int, _snapshot: Snapshot) -> list[DayPoint]:
    return _snapshot.days(where, last, count)


@_kept
def _reason_counts(mark: str, words: str, _snapshot: Snapshot, _view: View) -> list[ReasonCount]:
    return _snapshot.reason_counts(_view)


@_kept
def _family_counts(mark: str, words: str, _snapshot: Snapshot, _view: View) -> list[ReasonCount]:
    return _snapshot.family_counts(_view)


@_kept_cards
def _card_values(mark: str, where: Where, as_of: datetime | None, _snapshot: Snapshot) -> dict[str, CardValue]:
    return values(_snapshot.measures(where, as_of))


@_kept_cards
def _card_values_before(mark: str, where: Where, as_of: datetime | None, _snapshot: Snapshot) -> dict[str, CardValue]:
    return values_before(_snapshot.measures(where, as_of))


@_kept_cards
def _card_lines(
    mark: str, where: Stores, as_of: datetime | None, first: date, _snapshot: Snapshot, _until: datetime
) -> dict[str, list[float | None]]:
    cut = buckets(Grain.DAY, first, _until)
    return {
        card.key: _snapshot.card_series(where, card.key, cut, _until, combine=card.combine) for card in CARDS.values()
    }


@_kept
def _at_risk(mark: str, words: str, _snapshot: Snapshot, _view: View) -> AtRisk:
    return _snapshot.at_risk(_view)


@_kept
def _risk_counts(mark: str, words: str, _snapshot: Snapshot, _view: View) -> list[ReasonCount]:
    return _snapshot.risk_counts(_view)


@_kept
def _count(mark: str, words: str, _snapshot: Snapshot, _view: View) -> int:
    return _snapshot.count(_view)


@_kept
def _facets(mark: str, words: str, _snapshot: Snapshot, _view: View) -> dict[str, list[Facet]]:
    return _snapshot.facets(_view)


@_kept
def _page(mark: str, words: str, number: int, _snapshot: Snapshot, _view: View) -> list[WorkRow]:
    return _snapshot.page(_view, PAGE_ROWS, (number - 1) * PAGE_ROWS)
