"""CSV and workbook of a worklist: one row for each listing, with all that is needed to fix it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO

from aexdash.clock import DAY
from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import Cell, Column, Line, Shared, cells_of, page_of, write_whole
from aexdash.model import Certainty, Provenance, certainty, unsaid
from aexdash.reasons.remedies import distinct_reasons, figures, what_to_do
from aexdash.reasons.taxonomy import PLATFORM_WORD, Taxonomy
from aexdash.snapshot.query import Snapshot
from aexdash.snapshot.readmodels import HeldBack, ReasonRow, WorkRow
from aexdash.snapshot.store_rows import StoreRow
from aexdash.sources.round_trip import (
    EDITABLE,
    EXPORTED_AT,
    LOCKED,
    PRODUCT_ID,
    ROW_CHECK,
    STORE,
    STORE_KEY,
    guards,
    letters,
    listing_letters,
    moment_text,
)
from aexdash.view import View
from aexdash.words.common import AUDIT_WORDS, RESUBMIT_WORDS
from aexdash.words.listings.listing import ADVICE, LIKELY, is_on_sale, stage_word, status_words, who_words
from aexdash.words.reconcile.source import cells as source_cells

COLUMNS = (
    Column("product_id", PRODUCT_ID, "identifier", 20),
    Column("title", "Title", "text", 42),
    Column("reasons", "Why", "word", 28),
    Column("what_to_do", "What to do", "word", 60),
    Column("stage", "Stage", "kept", 14),
    Column("owner", "Owner", "kept", 14),
    Column("note", "Note", "kept", 30),
    Column("resubmit", "Resubmit", "word", 18),
    Column("age_days", "Held for (days)", "number", 10),
    Column("held_since", "Held since (UTC)", "time", 18),
    Column("or_earlier", "Held since then or earlier", "word", 10),
    Column("measured", "Measured", "word", 26),
    Column("status", "Status", "word", 14),
    Column("store", STORE, "word", 16),
    Column("sku_codes", "SKU codes", "identifier", 24),
    Column("edit_link", "Edit page", "link", 44),
    Column("provenance", "Said by", "word", 20),
    Column("certainty", "How sure", "word", 24),
    Column("raw_text", "Text it was said in", "text", 30),
    Column("language", "Language of the text", "word", 10),
    Column("platform_status", "AliExpress calls it", "word", 24),
    Column("audit", "Audit", "word", 14),
    Column("attempts", "Rejections seen", "number", 10),
    Column("in_status_since", "In this status since (UTC)", "time", 18),
    Column("in_status_days", "In this status (days)", "number", 10),
    Column("category", "Category", "word", 20),
    Column("category_id", "Category id", "identifier", 14),
    Column("price_min", "Price from", "number", 10),
    Column("price_max", "Price to", "number", 10),
    Column("currency", "Currency", "word", 9),
    Column("sold_before", "Sold before it was held", "word", 14),
    Column("units_low", "Units a day from", "number", 10),
    Column("units_high", "Units a day to", "number", 10),
    Column("amount_low", "Held back a day from", "number", 12),
    Column("amount_high", "Held back a day to", "number", 12),
    Column("amount_currency", "Currency of held back", "word", 9),
    Column("item_link", "Public page", "link", 44),
    Column("picture_url", "Main picture", "link", 44),
    Column("modified_raw", "Modified (as the platform wrote it)", "word", 20),
    Column("read_at", "Read at (UTC)", "time", 18),
    Column("claim", "Known or not read", "word", 14),
    Column("exported_at", EXPORTED_AT, "identifier", 22),
    Column("store_key", STORE_KEY, "identifier", 12),
    Column("row_check", ROW_CHECK, "word", 14),
    Column("source", "Beside its shop", "word", 28),
    Column("source_told", "What differs from its shop", "text", 60),
)
"""In the order in which whoever fixes a listing needs them; *Stage*, *Owner* and *Note* may be brought back changed."""

KEPT_WORDS = 4096
"""Sets of reasons whose words an export keeps at once, so that its memory does not grow with its rows."""

_NAME = re.compile(r"[\w.]+", re.ASCII)
"""A word of AliExpress' interface, such as `audit_sub_status_basic`."""

SURE_WORDS: Mapping[Certainty, str] = {
    Certainty.TOLD: "said by AliExpress or Seller Center",
    Certainty.LIKELY: LIKELY,
    Certainty.ADVICE: ADVICE,
    Certainty.NONE: "nobody has said why",
}


