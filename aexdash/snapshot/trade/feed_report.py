"""Queries on the feed, for pages and exports: its files, the rejected rows and why, when it last ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aexdash.clock import from_text, to_text
from aexdash.snapshot.columns import moment
from aexdash.snapshot.file import Opened
from aexdash.snapshot.stores import CHOSEN, Stores, keys_of
from aexdash.snapshot.trade.feed_files import UNREADABLE

FILES = f"""
SELECT s.key, f.name, f.read_at, f.dated_at, f.rows, f.rejected, f.note, {UNREADABLE}
FROM store AS s JOIN feed_file AS f ON f.store_id = s.id
WHERE {CHOSEN} AND coalesce(f.dated_at, f.read_at) >= :start AND coalesce(f.dated_at, f.read_at) <= :end
ORDER BY coalesce(f.dated_at, f.read_at) DESC, f.id DESC
"""  # noqa: S608

OF_WINDOW = f"""
FROM store AS s JOIN feed_file AS f ON f.store_id = s.id JOIN feed_row AS r ON r.file_id = f.id
WHERE {CHOSEN} AND coalesce(f.dated_at, f.read_at) >= :start AND coalesce(f.dated_at, f.read_at) <= :end
"""

GROUPS = f"""
SELECT r.code, r.message, min(r.attribute), count(DISTINCT r.attribute),
    count(DISTINCT CASE WHEN r.rejected THEN s.id || ' ' || r.sku END), count(DISTINCT s.id || ' ' || r.sku)
{OF_WINDOW}
GROUP BY r.code, r.message ORDER BY 5 DESC, 6 DESC, r.code, r.message LIMIT :most
"""

ROWS = f"""
SELECT s.key, f.name, r.row, r.sku, r.message, r.code, r.attribute, r.severity, coalesce(r.dated_at, f.dated_at)
{OF_WINDOW} AND r.rejected AND (:code IS NULL OR r.code = :code AND r.message = :message)
ORDER BY coalesce(f.dated_at, f.read_at) DESC, f.id DESC, r.row
"""

STATUSES = f"""
SELECT s.key, t.asked_at, t.ran_at, t.status, t.note FROM store AS s JOIN feed_status AS t ON t.store_id = s.id
WHERE {CHOSEN} ORDER BY s.id
"""  # noqa: S608

NOT_READ = f"""
SELECT s.key, f.note FROM store AS s JOIN feed_file AS f ON f.store_id = s.id
WHERE {CHOSEN} AND {UNREADABLE} ORDER BY s.id, f.name
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A validation file. `dated_at` is the newest date in it, None where it has none; then `read_at` counts instead."""

    store: str
    name: str
    read_at: datetime
    dated_at: datetime | None
    rows: int
    rejected: int
    note: str
    unreadable: bool


@dataclass(frozen=True, slots=True)
class FeedGroup:
    """The rows with the same code and message: the number of different SKUs, and how many of these were rejected.

    `attribute` is empty where the rows name several.
    """

    code: str
    message: str
    attribute: str
    rejected: int
    skus: int


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row of a file that counts as rejected."""

    store: str
    file: str
    row: int
    sku: str
    message: str
    code: str
    attribute: str
    severity: str
    dated_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """The last answer of the status call of a store's feed."""

    store: str
    asked_at: datetime
    ran_at: datetime | None
    status: str
    note: str


class FeedReport:
    """The feeds of some stores (None: all that are watched). Every method raises what the methods of `Snapshot` do."""

    def __init__(self, opened: Opened, stores: Stores) -> None:
        self._opened, self._stores = opened, stores

    def files(self, start: datetime, end: datetime) -> list[FeedFile]:
        """List the files dated from `start` on and up to `end`, the newest first."""
        with self._opened() as connection:
            return [
                FeedFile(key, name, from_text(read), moment(dated), rows, rejected, note, bool(unreadable))
                for key, name, read, dated, rows, rejected, note, unreadable in connection.execute(
                    FILES, self._window(start, end)
                )
            ]

    def groups(self, start: datetime, end: datetime, most: int) -> list[FeedGroup]:
        """Group the rows of a window by code and message, the most SKUs first; at most `most` groups."""
        with self._opened() as connection:
            return [
                FeedGroup(code, message, attribute if named == 1 else "", rejected, skus)
                for code, message, attribute, named, rejected, skus in connection.execute(
                    GROUPS, {**self._window(start, end), "most": most}
                )
            ]

    def rejected_rows(self, start: datetime, end: datetime, saying: FeedGroup | None = None) -> Iterator[RejectedRow]:
        """Yield the rejected rows of the files of a window, or those of one group; the newest file first."""
        group = {"code": saying and saying.code, "message": saying and saying.message}
        with self._opened() as connection:
            for *row, dated in connection.execute(ROWS, {**self._window(start, end), **group}):
                store, file, number, sku, message, code, attribute, severity = row
                yield RejectedRow(store, file, number, sku, message, code, attribute, severity, moment(dated))

    def statuses(self) -> list[FeedStatus]:
        """List the last answers of the status call, store by store."""
        with self._opened() as connection:
            return [
                FeedStatus(key, from_text(asked), moment(ran), status, note)
                for key, asked, ran, status, note in connection.execute(STATUSES, {"keys": keys_of(self._stores)})
            ]

    def unreadable(self) -> list[tuple[str, str]]:
        """List the files that could not be read, as (store key, sentence); the sentence names the file."""
        with self._opened() as connection:
            return [(key, note) for key, note in connection.execute(NOT_READ, {"keys": keys_of(self._stores)})]

    def _window(self, start: datetime, end: datetime) -> dict[str, object]:
        return {"keys": keys_of(self._stores), "start": to_text(start), "end": to_text(end)}
