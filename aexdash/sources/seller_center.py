"""Matches the rows of a Seller Center file with listings of the snapshot.

Nobody has published a Seller Center file that carries reasons (reference sources.md §2.1), so a person says which
columns hold what; `guess` proposes them. Nothing is kept before the person has seen the `Preview`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aexdash.model import Status
from aexdash.sources.cells import Cell, Row, Table, named_rows
from aexdash.sources.columns.cell_words import totals_among
from aexdash.sources.columns.headings import names_id, names_reason, names_remark, names_sku
from aexdash.sources.columns.id_columns import id_column
from aexdash.sources.columns.ids import (
    LOOKS_ROUNDED,
    NoProductId,
    NoSkuCode,
    all_look_rounded,
    fitting,
    looks_rounded,
    product_id_of,
    sku_code_of,
)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which columns, by heading, hold the product id, the SKU code and the texts of Seller Center."""

    id: str | None
    sku: str | None
    texts: tuple[str, ...]


class Listed(Protocol):
    """A listing as the snapshot knows it."""

    @property
    def store(self) -> str:
        """The key of its store."""

    @property
    def product_id(self) -> int:
        """Its id."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def watched(self) -> bool:
        """Whether its store is still read, and not archived."""


class ListingLookup(Protocol):
    """What the preview asks of the snapshot; `Snapshot` implements it."""

    def known_ids(self, ids: Iterable[int]) -> Mapping[int, Sequence[Listed]]:
        """Return the listings that have these ids, by id."""

    def known_skus(self, codes: Iterable[str]) -> Mapping[str, Sequence[Listed]]:
        """Return the listings that carry these SKU codes, by code."""


@dataclass(frozen=True, slots=True)
class Match:
    """A listing with rows in the file; `row` is the first of them, `text` their joined texts."""

    row: int
    store: str
    product_id: int
    title: str
    status: Status
    text: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row without a listing; `id` is the text of its cell, `note` says why."""

    row: int
    id: str
    note: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. `repeated` rows equal an earlier row, `silent` rows have no text.

    `rounded` rows have an id that looks rounded by a spreadsheet, and exactly one listing fits it: a person decides.
    `notes` say what of the file was left out.
    """

    matched: tuple[Match, ...]
    unmatched: tuple[RowNote, ...]
    ambiguous: tuple[RowNote, ...]
    refused: tuple[RowNote, ...]
    repeated: int
    silent: int = 0
    notes: tuple[str, ...] = ()
    rounded: tuple[RowNote, ...] = ()

    def by_store(self) -> dict[str, list[tuple[int, str]]]:
        """Return what to keep, as (product id, text) by store key."""
        stores: dict[str, list[tuple[int, str]]] = {}
        for match in self.matched:
            stores.setdefault(match.store, []).append((match.product_id, match.text))
        return stores


@dataclass(frozen=True, slots=True)
class _TextRow:
    """A row with a text, and how it names its listing: by id, else by SKU code."""

    sheet: str
    row: int
    product_id: int | None
    sku: str
    text: str

    def note(self, note: str) -> RowNote:
        return RowNote(self.row, self.sku if self.product_id is None else str(self.product_id), note, self.sheet)


@dataclass(slots=True)
class _Sorted:
    """The rows of a file: those of one listing, those of none, and those of several; only in `store`, unless None."""

    store: str | None
    take_rounded: bool
    matched: dict[tuple[str, int], list[tuple[_TextRow, Listed]]] = field(default_factory=dict)
    unmatched: list[RowNote] = field(default_factory=list)
    ambiguous: list[RowNote] = field(default_factory=list)
    rounded: list[RowNote] = field(default_factory=list)

    def add(self, one: _TextRow, candidates: Sequence[Listed]) -> None:
        """Sort a row by the listings that have its id or SKU."""
        here = meant(candidates, self.store)
        if not here:
            self.unmatched.append(one.note(_why_unmatched(candidates, self.store)))
        elif len(here) > 1:
            self.ambiguous.append(one.note(_why_ambiguous(here)))
        else:
            self._match(one, here[0])

    def add_rounded(self, one: _TextRow, fits: Sequence[Listed]) -> None:
        """Sort a row whose id a spreadsheet may have rounded: it may be about any listing that fits."""
        here = meant(fits, self.store)
        if not here:
            self.unmatched.append(one.note(f"{LOOKS_ROUNDED}, and no listing of the snapshot fits"))
        elif len(here) > 1:
            self.ambiguous.append(one.note(f"{LOOKS_ROUNDED}, and {_why_ambiguous(here)}"))
        elif self.take_rounded or here[0].product_id == one.product_id:
            self._match(one, here[0])
        else:
            fit = f"{here[0].product_id} in store {here[0].store}"
            self.rounded.append(one.note(f"{LOOKS_ROUNDED}: only {fit} fits, and may be taken"))

    def _match(self, one: _TextRow, listing: Listed) -> None:
        self.matched.setdefault((listing.store, listing.product_id), []).append((one, listing))


NOTHING = ColumnMap(None, None, ())

Headings = tuple[str, ...]


def guess(headings: Sequence[str], rows: Iterable[Sequence[Cell]] = ()) -> ColumnMap:
    """Propose which columns hold what; columns that merely may hold remarks only where none is plainer.

    `rows` tell by their values which column holds the product ids.
    """
    sku = next(filter(names_sku, headings), None)
    named = list(filter(names_id, headings))
    product_id = id_column(headings, rows, named) if named or not sku else None
    texts = [heading for heading in headings if names_reason(heading)]
    remarks = [heading for heading in headings if names_remark(heading)]
    taken = (product_id, sku)
    return ColumnMap(product_id, sku, tuple(heading for heading in texts or remarks if heading not in taken))


def guesses(tables: Iterable[Table]) -> dict[Headings, ColumnMap]:
    """Propose the columns of each set of headings, by all its rows."""
    rows: dict[Headings, list[Row]] = {}
    for table in tables:
        rows.setdefault(table.headings, []).extend(table.rows)
    return {headings: guess(headings, (row.cells for row in several)) for headings, several in rows.items()}


def preview(
    tables: Iterable[Table],
    columns: ColumnMap | Mapping[Headings, ColumnMap],
    snapshot: ListingLookup,
    store: str | None,
    *,
    take_rounded: bool = False,
) -> Preview:
    """Match the rows with listings and join their texts; `store` is the key of the one store to look in (None: all).

    `take_rounded` gives rows with a rounded id to the one listing that fits it.

    `columns` is one map for all sheets or one a heading set. A sheet that has neither the mapped id nor SKU column is
    read by its own guess of them; one without any of the mapped text columns is left out, and a note says so.

    Raises:
        StorageError: the snapshot cannot be read.
    """
    said: list[_TextRow] = []
    refused: list[RowNote] = []
    notes: list[str] = []
    silent = 0
    for table in tables:
        notes += [table.note] if table.note else []
        mapped = columns if isinstance(columns, ColumnMap) else columns.get(table.headings, NOTHING)
        places = _Places.of(table, mapped)
        if places is None:
            notes.append(_left_out(table, mapped))
            continue
        totals = totals_among(table.rows, places.id, places.sku)
        notes += [f"{_place(table)}: left out as totals: {named_rows(totals)}."] if totals else []
        left_out = frozenset(totals)
        for row in table.rows:
            if row.number in left_out:
                continue
            one = places.read(row)
            if isinstance(one, RowNote):
                refused.append(one)
            elif one is None:
                silent += 1
            else:
                said.append(one)
    found = _sort(said, snapshot, store, take_rounded=take_rounded)
    matched = [_match(rows) for rows in found.matched.values()]
    repeated = sum(len(rows) - len(_texts(rows)) for rows in found.matched.values())
    return Preview(
        matched=tuple(matched),
        unmatched=tuple(found.unmatched),
        ambiguous=tuple(found.ambiguous),
        refused=tuple(refused),
        repeated=repeated,
        silent=silent,
        notes=tuple(notes),
        rounded=tuple(found.rounded),
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """The positions of id, SKU code and texts in the rows of one sheet."""

    sheet: str
    id: int | None
    sku: int | None
    texts: tuple[int, ...]

    @classmethod
    def of(cls, table: Table, mapped: ColumnMap) -> _Places | None:
        places: dict[str | None, int] = {heading: place for place, heading in enumerate(table.headings) if heading}
        by_id, by_sku = places.get(mapped.id), places.get(mapped.sku)
        if by_id is None and by_sku is None:
            own = guess(table.headings, (row.cells for row in table.rows))
            by_id, by_sku = places.get(own.id), places.get(own.sku)
        texts = tuple(places[heading] for heading in mapped.texts if heading in places)
        return cls(table.sheet, by_id, by_sku, texts) if texts and (by_id, by_sku) != (None, None) else None

    def read(self, row: Row) -> _TextRow | RowNote | None:
        text = "\n".join(dict.fromkeys(filter(None, (str(row.cells[place]).strip() for place in self.texts))))
        written = "" if self.id is None else row.cells[self.id]
        code: Cell = "" if self.sku is None else row.cells[self.sku]
        if not text:
            return None
        if written == "" and code == "":
            return RowNote(row.number, "", "no product id and no SKU code", self.sheet)
        try:
            if written != "":
                return _TextRow(self.sheet, row.number, product_id_of(written), "", text)
            return _TextRow(self.sheet, row.number, None, sku_code_of(code), text)
        except (NoProductId, NoSkuCode) as error:
            return RowNote(row.number, str(written if written != "" else code), str(error), self.sheet)


def _place(table: Table) -> str:
    return f"Sheet {table.sheet!r}" if table.sheet else "The file"


def _left_out(table: Table, mapped: ColumnMap) -> str:
    lacking = f"no column {', '.join(map(repr, mapped.texts))}" if mapped.texts else "no text column that was chosen"
    return f"{_place(table)} has {lacking}, so its {_rows(len(table.rows))} left out."


def _rows(count: int) -> str:
    return "1 row was" if count == 1 else f"{count:,} rows were"


def _sort(said: Sequence[_TextRow], snapshot: ListingLookup, store: str | None, *, take_rounded: bool) -> _Sorted:
    ids = {one.product_id for one in said if one.product_id is not None}
    known = snapshot.known_ids(ids)
    doubtful = ids if all_look_rounded(ids) else set(filter(looks_rounded, ids - known.keys()))
    near = snapshot.known_ids({fit for one in doubtful for fit in fitting(one)}) if doubtful else {}
    skus = snapshot.known_skus({one.sku for one in said if one.product_id is None})
    found = _Sorted(store, take_rounded)
    for one in said:
        if one.product_id is None:
            found.add(one, skus.get(one.sku, ()))
        elif one.product_id in doubtful:
            found.add_rounded(one, [listing for fit in fitting(one.product_id) for listing in near.get(fit, ())])
        else:
            found.add(one, known.get(one.product_id, ()))
    return found


def meant(candidates: Sequence[Listed], store: str | None) -> list[Listed]:
    """Return the listings that an id or a SKU may mean: those of `store`, or of any store where it is None.

    A listing of an archived store is meant only where no store that is still read has one.
    """
    here = [listing for listing in candidates if store is None or listing.store == store]
    return [listing for listing in here if listing.watched] or here


def _why_unmatched(candidates: Sequence[Listed], store: str | None) -> str:
    if candidates:
        return f"not in store {store}, but in store {candidates[0].store}"
    return "the snapshot knows no such listing" + (f" in store {store}" if store else "")


def _why_ambiguous(candidates: Sequence[Listed]) -> str:
    named = ", ".join(f"{listing.product_id} in store {listing.store}" for listing in candidates[:5])
    return f"stands for {len(candidates)} listings: {named}{', …' if len(candidates) > 5 else ''}"


def _texts(rows: Sequence[tuple[_TextRow, Listed]]) -> list[str]:
    return list(dict.fromkeys(said.text for said, _ in rows))


def _match(rows: Sequence[tuple[_TextRow, Listed]]) -> Match:
    first, listing = rows[0]
    text = "\n".join(_texts(rows))
    return Match(first.row, listing.store, listing.product_id, listing.title, listing.status, text, first.sheet)