@dataclass(frozen=True)
class ExportContext:
    """What an export needs beside its rows: the words of reasons, link patterns by store key, and what was read when.

    `claims` say by store key what its rows may claim: that they are known, or that nobody has read the store since.
    `claim` is the same of all rows in a sentence, empty where all are known; `slug` is its word for the file's name.
    `exported_at` is when people's decisions were read: now, or the moment of the view; None: `as_of`. `shops` are the
    titles of the seller's own shops by their keys.
    """

    taxonomy: Taxonomy
    as_of: datetime
    item_urls: dict[str, str] = field(default_factory=dict)
    edit_urls: dict[str, str] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    claim: str = ""
    slug: str = ""
    stores: Mapping[str, StoreRow] = field(default_factory=dict)
    exported_at: datetime | None = None
    shops: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        stores: Iterable[StoreRow],
        taxonomy: Taxonomy,
        as_of: datetime,
        exported_at: datetime | None = None,
        shops: Mapping[str, str] | None = None,
    ) -> ExportContext:
        """Make the context of an export from the stores of the snapshot; what it may claim is for the caller to add."""
        known = {store.key: store for store in stores}
        items = {key: store.item_url for key, store in known.items()}
        edits = {key: store.edit_url for key, store in known.items()}
        return cls(taxonomy, as_of, items, edits, stores=known, exported_at=exported_at, shops=shops or {})

    def title_of(self, key: str) -> str:
        """The title of a store, as pages have it; its key where it is not known."""
        return self.stores[key].title if key in self.stores else key

    @cached_property
    def said(self) -> _Said:
        """What the reasons of rows say in words."""
        return _Said(self)

    @cached_property
    def exported(self) -> str:
        """The moment of the export as its column has it."""
        return moment_text(self.exported_at or self.as_of)

    def of_store(self, key: str) -> Shared:
        """What stands in all rows of a store: what they may claim, the moment of the export and the store's key."""
        if key not in self._of_stores:
            self._of_stores[key] = Shared(self.claims.get(key, ""), self.exported, key)
        return self._of_stores[key]

    @cached_property
    def _of_stores(self) -> dict[str, Shared]:
        return {}


@dataclass(frozen=True, slots=True)
class _Words:
    """What the reasons and the status of a row say in words: cells as they stand side by side, and their row check."""

    why: Shared
    resubmit: Shared
    measured: Shared
    who: Shared
    guard: str


class _Said:
    """The words of rows, written once for all rows with the same facts in a row: most of a file has the same few."""

    def __init__(self, context: ExportContext) -> None:
        self._context = context
        self._known: dict[tuple[object, ...], tuple[WorkRow, _Words]] = {}

    def of(self, row: WorkRow) -> _Words:
        """Return what the reasons and the status of a row say."""
        told = [(one.code, one.provenance, one.text, one.language, id(one.measured)) for one in row.reasons]
        key = (row.resubmit, row.status, row.store, row.platform_status, row.cause, row.audit_kind, row.attempt, *told)
        known = self._known.get(key)
        if known is None:
            if len(self._known) == KEPT_WORDS:
                self._known.clear()
            # The row is kept too: as long as it is, nothing else has the `id` of its figures.
            known = self._known[key] = row, self._words(row)
        return known[1]

    def _words(self, row: WorkRow) -> _Words:
        taxonomy, store = self._context.taxonomy, self._context.stores.get(row.store)
        why = " | ".join(dict.fromkeys(taxonomy.label(reason.code) for reason in distinct_reasons(row)))
        to_do, status = " ".join(what_to_do(row, taxonomy)), status_words(row)
        names = tuple(one.text for one in row.reasons if one.code == PLATFORM_WORD and _is_name(one))
        return _Words(
            why=Shared(why, to_do),
            resubmit=Shared(RESUBMIT_WORDS[row.resubmit] if row.resubmit else None),
            measured=Shared(" | ".join(figures(row, taxonomy)), status, self._context.title_of(row.store)),
            who=Shared(
                " | ".join(dict.fromkeys([who_words(one.provenance, row, store) for one in row.reasons])),
                SURE_WORDS[certainty(reason.provenance for reason in row.reasons)],
                " | ".join(sentences(row.reasons)),
                ", ".join(dict.fromkeys([reason.language for reason in row.reasons if reason.language])),
                _names_there(row.platform_status, row.cause, names),
                AUDIT_WORDS.get(row.audit_kind, row.audit_kind) if row.audit_kind else None,
                row.attempt,
            ),
            guard=guards({"Why": why, "What to do": to_do, "Status": status}, LOCKED[1:]),
        )


@lru_cache(maxsize=KEPT_WORDS)
def category_cells(name: str, category_id: int | None) -> Shared:
    """Return the cells of a category."""
    return Shared(name, None if category_id is None else str(category_id))


@lru_cache(maxsize=KEPT_WORDS)
def decision(stage: str, owner: str, note: str) -> tuple[Shared, str]:
    """Return the cells of what people decided, and the part of the row check that guards them."""
    return Shared(stage, owner, note), guards({"Stage": stage, "Owner": owner, "Note": note}, tuple(EDITABLE))


