"""Saved views: addresses of the worklist under a name, for everybody or for one person.

A change adds a row and deletes none; the last row of a view counts. The address stays the truth of a view.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from aexdash.address_words import Query
from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.desk.campaigns import Campaigns
from aexdash.desk.profiles import Profiles, slug_of
from aexdash.people.acting import needs, require, rights
from aexdash.people.names import Person, legible
from aexdash.people.rights import Role
from aexdash.storage.rows import sound
from aexdash.storage.text import storable
from aexdash.view import View

LATEST = """
SELECT key, name, scope, person, query, at, by FROM saved_view
WHERE id IN (SELECT max(id) FROM saved_view GROUP BY key)
"""

STANDING = f"{LATEST} AND query IS NOT NULL ORDER BY scope DESC, name COLLATE NOCASE, key"

EVERY_KEY = "SELECT DISTINCT key FROM saved_view"

WRITE = "INSERT INTO saved_view (key, name, scope, person, query, at, by) VALUES (?, ?, ?, ?, ?, ?, ?)"

LONGEST = 60
"""Characters of the longest name of a view."""


class Scope(StrEnum):
    """Who is offered a saved view."""

    TEAM = "team"
    PRIVATE = "private"


class ViewError(Exception):
    """A view cannot be saved or changed so; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """An address of the worklist under a name. `query` is its part after the question mark.

    `person` is the id of whoever made it: whose it is, where it is private. `at` and `by` are of the last change.
    """

    key: str
    name: str
    scope: Scope
    person: str
    query: str
    at: datetime
    by: str


class SavedViews:
    """Reads and writes saved views. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the desk cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def all(self, person: Person) -> list[SavedView]:
        """List the views that a person is offered: those of the team, then her own; both by name.

        One of the team whose store, profile or campaign may not be seen is left out.
        """
        found = desk_file.read(self.path, "saved_view", STANDING, saved_view_of)
        offered = [one for one in found if _is_offered(one, person)]
        if rights().seen is None:
            return offered
        profiles, campaigns = {one.name for one in Profiles(self.path).all()}, Campaigns(self.path).keys()
        return [one for one in offered if one.person == person.id or _may_be_seen(one, profiles, campaigns)]

    @needs(Role.VIEWER, somewhere=True)
    def save(
        self, name: str, query: str | Query, scope: Scope, *, who: Person, now: datetime, key: str | None = None
    ) -> SavedView:
        """Save an address under a name; with `key`, in place of what that view was.

        Page, open listing and moment of the address are left out. Only whoever made a view of the team takes it back
        from the others.

        Raises:
            ViewError: it has no name, the name is taken in that scope, there is no such view for this person, or it
                is of the team and would become private to somebody who did not make it.
        """
        if Scope(scope) is Scope.TEAM:
            require(Role.OPERATOR)
        with desk_file.writing(self.path) as connection:
            if key is None:
                key, owner = _free_key(connection, name), who.id
            else:
                present = _present(connection, key, who)
                if present.scope is Scope.TEAM and scope is not Scope.TEAM and present.person != who.id:
                    raise ViewError(f"{present.name} is the team's: save a private one under a name of its own.")
                owner = present.person
            saved = SavedView(key, name, Scope(scope), owner, urlencode(canonical(query)), now, who.name)
            return _write(connection, saved, who)

    @needs(Role.VIEWER, somewhere=True)
    def rename(self, key: str, name: str, *, who: Person, now: datetime) -> SavedView:
        """Give a view another name.

        Raises:
            ViewError: it has no name, the name is taken in its scope, or there is no such view for this person.
        """
        with desk_file.writing(self.path) as connection:
            present = _present(connection, key, who)
            _require_for(present)
            return _write(connection, replace(present, name=name, at=now, by=who.name), who)

    @needs(Role.VIEWER, somewhere=True)
    def delete(self, key: str, *, who: Person, now: datetime) -> None:
        """Take a view away; one that is gone already, or that is not offered to this person, is left as it is."""
        with desk_file.writing(self.path) as connection:
            gone = next((one for one in _standing(connection) if one.key == key and _is_offered(one, who)), None)
            if gone:
                _require_for(gone)
                row = [key, gone.name, gone.scope, gone.person, None, to_text(now), storable(who.name)]
                connection.execute(WRITE, row)


def matching(views: Iterable[SavedView], query: str | Query) -> SavedView | None:
    """Return the saved view whose address this is, ignoring page, listing and moment."""
    asked = canonical(query)
    return next((one for one in views if canonical(one.query) == asked), None)


def canonical(query: str | Query) -> dict[str, str]:
    """Return the parameters of the view of an address, without its moment, in the one way they are written."""
    given = parse_qs(query.removeprefix("?")) if isinstance(query, str) else query
    return View.from_query(given).replace(as_of=None).to_query()


def saved_view_of(row: Sequence[Any]) -> SavedView:
    """Read the row of a saved view; a damaged one raises what `sound` takes."""
    key, name, scope, person, query, at, by = row
    return SavedView(key, name, Scope(scope), person, query, from_text(at), by)


def _require_for(view: SavedView) -> None:
    """A view of the team is everybody's, so to change it takes more than to look."""
    if view.scope is Scope.TEAM:
        require(Role.OPERATOR)


def _is_offered(view: SavedView, person: Person) -> bool:
    return view.scope is Scope.TEAM or view.person == person.id


def _may_be_seen(view: SavedView, profiles: Collection[str], campaigns: Collection[str]) -> bool:
    asked = View.from_query(parse_qs(view.query))
    return (
        (asked.store is None or rights().sees(asked.store))
        and (asked.profile is None or asked.profile in profiles)
        and (asked.campaign is None or asked.campaign in campaigns)
    )


def _standing(connection: sqlite3.Connection) -> list[SavedView]:
    return list(sound(connection.execute(STANDING), saved_view_of))


def _present(connection: sqlite3.Connection, key: str, who: Person) -> SavedView:
    for one in _standing(connection):
        if one.key == key and _is_offered(one, who):
            return one
    raise ViewError("This view is gone; somebody deleted it. Save it under a new name.")


def _write(connection: sqlite3.Connection, view: SavedView, who: Person) -> SavedView:
    """Write a view, with its name on one line."""
    view = replace(view, name=_free_name(connection, view), by=storable(who.name), person=storable(view.person))
    row = [view.key, view.name, view.scope, view.person, storable(view.query), to_text(view.at), view.by]
    connection.execute(WRITE, row)
    return view


def _free_name(connection: sqlite3.Connection, view: SavedView) -> str:
    name = legible(view.name)
    if not name:
        raise ViewError("A view needs a name.")
    if len(name) > LONGEST:
        raise ViewError(f"A name of a view has at most {LONGEST} characters; this one has {len(name)}.")
    for other in _standing(connection):
        beside = other.scope is view.scope and (view.scope is Scope.TEAM or other.person == view.person)
        if beside and other.key != view.key and other.name.casefold() == name.casefold():
            raise ViewError(f"There is a view {other.name} already; take another name.")
    return name


def _free_key(connection: sqlite3.Connection, name: str) -> str:
    return slug_of(name, {key for (key,) in connection.execute(EVERY_KEY)}, instead="view")
