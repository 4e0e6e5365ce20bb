"""What a run has read so far, in temporary tables of the writing connection: the main tables know nothing of it yet.

The rows are a log: one row for each time a page or a look-up showed a listing. What counts at the end is the last row of
each listing, among the attempts that count: a complete attempt replaces the earlier attempts of the same walk, an
incomplete last attempt leaves what all of them showed.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from json.encoder import encode_basestring as json_text

from sqlite_utils import Database

from aexdash.clock import to_text
from aexdash.model import Observation, Status, WalkReport
from aexdash.snapshot.errors import told
from aexdash.snapshot.file import path_of

FACTS = (
    "title",
    "image_urls",
    "price_min",
    "price_max",
    "currency",
    "created_at",
    "created_raw",
    "modified_at",
    "modified_raw",
    "offline_at",
    "offline_raw",
    "category_id",
    "sku_codes",
    "product_type",
    "extra",
)
"""The columns of a listing that an observation tells."""

STAGED = ("product_id", "status", "platform_status", "cause", *FACTS)

BATCH = 1000
"""Rows written at a time: memory stays flat however long the pages are."""

CREATE = f"CREATE TEMP TABLE staged (seq INTEGER PRIMARY KEY, product_id INTEGER, {', '.join(STAGED[1:])})"
# Without its type, product_id would have another affinity than that of the main tables, and no index would be used.
INSERT = f"INSERT INTO temp.staged (seq, {', '.join(STAGED)}) VALUES (?, {', '.join('?' * len(STAGED))})"  # noqa: S608

DROP_SUPERSEDED = """
DELETE FROM temp.staged AS earlier
WHERE EXISTS (SELECT 1 FROM temp.staged AS later WHERE later.product_id = earlier.product_id AND later.seq > earlier.seq)
"""

MISSING = """
FROM status_period AS p
WHERE p.store_id = :store AND p.ended_at IS NULL
    AND p.status IN (SELECT status FROM temp.walked WHERE complete = 1)
    AND NOT EXISTS (SELECT 1 FROM temp.staged AS s WHERE s.product_id = p.product_id)
