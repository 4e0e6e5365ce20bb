"""A visit: what one run of a page knows and reads.

Answers of the snapshot are cached by question and by the version of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import cache, cached_property, lru_cache
from operator import is_
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from aexdash.alerts.episodes.episodes import Episodes
from aexdash.alerts.model import Episode
from aexdash.clock import Clock, day_of, midnight
from aexdash.config import preparing
from aexdash.config.settings import Settings
from aexdash.desk.profiles import Profile
from aexdash.model import UNKNOWN_REASON
from aexdash.people.acting import rights, why_not
from aexdash.people.rights import Role
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot import beacon
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import Freshness, StoreRow
from aexdash.statement import Reach
from aexdash.storage.one_state import looked_up, stamp
from aexdash.view import View
from aexdash.words.listings.listing import UNKNOWN_WORDS

P = ParamSpec("P")
T = TypeVar("T")

PAGE_ROWS = 100
"""Rows on one page of a list."""

_KEPT_LONG_SECONDS = 600

_KEPT_SECONDS = 30
"""Snoozes end with the clock, and ages grow with a run that found no news, although no file changes its mark."""


LATE_STEP = timedelta(seconds=10)
"""How long what is kept of a copy that is late is kept, for it says how late."""


@dataclass(frozen=True)
class Visit:
    """One run of a page: settings, snapshot, taxonomy of reasons, stores, the view of the address and the clock.

    `problem` is the sentence why the files of the settings cannot be used, and those read before are in force.
    """

    settings: Settings
    snapshot: Snapshot
    taxonomy: Taxonomy
    stores: tuple[StoreRow, ...]
    view: View
    clock: Clock
    profiles: tuple[Profile, ...] = ()
    problem: str = ""

    @property
    def now(self) -> datetime:
        """The present moment by the page's clock: one for all that a run of the page says."""
        return looked_up(("now", self.clock), self.clock)

    @property
    def moment(self) -> datetime:
        """The moment the page is about: the view's, else now."""
        return self.view.as_of or self.now

    @property
    def up_to(self) -> datetime:
        """The latest moment to ask of: that of the page; of now, when answers of these files were first asked for.

        That is at most half a minute ago, and no reading has told and nobody has changed anything since: so answers up
        to it are kept too.
        """
        return self.view.as_of or min(self.ask(Snapshot.now), self.now)

    @property
    def known_until(self) -> datetime:
        """The latest moment to tell of: `up_to`; where all shown stores are archived, their last reading."""
        if any(store.watched for store in self.looked_at):
            return self.up_to
        read = [one.read_at for one in self.reach().readings if one.read_at]
        return min(max(read, default=self.moment), self.moment)

    @property
    def store(self) -> StoreRow | None:
        """The one store that is shown; None when several are."""
        if len(self.stores) == 1:
            return self.stores[0]
        where = self.view.store_keys or ()
        return self.store_of(where[0]) if len(where) == 1 else None

    @property
    def looked_at(self) -> tuple[StoreRow, ...]:
        """The stores that are shown: those the view names, else all that are watched."""
        where = self.view.store_keys
        return tuple(store for store in self.stores if (store.watched if where is None else store.key in where))

    def store_of(self, key: str) -> StoreRow | None:
        """The store under a key."""
        return next((store for store in self.stores if store.key == key), None)

    @property
    def profile(self) -> Profile | None:
        """The profile that the view names; None when it names none."""
        return next((profile for profile in self.profiles if profile.name == self.view.profile), None)

    def title_of(self, key: str) -> str:
        """The title of a store; for one that was never read its key, marked so."""
        store = self.store_of(key)
        return store.title if store else f"{key} (never read)"

    @property
    def titles(self) -> dict[str, str]:
        """The titles of all stores, by key."""
        return {store.key: store.title for store in self.stores}

    def may(self, role: Role) -> bool:
        """Whether who is here has a role in every store that is shown. It is for hiding what would be refused."""
        return not self.why_not(role)

    def why_not(self, role: Role) -> str:
        """Say why who is here has not a role in every store that is shown; empty where she has."""
        return why_not(role, [store.key for store in self.looked_at])

    def with_view(self, view: View) -> Visit:
        """The same visit with another view."""
        return replace(self, view=view)

    def kept(self) -> dict[str, str]:
        """The parameters that links to other pages keep: store or profile, and moment."""
        return dict(self._kept_words)

    @cached_property
    def _kept_words(self) -> dict[str, str]:
        """The same, once for the sixty links of a page."""
        return self.view.unfiltered().to_query()

    def freshness(self) -> Freshness:
        """How fresh the data of the shown stores is; of several the worst."""
        return self.snapshot.freshness(self.view.store_keys, self.now, self.settings.stale_after)

    @property
    def preparing(self) -> str:
        """What the home is being prepared with, as a sentence without its full stop; empty when it is ready."""
        return preparing.told(self.settings.home, self.now)

    def reach(self) -> Reach:
        """What the held count of the shown stores may speak for at the page's moment."""
        reach = self.ask(Snapshot.hero, self.view.unfiltered()).reach
        return reach if self.behind is None or self.view.as_of else reach.with_copy_behind(self.behind)

    @cached_property
    def behind(self) -> timedelta | None:
        """How far the copy that is read here is behind the file of the worker; None: it is that file."""
        return self.snapshot.behind(self.now) if self.settings.replica.follows else None

    @property
    def is_late(self) -> bool:
        """Whether the copy that is read here is further behind than what is always on its way."""
        return beacon.is_late(self.behind)

    def ask(self, question: Callable[Concatenate[Snapshot, P], T], *about: P.args, **more: P.kwargs) -> T:
        """Return what the snapshot answers, cached for 30 seconds while neither file changes.

        Everybody who asks the same is given the same object, so nobody changes what is in it.
        `question` is a method of `Snapshot`, or a module's function whose first argument is a snapshot. The `repr` of
        the other arguments is the cache key, so pass only what the answer depends on.
        """
        return self._kept(question, _KEPT_SECONDS, self._mark, about, more)

    def ask_apart_from_people(
        self, question: Callable[Concatenate[Snapshot, P], T], *about: P.args, **more: P.kwargs
    ) -> T:
        """Return what the snapshot answers, cached for 10 minutes of one day, also when the desk changes.

        Only for answers that do not depend on the desk, and whose ages are no finer than tenths of a day.
        """
        return self._kept(question, _KEPT_LONG_SECONDS, self._day_mark, about, more)

    def _kept(
        self, question: Callable[..., T], seconds: int, mark: str, about: Sequence[Any], more: Mapping[str, Any]
    ) -> T:
        """Return a kept answer; a run of a page looks for each but once, for a look takes as long as a small query."""
        words = repr((about, more))
        kept: T = looked_up(
            (question, mark, words),
            lambda: _keeper(question, seconds)(
                asked=f"{mark} {words}", _ask=lambda: question(self.snapshot, *about, **more)
            ),
        )
        return kept

    def open_episodes(self) -> list[Episode]:
        """The open alerts of the shown stores, most severe first; those of now, also on a page about the past."""
        return Episodes(self.settings.desk_path).open([store.key for store in self.looked_at])

    def label(self, code: str) -> str:
        """The name of a reason code; for an unknown reason, what to do."""
        return UNKNOWN_WORDS if code == UNKNOWN_REASON else self.taxonomy.label(code)

    @cached_property
    def _day_mark(self) -> str:
        """The cache key: snapshot file, its version, and the day, with its zone."""
        return f"{self._snapshot_mark}|{self.today}"

    @cached_property
    def _mark(self) -> str:
        """The cache key: snapshot file and version, and when the desk's files last changed."""
        return f"{self._snapshot_mark}|{stamp(self.settings.desk_path)}"

    @property
    def _snapshot_mark(self) -> str:
        seen = rights().seen  # an answer is of the stores that somebody may see, and is kept for who sees the same
        of = "*" if seen is None else sorted(seen)
        late = self.behind // LATE_STEP if self.behind and self.is_late else ""
        return f"{self.settings.snapshot_path}|{self.snapshot.version()}|{self.settings.zone}|{of}|{late}"

    @property
    def zone(self) -> tzinfo:
        """The time zone of the workspace, in which every day begins."""
        return self.snapshot.zone

    @property
    def today(self) -> date:
        """The present day of the workspace."""
        return day_of(self.now, self.zone)

    @property
    def day(self) -> date:
        """The day of the workspace in which the page's moment lies."""
        return day_of(self.moment, self.zone)

    def midnight_before(self, days: int) -> datetime:
        """Return the begin of the day so many days before that of the page's moment."""
        return midnight(self.moment, self.zone, days=-days)


