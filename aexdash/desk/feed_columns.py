"""What people add to the feed: the meaning of a validation file's columns, and files that they drop on the page.

A dropped file goes into the folder of its store. `aexdash.feed.watching` reads that folder, whoever wrote the file:
the page, an SFTP client or a cron job.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from aexdash.clock import from_text, to_text
from aexdash.desk import file as desk_file
from aexdash.people.acting import needs
from aexdash.people.rights import Role
from aexdash.sources.columns.headings import plain_heading, set_of
from aexdash.sources.errors import SourceError
from aexdash.sources.feedonomics import ROLES, FeedColumns, guess
from aexdash.sources.formats.code_pages import text_of
from aexdash.sources.formats.kinds import kind_of, size_within
from aexdash.storage.text import storable

FOLDER = "feed"
DROPPED, FETCHED = "dropped-", "fetched-"
"""How the names of files begin that aexdash itself put into the folder; such a file is always complete."""

PART = ".part"
"""The ending of a file that is still being written."""

REMEMBER = """
INSERT INTO feed_columns (headings, mapping, at, by) VALUES (?, ?, ?, ?)
ON CONFLICT (headings) DO UPDATE SET mapping = excluded.mapping, at = excluded.at, by = excluded.by
"""

_MAPPING, _WORDS, _HEADINGS = TypeAdapter(dict[str, Any]), TypeAdapter(list[str]), TypeAdapter(list[str | None])

_UNSAFE = re.compile(r"[^a-z0-9]+")


class FeedDesk:
    """Remembers what the columns of validation files mean.

    Every method raises StorageError when the desk cannot be read or written.
    """

    def __init__(self, desk_path: Path) -> None:
        self.path = Path(desk_path)

    @needs(Role.OPERATOR, somewhere=True)
    def remember(self, headings: Sequence[str], columns: FeedColumns, *, by: str, now: datetime) -> None:
        """Remember the columns of tables with these headings, in any order. Writes nothing where they are known."""
        if self.columns_for(headings) == columns:
            return
        mapping = storable(json.dumps(asdict(columns), ensure_ascii=False))
        with desk_file.writing(self.path) as connection:
            connection.execute(REMEMBER, (storable(set_of(headings)), mapping, to_text(now), storable(by)))

    def columns_for(self, headings: Sequence[str]) -> FeedColumns | None:
        """Return what was remembered for tables with these headings, in any order; None where nothing was."""
        sql = "SELECT mapping FROM feed_columns WHERE headings = ?"
        known = [storable(set_of(headings))]
        kept = desk_file.read(
            self.path, "feed_columns", sql, lambda row: _as_written(mapping_from(row[0]), headings), known
        )
        return next(iter(kept), None)

    def changed_at(self) -> datetime | None:
        """Return when columns were last remembered; None while none were."""
        sql = "SELECT at FROM feed_columns"
        return max(desk_file.read(self.path, "feed_columns", sql, lambda row: from_text(row[0])), default=None)


def mapping_from(text: str) -> dict[str, Any]:
    """Read what the columns of a file hold, as it is kept.

    Raises:
        ValueError: it cannot be read.
    """
    stored = _MAPPING.validate_json(text)
    _WORDS.validate_python([*stored.get("rejected_words", ()), *stored.get("other_words", ())])
    _HEADINGS.validate_python([stored.get(role) for role in ROLES])
    return stored


def _as_written(stored: Mapping[str, Any], headings: Sequence[str]) -> FeedColumns:
    """Return stored columns in the spelling of this table's headings, which may differ in case.

    Earlier versions took every message for a rejection and stored no answer: that stands where no heading names a
    severity.
    """
    written = {plain_heading(heading): heading for heading in reversed(headings)}
    written |= {heading: heading for heading in headings}
    columns = {
        role: heading and (written.get(heading) or written.get(plain_heading(heading)))
        for role, heading in stored.items()
        if role in ROLES
    }
    every = stored.get("every_message", not columns.get("severity") and guess(headings).severity is None)
    return replace(
        FeedColumns.of(columns),
        every_message=bool(every),
        rejected_words=tuple(stored.get("rejected_words", ())),
        other_words=tuple(stored.get("other_words", ())),
    )


def folder_of(home: Path, store: str) -> Path:
    """Return the folder from which the validation files of a store are read."""
    return home / FOLDER / store


@needs(Role.OPERATOR, of=lambda _home, store, *_, **__: [store])
def lay_down(home: Path, store: str, name: str, content: bytes, code_page: str | None = None) -> Path:
    """Write a file into its store's folder under a safe name, completely or not at all; return its path.

    A text whose code page a person chose is written as UTF-8, because nobody is asked when it is read there.

    Raises:
        SourceError: it is empty, too large or no table, or the folder cannot be written.
    """
    size_within(name, len(content))
    if code_page is not None:
        content = text_of(name, content, code_page).text.encode("utf-8-sig")
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
    """Rename a complete file within its folder; return its new path.

    The new name is `beginning`, the safe part of `name`, a digest of the content and the ending of its kind.

    Raises:
        SourceError: it is no table.
        OSError: it cannot be read or moved.
    """
    kind = kind_of(name, beside)
    with beside.open("rb") as file:
        digest = file_digest(file, lambda: blake2b(digest_size=6)).hexdigest()
    return beside.replace(beside.with_name(f"{beginning}{_slug(name)}-{digest}.{kind.value}"))


def _slug(name: str) -> str:
    """Return the part of a file's name that every file system takes and a person recognises."""
    return _UNSAFE.sub("-", Path(name).stem.casefold())[:40].strip("-") or "file"
