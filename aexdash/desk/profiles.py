"""Profiles: named sets of stores with bands of their own, stored in the desk; and which stores a view shows."""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aexdash.clock import CLOCK_TOLERANCE, from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs, rights, seen_of
from aexdash.people.names import legible
from aexdash.people.rights import NO_STORE, Role
from aexdash.snapshot.store_rows import StoreRow
from aexdash.storage.text import storable, texts_from
from aexdash.view import View

ALL = "SELECT name, title, stores, at, by FROM profile ORDER BY title, name"

MAKE = "INSERT INTO profile (name, title, stores, at, by) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING"

CHANGE = "UPDATE profile SET title = ?, stores = ?, at = ?, by = ? WHERE name = ?"

DELETE = "DELETE FROM profile WHERE name = ?"

TAKE_BANDS_BACK = """
INSERT INTO sensitivity (profile, card_key, at, by)
SELECT profile, card_key, :at, :by FROM sensitivity AS s
WHERE profile = :name AND direction IS NOT NULL
    AND id = (SELECT max(id) FROM sensitivity WHERE profile = s.profile AND card_key = s.card_key)
"""
"""Resets every band that is set for a deleted profile, so that a later profile of the same name starts without them."""


class ProfileError(Exception):
    """A profile cannot be made, changed or looked at; the text is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of stores. `name` is used in URLs and never changes, `title` is what people read.

    `stores` are store keys; `at` and `by` say when and by whom it was last changed.
    """

    name: str
    title: str
    stores: tuple[str, ...]
    at: datetime
    by: str


