"""Who works on a listing, how far they are, what they noted; and the syncs that people asked for.

Every decision on listings is a change, which can be undone, and every field that it sets is logged with who, when,
before and after; neither is ever shortened. No sync writes here but what assignment rules of people tell it to.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from aexdash.clock import from_text, to_text
from aexdash.desk.decisions.changes import (
    CHANGES,
    Change,
    Conflict,
    LogEntry,
    Outcome,
    change_of,
    made_by,
    put_back,
    repeated,
)
from aexdash.desk.decisions.item_rows import ITEMS, Key, items_from, items_of, json_of, write_change
from aexdash.desk.decisions.items import Decision, Item, Note, Seen, SetOwner, SetStage
from aexdash.desk.decisions.proposals import Proposal, propose, proposed_before, standing
from aexdash.desk.file import read, rows, writing
from aexdash.model import Stage
from aexdash.people.acting import needs, seen_as_json
from aexdash.people.names import Person, is_ours
from aexdash.people.rights import Role
from aexdash.storage.rows import sound
from aexdash.storage.text import storable

OWNERS = """
SELECT DISTINCT owner FROM work_item
WHERE store_key = ? AND owner <> '' AND product_id IN (SELECT value FROM json_each(?))
"""

HIDDEN = "('stage_at', 'basis', 'snooze_more')"
"""The fields of the log that only this program needs, so that an undo restores them."""

LOG = f"""
SELECT l.at, l.by, l.field, l.before, l.after, coalesce(c.through, ''), l.change_id, c.undoes, coalesce(u.action, '')
FROM work_log AS l LEFT JOIN work_change AS c ON c.id = l.change_id LEFT JOIN work_change AS u ON u.id = c.undoes
WHERE l.store_key = ? AND l.product_id = ? AND l.field NOT IN {HIDDEN} ORDER BY l.id DESC
"""  # noqa: S608

OLD_LOG = """
SELECT at, by, field, before, after FROM work_log WHERE store_key = ? AND product_id = ? ORDER BY id DESC
"""
"""The log of a desk in which no changes were kept."""

WATCHED = (
    "annotation",
    "sensitivity",
    "alert_rule",
    "alert_log",
    "work_change",
    "saved_view",
    "campaign",
    "assignment_rule",
    "work_setting",
)
"""The tables with what people did that pages show; the last one is the newest, so where it is, the others are."""

MARK = f"SELECT {', '.join(f'(SELECT coalesce(max(id), 0) FROM {table})' for table in WATCHED)}"  # noqa: S608

NAMED = """
SELECT owner, max(updated_at) FROM work_item
WHERE owner <> '' AND (:seen IS NULL OR store_key IN (SELECT value FROM json_each(:seen)))
GROUP BY owner
"""

ACTING = """
SELECT by, max(at) FROM (SELECT id, by, at FROM work_change ORDER BY id DESC LIMIT 2000) AS change
WHERE :seen IS NULL OR EXISTS (
    SELECT 1 FROM work_log WHERE change_id = change.id AND store_key IN (SELECT value FROM json_each(:seen))
)
GROUP BY by
"""
"""Who made the last changes; who made none of so many is not offered as an owner by that.

