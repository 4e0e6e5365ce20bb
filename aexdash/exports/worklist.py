"""CSV and XLSX of a view: a row a listing, columns that say what to fix, so that whoever fixes needs nothing else.

Two things in a CSV are decided here, because the format has no types:

- Identifiers (product ids, SKU codes, category ids) are led by a tab inside their quotes. Spreadsheets round numbers
  at 15 digits and turn `1-2` into a date. `="…"` would be a formula, an apostrophe stays visible and breaks a paste; a
  tab keeps the cell text, is not seen, and falls off when an id is pasted into a search box or read with `int`.
- Text that a spreadsheet would run is led by an apostrophe, wherever a cell could begin: also after `;`, a tab or a
  line break, where a spreadsheet of another locale cuts the line. All cells are quoted for the same reason.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple

from aexdash.clock import to_text
from aexdash.model import certainty, unsaid
from aexdash.reasons.remedies import figures, told_once, what_to_do
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.snapshot.readmodels import HeldBack, StoreRow, WorkRow

BOM = b"\xef\xbb\xbf"
CHUNK_ROWS = 500
FORMATS = (".csv", ".xlsx")

Cell = str | int | float | datetime | None


class Column(NamedTuple):
    """A column: key, heading and kind (text, word, identifier, number, time or link). The width is for XLSX."""

    key: str
    title: str
    kind: str
    width: int = 14


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
)

_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d+)?", re.ASCII)
_UNSEEN = r"\x00-\x20\"\xa0\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3000\ufeff"
_STARTS = "=+@＝＋－＠-"
_LEADING = _STARTS + "\t\r\n"
# From the beginning of a run of unseen characters only, so that ten thousand line breaks are looked at once.
_BEFORE_FORMULA = re.compile(f"(?<![;{_UNSEEN}])[;{_UNSEEN}]++(?=[{_STARTS}])")
_BREAK = re.compile("[;\t\r\n]")


class ExportError(Exception):
    """An export that could not be written; the text says why and what to do."""


@dataclass(frozen=True)
class ExportContext:
    """What an export needs beside its rows: the words of reasons, link patterns by store, and the snapshot's moment."""

    taxonomy: Taxonomy
    as_of: datetime
    item_urls: dict[str, str] = field(default_factory=dict)
    edit_urls: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stores: Iterable[StoreRow], taxonomy: Taxonomy, as_of: datetime) -> ExportContext:
        """Make one from the stores of the snapshot."""
        known = tuple(stores)
        items = {store.key: store.item_url for store in known}
        return cls(taxonomy, as_of, items, {store.key: store.edit_url for store in known})


def file_name(store: str | None, as_of: datetime | None, suffix: str = ".csv", what: str = "") -> str:
    """A name that says what it is, which store and which moment, made of letters every file system takes."""
    stamp = f"{to_text(as_of)[:19].replace('-', '').replace(':', '')}Z" if as_of else "no-data"
    words = [re.sub("[^a-z0-9_-]", "-", word) for word in (what, store or "all-stores") if word]
    return f"{'-'.join(['aexdash', *words, stamp])}{suffix}"


def cells(row: WorkRow, context: ExportContext) -> tuple[Cell, ...]:
    """The values of a row in the order of `COLUMNS`; texts as they came, ids as text, times aware."""
    taxonomy = context.taxonomy
    product_id = str(row.product_id)
    return (
        row.store,
        product_id,
        row.title,
        row.status.value,
        f"{row.platform_status} {row.cause}" if row.cause else row.platform_status,
        row.audit_kind,
        row.started_at,
        round((context.as_of - row.started_at).total_seconds() / 86400, 1),
        row.attempt,
        " | ".join([taxonomy.label(reason.code) for reason in row.reasons or told_once(row)]),
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
        context.item_urls.get(row.store, "").replace("{product_id}", product_id),
        context.edit_urls.get(row.store, "").replace("{product_id}", product_id),
        row.image_url,
        row.modified_raw,
        context.as_of,
        certainty(reason.provenance for reason in row.reasons).value,
        row.resubmit.value if row.resubmit else None,
        ", ".join(dict.fromkeys([reason.language for reason in row.reasons if reason.language])),
        *_held_back(row.money),
    )


