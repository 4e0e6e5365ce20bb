"""Which stores an assistant is told of, and views of them. A store that is hidden is answered like one that is not."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aexdash.ask.answers.places import address
from aexdash.causes.kept import Slices
from aexdash.clock import Clock
from aexdash.config.settings import Settings
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.profiles import Profile, Profiles, resolve_view
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.store_rows import StoreRow
from aexdash.view import FILTERS, View, mistakes


class CannotAnswerError(Exception):
    """A call cannot be answered; the text is one sentence that says what to do next."""


@dataclass(frozen=True)
class Scope:
    """What one call may speak of: `stores` and `profiles` are those that there are for it, and no others."""

    settings: Settings
    snapshot: Snapshot
    taxonomy: Taxonomy
    stores: tuple[StoreRow, ...]
    profiles: tuple[Profile, ...]

    @property
    def place(self) -> View:
        """The stores that are meant where a call names none."""
        return View(profile=self.settings.assistants.profile or None)

    def view(self, words: Mapping[str, str | Sequence[str]]) -> View:
        """Read a view out of words as addresses have them, with its stores resolved.

        Raises:
            CannotAnswerError: a word is not known, or names a store, profile, reason or campaign that there is not.
        """
        query = {name: word for name, word in words.items() if word}
        for name in query:
            if name not in _NAMES:
                raise CannotAnswerError(f"{name!r} is no word of a view{_near(name, _NAMES)}.")
        if said := [f"{one.name}={','.join(wrong)} {one.wrong}; {one.hint}." for one, wrong in mistakes(query)]:
            raise CannotAnswerError(" ".join(said))
        return self.resolved(View.from_query(query))

    def resolved(self, view: View) -> View:
        """Fill in the stores of a view; without a store or a profile it is of all that there are here.

        Raises:
            CannotAnswerError: it names a store, profile, reason or campaign that there is not.
        """
        if view.store is None and view.profile is None:
            view = view.replace(profile=self.place.profile)
        if view.store is not None and view.store not in self.keys:
            raise CannotAnswerError(f"There is no store {view.store!r}; there is {', '.join(self.keys) or 'none'}.")
        if unknown := self.taxonomy.unknown(view.reasons):
            known = [*self.taxonomy.codes, *self.taxonomy.families]
            raise CannotAnswerError(f"There is no reason {unknown[0]!r}{_near(unknown[0], known)}.")
        desk = self.settings.desk_path
        resolved = resolve_view(
            view,
            self.stores,
            self.profiles,
            codes=self.taxonomy.codes,
            campaigns=Campaigns(desk).keys(),
            slices=Slices(desk),
            now=self.snapshot.now(),
        )
        if refused := resolved.problem:
            raise CannotAnswerError(refused)
        return resolved.view

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the stores that there are."""
        return tuple(store.key for store in self.stores)

    def keys_of(self, store: str, product_ids: Sequence[str]) -> tuple[tuple[str, int], ...]:
        """Find listings by their ids, each once, in the store that is named (empty: in the only one that has it).

        Raises:
            CannotAnswerError: one is no id, not known, or known of several stores.
        """
        wanted = tuple(dict.fromkeys(product_ids))
        for word in wanted:
            if not (word.isascii() and word.isdigit() and len(word) < 19):
                raise CannotAnswerError(f"{word!r} is no id of a listing; it is digits alone, like 1005006000000001.")
        known = self.snapshot.known_ids(map(int, wanted))
        return tuple(self._one_of(int(word), store, [one.store for one in known.get(int(word), ())]) for word in wanted)

    def _one_of(self, product_id: int, store: str, found: Sequence[str]) -> tuple[str, int]:
        stores = [one for one in found if one in self.keys and store in ("", one)]
        if not stores:
            where = f" in store {store}" if store else ""
            raise CannotAnswerError(f"There is no listing {product_id}{where}; ids are in what list_listings answers.")
        if len(stores) > 1:
            raise CannotAnswerError(f"Listing {product_id} is in {', '.join(stores)}; name one of them as store.")
        return stores[0], product_id

    def link(self, page: str, query: Mapping[str, str]) -> str:
        """Return the address of a page of this installation."""
        return f"{self.settings.address}/{address(page, dict(query))}"


_NAMES = tuple(one.name for one in FILTERS)


def open_scope(settings: Settings, clock: Clock) -> Scope:
    """Open what a call may speak of: every store, or those of the profile that the settings name.

    Raises:
        CannotAnswerError: that profile is gone or has no stores: then nothing is told.
        StorageError: a file cannot be read, or nothing was synced yet.
        TaxonomyError: the reasons cannot be read.
    """
    desk = settings.desk_path
    snapshot = Snapshot(settings.snapshot_path, desk, clock=clock, zone=settings.tzinfo)
    stores, profiles = tuple(snapshot.stores()), Profiles(desk).all()
    if wanted := settings.assistants.profile:
        profiles = tuple(one for one in profiles if one.name == wanted)
        stores = tuple(store for store in stores if profiles and store.key in profiles[0].stores)
        if not stores:
            raise CannotAnswerError(
                "Assistants are told of one profile alone, and it is gone or has no stores that were read; "
                "ask who runs aexdash to look at [assistants] in aexdash.toml."
            )
    return Scope(settings, snapshot, settings.taxonomy(), stores, profiles)


def _near(word: str, known: Sequence[str]) -> str:
    near: list[Any] = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    return f"; near it: {', '.join(near)}" if near else f"; there is {', '.join(known)}" if len(known) < 30 else ""