`:seen` of both is a JSON array of store keys, null for all of them.
"""

ASK_SYNC = """
INSERT INTO sync_request (store_key, kind, asked_at) VALUES (?, ?, ?)
ON CONFLICT (store_key, kind) DO NOTHING
"""


STORES_OF_CHANGE = """
SELECT store_key FROM work_log WHERE change_id = :change
UNION SELECT store_key FROM proposal WHERE change_id = :change
"""

OF_LISTINGS = {
    "work_item": "product_id",
    "work_log": "id",
    "annotation": "id",
    "campaign_listing": "product_id",
    "proposal": "id",
}
"""The tables that say what people decided about single listings, with the order in which that was."""

COPY = """
INSERT INTO {table} (store_key, {columns})
SELECT :kept, {columns} FROM {table}
WHERE store_key = :key AND NOT EXISTS (SELECT 1 FROM {table} WHERE store_key = :kept)
ORDER BY {order}
"""


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

    @needs(Role.OPERATOR, of=lambda _self, _decision, seen, **_: {one.store for one in seen})
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
        if len(seen) > MOST_LISTINGS:
            raise TooMany(f"A decision can be made on {MOST_LISTINGS:,} listings at most; these are {len(seen):,}.")
        by_key = {one.key: one for one in seen}
        now = from_text(to_text(now))  # as it is stored, so that what is set at the same moment is the same
        with self._writing() as connection:
            items = items_of(connection, by_key)
            made = made_by(connection, request)
            if made:
                return repeated(connection, made, by_key, items)
            changed, conflicts = {}, []
            for key, one in by_key.items():
                item = items.get(key, Item())
                if item.version != one.version and not force:
                    conflicts.append(Conflict(*key, item.by, item.at or now, item, one))
                    continue
                after = decision.on(item, one, who, now)
                if after != item:
                    changed[key] = (item, after)
            same = len(by_key) - len(changed) - len(conflicts)
            if not changed and not proposals:
                return Outcome(None, 0, same, tuple(conflicts))
            touched = {*changed, *((one.store, one.product_id) for one in proposals)}
            change, now_are = write_change(
                connection,
                changed,
                action=decision.action,
                who=who,
                now=now,
                through=through,
                listings=len(touched),
                request=request,
            )
            propose(connection, proposals, change)
        return Outcome(change, len(touched), same, tuple(conflicts), items=now_are)

    @needs(Role.OPERATOR, of=lambda self, change, **_: self.stores_of(change))
    def undo(
        self, change: int, *, who: Person, now: datetime, through: str = "page", request: str | None = None
    ) -> Outcome:
        """Put back what stood before a change, on the listings that still have what it set; the others are conflicts.

        An undone change, and an undo, are not undone again: nothing is changed.
        """
        with self._writing() as connection:
            made = made_by(connection, request)
            if made:
                return repeated(connection, made, {}, {})
            sql = CHANGES.format(where="c.id = ?", limit=1)
            undone = next(sound(connection.execute(sql, [change]), change_of), None)
            if not undone or undone.undoes or undone.undone_by:
                return Outcome(None, 0, 0)
            changed, conflicts = put_back(connection, change, now)
            withdrawn, left = proposed_before(connection, change)
            now_held = items_of(connection, left)
            conflicts += [
                Conflict(*key, *since, now_held.get(key, Item()))
                for key, since in left.items()
                if key not in changed and all((one.store, one.product_id) != key for one in conflicts)
            ]
            if not changed and not withdrawn:
                return Outcome(None, 0, 0, tuple(conflicts))
            touched = {*changed, *((one.store, one.product_id) for one in withdrawn)}
            made_now, now_are = write_change(
                connection,
                changed,
                action="undo",
                who=who,
                now=now,
                through=through,
                listings=len(touched),
                undoes=change,
                request=request,
            )
            propose(connection, withdrawn, made_now)
        return Outcome(made_now, len(touched), 0, tuple(conflicts), items=now_are)

    def last_of(self, who: Person, since: datetime) -> Change | None:
        """Return the latest change of a person that can be undone; None where she made none since that moment."""
        where = """c.at >= ? AND c.by_key = ? AND (c.by_key <> '' OR c.by = ?) AND c.undoes IS NULL
            AND NOT EXISTS (SELECT 1 FROM work_change AS u WHERE u.undoes = c.id)"""
        bound = [to_text(since), storable(who.key), storable(who.name)]
        sql = CHANGES.format(where=where, limit=1)
        return next(iter(read(self.path, "work_change", sql, change_of, bound)), None)

    def change(self, number: int) -> Change | None:
        """Return the change of a number; None where there is none."""
        sql = CHANGES.format(where="c.id = ?", limit=1)
        return next(iter(read(self.path, "work_change", sql, change_of, [number])), None)

    def changes(self, start: datetime, end: datetime, by: str | None = None) -> list[Change]:
        """List the changes after `start` and up to `end`, of one person or of all, the latest first."""
        where = "c.at > :start AND c.at <= :end AND (:by IS NULL OR c.by = :by)"
        bound = {"start": to_text(start), "end": to_text(end), "by": by}
        return read(self.path, "work_change", CHANGES.format(where=where, limit=-1), change_of, bound)

    def stores_of(self, change: int) -> set[str]:
        """Return the keys of the stores whose listings a change touched."""
        found = rows(self.path, "work_change", STORES_OF_CHANGE, {"change": change})
        return {key for (key,) in found}

    def proposals(self, store_key: str, product_id: int) -> list[Proposal]:
        """List what is proposed for a listing and not withdrawn, the latest value of each field."""
        return standing(self.path, store_key, product_id)

    def mark(self) -> tuple[int, ...]:
        """Return numbers that grow with every change of work, texts, bands, views, rules or settings; pages watch them.

        It takes one query on the ends of indexes.
        """
        found = rows(self.path, WATCHED[-1], MARK)
        return tuple(found[0]) if found else (0,) * len(WATCHED)

    def owners(self) -> list[str]:
        """List the names to offer as owners: those of owners and of people who made a change, the latest first.

        Of those in stores that whoever acts may see.
        """
        latest: dict[str, str] = {}
        bound = {"seen": seen_as_json()}
        for name, at in (*rows(self.path, "work_item", NAMED, bound), *rows(self.path, "work_change", ACTING, bound)):
            latest[name] = max(at, latest.get(name, ""))
        names = [name for name in latest if name and not is_ours(name)]
        return sorted(names, key=lambda name: latest[name], reverse=True)

    @needs(Role.OPERATOR, of=lambda _self, store_key, *_, **__: [store_key])
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
        """Set the stage of listings, unseen. `snoozed_until` None: a snooze lasts until somebody sets another stage."""
        until = snoozed_until if stage is Stage.SNOOZED else None
        self._set(SetStage(Stage(stage), until), store_key, product_ids, by, now)

    @needs(Role.OPERATOR, of=lambda _self, store_key, *_, **__: [store_key])
    def set_owner(self, store_key: str, product_ids: Iterable[int], owner: str, *, by: str, now: datetime) -> None:
        """Set the owner of listings, unseen, and leave their stage; an empty name is nobody."""
        self._set(SetOwner(owner), store_key, product_ids, by, now)

    @needs(Role.OPERATOR, of=lambda _self, store_key, *_, **__: [store_key])
    def set_note(self, store_key: str, product_ids: Iterable[int], note: str, *, by: str, now: datetime) -> None:
        """Set the note on listings, unseen; an empty text removes it."""
        self._set(Note(note), store_key, product_ids, by, now)

    def _set(self, decision: Decision, store_key: str, product_ids: Iterable[int], by: str, now: datetime) -> None:
        """Make a decision on whatever the listings are now."""
        ids = [int(product_id) for product_id in product_ids]
        for start in range(0, len(ids), MOST_LISTINGS):
            seen = [Seen(store_key, one, 0, now, 0, ()) for one in ids[start : start + MOST_LISTINGS]]
            self.act(decision, seen, who=Person(by), now=now, through="page", force=True)

    @needs(Role.OWNER)
    def copy_to(self, store_key: str, kept: str) -> None:
        """Copy what people decided about the listings of a store to another key, once; the original stays."""
        with self._writing() as connection:
            for table, order in OF_LISTINGS.items():
                named = (row[1] for row in connection.execute(f"PRAGMA table_info({table})"))
                columns = ", ".join(name for name in named if name not in ("id", "store_key"))
                connection.execute(
                    COPY.format(table=table, columns=columns, order=order), {"key": store_key, "kept": kept}
                )

    def items(self, listings: Iterable[Key]) -> dict[Key, Item]:
        """Return what the desk holds of listings, by (store key, product id); those nobody has touched are left out."""
        return items_from(rows(self.path, "work_change", ITEMS, [json_of(listings)]))

    def log(self, store_key: str, product_id: int) -> list[LogEntry]:
        """List the changes that people made on a listing, the latest first."""
        listing = [store_key, product_id]
        found = rows(self.path, "work_change", LOG, listing) or rows(self.path, "work_log", OLD_LOG, listing)
        return list(sound(found, lambda row: LogEntry(from_text(row[0]), *row[1:])))

    @needs(Role.OPERATOR, of=lambda _self, store_key, *_, **__: [store_key])
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
