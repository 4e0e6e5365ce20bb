"""What a run has read so far, in temporary tables of the writing connection; other connections do not see it.

- `staged` has one small row for each time that a page or a look-up showed a listing; its digest is null where it is the
  recorded one. In the end the last row of each listing counts. A complete attempt at a walk replaces the earlier
  attempts at it; when the last attempt is incomplete, the rows of all attempts stay.
- `fact` has the facts of those staged rows that differ from what was last recorded of the listing. Where nothing
  changes, it stays empty and `staged` has little more than ids.
- `walked` has the statuses that were walked, `missing` the listings that a complete walk should have shown.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from aexdash.model import Status
from aexdash.platform_data import Observation, WalkReport
from aexdash.snapshot.file import WHAT
from aexdash.snapshot.recording.observed import DIGEST_BYTES, FACT_COLUMNS, NO_DIGEST, facts_of, fingerprint
from aexdash.storage.errors import in_words
from aexdash.storage.file import path_of
from aexdash.storage.text import storable_row

BATCH = 1000
"""Observations that are staged at a time, so that memory does not grow with the length of a walk."""

CREATE = (
    "PRAGMA temp.secure_delete = OFF",  # some builds of SQLite overwrite what is deleted: here that protects nothing
    "PRAGMA temp.cache_size = -2000",  # in kB
    "DROP TABLE IF EXISTS temp.staged",
    "DROP TABLE IF EXISTS temp.fact",
    "DROP TABLE IF EXISTS temp.walked",
    "DROP TABLE IF EXISTS temp.missing",
    "CREATE TEMP TABLE staged (seq INTEGER PRIMARY KEY, product_id INTEGER NOT NULL, digest BLOB)",
    f"CREATE TEMP TABLE fact (seq INTEGER PRIMARY KEY, {', '.join(FACT_COLUMNS)})",
    "CREATE TEMP TABLE walked (status TEXT PRIMARY KEY, complete INTEGER NOT NULL)",
    "CREATE TEMP TABLE missing (product_id INTEGER PRIMARY KEY, period_id INTEGER NOT NULL, status TEXT NOT NULL)",
)

STAGE = f"""
-- One statement for all of a batch: a statement for each listing would take three times as long.
INSERT INTO temp.staged (seq, product_id, digest)
SELECT :first + shown.key, shown.value,
    nullif(substr(:digests, 1 + {DIGEST_BYTES} * shown.key, {DIGEST_BYTES}), f.digest)
FROM json_each(:ids) AS shown
LEFT JOIN fingerprint AS f ON f.store_id = :store AND f.product_id = shown.value
"""  # noqa: S608

CHANGED = "SELECT seq FROM temp.staged WHERE seq >= ? AND digest IS NOT NULL"

ADD_FACTS = f"""
INSERT INTO temp.fact (seq, {", ".join(FACT_COLUMNS)}) VALUES (?, {", ".join("?" * len(FACT_COLUMNS))})
"""  # noqa: S608

DROP_SUPERSEDED = """
DELETE FROM temp.staged AS earlier
WHERE EXISTS (
    SELECT 1 FROM temp.staged AS later WHERE later.product_id = earlier.product_id AND later.seq > earlier.seq
)
"""

DROP_UNSTAGED = "DELETE FROM temp.fact WHERE seq NOT IN (SELECT seq FROM temp.staged)"

FIND_MISSING = """
INSERT INTO temp.missing (product_id, period_id, status)
SELECT p.product_id, p.id, p.status FROM status_period AS p INDEXED BY period_open_by_status
WHERE p.store_id = ? AND p.ended_at IS NULL
    AND p.status IN (SELECT status FROM temp.walked WHERE complete = 1)
    AND NOT EXISTS (SELECT 1 FROM temp.staged AS s WHERE s.product_id = p.product_id)
