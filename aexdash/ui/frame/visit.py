"""A visit: what one run of a page knows and reads.

What it asks of the snapshot is kept by the version of the file and by what is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from aexdash.alerts.episodes import Episodes
from aexdash.alerts.model import Episode
from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.desk.profiles import Profile
from aexdash.model import UNKNOWN_REASON
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import Freshness, StoreRow
from aexdash.view import View
from aexdash.words.common import UNKNOWN_WORDS

P = ParamSpec("P")
T = TypeVar("T")

PAGE_ROWS = 100
"""Rows of the worklist that travel to the browser at once."""

_KEPT_LONG_SECONDS = 600

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
        where = self.view.store_keys or ()
        return self.store_of(where[0]) if len(where) == 1 else None

    @property
    def looked_at(self) -> tuple[StoreRow, ...]:
        """The stores looked at: all that are watched, or those that the view names."""
        where = self.view.store_keys
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
        return self.view.unfiltered().to_query()

    def freshness(self) -> Freshness:
        """How current the stores looked at are; of several the worst."""
        return self.snapshot.freshness(self.view.store_keys, self.now, self.settings.stale_after)

    def ask(self, question: Callable[Concatenate[Snapshot, P], T], *about: P.args, **more: P.kwargs) -> T:
        """Return what the snapshot answers; it is kept for half a minute while neither file changes.

        `question` is a method of `Snapshot`, or a function of a module that takes a snapshot first. What it is asked
        about is told apart by `repr`, so let it name no more than the answer hangs on.
        """
        kept: T = _keeper(question, _KEPT_SECONDS)(self._mark, repr((about, more)), self.snapshot, about, more)
        return kept

    def ask_apart_from_people(
        self, question: Callable[Concatenate[Snapshot, P], T], *about: P.args, **more: P.kwargs
    ) -> T:
        """Return what the snapshot answers on a day; kept for ten minutes, whatever people write on the desk.

        For answers that no decision of people has a part in, and in which ages are told in tenths of days at most.
        """
        keeper = _keeper(question, _KEPT_LONG_SECONDS)
        kept: T = keeper(self._day_mark, repr((about, more)), self.snapshot, about, more)
        return kept

    def open_episodes(self) -> list[Episode]:
        """The alerts that are open of the stores looked at, most severe first, whatever moment the page is about."""
        return Episodes(self.settings.desk_path).open([store.key for store in self.looked_at])

    def label(self, code: str) -> str:
        """The words of a reason code; the unknown reason says what to do."""
        return UNKNOWN_WORDS if code == UNKNOWN_REASON else self.taxonomy.label(code)

    @cached_property
    def _day_mark(self) -> str:
        """Which snapshot, in which state, on which day."""
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


@cache
def _keeper(question: Callable[..., Any], seconds: int) -> Callable[..., Any]:
    """Make what keeps the answers to one question; Streamlit knows it again by its name."""

    def answer(mark: str, about: str, _snapshot: Snapshot, _args: Sequence[Any], _more: Mapping[str, Any]) -> Any:
        return question(_snapshot, *_args, **_more)

    answer.__module__, answer.__qualname__ = question.__module__, f"{question.__qualname__} kept {seconds} s"
    return st.cache_data(max_entries=128, ttl=seconds, show_spinner=False)(answer)
