"""Validation files of a feed in a simulated home: how they come into the folder, and what may be read of them.

The model knows each content that ever was whole, by its SKUs, which no other content has. A content is read whole and
once, however often and slowly it comes, and what was read stays.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aexdash.clock import from_text
from aexdash.desk.feed_columns import folder_of, lay_down
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.trade.feed_files import KEPT
from tests.simulation.home import Home
from tests.simulation.promises import Promise, keep, read_only
from tests.simulation.steps import Deliver

HEADINGS = b"sku,error,severity\n"
SLACK = timedelta(days=6)
"""By so much the clock may have been ahead when old rows were deleted."""

NO_TABLE = b"\x89PNG\r\n\x1a\n no table at all, and its number is "

FILES = """
SELECT f.name, f.rows, f.rejected, f.note, f.read_at, count(r.sku), min(r.sku)
FROM feed_file AS f JOIN store AS s ON s.id = f.store_id LEFT JOIN feed_row AS r ON r.file_id = f.id
WHERE s.key = ? GROUP BY f.id ORDER BY f.id
"""
SKUS = """
SELECT r.sku, count(*) FROM feed_row AS r JOIN feed_file AS f ON f.id = r.file_id JOIN store AS s ON s.id = f.store_id
WHERE s.key = ? GROUP BY r.sku HAVING count(*) > 1
"""


@dataclass(frozen=True)
class Content:
    """What a file says: its number, so many SKUs, and how many of them are rejected; the others are only warned of."""

    number: int
    rows: int

    @property
    def rejected(self) -> int:
        return self.rows - 1

    @property
    def first(self) -> str:
        return f"F{self.number}-0"

    def written(self) -> bytes:
        lines = (f"F{self.number}-{row},GTIN is missing,{'error' if row else 'warning'}\n" for row in range(self.rows))
        return HEADINGS + "".join(lines).encode()


@dataclass
class Folder:
    """The folder of one store: which contents were ever whole in it, what is half-written, what is no table."""

    key: str
    whole: dict[str, Content] = field(default_factory=dict)
    names: dict[Path, Content | None] = field(default_factory=dict)
    growing: dict[Path, Content] = field(default_factory=dict)
    no_tables: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)


class Feeds:
    """The feeds of all stores of a home: deliveries, and the model of what may be read."""

    def __init__(self, home: Home, counts: Counter[str]) -> None:
        self.home, self.counts = home, counts
        self.folders = {key: Folder(key) for key in home.keys}
        self.numbers = 0

    def deliver(self, step: Deliver) -> None:
        """Let a file come, or one go."""
        folder = self.folders[step.store]
        self.numbers += 1
        content, place = Content(self.numbers, step.rows), folder_of(self.home.folder, step.store)
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"validation-{self.numbers}.csv"
        match step.how:
            case "dropped":
                path = lay_down(self.home.folder, step.store, path.name, content.written())
                self._is_whole(folder, path, content)
            case "whole":
                path.write_bytes(content.written())
                self._is_whole(folder, path, content)
            case "half":
                written = content.written()
                path.write_bytes(written[: len(written) * 2 // 3])
                folder.growing[path] = content
            case "again" if known := [one for one in folder.names.values() if one]:
                path.write_bytes(known[-1].written())
                self._is_whole(folder, path, known[-1])
            case "no table":
                path.write_bytes(NO_TABLE + str(self.numbers).encode())
                folder.no_tables.add(path.name)
                folder.names[path] = None
            case "taken away" if folder.names:
                path, _ = folder.names.popitem()
                path.unlink()

    def _is_whole(self, folder: Folder, path: Path, content: Content) -> None:
        folder.whole[content.first] = content
        folder.names[path] = content

    def grow(self) -> None:
        """Let what was half-written be written to its end."""
        for folder in self.folders.values():
            for path, content in folder.growing.items():
                path.write_bytes(content.written())
                self._is_whole(folder, path, content)
            folder.growing.clear()

    def check(self, now: datetime) -> None:
        """Compare what was read of each folder with what ever was whole in it."""
        for key, folder in self.folders.items():
            self._check(folder, *_read(self.home.settings.snapshot_path, key), now)

    def _check(self, folder: Folder, files: list[tuple], twice: list[tuple], now: datetime) -> None:
        keep(Promise.FEED, not twice, f"{folder.key}: {twice[:2]} read more than once")
        read = set()
        for name, rows, rejected, note, read_at, lines, first in files:
            said = f"{folder.key}: {name} {rows} rows, {rejected} rejected, {lines} lines from {first}, {note!r}"
            if not rows and note:
                keep(Promise.FEED, name in folder.no_tables, f"{said}, and is a table")
                continue
            if first is None:
                old = now - from_text(read_at) > KEPT - SLACK
                keep(Promise.FEED, old, f"{said}: nothing is kept of what was rejected")
                continue
            content = folder.whole.get(first)
            fits = content and (rows, rejected, lines) == (content.rows, content.rejected, content.rows)
            keep(Promise.FEED, fits, f"{said}, is {content}")
            read.add(first)
        self.counts["feed files read"] += len(read - folder.read)
        folder.read |= read

    def check_all_is_read(self, snapshot: Snapshot) -> None:
        """At the end every content that lies there was read, and what is no table is named."""
        for key, folder in self.folders.items():
            lying = {content.first for content in folder.names.values() if content}
            keep(Promise.FEED, lying <= folder.read, f"{key}: never read {lying - folder.read}")
            named = {
                name for name in folder.no_tables if any(name in note for _, note in snapshot.feed((key,)).unreadable())
            }
            wanted = {path.name for path, content in folder.names.items() if content is None}
            keep(Promise.FEED, named == wanted, f"{key}: named {named}, no tables {wanted}")


def _read(path: Path, key: str) -> tuple[list[tuple], list[tuple]]:
    if path.exists() and path.stat().st_size:
        with suppress(sqlite3.OperationalError), read_only(path) as connection:  # killed before its tables were made
            return connection.execute(FILES, [key]).fetchall(), connection.execute(SKUS, [key]).fetchall()
    return [], []