"""

_WORD = {status: status.value for status in Status}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Missing:
    """A listing that a complete walk of its status no longer shows; only a look-up can say where it went."""

    product_id: int
    status: Status


@dataclass(slots=True)
class _Walk:
    """The row numbers that each attempt of a walk staged, as half-open ranges."""

    attempts: list[list[int]] = field(default_factory=list)


class Staging:
    """The staged rows of one run of one store.

    A new one on the same connection discards what the last one held.
    """

    def __init__(self, db: Database, store_id: int) -> None:
        self.db = db
        self.store_id = store_id
        self.reports: dict[Status, WalkReport] = {}
        self.seen = 0
        self._next = 1
        self._walks: dict[Status, _Walk] = {}
        self._open: list[int] | None = None
        self._settled = False
        for statement in (
            "DROP TABLE IF EXISTS temp.staged",
            "DROP TABLE IF EXISTS temp.walked",
            CREATE,
            "CREATE TEMP TABLE walked (status TEXT PRIMARY KEY, complete INTEGER NOT NULL)",
        ):
            self._do(statement)

    def begin_walk(self, status: Status) -> None:
        """Begin an attempt at reading all pages of a status."""
        self._close_attempt()
        self._open = [self._next, self._next]
        self._walks.setdefault(status, _Walk()).attempts.append(self._open)

    def add(self, observations: Iterable[Observation]) -> None:
        """Stage what a page showed.

        Raises:
            SnapshotError: the temporary table cannot be written (full disk).
        """
        self._unsettle()
        rest = iter(observations)
        while batch := list(islice(rest, BATCH)):
            self._insert([_row(seq, shown) for seq, shown in enumerate(batch, self._next)])
            self._next += len(batch)
            self.seen += len(batch)

    def end_walk(self, report: WalkReport) -> None:
        """Note how the last attempt ended; said again of the same walk, the later report counts."""
        self._close_attempt()
        self.reports[report.status] = report
        self._do("INSERT OR REPLACE INTO temp.walked VALUES (?, ?)", [report.status.value, int(report.complete)])
        walk = self._walks.get(report.status, _Walk())
        if report.complete:
            for start, end in walk.attempts[:-1]:
                self.seen -= self._do("DELETE FROM temp.staged WHERE seq >= ? AND seq < ?", [start, end]).rowcount
            del walk.attempts[:-1]

    def add_look_up(self, observation: Observation) -> None:
        """Stage what a look-up by id showed; it is later than every walk before it."""
        self._do("DELETE FROM temp.staged WHERE product_id = ?", [observation.product_id])
        self._insert([_row(self._next, observation)])
        self._next += 1
        self.seen += 1

    def missing(self) -> list[Missing]:
        """List the listings whose status was read completely in this run and that no walk of it showed."""
        self.settle()
        rows = self._do(f"SELECT p.product_id, p.status {MISSING} ORDER BY p.product_id", {"store": self.store_id})
        return [Missing(product_id, Status(status)) for product_id, status in rows]

    def missing_count(self) -> int:
        """Count what `missing` lists."""
        self.settle()
        row = self._do(f"SELECT count(*) {MISSING}", {"store": self.store_id}).fetchone()
        return int(row[0])

    def showed(self, product_ids: Iterable[int]) -> set[int]:
        """Return those of the listings that this run showed, wherever it did."""
        self.settle()
        sql = "SELECT product_id FROM temp.staged WHERE product_id IN (SELECT value FROM json_each(?))"
        return {product_id for (product_id,) in self._do(sql, [json.dumps(list(product_ids))])}

    def settle(self) -> None:
        """Leave one row a listing, the latest; look-ups may follow."""
        if self._settled:
            return
        self._close_attempt()
        try:
            self.db.conn.execute("CREATE UNIQUE INDEX temp.staged_listing ON staged (product_id)")
        except sqlite3.IntegrityError:
            self._do("CREATE INDEX temp.staged_every ON staged (product_id)")
            self._do(DROP_SUPERSEDED)
            self._do("DROP INDEX temp.staged_every")
            self._do("CREATE UNIQUE INDEX temp.staged_listing ON staged (product_id)")
        except sqlite3.Error as error:
            raise told(error, path_of(self.db.conn)) from error
        self._settled = True

    def _unsettle(self) -> None:
        if self._settled:
            self._do("DROP INDEX temp.staged_listing")
            self._settled = False

    def _close_attempt(self) -> None:
        if self._open is not None:
            self._open[1] = self._next
            self._open = None

    def _insert(self, rows: list[tuple[object, ...]]) -> None:
        try:
            self._write(rows)
        except UnicodeEncodeError:
            self._write([tuple(map(_storable, row)) for row in rows])

    def _write(self, rows: list[tuple[object, ...]]) -> None:
        connection = self.db.conn
        try:
            connection.execute("BEGIN")
            try:
                connection.executemany(INSERT, rows)
                connection.execute("COMMIT")
            except BaseException:
                self.db.rollback()
                raise
        except sqlite3.Error as error:
            raise told(error, path_of(connection)) from error

    def _do(self, sql: str, parameters: list[object] | dict[str, object] | None = None) -> sqlite3.Cursor:
        try:
            return self.db.conn.execute(sql, parameters or [])
        except sqlite3.Error as error:
            raise told(error, path_of(self.db.conn)) from error


def _row(seq: int, shown: Observation) -> tuple[object, ...]:
    return (
        seq,
        shown.product_id,
        _WORD[shown.status],
        shown.platform_status,
        shown.cause,
        shown.title,
        json_array(shown.image_urls),
        shown.price_min,
        shown.price_max,
        shown.currency,
        _moment(shown.created_at),
        shown.created_raw,
        _moment(shown.modified_at),
        shown.modified_raw,
        _moment(shown.offline_at),
        shown.offline_raw,
        shown.category_id,
        json_array(shown.sku_codes),
        shown.product_type,
        shown.extra,
    )


def json_array(texts: tuple[str, ...]) -> str:
    """Write texts as a JSON array, readable as they came."""
    return f"[{', '.join(map(json_text, texts))}]" if texts else "[]"


def _moment(moment: datetime | None) -> str | None:
    """Write a moment as `clock.to_text` does, faster where it is in UTC already: a sweep writes three a listing."""
    if moment is None:
        return None
    if moment.tzinfo is UTC:
        return moment.isoformat(timespec="milliseconds")[:23] + "Z"
    return to_text(moment)


def storable(text: str) -> str:
    """Replace lone surrogates, which no file can hold, by U+FFFD; everything else stays as it came."""
    return _LONE_SURROGATE.sub("�", text)


def _storable(value: object) -> object:
    return storable(value) if isinstance(value, str) else value
