"""Who works on a listing, how far they are, what they noted; and the syncs that people asked for.

Every change of a listing is logged with who, when, before and after; the log is never shortened. No sync writes here.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from aexdash.clock import from_text, to_text
from aexdash.desk.file import rows, writing
from aexdash.desk.items import Decision, Item, Seen
from aexdash.desk.people import Person
from aexdash.model import Stage
from aexdash.storage.text import storable

# `{field}` is the changed column of `work_item`; `:unset` is its value while the listing has no row yet.
LOG_CHANGE = """
INSERT INTO work_log (store_key, product_id, at, by, field, before, after)
SELECT :store, asked.value, :at, :by, :field, coalesce(w.{field}, :unset), :after
FROM json_each(:ids) AS asked LEFT JOIN work_item AS w ON w.store_key = :store AND w.product_id = asked.value
WHERE coalesce(w.{field}, :unset) <> :after OR :always
"""

CHANGE = """
INSERT INTO work_item (store_key, product_id, {field}, updated_at, updated_by)
SELECT :store, value, :after, :at, :by FROM json_each(:ids) WHERE true
ON CONFLICT (store_key, product_id) DO UPDATE SET
    {field} = excluded.{field}, updated_at = excluded.updated_at, updated_by = excluded.updated_by
WHERE {field} <> excluded.{field}
"""

STAGE_SET = """
UPDATE work_item SET stage_at = :at WHERE store_key = :store AND product_id IN (SELECT value FROM json_each(:ids))
"""

OWNERS = """
SELECT DISTINCT owner FROM work_item
WHERE store_key = ? AND owner <> '' AND product_id IN (SELECT value FROM json_each(?))
"""

ASK_SYNC = """
INSERT INTO sync_request (store_key, kind, asked_at) VALUES (?, ?, ?)
ON CONFLICT (store_key, kind) DO NOTHING
"""


MARK = """
SELECT (SELECT coalesce(max(id), 0) FROM work_log), (SELECT coalesce(max(id), 0) FROM annotation),
    (SELECT coalesce(max(id), 0) FROM sensitivity), (SELECT coalesce(max(id), 0) FROM alert_rule),
    (SELECT coalesce(max(id), 0) FROM alert_log), (SELECT count(*) FROM profile)