"""


LAST_AS_OF = "SELECT as_of FROM sync_run WHERE store_id = ? AND as_of IS NOT NULL ORDER BY id DESC LIMIT 1"

MOVED_SINCE = "SELECT product_id FROM status_period WHERE store_id = ? AND ended_at IS NULL AND started_at > ?"


@dataclass(frozen=True, slots=True)
class Missing:
    """A listing that a complete walk of its status no longer shows; a look-up has to find out where it went."""

    product_id: int
    status: Status


@dataclass(slots=True)
class _Attempt:
    """The staged rows of one attempt at a walk, by `seq`: from `first` to just before `end`."""

    first: int
    end: int


class Staging:
    """The staged rows of one run of one store.

    Only one can exist on a connection: a new one deletes the rows of the last.
    """

    def __init__(self, db: Database, store_id: int) -> None:
        self.db = db
        self.store_id = store_id
        self.reports: dict[Status, WalkReport] = {}
        self.seen = 0
        self._waiting: list[Observation] = []
        self._next = 1
        self._walks: dict[Status, list[_Attempt]] = {}
        self._open: _Attempt | None = None
        self._settled = False
        self._looked_up: dict[int, Status] = {}
        for statement in CREATE:
            self._do(statement)

    def begin_walk(self, status: Status) -> None:
        """Begin an attempt to read all pages of a status."""
        self._close_attempt()
        self._open = _Attempt(self._next, self._next)
        self._walks.setdefault(status, []).append(self._open)

    def add(self, observations: Iterable[Observation]) -> None:
        """Stage what a page showed.

        Raises:
            StorageError: the temporary tables cannot be written (full disk).
        """
        self._unsettle()
        before = len(self._waiting)
        self._waiting.extend(observations)
        self.seen += len(self._waiting) - before
        if len(self._waiting) >= BATCH:
            self._flush()

    def end_walk(self, report: WalkReport) -> None:
        """Record the result of the last attempt at a walk; a second report on the same walk replaces the first."""
        self._close_attempt()
        self._unsettle()
        self.reports[report.status] = report
        self._do("INSERT OR REPLACE INTO temp.walked VALUES (?, ?)", [report.status.value, int(report.complete)])
        if report.complete:
            attempts = self._walks.get(report.status, [])
            for attempt in attempts[:-1]:
                self._forget(attempt)
            del attempts[:-1]

    def add_look_up(self, observation: Observation) -> None:
        """Stage what a look-up by id showed; it replaces what walks showed of the listing before."""
        self._close_attempt()
        for table in ("fact", "staged", "missing"):
            self._do(f"DELETE FROM temp.{table} WHERE product_id = ?", [observation.product_id])  # noqa: S608
        self._waiting.append(observation)
        self._flush()
        self._looked_up[observation.product_id] = observation.status
        self.seen += 1

    def missing(self) -> list[Missing]:
        """List the listings that this run did not show, although it walked their status completely."""
        self.settle()
        rows = self._do("SELECT product_id, status FROM temp.missing ORDER BY product_id")
        return [Missing(product_id, Status(status)) for product_id, status in rows]

    def missing_count(self) -> int:
        """Count the listings that `missing` returns."""
        self.settle()
        return int(self._do("SELECT count(*) FROM temp.missing").fetchone()[0])

    def last_recorded(self) -> str:
        """Return the moment of the last run of the store that recorded anything; empty where none did."""
        row = self._do(LAST_AS_OF, [self.store_id]).fetchone()
        return str(row[0]) if row else ""

    def forget_moved(self, recorded_before: str) -> list[int]:
        """Forget what this run showed of the listings that another run has recorded in a new status since that moment.

        Returns them.
        """
        self._close_attempt()
        self._unsettle()
        moved = [product_id for (product_id,) in self._do(MOVED_SINCE, [self.store_id, recorded_before])]
        which: list[object] = [json.dumps(moved)]
        for table in ("fact", "staged"):
            gone = self._do(f"DELETE FROM temp.{table} WHERE product_id IN (SELECT value FROM json_each(?))", which)  # noqa: S608
        self.seen -= gone.rowcount
        return moved

    def accounted_for(self, status: Status) -> int | None:
        """Count the listings that have this status after the run: shown in it last, or missing and not found elsewhere.

        Right for a complete walk alone; of an incomplete one, listings that it left out are in the status too. None
        where no walk of the status was begun.
        """
        if status not in self._walks:
            return None
        self.settle()
        shown = sum(
            self._do("SELECT count(*) FROM temp.staged WHERE seq >= ? AND seq < ?", [walk.first, walk.end]).fetchone()[
                0
            ]
            for walk in self._walks.get(status, [])
        )
        found = sum(of_look_up is status for of_look_up in self._looked_up.values())
        missing = self._do("SELECT count(*) FROM temp.missing WHERE status = ?", [status.value]).fetchone()[0]
        return int(shown) + found + int(missing)

    def shown_for_certain(self, limit: int) -> list[int]:
        """List a few listings that complete walks of this run showed."""
        self.settle()
        ids: list[int] = []
        for status, report in self.reports.items():
            for walk in self._walks.get(status, []) if report.complete else ():
                sql = "SELECT product_id FROM temp.staged WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?"
                ids += [product_id for (product_id,) in self._do(sql, [walk.first, walk.end, limit])]
        return ids[:limit]

    def showed(self, product_ids: Iterable[int]) -> set[int]:
        """Return those of the listings that this run showed, in any status."""
        self.settle()
        sql = "SELECT product_id FROM temp.staged WHERE product_id IN (SELECT value FROM json_each(?))"
        return {product_id for (product_id,) in self._do(sql, [json.dumps(list(product_ids))])}

    def settle(self) -> None:
        """Keep only the latest row of each listing, and find the missing listings. More rows may be added later."""
        if self._settled:
            return
        self._close_attempt()
        try:
            self.db.conn.execute("CREATE UNIQUE INDEX temp.staged_listing ON staged (product_id)")
        except sqlite3.IntegrityError:  # some listings were shown twice
            self._do("CREATE INDEX temp.staged_every ON staged (product_id)")
            self._do(DROP_SUPERSEDED)
            self._do(DROP_UNSTAGED)
            self._do("DROP INDEX temp.staged_every")
            self._do("CREATE UNIQUE INDEX temp.staged_listing ON staged (product_id)")
        except sqlite3.Error as error:
            raise in_words(error, path_of(self.db.conn), WHAT) from error
        self._do("DELETE FROM temp.missing")
        self._do(FIND_MISSING, [self.store_id])
        self._settled = True

    def forget_facts(self) -> None:
        """Free the room of the facts once they are recorded; which listings the run showed is still known."""
        self._do("DELETE FROM temp.fact")

    def _unsettle(self) -> None:
        if self._settled:
            self._do("DROP INDEX temp.staged_listing")
            self._settled = False

    def _close_attempt(self) -> None:
        self._flush()
        if self._open is not None:
            self._open.end = self._next
            self._open = None

    def _forget(self, attempt: _Attempt) -> None:
        bounds: list[object] = [attempt.first, attempt.end]
        self._do("DELETE FROM temp.fact WHERE seq >= ? AND seq < ?", bounds)
        self.seen -= self._do("DELETE FROM temp.staged WHERE seq >= ? AND seq < ?", bounds).rowcount

    def _flush(self) -> None:
        """Stage the waiting observations, and the facts of those that differ from what was recorded before."""
        if not self._waiting:
            return
        first, waiting = self._next, self._waiting
        shown = {
            "store": self.store_id,
            "first": first,
            "ids": str([one.product_id for one in waiting]),
            "digests": b"".join([fingerprint(one) or NO_DIGEST for one in waiting]),
        }
        with self._transaction() as connection:
            connection.execute(STAGE, shown)
            changed = [seq for (seq,) in connection.execute(CHANGED, [first])]
            facts = [(seq, *facts_of(waiting[seq - first])) for seq in changed]
            try:
                connection.executemany(ADD_FACTS, facts)
            except UnicodeEncodeError:  # a lone surrogate; the rows before it are already inserted
                connection.execute("DELETE FROM temp.fact WHERE seq >= ?", [first])
                connection.executemany(ADD_FACTS, [storable_row(row) for row in facts])
        self._next += len(waiting)
        self._waiting = []

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self.db.conn
        try:
            connection.execute("BEGIN")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                self.db.rollback()
                raise
        except sqlite3.Error as error:
            raise in_words(error, path_of(connection), WHAT) from error

    def _do(self, sql: str, parameters: list[object] | dict[str, object] | None = None) -> sqlite3.Cursor:
        try:
            return self.db.conn.execute(sql, parameters or [])
        except sqlite3.Error as error:
            raise in_words(error, path_of(self.db.conn), WHAT) from error