class Profiles:
    """Reads and writes profiles. Every call opens the desk by itself, so any thread may call.

    A desk that does not exist yet has none. Every method raises StorageError when the file cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def all(self) -> tuple[Profile, ...]:
        """List the profiles by title.

        To whoever may not see every store, each is of those that she may see, and one without any is as none.
        """
        found = desk_file.read(self.path, "profile", ALL, profile_of)
        if rights().seen is None:
            return tuple(found)
        narrowed = (replace(one, stores=tuple(seen_of(one.stores))) for one in found)
        return tuple(one for one in narrowed if one.stores)

    @needs(Role.OWNER)
    def make(self, title: str, stores: Iterable[str], *, by: str, now: datetime) -> Profile:
        """Make a profile; its name in URLs is derived from its title.

        Raises:
            ProfileError: it has no title, or there is one of that title.
        """
        with desk_file.writing(self.path) as connection:
            title = _free_title(connection, title)
            profile = Profile(_free_name(connection, title), title, _keys(stores), now, storable(by))
            connection.execute(MAKE, [profile.name, title, json.dumps(profile.stores), to_text(now), profile.by])
        return profile

    @needs(Role.OWNER)
    def change(self, name: str, title: str, stores: Iterable[str], *, by: str, now: datetime) -> None:
        """Give a profile another title and other stores; its name, its bands and its URLs stay.

        Raises:
            ProfileError: it is gone, has no title, or another has that title.
        """
        with desk_file.writing(self.path) as connection:
            title = _free_title(connection, title, of=name)
            row = [title, json.dumps(_keys(stores)), to_text(now), storable(by), name]
            if not connection.execute(CHANGE, row).rowcount:
                raise ProfileError(f"There is no profile {name} any more; somebody deleted it.")

    @needs(Role.OWNER)
    def delete(self, name: str, *, by: str, now: datetime) -> None:
        """Delete a profile and reset its bands; the log of band changes stays."""
        with desk_file.writing(self.path) as connection:
            connection.execute(TAKE_BANDS_BACK, {"name": name, "at": to_text(now), "by": storable(by)})
            connection.execute(DELETE, [name])


@dataclass(frozen=True, slots=True)
class Resolved:
    """A view with its stores filled in.

    `refused` is empty, or one sentence that says why the store or profile of the view cannot be shown. Then no
    listings may be listed. Counts may show `view`, which falls back to stores that can be shown and says so in its
    notes. `unknown_store` is the store key of the view where the snapshot has no such store. `unmatched` is empty, or a
    sentence on words of its filters that there are not: an empty list would look like good news. `ahead` is empty, or
    says that its moment lies ahead: nobody has read it. `view` is then of now, and says so in its notes.
    """

    view: View
    refused: str = ""
    unknown_store: str = ""
    unmatched: str = ""
    ahead: str = ""

    @property
    def problem(self) -> str:
        """Why commands, downloads and assistants refuse the view, in a sentence; empty where they do not."""
        return self.refused or self.unmatched or self.ahead


def resolve_view(
    view: View,
    stores: Sequence[StoreRow],
    profiles: Sequence[Profile],
    *,
    codes: Collection[str] | None = None,
    campaigns: Collection[str] | None = None,
    slices: Container[str] | None = None,
    now: datetime | None = None,
) -> Resolved:
    """Find the stores that a view shows; pages, downloads and commands all use this.

    `stores` are all of the snapshot, `profiles` all of the desk; `codes` are those of every reason, `campaigns` the
    keys of all campaigns, `slices` what kept reports name, `now` the present; None: the words that name them, or the
    moment of the view, are not looked at.
    A view without a store shows all that are watched and that whoever acts may see; where none is watched, the first
    archived store. A store that may not be seen is as one that there is not.
    """
    stores = [store for store in stores if rights().sees(store.key)]
    known, refused, unknown_store = [store.key for store in stores], "", ""
    if view.store is not None and view.store not in known:
        unknown_store = view.store
        refused = f"There is no store {unknown_store}; leave store out for every store."
        instead = "the whole profile" if view.profile else "every store"
        view = _noted(view.replace(store=None), f"There is no store {unknown_store}; {instead} is shown.")
    try:
        view = with_profile_stores(view, profiles, known)
    except ProfileError as error:
        refused = refused or str(error)
        instead = f"Store {view.store} alone" if view.store else "Every store"
        view = _noted(view.replace(profile=None), f"{error} {instead} is shown.")
    if view.store_keys is None and stores and not any(store.watched for store in stores):
        view = view.replace(store=stores[0].key)
    if view.store_keys is None and rights().seen is not None:
        view = view.replace(stores=tuple(store.key for store in stores if store.watched) or (NO_STORE,))
    ahead = ""
    if now and view.as_of and view.as_of > now + CLOCK_TOLERANCE:
        at = view.as_of.astimezone(UTC)
        ahead = f"The moment {at.day} {at:%b %Y %H:%M} UTC lies ahead: nobody has read it yet."
        view = _noted(view.replace(as_of=None), f"{ahead} Now is shown.")
    return Resolved(view, refused, unknown_store, _unmatched(view, codes, campaigns, slices), ahead)


def _unmatched(
    view: View, codes: Collection[str] | None, campaigns: Collection[str] | None, slices: Container[str] | None
) -> str:
    """Say of words of a view that name a reason, a campaign or what a report names which one there is not."""
    said = []
    if codes is not None:
        wrong = [code for code in view.only if code not in codes]
        said += [f"only is of reason codes, and {code!r} is none{_near(code, codes)}." for code in wrong]
        families = {code.partition(".")[0] for code in codes}
        for name, words in (("without", view.without), ("both", view.both)):
            strange = [word for word in words if word not in codes and word not in families]
            said += [f"{name} is of reasons, and {word!r} is none{_near(word, codes)}." for word in strange]
    if campaigns is not None and view.campaign is not None and view.campaign not in campaigns:
        said.append(f"There is no campaign {view.campaign}{_near(view.campaign, campaigns)}.")
    if slices is not None and view.shares is not None and view.shares not in slices:
        number, _, which = view.shares.partition(".")
        said.append(f"There is no report {number} that names {which} or more of what goes with a movement.")
    return " ".join(said)


def _near(word: str, known: Collection[str]) -> str:
    """Name what is near a word; for the name of a family, codes of it."""
    of_family = [code for code in known if code.startswith(f"{word.casefold()}.")]
    near = of_family[:3] or difflib.get_close_matches(word.casefold(), known, n=3, cutoff=0.5)
    return f"; near it: {', '.join(near)}" if near else ""


def _noted(view: View, note: str) -> View:
    return view.replace(notes=(*view.notes, note))


def with_profile_stores(view: View, profiles: Sequence[Profile], known: Collection[str]) -> View:
    """Fill in the stores of a view's profile; stores that the snapshot does not know are left out, with a note.

    `known` are the keys of the stores in the snapshot.

    Raises:
        ProfileError: there is no such profile, it has no store to look at, or not the one that the view names.
    """
    if view.profile is None:
        return view
    profile = next((one for one in profiles if one.name == view.profile), None)
    if profile is None:
        names = ", ".join(one.name for one in profiles) or "none so far"
        raise ProfileError(f"There is no profile {view.profile}; there is {names}.")
    if not profile.stores:
        raise ProfileError(f"Profile {profile.title} has no stores; choose some on the Sensitivity page.")
    present = tuple(key for key in profile.stores if key in known)
    missing = ", ".join(key for key in profile.stores if key not in known)
    if not present:
        raise ProfileError(f"Profile {profile.title} names only stores that were never read: {missing}.")
    if view.store is not None and view.store not in profile.stores:
        raise ProfileError(f"Store {view.store} is not in profile {profile.title}.")
    note = f"Profile {profile.title} names {missing}, of which nothing was read; that is left out."
    return _noted(view.replace(stores=present), note) if missing else view.replace(stores=present)


def profile_of(row: Sequence[Any]) -> Profile:
    """Read the row of a profile; a damaged one raises what `sound` takes."""
    name, title, stores, at, by = row
    return Profile(name, title, tuple(texts_from(stores)), from_text(at), by)


def _keys(stores: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(storable(key) for key in stores))


def _free_title(connection: sqlite3.Connection, title: str, of: str | None = None) -> str:
    title = legible(title)
    if not title:
        raise ProfileError("A profile needs a name.")
    for name, other, *_ in connection.execute(ALL):
        if name != of and other.casefold() == title.casefold():
            raise ProfileError(f"There is a profile {other} already; take another name.")
    return title


def _free_name(connection: sqlite3.Connection, title: str) -> str:
    return slug_of(title, {name for name, *_ in connection.execute(ALL)}, instead="profile")


def slug_of(title: str, taken: Collection[str], *, instead: str) -> str:
    """Derive a name for URLs from a title: lower case letters, digits and dashes.

    `instead` is used for a title without any such letter. A name in `taken` gets a number: `eu`, `eu-2`, `eu-3`.
    """
    word = re.sub("[^a-z0-9]+", "-", title.casefold()).strip("-") or instead
    numbered = (word if number == 1 else f"{word}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)