"""

OF_LISTINGS = {"work_item": "product_id", "work_log": "id", "annotation": "id"}
"""The tables that say what people decided about single listings, with the order in which that was."""

COPY = """
INSERT INTO {table} (store_key, {columns})
SELECT :kept, {columns} FROM {table}
WHERE store_key = :key AND NOT EXISTS (SELECT 1 FROM {table} WHERE store_key = :kept)
ORDER BY {order}
"""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change that somebody made: `field` went from `before` to `after`; an empty text is *not set*.

    `change` is the id of the change that it is part of, `through` what that was made through; None and empty for what
    was logged before changes were kept.
    """

    at: datetime
    by: str
    field: str
    before: str
    after: str
    through: str = dataclasses.field(default="", compare=False)
    change: int | None = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody filled into a fix sheet, to be entered in Seller Center.

    `code` is the reason that the sheet was of, `field` the heading of its column; an empty value withdraws it.
    """

    store: str
    product_id: int
    code: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A listing that was left as it is, because somebody has changed it since it was seen: who, and when.

    `now` is what the desk holds of it. `seen` is what the decision was made on; None: the conflict is that of an undo.
    """

    store: str
    product_id: int
    by: str
    at: datetime
    now: Item
    seen: Seen | None = None

    @property
    def again(self) -> Seen:
        """The listing as it is reported here: a decision on this is made all the same, unless it is changed again.

        Raises:
            ValueError: the conflict is that of an undo.
        """
        if self.seen is None:
            raise ValueError("an undo has no decision that could be made again")
        return replace(self.seen, version=self.now.version, stage=None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision did: how many listings it changed, how many were so already, and which were left and why.

    `change` is the id of the change, None where nothing was changed. `repeated`: the same request had been made
    before; nothing was changed now, and the numbers are those of then.
    """

    change: int | None
    changed: int
    same: int
    conflicts: tuple[Conflict, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A change that somebody made, on so many listings. `undoes` is the change that it undid, `undone_by` its undo."""

    id: int
    at: datetime
    by: str
    action: str
    through: str
    listings: int
    undoes: int | None = None
    undone_by: int | None = None


MOST_LISTINGS = 5_000
"""Listings of one decision."""


class TooMany(ValueError):
    """A decision on more than `MOST_LISTINGS` listings; the text is one sentence."""


class Desk:
    """Reads and writes the triage of listings. Every call opens the desk by itself, so any thread may call.

    Every method raises StorageError when the desk cannot be read or written; then nothing was changed.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)

    def act(
        self,
        decision: Decision,
        seen: Sequence[Seen],
        *,
        who: Person,
        now: datetime,
        through: str,
        request: str | None = None,
        force: bool = False,
        proposals: Sequence[Proposal] = (),
    ) -> Outcome:
        """Make a decision on listings, in one transaction.

        Those whose version is still the one that was seen are changed and logged; the others are reported and left.
        `force` changes them too, whatever their version is; a page that has shown a conflict passes `Conflict.again`
        instead. `request` names what asked: asked again, nothing is changed. `proposals` are kept with the change.

        Raises:
            TooMany: these are more than 5,000 listings.
        """
        raise NotImplementedError

    def undo(self, change: int, *, who: Person, now: datetime, request: str | None = None) -> Outcome:
        """Put back what stood before a change, on the listings that still have what it set; the others are conflicts.

        An undone change, and an undo, are not undone again: nothing is changed.
        """
        raise NotImplementedError

    def last_of(self, who: Person, since: datetime) -> Change | None:
        """Return the latest change of a person that can be undone; None where she made none since that moment."""
        raise NotImplementedError

    def changes(self, start: datetime, end: datetime, by: str | None = None) -> list[Change]:
        """List the changes after `start` and up to `end`, of one person or of all, the latest first."""
        raise NotImplementedError

    def proposals(self, store_key: str, product_id: int) -> list[Proposal]:
        """List what is proposed for a listing and not withdrawn, the latest value of each field."""
        raise NotImplementedError

    def mark(self) -> tuple[int, ...]:
        """Return numbers that grow with every change of work, views, campaigns, rules or settings; pages watch them.

        It takes one query on the ends of indexes.
        """
        return next(iter(rows(self.path, "alert_log", MARK)), ())

    def owners(self) -> list[str]:
        """List the names to offer as owners: those of owners and of people who made a change, the latest first."""
        raise NotImplementedError

    def set_stage(
        self,
        store_key: str,
        product_ids: Iterable[int],
        stage: Stage,
        *,
        by: str,
        now: datetime,
        snoozed_until: datetime | None = None,
    ) -> None:
        """Set the stage of listings. `snoozed_until` None: a snooze lasts until somebody sets another stage."""
        until = to_text(snoozed_until) if snoozed_until and stage is Stage.SNOOZED else ""
        change = _change(store_key, product_ids, by, now)
        with self._writing() as connection:
            _set(connection, change, "stage", Stage(stage).value, unset=Stage.NEW.value, always=True)
            _set(connection, change, "snoozed_until", until)
            connection.execute(STAGE_SET, change)

    def set_owner(self, store_key: str, product_ids: Iterable[int], owner: str, *, by: str, now: datetime) -> None:
        """Set the owner of listings; an empty name is nobody."""
        with self._writing() as connection:
            _set(connection, _change(store_key, product_ids, by, now), "owner", storable(owner.strip()))

    def set_note(self, store_key: str, product_ids: Iterable[int], note: str, *, by: str, now: datetime) -> None:
        """Set the note on listings; an empty text removes it."""
        with self._writing() as connection:
            _set(connection, _change(store_key, product_ids, by, now), "note", storable(note))

    def copy_to(self, store_key: str, kept: str) -> None:
        """Copy what people decided about the listings of a store to another key, once; the original stays."""
        with self._writing() as connection:
            for table, order in OF_LISTINGS.items():
                named = (row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
                columns = ", ".join(name for name in named if name not in ("id", "store_key"))
                connection.execute(
                    COPY.format(table=table, columns=columns, order=order), {"key": store_key, "kept": kept}
                )

    def log(self, store_key: str, product_id: int) -> list[LogEntry]:
        """List the changes that people made on a listing, the latest first."""
        sql = """
            SELECT at, by, field, before, after FROM work_log
            WHERE store_key = ? AND product_id = ? ORDER BY id DESC
        """
        with self._writing() as connection:
            return [LogEntry(from_text(row[0]), *row[1:]) for row in connection.execute(sql, [store_key, product_id])]

    def ask_sync(self, store_key: str, kind: str, now: datetime) -> None:
        """Ask the worker to sync a store as soon as it can; asking again before it starts adds no second run.

        `kind` is `pulse` or `sweep`.
        """
        with self._writing() as connection:
            connection.execute(ASK_SYNC, [store_key, kind, to_text(now)])

    def take_sync_requests(self) -> list[tuple[str, str]]:
        """Remove and return the syncs that were asked for, as (store key, kind), the oldest first."""
        with self._writing() as connection:
            taken = connection.execute("DELETE FROM sync_request RETURNING asked_at, store_key, kind").fetchall()
        return [(store_key, kind) for _, store_key, kind in sorted(taken)]

    def _writing(self) -> AbstractContextManager[sqlite3.Connection]:
        return writing(self.path)


def owners_of(connection: sqlite3.Connection, store_key: str, product_ids: Iterable[int]) -> set[str]:
    """Return the names of the owners of any of these listings."""
    ids = json.dumps(list(product_ids))
    return {owner for (owner,) in connection.execute(OWNERS, [store_key, ids])}


def _change(store_key: str, product_ids: Iterable[int], by: str, now: datetime) -> dict[str, object]:
    ids = "[" + ",".join(str(int(product_id)) for product_id in product_ids) + "]"
    return {"store": store_key, "ids": ids, "by": storable(by), "at": to_text(now)}


def _set(
    connection: sqlite3.Connection,
    change: dict[str, object],
    field: str,
    after: str,
    *,
    unset: str = "",
    always: bool = False,
) -> None:
    """Set a column on the listings of a change and log it; `always` logs also where the value stays the same."""
    bound = {**change, "field": field, "after": after, "unset": unset, "always": always}
    connection.execute(LOG_CHANGE.format(field=field), bound)
    connection.execute(CHANGE.format(field=field), bound)
