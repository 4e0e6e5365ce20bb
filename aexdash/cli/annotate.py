"""What `aexdash annotate` does: read a file or a text, show what it would change, keep it, make reasons of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from aexdash.cli.printing import plain, preview_lines
from aexdash.clock import system_clock
from aexdash.config.settings import Settings
from aexdash.desk.annotations import PASTED, Annotations
from aexdash.snapshot.file import open_snapshot
from aexdash.snapshot.query import Snapshot
from aexdash.sources.columns.ids import NoProductId, product_id_of
from aexdash.sources.errors import SourceError
from aexdash.sources.formats.code_pages import CodePageUnclear
from aexdash.sources.seller_center import ColumnMap, Headings, Listed, guesses, meant, preview
from aexdash.sources.tables import Table, read_tables
from aexdash.sync import lease
from aexdash.sync.annotations import apply
from aexdash.sync.kit import kit_of

BY = "command line"
"""The name under which the commands record changes."""

Items = Mapping[str, Sequence[tuple[int, str]]]
"""Texts for listings, as (product id, text) by store key."""


@dataclass(frozen=True, slots=True)
class PendingImport:
    """Texts to be saved: `lines` preview what saving would do; `columns` are remembered with them."""

    settings: Settings
    snapshot: Snapshot
    source: str
    items: Items
    lines: Sequence[str]
    columns: Mapping[Headings, ColumnMap] = field(default_factory=dict)

    def keep(self) -> str:
        """Save the texts; return a sentence that says when their reasons appear.

        Raises:
            StorageError: the desk or the snapshot cannot be written.
        """
        annotations, now = Annotations(self.settings.desk_path), system_clock()
        count = sum(
            annotations.add(store, texts, source=self.source, by=BY, now=now) for store, texts in self.items.items()
        )
        for headings, mapped in self.columns.items():
            annotations.remember_columns(headings, mapped, BY, now)
        return f"Kept for {count:,} {'listing' if count == 1 else 'listings'}. {self._apply()}"

    def _apply(self) -> str:
        """Make reasons of the texts now, unless another process writes the snapshot: then that one will."""
        kit = kit_of(self.settings)
        try:
            with (
                lease.hold(self.settings.lease_path, clock=system_clock, command="annotate"),
                closing(open_snapshot(self.settings.snapshot_path)) as db,
            ):
                for store in self.snapshot.stores():
                    if store.key in self.items:
                        apply(db, store.id, store.key, kit.annotations, kit.recogniser, system_clock())
        except lease.LeaseHeld as held:
            return f"It stands as soon as {held.holder or 'the process that writes the snapshot'} has seen it."
        return "It stands on those that are held."


def one_listing(settings: Settings, snapshot: Snapshot, written: str, store: str | None, text: str) -> PendingImport:
    """Prepare a text for the one listing with an id.

    Raises:
        SourceError: that is no id, or the snapshot knows none or several by it.
    """
    listing = _listing(snapshot, written, store)
    line = f"{listing.product_id} in store {listing.store} ({listing.status.value}): {plain(listing.title)}"
    return PendingImport(settings, snapshot, PASTED, {listing.store: [(listing.product_id, text)]}, [line])


def _listing(snapshot: Snapshot, written: str, store: str | None) -> Listed:
    try:
        product_id = product_id_of(written)
    except NoProductId as error:
        raise SourceError(f"{error}.") from error
    known = meant(snapshot.known_ids([product_id]).get(product_id, ()), store)
    if len(known) == 1:
        return known[0]
    if known:
        raise SourceError(f"{product_id} is in {', '.join(one.store for one in known)}: name one with --store.")
    raise SourceError(f"The snapshot knows no listing {product_id}{f' in store {store}' if store else ''}.")


def whole_file(
    settings: Settings,
    snapshot: Snapshot,
    file: Path,
    store: str | None,
    asked: ColumnMap,
    *,
    code_page: str | None = None,
    take_rounded: bool = False,
) -> PendingImport:
    """Prepare the texts of a file; `asked` names columns to use instead of remembered or guessed ones.

    `code_page` is that of a text where it is not clear; `take_rounded` takes the one listing that fits a rounded id.

    Raises:
        SourceError: the file cannot be read, or its columns are not there.
    """
    tables = tables_of(file, code_page)
    columns = _columns(settings, tables, asked)
    found = preview(tables, columns, snapshot, store, take_rounded=take_rounded)
    kit = kit_of(settings)
    lines = list(preview_lines(found, kit.recogniser.reasons, kit.taxonomy))
    named = columns if asked != ColumnMap(None, None, ()) else {}
    return PendingImport(settings, snapshot, file.name, found.by_store(), lines, named)


def tables_of(file: Path, code_page: str | None) -> list[Table]:
    """Read the tables of a file, in a code page that somebody named.

    Raises:
        SourceError: the file cannot be read, or several code pages fit and none was named.
    """
    try:
        return read_tables(file.name, file, code_page)
    except CodePageUnclear as unclear:
        raise SourceError(f"{unclear} Name it with --code-page.") from unclear


def _columns(settings: Settings, tables: Sequence[Table], asked: ColumnMap) -> dict[Headings, ColumnMap]:
    annotations = Annotations(settings.desk_path)
    there = {heading: None for table in tables for heading in table.headings}
    for heading in filter(None, (asked.id, asked.sku, *asked.texts)):
        if heading not in there:
            raise SourceError(f"There is no column {heading!r}; there are {', '.join(map(repr, there))}.")
    columns = {}
    for headings, guessed in guesses(tables).items():
        start = annotations.columns_for(headings) or guessed
        columns[headings] = ColumnMap(asked.id or start.id, asked.sku or start.sku, asked.texts or start.texts)
    if not any(mapped.texts for mapped in columns.values()):
        raise SourceError(f"Which column says why? Name it with --text; there are {', '.join(map(repr, there))}.")
    return columns
