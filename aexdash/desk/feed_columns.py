"""People's side of the feed: which columns of a validation file mean what, and the file they drop, laid in its folder.

Whoever else can write into those folders, by SFTP or by cron, feeds them as well (`aexdash.feed.watching` reads them).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import blake2b, file_digest
from pathlib import Path

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.sources.errors import SourceError
from aexdash.sources.feedonomics import FeedColumns
from aexdash.sources.headings import plain_heading, set_of
from aexdash.sources.kinds import kind_of, size_within
from aexdash.storage.text import storable

FOLDER = "feed"
DROPPED, FETCHED = "dropped-", "fetched-"
"""How the names of files begin that this app laid down itself, whole at once."""

PART = ".part"

REMEMBER = """
INSERT INTO feed_columns (headings, mapping, at, by) VALUES (?, ?, ?, ?)
ON CONFLICT (headings) DO UPDATE SET mapping = excluded.mapping, at = excluded.at, by = excluded.by
"""

_UNSAFE = re.compile(r"[^a-z0-9]+")


class FeedDesk:
    """Keeps which columns hold what. Every method raises StorageError when the desk cannot be read or written."""

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    def remember(self, headings: Sequence[str], columns: FeedColumns, *, by: str, now: datetime) -> None:
        """Keep the columns of tables with these headings, in any order; what is known so already is left as it is."""
        if self.columns_for(headings) == columns:
            return
        mapping = storable(json.dumps(asdict(columns), ensure_ascii=False))
        with desk_file.writing(self.path) as connection:
            connection.execute(REMEMBER, (storable(set_of(headings)), mapping, to_text(now), storable(by)))

    def columns_for(self, headings: Sequence[str]) -> FeedColumns | None:
        """Return what was kept for tables with these headings, in any order."""
        sql = "SELECT mapping FROM feed_columns WHERE headings = ?"
        found = desk_file.rows(self.path, "feed_columns", sql, [storable(set_of(headings))])
        return _as_written(json.loads(found[0][0]), headings) if found else None

    def changed_at(self) -> datetime | None:
        """Return when any columns were last said anew; None while none were."""
        found = desk_file.rows(self.path, "feed_columns", "SELECT max(at) FROM feed_columns")
        return from_text(found[0][0]) if found and found[0][0] else None


def _as_written(kept: Mapping[str, str | None], headings: Sequence[str]) -> FeedColumns:
    """The columns by the headings of this very table, which may be written in another case than those kept."""
    written = {plain_heading(heading): heading for heading in reversed(headings)}
    written |= {heading: heading for heading in headings}
    found = {
        role: heading and (written.get(heading) or written.get(plain_heading(heading)))
        for role, heading in kept.items()
    }
    return FeedColumns(**found)


def folder_of(home: Path, store: str) -> Path:
    """Return the folder in which the validation files of a store are looked for."""
    return home / FOLDER / store


def lay_down(home: Path, store: str, name: str, content: bytes) -> Path:
    """Put a file into its store's folder under a name of our own, whole or not at all; return where it lies.

    Raises:
        SourceError: it is empty, too large or no table, or the folder cannot be written.
    """
    size_within(name, len(content))
    folder = folder_of(home, store)
    beside = folder / f".{blake2b(content, digest_size=6).hexdigest()}{PART}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_bytes(content)
            return into_place(beside, name, DROPPED)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise SourceError(
            f"{name} cannot be laid in {folder} ({error.strerror}): check that folder, its owner and the disk."
        ) from error


def into_place(beside: Path, name: str, beginning: str) -> Path:
    """Move a whole file to the name of our own that its content and `name` give it; return where it lies.

    Raises:
        SourceError: it is no table.
        OSError: it cannot be read or moved.
    """
    kind = kind_of(name, beside)
    with beside.open("rb") as file:
        digest = file_digest(file, lambda: blake2b(digest_size=6)).hexdigest()
    return beside.replace(beside.with_name(f"{beginning}{_slug(name)}-{digest}.{kind.value}"))


def _slug(name: str) -> str:
    """What of a file's name is safe anywhere, so that a person knows it again."""
    return _UNSAFE.sub("-", Path(name).stem.casefold())[:40].strip("-") or "file"
