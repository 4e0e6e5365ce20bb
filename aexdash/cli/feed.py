"""What `aexdash feed` does: read a validation file, show its numbers, lay it in the feed folder, record it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from aexdash.cli.annotate import BY, tables_of
from aexdash.clock import system_clock
from aexdash.config.settings import ConfigError, Settings
from aexdash.desk.feed_columns import FeedDesk, lay_down
from aexdash.feed.watching import FeedWatch
from aexdash.snapshot.file import open_snapshot
from aexdash.sources.errors import SourceError
from aexdash.sources.feedonomics import ROLES, FeedColumns, Headings, columns_of, plain_word, validate
from aexdash.sources.tables import Table
from aexdash.sync import lease


@dataclass(frozen=True)
class FeedAnswers:
    """What a person says of a validation file on the command line.

    `columns` are given as `role=heading`; the others answer what the file leaves open (see `FeedColumns`).
    """

    columns: Sequence[str] = ()
    every_message: bool = False
    rejected: Sequence[str] = ()
    not_rejected: Sequence[str] = ()
    code_page: str | None = None


def bring(settings: Settings, file: Path, store: str | None, answers: FeedAnswers, *, keep: bool) -> Iterator[str]:
    """Add a validation file to a store's feed and yield the lines to print.

    Raises:
        ConfigError: which store it is for is not clear.
        SourceError: the file or its columns cannot be read.
        StorageError: the snapshot or the desk cannot be written.
    """
    key = _store(settings, store)
    desk, now = FeedDesk(settings.desk_path), system_clock()
    tables = tables_of(file, answers.code_page)
    columns = _columns(tables, desk, answers)
    found = validate(file.name, tables, columns, now, settings.tzinfo)
    yield f"{found.rejected:,} of {found.rows:,} SKUs rejected."
    yield from found.remarks
    if found.unknown_words:
        yield "Say what these words mean with --rejected and --not-rejected."
    if not keep:
        yield "Nothing was kept (--dry-run)."
        return
    for headings, mapped in columns.items():
        desk.remember(headings, mapped, by=BY, now=now)
    lay_down(settings.home, key, file.name, file.read_bytes(), answers.code_page)
    yield _record(settings)


def _store(settings: Settings, store: str | None) -> str:
    if store is not None:
        settings.store(store)
        return store
    watched = [key for key, one in settings.stores.items() if one.watched]
    if len(watched) != 1:
        raise ConfigError(f"Which store is it for? Name it with --store: {', '.join(watched) or 'none is watched'}.")
    return watched[0]


def _columns(tables: Sequence[Table], desk: FeedDesk, answers: FeedAnswers) -> dict[Headings, FeedColumns]:
    """The columns of each set of headings as remembered or guessed, and as the answers say."""
    told = _told(tables, answers)
    found = {}
    for headings, start in columns_of(tables, desk.columns_for, complete=False).items():
        roles = {role: told.get(role, getattr(start, role)) or None for role in ROLES}
        rejected, others = (tuple(map(plain_word, words)) for words in (answers.rejected, answers.not_rejected))
        mapped = replace(
            start,
            **roles,
            every_message=start.every_message or answers.every_message,
            rejected_words=(*(word for word in start.rejected_words if word not in others), *rejected),
            other_words=(*(word for word in start.other_words if word not in rejected), *others),
        )
        if mapped.complete and set(filter(None, told.values())) <= set(headings):
            found[headings] = mapped
    return found


def _told(tables: Sequence[Table], answers: FeedAnswers) -> dict[str, str]:
    """The headings that the answers name, by role."""
    told = dict(one.partition("=")[::2] for one in answers.columns)
    if unknown := told.keys() - set(ROLES):
        raise SourceError(f"There is nothing named {', '.join(sorted(unknown))} to map: use {', '.join(ROLES)}.")
    there = {heading: None for table in tables for heading in table.headings}
    if lost := [heading for heading in told.values() if heading and heading not in there]:
        raise SourceError(f"There is no column {lost[0]!r}; there are {', '.join(map(repr, there))}.")
    return told


def _record(settings: Settings) -> str:
    """Record the file now, unless another process writes the snapshot: then that one will."""
    try:
        with (
            lease.hold(settings.lease_path, clock=system_clock, command="feed"),
            closing(open_snapshot(settings.snapshot_path)) as db,
        ):
            watch = FeedWatch(settings, db, clock=system_clock, log=lambda _: None, writing=nullcontext)
            read = watch.look()
    except lease.LeaseHeld as held:
        return f"Laid in the feed folder; {held.holder or 'the process that writes the snapshot'} reads it soon."
    return "Read, and it counts." if read else "Laid in the feed folder; it counts after the first sync of the store."