def _held_back(money: HeldBack | None) -> tuple[Cell, ...]:
    """What a listing sold a day before it was held; a listing that is out of stock now holds none of it back."""
    if money is None:
        return None, None, None, None, None, None
    word = ("out of stock" if money.in_stock is False else "yes") if money.sold else "nothing"
    figures = (money.units_low, money.units_high, money.amount_low, money.amount_high)
    return word, *(round(figure, 2) for figure in figures), money.currency


def csv_chunks(rows: Iterable[WorkRow], context: ExportContext) -> Iterator[bytes]:
    """Write rows as CSV, some hundred at a time: UTF-8 with BOM, CRLF, every cell quoted."""
    return csv_of(COLUMNS, (cells(row, context) for row in rows))


def csv_of(columns: Sequence[Column], lines: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Write lines of any columns as CSV, the same way."""
    yield BOM + _line([_text(column.title) for column in columns]).encode("utf-8", "replace")
    spell = [_SPELLING[column.kind] for column in columns]
    pending: list[str] = []
    for line in lines:
        pending.append(_line([say(cell) for say, cell in zip(spell, line, strict=True)]))
        if len(pending) == CHUNK_ROWS:
            yield "".join(pending).encode("utf-8", "replace")
            pending.clear()
    yield "".join(pending).encode("utf-8", "replace")


def write_xlsx(target: Path | IO[bytes], rows: Iterable[WorkRow], context: ExportContext) -> None:
    """Write a workbook: a sheet of all rows, then one a reason; ids as text, links clickable, numbers and times typed.

    Raises:
        ExportError: more rows than a worksheet holds.
    """
    from aexdash.exports.workbook import Workbook  # noqa: PLC0415 - xlsxwriter is loaded when a workbook is asked for

    with Workbook(target, context.taxonomy, COLUMNS) as workbook:
        for row in rows:
            codes = [reason.code for reason in row.reasons] or [unsaid(row.status)]
            workbook.add(cells(row, context), dict.fromkeys(codes))


def save(path: Path, rows: Iterable[WorkRow], context: ExportContext) -> int:
    """Write rows to a .csv or .xlsx file, whole or not at all; return how many.

    Raises:
        ExportError: another ending, or the file cannot be written.
    """
    counted = Counted(rows)
    write_whole(path, lambda file, suffix: _write(file, suffix, counted, context))
    return counted.number


def write_whole(path: Path, write: Callable[[IO[bytes], str], None]) -> None:
    """Write a .csv or .xlsx file whole or not at all; `write` is given the open file and its ending in lower case.

    Raises:
        ExportError: another ending, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise ExportError(f"{path.name} ends in neither {' nor '.join(FORMATS)}: give the file one of these endings.")
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                write(file, suffix)
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written ({error.strerror}): check the folder, its permissions and the disk."
        ) from None


class Counted:
    """Rows that are counted as they pass; `number` is how many did."""

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


def safe(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet could begin to read it as a formula."""
    guarded = _BEFORE_FORMULA.sub(_guarded, text)
    return f"'{guarded}" if guarded[:1] and guarded[0] in _LEADING else guarded


def _guarded(run: re.Match[str]) -> str:
    return f"{run[0]}'" if run.start() == 0 or _BREAK.search(run[0]) else run[0]


def _line(spelled: list[str]) -> str:
    """A line of spelled cells; joining is several times as fast as csv.writer, which looks at every character."""
    return '"' + '","'.join(spelled) + '"\r\n'


def _text(cell: Cell) -> str:
    text = str(cell or "")
    if text[:1].isalnum() and not (";" in text or '"' in text or "\n" in text or "\t" in text or "\r" in text):
        return text  # most texts: a fifth of the time that the pattern takes
    return safe(text).replace('"', '""')


@lru_cache(maxsize=8192)
def _word(cell: Cell) -> str:
    """Text of which there are few: the same answer is given again."""
    return _text(cell)


def _identifier(cell: Cell) -> str:
    return "\t" + _text(cell) if cell else ""


@lru_cache(maxsize=8192, typed=True)
def _number(cell: Cell) -> str:
    """A number stays one, a negative one too; platform text that is none is text."""
    if isinstance(cell, str):
        return cell if _NUMBER.fullmatch(cell) else _text(cell)
    return "" if cell is None else str(cell)


@lru_cache(maxsize=8192)
def _time(cell: Cell) -> str:
    return to_text(cell) if isinstance(cell, datetime) else ""


_SPELLING: dict[str, Callable[[Cell], str]] = {
    "text": _text,
    "word": _word,
    "identifier": _identifier,
    "number": _number,
    "time": _time,
    "link": _text,
}