def line(row: WorkRow, context: ExportContext) -> Line:
    """Return a row in the order of `COLUMNS`: words of the pages, ids as text, times with their zone."""
    said, product_id, held = context.said.of(row), str(row.product_id), not is_on_sale(row)
    chosen, guard = decision(stage_word(row), row.owner, row.note)
    in_status = days(row.in_status)
    check = listing_letters(row.store, product_id, context.exported) + letters(row.title) + said.guard + guard
    return (
        product_id,
        row.title,
        said.why,
        chosen,
        said.resubmit,
        (in_status if row.held_since == row.started_at else days(row.age)) if held else None,
        row.held_since if held else None,
        ("yes" if row.at_least else "no") if held else None,
        said.measured,
        ", ".join(row.sku_codes),
        page_of(context.edit_urls, row.store, product_id),
        said.who,
        row.started_at,
        in_status,
        category_cells(row.category, row.category_id),
        row.price_min,
        row.price_max,
        row.currency,
        _NO_MONEY if row.money is None else Shared(*held_back(row.money)),
        page_of(context.item_urls, row.store, product_id),
        row.image_url,
        row.modified_raw,
        row.seen_at,
        context.of_store(row.store),
        check,
        Shared(*source_cells(row, context.shops)) if row.source or row.source_words else _NO_SHOP,
    )


def days(length: timedelta) -> float:
    """Return a length in days, to a tenth."""
    return round(length / DAY, 1)


def cells(row: WorkRow, context: ExportContext) -> tuple[Cell, ...]:
    """Return the cells of a row, in the order of `COLUMNS`."""
    return cells_of(line(row, context))


def decided(row: WorkRow) -> dict[str, str]:
    """Return what people decided about a listing, under the headings by which a file brings it back."""
    return {"Stage": stage_word(row), "Owner": row.owner, "Note": row.note}


def sentences(reasons: Iterable[ReasonRow]) -> list[str]:
    """Return the texts in which somebody said reasons, each once; names of AliExpress' interface are none."""
    return list(dict.fromkeys(reason.text for reason in reasons if reason.text and not _is_name(reason)))


@lru_cache(maxsize=4096)
def _names_there(platform_status: str, cause: str | None, unknown: tuple[str, ...]) -> str:
    """Return what AliExpress' interface calls the status of a listing, and those of its reasons that have no words."""
    status = f"{platform_status} {cause}" if cause else platform_status
    return " | ".join(dict.fromkeys(filter(None, (status, *unknown))))


def _is_name(reason: ReasonRow) -> bool:
    return reason.provenance is Provenance.PLATFORM and _NAME.fullmatch(reason.text) is not None


def held_back(money: HeldBack | None) -> tuple[Cell, ...]:
    """Return the cells on what a listing sold a day before it was held; out of stock, it holds nothing back now."""
    if money is None:
        return None, None, None, None, None, None
    word = ("out of stock" if money.in_stock is False else "yes") if money.sold else "nothing"
    figures = (money.units_low, money.units_high, money.amount_low, money.amount_high)
    return word, *(round(figure, 2) for figure in figures), money.currency


_NO_MONEY, _NO_SHOP = Shared(*held_back(None)), Shared("", "")


def csv_chunks(rows: Iterable[WorkRow], context: ExportContext) -> Iterator[bytes]:
    """Write rows as CSV, in chunks of 500 rows: UTF-8 with BOM, CRLF, every cell quoted."""
    return csv_of(COLUMNS, (line(row, context) for row in rows))


def write_xlsx(target: Path | IO[bytes], rows: Iterable[WorkRow], context: ExportContext) -> None:
    """Write a workbook with a sheet of all rows and one for each reason.

    Ids are text, links clickable, numbers and times typed.

    Raises:
        ExportError: more rows than a worksheet holds.
    """
    from aexdash.exports.workbook import Workbook  # noqa: PLC0415 - xlsxwriter is loaded when a workbook is asked for

    with Workbook(target, context.taxonomy, COLUMNS, claim=context.claim) as workbook:
        for row in rows:
            codes = [reason.code for reason in row.reasons] or [unsaid(row.status)]
            workbook.add(cells(row, context), dict.fromkeys(codes))


def write_view(target: Path, snapshot: Snapshot, view: View, context: ExportContext) -> None:
    """Write the workbook of a view; raises what `write_xlsx` and `Snapshot` do."""
    write_xlsx(target, snapshot.rows(view), context)


def save(path: Path, rows: Iterable[WorkRow], context: ExportContext) -> int:
    """Write rows to a .csv or .xlsx file, completely or not at all; return how many.

    Raises:
        ExportError: another ending, or the file cannot be written.
    """
    counted = Counted(rows)
    write_whole(path, lambda file, suffix: _write(file, suffix, counted, context))
    return counted.number


class Counted:
    """Counts rows while they are iterated; `number` is the count so far."""

    def __init__(self, rows: Iterable[WorkRow]) -> None:
        self.rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[WorkRow]:
        for row in self.rows:
            self.number += 1
            yield row


def _write(file: IO[bytes], suffix: str, rows: Iterable[WorkRow], context: ExportContext) -> None:
    if suffix == ".xlsx":
        write_xlsx(file, rows, context)
    else:
        file.writelines(csv_chunks(rows, context))
