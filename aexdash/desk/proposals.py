"""What people filled into fix sheets, to be entered in Seller Center; the latest value of a field counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aexdash.desk.file import rows
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

PROPOSED_BEFORE = """
SELECT p.store_key, p.product_id, p.code, p.field, coalesce((
    SELECT b.value FROM proposal AS b
    WHERE b.store_key = p.store_key AND b.product_id = p.product_id AND b.code = p.code AND b.field = p.field
        AND b.change_id < p.change_id
    ORDER BY b.id DESC LIMIT 1
), '')
FROM proposal AS p
WHERE p.change_id = :change AND p.value = (
    SELECT l.value FROM proposal AS l
    WHERE l.store_key = p.store_key AND l.product_id = p.product_id AND l.code = p.code AND l.field = p.field
    ORDER BY l.id DESC LIMIT 1
)
ORDER BY p.id
"""


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


def before(connection: sqlite3.Connection, change: int) -> list[Proposal]:
    """Return what was proposed before a change, in those fields that still have its value."""
    return [Proposal(*row) for row in connection.execute(PROPOSED_BEFORE, {"change": change})]
