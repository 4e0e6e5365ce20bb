"""What people filled into fix sheets, to be entered in Seller Center; the latest value of a field counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from aexdash.clock import from_text
from aexdash.desk.decisions.item_rows import Key
from aexdash.desk.file import rows
from aexdash.storage.rows import sound
from aexdash.storage.text import storable

PROPOSE = """
INSERT INTO proposal (store_key, product_id, code, field, value, change_id) VALUES (?, ?, ?, ?, ?, ?)
"""

PROPOSALS = """
SELECT code, field, value FROM (
    SELECT code, field, value, max(id) AS id FROM proposal
    WHERE store_key = ? AND product_id = ? GROUP BY code, field
)
WHERE value <> '' ORDER BY id
"""

SAME_FIELD = """{other}.store_key = p.store_key AND {other}.product_id = p.product_id
        AND {other}.code = p.code AND {other}.field = p.field"""

SET_LATER = f"""EXISTS (
    SELECT 1 FROM proposal AS l JOIN work_change AS c ON c.id = l.change_id
    WHERE {SAME_FIELD.format(other="l")} AND l.change_id > p.change_id AND c.undoes IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM work_change AS u JOIN proposal AS r ON r.change_id = u.id
            WHERE u.undoes = c.id AND {SAME_FIELD.format(other="r")}
        )
)"""  # noqa: S608
"""Whether a later decision that stands has proposed a value for the field, also the same one: it is of that one now.

A decision of which an undo has left this field stands here.
"""

PROPOSED_BEFORE = f"""
SELECT p.store_key, p.product_id, p.code, p.field, coalesce((
    SELECT b.value FROM proposal AS b
    WHERE {SAME_FIELD.format(other="b")} AND b.change_id < p.change_id ORDER BY b.id DESC LIMIT 1
), ''), NOT {SET_LATER} AND p.value = last.value, last_change.by, last_change.at
FROM proposal AS p
JOIN proposal AS last ON last.id = (SELECT max(m.id) FROM proposal AS m WHERE {SAME_FIELD.format(other="m")})
JOIN work_change AS last_change ON last_change.id = last.change_id
WHERE p.change_id = :change
ORDER BY p.id
"""  # noqa: S608
"""What was proposed before a change in each of its fields, whether that may be put back, and who has set it last."""


LastSet = tuple[str, datetime]
"""Who has set something last, and when."""


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


def standing(desk_path: Path, store_key: str, product_id: int) -> list[Proposal]:
    """List what is proposed for a listing and not withdrawn, the latest value of each field.

    Raises:
        StorageError: the desk cannot be read.
    """
    found = rows(desk_path, "proposal", PROPOSALS, [store_key, product_id])
    return [Proposal(store_key, product_id, *row) for row in found]


def propose(connection: sqlite3.Connection, proposals: Iterable[Proposal], change: int) -> None:
    """Keep what is proposed with a change."""
    connection.executemany(
        PROPOSE,
        [
            (storable(one.store), one.product_id, storable(one.code), storable(one.field), storable(one.value), change)
            for one in proposals
        ],
    )


def proposed_before(connection: sqlite3.Connection, change: int) -> tuple[list[Proposal], dict[Key, LastSet]]:
    """Return what was proposed before a change, and the listings of which a field is left as others have set it since.

    With each of those is who has set it, and when.
    """
    withdrawn, left = [], {}
    for one, free, by, at in sound(connection.execute(PROPOSED_BEFORE, {"change": change}), _proposed):
        if free:
            withdrawn.append(one)
        else:
            left[one.store, one.product_id] = (by, at)
    return withdrawn, left


def _proposed(row: Sequence[Any]) -> tuple[Proposal, bool, str, datetime]:
    *proposal, free, by, at = row
    return Proposal(*proposal), bool(free), str(by), from_text(at)
