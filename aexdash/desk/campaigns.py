"""Campaigns: the listings of a filter, frozen as a set, with a name, a due date and who is responsible.

A change adds a row and deletes none; the last row of a campaign counts. Its listings are never changed.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.desk.profiles import slug_of
from aexdash.people.acting import needs, rights
from aexdash.people.names import NoName, Person, legible, owner_named
from aexdash.people.rights import Role
from aexdash.storage.rows import sound
from aexdash.storage.text import storable

MOST_LISTINGS = 1_000
"""Listings of one campaign: what people can bring to an end together."""

MOST_OPEN = 10
"""Campaigns that are open at the same time."""

LATEST = """
SELECT c.key, c.name, c.query, c.due_on, c.responsible, c.closed, c.at, c.by,
    (SELECT count(*) FROM campaign_listing AS l WHERE l.campaign = c.key),
    f.at, f.by
FROM campaign AS c JOIN campaign AS f ON f.id = (SELECT min(id) FROM campaign WHERE key = c.key)
WHERE c.id IN (SELECT max(id) FROM campaign GROUP BY key)
"""
"""Each campaign as it is, with how many listings it has, when it was made, and by whom."""

OPEN = f"{LATEST} AND c.closed = 0 ORDER BY c.due_on IS NULL, c.due_on, c.name COLLATE NOCASE, c.key"

ONE = f"{LATEST} AND c.key = ?"

MEMBERS = "SELECT store_key, product_id FROM campaign_listing WHERE campaign = ? ORDER BY store_key, product_id"

LISTINGS_BY_STORE = "SELECT campaign, store_key, count(*) FROM campaign_listing GROUP BY campaign, store_key"

EVERY_KEY = "SELECT DISTINCT key FROM campaign"

WRITE = """
INSERT INTO campaign (key, name, query, due_on, responsible, closed, at, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""

FREEZE = "INSERT INTO campaign_listing (campaign, store_key, product_id) VALUES (?, ?, ?)"

LONGEST = 60
"""Characters of the longest name of a campaign."""


class CampaignError(Exception):
    """A campaign cannot be made or changed so; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A frozen set of listings. `key` is its name in addresses; `query` is the address it was frozen from.

    `due_on` is a date where people are, None: no date. `at` and `by` are of the last change, `made_at` and `made_by` of
    the first. `listings` is the number of its listings.
    """

    key: str
    name: str
    query: str
    due_on: date | None
    responsible: str
    closed: bool
    at: datetime
    by: str
    listings: int
    made_at: datetime
    made_by: str


class Campaigns:
    """Reads and writes campaigns. Every call opens the desk by itself, so any thread may call.

    To whoever may not see every store, a campaign is of its listings in those that she may see, and one without any is
    as one that there is not.

    Every method raises StorageError when the desk cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def open(self) -> list[Campaign]:
        """List the campaigns that are not closed, the one that is due first at first."""
        return self._read(OPEN)

    def get(self, key: str) -> Campaign | None:
        """Return a campaign, closed or not; None where there is none of that key."""
        return next(iter(self._read(ONE, [key])), None)

    def stores_of(self, key: str) -> set[str]:
        """Return the keys of the stores whose listings are in a campaign."""
        return {store for store, _ in desk_file.rows(self.path, "campaign", MEMBERS, [key])}

    def keys(self) -> set[str]:
        """Return the keys of all campaigns, closed ones too: their addresses stay."""
        if rights().seen is not None:
            return set(self._seen())
        return {key for (key,) in desk_file.rows(self.path, "campaign", EVERY_KEY)}

    def members(self, key: str) -> list[tuple[str, int]]:
        """List the listings of a campaign as (store key, product id)."""
        held = rights()
        listed = desk_file.rows(self.path, "campaign", MEMBERS, [key])
        return [(store, product_id) for store, product_id in listed if held.sees(store)]

    def _read(self, sql: str, bound: Sequence[object] = ()) -> list[Campaign]:
        found = desk_file.read(self.path, "campaign", sql, campaign_of, bound)
        if rights().seen is None:
            return found
        seen = self._seen()
        return [replace(one, listings=seen[one.key]) for one in found if one.key in seen]

    def _seen(self) -> Counter[str]:
        """How many listings of each campaign are in stores that whoever acts may see, of those that have any."""
        held, counted = rights(), Counter[str]()
        for key, store, listings in desk_file.rows(self.path, "campaign", LISTINGS_BY_STORE):
            if held.sees(store):
                counted[key] += listings
        return counted

    @needs(Role.OPERATOR, of=lambda _self, _name, _query, keys, **_: {store for store, _ in keys})
    def make(
        self,
        name: str,
        view_query: str,
        keys: Iterable[tuple[str, int]],
        *,
        due_on: date | None = None,
        responsible: str = "",
        who: Person,
        now: datetime,
    ) -> Campaign:
        """Freeze listings, given as (store key, product id), as a campaign.

        Raises:
            CampaignError: it has no name or that of an open one, no listing or more than 1,000, or ten are open; or
                the responsible person has a name that cannot be used.
        """
        members = list(dict.fromkeys((storable(store), int(product_id)) for store, product_id in keys))
        if not members:
            raise CampaignError("A campaign needs at least one listing.")
        if len(members) > MOST_LISTINGS:
            raise CampaignError(
                f"A campaign has at most {MOST_LISTINGS:,} listings; these are {len(members):,}. Narrow the filter."
            )
        with desk_file.writing(self.path) as connection:
            others = _open(connection)
            if len(others) >= MOST_OPEN:
                raise CampaignError(f"{MOST_OPEN} campaigns are open already; close one first.")
            name = _free_name(name, others)
            by = storable(who.name)
            key = slug_of(name, {one for (one,) in connection.execute(EVERY_KEY)}, instead="campaign")
            owner = _responsible(responsible)
            made = Campaign(
                key, name, storable(view_query), due_on, owner, False, now, by, len(members), made_at=now, made_by=by
            )
            _write(connection, made)
            connection.executemany(FREEZE, [(key, store, product_id) for store, product_id in members])
        return made

    @needs(Role.OPERATOR, of=lambda self, key, **_: self.stores_of(key))
    def change(
        self, key: str, *, name: str, due_on: date | None, responsible: str, who: Person, now: datetime
    ) -> Campaign:
        """Give a campaign another name, due date and responsible person; its listings stay.

        Raises:
            CampaignError: it is gone or closed, or has no name or that of another open one; or the name of another
                responsible person cannot be used.
        """
        with desk_file.writing(self.path) as connection:
            present = _present(connection, key)
            name = _free_name(name, [one for one in _open(connection) if one.key != key])
            stays = storable(responsible.strip()) == present.responsible
            owner = present.responsible if stays else _responsible(responsible)
            changed = replace(present, name=name, due_on=due_on, responsible=owner, at=now, by=storable(who.name))
            _write(connection, changed)
        return changed

    @needs(Role.OPERATOR, of=lambda self, key, **_: self.stores_of(key))
    def close(self, key: str, *, who: Person, now: datetime) -> None:
        """Close a campaign: it is no longer offered, and its address stays. One that is closed stays as it is.

        Raises:
            CampaignError: there is no such campaign.
        """
        with desk_file.writing(self.path) as connection:
            present = next(sound(connection.execute(ONE, [key]), campaign_of), None)
            if not present:
                raise CampaignError(f"There is no campaign {key}.")
            if not present.closed:
                _write(connection, replace(present, closed=True, at=now, by=storable(who.name)))


def campaign_of(row: Sequence[Any]) -> Campaign:
    """Read the row of a campaign; a damaged one raises what `sound` takes."""
    key, name, query, due_on, responsible, closed, at, by, listings, made_at, made_by = row
    due = date.fromisoformat(due_on) if due_on else None
    made = from_text(made_at)
    return Campaign(key, name, query, due, responsible, bool(closed), from_text(at), by, listings, made, made_by)


def _open(connection: sqlite3.Connection) -> list[Campaign]:
    return list(sound(connection.execute(OPEN), campaign_of))


def _present(connection: sqlite3.Connection, key: str) -> Campaign:
    for one in _open(connection):
        if one.key == key:
            return one
    raise CampaignError("This campaign is closed; its listings and its address stay.")


def _free_name(name: str, others: Iterable[Campaign]) -> str:
    name = legible(name)
    if not name:
        raise CampaignError("A campaign needs a name.")
    if len(name) > LONGEST:
        raise CampaignError(f"A name of a campaign has at most {LONGEST} characters; this one has {len(name)}.")
    for other in others:
        if other.name.casefold() == name.casefold():
            raise CampaignError(f"There is an open campaign {other.name} already; take another name.")
    return name


def _responsible(text: str) -> str:
    try:
        return owner_named(text)
    except NoName as error:
        raise CampaignError(f"Responsible: {error}") from error


def _write(connection: sqlite3.Connection, one: Campaign) -> None:
    due = one.due_on.isoformat() if one.due_on else None
    row = [one.key, one.name, one.query, due, one.responsible, int(one.closed), to_text(one.at), one.by]
    connection.execute(WRITE, row)