@cache
def _keeper(question: Callable[..., Any], seconds: int) -> Callable[..., Any]:
    """Return the cached form of a question; its qualified name identifies it in Streamlit's cache.

    Streamlit looks at each argument of a cached function anew in each call, so all that is to be told apart is one; and
    for the name of an argument that comes without it, which takes as long as all else.
    """

    def answer(asked: str, _ask: Callable[[], Any]) -> Any:
        return _ask()

    answer.__module__, answer.__qualname__ = question.__module__, f"{question.__qualname__} kept {seconds} s"
    # `st.cache_data` would make a copy for each who asks: a fifth of the work of a page.
    return st.cache_resource(max_entries=128, ttl=seconds, show_spinner=False)(answer)


_MOST_MADE = 64
"""How many things made of answers are kept at once; the largest is a page of rows in words, some 200 kB."""


def made_of(answers: Sequence[object], about: Hashable, make: Callable[[], T]) -> T:
    """Return what `make` makes of kept answers, made once for everybody who is handed the same objects.

    So it is never older than they are. `about` tells what is made, and all else that it depends on.
    """
    made: T = _made(_Made(tuple(answers), about, make))
    return made


class _Made:
    """What a thing is made of; equal where it is made of the very same objects, which stay as long as it is kept."""

    __slots__ = ("about", "answers", "make")

    def __init__(self, answers: tuple[object, ...], about: Hashable, make: Callable[[], Any]) -> None:
        self.answers, self.about, self.make = answers, about, make

    def __hash__(self) -> int:
        return hash((self.about, *map(id, self.answers)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Made) or len(other.answers) != len(self.answers):
            return False
        return self.about == other.about and all(map(is_, self.answers, other.answers))


@lru_cache(_MOST_MADE)
def _made(of: _Made) -> Any:
    return of.make()
