"""Changes: decisions on listings as the desk has them, what came of each, and what an undo of one puts back.

The functions read within the transaction of the caller, and write nothing.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aexdash.clock import from_text
from aexdash.desk.decisions.item_rows import Key, items_of, log_of
from aexdash.desk.decisions.items import Item, Seen, text_of, with_texts
from aexdash.storage.rows import sound
from aexdash.storage.text import storable

LAST_OF_FIELDS = """
SELECT by, at FROM work_log
WHERE store_key = ? AND product_id = ? AND field IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1
"""

LATER_FIELDS = """
SELECT DISTINCT l.field FROM work_log AS l JOIN work_change AS c ON c.id = l.change_id
WHERE l.store_key = ? AND l.product_id = ? AND l.change_id > ? AND c.undoes IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM work_change AS u JOIN work_log AS ul ON ul.change_id = u.id
        WHERE u.undoes = c.id AND ul.store_key = l.store_key AND ul.product_id = l.product_id
    )
"""
"""What later decisions have set, also to what it was before: it is theirs now, unless it was undone on this listing."""

CHANGES = """
SELECT c.id, c.at, c.by, c.action, c.through, c.listings, c.undoes,
    (SELECT max(u.id) FROM work_change AS u WHERE u.undoes = c.id)
FROM work_change AS c WHERE {where} ORDER BY c.id DESC LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One change that somebody made: `field` went from `before` to `after`; an empty text is *not set*.

    `change` is the id of the change that it is part of, `through` what that was made through; None and empty for what
    was logged before changes were kept. `undoes` is the change that it put back, and `undone` the action of that one;
    None and empty for what is no undo.
    """

    at: datetime
    by: str
    field: str
    before: str
    after: str
    through: str = dataclasses.field(default="", compare=False)
    change: int | None = dataclasses.field(default=None, compare=False)
    undoes: int | None = dataclasses.field(default=None, compare=False)
    undone: str = dataclasses.field(default="", compare=False)


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
    before; nothing was changed now, and the numbers are those of then. `items` are the changed ones as they are now, by
    store key and product id: their versions are what the same person has seen of them from then on.
    """

    change: int | None
    changed: int
    same: int
    conflicts: tuple[Conflict, ...] = ()
    repeated: bool = False
    items: Mapping[Key, Item] = dataclasses.field(default_factory=dict, compare=False)


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


def change_of(row: Sequence[Any]) -> Change:
    """Return the change of a row of `CHANGES`."""
    number, at, *rest = row
    return Change(number, from_text(at), *rest)


def made_by(connection: sqlite3.Connection, request: str | None) -> Change | None:
    """Return the change that a request has made."""
    where = CHANGES.format(where="c.request = ?", limit=1)
    return next(sound(connection.execute(where, [storable(request)]), change_of), None) if request else None


def repeated(
    connection: sqlite3.Connection, made: Change, seen: Mapping[Key, Seen], items: Mapping[Key, Item]
) -> Outcome:
    """Return the outcome of a request that was made before; what it did not change and is another now was left."""
    changed = log_of(connection, made.id)
    conflicts = []
    for key, one in seen.items():
        item = items.get(key, Item())
        if key not in changed and item.version != one.version:
            conflicts.append(Conflict(*key, item.by, item.at or made.at, item, one))
    same = max(0, len(seen) - made.listings - len(conflicts))
    return Outcome(made.id, made.listings, same, tuple(conflicts), repeated=True)


def put_back(
    connection: sqlite3.Connection, change: int, now: datetime
) -> tuple[dict[Key, tuple[Item, Item]], list[Conflict]]:
    """Return the items of a change as they are and as they were before it, and those that are others since."""
    told = log_of(connection, change)
    items = items_of(connection, told)
    changed, conflicts = {}, []
    for key, texts in told.items():
        item = items.get(key, Item())
        later = {name for (name,) in connection.execute(LATER_FIELDS, [*key, change])}
        others = [name for name, (_, after) in texts.items() if name in later or text_of(item, name) != after]
        if others:
            by, at = connection.execute(LAST_OF_FIELDS, [*key, json.dumps(others)]).fetchone() or (item.by, None)
            conflicts.append(Conflict(*key, by, from_text(at) if at else now, item))
        else:
            changed[key] = (item, with_texts(item, {name: before for name, (before, _) in texts.items()}))
    return changed, conflicts
