"""Workbooks, written row by row so that memory does not grow.

The workbook of a view has a sheet of all rows, and one for each reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from aexdash.exports.table import PLAIN_NUMBER, Cell, Column, ExportError
from aexdash.reasons.taxonomy import Taxonomy
from aexdash.storage.text import visible

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

ALL = "All"
NOT_READ = "What was not read"

# Limits of the file format.
MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
MAX_LINK = 2_079
MAX_TEXT = 32_767
MAX_NAME = 31

TO_FILL = {"bg_color": "#FFF7D6", "border": 1, "border_color": "#E3D9A8"}
TO_FILL_HEADING = {"bg_color": "#FFE9A0"}
"""The colours of cells that people may change."""

_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_AS_TEXT = ("identifier", "kept")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


class Book:
    """A workbook with its formats and sheets; a context manager that writes the file when it ends."""

    def __init__(self, target: Path | IO[bytes]) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd hh:mm",
        }
        self._file = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
        self._formats = {
            "heading": self._file.add_format({"bold": True, "bottom": 1}),
            "time": self._file.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "identifier": self._file.add_format({"num_format": "@"}),
            "link": self._file.get_default_url_format(),
            "kept": self._file.add_format({"num_format": "@", **TO_FILL}),
            "heading of kept": self._file.add_format({"bold": True, "bottom": 1, **TO_FILL_HEADING}),
        }
        self._sheets: list[Sheet] = []
        self._names: set[str] = {"history"}  # reserved by Excel

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        for sheet in self._sheets:
            sheet.end()
        try:
            self._file.close()
        except XlsxWriterException as problem:
            raise ExportError(f"The workbook could not be written ({problem}): check the disk.") from problem

    def worksheet(self, wanted: str) -> Worksheet:
        """Add an empty worksheet. It is named `wanted`, with a number where another sheet has that name."""
        name = sheet_name(wanted, self._names)
        self._names.add(name.casefold())
        return self._file.add_worksheet(name)

    def sheet(self, wanted: str, columns: Sequence[Column]) -> Sheet:
        """Add a worksheet with these columns."""
        sheet = Sheet(self.worksheet(wanted), columns, self._formats)
        self._sheets.append(sheet)
        return sheet


class Workbook(Book):
    """The workbook of a view: a sheet of all rows, and one of each reason.

    `claim` says what the rows do not speak for; where there is something to say, it has a sheet of its own.
    """

    def __init__(
        self, target: Path | IO[bytes], taxonomy: Taxonomy, columns: Sequence[Column], claim: str = ""
    ) -> None:
        super().__init__(target)
        self._taxonomy = taxonomy
        self._columns = columns
        self._all = self.sheet(ALL, columns)
        if claim:
            self.worksheet(NOT_READ).write_string(0, 0, plain(claim))
        self._by_code: dict[str, Sheet] = {}

    def add(self, cells: Sequence[Cell], codes: Iterable[str]) -> None:
        """Add a row to the sheet of all and to the sheet of each of its reasons.

        Raises:
            ExportError: more rows than a worksheet holds.
        """
        self._all.add(cells)
        for code in codes:
            if code not in self._by_code:
                self._by_code[code] = self.sheet(self._taxonomy.label(code), self._columns)
            self._by_code[code].add(cells)


class Sheet:
    """One worksheet with a frozen heading and a filter over what was written. `row` is the row written last, from 0."""

    def __init__(self, worksheet: Worksheet, columns: Sequence[Column], formats: dict[str, Format]) -> None:
        self.worksheet = worksheet
        self.columns = columns
        self.row = 0
        self._formats = formats
        self._links = 0
        for number, column in enumerate(columns):
            # A format of the whole column: what somebody types into an empty cell of it stays the text it is.
            worksheet.set_column(
                number, number, column.width, formats.get("identifier" if column.kind in _AS_TEXT else "")
            )
            heading = formats.get(f"heading of {column.kind}", formats["heading"])
            worksheet.write_string(0, number, plain(column.title), heading)
        worksheet.freeze_panes(1, 3)

    def add(self, cells: Sequence[Cell]) -> None:
        """Write one row; what is empty stays empty."""
        self.row += 1
        if self.row >= MAX_ROWS:
            raise ExportError(f"A worksheet holds {MAX_ROWS - 1:,} rows: narrow the filter, or export CSV.")
        for number, (column, cell) in enumerate(zip(self.columns, cells, strict=True)):
            if cell is not None and cell != "":
                self._write(number, column.kind, cell)
            elif column.kind == "kept":
                self.worksheet.write_blank(self.row, number, None, self._formats["kept"])

    def end(self) -> None:
        """Let the filter of the heading reach down to the row written last."""
        self.worksheet.autofilter(0, 0, self.row, len(self.columns) - 1)

    def _write(self, column: int, kind: str, cell: Any) -> None:
        if isinstance(cell, datetime):
            moment = cell.astimezone(UTC).replace(tzinfo=None)
            self.worksheet.write_datetime(self.row, column, moment, self._formats["time"])
        elif isinstance(cell, int | float):
            self.worksheet.write_number(self.row, column, cell)
        elif kind == "number" and PLAIN_NUMBER.fullmatch(cell):
            self.worksheet.write_number(self.row, column, float(cell))
        elif kind == "link" and self._links < MAX_LINKS and is_link(cell):
            self._links += 1
            self.worksheet.write_url(self.row, column, cell, self._formats["link"], cell)
        else:
            form = self._formats[kind] if kind in _AS_TEXT else None
            text = cell if kind == "kept" else visible(cell)  # what turns the direction of a cell would deceive
            self.worksheet.write_string(self.row, column, plain(text), form)


def plain(text: str) -> str:
    """Return the text without characters that a workbook cannot hold, cut to the length of a cell."""
    held = _NOT_XML.sub("\ufffd", text)
    return held if len(held) < MAX_TEXT // 2 else _cut(held)


def is_link(text: str) -> bool:
    """Whether a text can be made clickable: a plain web address that is not too long for the format."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    clean = text.isascii() and text.isprintable() and " " not in text and len(text) <= MAX_LINK
    return clean and parts.scheme in {"http", "https"} and bool(parts.netloc)


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a valid sheet name that is not taken; `taken` holds the names of other sheets in case-folded form."""
    used = set(taken)
    base = _NOT_IN_NAMES.sub(" ", plain(wanted)).strip("' ")[:MAX_NAME].strip("' ") or "Reason"
    name, number = base, 1
    while name.casefold() in used:
        number += 1
        name = f"{base[: MAX_NAME - 4 - len(str(number))]} ({number})"
    return name


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    return units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"
