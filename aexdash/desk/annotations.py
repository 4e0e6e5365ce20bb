"""What Seller Center says of listings, as people pasted or imported it. Stored in the desk; nothing is ever deleted.

`aexdash.sync.annotations` turns it into reasons, in the process that writes the snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs, seen_as_json
from aexdash.people.rights import Role
from aexdash.sources.columns.headings import set_of
from aexdash.sources.seller_center import ColumnMap
from aexdash.storage.text import storable

PASTED = "pasted"
"""The `source` of an annotation that somebody pasted for one listing; of others it is the name of the file."""

ADD = "INSERT INTO annotation (store_key, product_id, text, source, at, by) VALUES (?, ?, ?, ?, ?, ?)"

LATEST = """
SELECT product_id, text, source, at, by, max(id) FROM annotation WHERE store_key = ? GROUP BY product_id
"""
"""The latest annotation of each listing: beside `max(id)`, SQLite takes the other columns from the row of that id."""

OF_LISTING = """
SELECT product_id, text, source, at, by FROM annotation WHERE store_key = ? AND product_id = ? ORDER BY id DESC
"""

# An empty text withdraws an annotation, so a listing whose latest text is empty counts for no text.
TEXTS = """
WITH seen AS (
    SELECT * FROM annotation WHERE :seen IS NULL OR store_key IN (SELECT value FROM json_each(:seen))
)
SELECT latest.text, count(*), (SELECT min(at) FROM seen AS a WHERE a.text = latest.text)
FROM (SELECT text, max(id) FROM seen GROUP BY store_key, product_id) AS latest
WHERE latest.text <> '' GROUP BY latest.text ORDER BY count(*) DESC, latest.text
"""

_MAPPING = TypeAdapter(ColumnMap)

T = TypeVar("T")

Bound = Sequence[object] | Mapping[str, object]

REMEMBER = """
INSERT INTO column_map (headings, mapping, at, by) VALUES (?, ?, ?, ?)
ON CONFLICT (headings) DO UPDATE SET mapping = excluded.mapping, at = excluded.at, by = excluded.by
"""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What Seller Center says of a listing, and who brought it when; an empty text withdraws the earlier one."""

    product_id: int
    text: str
    source: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class TextCount:
    """A text, the number of listings whose latest annotation it is, and when it was first brought for any listing."""

    text: str
    listings: int
    first_seen: datetime


class Annotations:
    """Reads and writes annotations. Every call opens the desk by itself, so any thread may call.

    A desk that does not exist yet reads as empty. Every method raises StorageError when the file cannot be read or
    written; then nothing was changed.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    @needs(Role.OPERATOR, of=lambda _self, store_key, *_, **__: [store_key])
    def add(self, store_key: str, items: Iterable[tuple[int, str]], *, source: str, by: str, now: datetime) -> int:
        """Store annotations, given as (product id, text), and return how many; an empty text withdraws the earlier."""
        origin = (storable(source), to_text(now), storable(by))
        rows = [(store_key, int(product_id), storable(text.strip()), *origin) for product_id, text in items]
        self._write(ADD, rows)
        return len(rows)

    def latest(self, store_key: str) -> dict[int, Annotation]:
        """Return the latest annotation of each listing of a store, without those withdrawn."""
        return {product_id: one for product_id, one in self.latest_or_withdrawn(store_key).items() if one.text}

    def latest_or_withdrawn(self, store_key: str) -> dict[int, Annotation]:
        """Return the latest annotation of each listing, with an empty text where it was withdrawn."""
        return {one.product_id: one for one in self._read(LATEST, annotation_of, [store_key])}

    def of(self, store_key: str, product_id: int) -> list[Annotation]:
        """List every annotation of a listing, the newest first."""
        return self._read(OF_LISTING, annotation_of, [store_key, product_id])

    def mark(self, store_key: str) -> int:
        """Return a number that grows with every annotation of a store, to notice new ones; 0 while there is none."""
        sql = "SELECT coalesce(max(id), 0) FROM annotation WHERE store_key = ?"
        return next(iter(self._read(sql, lambda row: int(row[0]), [store_key])), 0)

    def texts(self) -> list[TextCount]:
        """List the texts of the latest annotations of all stores that may be seen, the most frequent first."""
        return self._read(TEXTS, lambda row: TextCount(row[0], row[1], from_text(row[2])), {"seen": seen_as_json()})

    @needs(Role.OPERATOR, somewhere=True)
    def remember_columns(self, headings: Sequence[str], mapping: ColumnMap, by: str, now: datetime) -> None:
        """Remember what the columns of a table with these headings, in any order, hold."""
        text = json.dumps(asdict(mapping), ensure_ascii=False)
        row = (storable(set_of(headings)), storable(text), to_text(now), storable(by))
        self._write(REMEMBER, [row])

    def columns_for(self, headings: Sequence[str]) -> ColumnMap | None:
        """Return what was remembered for tables with these headings, in any order; None where nothing was."""
        sql = "SELECT mapping FROM column_map WHERE headings = ?"
        return next(iter(self._read(sql, lambda row: columns_from(row[0]), [storable(set_of(headings))])), None)

    def _write(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        with desk_file.writing(self.path) as connection:
            connection.executemany(sql, rows)

    def _read(self, sql: str, make: Callable[[Any], T], bound: Bound = ()) -> list[T]:
        return desk_file.read(self.path, "annotation", sql, make, bound)


def columns_from(text: str) -> ColumnMap:
    """Read what the columns of a table hold, as it is kept.

    Raises:
        ValueError: it cannot be read.
    """
    return _MAPPING.validate_json(text)


def annotation_of(row: Sequence[Any]) -> Annotation:
    """Read the row of an annotation; a damaged one raises what `sound` takes."""
    return Annotation(row[0], row[1], row[2], from_text(row[3]), row[4])
