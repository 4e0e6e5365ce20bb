"""The CSV of a worklist straight from its stored rows, in little more than half the time that `WorkRow`s would take.

Most of a line is the same in many rows: what reasons and status say, what people decided, category and store. Each of
these is made once, of the cells that `worklist.line` has for it, and found again by what is stored. What belongs to one
listing alone is written from the stored texts. The bytes are those of `worklist.csv_chunks`, which a test compares.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from aexdash.exports.csv_file import csv_of_written, line_of, writer_of, written
from aexdash.exports.table import Cell
from aexdash.exports.worklist.worklist import (
    COLUMNS,
    KEPT_WORDS,
    ExportContext,
    category_cells,
    days,
    decision,
    held_back,
)
from aexdash.snapshot.columns import when
from aexdash.snapshot.worklist.rows import held_back_of, sku_codes_of, work_row
from aexdash.snapshot.worklist.stored import Stored, StoredReason, StoredRow
from aexdash.sources.round_trip import letters, listing_letters
from aexdash.words.listings.listing import is_on_sale, stage_word
from aexdash.words.reconcile.source import cells as source_cells

T = TypeVar("T")

_PLACES = {column.key: place for place, column in enumerate(COLUMNS)}

_text, _word, _number, _identifier = (
    writer_of(COLUMNS[_PLACES[key]]) for key in ("title", "currency", "price_min", "sku_codes")
)


class _Told(NamedTuple):
    """What reasons and status of a row say, as it is written, and the part of the row check that guards it."""

    why: str
    resubmit: str
    measured: str
    who: str
    guard: str
    is_held: bool


class _OfStore(NamedTuple):
    """What is written of every row of a store; in the links the product id is still to come."""

    edit_link: str
    item_link: str
    claim: str


class _Kept(dict[Hashable, T]):
    """What was written before, of no more different rows than `KEPT_WORDS`, so that memory does not grow with rows."""

    def keep(self, key: Hashable, value: T) -> T:
        """Keep what was written for a key, and return it."""
        if len(self) == KEPT_WORDS:
            self.clear()
        self[key] = value
        return value


def csv_of_stored(rows: Iterable[Stored], context: ExportContext) -> Iterator[bytes]:
    """Write stored rows as `worklist.csv_chunks` writes them."""
    lines = _Lines(context)
    return csv_of_written(COLUMNS, (lines.of(row, reasons) for row, reasons in rows))


def _cells(first: str, cells: Sequence[Cell]) -> str:
    """Write cells from the column with this key on."""
    place = _PLACES[first]
    return written(COLUMNS[place : place + len(cells)], cells)


_NO_MONEY = _cells("sold_before", held_back(None))


class _Lines:
    """Writes the lines of one export."""

    def __init__(self, context: ExportContext) -> None:
        self._context = context
        self._told = _Kept[_Told]()
        self._decided = _Kept[tuple[str, str]]()
        self._categories = _Kept[str]()
        self._beside_shop = _Kept[str]()
        self._stores: dict[str, _OfStore] = {}

    def of(self, row: StoredRow, reasons: Sequence[StoredReason]) -> str:
        """Write a line in the order of `COLUMNS`."""
        said = [one for one, _, _ in reasons]
        key: Hashable
        key = (row.advice, row.status, row.store, row.platform_status, row.cause, row.audit_kind, row.attempt, *said)
        told = self._told.get(key) or self._told.keep(key, self._tell(row, reasons))
        key = (row.stage, row.lane, row.owner, row.note)
        decided, guard = self._decided.get(key) or self._decided.keep(key, self._decide(row))
        key = (row.category, row.category_id)
        category = self._categories.get(key) or self._categories.keep(key, self._category(row))
        key = (row.source_words, row.source_told)
        beside_shop = self._beside_shop.get(key) or self._beside_shop.keep(key, self._compared(row))
        store = self._stores.get(row.store) or self._store(row.store)
        product_id, seen_at = str(row.product_id), when(row.seen_at)
        in_status = str(days(seen_at - when(row.started_at)))
        age, since, or_earlier = "", "", ""
        if told.is_held:
            same = row.held_since == row.started_at
            age = in_status if same else str(days(seen_at - when(row.held_since)))
            since, or_earlier = row.held_since, "yes" if row.held_unseen or not row.held_after else "no"
        check = listing_letters(row.store, product_id, self._context.exported) + letters(row.title) + told.guard + guard
        return line_of(
            (
                "\t" + product_id,
                _text(row.title),
                told.why,
                decided,
                told.resubmit,
                age,
                since,
                or_earlier,
                told.measured,
                _identifier(", ".join(sku_codes_of(row))),
                store.edit_link.replace("{product_id}", product_id),
                told.who,
                row.started_at,
                in_status,
                category,
                _number(row.price_min),
                _number(row.price_max),
                _word(row.currency),
                _NO_MONEY if row.sold is None else _cells("sold_before", held_back(held_back_of(row))),
                store.item_link.replace("{product_id}", product_id),
                _text(row.image_url),
                _word(row.modified_raw),
                row.seen_at,
                store.claim,
                check,
                beside_shop,
            )
        )

    def _tell(self, row: StoredRow, reasons: Sequence[StoredReason]) -> _Told:
        work = work_row(row, reasons)
        told = self._context.said.of(work)
        return _Told(
            _cells("reasons", told.why.cells),
            _cells("resubmit", told.resubmit.cells),
            _cells("measured", told.measured.cells),
            _cells("provenance", told.who.cells),
            told.guard,
            not is_on_sale(work),
        )

    def _decide(self, row: StoredRow) -> tuple[str, str]:
        work = work_row(row, ())
        shown, guard = decision(stage_word(work), work.owner, work.note)
        return _cells("stage", shown.cells), guard

    def _category(self, row: StoredRow) -> str:
        return _cells("category", category_cells(row.category, row.category_id).cells)

    def _compared(self, row: StoredRow) -> str:
        return _cells("source", source_cells(work_row(row, ()), self._context.shops))

    def _store(self, key: str) -> _OfStore:
        edit_url, item_url = (urls.get(key, "") for urls in (self._context.edit_urls, self._context.item_urls))
        claim = _cells("claim", self._context.of_store(key).cells)
        self._stores[key] = _OfStore(_text(edit_url), _text(item_url), claim)
        return self._stores[key]
