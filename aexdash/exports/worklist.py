"""CSV and workbook of a worklist: one row for each listing, with all that is needed to fix it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from aexdash.clock import DAY
from aexdash.exports.csv_file import csv_of
from aexdash.exports.table import Cell, Column, page_of, write_whole
from aexdash.model import certainty, unsaid
from aexdash.reasons.remedies import distinct_reasons, figures, what_to_do
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.readmodels import HeldBack, StoreRow, WorkRow

COLUMNS = (
    Column("store", "Store", "word", 10),
    Column("product_id", "Product id", "identifier", 20),
    Column("title", "Title", "text", 48),
    Column("status", "Status", "word", 10),
    Column("platform_status", "Platform status", "word", 18),
    Column("audit", "Audit kind", "word", 13),
    Column("held_since", "Held since (UTC)", "time", 18),
    Column("age_days", "Age (days)", "number", 10),
    Column("attempts", "Rejections so far", "number", 10),
    Column("reasons", "Reasons", "word", 30),
    Column("provenance", "Said by", "word", 12),
    Column("what_to_do", "What to do", "word", 60),
    Column("measured", "Measured", "word", 24),
    Column("raw_text", "Platform text", "text", 30),
    Column("sku_codes", "SKU codes", "identifier", 24),
    Column("category", "Category", "word", 20),
    Column("category_id", "Category id", "identifier", 14),
    Column("price_min", "Price from", "number", 10),
    Column("price_max", "Price to", "number", 10),
    Column("currency", "Currency", "word", 9),
    Column("stage", "Stage", "word", 9),
    Column("owner", "Owner", "word", 14),
    Column("note", "Note", "text", 30),
    Column("item_link", "Public page", "link", 44),
    Column("edit_link", "Edit page", "link", 44),
    Column("picture_url", "Main picture", "link", 44),
    Column("modified_raw", "Modified (as the platform wrote it)", "word", 20),
    Column("read_at", "Read at (UTC)", "time", 18),
    Column("certainty", "Certainty", "word", 10),
    Column("resubmit", "Resubmit", "word", 10),
    Column("language", "Language of the text", "word", 10),
    Column("sold_before", "Sold before it was held", "word", 14),
    Column("units_low", "Units a day from", "number", 10),
    Column("units_high", "Units a day to", "number", 10),
    Column("amount_low", "Held back a day from", "number", 12),
    Column("amount_high", "Held back a day to", "number", 12),
    Column("amount_currency", "Currency of held back", "word", 9),
    Column("in_status_since", "In this status since (UTC)", "time", 18),
    Column("in_status_days", "In this status (days)", "number", 10),
    Column("or_earlier", "Held since then or earlier", "word", 10),
    Column("claim", "Known or not read", "word", 14),
)


@dataclass(frozen=True)
class ExportContext:
    """What an export needs beside its rows: the words of reasons, link patterns by store key, and what was read when.

    `claims` say by store key what its rows may claim: that they are known, or that nobody has read the store since.
    `claim` is the same of all rows in a sentence, empty where all are known; `slug` is its word for the file's name.
    """

    taxonomy: Taxonomy
    as_of: datetime
    item_urls: dict[str, str] = field(default_factory=dict)
    edit_urls: dict[str, str] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    claim: str = ""
    slug: str = ""

    @classmethod
    def of(cls, stores: Iterable[StoreRow], taxonomy: Taxonomy, as_of: datetime) -> ExportContext:
        """Make the context of an export from the stores of the snapshot; what it may claim is for the caller to add."""
        known = tuple(stores)
        items = {store.key: store.item_url for store in known}
        return cls(taxonomy, as_of, items, {store.key: store.edit_url for store in known})


def cells(row: WorkRow, context: ExportContext) -> tuple[Cell, ...]:
    """Return the cells of a row in the order of `COLUMNS`: texts unchanged, ids as text, times with their zone."""
    taxonomy = context.taxonomy
    product_id = str(row.product_id)
    return (
        row.store,
        product_id,
        row.title,
        row.status.value,
        f"{row.platform_status} {row.cause}" if row.cause else row.platform_status,
        row.audit_kind,
        row.held_since,
        round(row.age / DAY, 1),
        row.attempt,
        " | ".join([taxonomy.label(reason.code) for reason in row.reasons or distinct_reasons(row)]),
        " | ".join([reason.provenance.value for reason in row.reasons]),
        " ".join(what_to_do(row, taxonomy)),
        " | ".join(figures(row, taxonomy)),
        " | ".join([reason.text for reason in row.reasons if reason.text]),
        ", ".join(row.sku_codes),
        row.category,
        None if row.category_id is None else str(row.category_id),
        row.price_min,
        row.price_max,
        row.currency,
        row.stage.value,
        row.owner,
        row.note,
        page_of(context.item_urls, row.store, product_id),
        page_of(context.edit_urls, row.store, product_id),
        row.image_url,
        row.modified_raw,
        row.seen_at,
        certainty(reason.provenance for reason in row.reasons).value,
        row.resubmit.value if row.resubmit else None,
        ", ".join(dict.fromkeys([reason.language for reason in row.reasons if reason.language])),
        *_held_back(row.money),
        row.started_at,
        round(row.in_status / DAY, 1),
        "yes" if row.at_least else "no",
        context.claims.get(row.store, ""),
    )


def _held_back(money: HeldBack | None) -> tuple[Cell, ...]:
    """Return the cells on what a listing sold a day before it was held; out of stock, it holds nothing back now."""
    if money is None:
        return None, None, None, None, None, None
    word = ("out of stock" if money.in_stock is False else "yes") if money.sold else "nothing"
    figures = (money.units_low, money.units_high, money.amount_low, money.amount_high)
    return word, *(round(figure, 2) for figure in figures), money.currency


def csv_chunks(rows: Iterable[WorkRow], context: ExportContext) -> Iterator[bytes]:
    """Write rows as CSV, in chunks of 500 rows: UTF-8 with BOM, CRLF, every cell quoted."""
    return csv_of(COLUMNS, (cells(row, context) for row in rows))


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
