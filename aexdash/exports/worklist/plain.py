"""The CSV of a view for scripts: plain cells under keys, in words that do not change with those of the pages.

UTF-8 without a byte order mark, RFC 4180; no tab before ids and no apostrophe before formulas, so it is not for
spreadsheets. No column is renamed, removed or moved, new ones come last; so a script can rely on them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from aexdash.clock import DAY, to_text
from aexdash.exports.csv_file import CHUNK_ROWS
from aexdash.exports.table import Cell, Column, NoSuchExport, page_of, write_whole
from aexdash.exports.worklist.worklist import Counted, ExportContext, held_back
from aexdash.model import certainty
from aexdash.reasons.remedies import distinct_reasons, figures, what_to_do
from aexdash.snapshot.readmodels import WorkRow

COLUMNS = (
    Column("store", "Store", "word", 10),
    Column("product_id", "Product id", "identifier", 20),
    Column("title", "Title", "text", 48),
    Column("status", "Status", "word", 10),
    Column("platform_status", "Platform status", "word", 18),
    Column("audit", "Audit kind", "word", 13),
    Column("held_since", "Held since (UTC)", "time", 18),
    Column("age_days", "Age (days)", "number", 10),
    Column("attempts", "Rejections seen", "number", 10),
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
    Column("source", "Beside its shop", "word", 20),
)


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
        *held_back(row.money),
        row.started_at,
        round(row.in_status / DAY, 1),
        "yes" if row.at_least else "no",
        context.claims.get(row.store, ""),
        " | ".join(row.source_words),
    )


def csv_plain(rows: Iterable[WorkRow], context: ExportContext) -> Iterator[bytes]:
    """Write rows as plain CSV, in chunks of 500 rows; the first line holds the keys of `COLUMNS`."""
    yield _encoded([[column.key for column in COLUMNS]])
    pending: list[list[str]] = []
    for row in rows:
        pending.append([_text(cell) for cell in cells(row, context)])
        if len(pending) == CHUNK_ROWS:
            yield _encoded(pending)
            pending.clear()
    yield _encoded(pending)


def save(path: Path, rows: Iterable[WorkRow], context: ExportContext) -> int:
    """Write rows to a .csv file, completely or not at all; return how many.

    Raises:
        ExportError: another ending, or the file cannot be written.
    """
    if path.suffix.lower() != ".csv":
        raise NoSuchExport(f"{path.name} does not end in .csv: the plain form is a CSV.")
    counted = Counted(rows)
    write_whole(path, lambda file, _: file.writelines(csv_plain(counted, context)))
    return counted.number


def _encoded(lines: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("utf-8", "replace")


def _text(cell: Cell) -> str:
    return to_text(cell) if isinstance(cell, datetime) else "" if cell is None else str(cell)
