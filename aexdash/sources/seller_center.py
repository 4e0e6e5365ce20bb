"""Matches the rows of a Seller Center file with listings of the snapshot.

Nobody has published a Seller Center file that carries reasons (reference sources.md §2.1), so a person says which
columns hold what; `guess` proposes them. Nothing is kept before the person has seen the `Preview`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aexdash.model import Status
from aexdash.sources.cells import Row, Table, code_of
from aexdash.sources.headings import names_id, names_reason, names_remark, names_sku
from aexdash.sources.ids import NoProductId, product_id_of


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

    `notes` say what of the file was left out.
    """

    matched: tuple[Match, ...]
    unmatched: tuple[RowNote, ...]
    ambiguous: tuple[RowNote, ...]
    refused: tuple[RowNote, ...]
    repeated: int
    silent: int = 0
    notes: tuple[str, ...] = ()

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
    """The rows of a file: those of one listing, those of none, and those of several."""

    matched: dict[tuple[str, int], list[tuple[_TextRow, Listed]]] = field(default_factory=dict)
    unmatched: list[RowNote] = field(default_factory=list)
    ambiguous: list[RowNote] = field(default_factory=list)


NOTHING = ColumnMap(None, None, ())

Headings = tuple[str, ...]


def guess(headings: Sequence[str]) -> ColumnMap:
    """Propose which columns hold what; columns that merely may hold remarks only where none is plainer."""
    texts = [heading for heading in headings if names_reason(heading)]
    remarks = [heading for heading in headings if names_remark(heading)]
    return ColumnMap(
        id=next(filter(names_id, headings), None),
        sku=next(filter(names_sku, headings), None),
        texts=tuple(texts or remarks),
    )


def preview(
    tables: Iterable[Table],
    columns: ColumnMap | Mapping[Headings, ColumnMap],
    snapshot: ListingLookup,
    store: str | None,
) -> Preview:
    """Match the rows with listings and join their texts; `store` is the key of the one store to look in (None: all).

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
        for row in table.rows:
            one = places.read(row)
            if isinstance(one, RowNote):
                refused.append(one)
            elif one is None:
                silent += 1
            else:
                said.append(one)
    found = _sort(said, snapshot, store)
    matched = [_match(rows) for rows in found.matched.values()]
    repeated = sum(len(rows) - len(_texts(rows)) for rows in found.matched.values())
    return Preview(
        tuple(matched), tuple(found.unmatched), tuple(found.ambiguous), tuple(refused), repeated, silent, tuple(notes)
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
            own = guess(table.headings)
            by_id, by_sku = places.get(own.id), places.get(own.sku)
        texts = tuple(places[heading] for heading in mapped.texts if heading in places)
        return cls(table.sheet, by_id, by_sku, texts) if texts and (by_id, by_sku) != (None, None) else None

    def read(self, row: Row) -> _TextRow | RowNote | None:
        text = "\n".join(dict.fromkeys(filter(None, (str(row.cells[place]).strip() for place in self.texts))))
        written = "" if self.id is None else row.cells[self.id]
        sku = "" if self.sku is None else code_of(row.cells[self.sku])
        if not text:
            return None
        if written == "" and not sku:
            return RowNote(row.number, "", "no product id and no SKU code", self.sheet)
        try:
            return _TextRow(self.sheet, row.number, None if written == "" else product_id_of(written), sku, text)
        except NoProductId as error:
            return RowNote(row.number, str(written), str(error), self.sheet)


def _left_out(table: Table, mapped: ColumnMap) -> str:
    where = f"Sheet {table.sheet!r}" if table.sheet else "The file"
    lacking = f"no column {', '.join(map(repr, mapped.texts))}" if mapped.texts else "no text column that was chosen"
    return f"{where} has {lacking}, so its {_rows(len(table.rows))} left out."


def _rows(count: int) -> str:
    return "1 row was" if count == 1 else f"{count:,} rows were"


def _sort(said: Sequence[_TextRow], snapshot: ListingLookup, store: str | None) -> _Sorted:
    ids = snapshot.known_ids({one.product_id for one in said if one.product_id is not None})
    skus = snapshot.known_skus({one.sku for one in said if one.product_id is None})
    found = _Sorted()
    for one in said:
        candidates = skus.get(one.sku, ()) if one.product_id is None else ids.get(one.product_id, ())
        here = [listing for listing in candidates if store is None or listing.store == store]
        if not here:
            found.unmatched.append(one.note(_why_unmatched(candidates, store)))
        elif len(here) > 1:
            found.ambiguous.append(one.note(_why_ambiguous(here)))
        else:
            found.matched.setdefault((here[0].store, here[0].product_id), []).append((one, here[0]))
    return found


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
