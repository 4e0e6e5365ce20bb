"""Items and changes as rows of the desk: reading the items of listings, and writing a change with its log.

A change is written whole, within the transaction of the caller, who decides before what each item becomes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from aexdash.clock import from_text, to_text
from aexdash.desk.decisions.items import LOGGED, Item, fields, text_of, with_texts
from aexdash.people.names import Person
from aexdash.storage.rows import sound
from aexdash.storage.text import storable

Key = tuple[str, int]
"""A listing: store key and product id."""

ItemRow = tuple[str, int, int, str, str, *tuple[str, ...]]
"""A row of `ITEMS`."""

Texts = Mapping[str, tuple[str, str]]
"""Fields of an item as texts of the log, before and after."""

ITEMS = """
SELECT w.store_key, w.product_id, w.version, w.updated_at, w.updated_by,
    w.stage, coalesce(w.stage_at, ''), w.owner, w.note, w.snoozed_until, w.snooze_event, CAST(w.snooze_more AS TEXT),
    w.basis
FROM json_each(?) AS asked
CROSS JOIN work_item AS w
    ON w.store_key = json_extract(asked.value, '$[0]') AND w.product_id = json_extract(asked.value, '$[1]')
"""
"""The items of some listings; the texts of the fields are in the order of `LOGGED`."""

CHANGE = """
INSERT INTO work_change (at, by, by_key, action, through, listings, undoes, request)
VALUES (:at, :by, :by_key, :action, :through, :listings, :undoes, :request)
"""

LOG = """
INSERT INTO work_log (store_key, product_id, at, by, field, before, after, change_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""

WRITE = """
INSERT INTO work_item (store_key, product_id, version, updated_at, updated_by,
    stage, stage_at, owner, note, snoozed_until, snooze_event, snooze_more, basis)
VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?, CAST(? AS INTEGER), ?)
ON CONFLICT (store_key, product_id) DO UPDATE SET
    version = excluded.version, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
    stage = excluded.stage, stage_at = excluded.stage_at, owner = excluded.owner, note = excluded.note,
    snoozed_until = excluded.snoozed_until, snooze_event = excluded.snooze_event, snooze_more = excluded.snooze_more,
    basis = excluded.basis
"""

LOG_OF_CHANGE = "SELECT store_key, product_id, field, before, after FROM work_log WHERE change_id = ? ORDER BY id"


def json_of(keys: Iterable[Key]) -> str:
    """Write listings as the parameter of `ITEMS`."""
    return json.dumps([[storable(store), int(product_id)] for store, product_id in keys])


def items_from(rows: Iterable[ItemRow]) -> dict[Key, Item]:
    """Read the rows of `ITEMS`; listings that nobody has touched, and damaged rows, are left out."""
    return dict(sound(rows, touched_of))


def touched_of(row: ItemRow) -> tuple[Key, Item]:
    """Read a row of `ITEMS`; a damaged one raises what `sound` takes."""
    store, product_id, version, at, by, *texts = row
    touched = Item(version=version, at=from_text(at), by=by)
    return (store, product_id), with_texts(touched, dict(zip(LOGGED, texts, strict=True)))


def items_of(connection: sqlite3.Connection, keys: Collection[Key]) -> dict[Key, Item]:
    """Read the items of some listings; those that nobody has touched are left out."""
    return items_from(connection.execute(ITEMS, [json_of(keys)]))


def write_change(
    connection: sqlite3.Connection,
    changed: Mapping[Key, tuple[Item, Item]],
    *,
    action: str,
    who: Person,
    now: datetime,
    through: str,
    listings: int,
    undoes: int | None = None,
    request: str | None = None,
) -> tuple[int, dict[Key, Item]]:
    """Write a change of some items, each from what it was to what it becomes, and log every field that differs.

    Return the id of the change, and the items as they are now.
    """
    at, by = to_text(now), storable(who.name)
    moment = from_text(at)
    row = {"at": at, "by": by, "by_key": storable(who.key), "action": action, "through": storable(through)}
    row |= {"listings": listings, "undoes": undoes, "request": request and storable(request)}  # type: ignore[dict-item]
    change = connection.execute(CHANGE, row).lastrowid or 0
    connection.executemany(
        LOG,
        [
            (*key, at, by, name, *texts, change)
            for key, (before, after) in changed.items()
            for name, texts in fields(before, after).items()
        ],
    )
    connection.executemany(
        WRITE,
        [
            (*key, before.version + 1, at, by, *(text_of(after, name) for name in LOGGED))
            for key, (before, after) in changed.items()
        ],
    )
    return change, {
        key: replace(after, version=before.version + 1, at=moment, by=by) for key, (before, after) in changed.items()
    }


def log_of(connection: sqlite3.Connection, change: int) -> dict[Key, dict[str, tuple[str, str]]]:
    """Return what a change has set on each listing: the texts before and after, by field."""
    told: dict[Key, dict[str, tuple[str, str]]] = {}
    for store, product_id, name, before, after in sound(connection.execute(LOG_OF_CHANGE, [change]), logged_of):
        told.setdefault((store, product_id), {})[name] = (before, after)
    return told


def logged_of(row: tuple[str, int, str, str, str]) -> tuple[str, int, str, str, str]:
    """Return a row of the log whose texts can be read as what its field holds."""
    for text in row[3:]:
        with_texts(Item(), {row[2]: text})
    return row
